"""Which tensor reaches each layer of a Sequential model? Its list and its ``add`` calls are executed in order.

The code after the model's creation is executed statement by statement, on the shapes that the model may return so far.
If a condition is unknown, both branches are followed, and loops repeat until nothing changes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from rnnlint.infer.keras import masks
from rnnlint.infer.keras.construction_places import (
    TooLong,
    by_what_is_meant,
    growing,
    home_of,
    may_be_model,
    scope_of,
)
from rnnlint.infer.keras.layers import INPUTS, MODELS, RECURRENT, Layer, layer_of
from rnnlint.infer.keras.own_inputs import own_input
from rnnlint.infer.tensorflow.arguments import Arguments, as_tensor, shape_from
from rnnlint.infer.values import guards, iteration
from rnnlint.infer.values.domain import UNDEFINED, UNKNOWN, Abstract, Other, Sequence, Tensor, join
from rnnlint.infer.values.frames import parameters
from rnnlint.resolve.flow import leaves
from rnnlint.resolve.scopes import Block
from rnnlint.resolve.values import Instance, Literal, Module, ProjectFunction, Value

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

State: TypeAlias = frozenset[Tensor | None]
"""The shapes that the model may return so far; None stands for a model without layers."""

Events: TypeAlias = dict[ast.stmt, list[ast.Call]]
"""The calls that may change a model, by their statement."""

Through: TypeAlias = "Callable[[Evaluator, Value, Layer, Abstract], list[Abstract]]"
"""Computes what a layer may return for a tensor; a layer of a model may be a model itself."""

NOTHING = Tensor(None)
START: State = frozenset({None})

_CHANGING = ("extend", "insert", "pop", "remove", "clear", "reverse")
"""Other methods that change a list of layers."""

_MOST_SHAPES = 8
_MOST_PASSES = 6
_MOST_STEPS = 3000
_DEEPEST = 4


@dataclass(slots=True)
class Run:
    """The result of executing a model's code: for each layer's call the shapes that reach it, and the final shapes."""

    reaches: dict[ast.Call, set[Tensor]] = field(default_factory=dict)
    unfit: dict[ast.Call, set[Tensor]] = field(default_factory=dict)
    """What reaches a recurrent layer that cannot take it, because it has no steps."""
    final: State = START
    first: Tensor | None = None
    """The input that the first layer or an Input declares."""


def run(
    evaluator: Evaluator,
    model: ast.Call,
    module: Module,
    through: Through,
    keras: int = 3,
    start: Tensor | None = None,
) -> Run:
    """Execute the code of the Sequential that this call makes; ``start`` is its input if it is called with one.

    ``keras`` is 2 or 3: in Keras 2 an Embedding without ``input_length`` leaves the time axis undefined.
    """
    key = ("sequential", model, keras, start)
    known = evaluator.memo.get(key)
    if not isinstance(known, Run):
        # A model that contains itself learns nothing there.
        evaluator.memo[key] = Run(final=frozenset({NOTHING}))
        runner = _Runner(evaluator, through, keras, start)
        try:
            runner.model(model, module)
            known = runner.result
        except TooLong:
            known = Run(final=frozenset({NOTHING}))
        evaluator.memo[key] = known
    return known


def final_shape(evaluator: Evaluator, model: Layer, given: Tensor | None, through: Through) -> Abstract:
    """The output of a model: of a Sequential for its argument, of a functional model for its own inputs."""
    if model.leaf == "Sequential":
        last = run(evaluator, model.call, model.module, through, start=given).final
        outputs = join([NOTHING if shape is None else shape for shape in last])
    else:
        outputs = model.value(1, "outputs", "output") or NOTHING
    if isinstance(outputs, Tensor) and outputs.mask is not None and outputs.mask.state == "absent":
        # The caller may pass a mask.
        outputs = replace(outputs, mask=None)
    if given is not None and UNDEFINED not in (given.shape or ())[1:]:
        return _closed(outputs)
    return outputs if isinstance(outputs, (Tensor, Sequence)) else NOTHING


def _closed(outputs: Abstract) -> Abstract:
    """An undefined axis of a model gets a length when the model is called, but the length is unknown here."""
    if not isinstance(outputs, Tensor):
        return NOTHING
    if outputs.shape is None:
        return outputs
    axes = (UNKNOWN if axis == UNDEFINED else axis for axis in outputs.shape[1:])
    return replace(outputs, shape=(outputs.shape[0], *axes))


def model_input(evaluator: Evaluator, model: Layer, through: Through, keras: int) -> Tensor | None:
    """The input that a model declares; None if it declares none."""
    if model.leaf != "Sequential":
        inputs = model.value(0, "inputs", "input")
        return inputs if isinstance(inputs, Tensor) else None
    return run(evaluator, model.call, model.module, through, keras).first


class _Runner:
    """One execution. The state follows the code; the shapes that reach each layer are collected in ``result``."""

    def __init__(self, evaluator: Evaluator, through: Through, keras: int, start: Tensor | None) -> None:
        self.evaluator, self.through, self.keras, self.start = evaluator, through, keras, start
        self.result = Run()
        self.steps = 0
        self.depth = 0

    def model(self, model: ast.Call, module: Module) -> None:
        self.fed = self.start or _fed(self.evaluator, model, module)
        listed = next((k.value for k in model.keywords if k.arg == "layers"), model.args[0] if model.args else None)
        state = START if listed is None else self.elements(listed, module, START)
        self.result.final = self.after_creation(model, "add", model, state, module)

    # ---- code

    def after_creation(self, creation: ast.expr, name: str, of: object, state: State, module: Module) -> State:
        """Execute everything after the construction of the object, first in its scope and then in others."""
        events = self._events(name, of, module)
        scope, statement = home_of(creation, module)
        at: ast.stmt | None = statement
        while at is not None:
            block, index = module.tree.positions[at]
            if block.scope is not scope:
                break
            state = self.block(block, index + 1, state, events, module)
            at = block.owner
        others = {scope_of(call, module) for found in events.values() for call in found} - {scope}
        for other in others:
            if other.body is not None and other.kind != "class":
                late = self.block(other.body, 0, state, events, module)
                state = late if len(others) == 1 else late | {NOTHING}
        return state

    def _events(self, name: str, of: object, module: Module) -> Events:
        """The calls that add to an object (the result of a call, a list or a parameter), by statement; and those
        that pass it on."""
        found: Events = {}
        for word in (name, *_CHANGING):
            for call in growing(word, of, module):
                found.setdefault(home_of(call, module)[1], []).append(call)
        for call in self._passing(module).get(of, ()):
            if not (isinstance(call.func, ast.Attribute) and call.func.attr in (name, *_CHANGING)):
                found.setdefault(home_of(call, module)[1], []).append(call)
        return found

    def _passing(self, module: Module) -> dict[object, list[ast.Call]]:
        """The calls that pass something to a function of the project, by what they pass."""
        key = ("passing", module)
        if key not in self.evaluator.memo:
            every = [c for c in module.tree.every_call() if c.args and self._function(c, module) is not None]
            self.evaluator.memo[key] = by_what_is_meant(((call, call.args) for call in every), module)
        return self.evaluator.memo[key]  # type: ignore[return-value]

    def _function(self, call: ast.Call, module: Module) -> ProjectFunction | None:
        found = [value for value in module.values(call.func) if isinstance(value, ProjectFunction)]
        return found[0] if len(found) == 1 and isinstance(found[0].node, ast.FunctionDef) else None

    def block(self, block: Block, start: int, state: State, events: Events, module: Module) -> State:
        touched = {owner for statement in events for owner in guards.owners(statement, module)}
        for statement in block.statements[start:]:
            if statement not in touched:
                continue
            for call in sorted(events.get(statement, ()), key=_end):
                state = self.event(call, state, module)
            inner = [b for b in module.tree.blocks.get(statement, []) if b.scope is block.scope]
            if inner:
                state = self.compound(statement, inner, state, events, module)
        return state

    def compound(self, statement: ast.stmt, inner: list[Block], state: State, events: Events, module: Module) -> State:
        """A statement with blocks: branches, a loop, or a sequence."""
        if isinstance(statement, (ast.For, ast.AsyncFor, ast.While)):
            return self.loop(statement, inner[0], state, events, module)
        if isinstance(statement, (ast.If, ast.Match)):
            test = statement.test if isinstance(statement, ast.If) else None
            holds = guards.truth_of(self.evaluator, test, module, None) if test is not None else None
            ways = [b for b in inner if holds is None or (b.role == "body") == holds]
            ends = [(b, self.block(b, 0, state, events, module)) for b in ways]
            joined = frozenset().union(*(end for b, end in ends if not leaves(b)))
            if isinstance(statement, ast.Match) or not joined:
                joined = joined | state
            return _bounded(joined)
        for block in inner:
            if block.role != "handler":
                state = self.block(block, 0, state, events, module)
        return state

    def loop(self, statement: ast.stmt, body: Block, state: State, events: Events, module: Module) -> State:
        sure = False
        if isinstance(statement, ast.For):
            count = iteration.length(self.evaluator.value(statement.iter, module, None))
            sure = count.low > 0 or bool(count.default)
        entering, after = state, state if not sure else frozenset()
        for _ in range(_MOST_PASSES):
            end = self.block(body, 0, entering, events, module)
            after |= end
            if end <= entering:
                return _bounded(after)
            entering = _bounded(entering | end)
        self.block(body, 0, frozenset({NOTHING}), events, module)
        return frozenset({NOTHING})

    def event(self, call: ast.Call, state: State, module: Module) -> State:
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise TooLong
        function = self._function(call, module)
        name = call.func.attr if isinstance(call.func, ast.Attribute) and function is None else ""
        if name in ("add", "append") and len(call.args) == 1:
            return self.put(call.args[0], state, module)
        if name == "extend" and len(call.args) == 1:
            return self.elements(call.args[0], module, state)
        if function is None or self.depth >= _DEEPEST:
            return frozenset({NOTHING})
        return self._in_function(function, call, state, module)

    def _in_function(self, function: ProjectFunction, call: ast.Call, state: State, module: Module) -> State:
        """A function of the project that gets the model and may add layers."""
        names = parameters(function.node)
        bound = function.owner is not None
        scope = function.module.tree.scope_of(function.node)
        for position, argument in enumerate(call.args):
            if position + bound < len(names) and may_be_model(argument, module):
                name = names[position + bound]
                events = self._events("add", scope.given.get(name), function.module)
                if scope.body is not None and events:
                    self.depth += 1
                    state = self.block(scope.body, 0, state, events, function.module)
                    self.depth -= 1
        return state

    # ---- layers

    def elements(self, listed: ast.expr, module: Module, state: State) -> State:
        """The layers of a list expression, added in order."""
        match listed:
            case ast.List() | ast.Tuple():
                for element in listed.elts:
                    inner = element.value if isinstance(element, ast.Starred) else None
                    state = self.put(element, state, module) if inner is None else self.elements(inner, module, state)
                return state
            case ast.BinOp(op=ast.Add()):
                return self.elements(listed.right, module, self.elements(listed.left, module, state))
            case ast.ListComp():
                return self._repeated(listed, module, state)
        literals = [value for value in module.values(listed) if isinstance(value, Literal)]
        if len(literals) != 1 or not isinstance(literals[0].node, (ast.List, ast.Tuple)) or self.depth >= _DEEPEST:
            return frozenset({NOTHING})
        written, home = literals[0].node, literals[0].module
        self.depth += 1
        state = self.elements(written, home, state)
        state = self.after_creation(written, "append", written, state, home)
        self.depth -= 1
        return state

    def _repeated(self, listed: ast.ListComp, module: Module, state: State) -> State:
        entering = state
        for _ in range(_MOST_PASSES):
            end = self.put(listed.elt, entering, module)
            if end <= entering:
                break
            entering = _bounded(entering | end)
        return end

    def put(self, expression: ast.expr, state: State, module: Module) -> State:
        """Add one layer: record what reaches it, and compute what it returns."""
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise TooLong
        values = module.values(expression)
        if not values:
            held = self.evaluator.value(expression, module, None)
            values = (held.named,) if isinstance(held, Other) else ()
        found: list[Tensor | None] = []
        for value in values:
            found += self._through(value, state)
        return _bounded(frozenset(found)) if found else frozenset({NOTHING})

    def _through(self, value: Value, state: State) -> Iterator[Tensor]:
        layer = layer_of(self.evaluator, value)
        if layer is None:
            if isinstance(value, Instance) and value.made_by is not None:
                self._note(value.made_by, [self._begin(None) if shape is None else shape for shape in state])
            yield NOTHING
            return
        if layer.leaf in INPUTS:
            own = own_input(layer)
            self.result.first = self.result.first or own
            yield replace(own or NOTHING, mask=masks.of_input(layer))
            return
        given = [self._begin(layer) if shape is None else shape for shape in state]
        rank = RECURRENT.get(layer.leaf)
        # A shape of another rank cannot occur here in a working run.
        fitting = [shape for shape in given if rank is None or shape.shape is None or len(shape.shape) == rank]
        self._note(layer.call, fitting or [NOTHING])
        self.result.unfit.setdefault(layer.call, set()).update(shape for shape in given if shape not in fitting)
        for shape in fitting or [NOTHING]:
            for made_of in self.through(self.evaluator, value, layer, shape):
                several = isinstance(made_of, Sequence) and made_of.items
                yield as_tensor(several[0] if several else made_of)

    def _note(self, call: ast.Call, shapes: list[Tensor]) -> None:
        self.result.reaches.setdefault(call, set()).update(shapes)

    def _begin(self, layer: Layer | None) -> Tensor:
        """The input of the first layer: what it declares, or what the model is fed with."""
        own = own_input(layer) if layer is not None else None
        if layer is not None and own is not None and not self._ignores(layer, own):
            self.result.first = self.result.first or own
            return replace(own, mask=masks.of_input(layer))
        if layer is not None and layer.leaf == "Embedding" and self.keras == 2:
            return Tensor((UNDEFINED, UNDEFINED))
        if layer is not None and layer.leaf in MODELS:
            inner = model_input(self.evaluator, layer, self.through, self.keras)
            if inner is not None:
                return inner
        return self.fed if self.fed is not None else NOTHING

    def _ignores(self, layer: Layer | None, own: Tensor) -> bool:
        """Whether the data decide: Keras 3 ignores an Embedding's ``input_length``."""
        if layer is None or layer.leaf != "Embedding" or self.keras == 2 or self.fed is None:
            return False
        return layer.value(None, "input_shape", "batch_input_shape", "batch_shape") is None and own.shape is not None


def _end(call: ast.Call) -> tuple[int, int]:
    """The end position of a call: in ``m.add(a).add(b)`` the first one runs first."""
    return call.end_lineno or 0, call.end_col_offset or 0


def _bounded(state: State) -> State:
    return state if len(state) <= _MOST_SHAPES else frozenset({NOTHING})


def _fed(evaluator: Evaluator, model: ast.Call, module: Module) -> Tensor | None:
    """The input that a model without its own input gets first, by ``build``, ``fit`` or a call."""
    for name in ("build", "fit", "train_on_batch", "predict"):
        for call in growing(name, model, module):
            arguments = Arguments(evaluator, call, module, None)
            found = shape_from(arguments.value(0, "input_shape")) if name == "build" else arguments.tensor(0, "x", "X")
            if found.shape:
                return Tensor((UNKNOWN, *found.shape[1:]))
    return None
