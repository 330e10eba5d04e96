"""How does a site reach its symbol, and which edits at that place make it reach the destination?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rnnlint.facts import symbols
from rnnlint.finding import Edit, Fix
from rnnlint.resolve.scopes import Binding, Scope
from rnnlint.resolve.sites import Site
from rnnlint.resolve.values import External, Module
from rnnlint.rules.edits import edit_of, end_of, start_of, text_between
from rnnlint.rules.moved.arguments import adapted
from rnnlint.rules.moved.destinations import Destination, destination
from rnnlint.rules.moved.writing import Wanted

_LOAD = ast.Load()

_ROOTS = {"tensorflow": "compat.v1.", "tensorflow.compat.v1": "", "tensorflow.compat": "v1."}
"""The path from an imported module to the names of ``tensorflow.compat.v1``."""

_PATHS = {"tf": "compat.v1.", "tf.compat.v1": "", "tf.compat": "v1."}
"""The same, by the path of an object that another module of the project re-exports."""


class Use(NamedTuple):
    """A site that is an expression, and its replacement."""

    site: Site
    root: ast.Name
    to: Destination
    edits: tuple[Edit, ...]
    """The edits of its arguments."""
    doubt: str


class Moved(NamedTuple):
    """The replacement of one name that an import or an assignment binds."""

    wanted: list[Wanted]
    edits: list[Edit]
    mended: list[ast.AST]
    doubts: list[str]

    def with_use(self, use: Use) -> Moved:
        return Moved(self.wanted, [*self.edits, *use.edits], [*self.mended, use.site.node], [*self.doubts, use.doubt])

    def with_package(self, path: str, local: str, is_used: bool) -> Moved:
        """``from keras.layers import recurrent``: the module that has all layers, under the old name."""
        package, _, name = path.rpartition(".")
        doubt = "" if is_used else f"not every use of `{local}` is visible here"
        return self._replace(wanted=[*self.wanted, Wanted(package, name, local)], doubts=[*self.doubts, doubt])


class Sites:
    """The sites of one module on its target."""

    def __init__(self, module: Module, target: str) -> None:
        self.module, self.source, self.target = module, module.source, target
        self._ways: dict[tuple[Scope, str], frozenset[str | None]] = {}
        self._replaced: dict[str, frozenset[str]] = {}

    def use(self, site: Site, to: Destination | None) -> Use | None:
        root = root_of(site.node)
        if to is None or root is None or not isinstance(site.node, ast.expr):
            return None
        if self._is_replaced(root.id, site.symbol.path.rpartition(".")[2]):
            return None
        found = adapted(site.symbol, to.symbol, self.module.tree.call_of(site.node), self.source)
        return Use(site, root, to, found.edits, found.doubt or to.doubt) if found is not None else None

    def _is_replaced(self, root: str, name: str) -> bool:
        """Whether the module replaces the symbol by its own definition."""
        if name not in self._replaced:
            writes = (write.node for write in self.module.tree.writes_of(name))
            self._replaced[name] = frozenset(_root_name(one) for one in writes if isinstance(one, ast.Attribute))
        return root in self._replaced[name]

    def is_there(self, use: Use, made: Mapping[ast.AST, Fix]) -> bool:
        """Whether the module has the new name under exactly that name at this place, by an existing import or by one
        that a safe fix writes."""
        imports = (one for one in self.module.tree.holding(use.to.name) if isinstance(one, ast.ImportFrom))
        if not any(use.to.name in (name.name, name.asname) for one in imports for name in one.names):
            # A look-up would ask each module that a star imports.
            return False
        home = self.module.tree.home(use.root)
        # A name that only a star import may bind does not count, so the imported modules need not be searched.
        if home is None or not any(use.to.name in scope.bound for scope in (home[0], *home[0].parents())):
            return False
        bindings = self.module.flow.lookup(use.to.name, *home)
        if len(bindings) != 1 or bindings[0].kind != "from" or not isinstance(bindings[0].node, ast.alias):
            return False
        values = self.module.imported(bindings[0], use.to.name)
        paths = {value.path if isinstance(value, External) else "" for value in values}
        if paths == {use.to.symbol.path}:
            return isinstance(bindings[0].statement, ast.ImportFrom) and not bindings[0].statement.level
        fix, old = made.get(bindings[0].node), symbols.find(paths.pop() if len(paths) == 1 else "")
        is_same = old is not None and destination(old, self.target) == use.to
        return is_same and fix is not None and fix.applicability == "safe"

    def between(self, bindings: Iterable[Binding], local: str) -> str | None:
        """The path from a name to the members of ``tensorflow.compat.v1``; None if the name is not TensorFlow."""
        found = self._all_ways(bindings, local)
        return next(iter(found)) if len(found) == 1 else None

    def is_settled(self, local: str, bindings: Sequence[Binding]) -> bool:
        """Whether a name stands for TensorFlow wherever the module binds it in the scopes of these bindings.

        A star import of an unreadable module is assumed not to bind the name, or to bind it to TensorFlow too.
        """
        found = self._all_ways(bindings, local)
        for scope in {binding.scope for binding in bindings}:
            if (scope, local) not in self._ways:
                bound = [] if scope.body is None else self.module.flow.anywhere(scope.body, local)
                self._ways[scope, local] = self._all_ways([*bound, *scope.remote.get(local, ())], local)
            found |= self._ways[scope, local]
        return len(found) == 1 and None not in found

    def _all_ways(self, bindings: Iterable[Binding], local: str) -> frozenset[str | None]:
        return frozenset(_way(self.module, one, local) for one in that_are_something(bindings))

    def replaced(self, node: ast.AST, written: str | None, new: str) -> Edit | None:
        """The edit that rewrites a dotted name, if it is written plainly."""
        assert isinstance(node, ast.expr)
        if not isinstance(getattr(node, "ctx", _LOAD), ast.Load):
            return None
        start, end = start_of(self.source, node), end_of(self.source, node)
        # A dotted name may continue on another line.
        text = "".join(text_between(self.source, start, end).replace("\\\n", "").split())
        # The string in a `getattr` call may have any quotes.
        if "#" in text or isinstance(node, ast.Attribute | ast.Name) and text != (written or ast.unparse(node)):
            return None
        return edit_of(self.source, start, end, new)

    def left(self, site: Site, root: ast.Name) -> Edit | None:
        """The edit that makes a name which no longer exists fail where it is used, not where its module is imported.

        ``rnn.NASCell`` becomes ``tf.contrib.rnn.NASCell``.
        """
        path = site.symbol.path
        found = self._tensorflow_at(root) if path.startswith("tf.contrib.") else None
        if found is None or found[1] != _ROOTS["tensorflow"] or not isinstance(site.node, ast.Attribute):
            return None
        return self.replaced(site.node, None, f"{found[0]}{path[len('tf') :]}")

    def tensorflow_at(self, at: ast.Name) -> str | None:
        """The prefix for members of ``tensorflow.compat.v1.nn`` at a place, such as ``tf.compat.v1.nn.``."""
        found = self._tensorflow_at(at)
        return f"{found[0]}.{found[1]}nn." if found is not None else None

    def _tensorflow_at(self, at: ast.Name) -> tuple[str, str] | None:
        """A name that stands for TensorFlow there, and the path from it to the members of compat.v1."""
        home = self.module.tree.home(at)
        for local in ("tf", "tensorflow"):
            bindings = self.module.flow.lookup(local, *home) if home is not None else []
            path = self.between(bindings, local)
            if path is not None and self.is_settled(local, bindings):
                return local, path
        return None

    def fails(self, site: Site) -> bool:
        return symbols.state_on(site.symbol, self.target) == "removed" or (
            symbols.state_on(site.symbol, self.target) == "works with tf-keras"
            and not (site.symbol.import_works and site.by_import)
        )


def root_of(node: ast.AST) -> ast.Name | None:
    """The first name of a dotted expression, or of the object in ``getattr(tf.nn, "dynamic_rnn")``."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 2:
        node = node.args[0] if node.func.id == "getattr" else node
    while isinstance(node, ast.Attribute):
        node = node.value
    return node if isinstance(node, ast.Name) else None


