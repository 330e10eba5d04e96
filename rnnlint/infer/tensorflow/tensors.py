"""Which static shape does a TensorFlow call return? Placeholders, reshapes, splits and functions that keep shapes."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from rnnlint.infer.tensorflow import convolutions, operations
from rnnlint.infer.tensorflow.arguments import Arguments, as_tensor, shape_from
from rnnlint.infer.values import arithmetic
from rnnlint.infer.values.domain import (
    ANY,
    UNKNOWN,
    Abstract,
    Int,
    Other,
    Sequence,
    Tensor,
    Where,
    as_int,
    exactly,
    join,
)
from rnnlint.infer.values.frames import Frame
from rnnlint.resolve.prospects import prospects_of
from rnnlint.resolve.values import Made, Module

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

LIBRARIES = ("tf.", "tfa.", "keras.", "tf_keras.", "numpy.")
_SAME_SHAPE = {
    "cast", "identity", "sigmoid", "tanh", "relu", "relu6", "elu", "selu", "softmax", "log_softmax", "softplus",
    "exp", "log", "sqrt", "square", "abs", "negative", "stop_gradient", "dropout", "to_float", "to_int32", "to_int64",
    "zeros_like", "ones_like", "clip_by_value", "reverse", "reverse_sequence", "reverse_v2", "batch_normalization",
    "l2_normalize", "layer_norm", "convert_to_tensor", "check_numerics", "Print", "leaky_relu", "sign", "floor",
    "round", "asarray", "ascontiguousarray", "float32", "int32", "placeholder_with_default", "masked_fill", "rsqrt",
}  # fmt: skip
_NO_STEPS = frozenset(
    """
    shape size rank sum mean max min any all prod argmax argmin reduce_sum reduce_mean reduce_max reduce_min reduce_any
    reduce_all reduce_prod sequence_mask equal not_equal greater less int_shape ndim name_scope function
    """.split()  # noqa: SIM905 - as a list it would be three times as long
)
"""Functions whose result is not a sequence of the input's steps."""

_FROM_SHAPE = {
    "zeros": 0, "ones": 0, "random_normal": 0, "random_uniform": 0, "truncated_normal": 0, "fill": 0, "empty": 0,
    "get_variable": 1, "normal": 0, "uniform": 0, "rand": 0, "random": 0, "placeholder": 1, "sparse_placeholder": 1,
    "TensorSpec": 0,
}  # fmt: skip
_RANDOM_SIZE = {
    "rand": 0, "randn": 0, "random": 0, "random_sample": 0, "ranf": 0, "sample": 0, "standard_normal": 0, "choice": 1,
    "normal": 2, "uniform": 2, "randint": 2, "random_integers": 2, "binomial": 2,
}  # fmt: skip
"""Functions of ``numpy.random``, with the position of the size among their arguments."""


Handler: TypeAlias = Callable[[Arguments], Abstract]


def result(arguments: Arguments, path: str) -> Abstract:
    """The value of a call of a library function."""
    leaf = path.rsplit(".", 1)[-1]
    call, module, frame = arguments.call, arguments.module, arguments.frame
    if not path.startswith(LIBRARIES):
        return Other(Made(path, call, module), frame)
    if leaf in _SAME_SHAPE:
        given = arguments.tensor(0, "x", "input", "value", "features", "tensor", "logits", "a")
        return arguments.evaluator.libraries.after_operation(
            given, (given,), leaf, Where(module, call.func), same_steps=True
        )
    if path.startswith("numpy.random.") and leaf in _RANDOM_SIZE:
        return _random_array(arguments, leaf)
    if leaf in _FROM_SHAPE:
        return shape_from(arguments.value(_FROM_SHAPE[leaf], "shape", "dims", "size"))
    slid = convolutions.result(arguments, path)
    if slid is not None:
        return slid
    handler = _HANDLERS.get(leaf) or operations.HANDLERS.get(leaf)
    made = handler(arguments) if handler is not None else Other(Made(path, call, module), frame)
    if path.startswith("numpy.") or leaf in _NO_STEPS or not prospects_of(module).may_lose_masks:
        return made
    return _losing_masks(arguments, made, leaf)


def _losing_masks(arguments: Arguments, made: Abstract, leaf: str) -> Abstract:
    """The result of a function for tensors, without their masks; unknown functions count if one input had a mask."""
    given: list[Abstract] = []
    for node in arguments.call.args:
        value = (
            UNKNOWN
            if isinstance(node, ast.Starred)
            else arguments.evaluator.value(node, arguments.module, arguments.frame)
        )
        given += value.items or () if isinstance(value, Sequence) else (value,)
    masked = [one for one in given if isinstance(one, Tensor) and one.mask is not None and one.mask.state != "absent"]
    if not masked or not isinstance(made, (Tensor, Other)):
        return made
    tensor = made if isinstance(made, Tensor) else Tensor(None)
    axis = arguments.integer(0, 1, "axis") if leaf in ("concat", "concatenate") else None
    return arguments.evaluator.libraries.after_operation(
        tensor, masked, leaf, Where(arguments.module, arguments.call.func), same_steps=axis in (-1, 2) or None
    )


