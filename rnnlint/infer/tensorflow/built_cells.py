"""May a cell already have its variables when a call starts to run it?

Then the call creates none, and adds fewer operations than a first call.
"""

from __future__ import annotations

import ast

from rnnlint.facts import symbols
from rnnlint.resolve.values import External, Module

_BUILDING = ("build", "call", "__call__")


def may_be_built(cell: ast.expr, call: ast.Call, module: Module) -> bool:
    """Whether an earlier call of the module gets the cell, calls it, or builds it.

    A cell that is constructed within the call is new.
    """
    if not isinstance(cell, (ast.Name, ast.Attribute)):
        return False
    places, first = _uses(cell.id if isinstance(cell, ast.Name) else cell.attr, module)
    return first.get(_key(cell, module), len(places)) < places.get(call, len(places))


def _uses(name: str, module: Module) -> tuple[dict[ast.Call, int], dict[object, int]]:
    """The calls on lines with a name, numbered in source order, and for each cell the first that may build it."""
    known: dict[str, tuple[dict[ast.Call, int], dict[object, int]]] = module.memo.setdefault("uses of cells", {})
    if name not in known:
        calls = module.tree.calls_in(module.tree.holding(name))
        first: dict[object, int] = {}
        for number, call in enumerate(calls):
            keys = {key for used in _used_by(call) if (key := _key(used, module)) is not None} - first.keys()
            if keys and not _wraps(call, module):
                first.update(dict.fromkeys(keys, number))
        known[name] = {call: number for number, call in enumerate(calls)}, first
    return known[name]


def _used_by(call: ast.Call) -> list[ast.expr]:
    """The objects that a call may run, if they are cells."""
    function = call.func
    receiver = [function.value] if isinstance(function, ast.Attribute) and function.attr in _BUILDING else []
    return [*call.args, *(keyword.value for keyword in call.keywords), function, *receiver]


def _wraps(call: ast.Call, module: Module) -> bool:
    """Whether a call makes a cell around others, which does not run them."""
    made = [symbols.find(value.path) for value in module.values(call.func) if isinstance(value, External)]
    return bool(made) and all(symbol is not None and symbol.family == "cell" for symbol in made)


def _key(cell: ast.expr, module: Module) -> object | None:
    """A key that is equal for expressions that mean the same cell; None if that is unknown."""
    if isinstance(cell, ast.Name):
        return cell.id, tuple(map(id, module.bindings(cell)))
    return ast.dump(cell) if isinstance(cell, ast.Attribute) else None
