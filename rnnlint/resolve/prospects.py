"""What in a module might unroll a cell? Judged by names and shapes alone, before anything is inferred.

Most modules have nothing of the kind; then inference is not even imported.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from rnnlint.facts import words
from rnnlint.facts.runners import UNROLLING
from rnnlint.read.prefilter import may_mask, may_stack
from rnnlint.resolve.candidates import candidates_of
from rnnlint.resolve.outline import LIBRARIES
from rnnlint.resolve.scope_tree import Loop, leaf
from rnnlint.resolve.values import External

if TYPE_CHECKING:
    from rnnlint.resolve.values import Module

_BUILTINS = frozenset(dir(builtins))
_CELL_WORD = re.compile(r"(?:cells?|lstms?|grus?|rnns?|core)\d*|\w*(?:cell|lstm|gru|rnn)\d*")
_QUOTED = re.compile(r"""['"]unroll['"]""")
_CAMEL = re.compile(r"([a-z])([A-Z])")

PADDED_LAYERS = frozenset(("SimpleRNN", "LSTM", "GRU", "RNN"))
"""Keras layers that take one sequence of vectors per row, and its mask."""

_DEFINED = re.compile(rb"\ndef (\w+)\(")
_PADDING = tuple(name.decode() for name in words.PADDING)

UNROLL_OF_RNN = 5
"""The position of ``unroll`` among the arguments of Keras' RNN; in the other layers it differs between releases."""


def prospects_of(module: Module) -> Prospects:
    """The prospects of a module, computed on first use."""
    found: Prospects | None = module.memo.get("prospects")
    if found is None:
        found = module.memo["prospects"] = Prospects(module)
    return found


class Prospects:
    """The parts of one module that inference would analyze."""

    def __init__(self, module: Module) -> None:
        self._module = module

    @cached_property
    def unrolling_calls(self) -> list[ast.Call]:
        """Calls that may be of a function that unrolls: by that name, or through a name that may stand for one."""
        candidates = candidates_of(self._module)
        return [
            call
            for call in candidates.calls
            if (name := leaf(call.func)) is None or name in UNROLLING or name in candidates.names
        ]

    @cached_property
    def looped_calls(self) -> list[ast.Call]:
        """Calls in loops that may run a cell, in source order."""
        if not imports_library(self._module):
            return []
        tree = self._module.tree
        statements = dict.fromkeys(statement for loop in tree.loops() for statement in tree.within(loop))
        for statement in tree.holding("for"):
            if any(inner.kind == "comprehension" for inner in tree.scan(statement).inner):
                statements[statement] = None
        return [call for call in tree.calls_in(statements) if _may_run_cell(call, self._module)]

    @cached_property
    def loops_in_calls(self) -> list[Loop]:
        """The loops of a module in which a Keras class may have a ``call`` method."""
        has_call = self._module.tree.mentions.has("def call(")
        return self._module.tree.loops() if has_call and imports_library(self._module) else []

    @cached_property
    def constructions(self) -> list[ast.Call]:
        """Calls that may construct a Keras layer that unrolls, in source order.

        Only RNN takes ``unroll`` by position; other calls name it, or get it by ``**`` or ``partial``.
        """
        tree = self._module.tree
        if not self._module.project.reach.may_say(self._module, b"keras"):
            return []
        rows = set(tree.mentions.of_word("unroll"))
        if rows and "partial" in tree.mentions.text:
            return tree.every_call()
        calls = tree.calls_in(tree.on_rows(sorted(rows)))
        says = any(_says_unroll(call) for call in calls) or rows and _QUOTED.search(tree.mentions.text)
        # If the word occurs nowhere, nothing passed by ** contains it.
        wanted = ("RNN(", "**") if says else ("RNN(",)
        texts = enumerate(self._module.source.rows, 1)
        rows = {row for row, text in texts if any(one in text for one in wanted)} - rows
        if rows:
            calls = tree.calls_in(tree.on_rows(sorted({*rows, *tree.mentions.of_word("unroll")})))
        return calls if any(_may_say_unroll(call) for call in calls) else []

    @cached_property
    def padding_calls(self) -> list[ast.Call]:
        """Calls that pad sequences, in source order."""
        tree = self._module.tree
        said = [name for name in _PADDING if name in tree.mentions.text]
        calls = tree.calls_in(dict.fromkeys(statement for name in said for statement in tree.holding(name)))
        return [call for call in calls if leaf(call.func) in said and not _asks_for(call, "ragged") or _asks_for(call)]

    def pads_at_the_start(self, call: ast.Call) -> bool:
        """Whether the padding precedes the data, which is the default of Keras' pad_sequences."""
        if leaf(call.func) != "pad_sequences" or any(k.arg in ("padding", None) for k in call.keywords):
            return False
        values = self._module.values(call.func)
        return len(call.args) < 4 and any(isinstance(value, External) and "keras" in value.path for value in values)

    @property
    def may_make_masks(self) -> bool:
        """Whether a Keras layer may make a mask here."""
        mentions = self._module.tree.mentions
        return mentions.has("mask_zero") or mentions.has("Masking")

    @property
    def may_embed(self) -> bool:
        """Whether there may be a Keras layer that could make a mask."""
        return self._module.tree.mentions.has("Embedding")

    @cached_property
    def may_lose_masks(self) -> bool:
        """Whether a Keras mask may be dropped or missing here."""
        text = self._module.tree.mentions.text
        return may_mask(text.encode("utf-8", "surrogatepass")) and self._may_have_layers

    @cached_property
    def may_stack_layers(self) -> bool:
        """Whether a recurrent Keras layer may follow another one here."""
        text = self._module.tree.mentions.text
        return may_stack(text.encode("utf-8", "surrogatepass")) and self._may_have_layers

    @cached_property
    def _may_have_layers(self) -> bool:
        """Whether a layer of Keras may be here: each is reached through a module whose text says so."""
        return imports_library(self._module) and self._module.project.reach.may_say(self._module, b"keras")


