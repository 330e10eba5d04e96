"""Which fix makes a cell for each layer of a stack that raises because all its layers use one cell?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.finding import Edit, Fix
from rnnlint.rules.edits import Point, edit_of, end_of, start_of, text_between

if TYPE_CHECKING:
    from rnnlint.infer.pitfalls.shared_cells import SharedCell
    from rnnlint.resolve.values import Module
    from rnnlint.rules.context import Context

_DEEPEST = 4
_PLAIN = (ast.Constant, ast.Name, ast.Attribute, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.expr_context)


def separate_cells(found: SharedCell, context: Context) -> Fix | None:
    """The fix for ``[cell] * n`` and ``[cell for _ in range(n)]``; None if the stack may work as it is."""
    from rnnlint.infer.pitfalls.misfits import never_fits

    module, target = context.module, context.settings.target_tensorflow
    if found.directions or not found.api.startswith("tf.") or found.name != "MultiRNNCell":
        return None
    if never_fits(context.evaluator, module, found, context.sites, target) is None:
        return None
    edits = _edits(found.cell, module)
    known = tuple(edit for edit in edits if edit is not None)
    if not known or len(known) < len(edits):
        return None
    return Fix("Make a cell for each layer (a shared one raises here)", "safe", known)


def _edits(cell: ast.expr, module: Module) -> list[Edit | None]:
    scope, statement = module.tree.home_of(cell)
    if scope.kind == "class":
        return []
    source = module.source
    made = _made(cell, cell, module)
    if made is None:
        return []
    written = edit_of(source, start_of(source, cell), end_of(source, cell), made)
    for node in ast.walk(statement):
        match node:
            case ast.ListComp(elt=inner) if inner is cell and isinstance(cell, ast.Name):
                return [written]
            case ast.BinOp(left=ast.List(elts=[inner]) as listed, op=ast.Mult(), right=count) if inner is cell:
                end = end_of(source, node)
                behind = text_between(source, end_of(source, listed), end)
                text = text_between(source, start_of(source, count), end)
                if behind.replace(" ", "") != f"*{text}".replace(" ", "") or not text.strip():
                    return []
                start = end_of(source, listed)
                last = edit_of(source, Point(start.row, start.column - 1), end, f" for _ in range({text})]")
                return [last] if isinstance(cell, ast.Call) else [written, last]
    return []


def _made(node: ast.expr, at: ast.expr, module: Module, depth: int = 0) -> str | None:
    """The source text that makes the same cell at another place; None if it might make a different one there."""
    source = module.source
    if depth > _DEEPEST:
        return None
    if isinstance(node, ast.Name):
        bindings = module.bindings(node)
        value = bindings[0].value if len(bindings) == 1 and bindings[0].kind == "assign" else None
        return None if value is None or bindings[0].path else _made(value, at, module, depth + 1)
    if not isinstance(node, ast.Call) or not _is_same_there(node.func, at, module):
        return None
    text, done = "", start_of(source, node)
    for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
        inner = _made(argument, at, module, depth + 1) if _holds_cell(argument, module) else None
        if inner is None and not (_is_plain(argument) and _is_same_there(argument, at, module)):
            return None
        if inner is not None:
            text += text_between(source, done, start_of(source, argument)) + inner
            done = end_of(source, argument)
    return text + text_between(source, done, end_of(source, node))


def _holds_cell(node: ast.expr, module: Module) -> bool:
    """Whether an argument is a cell made by a call, here or in an earlier assignment."""
    if isinstance(node, ast.Call):
        return True
    bindings = module.bindings(node) if isinstance(node, ast.Name) else []
    return len(bindings) == 1 and bindings[0].kind == "assign" and isinstance(bindings[0].value, ast.Call)


def _is_plain(node: ast.expr) -> bool:
    return all(isinstance(one, _PLAIN) for one in ast.walk(node))


def _is_same_there(node: ast.expr, at: ast.expr, module: Module) -> bool:
    """Whether the names in an expression mean the same at another place."""
    home = module.tree.home_of(at)
    names = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
    return all({*module.bindings(one)} == {*module.flow.lookup(one.id, *home)} for one in names)
