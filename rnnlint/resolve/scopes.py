"""Which names does each scope bind, and at which statement?

One pass without recursion over a module's tree. Statements are kept as a tree of blocks, so that
``flow`` can ask which bindings reach a place without walking the tree again.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

BindingKind = Literal[
    "import", "from", "star", "assign", "augment", "loop", "with", "parameter", "definition", "opaque", "delete"
]
FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NO_CHILDREN = (ast.Constant, ast.operator, ast.unaryop, ast.cmpop, ast.boolop, ast.expr_context)


@dataclass(slots=True, eq=False)
class Binding:
    """One place that gives a name a value.

    ``value`` is the expression that it comes from and ``path`` how it is taken out of it: an index for
    each level of unpacking, ``"*"`` for a starred target. For loops ``value`` is the iterated expression,
    for ``with`` the context manager, for a parameter its default.
    """

    kind: BindingKind
    name: str
    node: ast.AST
    scope: Scope
    statement: ast.stmt | None
    value: ast.expr | None = None
    path: tuple[int | str, ...] = ()


@dataclass(slots=True, eq=False)
class Block:
    """A list of statements that run one after the other, and who owns it."""

    statements: list[ast.stmt]
    scope: Scope
    owner: ast.stmt | None
    role: str
    binders: dict[str, list[int]] = field(default_factory=dict)
    """For each name the indexes of the statements that bind it in this scope, themselves or in a block inside."""
    header: list[Binding] = field(default_factory=list)
    """What is bound on entry: the name of an ``except``, the captures of a ``case``."""


@dataclass(slots=True, eq=False)
class Scope:
    """A namespace of Python's own: module, class, function, lambda or comprehension."""

    kind: Literal["module", "class", "function", "lambda", "comprehension"]
    node: ast.AST
    parent: Scope | None
    statement: ast.stmt | None
    """The statement of the parent scope in which this one stands."""
    body: Block | None = None
    given: dict[str, Binding] = field(default_factory=dict)
    """Bound on entry: parameters, or the targets of a comprehension."""
    bound: set[str] = field(default_factory=set)
    global_names: set[str] = field(default_factory=set)
    nonlocal_names: set[str] = field(default_factory=set)
    remote: dict[str, list[Binding]] = field(default_factory=dict)
    """Bindings made from inner scopes by ``global`` or ``nonlocal``."""
    returns: list[ast.Return] = field(default_factory=list)

    def enclosing_class(self) -> Scope | None:
        """The class whose body this function stands in directly, if any."""
        return self.parent if self.parent is not None and self.parent.kind == "class" else None


@dataclass(slots=True, eq=False)
class ScopeTree:
    """All scopes of one module, and where each name and statement stands."""

    module: Scope
    scopes: dict[ast.AST, Scope]
    positions: dict[ast.stmt, tuple[Block, int]]
    headers: dict[ast.stmt, list[Binding]]
    blocks: dict[ast.stmt, list[Block]]
    homes: dict[ast.expr, tuple[Scope, ast.stmt]]
    """For each name, lambda, comprehension and call: the scope and the statement it stands in."""
    chains: list[ast.expr]
    """Every read name, or the outermost attribute of a dotted one, in source order."""
    calls: list[ast.Call]
    loops: list[ast.For | ast.AsyncFor | ast.While]
    imports: list[ast.Import | ast.ImportFrom]
    writes: list[Binding]
    """Assignments to ``object.attribute`` and ``object[index]``; ``node`` is the target."""


def build(tree: ast.Module) -> ScopeTree:
    """The scopes of a module."""
    return _Builder(tree).result


