"""Which names do the expressions of one statement read, and in which scope is each?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from rnnlint.resolve.scopes import Binding, Scope, Tree, unpacked
from rnnlint.resolve.statements import bind, parameters
from rnnlint.resolve.walking import children

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_WITH_VALUE = {ast.Expr, ast.Assign, ast.AugAssign}
_NAMED = {ast.Name, ast.Attribute}
_SCOPED = {ast.Lambda, *COMPREHENSIONS, ast.NamedExpr}


class Scanned:
    """The expressions of one statement, without those of the statements in its blocks."""

    __slots__ = ("calls", "chains", "inner")

    def __init__(self) -> None:
        self.chains: list[ast.expr] = []
        """Every read name, or the outermost attribute of a dotted one."""
        self.calls: list[ast.Call] = []
        self.inner: list[Scope] = []
        """The scopes of lambdas and comprehensions."""


def scan(tree: Tree, statement: ast.stmt, scope: Scope) -> Scanned:
    """Enter the names that a statement reads with their scopes, and the scopes that its expressions open."""
    return _Scan(tree, statement, scope).result


class _Scan:
    """The work list of `scan`."""

    def __init__(self, tree: Tree, statement: ast.stmt, scope: Scope) -> None:
        self.tree, self.statement, self.scope = tree, statement, scope
        self.result = Scanned()
        self._walk([(root, scope, True) for root in _roots(statement)])
        for target in _targets(statement):
            self._target(target)

    def _target(self, target: ast.expr) -> None:
        home = self.scope, self.statement
        if type(target) is ast.Name:
            self.tree.homes[target] = home
            return
        for node, _ in unpacked(target):
            self.tree.homes[node] = home
            if not isinstance(node, ast.Name):
                # self.x = …, d[k] = …: the object and the index are read here.
                self._walk([(child, self.scope, True) for child in ast.iter_child_nodes(node)])

    def _walk(self, todo: list[tuple[ast.AST, Scope, bool]]) -> None:
        homes, chains, calls = self.tree.homes, self.result.chains, self.result.calls
        statement = self.statement
        # The generic walk of ast nests generators, and half of what it yields are leaves: this loop is the hottest of
        # all.
        while todo:
            node, inside, outermost = todo.pop()
            kind = type(node)
            if kind in _NAMED:
                homes[node] = (inside, statement)  # type: ignore[index]
                if outermost and type(node.ctx) is ast.Load:  # type: ignore[attr-defined]
                    chains.append(node)  # type: ignore[arg-type]
                if kind is ast.Attribute:
                    value = node.value  # type: ignore[attr-defined]
                    todo.append((value, inside, type(value) not in _NAMED))
                continue
            if kind is not ast.keyword:
                homes[node] = (inside, statement)  # type: ignore[index]
                if kind is ast.Call:
                    calls.append(node)  # type: ignore[arg-type]
                elif kind in _SCOPED:
                    todo.extend(self._scoped(node, inside))
                    continue
            for child in children(node):
                todo.append((child, inside, True))

    def _scoped(self, node: ast.AST, inside: Scope) -> Iterator[tuple[ast.AST, Scope, bool]]:
        if isinstance(node, ast.Lambda):
            made = self._scope("lambda", node, inside)
            parameters(node.args, made)
            yield from ((one, inside, True) for one in _of_parameters(node.args))
            yield node.body, made, True
        elif isinstance(node, ast.NamedExpr):
            holder = inside
            while holder.kind == "comprehension" and holder.parent is not None:
                holder = holder.parent
            name = node.target.id
            if holder.kind == "lambda":
                holder.given[name] = Binding("assign", name, node, holder, None, node.value)
            else:
                bind(self.tree, Binding("assign", name, node.target, holder, self.statement, node.value))
            yield node.value, inside, True
        else:
            yield from self._comprehension(node, inside)

    def _comprehension(self, node: ast.AST, outer: Scope) -> Iterator[tuple[ast.AST, Scope, bool]]:
        """The parts of a comprehension with the scope that each is evaluated in: only the first iterable is outside."""
        inner = self._scope("comprehension", node, outer)
        generators: list[ast.comprehension] = node.generators  # type: ignore[attr-defined]
        for index, generator in enumerate(generators):
            yield generator.iter, inner if index else outer, True
            for name, path in unpacked(generator.target):
                if isinstance(name, ast.Name):
                    inner.given[name.id] = Binding("loop", name.id, name, inner, None, generator.iter, path)
                    inner.bound.add(name.id)
            for condition in generator.ifs:
                yield condition, inner, True
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]  # type: ignore[attr-defined]
        for part in parts:
            yield part, inner, True

    def _scope(self, kind: str, node: ast.AST, outer: Scope) -> Scope:
        made = Scope(kind, node, outer, self.statement)  # type: ignore[arg-type]
        self.tree.scopes[node] = made
        self.result.inner.append(made)
        return made


def _of_parameters(args: ast.arguments) -> Iterator[ast.expr]:
    """The defaults and annotations, which are evaluated outside the function."""
    yield from args.defaults
    yield from (default for default in args.kw_defaults if default is not None)
    for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg):
        if arg is not None and arg.annotation is not None:
            yield arg.annotation


def _roots(node: ast.stmt) -> list[ast.expr]:
    """The expressions that a statement reads itself; for its assignment targets see `_targets`."""
    if type(node) in _WITH_VALUE:
        return [node.value]  # type: ignore[attr-defined]
    found: list[ast.expr | None]
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            found = [*node.decorator_list, node.returns, *_of_parameters(node.args)]
        case ast.ClassDef():
            found = [*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)]
        case ast.For() | ast.AsyncFor():
            found = [node.iter]
        case ast.With() | ast.AsyncWith():
            found = [item.context_expr for item in node.items]
        case ast.AnnAssign():
            found = [node.annotation, node.value]
        case ast.Match():
            found = [
                node.subject,
                *(guard for case in node.cases for guard in (*_in_pattern(case.pattern), case.guard)),
            ]
        case ast.Delete():
            found = []
        case _ if hasattr(node, "handlers"):
            found = [handler.type for handler in node.handlers]
        case _ if type(node).__name__ == "TypeAlias":
            found = []
        case _:
            found = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    return [one for one in found if one is not None]


def _in_pattern(pattern: ast.pattern) -> Iterator[ast.expr]:
    for one in ast.walk(pattern):
        if isinstance(one, (ast.MatchValue, ast.MatchClass)):
            yield one.value if isinstance(one, ast.MatchValue) else one.cls


def _targets(node: ast.stmt) -> list[ast.expr]:
    if type(node) is ast.Expr:
        return []
    match node:
        case ast.Assign() | ast.Delete():
            return node.targets
        case ast.For() | ast.AsyncFor() | ast.AugAssign():
            return [node.target]
        case ast.AnnAssign() if node.value is not None or not isinstance(node.target, ast.Name):
            return [node.target]
        case ast.With() | ast.AsyncWith():
            return [item.optional_vars for item in node.items if item.optional_vars is not None]
    return []
