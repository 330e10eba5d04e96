"""Does a Keras layer compute the same with unroll=True as with unroll=False?"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from rnnlint.probe.claims.keras_unrolling import keras_layer
from rnnlint.probe.legacy_runs import ROUNDING, difference, largest, sequences
from rnnlint.probe.measurement import Here, Outcome, judged, measures

DEPTH, UNITS, STEPS = 8, 16, 5
LENGTHS = (2, 3, 5)
MASKS = ("no mask", "padded at the end", "padded at the start")
LAYERS = ("SimpleRNN", "LSTM", "GRU", "RNN(LSTMCell)", "RNN([LSTMCell, SimpleRNNCell])")


@measures("keras-unroll-same-results", seconds=16)
def keras_unroll_same_results(here: Here) -> Outcome:
    """Run each layer both ways, with the same weights and inputs, and take the gradients."""
    rows, failures = {}, []
    for kind in LAYERS:
        worst = 0.0
        ways = product((True, False), (False, True)) if here.full else ((True, False), (False, True))
        for (sequence, backwards), mask in product(ways, MASKS):
            arguments = {"return_sequences": sequence, "go_backwards": backwards}
            off = _difference(here, kind, arguments, mask)
            worst = max(worst, off)
            said = ", ".join([kind, *(f"{name}={value}" for name, value in arguments.items()), mask])
            failures += [f"{said}: off by {off}"] if off > ROUNDING else []
        rows[kind] = worst
    summary = f"at most {max(rows.values())} apart, relative to the largest number: {', '.join(rows)}"
    measured = {"largest_difference_as_a_part": rows, "masks": list(MASKS), "allowed_for_rounding": ROUNDING}
    return judged(measured, summary, failures)


def _difference(here: Here, kind: str, arguments: Mapping[str, Any], mask: str) -> float:
    """The largest difference of all results, relative to the largest number of each."""
    data = here.tf.constant(sequences(here, len(LENGTHS), STEPS, DEPTH))
    made = [_layer(here, kind, data, unroll=unroll, **arguments) for unroll in (True, False)]
    made[1].set_weights(made[0].get_weights())
    unrolled, looped = (_computed(here, layer, data, _mask(here, mask)) for layer in made)
    parts = (difference(one, other) / (largest(other) or 1.0) for one, other in zip(unrolled, looped, strict=True))
    return float(f"{max(parts):.3g}")


def _layer(here: Here, kind: str, data: Any, **arguments: Any) -> Any:
    """A layer with nonzero weights and biases."""
    layer = keras_layer(here.tf.keras.layers, kind, units=UNITS, return_state=True, **arguments)
    layer(data)
    numbers = here.numpy.random.RandomState(4)
    layer.set_weights([numbers.normal(size=one.shape) / 3 for one in layer.get_weights()])
    return layer


def _mask(here: Here, mask: str) -> Any:
    if mask == "no mask":
        return None
    steps = here.numpy.arange(STEPS)
    padding = [STEPS - length for length in LENGTHS]
    if mask == "padded at the start":
        return here.tf.constant([steps >= first for first in padding])
    return here.tf.constant([steps < length for length in LENGTHS])


def _computed(here: Here, layer: Any, data: Any, mask: Any) -> list[Any]:
    """The outputs, the final states, and the gradients of a sum that weights each number differently."""
    tf = here.tf

    def body(inputs: Any) -> Any:
        with tf.GradientTape() as tape:
            parts = tf.nest.flatten(layer(inputs, mask=mask))
            loss = tf.add_n([tf.reduce_sum(part * _weights(here, part)) for part in parts])
        return [*parts, *tape.gradient(loss, layer.trainable_variables)]

    # In a graph, as in fit and predict: an eager call runs the same operations in either case.
    return [one.numpy() for one in tf.function(body, autograph=False)(data)]


def _weights(here: Here, part: Any) -> Any:
    return here.numpy.random.RandomState(5).normal(size=part.shape).astype("float32")
