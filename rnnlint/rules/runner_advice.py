"""What does this call of a legacy runner need, to run as a Keras layer on the target?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from rnnlint.facts import symbols
from rnnlint.resolve.given import argument, hides
from rnnlint.rules.keras_cells import LACKS, Replaced, dropout_notes, in_general, is_asked, replaced, written

if TYPE_CHECKING:
    from rnnlint.facts.symbols import Symbol
    from rnnlint.resolve.scopes import Scope
    from rnnlint.resolve.sites import Site
    from rnnlint.resolve.values import Module
    from rnnlint.rules.context import Context

_PLAIN = ("dynamic_rnn", "rnn", "static_rnn")
_BOTH_WAYS = ("bidirectional_dynamic_rnn", "bidirectional_rnn", "static_bidirectional_rnn")
_STATES = ("initial_state", "initial_state_fw", "initial_state_bw")
_NESTING = 8

RUNS_NO_KERAS_CELL = "with Keras 3 the legacy function raises for a Keras cell without initial_state"
"""Measured: it gets the initial state from the cell in a way that Keras 3 cells do not support."""


class _Cell(NamedTuple):
    """What is known about the cell that a call runs."""

    layer: Replaced | None = None
    """What replaces it; for stacked cells, what replaces each of them."""
    stacked: int = 0
    """The least number of cells in the stack; 0 for a single cell."""
    is_keras: bool = False
    notes: tuple[str, ...] = ()


class _Call(NamedTuple):
    """A call of a runner, and its arguments."""

    node: ast.Call
    symbol: Symbol
    target: str

    def given(self, name: str) -> ast.expr | None:
        """An argument that is passed and is neither None nor False."""
        node = argument(self.node, self.symbol, name, self.target)
        return node if is_asked(node) else None


def runner_advice(call: ast.Call, site: Site, context: Context) -> str | None:
    """The layer to use and what else the call needs; None if the runner or its arguments are unknown."""
    leaf = site.symbol.path.rpartition(".")[2]
    asked = _Call(call, site.symbol, context.settings.target_tensorflow)
    if hides(call) or not site.symbol.replacement:
        return None
    if leaf not in _PLAIN and leaf not in _BOTH_WAYS:
        return "; ".join([in_general(site.symbol), *_mask_notes(asked, is_static=False), *_other_notes(asked)])
    both, is_static = leaf in _BOTH_WAYS, site.symbol.family == "static"
    cells = [_cell(asked.given(name), call, context) for name in (("cell_fw", "cell_bw") if both else ("cell",))]
    outputs, state = _kept(site.statement, call)
    options = ["return_sequences=True"] * outputs + ["return_state=True"] * state
    lengths = asked.given("sequence_length")
    if lengths is not None and outputs:
        options.append("zero_output_for_mask=True")
    text = _layer(cells, options, both=both, merged=is_static)
    keras_3, masked = context.settings.keras == 3, lengths is not None
    notes = [note for cell in cells for note in _cell_notes(cell, keras_3=keras_3, both=both, masked=masked)]
    first = next((note for note in notes if note.startswith(LACKS)), None)
    notes = [note for note in notes if note == first or not note.startswith(LACKS)]
    notes += _shape_notes(asked, is_static=is_static, outputs=outputs)
    notes += _mask_notes(asked, is_static=is_static)
    notes += _state_notes(asked, cells, both=both, outputs=outputs, state=state)
    notes += _other_notes(asked)
    if keras_3 and all(cell.is_keras for cell in cells) and not any(map(asked.given, _STATES)):
        notes.append(RUNS_NO_KERAS_CELL)
    return "; ".join([f"use `{text}`", *dict.fromkeys(notes)])


def _kept(statement: ast.stmt, call: ast.Call) -> tuple[bool, bool]:
    """Whether the outputs and the state are used, as far as the assignment shows: the name ``_`` means unused."""
    if isinstance(statement, ast.Assign) and statement.value is call and len(statement.targets) == 1:
        names = statement.targets[0]
        if isinstance(names, (ast.Tuple, ast.List)) and len(names.elts) == 2:
            outputs, state = (not (isinstance(one, ast.Name) and one.id == "_") for one in names.elts)
            if outputs or state:
                return outputs, state
    return True, True


# ---- the cell


def _cell(node: ast.expr | None, run_by: ast.Call, context: Context) -> _Cell:
    from rnnlint.infer.values.domain import RnnCell

    module: Module | None = context.module
    notes: list[str] = []
    for _ in range(_NESTING):
        value = context.evaluator.query(node, module) if node is not None and module is not None else None
        if not isinstance(value, RnnCell) or value.made_by is None or value.made_in is None:
            return _Cell(notes=tuple(notes))
        call, module = value.made_by, value.made_in
        symbol, target = _symbol(call, module), context.settings.target_tensorflow
        if symbol is None or symbol.path.startswith("tfa.") and symbols.state_on(symbol, target) == "works":
            # The cells of tensorflow-addons are Keras cells.
            return _Cell(is_keras=True, notes=tuple(notes))
        leaf = symbol.path.rpartition(".")[2]
        if leaf == "MultiRNNCell":
            layer, count = _of_each(call, module, symbol, run_by, context)
            return _Cell(layer, count, notes=(*(layer.notes if layer is not None else ()), *notes))
        if leaf not in ("DropoutWrapper", "ResidualWrapper", "DeviceWrapper"):
            layer = replaced(call, symbol, target, with_names=_shares_names(call, module, run_by, context))
            own = () if layer is not None else (symbol.note,) if not symbol.replacement else ()
            return _Cell(layer, notes=(*(layer.notes if layer is not None else own), *notes))
        if leaf == "DropoutWrapper":
            with_names = _shares_names(call, module, run_by, context)
            notes += dropout_notes(call, symbol, target, with_names=with_names)
        elif leaf == "ResidualWrapper":
            notes.append("add the inputs to its outputs instead of the ResidualWrapper")
        node = argument(call, symbol, "cell", target) or (call.args[0] if call.args else None)
    return _Cell(notes=tuple(notes))


def _shares_names(made: ast.Call, module: Module, run_by: ast.Call, context: Context) -> bool:
    """Whether the arguments of a cell mean the same where it is run: made in the same function, or at module level."""
    if module is not context.module:
        return False
    made_in, run_in = (_function(module.tree.home(one)) for one in (made, run_by))
    return made_in is not None and (made_in is run_in or made_in.kind == "module")


def _function(home: tuple[Scope, ast.stmt] | None) -> Scope | None:
    """The function, class or module around an expression."""
    scope = home[0] if home is not None else None
    while scope is not None and scope.kind in ("lambda", "comprehension"):
        scope = scope.parent
    return scope


def _of_each(
    call: ast.Call, module: Module, symbol: Symbol, run_by: ast.Call, context: Context
) -> tuple[Replaced | None, int]:
    """What replaces each cell of a ``MultiRNNCell`` if all are alike, and how many there are: at least 1, or 0 if there
    is certainly only one."""
    from rnnlint.infer.values.domain import Abstract, RnnCell, Sequence

    target = context.settings.target_tensorflow
    node = argument(call, symbol, "cells", target)
    value = context.evaluator.query(node, module) if node is not None else None
    if not isinstance(value, Sequence):
        return None, 1
    items: tuple[Abstract, ...] = value.items or (value.item,)
    found: set[Replaced | None] = set()
    for item in items:
        if not isinstance(item, RnnCell) or item.made_by is None or item.made_in is None:
            return None, max(value.length.low, 1)
        within = _symbol(item.made_by, item.made_in)
        with_names = _shares_names(item.made_by, item.made_in, run_by, context)
        found.add(replaced(item.made_by, within, target, with_names=with_names) if within is not None else None)
    layer = found.pop() if len(found) == 1 else None
    return layer, 0 if value.length.exact == 1 and layer is not None else max(value.length.low, 1)


def _symbol(call: ast.Call, module: Module) -> Symbol | None:
    from rnnlint.resolve.values import External

    found = [symbols.find(value.path) for value in module.values(call.func) if isinstance(value, External)]
    return next((symbol for symbol in found if symbol is not None), None)


def _layer(cells: list[_Cell], options: list[str], *, both: bool, merged: bool) -> str:
    layers = [_one_layer(cell, options) for cell in cells]
    if not both:
        return layers[0]
    how = "" if merged else ", merge_mode=None"
    if layers[0] == layers[1]:
        return f"tf.keras.layers.Bidirectional({layers[0]}{how})"
    backward = _one_layer(cells[1], [*options, "go_backwards=True"])
    return f"tf.keras.layers.Bidirectional({layers[0]}, backward_layer={backward}{how})"


def _one_layer(cell: _Cell, options: list[str]) -> str:
    if cell.layer is not None and cell.layer.layer and not cell.stacked:
        return f"tf.keras.layers.{cell.layer.layer}({', '.join([cell.layer.arguments, *options])})"
    return f"tf.keras.layers.RNN({', '.join(['cells' if cell.stacked else 'cell', *options])})"


def _cell_notes(cell: _Cell, *, keras_3: bool, both: bool, masked: bool) -> list[str]:
    if cell.stacked:
        each = f"`{cell.layer.cell}`" if cell.layer is not None and cell.layer.layer else "Keras cells"
        # Measured on Keras 3.15: with a mask, a list of one cell raises and a list of two does not.
        least = (
            " (two or more: with a mask Keras 3 raises for a single one)"
            if keras_3 and masked and cell.stacked < 2
            else ""
        )
        return [f"cells is a list of {each}{least}", *cell.notes]
    own = any("custom cell" in note for note in cell.notes)
    if cell.is_keras or cell.layer is not None and not own or not keras_3:
        return list(cell.notes)
    known = ["the cell must be a Keras cell: this layer raises for a legacy one"] if not own else []
    registered = ["register a custom cell class with `tf.keras.utils.register_keras_serializable()`"] if both else []
    return [*known, *cell.notes, *registered]


# ---- the other arguments


def _shape_notes(asked: _Call, *, is_static: bool, outputs: bool) -> list[str]:
    if is_static:
        back = "; tf.unstack(outputs, axis=1) turns its outputs into a list" if outputs else ""
        return [f"pass one tensor instead of the list: tf.stack(inputs, 1){back}"]
    major = asked.given("time_major")
    if major is None:
        return []
    condition = "" if isinstance(major, ast.Constant) else f"if {written(major, 'time_major')} is true, "
    return [f"{condition}transpose inputs and outputs with tf.transpose(x, [1, 0, 2]): the layer is batch-major"]


def _mask_notes(asked: _Call, *, is_static: bool) -> list[str]:
    lengths = asked.given("sequence_length")
    if lengths is None:
        return []
    # The tensor of the call itself has its time steps on another axis if it is a list or time-major.
    is_another = is_static or asked.given("time_major") is not None
    inputs = "x" if is_another else written(asked.given("inputs"), "inputs")
    which = ", where x is the tensor that it takes" if is_another else ""
    return [f"call it with mask=tf.sequence_mask({written(lengths, 'lengths')}, tf.shape({inputs})[1]){which}"]


def _state_notes(asked: _Call, cells: list[_Cell], *, both: bool, outputs: bool, state: bool) -> list[str]:
    notes = []
    names = ("initial_state_fw", "initial_state_bw") if both else ("initial_state",)
    given = [node for name in names if (node := asked.given(name)) is not None]
    if given and all(_is_zero_state(node) for node in given):
        notes.append("leave out initial_state: Keras starts with zeros")
    elif given:
        notes.append(f"pass initial_state{_state_order(given[0], cells)} to the call")
    lstm = all(map(_is_lstm, cells))
    if not state or not (lstm or both or cells[0].stacked):
        return notes
    first = "the outputs" if outputs else "the last output"
    if both:
        first = first if asked.symbol.family == "static" else "the two outputs"
        rest = "h and c" if lstm and not any(cell.stacked for cell in cells) else "the states"
        return [*notes, f"it returns {first}, then {rest} of each direction"]
    if cells[0].stacked:
        return [*notes, f"it returns {first}, then {'[h, c]' if lstm else 'one state'} for each cell"]
    return [*notes, f"it returns {first}, h and c"]


def _is_lstm(cell: _Cell) -> bool:
    return cell.layer is not None and cell.layer.layer == "LSTM"


def _state_order(given: ast.expr, cells: list[_Cell]) -> str:
    """The state that a Keras layer takes; the legacy one may have another order."""
    lstm = all(map(_is_lstm, cells))
    if any(cell.stacked for cell in cells):
        return ", a list of the states of the cells ([h, c] " + ("each)" if lstm else "for an LSTM)") + ","
    if len(cells) == 2:
        return "=[h, c, h, c]" if lstm else ", a list of both states ([h, c] for an LSTM),"
    if lstm:
        return "=[h, c], not (c, h),"
    known = cells[0].is_keras or cells[0].layer is not None and cells[0].layer.layer
    return f"={written(given, 'state')}" + ("" if known else " ([h, c] for an LSTM)")


def _is_zero_state(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "zero_state"


def _other_notes(asked: _Call) -> list[str]:
    notes = []
    dtype = asked.given("dtype")
    if dtype is not None and not written(dtype, "dtype").strip("'\"").endswith("float32"):
        notes.append(f"pass dtype={written(dtype, 'dtype')} to the layer")
    if asked.given("scope") is not None:
        notes.append("use name= of the layer instead of scope")
    left = [name for name in ("parallel_iterations", "swap_memory") if asked.given(name) is not None]
    if left:
        notes.append(f"leave out {' and '.join(left)}")
    return notes
