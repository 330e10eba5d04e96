"""Where is the Bidirectional layer created that contains the layers of both directions?"""

from __future__ import annotations

import ast

from rnnlint.rules.keras_rewrite.cells import Taken
from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.edits import Edits
from rnnlint.rules.keras_rewrite.layers import Both, Layer
from rnnlint.rules.keras_rewrite.refusal import RefusedError
from rnnlint.rules.keras_rewrite.runs import Run


def place_both(run: Run, layers: list[Layer], code: Code, edits: Edits) -> Both:
    """The wrapper: in the call itself if the cells are made there, else below the later of their assignments.

    It must be created once, since it copies the layers that it gets. Raises RefusedError if the cells are made in
    incompatible places.
    """
    forward, backward = layers
    key = (forward.call, backward.call, run.is_joined)
    if key in edits.both:
        return edits.both[key]
    made_at = [_assignment(taken) for taken in run.cells]
    if made_at == [None, None]:
        return Both(forward, backward)
    first, second = made_at
    if first is None or second is None:
        raise RefusedError("its cells are made in different places")
    blocks = [code.parents[one] for one in (first, second)]
    if blocks[0] is not blocks[1]:
        raise RefusedError("its cells are made in different places")
    targets = [one.targets[0] for one in (first, second)]
    names = [code.text(target) for target in targets]
    if all(isinstance(target, ast.Name) for target in targets):
        name = code.free("bidirectional")
    else:
        bases = {code.text(target.value) for target in targets if isinstance(target, ast.Attribute)}
        if len(bases) != 1 or not all(isinstance(target, ast.Attribute) for target in targets):
            raise RefusedError("its cells are stored in different places")
        name = f"{bases.pop()}.{code.free('bidirectional')}"
    later = max(first, second, key=lambda one: one.lineno)
    tf = code.tensorflow(forward.call).name
    text = f"{name} = {tf}.keras.layers.Bidirectional({names[0]}, backward_layer={names[1]}, {merge_mode(run)})"
    edits.below(later, text)
    found = edits.both[key] = Both(forward, backward, name)
    return found


def merge_mode(run: Run) -> str:
    """The argument that says whether outputs of both directions are joined."""
    return 'merge_mode="concat"' if run.is_joined else "merge_mode=None"


def _assignment(taken: Taken) -> ast.Assign | None:
    """Where the layer is assigned; None if it is in the call of the runner."""
    held = [one.statement for one in taken.holders if one.of is taken and one.statement is not None]
    # The last one followed is nearest to the call that makes the cell.
    last = held[-1] if held else None
    return last if isinstance(last, ast.Assign) else None
