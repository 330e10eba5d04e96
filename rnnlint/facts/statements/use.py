"""What do people say about speed and about what to use, and is it true?"""

from __future__ import annotations

from rnnlint.facts.break_even import about, calls_in_words
from rnnlint.facts.statements.statement import Statement, measured, newest, ranged

_UNROLLS = ("static_rnn", "Keras unroll=True")


def _small_runs() -> str:
    sizes, lengths = (measured(claim) for claim in ("unroll-lead-shrinks-with-size", "sequence-length-shrinks-lead"))
    paid = measured("static-start-pays-back-late")
    ranges = paid.get("break_even_ranges", {})
    even = [
        f"`{name}` {calls_in_words(*ranges[name]) if name in ranges else about(after)}"
        for name, after in paid["break_even_calls"].items()
    ]
    tiny, large = ([ranged(sizes, f"{name}, {size}", digits=2) for name in _UNROLLS] for size in ("tiny", "large"))
    return (
        "Time per call as a fraction of the loop's, for an LSTM over 10 steps with gradients: with 16 units at batch"
        f" size 1, `static_rnn` {tiny[0]} and Keras {tiny[1]}; with 256 units at batch size 64, {large[0]} and"
        f" {large[1]}. Over 5 steps, `static_rnn` takes {ranged(lengths, 'without', digits=2)}, with `sequence_length`"
        f" in both {ranged(lengths, 'with', digits=2)}. The longer start pays off: {', '.join(even)}.{_all_points()}"
        f" {_region()}"
    )


def _region() -> str:
    """The settings in which the unroll is ahead or behind."""
    found = measured("unroll-lead-has-a-region")
    listed = "; ".join(f"{name} {ranged(found, name, digits=2)}" for name in found["ratios"])
    return f"As a fraction of the loop's time per call: {listed}."


def _all_points() -> str:
    """How often the unroll was ahead, if all sizes and lengths were measured."""
    rows = [row for row in measured("unroll-lead-shrinks-with-size")["timings"] if row["variant"] == "static_rnn"]
    if len({row["steps"] for row in rows}) < 3:
        return ""
    ahead = [row for row in rows if row["ratio_to_loop"] < 0.97]
    steps = sorted({row["steps"] for row in rows})
    behind = sorted({f"{row['size'].split(':')[0]} {row['mode']} at {row['steps']}" for row in rows
                     if row["ratio_to_loop"] > 1.03})  # fmt: skip
    return (
        f" Over {steps[0]} to {steps[-1]} steps, all sizes and modes, `static_rnn` was ahead by 3 % or more in"
        f" {len(ahead)} of {len(rows)} points without `sequence_length`, and behind in {len(behind)}"
        f"{' (' * bool(behind)}{', '.join(behind)}{')' * bool(behind)}."
    )


def _supported() -> str:
    counts = measured("keras-parameters-equal")["parameters"]
    # Only the first sizes of each pair of cell and layer.
    pairs = {name.split(",")[0]: pair for name, pair in reversed(counts.items())}
    listed = [f"{names} {pair['legacy']:,} and {pair['keras']:,}" for names, pair in reversed(pairs.items())]
    worst = max(measured("keras-weights-carry-over")["largest_absolute_difference"].values())
    return (
        f"Parameters in the legacy variables and in `model.summary()`: {'; '.join(listed)}. With the weights carried"
        f" over, results differ by at most {worst:g}; a GRU needs `reset_after=False`."
    )


def _runs(claim: str) -> tuple[int, int]:
    """How many of a claim's programs run, and how many raise."""
    programs = measured(claim)["programs"]
    runs = sum(one == "runs" for one in programs.values())
    return runs, len(programs) - runs


def _runners_gone() -> str:
    runs, raises = _runs("legacy-runners-run")
    release = newest("legacy-runners-run")
    state = measured("symbols-as-listed")["symbols"]
    listed = ", ".join(f"{number} {name}" for name, number in sorted(state.items()))
    return (
        f"On TensorFlow {release.tensorflow} with Keras {release.keras}, {runs} programs with the runners of"
        f" `tf.compat.v1.nn` run and {raises} raise. Of the legacy paths in rnnlint's table: {listed}."
    )


def _cells_gone() -> str:
    programs = measured("legacy-cells-by-attribute")["programs"]
    imports = [one for name, one in programs.items() if name.startswith("from ")]
    attributes = [one for name, one in programs.items() if not name.startswith("from ")]
    back, _ = _runs("tf-keras-brings-cells-back")
    return (
        f"As attributes, {sum(one != 'runs' for one in attributes)} of {len(attributes)} raise; imported by `from"
        f" tensorflow.compat.v1.nn.rnn_cell import …`, {sum(one == 'runs' for one in imports)} of {len(imports)} run."
        f" With tf-keras and `TF_USE_LEGACY_KERAS=1`, {back} attributes run again; with the variable but without"
        " tf-keras, `tf.keras` itself raises."
    )


def _mixed() -> str:
    runs, raises = _runs("keras-cells-in-legacy-runners")
    return (
        f"Keras cells in `dynamic_rnn`, and wrappers of `tf.nn` in Keras: {runs} run and {raises} raise on Keras"
        f" {newest('keras-cells-in-legacy-runners').keras}; on Keras 2 all run."
    )


def _copied_weights() -> str:
    off = measured("keras-weights-need-the-mapping")["largest_absolute_difference"]
    listed = "; ".join(f"{name} {value:g}" for name, value in off.items())
    return f"The shapes fit and nothing raises, but the results are off by: {listed}."


STATEMENTS: tuple[Statement, ...] = (
    Statement(
        "A static unroll is rarely a performance win.",
        "True, except in a region: few units, no sequence_length, on a CPU, after the first run",
        (
            "unroll-lead-has-a-region",
            "unroll-lead-shrinks-with-size",
            "sequence-length-shrinks-lead",
            "static-start-pays-back-late",
        ),
        _small_runs,
    ),
    Statement(
        "Keras layers are clearer and supported.",
        "True: the same parameters and the same results",
        ("keras-parameters-equal", "keras-weights-carry-over"),
        _supported,
    ),
    Statement(
        "The legacy runners are gone from TensorFlow 2.",
        "False for tf.compat.v1",
        ("legacy-runners-run", "symbols-as-listed"),
        _runners_gone,
    ),
    Statement(
        "With Keras 3 the legacy cells are gone.",
        "True as attributes, false as imports",
        ("legacy-cells-by-attribute", "tf-keras-brings-cells-back", "legacy-keras-needs-tf-keras"),
        _cells_gone,
    ),
    Statement(
        "Keras cells and legacy runners can be mixed.",
        "True on Keras 2 only",
        ("keras-cells-in-legacy-runners",),
        _mixed,
    ),
    Statement(
        "The weights of a legacy cell can be copied into the Keras layer.",
        "True with the mapping, false unchanged",
        ("keras-weights-need-the-mapping", "keras-weights-carry-over"),
        _copied_weights,
    ),
)