def imports_library(module: Module) -> bool:
    """Whether a module imports TensorFlow, Keras or a library of cells based on them."""
    roots = {path.split(".")[0] for path in imported_paths(module)} & LIBRARIES
    # Within a package of the same name, the name means that package.
    return any(module.project.find(module, root, 0) is None for root in roots)


def imported_paths(module: Module) -> Iterator[str]:
    """The modules outside its own package that a module imports, as written."""
    for statement in module.tree.holding("import"):
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom) and not statement.level and statement.module:
            yield statement.module


def is_named_like_a_cell(function: ast.expr) -> bool:
    """Whether the last name contains the word cell or similar: ``lstm_cell``, ``cell_fw``, ``self._core``,
    ``cells[0]``."""
    while isinstance(function, ast.Subscript):
        function = function.value
    words = _CAMEL.sub(r"\1_\2", leaf(function) or "").lower().split("_")
    return any(_CELL_WORD.fullmatch(word) for word in words if word)


def _says_unroll(call: ast.Call) -> bool:
    return any(keyword.arg == "unroll" for keyword in call.keywords)


def _asks_for(call: ast.Call, name: str = "dynamic_pad") -> bool:
    asked = (keyword.value for keyword in call.keywords if keyword.arg == name)
    return any(isinstance(value, ast.Constant) and value.value is True for value in asked)


def _may_say_unroll(call: ast.Call) -> bool:
    if any(keyword.arg in ("unroll", None) for keyword in call.keywords):
        return True
    return len(call.args) > UNROLL_OF_RNN


def _may_run_cell(call: ast.Call, module: Module) -> bool:
    if len(call.args) + len(call.keywords) < 2:
        return False
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr in ("call", "__call__"):
        function = function.value
    if (
        isinstance(function, ast.Subscript)
        or is_named_like_a_cell(function)
        or candidates_of(module).may_name(function)
    ):
        return True
    defined = module.tree.mentions.defined
    if isinstance(function, ast.Name):
        is_own = function.id in _BUILTINS or function.id in defined
        return not is_own and not _is_elsewhere(function, module)
    root = function.value if isinstance(function, ast.Attribute) else None
    while isinstance(root, ast.Attribute):
        root = root.value
    if isinstance(root, ast.Name):
        # The result of a library's function is judged by the name that holds it, and a method is not a cell.
        return leaf(function) not in defined and not _is_elsewhere(root, module)
    return isinstance(root, (ast.Subscript, ast.Call))


def _is_elsewhere(name: ast.Name, module: Module) -> bool:
    """Whether a name is imported, and stands for something outside the project or for one of its functions."""
    bindings = module.bindings(name)
    return bool(bindings) and all(
        binding.kind in ("import", "from")
        and (
            _defines(binding.statement, name.id, module)
            or all(isinstance(value, External) for value in module.of_binding(binding, name.id))
        )
        for binding in bindings
    )


def _defines(statement: ast.AST | None, name: str, module: Module) -> bool:
    """Whether a name is imported from a module of the project whose text defines a function of that name."""
    if not isinstance(statement, ast.ImportFrom):
        return False
    wanted = next((alias.name for alias in statement.names if name in (alias.asname, alias.name)), name)
    source = module.project.find(module, statement.module or "", statement.level)
    if source is None:
        return False
    defined = source.memo.get("defined")
    if defined is None:
        defined = source.memo["defined"] = frozenset(_DEFINED.findall(source.text))
    return wanted.encode() in defined
