"""What does a call of a Keras layer or model return?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from rnnlint.infer.keras import masks, models, shapes
from rnnlint.infer.keras.layers import MODELS, RECURRENT, Layer, is_keras, is_layer, layer_of, method
from rnnlint.infer.keras.layers import returns_sequences as returns_sequences
from rnnlint.infer.keras.own_inputs import own_input
from rnnlint.infer.tensorflow.arguments import Arguments, as_tensor
from rnnlint.infer.values import project_functions
from rnnlint.infer.values.domain import UNKNOWN, Abstract, Object, Other, Sequence, Tensor, Where, join
from rnnlint.infer.values.frames import Frame
from rnnlint.infer.values.loop_carried import carried
from rnnlint.resolve.classes import class_bindings
from rnnlint.resolve.values import Instance, Made, Module, ProjectFunction, Value

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

__all__ = ["applied", "constructed", "input_of", "is_keras", "is_layer", "through"]

NOTHING = Tensor(None)

_CALLED_AT_ONCE = frozenset(["concatenate", "add", "subtract", "multiply", "average", "maximum", "minimum", "dot"])
"""Functional forms of layers, which take the tensors and return one."""


def constructed(arguments: Arguments, path: str, leaf: str) -> Abstract:
    """The object that a Keras class or function returns."""
    made = Made(path, arguments.call, arguments.module)
    if leaf == "Input" or leaf in _CALLED_AT_ONCE:
        layer = layer_of(arguments.evaluator, made, arguments.frame)
        if layer is None:
            return NOTHING
        if leaf == "Input":
            return masks.carrying(own_input(layer) or NOTHING, masks.of_input(layer))
        given = arguments.value(0, "inputs") or UNKNOWN
        return masks.behind(layer, given, shapes.output(layer, given), arguments.evaluator.keras)
    return Other(made, arguments.frame)


def applied(
    evaluator: Evaluator, made: Made | Instance, call: ast.Call, module: Module, frame: Frame | None
) -> Abstract:
    """The result of calling a layer or model."""
    if isinstance(made, Instance):
        own = method(made.of, "call")
        if own is not None:
            held = evaluator.value(call.func, module, frame)
            receiver = held if isinstance(held, Object) else Object(made.of, None)
            function = ProjectFunction(own[0], own[1], made.of.node)
            result = project_functions.called(evaluator, function, call, module, frame, receiver)
            return _with_own_mask(made, result, lambda: input_of(evaluator, call, module, frame))
    layer = layer_of(evaluator, made, frame)
    if layer is None:
        return UNKNOWN
    if layer.leaf == "Lambda":
        return _lambda(evaluator, layer, call, module, frame)
    given = input_of(evaluator, call, module, frame)
    return join(through(evaluator, made, layer, given))


def _through_own(evaluator: Evaluator, made: Instance, given: Abstract) -> Abstract:
    """What a custom layer in the list of a model returns for a tensor."""
    own = method(made.of, "call")
    if own is None or made.made_by is None or made.made_in is None:
        return NOTHING
    inputs = ast.Name("inputs", ast.Load())
    call = ast.Call(made.made_by, [inputs], [])
    function, receiver = ProjectFunction(own[0], own[1], made.of.node), Object(made.of, None)
    module = made.made_in
    result = evaluator.assuming(
        {inputs: given}, lambda: project_functions.called(evaluator, function, call, module, None, receiver)
    )
    return _with_own_mask(made, result if isinstance(result, Tensor) else NOTHING, lambda: given)


def _with_own_mask(made: Instance, result: Abstract, given: Callable[[], Abstract]) -> Abstract:
    """What a custom layer returns, with the mask that it declares to pass on; otherwise the mask that remains
    inside."""
    if any(class_bindings(made.of, "compute_mask")):
        return masks.carrying(result, None)
    if any(class_bindings(made.of, "supports_masking")):
        before = given()
        return masks.carrying(result, before.mask if isinstance(before, Tensor) else None)
    return result


def input_of(evaluator: Evaluator, call: ast.Call, module: Module, frame: Frame | None = None) -> Abstract:
    """The argument of a layer's call: a tensor, or a list of tensors."""
    arguments = Arguments(evaluator, call, module, frame)
    node = arguments.node(0, "inputs", "input", "x", "query", "sequence")
    if node is None:
        return NOTHING
    given = evaluator.value(node, module, frame)
    if frame is None and (given == UNKNOWN or isinstance(given, Tensor) and given.shape is None):
        around = carried(evaluator, node, module)
        given = given if around == UNKNOWN else around
    return given if isinstance(given, (Tensor, Sequence)) else NOTHING


