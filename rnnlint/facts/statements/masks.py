"""What do people say about lengths, padding and masks, and is it true?"""

from __future__ import annotations

from rnnlint.facts.statements.statement import Statement, measured


def _lengths() -> str:
    errors = measured("static-needs-length")["errors"]
    worst = max(measured("loop-takes-any-length")["largest_difference_from_static_rnn"].values())
    kinds = sorted({text.split(":")[0] for text in errors.values()})
    return (
        f"One graph of `dynamic_rnn` ran every length that was tried, with outputs that differ from those of"
        f" `static_rnn` by at most {worst:g}. With `static_rnn`, {len(errors)} ways to leave the length undefined or to"
        f" change it raise ({', '.join(kinds)}). With `sequence_length` it takes shorter sequences up to its length."
    )


def _masking() -> str:
    rows = measured("sequence-length-masks")["largest_absolute_difference"].values()
    past = max(row["output_past_the_end"] for row in rows)
    costs = measured("static-sequence-length-costs")["operations_a_step"]["LSTMCell"]
    return (
        f"With `sequence_length`, both runners mask in the same way: outputs past the end are {past:g} and the final"
        f" state is that of the last valid step. The cost differs: a step of a static `LSTMCell` adds {costs['with']}"
        f" operations instead of {costs['without']}, while the loop stays flat."
    )


def _zero_padding() -> str:
    off = measured("padding-changes-state")["state_off_by"]
    zeros = [value for name, value in off.items() if name.endswith("zeros")]
    return f"Zeros after the end changed the final state by {min(zeros):g} to {max(zeros):g}, depending on the cell."


def _last_output() -> str:
    rows = measured("last-output-of-padding-is-zero")["largest_absolute_output"].values()
    last, valid = (max(row[name] for row in rows) for name in ("last_step", "last_valid_step"))
    return f"For the shorter sequences of a batch it is {last:g}, while their last valid outputs go up to {valid:g}."


def _keras_masks() -> str:
    rows = measured("keras-masked-outputs-repeat")["largest_absolute_number"]
    worst = max(row["all_outputs_with_zero_output_for_mask_from_dynamic_rnn"] for row in rows.values())
    return (
        "The final states are equal; masked outputs repeat the last valid one, whereas `dynamic_rnn` returns zeros."
        f" With `zero_output_for_mask=True` all outputs equal those of `dynamic_rnn`, within {worst:g}."
    )


def _mask_travels() -> str:
    kept = measured("keras-layers-keep-mask")["largest_absolute_difference"]
    lost = measured("keras-layers-drop-mask")["largest_absolute_difference"]
    off = [row["from_the_truncated_sequence"] for row in lost.values() if "from_the_truncated_sequence" in row]
    return (
        f"{len(kept)} kinds of layers pass it on and {len(lost)} kinds of layers and operations drop it, including"
        f" `Lambda`, `Conv1D`, `Reshape` and plain operations: the results of an LSTM after them are off by"
        f" {min(off):g} to {max(off):g}."
    )


def _both_directions() -> str:
    rows = measured("keras-unrolled-bidirectional-mask")["largest_absolute_difference"].values()
    unrolled, looped = (max(row[name] for row in rows) for name in ("unroll=True", "unroll=False"))
    return (
        "In `Bidirectional` with `unroll=True` and `return_sequences=True`, outputs at valid steps are off by up to"
        f" {unrolled:g}; with `unroll=False` by {looped:g}."
    )


STATEMENTS: tuple[Statement, ...] = (
    Statement(
        "dynamic_rnn takes sequences of any length; static_rnn needs one that is fixed and known.",
        "True",
        ("loop-takes-any-length", "static-needs-length"),
        _lengths,
    ),
    Statement(
        "Masking is cleaner with dynamic_rnn.",
        "Imprecise: the result is the same, the cost is not",
        ("sequence-length-masks", "static-sequence-length-costs"),
        _masking,
    ),
    Statement(
        "Padding with zeros is harmless without sequence_length.",
        "False",
        ("padding-changes-state",),
        _zero_padding,
    ),
    Statement(
        "outputs[:, -1] is the last output of each sequence.",
        "False for shorter ones",
        ("last-output-of-padding-is-zero",),
        _last_output,
    ),
    Statement(
        "A Keras mask does what sequence_length did.",
        "True for states, not for outputs",
        ("keras-masked-outputs-repeat", "keras-mask-equals-truncated"),
        _keras_masks,
    ),
    Statement(
        "A Keras mask reaches every recurrent layer after it.",
        "False: some layers drop it",
        ("keras-layers-drop-mask", "keras-layers-keep-mask"),
        _mask_travels,
    ),
    Statement(
        "unroll=True changes only the speed of a layer, not its results.",
        "False for Bidirectional with a mask",
        ("keras-unrolled-bidirectional-mask",),
        _both_directions,
    ),
)
