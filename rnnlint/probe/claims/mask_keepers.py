"""Which Keras layers pass a mask on, which drop it, and how does that change the result?"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from rnnlint.probe.legacy_runs import ROUNDING, difference, sequences
from rnnlint.probe.measurement import Here, Outcome, judged, measures

DEPTH, UNITS, STEPS = 8, 16, 4
LENGTHS = (2, 3, 4)
SHORT = [row for row, length in enumerate(LENGTHS) if length < STEPS]
FAR = 0.001
"""A real difference; rounding stays a hundred times below it."""
IN_A_MODEL = ("Dense", "Add", "Lambda", "Conv1D")
"""Layers that are also tested in a functional model. Keras 2 takes seconds for each, so not all are."""

Step = Callable[[Any], Any]
"""A layer, or a function of tensors, between a mask and a recurrent layer."""


@measures("keras-layers-keep-mask", seconds=3)
def keras_layers_keep_mask(here: Here) -> Outcome:
    """Put each layer between a mask and a SimpleRNN."""
    rows, failures = {}, []
    for name, step in _keepers(here).items():
        padded, given, rnn = _behind(here, step)
        found, bare = rnn(given).numpy(), given.numpy()
        rows[name] = row = {
            "from_rnn_with_mask": difference(found, rnn(bare, mask=_mask(here)).numpy()),
            "from_rnn_without_mask": difference(found[SHORT], rnn(bare).numpy()[SHORT]),
            "from_the_truncated_sequence": difference(list(found), _alone(here, step, rnn)),
        }
        kept = row["from_rnn_with_mask"] <= ROUNDING and row["from_rnn_without_mask"] >= FAR
        failures += [] if kept else [f"{name} drops the mask: {row}"]
        failures += [f"{name}: {row}"] if row["from_the_truncated_sequence"] > ROUNDING else []
        failures += _in_a_model(here, name, step, rnn, padded, found)
    most = max(row["from_the_truncated_sequence"] for row in rows.values())
    summary = f"keep it: {', '.join(rows)}; from the truncated sequence at most {most}"
    return judged({"largest_absolute_difference": rows, "allowed_for_rounding": ROUNDING}, summary, failures)


@measures("keras-layers-drop-mask", seconds=2)
def keras_layers_drop_mask(here: Here) -> Outcome:
    """Put each layer and operation between a mask and a SimpleRNN, and catch warnings."""
    rows, failures = {}, []
    for name, step in (_droppers(here) | _mixing_droppers(here)).items():
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            padded, given, rnn = _behind(here, step)
        found, is_layer = rnn(given).numpy(), isinstance(step, here.tf.keras.layers.Layer)
        rows[name] = row = {"from_rnn_without_mask": difference(found, rnn(given.numpy()).numpy())}
        failures += [f"{name} keeps the mask: {row}"] if row["from_rnn_without_mask"] > ROUNDING else []
        if name in _droppers(here):
            row["from_the_truncated_sequence"] = lost = difference(list(found), _alone(here, step, rnn))
            failures += [f"{name}: nothing is lost, {lost}"] if lost < FAR else []
        warned = any("mask" in str(warning.message) for warning in caught)
        failures += [f"{name} warns: {warned}"] if warned != (is_layer and here.keras_generation == 3) else []
        failures += _in_a_model(here, name, step, rnn, padded, found)
    off = [row["from_the_truncated_sequence"] for row in rows.values() if "from_the_truncated_sequence" in row]
    warn = "the layers warn" if here.keras_generation == 3 else "nothing warns"
    summary = f"drop it: {', '.join(rows)}; {warn}; from the truncated sequence {min(off)} to {max(off)}"
    return judged({"largest_absolute_difference": rows}, summary, failures)


def _keepers(here: Here) -> dict[str, Step]:
    # Random weights are the same in every run.
    here.tf.keras.utils.set_random_seed(1)
    keras = here.tf.keras.layers
    add, concatenate, multiply = keras.Add(), keras.Concatenate(), keras.Multiply()
    attention = keras.MultiHeadAttention(2, UNITS)
    plain = ("BatchNormalization", "LayerNormalization", "UnitNormalization", "ReLU", "LeakyReLU")
    recurrent = ("SimpleRNN", "LSTM", "GRU")
    return {
        "Dense": keras.Dense(UNITS),
        "Dropout": keras.Dropout(0.5),
        "SpatialDropout1D": keras.SpatialDropout1D(0.5),
        "GaussianNoise": keras.GaussianNoise(0.5),
        "Activation": keras.Activation("tanh"),
        **{name: getattr(keras, name)() for name in plain},
        "TimeDistributed(Dense)": keras.TimeDistributed(keras.Dense(UNITS)),
        **{f"{name}(return_sequences=True)": getattr(keras, name)(UNITS, return_sequences=True) for name in recurrent},
        "Bidirectional(LSTM(return_sequences=True))": keras.Bidirectional(keras.LSTM(UNITS, return_sequences=True)),
        "Add": lambda x: add([x, x]),
        "Concatenate": lambda x: concatenate([x, x]),
        "Multiply": lambda x: multiply([x, x]),
        "MultiHeadAttention": lambda x: attention(x, x),
    }


def _droppers(here: Here) -> dict[str, Step]:
    """Layers whose result at each step depends on that step alone: with a mask it equals that of the sequence."""
    here.tf.keras.utils.set_random_seed(1)
    tf, keras = here.tf, here.tf.keras.layers
    return {
        "Lambda": keras.Lambda(lambda x: x * 2.0),
        "Conv1D": keras.Conv1D(UNITS, 1),
        "SeparableConv1D": keras.SeparableConv1D(UNITS, 1),
        "Reshape": keras.Reshape([-1, DEPTH]),
        "x * 2": lambda x: x * 2.0,
        "x[:, :, ::2]": lambda x: x[:, :, ::2],
        "tf.nn.relu": tf.nn.relu,
        "tf.concat": lambda x: tf.concat([x, x], 2),
    }


def _mixing_droppers(here: Here) -> dict[str, Step]:
    """Layers that mix or replace the steps of the sequence."""
    keras = here.tf.keras.layers
    return {
        "Permute": keras.Permute([2, 1]),
        "MaxPooling1D": keras.MaxPooling1D(2),
        "AveragePooling1D": keras.AveragePooling1D(2),
        "Cropping1D": keras.Cropping1D(1),
        "ZeroPadding1D": keras.ZeroPadding1D(1),
        "UpSampling1D": keras.UpSampling1D(2),
    }


def _mask(here: Here) -> Any:
    return here.tf.sequence_mask(LENGTHS, STEPS)


def _behind(here: Here, step: Step) -> tuple[Any, Any, Any]:
    """A padded batch, the result of the layer after Masking, and a SimpleRNN for it."""
    padded = sequences(here, len(LENGTHS), STEPS, DEPTH) * _mask(here).numpy()[:, :, None]
    given = step(here.tf.keras.layers.Masking(0.0)(padded))
    rnn = here.tf.keras.layers.SimpleRNN(UNITS)
    # A numpy array carries no mask.
    rnn(given.numpy())
    numbers = here.numpy.random.RandomState(5)
    rnn.set_weights([numbers.normal(size=one.shape) / 3 for one in rnn.get_weights()])
    return padded, given, rnn


def _alone(here: Here, step: Step, rnn: Any) -> list[Any]:
    data = here.tf.constant(sequences(here, len(LENGTHS), STEPS, DEPTH))
    return [rnn(step(data[row : row + 1, :length]).numpy()).numpy()[0] for row, length in enumerate(LENGTHS)]


def _in_a_model(here: Here, name: str, step: Step, rnn: Any, padded: Any, eager: Any) -> list[str]:
    """The difference between a functional model and eager calls; empty if it is not tested."""
    if name not in IN_A_MODEL:
        return []
    keras = here.tf.keras
    inputs = keras.Input([STEPS, DEPTH])
    model = keras.Model(inputs, rnn(step(keras.layers.Masking(0.0)(inputs))))
    off = difference(model(padded).numpy(), eager)
    return [f"{name}: {off} between a model and eager calls"] if off > ROUNDING else []
