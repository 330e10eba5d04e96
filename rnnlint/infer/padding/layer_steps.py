"""What is computed from the steps that a recurrent Keras layer returns?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from rnnlint.infer.keras.layers import Layer
from rnnlint.infer.padding.holding import Follower, Held
from rnnlint.infer.padding.last_steps import Steps
from rnnlint.infer.padding.taking import Taking
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import Made, Module, ProjectFunction

_STEPWISE = frozenset(
    """
    Dropout SpatialDropout1D GaussianDropout GaussianNoise AlphaDropout Activation LayerNormalization Dense
    BatchNormalization TimeDistributed LeakyReLU ReLU PReLU ELU
    """.split()  # noqa: SIM905 - as a list it would be three times as long
)
"""Layers whose output at each step depends on that step alone."""

_POOLING = frozenset(("GlobalMaxPooling1D", "GlobalMaxPool1D", "GlobalAveragePooling1D", "GlobalAvgPool1D"))


class LayerSteps:
    """Follows the output of a layer through Keras layers and tensor functions."""

    def __init__(self, evaluator: Evaluator, layer: Layer, uses: Iterable[ast.Call], back: bool) -> None:
        self.is_pooled = False
        """Whether a layer turns all steps into one vector."""
        self._taking = Taking(evaluator)
        self._follower = Follower(self._through)
        steps = Steps(layer.call, 1, back, False, None)
        starts = [Held(use, layer.module, steps) for use in uses]
        self._follower.follow([*starts, *self._behind_in_a_list(layer.call, layer.module, steps)])

    @property
    def is_pooled_by_function(self) -> bool:
        """Whether a tensor function, which sees no mask, combines the outputs of all steps."""
        return self._taking.is_pooled

    def last(self, module: Module) -> list[ast.expr]:
        """The expressions that take the last step."""
        return [taken.node for taken in self._taking.last.values() if taken.module is module]

    def _through(self, parent: ast.AST, held: Held, follower: Follower) -> Iterable[Held]:
        if isinstance(parent, ast.Call) and not held.path:
            made = [value for value in held.module.values(parent.func) if isinstance(value, Made)]
            names = {value.path.rpartition(".")[2] for value in made}
            masked = any(keyword.arg == "mask" for keyword in parent.keywords)
            self.is_pooled = self.is_pooled or bool(names & _POOLING) and not masked
            if names and names <= _STEPWISE and parent.args[:1] == [held.node]:
                return (held._replace(node=parent),)
            if names == {"Lambda"}:
                return [one for value in made for one in _into_lambda(value.call, value.module, held)]
        return self._taking.through(parent, held, follower)

    def _behind_in_a_list(self, layer: ast.Call, module: Module, steps: Steps) -> Iterator[Held]:
        """The layers after it in a Sequential."""
        for following in _behind(layer, module):
            name = leaf(following.func) if isinstance(following, ast.Call) else None
            if isinstance(following, ast.Call) and name == "Lambda":
                yield from _into_lambda(following, module, Held(layer, module, steps))
            self.is_pooled = self.is_pooled or name in _POOLING
            if name not in _STEPWISE:
                return


def _behind(layer: ast.Call, module: Module) -> list[ast.expr]:
    """The layers after one in the list of a Sequential, or those that are added to it later."""
    around = surroundings_of(module)
    parent = around.parent.get(layer)
    if isinstance(parent, ast.List):
        call = around.parent.get(parent)
        is_model = isinstance(call, ast.Call) and leaf(call.func) == "Sequential"
        return parent.elts[parent.elts.index(layer) + 1 :] if is_model else []
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr == "add":
        model = set(module.values(parent.func.value))
        later = [call for call in module.calls_of("add") if call.lineno > parent.lineno and len(call.args) == 1]
        return [
            call.args[0]
            for call in later
            if isinstance(call.func, ast.Attribute) and model & set(module.values(call.func.value))
        ]
    return []


def _into_lambda(made: ast.Call, module: Module, held: Held) -> Iterator[Held]:
    """The parameter of the function that a Lambda calls."""
    for value in module.values(made.args[0]) if made.args else ():
        if isinstance(value, ProjectFunction) and value.node.args.args:
            given = value.module.tree.scope_of(value.node).given.get(value.node.args.args[0].arg)
            for name in surroundings_of(value.module).names.get(given.name, ()) if given is not None else ():
                if given in value.module.bindings(name):
                    yield Held(name, value.module, held.what)