class _Builder:
    """The work list of ``build``: blocks still to be read."""

    def __init__(self, tree: ast.Module) -> None:
        module = Scope("module", tree, None, None)
        self.result = ScopeTree(module, {tree: module}, {}, {}, {}, {}, [], [], [], [], [])
        self.todo: list[Block] = []
        module.body = self._block(tree.body, module, None, "body")
        while self.todo:
            block = self.todo.pop()
            for index, statement in enumerate(block.statements):
                self.result.positions[statement] = (block, index)
                self._statement(statement, block.scope)
        self.result.chains.sort(key=_position)
        self.result.calls.sort(key=_position)
        self.result.loops.sort(key=_position)

    def _block(self, statements: list[ast.stmt], scope: Scope, owner: ast.stmt | None, role: str) -> Block:
        block = Block(statements, scope, owner, role)
        self.todo.append(block)
        if owner is not None:
            self.result.blocks.setdefault(owner, []).append(block)
        return block

    def _bind(self, binding: Binding, block: Block | None = None) -> None:
        """Enter a binding at its statement (or at the head of a block) and in all blocks around it."""
        scope, name, statement = binding.scope, binding.name, binding.statement
        if name in scope.global_names or name in scope.nonlocal_names:
            owner = self.result.module
            if name in scope.nonlocal_names:
                owner = next((s for s in _parents(scope) if s.kind == "function" and name in s.bound), scope)
            owner.remote.setdefault(name, []).append(binding)
            owner.bound.add(name)
        scope.bound.add(name)
        if block is not None:
            block.header.append(binding)
        elif statement is not None:
            self.result.headers.setdefault(statement, []).append(binding)
        while statement is not None:
            around, index = self.result.positions[statement]
            if around.scope is not scope:
                break
            indexes = around.binders.setdefault(name, [])
            # Inner blocks are read after the outer one is finished, so entries can come out of order.
            at = bisect_left(indexes, index)
            if at == len(indexes) or indexes[at] != index:
                indexes.insert(at, index)
            statement = around.owner

    def _statement(self, node: ast.stmt, scope: Scope) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._bind(Binding("definition", node.name, node, scope, node))
                self._function(node, scope)
            case ast.ClassDef():
                self._bind(Binding("definition", node.name, node, scope, node))
                self._scan([*node.decorator_list, *node.bases, *(k.value for k in node.keywords)], scope, node)
                inner = Scope("class", node, scope, node)
                self.result.scopes[node] = inner
                inner.body = self._block(node.body, inner, None, "body")
            case ast.Import() | ast.ImportFrom():
                self._import(node, scope)
            case ast.Global():
                scope.global_names.update(node.names)
            case ast.Nonlocal():
                scope.nonlocal_names.update(node.names)
            case ast.For() | ast.AsyncFor():
                self.result.loops.append(node)
                self._scan([node.iter], scope, node)
                self._target(node.target, "loop", node.iter, scope, node)
                self._block(node.body, scope, node, "loop")
                self._block(node.orelse, scope, node, "orelse")
            case ast.While():
                self.result.loops.append(node)
                self._scan([node.test], scope, node)
                self._block(node.body, scope, node, "loop")
                self._block(node.orelse, scope, node, "orelse")
            case ast.If():
                self._scan([node.test], scope, node)
                self._block(node.body, scope, node, "body")
                self._block(node.orelse, scope, node, "orelse")
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    self._scan([item.context_expr], scope, node)
                    if item.optional_vars is not None:
                        self._target(item.optional_vars, "with", item.context_expr, scope, node)
                self._block(node.body, scope, node, "body")
            case ast.Try():
                self._try(node, scope)
            case ast.Match():
                self._match(node, scope)
            case _ if type(node).__name__ == "TryStar":
                self._try(node, scope)
            case _:
                self._simple(node, scope)

    def _simple(self, node: ast.stmt, scope: Scope) -> None:
        match node:
            case ast.Assign():
                self._scan([node.value], scope, node)
                for target in node.targets:
                    self._target(target, "assign", node.value, scope, node)
            case ast.AnnAssign():
                self._scan([node.annotation, node.value], scope, node)
                if node.value is not None or not isinstance(node.target, ast.Name):
                    self._target(node.target, "assign", node.value, scope, node)
            case ast.AugAssign():
                self._scan([node.value], scope, node)
                if isinstance(node.target, ast.Name):
                    self.result.homes[node.target] = (scope, node)
                    self._bind(Binding("augment", node.target.id, node, scope, node, node.value))
                else:
                    self._target(node.target, "augment", node.value, scope, node)
            case ast.Delete():
                for target in node.targets:
                    self._target(target, "delete", None, scope, node)
            case ast.Return():
                self._owner(scope).returns.append(node)
                self._scan([node.value], scope, node)
            case _:
                if type(node).__name__ == "TypeAlias":
                    return
                self._scan([child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)], scope, node)

    def _owner(self, scope: Scope) -> Scope:
        return scope if scope.kind in ("function", "module", "class") or scope.parent is None else scope.parent

    def _import(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        self.result.imports.append(node)
        for alias in node.names:
            if alias.name == "*":
                self._bind(Binding("star", "*", alias, scope, node))
            else:
                name = alias.asname or (alias.name.split(".")[0] if isinstance(node, ast.Import) else alias.name)
                self._bind(Binding("import" if isinstance(node, ast.Import) else "from", name, alias, scope, node))

    def _try(self, node: ast.stmt, scope: Scope) -> None:
        assert isinstance(node, ast.Try) or type(node).__name__ == "TryStar"
        self._block(node.body, scope, node, "body")  # type: ignore[attr-defined]
        for handler in node.handlers:  # type: ignore[attr-defined]
            self._scan([handler.type], scope, node)
            block = self._block(handler.body, scope, node, "handler")
            if handler.name:
                self._bind(Binding("opaque", handler.name, handler, scope, node), block)
        self._block(node.orelse, scope, node, "orelse")  # type: ignore[attr-defined]
        self._block(node.finalbody, scope, node, "finalbody")  # type: ignore[attr-defined]

    def _match(self, node: ast.Match, scope: Scope) -> None:
        self._scan([node.subject], scope, node)
        for case in node.cases:
            block = self._block(case.body, scope, node, "case")
            for pattern in ast.walk(case.pattern):
                name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
                if isinstance(name, str):
                    self._bind(Binding("opaque", name, pattern, scope, node), block)
                elif isinstance(pattern, (ast.MatchValue, ast.MatchClass)):
                    self._scan([pattern.value if isinstance(pattern, ast.MatchValue) else pattern.cls], scope, node)
            self._scan([case.guard], scope, node)

    def _function(self, node: FunctionNode, scope: Scope) -> None:
        self._scan([*node.decorator_list, node.returns], scope, node)
        inner = Scope("function", node, scope, node)
        self.result.scopes[node] = inner
        self._parameters(node.args, scope, inner, node)
        _declare(node.body, inner)
        inner.body = self._block(node.body, inner, None, "body")

    def _parameters(self, args: ast.arguments, outer: Scope, inner: Scope, statement: ast.stmt) -> None:
        self._scan([*args.defaults, *args.kw_defaults], outer, statement)
        positional = [*args.posonlyargs, *args.args]
        missing: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults))
        pairs = [*zip(positional, [*missing, *args.defaults]), *zip(args.kwonlyargs, args.kw_defaults)]
        pairs += [(arg, None) for arg in (args.vararg, args.kwarg) if arg is not None]
        for arg, default in pairs:
            self._scan([arg.annotation], outer, statement)
            inner.given[arg.arg] = Binding("parameter", arg.arg, arg, inner, None, default)
            inner.bound.add(arg.arg)

    def _target(
        self,
        target: ast.expr,
        kind: BindingKind,
        value: ast.expr | None,
        scope: Scope,
        statement: ast.stmt,
        path: tuple[int | str, ...] = (),
    ) -> None:
        """Enter what an assignment target binds, however it unpacks."""
        todo: list[tuple[ast.expr, tuple[int | str, ...]]] = [(target, path)]
        while todo:
            node, path = todo.pop()
            if isinstance(node, ast.Name):
                self.result.homes[node] = (scope, statement)
                self._bind(Binding(kind, node.id, node, scope, statement, value, path))
            elif isinstance(node, (ast.Tuple, ast.List)):
                star = next((i for i, e in enumerate(node.elts) if isinstance(e, ast.Starred)), len(node.elts))
                for index, element in enumerate(node.elts):
                    step: int | str = index if index < star else "*" if index == star else index - len(node.elts)
                    todo.append((element, (*path, step)))
            elif isinstance(node, ast.Starred):
                todo.append((node.value, path))
            else:
                # self.x = …, d[k] = …: the object and the index are read here.
                self._scan(list(ast.iter_child_nodes(node)), scope, statement)
                self.result.homes[node] = (scope, statement)
                name = node.attr if isinstance(node, ast.Attribute) else "[]"
                self.result.writes.append(Binding(kind, name, node, scope, statement, value, path))
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and scope.kind != "class":
                    # `config.steps = 1` binds the dotted name: what reaches a later read of it is the same question.
                    dotted = f"{node.value.id}.{node.attr}"
                    self._bind(Binding(kind, dotted, node, scope, statement, value, path))

    def _scan(self, roots: Iterable[ast.AST | None], scope: Scope, statement: ast.stmt) -> None:
        """Enter the names that expressions read, and the scopes and names that they make."""
        result = self.result
        todo: list[tuple[ast.AST, Scope, bool]] = [(root, scope, True) for root in roots if root is not None]
        while todo:
            node, inside, outermost = todo.pop()
            if isinstance(node, _NO_CHILDREN):
                continue
            if isinstance(node, (ast.Name, ast.Attribute)):
                result.homes[node] = (inside, statement)
                if outermost and isinstance(node.ctx, ast.Load):
                    result.chains.append(node)
                if isinstance(node, ast.Attribute):
                    todo.append((node.value, inside, not isinstance(node.value, (ast.Name, ast.Attribute))))
                continue
            if isinstance(node, ast.expr):
                result.homes[node] = (inside, statement)
            if isinstance(node, ast.Call):
                result.calls.append(node)
            elif isinstance(node, ast.Lambda):
                made = Scope("lambda", node, inside, statement)
                result.scopes[node] = made
                self._parameters(node.args, inside, made, statement)
                todo.append((node.body, made, True))
                continue
            elif isinstance(node, _COMPREHENSIONS):
                todo.extend(self._comprehension(node, inside, statement))
                continue
            elif isinstance(node, ast.NamedExpr):
                holder = inside
                while holder.kind == "comprehension" and holder.parent is not None:
                    holder = holder.parent
                if holder.kind == "lambda":
                    holder.given[node.target.id] = Binding("assign", node.target.id, node, holder, None, node.value)
                else:
                    self._bind(Binding("assign", node.target.id, node.target, holder, statement, node.value))
                todo.append((node.value, inside, True))
                continue
            # The generic walk of ast is a generator in a generator: this loop is the hottest of all.
            for name in node._fields:
                child = getattr(node, name, None)
                if isinstance(child, ast.AST):
                    todo.append((child, inside, True))
                elif isinstance(child, list):
                    todo += [(one, inside, True) for one in child if isinstance(one, ast.AST)]

    def _comprehension(
        self, node: ast.expr, outer: Scope, statement: ast.stmt
    ) -> Iterator[tuple[ast.AST, Scope, bool]]:
        """The parts of a comprehension with the scope that each is evaluated in: only the first iterable is outside."""
        inner = Scope("comprehension", node, outer, statement)
        self.result.scopes[node] = inner
        generators: list[ast.comprehension] = node.generators  # type: ignore[attr-defined]
        for index, generator in enumerate(generators):
            yield generator.iter, inner if index else outer, True
            for name, path in unpacked(generator.target):
                inner.given[name.id] = Binding("loop", name.id, name, inner, None, generator.iter, path)
                inner.bound.add(name.id)
            for condition in generator.ifs:
                yield condition, inner, True
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]  # type: ignore[attr-defined]
        for part in parts:
            yield part, inner, True


def unpacked(target: ast.expr) -> Iterator[tuple[ast.Name, tuple[int | str, ...]]]:
    """The plain names of a target, each with its path of indexes."""
    todo: list[tuple[ast.expr, tuple[int | str, ...]]] = [(target, ())]
    while todo:
        node, path = todo.pop()
        if isinstance(node, ast.Name):
            yield node, path
        elif isinstance(node, ast.Starred):
            todo.append((node.value, (*path[:-1], "*")))
        elif isinstance(node, (ast.Tuple, ast.List)):
            todo.extend((element, (*path, index)) for index, element in enumerate(node.elts))


def _declare(body: list[ast.stmt], scope: Scope) -> None:
    """Enter ``global`` and ``nonlocal`` before anything else: they hold for the whole function."""
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Global):
            scope.global_names.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            scope.nonlocal_names.update(node.names)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for part in ("body", "orelse", "handlers", "finalbody", "cases"):
                todo += getattr(node, part, ())


def _parents(scope: Scope) -> Iterator[Scope]:
    outer = scope.parent
    while outer is not None:
        yield outer
        outer = outer.parent


def _position(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset  # type: ignore[attr-defined]
