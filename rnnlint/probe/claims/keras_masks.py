"""How does a mask change the outputs and states of Keras layers?"""

from __future__ import annotations

from typing import Any

from rnnlint.facts.weight_mapping import MAPPINGS
from rnnlint.probe.carried import keras_layer, legacy_beside
from rnnlint.probe.legacy_runs import ROUNDING, difference, largest, sequences
from rnnlint.probe.measurement import Here, Outcome, judged, measures

DEPTH, UNITS, STEPS, WORDS = 8, 16, 4, 20
LENGTHS = (2, 3, 4)
SHORT = [row for row, length in enumerate(LENGTHS) if length < STEPS]
FAR = 0.01
"""A real difference; rounding stays a thousand times below it."""
LAYERS = ("SimpleRNN", "LSTM", "GRU", "Bidirectional")


@measures("keras-mask-equals-truncated", seconds=2.5)
def keras_mask_equals_truncated(here: Here) -> Outcome:
    """Run padded batches with and without a mask, and each sequence alone without its padding."""
    rows, failures = {}, []
    fronts = _fronts(here)
    for kind, unroll, front in (
        *((kind, False, "Masking") for kind in LAYERS),
        *((kind, False, "Embedding(mask_zero=True)") for kind in (LAYERS if here.full else ("LSTM",))),
        *((kind, True, "Masking") for kind in LAYERS[:3]),
    ):
        layer = _recurrent(here, kind, unroll)
        for side in ("end", "start"):
            name = f"{front} and {kind}{', unroll=True' if unroll else ''}, padded at the {side}"
            row = rows[name] = _against_truncated(fronts[front], layer, side)
            failures += [f"{name}: {row['masked']} from the truncated sequence"] if row["masked"] > ROUNDING else []
            failures += [f"{name}: the same without a mask"] if row["state_unmasked"] < FAR else []
    most, least = max(row["masked"] for row in rows.values()), min(row["state_unmasked"] for row in rows.values())
    summary = f"from the truncated sequence at most {most}; without a mask the final states are off by {least} or more"
    return judged({"largest_absolute_difference": rows, "allowed_for_rounding": ROUNDING}, summary, failures)


Front = tuple[Any, Any, Any]
"""A model part that makes a mask, the same without a mask, and unpadded sequences for both."""


def _fronts(here: Here) -> dict[str, Front]:
    keras = here.tf.keras.layers
    words = here.numpy.random.RandomState(2).randint(1, WORDS, [len(LENGTHS), STEPS])
    embeddings = keras.Embedding(WORDS, DEPTH, mask_zero=True), keras.Embedding(WORDS, DEPTH)
    for one in embeddings:
        one(words)
        one.set_weights([here.numpy.random.RandomState(3).normal(size=[WORDS, DEPTH])])
    return {
        "Masking": (keras.Masking(0.0), keras.Activation("linear"), sequences(here, len(LENGTHS), STEPS, DEPTH)),
        "Embedding(mask_zero=True)": (*embeddings, words),
    }


def _recurrent(here: Here, kind: str, unroll: bool) -> Any:
    """A layer that returns outputs and states; its weights and biases are nonzero."""
    keras = here.tf.keras.layers
    inside = "LSTM" if kind == "Bidirectional" else kind
    layer = getattr(keras, inside)(UNITS, return_sequences=True, return_state=True, unroll=unroll)
    layer = keras.Bidirectional(layer) if kind == "Bidirectional" else layer
    layer(sequences(here, len(LENGTHS), STEPS, DEPTH))
    numbers = here.numpy.random.RandomState(4)
    layer.set_weights([numbers.normal(size=one.shape) / 3 for one in layer.get_weights()])
    return layer


def _padded(data: Any, side: str) -> Any:
    found = data * 0
    for row, length in enumerate(LENGTHS):
        found[row, _valid(length, side)] = data[row, :length]
    return found


def _valid(length: int, side: str) -> slice:
    return slice(0, length) if side == "end" else slice(STEPS - length, STEPS)


