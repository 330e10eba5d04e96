"""Where is the last step taken of outputs of which a half ran backwards? There that half has seen one step."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

from rnnlint.infer.keras.layer_calls import inner_layers
from rnnlint.infer.keras.layers import Layer, constructed_by, returns_sequences
from rnnlint.infer.keras.uses import Index
from rnnlint.infer.padding.holding import Follower, Held
from rnnlint.infer.padding.last_steps import Steps
from rnnlint.infer.padding.results import Results
from rnnlint.infer.padding.runs import Run
from rnnlint.infer.padding.taking import Taking
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import Made, Module, ProjectFunction
from rnnlint.settings import Settings

_STEPWISE = frozenset(
    """
    Dropout SpatialDropout1D GaussianDropout GaussianNoise AlphaDropout Activation LayerNormalization Dense
    BatchNormalization TimeDistributed LeakyReLU ReLU PReLU ELU
    """.split()  # noqa: SIM905 - as a list it would be three times as long
)
"""Layers of which each step comes from that step alone."""


class BackwardEnd(NamedTuple):
    """An expression that takes the last step."""

    node: ast.expr
    what: str
    """What gave the outputs, as a message says it."""
    api: str
    made_at: ast.expr
    """Its call."""
    layer: bool
    """Whether it is a layer of Keras."""


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
                for node in _Ends(evaluator, layer, index.called.get(call, ())).taken(module):
                    yield BackwardEnd(node, "Bidirectional", layer.path, call, True)


def _gives_steps(evaluator: Evaluator, layer: Layer) -> bool:
    """Whether it gives one tensor with its outputs of each step, both halves in one."""
    inner = [one for _, one in inner_layers(evaluator, layer)]
    if not inner or layer.text("concat", 1, "merge_mode") is None:
        return False
    return all(returns_sequences(one) is True and one.flag(None, "return_state") is False for one in inner)


class _Ends:
    """Follows what a Bidirectional gives through layers of Keras, and functions of tensors."""

    def __init__(self, evaluator: Evaluator, layer: Layer, uses: Iterable[ast.Call]) -> None:
        self._taking = Taking(evaluator)
        self._follower = Follower(self._through)
        steps = Steps(layer.call, 1, True, False, None)
        starts = [Held(use, layer.module, steps) for use in uses]
        self._follower.follow([*starts, *self._behind_in_a_list(layer.call, layer.module, steps)])

    def taken(self, module: Module) -> list[ast.expr]:
        """Where the last step is taken."""
        return [taken.node for taken in self._taking.last.values() if taken.module is module]

    def _through(self, parent: ast.AST, held: Held, follower: Follower) -> Iterable[Held]:
        if isinstance(parent, ast.Call) and not held.path:
            made = [value for value in held.module.values(parent.func) if isinstance(value, Made)]
            names = {value.path.rpartition(".")[2] for value in made}
            if names and names <= _STEPWISE and parent.args[:1] == [held.node]:
                return (held._replace(node=parent),)
            if names == {"Lambda"}:
                return [one for value in made for one in _into_lambda(value.call, value.module, held)]
        return self._taking.through(parent, held, follower)

    def _behind_in_a_list(self, layer: ast.Call, module: Module, steps: Steps) -> Iterator[Held]:
        """What stands next to it in the list of a Sequential."""
        parent = surroundings_of(module).parent.get(layer)
        if not isinstance(parent, ast.List):
            return
        call = surroundings_of(module).parent.get(parent)
        if not isinstance(call, ast.Call) or leaf(call.func) != "Sequential":
            return
        for following in parent.elts[parent.elts.index(layer) + 1 :]:
            name = leaf(following.func) if isinstance(following, ast.Call) else None
            if isinstance(following, ast.Call) and name == "Lambda":
                yield from _into_lambda(following, module, Held(layer, module, steps))
            if name not in _STEPWISE:
                return


def _into_lambda(made: ast.Call, module: Module, held: Held) -> Iterator[Held]:
    """The parameter of the function that a Lambda calls."""
    for value in module.values(made.args[0]) if made.args else ():
        if isinstance(value, ProjectFunction) and value.node.args.args:
            given = value.module.tree.scope_of(value.node).given.get(value.node.args.args[0].arg)
            for name in surroundings_of(value.module).names.get(given.name, ()) if given is not None else ():
                if given in value.module.bindings(name):
                    yield Held(name, value.module, held.what)
