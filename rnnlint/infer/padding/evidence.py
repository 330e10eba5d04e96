"""Which padding may be in what this runner or layer gets?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from rnnlint.facts import words
from rnnlint.infer.evaluate import Evaluator
from rnnlint.infer.padding.feeds import Feeds
from rnnlint.infer.padding.model_parts import may_contain
from rnnlint.infer.padding.padded import FITTING, Origins, Padded, fitted_with, may_fit
from rnnlint.infer.runs import Run
from rnnlint.resolve.module import Module

_MOST_MODULES = 8
_MOST_SOURCES = 12


class Padding(NamedTuple):
    """A call that pads sequences."""

    call: ast.Call
    module: Module
    first: bool
    """Whether the padding comes before the data."""


class Evidence:
    """What pads in a module and in those around it, and where that goes."""

    def __init__(self, evaluator: Evaluator, module: Module) -> None:
        self._evaluator, self._module = evaluator, module

    @cached_property
    def _sources(self) -> list[tuple[Padding, Padded]]:
        found = []
        for call, module in self._calls():
            padding = Padding(call, module, module.prospects.pads_at_the_start(call))
            found.append((padding, Padded(call, module, self._feeds)))
            if len(found) == _MOST_SOURCES:
                break
        return found

    def _calls(self) -> Iterator[tuple[ast.Call, Module]]:
        yield from ((call, self._module) for call in self._module.prospects.padding_calls)
        others = self._module.project.mentioning(self._module, *(name.decode() for name in words.PADDING))
        for _, other in zip(range(_MOST_MODULES), others):
            yield from ((call, other) for call in other.prospects.padding_calls)

    @cached_property
    def _feeds(self) -> Feeds:
        return Feeds(self._module)

    def of_run(self, run: Run, target: str) -> Padding | None:
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
            if not may_fit(self._evaluator, padding.call, given, self._module):
                continue
            if self._may_be_anything(given):
                return padding
        return None

    def of_layer(self, layer: ast.Call, uses: list[ast.expr], sure: bool = False) -> Padding | None:
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
