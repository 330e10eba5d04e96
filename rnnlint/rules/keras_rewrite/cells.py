"""Which cell does a runner run, where is it made, and which variables hold it on the way?"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rnnlint.facts import symbols
from rnnlint.facts.symbols import Symbol
from rnnlint.resolve.given import argument, hides
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import External
from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.kept import Conditional, Maker, kept_by, maker_of, wrapped_under_condition
from rnnlint.rules.keras_rewrite.refusal import RefusedError

KINDS = {
    "BasicRNNCell": "SimpleRNN",
    "BasicLSTMCell": "LSTM",
    "LSTMCell": "LSTM",
    "GRUCell": "GRU",
}
_NESTING = 12


class Holder(NamedTuple):
    """Something that holds a cell under a name."""

    target: ast.expr
    """The assigned name or attribute, or the name of the function that makes cells."""
    reads: tuple[ast.expr, ...]
    """All expressions that may read it."""
    function: ast.FunctionDef | ast.AsyncFunctionDef | None = None
    statement: ast.stmt | None = None
    """The assignment."""
    of: Taken | None = None
    """The cell that it holds; None for a list of cells."""


@dataclass(eq=False)
class Made:
    """One call that makes a cell, or a stack of cells."""

    call: ast.Call
    """The call that becomes a layer, or a Keras cell in a layer."""
    symbol: Symbol
    kind: str
    """``LSTM``, ``GRU``, ``SimpleRNN`` or ``stack``."""
    inner: tuple[Made, ...] = ()
    """The expressions of the cells of a stack."""
    count: int | None = None
    """How many cells a stack has; None if unknown."""
    is_bare: bool = False
    """Whether it becomes a cell, because a stack or the caller of a function makes the layer."""
    is_split: bool = False
    """Whether a stack becomes a list of layers that run one after the other."""


class Dropout(NamedTuple):
    """A DropoutWrapper around a cell."""

    call: ast.Call
    symbol: Symbol
    condition: ast.expr | None = None
    """Whether a condition decides if the cell is wrapped."""


@dataclass(eq=False)
class Taken:
    """The cell of one runner."""

    layer: ast.Call
    """The call that becomes the layer: the cell's, or that of a function that makes the cell."""
    made: Made
    dropouts: list[Dropout] = field(default_factory=list)
    """The wrappers around it, outermost first."""
    inner_dropouts: list[list[Dropout]] = field(default_factory=list)
    """The wrappers around each cell of a stack, in source order."""
    nodes: list[ast.expr] = field(default_factory=list)
    """The names that were read on the way."""
    holders: list[Holder] = field(default_factory=list)
    wrapped: list[tuple[ast.Call, ast.expr]] = field(default_factory=list)
    """Calls that are removed, and the expression that replaces each."""
    inner_wrapped: list[tuple[ast.Call, ast.expr]] = field(default_factory=list)
    """The same for the cells of a stack."""
    is_layer: bool = True
    """Whether a runner runs it; False for a cell of a stack."""
    copied: list[ast.stmt] = field(default_factory=list)
    """Assignments that may become redundant."""