def _root_name(node: ast.AST) -> str:
    root = root_of(node)
    return root.id if root is not None else ""


def assigned(site: Site) -> str | None:
    """The variable of ``name = tf.contrib.rnn``."""
    statement = site.statement
    if isinstance(statement, ast.Assign) and statement.value is site.node and len(statement.targets) == 1:
        target = statement.targets[0]
        return target.id if isinstance(target, ast.Name) else None
    return None


def that_are_something(bindings: Iterable[Binding]) -> list[Binding]:
    """The bindings except ``tf = None``, as after a failed import: None has no such attributes."""
    return [
        one for one in bindings if one.path or not isinstance(one.value, ast.Constant) or one.value.value is not None
    ]


def _way(module: Module, binding: Binding, local: str) -> str | None:
    """The path from what a binding gives a name to the members of ``tensorflow.compat.v1``."""
    alias, statement = binding.node, binding.statement
    if isinstance(alias, ast.alias):
        if binding.kind == "import":
            return _ROOTS.get(alias.name if alias.asname else alias.name.split(".")[0])
        if isinstance(statement, ast.ImportFrom) and not statement.level and alias.name != "*":
            found = _ROOTS.get(f"{statement.module}.{alias.name}")
            if found is not None:
                return found
        if binding.kind in ("from", "star"):
            paths = {one.path if isinstance(one, External) else "" for one in module.imported(binding, local)}
            return _PATHS.get(paths.pop()) if len(paths) == 1 else None
    return None


def are_keras(bindings: Sequence[Binding]) -> bool:
    """Whether a name is the package ``keras``, from any import."""
    aliases = [one.node for one in bindings if one.kind == "import"]
    names = [one.name if one.asname else one.name.split(".")[0] for one in aliases if isinstance(one, ast.alias)]
    return bool(names) and names == ["keras"] * len(bindings)
