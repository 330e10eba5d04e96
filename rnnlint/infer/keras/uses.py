"""Where does a module use the layers that it makes, and which tensors reach them there?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from rnnlint.infer.keras import layer_calls, models
from rnnlint.infer.keras.fitted import mask_of_data, mask_of_inputs
from rnnlint.infer.keras.layers import RECURRENT, Layer, constructed_by, keras_base
from rnnlint.infer.values.domain import Abstract, Object, Sequence, Tensor
from rnnlint.infer.values.frames import Frame, enter
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.scopes import Scope
from rnnlint.resolve.values import Instance, Made, Module, ProjectClass, Value

_DEEPEST = 6
_MOST_USES = 60
_MOST_STARTS = 4
_MOST_MODULES = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """One use of a layer: the shapes that it may get there."""

    shapes: frozenset[Tensor]
    remote: bool = False
    plain: bool = True
    """Whether only a tensor is passed: no mask, no state."""
    masked: bool = False
    """Whether a mask may be passed in addition to the tensor."""
    wrapper: str = ""
    use: ast.Call | None = None
    """The call of the layer; None if it is in the list of a Sequential."""


class Uses:
    """The uses of every layer of a module: called, wrapped, or added to a Sequential."""

    def __init__(self, evaluator: Evaluator, module: Module, keras: int) -> None:
        self.evaluator, self.keras = evaluator, keras
        self.home = module
        self.indexes: dict[Module, Index] = {}
        self._fed: dict[ast.expr, Abstract] = {}
        """Replacement values for the inputs of models that only ``fit`` calls."""

    def index(self, module: Module) -> Index:
        if module not in self.indexes:
            self.indexes[module] = Index(self.evaluator, module, self.keras)
        return self.indexes[module]

    def of(self, made: ast.Call, of: ProjectClass | None) -> list[Seen]:
        """The uses of the layer that a call makes; for the ``__init__`` of a class those of all its instances."""
        return self.evaluator.bounded(lambda: list(self._of(made, of)), [])

    def _of(self, made: ast.Call, of: ProjectClass | None) -> Iterator[Seen]:
        if of is None:
            yield from self._of_call(made, self.home, 0)
            return
        for module in [self.home, *self.home.project.mentioning(self.home, of.node.name, whole=True)][:_MOST_MODULES]:
            for call in self.index(module).instances.get(of.node, ()):
                yield from self._of_call(call, module, 0)

    def _of_call(self, call: ast.Call, module: Module, depth: int) -> Iterator[Seen]:
        index = self.index(module)
        if depth > _DEEPEST:
            return
        for use in index.uses(call)[:_MOST_USES]:
            frames = self._frames(use, module)
            for frame in frames:
                yield self._called(use, call, module, frame)
            if not frames:
                yield self._called(use, call, module, None)
        for leaf, wrapper in index.wrapped.get(call, ())[:_MOST_USES]:
            for seen in self._of_call(wrapper, module, depth + 1):
                yield _wrapped(seen, leaf)
        shapes = index.reaching(call)
        if shapes:
            yield Seen(frozenset(shapes))

    def _frames(self, use: ast.Call, module: Module) -> list[Frame]:
        """The calls of the custom layer or model in whose ``call`` a layer is used: Keras passes its inputs there."""
        scope = module.tree.home_of(use)[0]
        owner = scope.enclosing_class()
        function = scope.node
        if owner is None or not isinstance(owner.node, ast.ClassDef) or not isinstance(function, ast.FunctionDef):
            return []
        of = ProjectClass(owner.node, module)
        if function.name != "call" or keras_base(of) is None:
            return []
        index = self.index(module)
        made = index.instances.get(owner.node, ())
        calls = [call for instance in made for call in index.called.get(instance, ())]
        mask = mask_of_inputs(owner.node, module) if not calls else None
        if mask is not None:
            inputs = ast.Name("inputs", ast.Load())
            self._fed[inputs] = Tensor(None, mask)
            calls = [ast.Call(ast.Name(owner.node.name, ast.Load()), [inputs], [])]
        elif (keras_base(of) or "").endswith(".Model"):
            self._feed(calls, module)
        return [enter(function, call, module, None, True, Object(of, None)) for call in calls[:_MOST_USES]]

    def _feed(self, calls: list[ast.Call], module: Module) -> None:
        """Note that what comes to a model from outside, as an element of a data set does, has no mask."""
        for call in calls[:_MOST_USES]:
            given = call.args[0] if call.args else None
            mask = mask_of_data(given, call, module) if given is not None else None
            if given is not None and mask is not None and given not in self._fed:
                known = self.evaluator.value(given, module, None)
                tensor = known if isinstance(known, Tensor) else Tensor(None)
                self._fed[given] = tensor if tensor.mask is not None else replace(tensor, mask=mask)

    def _called(self, use: ast.Call, made: ast.Call, module: Module, frame: Frame | None) -> Seen:
        def ask() -> Abstract:
            return layer_calls.input_of(self.evaluator, use, module, frame)

        written = [one.expression for one in frame.arguments.values()] if frame is not None else []
        fed = {one: self._fed[one] for one in written if one in self._fed}
        given = self.evaluator.assuming(fed, ask) if fed else ask()
        named = all(keyword.arg in ("inputs", "training") for keyword in use.keywords)
        plain = isinstance(given, Tensor) and len(use.args) <= 1 and named
        masked = len(use.args) > 1 or any(keyword.arg in ("mask", None) for keyword in use.keywords)
        if isinstance(given, Sequence) and given.items:
            given = given.items[0]
        remote = isinstance(use.func, ast.Attribute) and module.tree.home_of(use)[0] is not module.tree.home_of(made)[0]
        shapes = frozenset({given if isinstance(given, Tensor) else Tensor(None)})
        return Seen(shapes, remote, plain, masked, use=use)


def _wrapped(seen: Seen, leaf: str) -> Seen:
    if leaf == "TimeDistributed":
        return replace(seen, shapes=frozenset(layer_calls.one_step(shape) for shape in seen.shapes), plain=False)
    return replace(seen, wrapper=leaf, plain=seen.plain and not seen.wrapper)


class Index:
    """What a module does with the layers that it makes, by the call that made them."""

    def __init__(self, evaluator: Evaluator, module: Module, keras: int) -> None:
        self.called: dict[ast.Call, list[ast.Call]] = {}
        self.wrapped: dict[ast.Call, list[tuple[str, ast.Call]]] = {}
        self.instances: dict[ast.ClassDef, list[ast.Call]] = {}
        self.reaches: dict[ast.Call, set[Tensor]] = {}
        self.unfit: dict[ast.Call, set[Tensor]] = {}
        self.recurrent: list[Layer] = []
        self.evaluator, self.module, self.keras = evaluator, module, keras
        self._models: list[Layer] = []
        self._run_already: set[ast.Call] = set()
        self._settled: set[Scope] = set()
        self._models_in: dict[Scope, list[Layer]] | None = None
        self._uses_in: dict[Scope, list[ast.Call]] | None = None
        self._arguments: dict[ast.stmt, set[ast.expr]] = {}
        for call in module.tree.every_call():
            for value in module.values(call.func):
                made = _made_by(value)
                if made is not None:
                    self.called.setdefault(made, []).append(call)
                if isinstance(value, ProjectClass):
                    self.instances.setdefault(value.node, []).append(call)
            for layer in constructed_by(evaluator, call, module):
                if layer.leaf in ("Bidirectional", "TimeDistributed"):
                    self._wrapper(layer, call)
                elif layer.leaf == "Sequential":
                    self._models.append(layer)
                elif layer.leaf in RECURRENT:
                    self.recurrent.append(layer)

    def uses(self, made: ast.Call) -> list[ast.Call]:
        """The calls of the object that a call made."""
        found = self.called.get(made, [])
        for scope in dict.fromkeys(self.module.tree.home_of(use)[0] for use in found):
            if scope not in self._settled:
                self._settled.add(scope)
                self._settle(scope)
        return found

    def _settle(self, scope: Scope) -> None:
        """Evaluate the outputs of all layers in a scope, in source order, so that no long chain is followed at once."""
        if self._uses_in is None:
            self._uses_in = {}
            for use in chain.from_iterable(self.called.values()):
                self._uses_in.setdefault(self.module.tree.home_of(use)[0], []).append(use)
        for use in self._uses_in.get(scope, ()):
            self.evaluator.query(use, self.module)

    def reaching(self, made: ast.Call) -> set[Tensor]:
        """The inputs of a layer in the models that it is added to: those of its own scope, or else any others.

        A layer that is called or wrapped, or added where it is made, belongs to no model of another scope.
        """
        tree = self.module.tree
        home, statement = tree.home_of(made)
        if self._models_in is None:
            self._models_in = {}
            for model in self._models:
                self._models_in.setdefault(tree.home_of(model.call)[0], []).append(model)
        near = self._models_in.get(home, [])
        added = near and made in self._given(statement)
        for some in (near, self._models):
            for model in some:
                if model.call not in self._run_already:
                    self._run_already.add(model.call)
                    self._model(model)
            if added or made in self.reaches or made in self.called or made in self.wrapped:
                break
        return self.reaches.get(made, set())

    def _given(self, statement: ast.stmt) -> set[ast.expr]:
        """The arguments of the calls in a statement, each separately."""
        if statement not in self._arguments:
            calls = self.module.tree.scan(statement).calls
            self._arguments[statement] = {argument for call in calls for argument in call.args}
        return self._arguments[statement]

    def _wrapper(self, layer: Layer, call: ast.Call) -> None:
        for name, position in (("layer", 0), ("backward_layer", 3)):
            found = layer.node(position, name)
            for value in found[1].module.values(found[0]) if found is not None else ():
                made = _made_by(value)
                if made is not None:
                    self.wrapped.setdefault(made, []).append((layer.leaf, call))

    def _model(self, model: Layer) -> None:
        done = self._run(model, None)
        starts: list[Tensor] = []
        if done is not None and done.first is None:
            starts = [self._input(use) for use in self.called.get(model.call, ())[:_MOST_USES]]
            starts += self.reaches.get(model.call, set())
        starts = [start for start in dict.fromkeys(starts) if start.shape is not None]
        runs = [self._run(model, start) for start in starts[:_MOST_STARTS]]
        for one in runs or [done]:
            if one is None:
                continue
            for call, shapes in one.reaches.items():
                self.reaches.setdefault(call, set()).update(shapes)
            for call, shapes in one.unfit.items():
                self.unfit.setdefault(call, set()).update(shapes)

    def _run(self, model: Layer, start: Tensor | None) -> models.Run | None:
        return self.evaluator.bounded(
            lambda: models.run(self.evaluator, model.call, model.module, layer_calls.through, self.keras, start), None
        )

    def _input(self, use: ast.Call) -> Tensor:
        given = self.evaluator.bounded(lambda: layer_calls.input_of(self.evaluator, use, self.module), None)
        return given if isinstance(given, Tensor) else Tensor(None)


def _made_by(value: Value) -> ast.Call | None:
    if isinstance(value, Made):
        return value.call
    return value.made_by if isinstance(value, Instance) else None
