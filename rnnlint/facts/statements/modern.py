"""What do people say about the legacy runners in TensorFlow 2 and about their replacements, and is it true?"""

from __future__ import annotations

from rnnlint.facts.statements.statement import Statement, measured, ranged


def _any_length() -> str:
    found = measured("recommended-model-takes-any-length")
    lengths = found["lengths"]
    return (
        f"`Sequential([Input((None, 8)), SimpleRNN(16), Dense(1)])` has {found['parameters']} parameters at every"
        f" length. `predict` over {len(lengths)} lengths from {min(lengths)} to {max(lengths)} was traced"
        f" {found['traces_of_predict']} times, with `fit` over the same {found['traces_of_predict_and_fit']} times;"
        " its predictions differ from those of a model with a fixed length by at most"
        f" {found['largest_absolute_difference']:g}."
    )


def _retraced() -> str:
    traces = measured("new-lengths-are-traced")
    listed = ", ".join(f"{number} with {way}" for way, number in traces["traces"].items())
    cost = measured("retracing-costs")
    return (
        f"Traces over {len(traces['lengths'])} lengths: {listed}. The first call at a new length took"
        f" {ranged(cost, 'first_call_to_later_call', digits=0)} times as long as a later one."
    )


def _ragged() -> str:
    found = measured("ragged-batches")
    raising = sum(error is not None for error in found["errors"].values())
    padded = max(off for name, off in found["largest_absolute_difference"].items() if "padded" in name)
    return (
        f"Of {len(found['errors'])} recurrent layers, {raising} raise on a ragged batch on Keras 3, and none on"
        " Keras 2. `to_tensor()` with the mask of `tf.sequence_mask` gives the results of each sequence run alone,"
        f" within {padded:.2g}."
    )


def _deprecated() -> str:
    notices = measured("runners-called-deprecated")["notices"]
    sent = sum("keras.layers.RNN" in text for text in notices.values())
    return (
        f"{sent} of {len(notices)} runners log that they are deprecated and will be removed, and recommend"
        " `keras.layers.RNN`. They still run."
    )


def _in_tensorflow_2() -> str:
    programs = measured("legacy-runners-in-tensorflow-2")["programs"]
    raising = [name for name, said in programs.items() if said != "runs"]
    return (
        f"Of {len(programs)} programs, {len(programs) - len(raising)} run: eagerly, in a `tf.function`, in"
        " `MirroredStrategy` and in a SavedModel, with a cell made outside and kept. These raise:"
        f" {'; '.join(raising)}."
    )


def _xla() -> str:
    found = measured("xla-favors-the-loop")
    first = ranged(found, "first call, unroll with XLA to loop with XLA")
    than_without = ranged(found, "first call, unroll with XLA to unroll")
    plain, fast = (ranged(found, f"later call, unroll{xla} to loop{xla}", digits=2) for xla in ("", " with XLA"))
    return (
        f"When training an LSTM over {found['steps']} steps with `jit_compile=True`, the first call of the unroll took"
        f" {first} times as long as that of the loop, and {than_without} times as long as that of the unroll without"
        f" XLA. In later calls the unroll took {plain} of the loop's time without XLA, and {fast} with it."
    )


def _memory() -> str:
    rows = measured("unroll-takes-memory")["megabytes"]
    listed = ", ".join(
        f"`{runner}` "
        + " and ".join(f"{row['first_run']:.0f} MB at {row['steps']}" for row in rows if row["runner"] == runner)
        for runner in ("static_rnn", "dynamic_rnn")
    )
    return f"Until the first result of an LSTM in training, peak memory rose by: {listed} steps."


def _cudnn() -> str:
    found = measured("unroll-loses-cudnn")["cudnn_operations"]
    listed = ", ".join(f"`{name}` {' and '.join(operations) or 'none'}" for name, operations in found.items())
    return f"cuDNN operations in the graph, for use on a GPU: {listed}. The time on a GPU was not measured."


STATEMENTS: tuple[Statement, ...] = (
    Statement(
        "One Keras model with a time axis of None handles all lengths.",
        "True",
        ("recommended-model-takes-any-length",),
        _any_length,
    ),
    Statement(
        "New lengths make tf.function slow.",
        "True without a time axis of None",
        ("new-lengths-are-traced", "retracing-costs"),
        _retraced,
    ),
    Statement("Recurrent layers accept ragged batches.", "True on Keras 2 only", ("ragged-batches",), _ragged),
    Statement(
        "The legacy runners are deprecated.",
        "True: TensorFlow says so itself",
        ("runners-called-deprecated",),
        _deprecated,
    ),
    Statement(
        "The legacy runners work only in TensorFlow 1 graphs.",
        "False if the cell is made outside and kept",
        ("legacy-runners-in-tensorflow-2",),
        _in_tensorflow_2,
    ),
    Statement(
        "An unroll is easier to optimize.",
        "False for XLA: it favors the loop",
        ("xla-favors-the-loop",),
        _xla,
    ),
    Statement("An unroll takes more memory.", "True, and it grows with the steps", ("unroll-takes-memory",), _memory),
    Statement("unroll=True loses the GPU's kernel.", "True for LSTM and GRU", ("unroll-loses-cudnn",), _cudnn),
)