def _against_truncated(front: Front, layer: Any, side: str) -> dict[str, float]:
    makes_mask, plain, data = front
    masked, unmasked = ([part.numpy() for part in layer(first(_padded(data, side)))] for first in (makes_mask, plain))
    same, states_off = [], []
    for row, length in enumerate(LENGTHS):
        outputs, *states = [part.numpy()[0] for part in layer(plain(data[row : row + 1, :length]))]
        same.append(difference(masked[0][row, _valid(length, side)], outputs))
        same.append(difference([part[row] for part in masked[1:]], states))
        states_off.append(difference([part[row] for part in unmasked[1:]], states))
    return {"masked": max(same), "state_unmasked": min(states_off[row] for row in SHORT)}


@measures("keras-masked-outputs-repeat", seconds=1.5)
def keras_masked_outputs_repeat(here: Here) -> Outcome:
    """Compare the outputs of masked steps with those of dynamic_rnn with sequence_length."""
    rows, failures = {}, []
    data = _padded(sequences(here, len(LENGTHS), STEPS, DEPTH), "end")
    mask = here.tf.sequence_mask(LENGTHS, STEPS)
    for mapping in (MAPPINGS[cell] for cell in ("BasicRNNCell", "LSTMCell", "GRUCell")):
        legacy = legacy_beside(here, mapping, DEPTH, UNITS, lengths=True)
        ran = legacy.run(data, LENGTHS)
        for unroll in (False, True):
            repeats, zeros = (
                keras_layer(here, mapping, legacy, unroll=unroll, zero_output_for_mask=zero)(data, mask=mask)[0]
                for zero in (False, True)
            )
            name = f"{mapping.layer}{', unroll=True' if unroll else ''}"
            rows[name] = row = _masked_steps(repeats.numpy(), zeros.numpy(), ran.outputs)
            failures += [f"{name}: {key} is {row[key]}" for key in EXACT if row[key] != 0]
            failures += [f"{name}: masked outputs are zero"] if row["masked_output"] < FAR else []
            failures += [f"{name}: {row[BESIDE]} from dynamic_rnn"] if row[BESIDE] > ROUNDING else []
    most = max(row[BESIDE] for row in rows.values())
    off, zeros = (max(row[key] for row in rows.values()) for key in EXACT)
    summary = (
        f"masked outputs from the last valid one: {off:g} at most; with zero_output_for_mask: {zeros:g} at most, and"
        f" all outputs from dynamic_rnn {most:g}"
    )
    return judged({"largest_absolute_number": rows, "allowed_for_rounding": ROUNDING}, summary, failures)


EXACT = ("masked_from_last_valid_output", "masked_output_with_zero_output_for_mask")
BESIDE = "all_outputs_with_zero_output_for_mask_from_dynamic_rnn"


def _masked_steps(repeats: Any, zeros: Any, legacy: Any) -> dict[str, float]:
    return {
        "masked_output": min(largest(repeats[row, LENGTHS[row] :]) for row in SHORT),
        EXACT[0]: max(largest(repeats[row, LENGTHS[row] :] - repeats[row, LENGTHS[row] - 1]) for row in SHORT),
        EXACT[1]: max(largest(zeros[row, LENGTHS[row] :]) for row in SHORT),
        BESIDE: difference(zeros, legacy),
    }


@measures("keras-unrolled-bidirectional-mask", seconds=1)
def keras_unrolled_bidirectional_mask(here: Here) -> Outcome:
    """Run Bidirectional with a mask, unrolled and not, and each sequence alone without its padding."""
    rows, failures = {}, []
    front = _fronts(here)["Masking"]
    for side in ("end", "start"):
        loop, unrolled = (
            _against_truncated(front, _recurrent(here, "Bidirectional", unroll), side)["masked"]
            for unroll in (False, True)
        )
        rows[f"padded at the {side}"] = {"unroll=False": loop, "unroll=True": unrolled}
        failures += [f"padded at the {side}: {loop} from the truncated sequence"] if loop > ROUNDING else []
        failures += [f"padded at the {side}: unroll=True is right, {unrolled}"] if unrolled < FAR else []
    words = [f"{name}: {row['unroll=False']} and with unroll=True {row['unroll=True']}" for name, row in rows.items()]
    return judged({"largest_absolute_difference": rows}, f"outputs off, {'; '.join(words)}", failures)
