"""Which lengths does one graph take, and what does TensorFlow say where it takes none?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from rnnlint.probe.legacy_runs import ROUNDING, build, difference, sequences
from rnnlint.probe.measurement import Here, Outcome, judged, measures

BATCH, DEPTH, UNITS, STEPS = 3, 8, 16, 5
LENGTHS = (1, 2, 5, 20)
KINDS = ("BasicRNNCell", "LSTMCell", "GRUCell")

Attempt = Callable[[Here], object]


@measures("loop-takes-any-length", seconds=3)
def loop_takes_any_length(here: Here) -> Outcome:
    """Runs one graph of dynamic_rnn at several lengths, and compares it with a static graph for each length."""
    rows, failures = {}, []
    for kind in KINDS:
        make = partial(getattr(here.rnn_cell, kind), UNITS)
        loop = build(here, "dynamic_rnn", make, depth=DEPTH)
        for steps in LENGTHS:
            data = sequences(here, BATCH, steps, DEPTH)
            ran, fixed = loop.run(data), build(here, "static_rnn", make, depth=DEPTH, steps=steps).run(data)
            off = rows[f"{kind}, {steps} steps"] = difference([ran.outputs, *ran.state], [fixed.outputs, *fixed.state])
            if ran.outputs.shape != (BATCH, steps, UNITS) or off > ROUNDING:
                failures.append(f"{kind} at {steps} steps: outputs {ran.outputs.shape}, {off} from static_rnn")
    lengths = ", ".join(map(str, LENGTHS))
    summary = f"{lengths} steps in one graph; from static_rnn at most {max(rows.values())}"
    return judged({"largest_difference_from_static_rnn": rows}, summary, failures)


@measures("static-needs-length", seconds=0.5)
def static_needs_length(here: Here) -> Outcome:
    """Tries what static_rnn cannot take: an unknown, an empty and another length."""
    rows, failures = {}, []
    for name, (attempt, kind, words) in _attempts().items():
        error = _error_of(attempt, here)
        rows[name] = f"{type(error).__name__}: {_line_with(words, error)}" if error else "no error"
        if type(error).__name__ != kind or words not in str(error):
            failures.append(f"{name}: {rows[name]}")
    summary = "; ".join(f"{name}: {said.partition(':')[0]}" for name, said in rows.items())
    return judged({"errors": rows}, summary, failures)


def _attempts() -> dict[str, tuple[Attempt, str, str]]:
    """What is tried, the type of the error that it raises, and words of that error."""
    return {
        "tf.unstack over an undefined axis": (
            lambda here: here.tf.unstack(_placeholder(here, None), axis=1),
            "ValueError",
            "Cannot infer argument `num` from shape",
        ),
        "range over an undefined axis": (
            lambda here: range(_placeholder(here, None).shape[1]),
            "TypeError",
            "'NoneType' object cannot be interpreted as an integer",
        ),
        "static_rnn of a tensor": (
            lambda here: _static_rnn(here, _placeholder(here, STEPS)),
            "TypeError",
            "Argument `inputs` must be a sequence",
        ),
        "static_rnn of an empty list": (
            lambda here: _static_rnn(here, []),
            "ValueError",
            "Argument `inputs` must not be empty",
        ),
        "a longer batch fed to a graph of 5 steps": (
            lambda here: _feed_one_more(here, STEPS),
            "ValueError",
            "Cannot feed value of shape",
        ),
        "a longer batch after tf.unstack with num=5": (
            lambda here: _feed_one_more(here, None),
            "InvalidArgumentError",
            f"must equal {STEPS}",
        ),
    }


def _placeholder(here: Here, steps: int | None) -> Any:
    return here.v1.placeholder(here.tf.float32, [None, steps, DEPTH], name="inputs")


def _static_rnn(here: Here, inputs: Any) -> Any:
    return here.v1.nn.static_rnn(here.rnn_cell.BasicRNNCell(UNITS), inputs, dtype=here.tf.float32)


def _feed_one_more(here: Here, known: int | None) -> None:
    """Build for STEPS steps, which the placeholder knows or not, and run one step more."""
    inputs = _placeholder(here, known)
    outputs, _ = _static_rnn(here, here.tf.unstack(inputs, num=STEPS, axis=1))
    with here.v1.Session() as session:
        session.run(here.v1.global_variables_initializer())
        session.run(outputs, {inputs: sequences(here, BATCH, STEPS, DEPTH)})
        session.run(outputs, {inputs: sequences(here, BATCH, STEPS + 1, DEPTH)})


def _error_of(attempt: Attempt, here: Here) -> Exception | None:
    with here.v1.Graph().as_default():
        try:
            attempt(here)
        except Exception as error:
            return error
    return None


def _line_with(words: str, error: Exception) -> str:
    """The line of the message that holds the words, else its first."""
    lines = str(error).strip().split("\n")
    return next((line for line in lines if words in line), lines[0]).strip()
