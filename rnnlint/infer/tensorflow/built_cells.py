"""May this cell have its variables already, when a call begins to run it?

Then the call makes none, and adds fewer operations than the first one does.
"""

from __future__ import annotations

import ast
from itertools import takewhile

from rnnlint.facts import symbols
from rnnlint.resolve.values import External, Module

_BUILDING = ("build", "call", "__call__")


def may_be_built(cell: ast.expr, call: ast.Call, module: Module) -> bool:
    """Whether an earlier call of the module is given the cell, calls it, or builds it.

    A cell that is written out in the call is a new one.
    """
    if not isinstance(cell, (ast.Name, ast.Attribute)):
        return False
    name = cell.id if isinstance(cell, ast.Name) else cell.attr
    calls = module.tree.calls_in(module.tree.holding(name))
    earlier = takewhile(lambda one: one is not call, calls)
    return any(
        any(_is_same(cell, used, module) for used in _used_by(one)) and not _wraps(one, module) for one in earlier
    )


def _used_by(call: ast.Call) -> list[ast.expr]:
    """The objects that a call may run, if they are cells."""
    function = call.func
    receiver = [function.value] if isinstance(function, ast.Attribute) and function.attr in _BUILDING else []
    return [*call.args, *(keyword.value for keyword in call.keywords), function, *receiver]


def _wraps(call: ast.Call, module: Module) -> bool:
    """Whether a call makes a cell around others, which does not run them."""
    made = [symbols.find(value.path) for value in module.values(call.func) if isinstance(value, External)]
    return bool(made) and all(symbol is not None and symbol.family == "cell" for symbol in made)


def _is_same(cell: ast.expr, other: ast.expr, module: Module) -> bool:
    if isinstance(cell, ast.Name) and isinstance(other, ast.Name):
        return cell.id == other.id and module.bindings(cell) == module.bindings(other)
    return isinstance(cell, ast.Attribute) and ast.dump(cell) == ast.dump(other)
