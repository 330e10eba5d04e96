"""Where does a module import or use a legacy TensorFlow RNN symbol?

A site is an import, or an expression that names a symbol through an import, a module, or ``getattr``. A use of a
variable that the project assigned is not a site: the reference that bound the variable is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from rnnlint.facts import symbols
from rnnlint.facts.symbols import Symbol
from rnnlint.resolve import by_text
from rnnlint.resolve.candidates import candidates_of
from rnnlint.resolve.libraries import canonical
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import External, Module, ProjectModule, Value


class Site(NamedTuple):
    """One import or use of a legacy symbol.

    ``symbols`` are all legacy symbols that the expression may name (a version switch has several), in source order;
    ``node`` is what a finding points at.
    """

    node: ast.expr | ast.alias
    statement: ast.stmt
    symbols: tuple[Symbol, ...]
    is_import: bool
    by_import: bool
    """Whether the module itself is imported (``from m import x``, ``import m as y; y.x``), and not reached as an
    attribute of its package: TensorFlow with Keras 3 distinguishes the two."""

    @property
    def symbol(self) -> Symbol:
        """The symbol that is reported."""
        return self.symbols[0]


def find(module: Module) -> Iterator[Site]:
    """All sites of a module."""
    for statement in candidates_of(module).imports:
        yield from _import_sites(module, statement)
    for chain in candidates_of(module).chains:
        yield from _chain_sites(module, chain)
    for call in candidates_of(module).by_text:
        yield from _call_sites(module, call)


def _import_sites(module: Module, statement: ast.Import | ast.ImportFrom) -> Iterator[Site]:
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            path = canonical(alias.name)
        elif statement.level or statement.module is None:
            continue
        elif alias.name == "*":
            path = canonical(statement.module)
        else:
            path = f"{canonical(statement.module)}.{alias.name}"
        symbol = symbols.find(path)
        if symbol is None or _is_projects_own(module, statement, alias):
            continue
        if symbol.kind == "module" or isinstance(statement, ast.ImportFrom):
            by_import = alias.name == "*" or isinstance(statement, ast.Import) == (symbol.kind == "module")
            yield Site(alias, statement, (symbol,), True, by_import)


def _is_projects_own(module: Module, statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> bool:
    name = alias.name if isinstance(statement, ast.Import) else statement.module or ""
    return module.project.find(module, name, 0) is not None


def _chain_sites(module: Module, chain: ast.expr) -> Iterator[Site]:
    node = chain
    while True:
        found = _legacy(named(module, node))
        if found:
            home = module.tree.home_of(node)
            if found[0].kind == "module" and isinstance(node, ast.Name) and _is_alias(home[1], node):
                # `cells = rnn_cell` adds nothing to the import: its uses are separate sites.
                return
            yield Site(node, home[1], found, False, reached_by_import(module, node))
            return
        if not isinstance(node, ast.Attribute):
            return
        node = node.value


def reached_by_import(module: Module, node: ast.expr) -> bool:
    """Whether an expression names, or may name, its symbol through an import of the module that contains it."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        imports = [b.statement for b in module.bindings(node.value)]
        return any(
            isinstance(i, ast.Import) and any(a.asname == node.value.id and "." in a.name for a in i.names)
            for i in imports
        )
    return isinstance(node, ast.Name)


def is_settled(module: Module, node: ast.expr) -> bool:
    """Whether an expression may name something else than a symbol, or begins with a name whose every import names
    one."""
    if any(not isinstance(value, External) or symbols.find(value.path) is None for value in named(module, node)):
        return True
    while isinstance(node, ast.Attribute):
        node = node.value
    bindings = module.bindings(node) if isinstance(node, ast.Name) else []
    return bool(bindings) and all(_names_symbol(one) for one in bindings)


def _names_symbol(binding: Binding) -> bool:
    statement, alias = binding.statement, binding.node
    if not isinstance(alias, ast.alias):
        return False
    if isinstance(statement, ast.Import):
        return bool(alias.asname) and symbols.find(canonical(alias.name)) is not None
    if not isinstance(statement, ast.ImportFrom) or statement.level or statement.module is None:
        return False
    path = canonical(statement.module)
    return symbols.find(path if alias.name == "*" else f"{path}.{alias.name}") is not None


def _is_alias(statement: ast.stmt, node: ast.expr) -> bool:
    return isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Return)) and statement.value is node


def _call_sites(module: Module, call: ast.Call) -> Iterator[Site]:
    """``getattr(tf.nn, "dynamic_rnn")`` and ``import_module("tensorflow.contrib.rnn")``."""
    found: tuple[Symbol, ...] = ()
    is_import = False
    named_part = by_text.getattr_parts(call, module)
    if named_part is not None:
        bases = module.values(named_part[0])
        found = _legacy(value for base in bases for value in _direct_attribute(module, base, named_part[1]))
    else:
        path = by_text.import_path(call, module)
        if path is not None and module.project.find(module, path, 0) is None:
            found, is_import = _legacy([External(canonical(path))]), True
    if found:
        yield Site(call, module.tree.home_of(call)[1], found, is_import, False)


def named(module: Module, node: ast.expr) -> Iterator[Value]:
    """What an expression names by import or as a member of a module, without assigned variables."""
    if isinstance(node, ast.Name):
        for binding in module.bindings(node):
            if binding.kind in ("import", "from", "star"):
                yield from module.imported(binding, node.id)
    elif isinstance(node, ast.Attribute):
        for base in module.values(node.value):
            yield from _direct_attribute(module, base, node.attr)


def _direct_attribute(module: Module, base: Value, name: str) -> Iterator[Value]:
    if isinstance(base, External):
        yield External(f"{base.path}.{name}")
    elif isinstance(base, ProjectModule):
        yield from base.module.member(name, assigned=False)


def _legacy(values: Iterator[Value] | list[Value]) -> tuple[Symbol, ...]:
    found: dict[str, Symbol] = {}
    for value in values:
        if isinstance(value, External):
            symbol = symbols.find(value.path)
            if symbol is not None:
                found.setdefault(symbol.path, symbol)
    return tuple(found.values())


def trail(module: Module, node: ast.expr | ast.alias, limit: int = 5) -> list[tuple[Module, Binding]]:
    """The bindings that lead from a name to the library: aliases, and imports in other modules of the project."""
    found: list[tuple[Module, Binding]] = []
    todo: list[tuple[Module, ast.expr]] = [] if isinstance(node, ast.alias) else [(module, node)]
    seen: set[Binding] = set()
    while todo and len(found) < limit:
        inside, expression = todo.pop(0)
        while isinstance(expression, (ast.Attribute, ast.Subscript, ast.Call)):
            expression = expression.func if isinstance(expression, ast.Call) else expression.value
        if not isinstance(expression, ast.Name):
            continue
        for binding in inside.bindings(expression):
            if binding in seen or _is_plain_import(binding):
                continue
            seen.add(binding)
            found.append((inside, binding))
            if binding.kind == "assign" and binding.value is not None:
                todo.append((inside, binding.value))
    return found


def _is_plain_import(binding: Binding) -> bool:
    """Whether a binding explains nothing, like ``import tensorflow as tf``."""
    return (
        isinstance(binding.statement, ast.Import)
        and isinstance(binding.node, ast.alias)
        and (binding.node.name.split(".")[0] == binding.node.name)
    )
