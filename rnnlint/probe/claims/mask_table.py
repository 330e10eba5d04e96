"""Does each built-in Keras layer treat a mask as the table says, and what happens to joined masks?"""

from __future__ import annotations

from typing import Any

from rnnlint.facts import keras_masks
from rnnlint.probe.legacy_runs import ROUNDING, difference, sequences
from rnnlint.probe.measurement import Here, Outcome, judged, measures

DEPTH, UNITS, STEPS = 8, 16, 4
LENGTHS = (2, 3, 4)
SHORT = [row for row, length in enumerate(LENGTHS) if length < STEPS]
FAR = 0.001
"""A real difference; rounding stays a hundred times below it."""

_PICTURES = ("CenterCrop", "Resizing")

_PAIRED = ("MultiHeadAttention", "GroupQueryAttention")
"""Layers that take a query and a value."""

_OF_TWO = (*keras_masks.JOINING, "Attention", "AdditiveAttention", "Dot")
"""Layers that take a list of two."""


@measures("keras-mask-table", seconds=6)
def keras_mask_table(here: Here) -> Outcome:
    """Check the mask after each layer of the table."""
    rows, failures = {}, []
    layers = here.tf.keras.layers
    for name, row in keras_masks.table().items():
        said = row.keras2 if here.keras_generation == 2 else row.keras3
        if said == "-" or not hasattr(layers, name):
            continue
        rows[name] = found = "keeps" if _mask_behind(here, name, row.example) is not None else "loses"
        failures += [f"{name}: {found}, but the table says {said}"] if found != said else []
    counts = [list(rows.values()).count(one) for one in ("keeps", "loses")]
    return judged({"mask_behind": rows}, f"{counts[0]} keep it and {counts[1]} drop it", failures)


def _mask_behind(here: Here, name: str, example: str) -> Any:
    layers = here.tf.keras.layers
    names = {one: getattr(layers, one) for one in dir(layers) if one[:1].isupper()}
    own = example.partition("(")[0]
    # A layer with several names is only made under one of them.
    layer = eval(name + example[len(own) :], names)
    x = layers.Masking(0.0)(here.tf.keras.Input((6, *[4] * _axes_of_a_step(name))))
    made = layer(x, x) if name in _PAIRED else layer([x, x]) if name in _OF_TWO else layer(x)
    return getattr(made, "_keras_mask", None)


def _axes_of_a_step(name: str) -> int:
    """How many axes follow the time axis."""
    if name.startswith("ConvLSTM"):
        return int(name[-2]) + 1
    kind = name.replace("Transpose", "")[-2:]
    return 2 if name in _PICTURES else int(kind[0]) if kind in ("1D", "2D", "3D") else 1


@measures("keras-joined-masks", seconds=2)
def keras_joined_masks(here: Here) -> Outcome:
    """Join a masked sequence with one without a mask, and run a SimpleRNN over the result."""
    rows, failures = {}, []
    layers = here.tf.keras.layers
    mask = here.tf.sequence_mask(LENGTHS, STEPS)
    data = sequences(here, len(LENGTHS), STEPS, DEPTH) * mask.numpy()[:, :, None]
    for name in sorted(keras_masks.JOINING):
        for first in ("masked first", "masked last"):
            parts = [layers.Masking(0.0)(data), here.tf.constant(data) + 1.0]
            made = getattr(layers, name)()(parts if first == "masked first" else parts[::-1])
            rnn = layers.SimpleRNN(UNITS)
            bare = made.numpy()
            rnn(bare)
            rnn.set_weights([here.numpy.random.RandomState(5).normal(size=one.shape) / 3 for one in rnn.get_weights()])
            found = rnn(made).numpy()
            rows[f"{name}, {first}"] = row = {
                "from_rnn_with_mask": difference(found[SHORT], rnn(bare, mask=mask).numpy()[SHORT]),
                "from_rnn_without_mask": difference(found[SHORT], rnn(bare).numpy()[SHORT]),
            }
            same, other = [*row.values()] if here.keras_generation == 2 else [*row.values()][::-1]
            failures += [f"{name}, {first}: {row}"] if same > ROUNDING or other < FAR else []
    kept = sum(row["from_rnn_with_mask"] <= ROUNDING for row in rows.values())
    counts = sum(row["from_rnn_without_mask"] <= ROUNDING for row in rows.values())
    summary = f"{len(rows)} joins: the mask is kept in {kept}, the padding counts in {counts}"
    return judged({"largest_absolute_difference": rows}, summary, failures)
