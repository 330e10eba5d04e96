"""What replaces reads of a cell's sizes or zero state, and the initial state of a runner?"""

from __future__ import annotations

import ast

from rnnlint.resolve.scopes import Binding
from rnnlint.rules.keras_rewrite.cells import Holder, Taken
from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.refusal import RefusedError

KEPT = frozenset({"trainable_variables", "trainable_weights", "variables", "weights"})
"""Attributes that layers have too."""

ASKED = frozenset({"zero_state", "output_size", "state_size", *KEPT})


def zero_state_call(node: ast.expr | None, code: Code) -> ast.Attribute | None:
    """The ``cell.zero_state`` of a call."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "zero_state":
        return node.func
    return None


def write_asked(read: ast.expr, holder: Holder, code: Code) -> None:
    """Rewrite the expression around the name of a cell. Raises RefusedError if layers have no equivalent."""
    attribute = code.parents[read]
    assert isinstance(attribute, ast.Attribute) and holder.of is not None
    taken = holder.of
    base = code.render(read)
    if attribute.attr in KEPT and not taken.made.is_split:
        return
    if attribute.attr == "zero_state":
        call = code.parents[attribute]
        given = _arguments(call) if isinstance(call, ast.Call) and call.func is attribute else []
        if len(given) != 2:
            raise RefusedError("zero_state of its cell is called in an unsupported way")
        batch, dtype = map(code.render, given)
        code.new[call] = _zeros(taken, base, batch, dtype, code.tensorflow(read).name, code)
        return
    units = _units(taken, base)
    if not units:
        raise RefusedError(f"the code reads {attribute.attr} of its cell")
    is_pair = attribute.attr == "state_size" and taken.made.kind == "LSTM"
    code.new[attribute] = f"{code.state_tuple()}({units}, {units})" if is_pair else units


def _arguments(call: ast.Call) -> list[ast.expr]:
    """The batch size and the dtype arguments of ``zero_state``."""
    by_name = {one.arg: one.value for one in call.keywords}
    missing = [by_name.get(name) for name in ("batch_size", "dtype")[len(call.args) :]]
    given = [*call.args, *(one for one in missing if one is not None)]
    return [] if any(isinstance(one, ast.Starred) for one in given) or None in by_name else given


def _units(taken: Taken, base: str) -> str:
    if taken.made.kind == "stack":
        return ""
    if taken.made.is_bare and taken.layer is not taken.made.call and taken.is_layer:
        return f"{base}.cell.units"
    return f"{base}.units"


def _zeros(taken: Taken, base: str, batch: str, dtype: str, tf: str, code: Code) -> str:
    made = taken.made
    if made.kind == "stack":
        kinds = {one.kind for one in made.inner}
        if len(kinds) > 1 and "LSTM" in kinds:
            raise RefusedError("zero_state is called on a stack of different cells")
        if made.is_split:
            return f"tuple({_zero('LSTM' in kinds, 'one.cell.units', batch, dtype, tf, code)} for one in {base})"
        return f"tuple({_zero('LSTM' in kinds, 'one.units', batch, dtype, tf, code)} for one in {base}.cell.cells)"
    return _zero(made.kind == "LSTM", _units(taken, base), batch, dtype, tf, code)


def _zero(is_lstm: bool, units: str, batch: str, dtype: str, tf: str, code: Code) -> str:
    zeros = f"{tf}.zeros([{batch}, {units}], {dtype})"
    return f"{code.state_tuple()}({zeros}, {zeros})" if is_lstm else zeros


def initial_state(node: ast.expr, taken: Taken, code: Code, before: list[str]) -> str:
    """The ``initial_state`` of the layer for that of a runner. Lines that it needs are added before."""
    made = taken.made
    kinds = {one.kind for one in made.inner}
    parts = _written_pair(node) if made.kind == "LSTM" else None
    if parts is not None:
        c, h = map(code.render, parts)
        return f"[{h}, {c}]"
    text = code.render(node)
    if not is_simple(node) and (made.kind == "LSTM" or may_be_none(node, code)):
        name = code.free("initial_state")
        before.append(f"{name} = {bracketed(text)}")
        text = name
    if made.kind == "LSTM":
        found = f"[{text}[1], {text}[0]]"
    elif made.kind != "stack":
        found = text
    elif kinds == {"LSTM"}:
        found = f"[[h, c] for c, h in {text}]"
    elif "LSTM" not in kinds:
        found = f"list({text})"
    else:
        raise RefusedError("it passes an initial state to a stack of different cells")
    return f"None if {text} is None else {found}" if may_be_none(node, code) and found != text else found


def _written_pair(node: ast.expr) -> list[ast.expr] | None:
    """c and h of a literal state."""
    if isinstance(node, ast.Call) and not any(isinstance(one, ast.Starred) for one in node.args):
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
        by_name = {one.arg: one.value for one in node.keywords}
        given = [*node.args, *(by_name[part] for part in ("c", "h")[len(node.args) :] if part in by_name)]
        return given if name == "LSTMStateTuple" and len(given) == 2 else None
    if isinstance(node, ast.Tuple) and len(node.elts) == 2:
        return None if any(isinstance(one, ast.Starred) for one in node.elts) else list(node.elts)
    return None


def may_be_none(node: ast.expr, code: Code) -> bool:
    """Whether an argument may be None at run time, like a parameter with that default."""
    if isinstance(node, ast.Constant):
        return node.value is None
    if isinstance(node, ast.IfExp):
        return may_be_none(node.body, code) or may_be_none(node.orelse, code)
    if isinstance(node, ast.BoolOp):
        return True
    found = []
    if isinstance(node, ast.Name):
        found = code.module.bindings(node)
    elif isinstance(node, ast.Attribute):
        found = code.module.tree.writes_of(node.attr)
    for one in found:
        value = one.value
        if one.kind == "parameter" and _gets_none(one, code):
            return True
        if isinstance(value, ast.Constant) and value.value is None and not one.path:
            return True
        if one.kind == "assign" and isinstance(value, ast.Name) and value is not node and not one.path:
            inner = code.module.bindings(value)
            if any(isinstance(b.value, ast.Constant) and b.value.value is None for b in inner):
                return True
    return False


def _gets_none(parameter: Binding, code: Code) -> bool:
    """Whether a call in the module passes None for some parameter of the function."""
    function = parameter.scope.node
    calls = code.module.tree.calls_of(getattr(function, "name", ""))
    if getattr(function, "name", "") == "__init__" and parameter.scope.parent is not None:
        calls = code.module.tree.calls_of(getattr(parameter.scope.parent.node, "name", ""))
    given = [one for call in calls for one in (*call.args, *(keyword.value for keyword in call.keywords))]
    return any(isinstance(one, ast.Constant) and one.value is None for one in given)


def is_simple(node: ast.expr) -> bool:
    """Whether an expression can be written twice: a name, or attributes of one."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def bracketed(text: str) -> str:
    """A text, possibly of several lines, as a parenthesized expression."""
    return f"({text})" if "\n" in text else text