def reshaped(evaluator: Evaluator, base: Tensor, shape: list[ast.expr], module: Module, frame: Frame | None) -> Tensor:
    """``array.reshape(shape)`` and ``array.reshape(a, b)``."""
    values = [evaluator.value(part, module, frame) for part in shape]
    if len(values) == 1 and isinstance(values[0], Sequence):
        return _reshape_to(base, values[0])
    return _reshape_to(base, Sequence(exactly(len(values)), tuple(values)))


def _reshape_to(base: Tensor, shape: Abstract | None) -> Tensor:
    wanted = shape_from(shape, UNKNOWN)
    if wanted.shape is None:
        return wanted
    return Tensor(fill_minus_one(base, wanted.shape))


def fill_minus_one(base: Tensor, axes: tuple[arithmetic.Axis, ...]) -> tuple[arithmetic.Axis, ...]:
    """A shape with its one unknown axis computed, if the number of elements is known."""
    holes = [index for index, axis in enumerate(axes) if not isinstance(axis, Int)]
    sizes = [axis.exact if isinstance(axis, Int) else None for axis in base.shape or ()]
    if len(holes) != 1 or not sizes or None in sizes:
        return axes
    total = 1
    for size in sizes:
        total *= size or 0
    known = 1
    for axis in axes:
        known *= (axis.exact or 0) if isinstance(axis, Int) else 1
    if known <= 0 or total % known:
        return axes
    filled = list(axes)
    filled[holes[0]] = exactly(total // known)
    return tuple(filled)


def _random_array(arguments: Arguments, leaf: str) -> Abstract:
    """``numpy.random``: without a size one number; ``rand`` and ``randn`` take each axis as an argument."""
    if leaf in ("rand", "randn"):
        values = [arguments.evaluator.value(node, arguments.module, arguments.frame) for node in arguments.call.args]
        return Tensor(None) if arguments.hidden else shape_from(Sequence(exactly(len(values)), tuple(values)))
    size = arguments.value(_RANDOM_SIZE[leaf], "size")
    return UNKNOWN if size is None else shape_from(size, UNKNOWN)


def _padded(arguments: Arguments) -> Abstract:
    """``pad_sequences(sequences, maxlen)``: one row per sequence."""
    longest = arguments.value(1, "maxlen")
    return Tensor((UNKNOWN, longest if isinstance(longest, Int) and longest != ANY else UNKNOWN))


def _reshape(arguments: Arguments) -> Abstract:
    return _reshape_to(arguments.tensor(0, "tensor", "a"), arguments.value(1, "shape", "newshape"))


def _transpose(arguments: Arguments) -> Abstract:
    base = arguments.tensor(0, "a", "x")
    order = arguments.value(1, "perm", "axes", "pattern")
    if base.shape is None:
        return base
    if order is None:
        return Tensor(base.shape[::-1])
    if not isinstance(order, Sequence) or order.items is None:
        return Tensor(None)
    numbers = [as_int(item).exact for item in order.items]
    if sorted(n for n in numbers if n is not None) != list(range(len(base.shape))):
        return Tensor(None)
    return Tensor(tuple(base.shape[n] for n in numbers if n is not None))


def _expand_dims(arguments: Arguments) -> Abstract:
    base = arguments.tensor(0, "input", "x", "a")
    axis = arguments.integer(0, 1, "axis", "dim")
    if base.shape is None or axis is None:
        return Tensor(None)
    at = axis if axis >= 0 else axis + len(base.shape) + 1
    return Tensor((*base.shape[:at], exactly(1), *base.shape[at:]))


def _squeeze(arguments: Arguments) -> Abstract:
    base = arguments.tensor(0, "input", "x", "a")
    if base.shape is None:
        return base
    wanted = arguments.value(1, "axis", "squeeze_dims")
    if wanted is None:
        if not all(isinstance(axis, Int) and axis.exact is not None for axis in base.shape):
            return Tensor(None)
        return Tensor(tuple(a for a in base.shape if not (isinstance(a, Int) and a.exact == 1)))
    parts = wanted.items if isinstance(wanted, Sequence) and wanted.items is not None else (wanted,)
    numbers = [as_int(part).exact for part in parts]
    if None in numbers:
        return Tensor(None)
    gone = {n % len(base.shape) for n in numbers if n is not None}
    return Tensor(tuple(axis for index, axis in enumerate(base.shape) if index not in gone))


def _pieces(arguments: Arguments) -> Abstract:
    """``tf.unstack(value, num=None, axis=0)``."""
    base = arguments.tensor(0, "value")
    axis = arguments.integer(0, 2, "axis")
    number = arguments.value(1, "num")
    rest: Abstract = Tensor(None)
    length: Int = ANY
    if base.shape is not None and axis is not None and -len(base.shape) <= axis < len(base.shape):
        at = axis % len(base.shape)
        rest = Tensor(base.shape[:at] + base.shape[at + 1 :])
        size = base.shape[at]
        length = as_int(size)
    if isinstance(number, Int) and number != ANY:
        length = number
    return Sequence(length, None, rest)


def _split(arguments: Arguments) -> Abstract:
    """``tf.split``, with the argument order before 1.0 (axis, number, value) or since (value, number, axis)."""
    first = arguments.value(0, "value", "split_dim")
    old = arguments.node(None, "split_dim", "num_split") is not None or (
        len(arguments.call.args) == 3 and isinstance(first, Int) and first != ANY
    )
    if arguments.node(None, "value") is not None and len(arguments.call.args) == 2:
        old = True
    number = arguments.value(1, "num_split") if old else arguments.value(1, "num_or_size_splits")
    axis = arguments.integer(0, 0, "split_dim", "axis") if old else arguments.integer(0, 2, "axis")
    base = arguments.tensor(2, "value") if old else arguments.tensor(0, "value")
    length = number.length if isinstance(number, Sequence) else as_int(number or UNKNOWN)
    if base.shape is not None and axis is not None and -len(base.shape) <= axis < len(base.shape):
        at = axis % len(base.shape)
        size = base.shape[at]
        each = arithmetic.binary(ast.FloorDiv(), size, length) if isinstance(size, Int) else UNKNOWN
        # Explicit sizes are those of the pieces; otherwise all pieces are equal.
        sizes = (number.items or (number.item,)) if isinstance(number, Sequence) else (each,)
        pieces = [Tensor((*base.shape[:at], _axis(one), *base.shape[at + 1 :])) for one in sizes]
        return Sequence(length, tuple(pieces) if len(pieces) == length.exact else None, join(pieces))
    return Sequence(length, None, Tensor(None))


def _axis(value: Abstract) -> arithmetic.Axis:
    return value if isinstance(value, Int) and value != ANY and value.low >= 0 else UNKNOWN


def _concat(arguments: Arguments) -> Abstract:
    """``tf.concat(values, axis)``, or ``tf.concat(axis, values)`` before 1.0."""
    first, second = arguments.value(0, "values", "concat_dim", "xs", "tensors"), arguments.value(1, "axis")
    if second is None:
        second = arguments.value(None, "values")
    if isinstance(first, Int):
        first, second = second, first
    axis = as_int(second if second is not None else UNKNOWN).exact
    if not isinstance(first, Sequence) or axis is None:
        return Tensor(None)
    parts = [as_tensor(item) for item in (first.items if first.items is not None else (first.item,))]
    shapes = [part.shape for part in parts]
    if not shapes or None in shapes or len({len(s) for s in shapes if s is not None}) != 1:
        return Tensor(None)
    known = [shape for shape in shapes if shape is not None]
    at = axis % len(known[0]) if known[0] else 0
    total: Abstract = exactly(0)
    for shape in known:
        total = arithmetic.binary(ast.Add(), total, shape[at])
    if first.items is None:
        total = arithmetic.binary(ast.Mult(), known[0][at], first.length)
    joined = [join(axes) for axes in zip(*known)]
    axes = [axis_ if isinstance(axis_, Int) else UNKNOWN for axis_ in joined]
    axes[at] = total if isinstance(total, Int) else UNKNOWN
    return Tensor(tuple(axes))


def _stack(arguments: Arguments) -> Abstract:
    values = arguments.value(0, "values", "arrays")
    axis = arguments.integer(0, 1, "axis")
    stacked = as_tensor(values)
    if stacked.shape is None or axis is None:
        return Tensor(None)
    at = axis % len(stacked.shape)
    rest = stacked.shape[1:]
    return Tensor((*rest[:at], stacked.shape[0], *rest[at:]))


def _embedding_lookup(arguments: Arguments) -> Abstract:
    table, ids = arguments.tensor(0, "params"), arguments.tensor(1, "ids", "indices")
    if ids.shape is None:
        return Tensor(None)
    depth = table.shape[1:] if table.shape else (UNKNOWN,)
    return Tensor((*ids.shape, *depth))


def _one_hot(arguments: Arguments) -> Abstract:
    ids = arguments.tensor(0, "indices", "labels")
    depth = as_int(arguments.value(1, "depth", "num_classes") or UNKNOWN)
    return Tensor(None) if ids.shape is None else Tensor((*ids.shape, depth if depth != ANY else UNKNOWN))


def _constant(arguments: Arguments) -> Abstract:
    shape = arguments.value(2, "shape")
    if shape is not None:
        return shape_from(shape)
    return as_tensor(arguments.value(0, "value", "initial_value", "object", "dtype"))


def _dense(arguments: Arguments) -> Abstract:
    base = arguments.tensor(0, "inputs")
    units = as_int(arguments.value(1, "units", "num_outputs") or UNKNOWN)
    return Tensor(None) if not base.shape else Tensor((*base.shape[:-1], units if units != ANY else UNKNOWN))


def _tile(arguments: Arguments) -> Abstract:
    base, times = arguments.tensor(0, "input"), arguments.value(1, "multiples")
    if base.shape is None or not isinstance(times, Sequence) or times.items is None:
        return Tensor(None)
    if len(times.items) != len(base.shape):
        return Tensor(None)
    axes = [arithmetic.binary(ast.Mult(), a, b) for a, b in zip(base.shape, times.items)]
    return Tensor(tuple(axis if isinstance(axis, Int) else UNKNOWN for axis in axes))


def _static_rnn(arguments: Arguments) -> Abstract:
    inputs = arguments.value(1, "inputs")
    length = inputs.length if isinstance(inputs, Sequence) else ANY
    return Sequence(exactly(2), (Sequence(length, None, Tensor(None)), UNKNOWN))


def _static_bidirectional(arguments: Arguments) -> Abstract:
    inputs = arguments.value(2, "inputs")
    length = inputs.length if isinstance(inputs, Sequence) else ANY
    return Sequence(exactly(3), (Sequence(length, None, Tensor(None)), UNKNOWN, UNKNOWN))


def _dynamic_rnn(arguments: Arguments) -> Abstract:
    inputs = arguments.tensor(1, "inputs")
    shape = (*inputs.shape[:2], UNKNOWN) if inputs.shape and len(inputs.shape) == 3 else None
    return Sequence(exactly(2), (Tensor(shape), UNKNOWN))


def _dynamic_bidirectional(arguments: Arguments) -> Abstract:
    inputs = arguments.tensor(2, "inputs")
    shape = (*inputs.shape[:2], UNKNOWN) if inputs.shape and len(inputs.shape) == 3 else None
    pair = Sequence(exactly(2), (Tensor(shape), Tensor(shape)), Tensor(shape))
    return Sequence(exactly(2), (pair, UNKNOWN))


def _slice(arguments: Arguments) -> Abstract:
    base, size = arguments.tensor(0, "input_"), shape_from(arguments.value(2, "size"), UNKNOWN)
    return size if size.shape is not None and base is not None else Tensor(None)


def _decoded(arguments: Arguments) -> Abstract:
    """Legacy seq2seq decoders: as many outputs as decoder inputs."""
    inputs = arguments.value(1, "decoder_inputs") or arguments.value(0, "decoder_inputs")
    length = inputs.length if isinstance(inputs, Sequence) else ANY
    return Sequence(exactly(2), (Sequence(length, None, Tensor(None)), UNKNOWN))


_HANDLERS: dict[str, Handler] = {
    "reshape": _reshape,
    "transpose": _transpose,
    "permute_dimensions": _transpose,
    "expand_dims": _expand_dims,
    "squeeze": _squeeze,
    "unstack": _pieces,
    "unpack": _pieces,
    "split": _split,
    "concat": _concat,
    "concat_v2": _concat,
    "concatenate": _concat,
    "pad_sequences": _padded,
    "stack": _stack,
    "pack": _stack,
    "embedding_lookup": _embedding_lookup,
    "gather": _embedding_lookup,
    "one_hot": _one_hot,
    "to_categorical": _one_hot,
    "constant": _constant,
    "Variable": _constant,
    "array": _constant,
    "dense": _dense,
    "fully_connected": _dense,
    "tile": _tile,
    "slice": _slice,
    "static_rnn": _static_rnn,
    "rnn": _static_rnn,
    "static_bidirectional_rnn": _static_bidirectional,
    "bidirectional_rnn": _static_bidirectional,
    "dynamic_rnn": _dynamic_rnn,
    "bidirectional_dynamic_rnn": _dynamic_bidirectional,
    "basic_rnn_seq2seq": _decoded,
    "embedding_rnn_seq2seq": _decoded,
    "embedding_attention_seq2seq": _decoded,
    "TensorShape": lambda a: a.value(0, "dims") or UNKNOWN,
    "shape": lambda a: UNKNOWN,
    "Dimension": lambda a: a.value(0, "value") or UNKNOWN,
}
