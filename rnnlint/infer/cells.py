"""Which RNN cell is this object? Cells of TensorFlow and Keras, and classes of the project derived from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnlint.facts import symbols
from rnnlint.infer.domain import Abstract, RnnCell
from rnnlint.resolve.values import External, ProjectClass

if TYPE_CHECKING:
    from rnnlint.infer.tensors import Arguments

_KERAS_CELLS = {"SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells", "AbstractRNNCell", "PeepholeLSTMCell"}


def is_cell_path(path: str) -> bool:
    """Whether a path names a cell class, legacy or Keras."""
    leaf = path.rsplit(".", 1)[-1]
    if path.startswith(("tf.keras.", "keras.", "tf_keras.", "tf.python.keras.")):
        return leaf in _KERAS_CELLS
    symbol = symbols.find(path)
    return symbol is not None and symbol.kind == "class" and symbol.family in ("cell", "cudnn") and (
        leaf.endswith(("Cell", "Wrapper"))
    )


def is_cell_class(of: ProjectClass) -> bool:
    """Whether a class of the project derives from a library's cell class."""
    todo, seen = [of], {of.node}
    while todo:
        current = todo.pop()
        for base in current.node.bases:
            for value in current.module.values(base):
                if isinstance(value, External) and is_cell_path(value.path):
                    return True
                if isinstance(value, ProjectClass) and value.node not in seen:
                    seen.add(value.node)
                    todo.append(value)
    return False


def made(arguments: Arguments, path: str, leaf: str) -> Abstract | None:
    """The cell that a call of this path makes; None where the path is no cell."""
    return RnnCell(None) if is_cell_path(path) else None
