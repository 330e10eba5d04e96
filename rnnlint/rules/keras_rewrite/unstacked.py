"""Which tensor is a list of steps made from, and how does it replace the list?"""

from __future__ import annotations

import ast

from rnnlint.resolve.values import External
from rnnlint.rules.keras_rewrite.code import Code, is_layer
from rnnlint.rules.keras_rewrite.states import is_simple


def unstacked_by(node: ast.expr, code: Code) -> ast.Call | None:
    """The call of ``tf.unstack`` that makes a list only for this runner, to be replaced by the tensor itself."""
    call = node
    if isinstance(node, ast.Name):
        bindings = code.module.bindings(node)
        if len(bindings) != 1 or bindings[0].value is None or bindings[0].path or bindings[0].kind != "assign":
            return None
        if not isinstance(bindings[0].statement, ast.Assign) or len(bindings[0].statement.targets) != 1:
            return None
        if code.reads(bindings[0]) != [node]:
            return None
        call = bindings[0].value
    if not isinstance(call, ast.Call) or not call.args or axis_of(call) is None:
        return None
    values = code.module.values(call.func)
    names = {one.path.rpartition(".")[2] if isinstance(one, External) else "" for one in values}
    return call if names and names <= {"unstack", "unpack"} else None


def may_have_mask(node: ast.expr, code: Code) -> bool:
    """Whether inputs may be what a layer of Keras gave, with its mask: a function of TensorFlow makes a new tensor."""
    held = unstacked_by(node, code)
    if held is not None:
        return may_have_mask(held.args[0], code)
    if isinstance(node, ast.Call):
        paths = {one.path if isinstance(one, External) else "" for one in code.module.values(node.func)}
        return not paths or any(not path.startswith("tf.") or is_layer(path) for path in paths)
    if isinstance(node, ast.Subscript):
        return not isinstance(node.slice, (ast.Slice, ast.Tuple))
    return not isinstance(node, (ast.BinOp, ast.UnaryOp))


def axis_of(call: ast.Call) -> int | None:
    """The axis of a call of ``tf.unstack``; None if it is not a literal, or neither 0 nor 1."""
    node: ast.expr | None = call.args[2] if len(call.args) > 2 else None
    for keyword in call.keywords:
        if keyword.arg == "axis":
            node = keyword.value
        elif keyword.arg not in ("num", "name"):
            return None
    if node is None:
        return 0
    return (
        node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) and 0 <= node.value <= 1 else None
    )


def write_unstacked(call: ast.Call, code: Code, tf: str) -> None:
    """Replace the list by the tensor that it was made from, batch-major."""
    text = code.render(call.args[0])
    code.new[call] = text if axis_of(call) == 1 else f"{tf}.transpose({text}, [1, 0, 2])"


def number_of_steps(node: ast.expr, code: Code) -> str:
    """The number of steps of the list, if the code has it as a plain name or number."""
    call = unstacked_by(node, code)
    if call is None:
        return ""
    number = call.args[1] if len(call.args) > 1 else next((k.value for k in call.keywords if k.arg == "num"), None)
    if isinstance(number, ast.Constant) and isinstance(number.value, int):
        return str(number.value)
    return code.text(number) if number is not None and is_simple(number) else ""