class Cells:
    """The cells of one module."""

    def __init__(self, code: Code, target: str, named: frozenset[ast.AST]) -> None:
        """``named`` are the expressions that name legacy symbols by import, which can be rewritten."""
        self.code, self.module, self.target, self.named = code, code.module, target, named
        self._made: dict[ast.Call, Made] = {}

    def taken(self, node: ast.expr) -> Taken:
        """The cell that a runner gets with this expression. Raises RefusedError with the reason if it is unknown."""
        return self._follow(node, Taken(layer=None, made=None), 0)  # type: ignore[arg-type]

    def _follow(self, node: ast.expr, taken: Taken, depth: int) -> Taken:
        if depth > _NESTING:
            raise RefusedError("its cell is passed through too many names")
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self._kept(node, taken, depth)
        if not isinstance(node, ast.Call):
            raise RefusedError("its cell is not made by a plain call")
        maker = maker_of(node, self.code)
        if maker is not None:
            return self._helper(node, maker, taken, depth)
        symbol = self._symbol(node)
        leaf = symbol.path.rpartition(".")[2]
        if leaf == "DropoutWrapper":
            if hides(node):
                raise RefusedError("its DropoutWrapper has * or ** arguments")
            inner = argument(node, symbol, "cell", self.target)
            if inner is None:
                raise RefusedError("its DropoutWrapper has no cell")
            taken.dropouts.append(Dropout(node, symbol))
            taken.wrapped.append((node, inner))
            return self._follow(inner, taken, depth + 1)
        taken.made = self._make(node, symbol, taken, depth)
        taken.layer = taken.layer or node
        return taken

    # ---- the variables that keep it

    def _kept(self, node: ast.Name | ast.Attribute, taken: Taken, depth: int) -> Taken:
        wrapped = wrapped_under_condition(node, self.code) if isinstance(node, ast.Name) else None
        if wrapped is not None:
            return self._wrapped(wrapped, node, taken, depth)
        binding, reads = kept_by(node, self.code)
        assert isinstance(binding.node, ast.expr) and binding.value is not None and binding.statement is not None
        taken.nodes.append(node)
        taken.holders.append(Holder(binding.node, tuple(reads), None, binding.statement, taken))
        taken.copied.append(binding.statement)
        return self._follow(binding.value, taken, depth + 1)

    def _wrapped(self, wrapped: Conditional, node: ast.expr, taken: Taken, depth: int) -> Taken:
        """A cell that is wrapped in a DropoutWrapper under a condition."""
        symbol = self._symbol(wrapped.call)
        if symbol.path.rpartition(".")[2] != "DropoutWrapper" or hides(wrapped.call):
            raise RefusedError("its cell depends on a branch or a loop")
        inner = argument(wrapped.call, symbol, "cell", self.target)
        if inner is not wrapped.inner:
            raise RefusedError("its cell depends on a branch or a loop")
        taken.nodes.append(node)
        taken.dropouts.append(Dropout(wrapped.call, symbol, wrapped.condition))
        taken.wrapped.append((wrapped.call, wrapped.inner))
        taken.holders.append(Holder(wrapped.target, tuple(wrapped.reads), None, wrapped.statement, taken))
        taken.copied.append(wrapped.statement)
        return self._follow(wrapped.inner, taken, depth + 1)

    def _helper(self, call: ast.Call, maker: Maker, taken: Taken, depth: int) -> Taken:
        returns = self.module.tree.scope_of(maker.function).returns
        if len(returns) != 1 or returns[0].value is None:
            raise RefusedError("the function that makes its cell has several return values")
        taken.nodes.append(call.func)
        taken.holders.append(Holder(call.func, tuple(maker.reads), maker.function))
        taken.layer = taken.layer or call
        found = self._follow(returns[0].value, taken, depth + 1)
        found.made.is_bare = True
        return found

    # ---- what it is

    def _symbol(self, call: ast.Call) -> Symbol:
        values = self.module.values(call.func)
        found = [symbols.find(value.path) if isinstance(value, External) else None for value in values]
        if len(found) != 1:
            raise RefusedError("which cell it runs is not certain")
        if found[0] is None:
            raise RefusedError("it runs a custom cell, for which Keras has no layer")
        if call.func not in self.named:
            raise RefusedError("the class of its cell is stored under another name")
        return found[0]

    def _make(self, call: ast.Call, symbol: Symbol, taken: Taken, depth: int) -> Made:
        leaf = symbol.path.rpartition(".")[2]
        if call in self._made:
            known = self._made[call]
            if leaf == "MultiRNNCell":
                self._stack(call, symbol, taken, depth)
            return known
        if leaf == "MultiRNNCell":
            made = self._stack(call, symbol, taken, depth)
        elif leaf in KINDS and not symbol.path.startswith("tfa."):
            made = Made(call, symbol, KINDS[leaf])
        else:
            raise RefusedError(f"{leaf} cannot be rewritten")
        self._made[call] = made
        return made

    def _stack(self, call: ast.Call, symbol: Symbol, taken: Taken, depth: int) -> Made:
        if hides(call):
            raise RefusedError("the cells of its stack are not listed explicitly")
        joined = argument(call, symbol, "state_is_tuple", self.target)
        if joined is not None and not (isinstance(joined, ast.Constant) and joined.value is True):
            raise RefusedError("the state of its stack is one tensor (state_is_tuple)")
        cells = argument(call, symbol, "cells", self.target)
        items, count = self._items(cells, taken)
        inner: list[Made] = []
        seen: set[tuple[int, str]] = set()
        for item in items:
            one = self._follow(item, Taken(layer=None, made=None), depth + 1)  # type: ignore[arg-type]
            if one.made.kind == "stack":
                raise RefusedError("it runs a stack within a stack")
            # A function makes a new cell on each call.
            is_new = isinstance(item, ast.Call)
            key = id(one.made), "" if one.layer is one.made.call else ast.dump(item)
            if key in seen and not is_new:
                raise RefusedError("one cell is used for several layers of its stack")
            seen.add(key)
            one.made.is_bare, one.is_layer = True, False
            taken.nodes += one.nodes
            taken.holders += one.holders
            taken.inner_wrapped += one.wrapped
            taken.copied += one.copied
            taken.inner_dropouts.append(one.dropouts)
            inner.append(one.made)
        return Made(call, symbol, "stack", tuple(inner), count)

    def _items(self, node: ast.expr | None, taken: Taken) -> tuple[list[ast.expr], int | None]:
        """The expressions of the cells of a list, and their number."""
        if isinstance(node, (ast.Name, ast.Attribute)):
            binding, reads = kept_by(node, self.code)
            assert isinstance(binding.node, ast.expr) and binding.value is not None
            taken.nodes.append(node)
            taken.holders.append(Holder(binding.node, tuple(reads), None, binding.statement))
            grown = self._appended(binding, node, reads, taken)
            if grown:
                return grown, None
            return self._items(binding.value, taken)
        if isinstance(node, (ast.List, ast.Tuple)):
            if not node.elts or any(isinstance(one, ast.Starred) for one in node.elts):
                raise RefusedError("the cells of its stack are not listed explicitly")
            return list(node.elts), len(node.elts)
        if isinstance(node, ast.ListComp):
            if not isinstance(node.elt, ast.Call):
                raise RefusedError("one cell is used for several layers of its stack")
            return [node.elt], None
        raise RefusedError("the cells of its stack are not listed explicitly")

    def _check_new_each_time(self, node: ast.expr, append: ast.Call) -> None:
        """Check that a name appended in a loop holds another cell each time."""
        loops = (ast.For, ast.While)
        at = [one for one in self.code.above(append) if isinstance(one, loops)]
        held = [one.statement for one in self.module.bindings(node)] if isinstance(node, ast.Name) else []
        for statement in held:
            if statement is not None and [one for one in self.code.above(statement) if isinstance(one, loops)] == at:
                continue
            raise RefusedError("one cell is used for several layers of its stack")
        if not held:
            raise RefusedError("the cells of its stack are not listed explicitly")

    def _appended(self, binding: Binding, at: ast.expr, reads: Sequence[ast.expr], taken: Taken) -> list[ast.expr]:
        """The elements appended to a list that begins empty."""
        if not _is_empty_list(binding.value):
            return []
        found: list[ast.expr] = []
        for read in reads:
            if read is at:
                continue
            attribute = self.code.parents.get(read)
            call = self.code.parents.get(attribute) if attribute is not None else None
            if not (isinstance(attribute, ast.Attribute) and attribute.attr == "append"):
                raise RefusedError("the list of its cells is also used elsewhere")
            if not (isinstance(call, ast.Call) and len(call.args) == 1):
                raise RefusedError("the cells of its stack are not listed explicitly")
            if not isinstance(call.args[0], ast.Call):
                self._check_new_each_time(call.args[0], call)
            taken.nodes.append(read)
            found.append(call.args[0])
        return found


def _is_empty_list(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "list" and not node.args
    return isinstance(node, ast.List) and not node.elts