def _lambda(evaluator: Evaluator, layer: Layer, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
    """``Lambda(function)(x)`` is ``function(x)``; an explicit output shape takes precedence."""
    found = layer.node(0, "function")
    given = input_of(evaluator, call, module, frame)
    if found is None or layer.node(1, "output_shape") is not None or layer.node(3, "arguments") is not None:
        return masks.behind(layer, given, NOTHING, evaluator.keras)
    for value in found[1].module.values(found[0]):
        if isinstance(value, ProjectFunction):
            result = project_functions.called(evaluator, value, call, module, frame, None)
            made = result if isinstance(result, (Tensor, Sequence)) else NOTHING
            return masks.behind(layer, given, made, evaluator.keras)
    return masks.behind(layer, given, NOTHING, evaluator.keras)


def through(evaluator: Evaluator, made: Value, layer: Layer, given: Abstract) -> list[Abstract]:
    """What a layer may return for a tensor; several values if the code does not decide."""
    if isinstance(made, Instance) and (layer.leaf in MODELS or method(made.of, "call") is not None):
        return [_through_own(evaluator, made, given)]
    if layer.leaf in MODELS:
        return [models.final_shape(evaluator, layer, given if isinstance(given, Tensor) else None, through)]
    if layer.leaf in RECURRENT:
        return list(_recurrent(layer, _first(given)))
    if layer.leaf == "Bidirectional":
        return [
            result
            for _, inner in inner_layers(evaluator, layer)
            for result in (_recurrent(inner, _first(given), layer) if inner.leaf in RECURRENT else (NOTHING,))
        ] or [NOTHING]
    if layer.leaf == "TimeDistributed":
        return list(_each_step(evaluator, layer, as_tensor(given)))
    made_of = _still_last(given, shapes.output(layer, given))
    return [masks.behind(layer, given, made_of, evaluator.keras)]


def _first(given: Abstract) -> Tensor:
    """The sequence in ``layer([x, state])``."""
    if isinstance(given, Sequence) and given.items:
        given = given.items[0]
    return given if isinstance(given, Tensor) else NOTHING


def _recurrent(layer: Layer, given: Tensor, around: Layer | None = None) -> Iterator[Abstract]:
    sequences = returns_sequences(layer)
    for either in (True, False) if sequences is None else (sequences,):
        made = shapes.recurrent(layer, given, either, around)
        if not either and shapes.never_returns_sequences(layer):
            made = _last_of(made, Where(layer.module, layer.call))
        yield masks.carrying(made, masks.behind_recurrent(given, around) if either else None)


def _last_of(made: Abstract, where: Where) -> Abstract:
    """A tensor, or the first of several, marked as the last output of a recurrent layer."""
    if isinstance(made, Tensor):
        return replace(made, last_of=where)
    if isinstance(made, Sequence) and made.items and isinstance(made.items[0], Tensor):
        return replace(made, items=(replace(made.items[0], last_of=where), *made.items[1:]))
    return made


def _still_last(given: Abstract, made: Abstract) -> Abstract:
    """The result of a layer for a last output, which stays one as long as its rank is the same."""
    if not isinstance(given, Tensor) or given.last_of is None or not isinstance(made, Tensor):
        return made
    same = given.shape is not None and made.shape is not None and len(given.shape) == len(made.shape)
    return replace(made, last_of=given.last_of if same else None)


def inner_layers(evaluator: Evaluator, wrapper: Layer) -> Iterator[tuple[Value, Layer]]:
    """The layers that a wrapper such as ``Bidirectional(layer)`` may wrap."""
    found = wrapper.node(0, "layer")
    if found is not None:
        for value in found[1].module.values(found[0]):
            inner = layer_of(evaluator, value, found[1].frame)
            if inner is not None:
                yield value, inner


def _each_step(evaluator: Evaluator, layer: Layer, given: Tensor) -> Iterator[Abstract]:
    """``TimeDistributed``: the wrapped layer is applied to every step, and the time axis is restored."""
    shape = given.shape
    if shape is None or len(shape) < 2:
        yield NOTHING
        return
    for value, inner in inner_layers(evaluator, layer):
        for result in through(evaluator, value, inner, Tensor((shape[0], *shape[2:]))):
            made = result.shape if isinstance(result, Tensor) else None
            yield NOTHING if not made else Tensor((made[0], shape[1], *made[1:]), given.mask)


def one_step(given: Tensor) -> Tensor:
    """The input of a layer under ``TimeDistributed``: the tensor without its time axis."""
    shape = given.shape
    return Tensor((shape[0], *shape[2:])) if shape and len(shape) > 2 else NOTHING
