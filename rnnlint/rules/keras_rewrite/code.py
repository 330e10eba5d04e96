"""What is the text of a piece of code once parts of it are replaced, and which names are free?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from rnnlint.finding import Edit
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import External, Module
from rnnlint.rules.edits import Point, edit_of, end_of, start_of, text_between
from rnnlint.rules.keras_rewrite.refusal import RefusedError
from rnnlint.rules.moved.writing import Writer

_TENSORFLOW = {"tensorflow": "", "tensorflow.compat.v1": "", "tensorflow.compat": "v1."}
"""The path from an imported module to the functions of TensorFlow."""


class TensorFlow(NamedTuple):
    """The name of TensorFlow at some place."""

    name: str
    """For example ``tf``."""
    is_v1: bool
    """Whether it is ``tensorflow.compat.v1``, whose layers have other defaults with Keras 2."""


class Code:
    """One module, and the texts that replace parts of it."""

    def __init__(self, module: Module) -> None:
        self.module, self.source = module, module.source
        self.writer = Writer(module)
        self.new: dict[ast.AST, str] = {}
        """The replacement of an expression; inner replacements are already included."""
        self.needs_tensorflow = False
        """Whether ``tf`` has to be imported."""
        self.has_masks = False
        """Whether a layer of the module is given a mask, which then comes along with its outputs."""
        self._taken: set[str] = set()
        self._state_tuple = ""

    @cached_property
    def has_layers(self) -> bool:
        """Whether the module calls layers of Keras, or of TensorFlow 1, itself."""
        called = (node.func for node in self.parents if isinstance(node, ast.Call))
        values = (
            one for func in called if isinstance(func, (ast.Name, ast.Attribute)) for one in self.module.values(func)
        )
        return any(isinstance(one, External) and is_layer(one.path) for one in values)

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The parent of each node."""
        return {child: node for node in ast.walk(self.source.tree) for child in ast.iter_child_nodes(node)}

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, nearest first."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def statement_of(self, node: ast.AST) -> ast.stmt:
        """The innermost statement around a node."""
        return next(one for one in self.above(node) if isinstance(one, ast.stmt))

    def function_of(self, node: ast.AST) -> ast.AST:
        """The function, class or module around a node."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
        return next(one for one in self.above(node) if isinstance(one, kinds))

    # ---- names

    def reads(self, binding: Binding) -> list[ast.Name]:
        """The expressions that may read a binding."""
        found = self.writer.names.get(binding.name, ())
        return [name for name in found if any(one is binding for one in self.module.bindings(name))]

    @cached_property
    def attributes(self) -> dict[str, list[ast.Attribute]]:
        """The reads of attributes, by name."""
        found: dict[str, list[ast.Attribute]] = {}
        for node in self.parents:
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.setdefault(node.attr, []).append(node)
        return found

    @cached_property
    def changed(self) -> set[str]:
        """The names that are changed in place, deleted, or belong to another scope."""
        found: set[str] = set()
        for node in self.parents:
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                found.add(node.target.id)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
                found.add(node.id)
            elif isinstance(node, (ast.Global, ast.Nonlocal)):
                found.update(node.names)
        return found

    @cached_property
    def _identifiers(self) -> set[str]:
        found: set[str] = set()
        for node in ast.walk(self.source.tree):
            for field in ("id", "arg", "name", "asname", "attr"):
                word = getattr(node, field, None)
                if isinstance(word, str):
                    found.add(word.split(".")[0])
        return found

    def free(self, name: str) -> str:
        """A name like this that is unused in the module."""
        found, number = name, 1
        while found in self._identifiers or found in self._taken:
            number += 1
            found = f"{name}_{number}"
        self._taken.add(found)
        return found

    def is_taken(self, name: str) -> bool:
        """Whether anything in the module has this name."""
        return name in self._identifiers

    def state_tuple(self) -> str:
        """The name of the class that replaces ``LSTMStateTuple``; the module then defines it."""
        if not self._state_tuple:
            held = self.writer.names.get("LSTMStateTuple", [])
            own = [one for one in held if not self._is_legacy(one)]
            others = any(
                isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == "LSTMStateTuple"
                or isinstance(node, ast.Name) and node.id == "LSTMStateTuple" and not isinstance(node.ctx, ast.Load)
                for node in self.parents
            )  # fmt: skip
            self._state_tuple = self.free("LSTMState") if own or others else "LSTMStateTuple"
        return self._state_tuple

    @property
    def defines_state_tuple(self) -> bool:
        """Whether any written text needs the class."""
        return bool(self._state_tuple)

    def _is_legacy(self, name: ast.Name) -> bool:
        values = self.module.values(name)
        return bool(values) and all(isinstance(one, External) for one in values)

    def tensorflow(self, at: ast.expr) -> TensorFlow:
        """The name of TensorFlow at the place of an expression. Raises RefusedError if there is none."""
        home = self.module.tree.home(at)
        if home is None:
            raise RefusedError("no name refers to TensorFlow there")
        for local in dict.fromkeys(("tf", "tensorflow", *self._tensorflows)):
            bindings = self.module.flow.lookup(local, *home)
            ways = {_way(one) for one in bindings}
            if len(ways) == 1 and (way := ways.pop()) is not None:
                return TensorFlow(f"{local}.v1" if way else local, bool(way) or _is_v1(bindings))
        if "tf" in self._identifiers:
            raise RefusedError("no name refers to TensorFlow there, and `tf` is something else")
        self.needs_tensorflow = True
        return TensorFlow("tf", False)

    @cached_property
    def _tensorflows(self) -> list[str]:
        found = []
        for node in ast.walk(self.source.tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                found += [one.asname or one.name for one in node.names if "." not in (one.asname or one.name)]
        return found

    # ---- texts

    def text(self, node: ast.expr | ast.stmt) -> str:
        """The original text."""
        return text_between(self.source, start_of(self.source, node), end_of(self.source, node))

    def render(self, node: ast.expr | ast.stmt) -> str:
        """The text with its parts replaced."""
        if node in self.new:
            return self.new[node]
        pieces, at = [], start_of(self.source, node)
        for one in self._replaced_in(node):
            start = start_of(self.source, one)
            pieces += [text_between(self.source, at, start), self.new[one]]
            at = end_of(self.source, one)
        return "".join(pieces) + text_between(self.source, at, end_of(self.source, node))

    def _replaced_in(self, node: ast.AST) -> list[ast.expr]:
        """The outermost replaced parts of a node, in order."""
        found: list[ast.expr] = []
        todo = list(ast.iter_child_nodes(node))
        while todo:
            one = todo.pop()
            if one in self.new and isinstance(one, ast.expr):
                found.append(one)
            else:
                todo += ast.iter_child_nodes(one)
        return sorted(found, key=lambda one: (one.lineno, one.col_offset))

    def indent(self, statement: ast.stmt) -> str:
        """The indentation of a statement."""
        row = self.source.row_as_parsed(statement.lineno)
        return row[: len(row) - len(row.lstrip())]

    def edit(self, node: ast.expr | ast.stmt, content: str) -> Edit:
        """The edit that rewrites a node. Raises RefusedError if the file differs there from what was parsed."""
        return self.edit_between(start_of(self.source, node), end_of(self.source, node), content)

    def edit_between(self, start: Point, end: Point, content: str) -> Edit:
        """The edit that replaces the text between two points. Raises RefusedError as `edit` does."""
        found = edit_of(self.source, start, end, content.replace("\n", self.writer.newline))
        if found is None:
            raise RefusedError("the source there is not plain Python 3")
        return found


def is_layer(path: str) -> bool:
    """Whether a path names something of Keras, or of the layers of TensorFlow 1, which passes masks on."""
    return {"keras", "layers"} & set(path.split(".")) != set()


def _way(binding: Binding) -> str | None:
    """The path from a name to the functions of TensorFlow; None if it is something else."""
    alias, statement = binding.node, binding.statement
    if not isinstance(alias, ast.alias):
        return None
    if binding.kind == "import":
        return _TENSORFLOW.get(alias.name) if alias.asname or "." not in alias.name else None
    if binding.kind == "from" and isinstance(statement, ast.ImportFrom) and not statement.level:
        return _TENSORFLOW.get(f"{statement.module}.{alias.name}")
    return None


def _is_v1(bindings: list[Binding]) -> bool:
    for one in bindings:
        alias, statement = one.node, one.statement
        assert isinstance(alias, ast.alias)
        whole = f"{statement.module}.{alias.name}" if isinstance(statement, ast.ImportFrom) else alias.name
        if whole != "tensorflow":
            return True
    return False
