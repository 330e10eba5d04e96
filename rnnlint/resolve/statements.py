"""Which names does a block of statements bind? For the names that they read see `expressions`."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from rnnlint.resolve.scopes import Binding, BindingKind, Block, Scope, Tree, unpacked

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_NESTED = (*_FUNCTIONS, ast.ClassDef)


def read(tree: Tree, statements: list[ast.stmt], scope: Scope) -> None:
    """Enter all bindings in the body of a scope, in all its blocks."""
    scope.body = Block(statements, scope, None, "body")
    todo = [scope.body]
    positions = tree.positions
    while todo:
        block = todo.pop()
        for index, statement in enumerate(block.statements):
            positions[statement] = (block, index)
            reader = _READERS.get(type(statement))
            if reader is not None:
                reader(tree, statement, scope)
                todo += tree.blocks.get(statement, ())
            if tree.has_walrus:
                tree.scan(statement)


def bind(tree: Tree, binding: Binding, block: Block | None = None) -> None:
    """Enter a binding at its statement (or at the head of a block) and in all blocks around it."""
    scope, name, statement = binding.scope, binding.name, binding.statement
    if name in scope.global_names or name in scope.nonlocal_names:
        owner = tree.module
        if name in scope.nonlocal_names:
            owner = next((s for s in scope.parents() if s.kind == "function" and name in s.bound), scope)
        owner.remote.setdefault(name, []).append(binding)
        owner.bound.add(name)
    scope.bound.add(name)
    if block is not None:
        block.header.append(binding)
    elif statement is not None:
        headers = tree.headers.get(statement)
        if headers is None:
            tree.headers[statement] = [binding]
        else:
            headers.append(binding)
    while statement is not None:
        around, index = tree.positions[statement]
        if around.scope is not scope:
            break
        indexes = around.binders.get(name)
        if indexes is None:
            around.binders[name] = [index]
        elif indexes[-1] < index:
            indexes.append(index)
        else:
            # Inner blocks are read after the outer one is finished, so entries can be out of order.
            at = bisect_left(indexes, index)
            if indexes[at] == index:
                # In that case all blocks around this one have it, too.
                return
            indexes.insert(at, index)
        statement = around.owner


def parameters(args: ast.arguments, inner: Scope) -> None:
    """Enter the parameters of a function or lambda as bound on entry."""
    positional = [*args.posonlyargs, *args.args]
    missing: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults))
    pairs = [*zip(positional, [*missing, *args.defaults]), *zip(args.kwonlyargs, args.kw_defaults)]
    pairs += [(arg, None) for arg in (args.vararg, args.kwarg) if arg is not None]
    for arg, default in pairs:
        inner.given[arg.arg] = Binding("parameter", arg.arg, arg, inner, None, default)
        inner.bound.add(arg.arg)


def declare(body: list[ast.stmt], scope: Scope) -> None:
    """Enter ``global`` and ``nonlocal`` first: they apply to the whole function."""
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Global):
            scope.global_names.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            scope.nonlocal_names.update(node.names)
        elif not isinstance(node, _NESTED):
            for part in ("body", "orelse", "handlers", "finalbody", "cases"):
                todo += getattr(node, part, ())


# ---- one reader for each kind of statement that binds something or has blocks


def _target(
    tree: Tree, target: ast.expr, kind: BindingKind, value: ast.expr | None, scope: Scope, statement: ast.stmt
) -> None:
    if type(target) is ast.Name:
        bind(tree, Binding(kind, target.id, target, scope, statement, value))
        return
    for node, path in unpacked(target):
        if isinstance(node, ast.Name):
            bind(tree, Binding(kind, node.id, node, scope, statement, value, path))
            continue
        name = node.attr if isinstance(node, ast.Attribute) else "[]"
        scope.writes.append(Binding(kind, name, node, scope, statement, value, path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and scope.kind != "class":
            # `config.steps = 1` binds the dotted name: later reads of it are resolved in the same way.
            bind(tree, Binding(kind, f"{node.value.id}.{node.attr}", node, scope, statement, value, path))


def _block(tree: Tree, statements: list[ast.stmt], scope: Scope, owner: ast.stmt, role: str) -> Block:
    block = Block(statements, scope, owner, role)
    tree.blocks.setdefault(owner, []).append(block)
    return block


def _definition(tree: Tree, node: Any, scope: Scope) -> None:
    bind(tree, Binding("definition", node.name, node, scope, node))


def _import(tree: Tree, node: ast.Import, scope: Scope) -> None:
    for alias in node.names:
        bind(tree, Binding("import", alias.asname or alias.name.split(".")[0], alias, scope, node))


def _import_from(tree: Tree, node: ast.ImportFrom, scope: Scope) -> None:
    for alias in node.names:
        kind: BindingKind = "star" if alias.name == "*" else "from"
        bind(tree, Binding(kind, alias.asname or alias.name, alias, scope, node))


def _global(tree: Tree, node: ast.Global, scope: Scope) -> None:
    scope.global_names.update(node.names)


def _nonlocal(tree: Tree, node: ast.Nonlocal, scope: Scope) -> None:
    scope.nonlocal_names.update(node.names)


def _assign(tree: Tree, node: ast.Assign, scope: Scope) -> None:
    for target in node.targets:
        _target(tree, target, "assign", node.value, scope, node)


def _annotated(tree: Tree, node: ast.AnnAssign, scope: Scope) -> None:
    if node.value is not None or not isinstance(node.target, ast.Name):
        _target(tree, node.target, "assign", node.value, scope, node)


def _augmented(tree: Tree, node: ast.AugAssign, scope: Scope) -> None:
    if isinstance(node.target, ast.Name):
        bind(tree, Binding("augment", node.target.id, node, scope, node, node.value))
    else:
        _target(tree, node.target, "augment", node.value, scope, node)


def _delete(tree: Tree, node: ast.Delete, scope: Scope) -> None:
    for target in node.targets:
        _target(tree, target, "delete", None, scope, node)


def _return(tree: Tree, node: ast.Return, scope: Scope) -> None:
    scope.returns.append(node)


def _for(tree: Tree, node: ast.For | ast.AsyncFor, scope: Scope) -> None:
    _target(tree, node.target, "loop", node.iter, scope, node)
    _block(tree, node.body, scope, node, "loop")
    _block(tree, node.orelse, scope, node, "orelse")


def _while(tree: Tree, node: ast.While, scope: Scope) -> None:
    _block(tree, node.body, scope, node, "loop")
    _block(tree, node.orelse, scope, node, "orelse")


def _if(tree: Tree, node: ast.If, scope: Scope) -> None:
    _block(tree, node.body, scope, node, "body")
    _block(tree, node.orelse, scope, node, "orelse")


def _with(tree: Tree, node: ast.With | ast.AsyncWith, scope: Scope) -> None:
    for item in node.items:
        if item.optional_vars is not None:
            _target(tree, item.optional_vars, "with", item.context_expr, scope, node)
    _block(tree, node.body, scope, node, "body")


def _try(tree: Tree, node: Any, scope: Scope) -> None:
    _block(tree, node.body, scope, node, "body")
    for handler in node.handlers:
        block = _block(tree, handler.body, scope, node, "handler")
        if handler.name:
            bind(tree, Binding("opaque", handler.name, handler, scope, node), block)
    _block(tree, node.orelse, scope, node, "orelse")
    _block(tree, node.finalbody, scope, node, "finalbody")


def _match(tree: Tree, node: ast.Match, scope: Scope) -> None:
    for case in node.cases:
        block = _block(tree, case.body, scope, node, "case")
        for pattern in ast.walk(case.pattern):
            name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
            if isinstance(name, str):
                bind(tree, Binding("opaque", name, pattern, scope, node), block)


_READERS: dict[type[ast.stmt], Callable[[Tree, Any, Scope], None]] = {
    ast.FunctionDef: _definition,
    ast.AsyncFunctionDef: _definition,
    ast.ClassDef: _definition,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Delete: _delete,
    ast.Return: _return,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.If: _if,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.Match: _match,
}
if hasattr(ast, "TryStar"):
    _READERS[ast.TryStar] = _try
