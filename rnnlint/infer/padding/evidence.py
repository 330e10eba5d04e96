"""Which padding may reach this runner or layer?"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from rnnlint.facts import words
from rnnlint.infer.keras.model_parts import inputs_of, may_contain
from rnnlint.infer.padding import lengths_beside, sources
from rnnlint.infer.padding.origins import Origins, may_fit
from rnnlint.infer.padding.padded import FITTING, Fit, Padded, fitted_with
from rnnlint.infer.padding.runs import Run
from rnnlint.infer.padding.sources import Source
from rnnlint.infer.tensorflow.feeds import Feeds, stem_of
from rnnlint.infer.values.behind import bound_behind
from rnnlint.infer.values.domain import Int
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.values import Module

_MOST_MODULES = 8
_MOST_SOURCES = 12
_SAID = ("- len(", "-len(", ":len(", ": len(", "to_tensor", "while len(")
"""Words of modules that pad by hand."""


class Evidence:
    """The padding in a module and in those around it, and where it goes."""

    def __init__(self, evaluator: Evaluator, module: Module, runs: Sequence[Run] = ()) -> None:
        self._evaluator, self._module, self._runs = evaluator, module, runs

    def _sources(self, everywhere: bool) -> Iterator[tuple[Source, Padded]]:
        """The sources of padding here and, with ``everywhere``, in the modules around; each is followed when it is
        reached."""
        every = self._every if everywhere else self._own
        return ((source, Padded.of(source)) for source in islice(every, _MOST_SOURCES))

    @cached_property
    def _own(self) -> list[Source]:
        return sources.of(self._module)

    @cached_property
    def _every(self) -> list[Source]:
        module = self._module
        others = module.project.mentioning(module, *_SAID, *(name.decode() for name in words.PADDING))
        near = islice((one for one in others if self._is_near(one)), _MOST_MODULES)
        return [*self._own, *(source for other in near for source in sources.of(other))]

    def _is_near(self, other: Module) -> bool:
        """Whether the data of one module may reach another: one mentions the other, or a third mentions both."""
        near = (self._module, *self._importers)
        return other.may_hold(stem_of(self._module)) or any(one.may_hold(stem_of(other)) for one in near)

    @cached_property
    def _importers(self) -> list[Module]:
        return [
            *islice(self._module.project.mentioning(self._module, stem_of(self._module), whole=True), _MOST_MODULES)
        ]

    def pads(self, everywhere: bool) -> bool:
        """Whether anything is padded here or around."""
        return bool(self._own) or everywhere and bool(self._every)

    @cached_property
    def pads_first(self) -> bool:
        """Whether any source puts its padding before the data."""
        return any(source.first or source.is_row and Padded.of(source).is_turned for source in self._every)

    @cached_property
    def feeds(self) -> Feeds:
        """The values that the placeholders of the module are fed with."""
        return Feeds(self._module)

    def of_run(self, run: Run, target: str) -> Source | None:
        """The padding that reaches a run, or that may reach it because neither end shows where it goes or comes
        from."""
        given = run.inputs(target)
        if given is None:
            return None
        for padding, padded in self._sources(everywhere=True):
            if padded.holds(given) and not self._is_another_shape(given, padding):
                return _as_it_comes(padding, padded, [given])
        for padding, padded in self._sources(everywhere=False):
            # If the input comes from something that contains the padding but not from the padded part, it is another
            # part.
            if not padded.is_open or bound_behind(given, self._module) & padded.nodes:
                continue
            if not may_fit(self._evaluator, padding, given, self._module):
                continue
            if self._may_be_anything(given):
                return padding
        return lengths_beside.find(run, given, self._runs, self.feeds, self._evaluator, self._module)

    def of_layer(self, layer: ast.Call, uses: list[ast.expr], sure: bool = False) -> Source | None:
        """The padding that reaches a Keras layer: it is called with it, or its model is trained with it.

        Unless ``sure`` is set, padding whose destination the code does not show counts too.
        """
        for padding, padded in self._sources(everywhere=not sure):
            given = [fit.given for fit in padded.fits if self._may_fit(fit, layer, uses)]
            given += [use for use in uses if padded.holds(use)]
            if given:
                return _as_it_comes(padding, padded, given)
        if sure:
            return None
        fits = [call for name in FITTING for call in self._module.calls_of(name)]
        fitted = [
            fitted_with(call)
            for call in fits
            if isinstance(call.func, ast.Attribute) and may_contain(call.func.value, self._module, layer, self._module)
        ]
        for padding, padded in self._sources(everywhere=False):
            if padded.is_open:
                if not fitted or any(one is not None and self._may_be_anything(one) for one in fitted):
                    return padding
        return None

    def _may_fit(self, fit: Fit, layer: ast.Call, uses: list[ast.expr]) -> bool:
        """Whether the input of a model may reach a layer."""
        if not may_contain(fit.model, fit.module, layer, self._module):
            return False
        inputs = inputs_of(fit.model, fit.module) if fit.which is not None else []
        if fit.which is None or fit.which >= len(inputs) or not uses:
            return True
        own = bound_behind(inputs[fit.which], self._module)
        return any(own & bound_behind(use, self._module) for use in uses)

    def _is_another_shape(self, given: ast.expr, padding: Source) -> bool:
        """Whether the number of steps of a tensor is a constant in the code: rows of an image, which are not padded."""
        calls = (node for node in bound_behind(given, self._module) if isinstance(node, ast.Call))
        shapes = (call.args[1] for call in calls if leaf(call.func) == "reshape" and len(call.args) > 1)
        steps = (one.elts[1] for one in shapes if isinstance(one, (ast.List, ast.Tuple)) and len(one.elts) == 3)
        numbers = (self._evaluator.query(one, self._module) for one in steps)
        fixed = any(isinstance(one, Int) and one.exact is not None and one.exact > 1 for one in numbers)
        return fixed and not may_fit(self._evaluator, padding, given, self._module)

    def _may_be_anything(self, given: ast.expr) -> bool:
        return Origins(self.feeds).may_be_anything(given, self._module)


def _as_it_comes(source: Source, padded: Padded, given: list[ast.expr]) -> Source:
    """A source with the side that its padding is on when it arrives."""
    return source._replace(first=source.first != padded.is_turned_at(given))
