"""Which padding may be in what this runner or layer gets?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from rnnlint.facts import words
from rnnlint.infer.padding import sources
from rnnlint.infer.padding.feeds import Feeds, placeholders
from rnnlint.infer.padding.holding import bound_behind
from rnnlint.infer.padding.model_parts import may_contain
from rnnlint.infer.padding.padded import FITTING, Origins, Padded, fitted_with, may_fit
from rnnlint.infer.padding.runs import LENGTHS, Run
from rnnlint.infer.padding.sources import Source
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.module import Module
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.scopes import Scope

_MOST_MODULES = 8
_MOST_SOURCES = 12
_SAID = ("feed_dict", "- len(", "-len(", "to_tensor")
"""What a module says that feeds a model, or pads by hand."""


class Evidence:
    """What pads in a module and in those around it, and where that goes."""

    def __init__(self, evaluator: Evaluator, module: Module) -> None:
        self._evaluator, self._module = evaluator, module

    @cached_property
    def _sources(self) -> list[tuple[Source, Padded]]:
        return [(source, Padded(source, self._feeds)) for _, source in zip(range(_MOST_SOURCES), self._every())]

    def _every(self) -> Iterator[Source]:
        yield from sources.find(self._module)
        others = self._module.project.mentioning(self._module, *_SAID, *(name.decode() for name in words.PADDING))
        for _, other in zip(range(_MOST_MODULES), others):
            yield from sources.find(other)

    @cached_property
    def _feeds(self) -> Feeds:
        return Feeds(self._module)

    def of_run(self, run: Run, target: str) -> Source | None:
        """The padding that reaches a run, or that may: where neither shows where it goes or comes from."""
        given = run.inputs(target)
        if given is None:
            return None
        for padding, padded in self._sources:
            if padded.holds(given):
                return padding
        for padding, padded in self._sources:
            if padding.module is not self._module or not padded.is_open:
                continue
            if not may_fit(self._evaluator, padding.node, given, self._module):
                continue
            if self._may_be_anything(given):
                return padding
        return self._lengths_beside(run, given)

    def _lengths_beside(self, run: Run, given: ast.expr) -> Source | None:
        """Lengths that the code has and does not give: it masks a loss with them, or counts the steps of what runs."""
        module = self._module
        for call in module.calls_of("sequence_mask"):
            if not call.args or not _is_near(call, run.call, module) or self._are_given(call.args[0]):
                continue
            if any(
                isinstance(node, ast.Call) and placeholders(node, module) for node in bound_behind(call.args[0], module)
            ):
                return Source(call, module, False, "sequence_mask", "leaves out")
        own = bound_behind(given, module)
        for call in module.calls_of("sign"):
            if call.args and own & bound_behind(call.args[0], module):
                return Source(call, module, False, "sign", "leaves out")
        return None

    def _are_given(self, lengths: ast.expr) -> bool:
        """Whether some runner of the module gets these lengths: then they are those of its sequences."""
        behind = bound_behind(lengths, self._module)
        names = (name for one in behind if isinstance(one, ast.Call) for name in self._reads_of(one))
        return any(_is_lengths_argument(name, self._module) for name in names)

    def _reads_of(self, made: ast.Call) -> Iterator[ast.expr]:
        around = self._module.surroundings
        parent = around.parent.get(made)
        if isinstance(parent, ast.Assign):
            for binding in around.bindings_of(made, parent):
                yield from (one for one in around.names.get(binding.name, ()) if binding in self._module.bindings(one))
                yield from around.attributes.get(binding.name, ())

    def of_layer(self, layer: ast.Call, uses: list[ast.expr], sure: bool = False) -> Source | None:
        """The padding that reaches a Keras layer: it is called with it, or its model is trained with it.

        Unless it has to be ``sure``, that is also taken to be where nothing shows where the padding goes.
        """
        for padding, padded in self._sources:
            if any(padded.holds(use) for use in uses):
                return padding
            if any(may_contain(model, module, layer, self._module) for model, module in padded.fits):
                return padding
        if sure:
            return None
        fits = [call for name in FITTING for call in self._module.calls_of(name)]
        given = [
            fitted_with(call)
            for call in fits
            if isinstance(call.func, ast.Attribute) and may_contain(call.func.value, self._module, layer, self._module)
        ]
        for padding, padded in self._sources:
            if padding.module is self._module and padded.is_open:
                if not given or any(one is not None and self._may_be_anything(one) for one in given):
                    return padding
        return None

    def _may_be_anything(self, given: ast.expr) -> bool:
        return Origins(self._feeds).may_be_anything(given, self._module)


def _is_near(one: ast.Call, other: ast.Call, module: Module) -> bool:
    """Whether two calls stand in the same function, class, or both outside of any."""
    return _outermost(one, module) == _outermost(other, module)


def _outermost(call: ast.Call, module: Module) -> ast.AST | None:
    scope: Scope | None = module.tree.home_of(call)[0]
    found = None
    while scope is not None and scope.kind != "module":
        found = scope.node
        scope = scope.parent
    return found


def _is_lengths_argument(name: ast.expr, module: Module) -> bool:
    """Whether a runner is called with it as its lengths."""
    parent = module.surroundings.parent.get(name)
    if isinstance(parent, ast.keyword):
        return parent.arg == LENGTHS
    return isinstance(parent, ast.Call) and parent.func is not name and (leaf(parent.func) or "").endswith("rnn")
