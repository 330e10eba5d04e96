"""Which padding may be in what this runner or layer gets?"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property

from rnnlint.facts import words
from rnnlint.infer.padding import lengths_beside, sources
from rnnlint.infer.padding.feeds import Feeds
from rnnlint.infer.padding.model_parts import may_contain
from rnnlint.infer.padding.padded import FITTING, Origins, Padded, fitted_with, may_fit
from rnnlint.infer.padding.runs import Run
from rnnlint.infer.padding.sources import Source
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.values import Module

_MOST_MODULES = 8
_MOST_SOURCES = 12
_SAID = ("feed_dict", "- len(", "-len(", "to_tensor")
"""What a module says that feeds a model, or pads by hand."""


class Evidence:
    """What pads in a module and in those around it, and where that goes."""

    def __init__(self, evaluator: Evaluator, module: Module, runs: Sequence[Run] = ()) -> None:
        self._evaluator, self._module, self._runs = evaluator, module, runs

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
        return lengths_beside.find(run, given, self._runs, self._module, self._evaluator)

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
