"""How does a site reach its symbol, and which edits of that one place reach the destination?"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from rnnlint.facts import symbols
from rnnlint.finding import Edit
from rnnlint.resolve.module import Module
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.sites import Site
from rnnlint.rules.edits import edit_of, end_of, start_of, text_between
from rnnlint.rules.moved.arguments import adapted
from rnnlint.rules.moved.destinations import Destination

_ROOTS = {"tensorflow": "compat.v1.", "tensorflow.compat.v1": "", "tensorflow.compat": "v1."}
"""What lies between a module that is imported and the names of ``tensorflow.compat.v1``."""


class Use(NamedTuple):
    """A site that is an expression, and what takes its place."""

    site: Site
    root: ast.Name
    to: Destination
    edits: tuple[Edit, ...]
    """Those of its arguments."""
    doubt: str


class Sites:
    """What one module and its target make of sites."""

    def __init__(self, module: Module, target: str) -> None:
        self.module, self.source, self.target = module, module.source, target

    def use(self, site: Site, to: Destination | None) -> Use | None:
        root = root_of(site.node)
        if to is None or root is None or not isinstance(site.node, ast.expr):
            return None
        if self._is_replaced(root.id, site.symbol.path.rpartition(".")[2]):
            return None
        found = adapted(site.symbol, to.symbol, self.module.tree.call_of(site.node), self.source)
        return Use(site, root, to, found.edits, found.doubt or to.doubt) if found is not None else None

    def _is_replaced(self, root: str, name: str) -> bool:
        """Whether the module puts something of its own in the place of the symbol."""
        writes = (write.node for write in self.module.tree.writes_of(name))
        return any(isinstance(one, ast.Attribute) and _root_name(one) == root for one in writes)

    def is_settled(self, local: str, bindings: Sequence[Binding]) -> bool:
        """Whether a name stands for TensorFlow wherever the module binds it in the scopes of these bindings.

        A star import of a module that cannot be read is taken to leave the name alone, or to bring TensorFlow too.
        """
        bound = [*bindings]
        for scope in {binding.scope for binding in bindings}:
            if scope.body is not None:
                bound += self.module.flow.anywhere(scope.body, local)
            bound += scope.remote.get(local, [])
        return between(bound) is not None

    def replaced(self, node: ast.AST, written: str | None, new: str) -> Edit | None:
        """The edit that writes a dotted name anew, if it is written plainly."""
        assert isinstance(node, ast.expr)
        if not isinstance(getattr(node, "ctx", None), ast.Load):
            return None
        start, end = start_of(self.source, node), end_of(self.source, node)
        if text_between(self.source, start, end) != (written or ast.unparse(node)):
            return None
        return edit_of(self.source, start, end, new)

    def tensorflow_at(self, at: ast.Name) -> str | None:
        """What names ``tensorflow.compat.v1.nn.`` where a name stands: ``tf.compat.v1.nn.`` or the like."""
        home = self.module.tree.home(at)
        for local in ("tf", "tensorflow"):
            bindings = self.module.flow.lookup(local, *home) if home is not None else []
            path = between(bindings)
            if path is not None and self.is_settled(local, bindings):
                return f"{local}.{path}nn."
        return None

    def fails(self, site: Site) -> bool:
        return symbols.state_on(site.symbol, self.target) == "removed" or (
            symbols.state_on(site.symbol, self.target) == "works with tf-keras"
            and not (site.symbol.import_works and site.by_import)
        )


def root_of(node: ast.AST) -> ast.Name | None:
    """The name that a dotted expression begins with."""
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


def between(bindings: Sequence[Binding]) -> str | None:
    """What lies between a name and the members of ``tensorflow.compat.v1``; None where it is not TensorFlow."""
    found: set[str | None] = set()
    for binding in bindings:
        alias, statement = binding.node, binding.statement
        if not isinstance(alias, ast.alias):
            return None
        if binding.kind == "import":
            path = alias.name if alias.asname else alias.name.split(".")[0]
        elif binding.kind == "from" and isinstance(statement, ast.ImportFrom) and not statement.level:
            path = f"{statement.module}.{alias.name}"
        else:
            return None
        found.add(_ROOTS.get(path))
    return found.pop() if len(found) == 1 else None
