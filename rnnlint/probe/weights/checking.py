"""Does the Keras layer compute what the legacy cell of the checkpoint computes?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rnnlint.probe.legacy_runs import difference
from rnnlint.probe.measurement import Here
from rnnlint.probe.weights.carrying import WEIGHTS
from rnnlint.probe.weights.cells import CUDNN_GRU, Found, mapping_of

__all__ = ["largest_difference"]

_BATCH, _STEPS = 4, 7


def largest_difference(
    here: Here, found: Found, parts: Mapping[str, Any], arrays: Mapping[str, Any], forget_bias: float
) -> float:
    """The largest difference of outputs and states, at steps within the lengths of the sequences.

    Both run on the same random inputs with random lengths, and with their default activations.
    """
    numbers = here.numpy.random.RandomState(0)
    inputs = numbers.normal(size=[_BATCH, _STEPS, found.input_depth]).astype("float32")
    lengths = numbers.randint(1, _STEPS + 1, size=[_BATCH])
    if found.cell == CUDNN_GRU:
        legacy = _cudnn_gru(here.numpy, parts, inputs, lengths)
    else:
        legacy = _legacy(here, found, parts, forget_bias if found.adds_forget_bias else 0.0, inputs, lengths)
    layer = getattr(here.tf.keras.layers, found.keras_layer or "")(
        found.units, return_sequences=True, return_state=True, **found.arguments()
    )
    mask = here.tf.sequence_mask(lengths, _STEPS)
    layer(inputs, mask=mask)
    layer.set_weights([here.numpy.asarray(arrays[name], "float32") for name in WEIGHTS])
    outputs, *states = (here.numpy.asarray(one) for one in layer(inputs, mask=mask))
    outputs = outputs * here.numpy.asarray(mask)[:, :, None]
    if found.cell != CUDNN_GRU:
        mapping = mapping_of(found.cell or "")
        states = [states[mapping.keras_state.index(name)] for name in mapping.state]
    return difference((outputs, *states), legacy)


def _legacy(
    here: Here, found: Found, parts: Mapping[str, Any], forget_bias: float, inputs: Any, lengths: Any
) -> tuple[Any, ...]:
    """Outputs and the parts of the state of dynamic_rnn over the legacy cell with these variables."""
    tf, v1, mapping = here.tf, here.v1, mapping_of(found.cell or "")
    given = {"forget_bias": forget_bias} if mapping.forget_gate else {}
    with v1.Graph().as_default() as graph:
        cell = getattr(here.rnn_cell, mapping.cell)(found.units, **given)
        outputs, state = v1.nn.dynamic_rnn(
            cell, tf.constant(inputs), sequence_length=tf.constant(lengths), dtype=tf.float32
        )
        with v1.Session(graph=graph) as session:
            for one in v1.global_variables():
                # Without the scopes of the runner and of the cell.
                one.load(here.numpy.asarray(parts[one.op.name.split("/", 2)[-1]], "float32"), session)
            return tuple(session.run([outputs, *tf.nest.flatten(state)]))


def _cudnn_gru(numpy: Any, parts: Mapping[str, Any], inputs: Any, lengths: Any) -> tuple[Any, Any]:
    """The same for CudnnCompatibleGRUCell, which TensorFlow 2 no longer has: its equations, step by step."""
    units = len(parts["candidate/input_projection/bias"])
    state, outputs = numpy.zeros([len(inputs), units]), []
    for step in range(inputs.shape[1]):
        x, is_valid = inputs[:, step], (step < lengths)[:, None]
        sums = numpy.concatenate([x, state], 1) @ parts["gates/kernel"] + parts["gates/bias"]
        reset, update = numpy.split(1 / (1 + numpy.exp(-sums)), 2, axis=1)
        from_input, from_state = (
            given @ parts[f"candidate/{side}_projection/kernel"] + parts[f"candidate/{side}_projection/bias"]
            for side, given in (("input", x), ("hidden", state))
        )
        new = update * state + (1 - update) * numpy.tanh(from_input + reset * from_state)
        state = numpy.where(is_valid, new, state)
        outputs.append(numpy.where(is_valid, new, 0.0))
    return numpy.stack(outputs, 1), state
