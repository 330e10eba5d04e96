"""What does ``padded_batch`` of a dataset pad?"""

from __future__ import annotations

import ast

from rnnlint.infer.values.behind import bindings_of
from rnnlint.resolve.values import Module


def is_of_one(call: ast.Call, module: Module) -> bool:
    """Whether each batch has one row, which therefore gets no padding."""
    named = (keyword.value for keyword in call.keywords if keyword.arg == "batch_size")
    size = next(named, call.args[0] if call.args else None)
    found = bindings_of(size, module) if isinstance(size, (ast.Name, ast.Attribute)) else []
    if len(found) == 1 and found[0].kind == "assign" and not found[0].path:
        size = found[0].value
    return isinstance(size, ast.Constant) and size.value == 1 and not _has_fixed_steps(call)


def padded_parts(call: ast.Call) -> tuple[int, ...]:
    """The parts of which ``padded_shapes=([None], [])`` leaves an axis undefined."""
    shapes = _shapes(call)
    if not isinstance(shapes, ast.Tuple) or not all(isinstance(one, (ast.List, ast.Tuple)) for one in shapes.elts):
        return ()
    parts = [one.elts for one in shapes.elts if isinstance(one, (ast.List, ast.Tuple))]
    return tuple(at for at, axes in enumerate(parts) if any(not _is_number(axis) for axis in axes))


def _shapes(call: ast.Call) -> ast.expr | None:
    named = (keyword.value for keyword in call.keywords if keyword.arg == "padded_shapes")
    return next(named, call.args[1] if len(call.args) > 1 else None)


def _has_fixed_steps(call: ast.Call) -> bool:
    """Whether rows are padded to a constant length: ``padded_shapes=[40]`` pads a single row too."""
    shapes = _shapes(call)
    return shapes is not None and any(
        not (isinstance(axis, ast.Constant) and axis.value in (None, -1))
        for node in ast.walk(shapes)
        if isinstance(node, (ast.List, ast.Tuple))
        for axis in node.elts[:1]
        if not isinstance(axis, (ast.List, ast.Tuple, ast.Dict))
    )


def _is_number(axis: ast.expr) -> bool:
    return isinstance(axis, ast.Constant) and isinstance(axis.value, int)
