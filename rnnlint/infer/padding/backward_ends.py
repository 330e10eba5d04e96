"""Where is the last step of bidirectional outputs used, at which the backward half has seen only one step?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

from rnnlint.infer.keras.layer_calls import inner_layers
from rnnlint.infer.keras.layers import Layer, constructed_by, returns_sequences
from rnnlint.infer.keras.uses import Index
from rnnlint.infer.padding.layer_steps import LayerSteps
from rnnlint.infer.padding.results import Results
from rnnlint.infer.padding.runs import Run
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.values import Module
from rnnlint.settings import Settings


class BackwardEnd(NamedTuple):
    """An expression that takes the last step."""

    node: ast.expr
    what: str
    """The name of what returned the outputs, for a message."""
    api: str
    made_at: ast.expr
    """Its call."""
    layer: bool
    """Whether it is a Keras layer."""


def find(evaluator: Evaluator, module: Module, runs: Iterable[Run], settings: Settings) -> Iterator[BackwardEnd]:
    """All such expressions of a module."""
    for run in runs:
        if run.is_bidirectional:
            for taken in Results.of(run, module, evaluator, settings.target_tensorflow).last.values():
                if taken.module is module and taken.steps.back:
                    yield BackwardEnd(taken.node, run.leaf, run.symbol.path, run.call, False)
    if not module.tree.mentions.of_word("Bidirectional"):
        return
    index = evaluator.bounded(lambda: Index(evaluator, module, settings.keras), None)
    if index is None:
        return
    for call in module.calls_of("Bidirectional"):
        for layer in evaluator.bounded(partial(constructed_by, evaluator, call, module), []):
            if layer.leaf == "Bidirectional" and evaluator.bounded(partial(_gives_steps, evaluator, layer), False):
                for node in LayerSteps(evaluator, layer, index.called.get(call, ()), back=True).last(module):
                    yield BackwardEnd(node, "Bidirectional", layer.path, call, True)


def _gives_steps(evaluator: Evaluator, layer: Layer) -> bool:
    """Whether the layer returns one tensor with the outputs of each step, both halves joined."""
    inner = [one for _, one in inner_layers(evaluator, layer)]
    if not inner or layer.text("concat", 1, "merge_mode") is None:
        return False
    return all(returns_sequences(one) is True and one.flag(None, "return_state") is False for one in inner)
