"""How do Keras layers with unroll=True grow, and what happens if the length is unknown?"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rnnlint.probe.claims.unrolling import FULL, QUICK
from rnnlint.probe.graphs import size_of
from rnnlint.probe.laws import Law, fit, rows, words
from rnnlint.probe.measurement import Here, Outcome, judged, measures

UNITS = 64
DEPTH = 8

LAYERS = (
    "SimpleRNN",
    "LSTM",
    "GRU",
    "RNN(LSTMCell)",
    "RNN([LSTMCell, SimpleRNNCell])",
    "Bidirectional(LSTM)",
)
"""In the notation of `rnnlint.facts.keras_cost`."""


def keras_layer(layers: Any, text: str, **arguments: Any) -> Any:
    """The real layer for the notation of `rnnlint.facts.keras_cost`; `arguments` must contain ``units``."""
    outer, _, inside = text.partition("(")
    if outer == "Bidirectional":
        return layers.Bidirectional(keras_layer(layers, inside[:-1], **arguments))
    units = arguments.pop("units")
    if outer != "RNN":
        return getattr(layers, text)(units, **arguments)
    cells = [getattr(layers, one)(units) for one in inside[:-1].strip("[]").split(", ")]
    return layers.RNN(cells if "[" in inside else cells[0], **arguments)


def keras_added(
    tf: Any, layer: Any, batch: int | None, steps: int | None, *, depth: int = DEPTH, gradients: bool = False
) -> int:
    """The operations that a call of a layer adds to the graph of a tf.function, optionally with its gradients."""
    layer.build((batch, steps, depth))
    counts = []

    def body(inputs: Any) -> Any:
        graph = tf.compat.v1.get_default_graph()
        before = size_of(graph)
        if not gradients:
            outputs = layer(inputs)
            counts.append(size_of(graph) - before)
            return outputs
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(inputs))
        found = tape.gradient(loss, layer.trainable_variables)
        # The sum and its axes belong to the measurement.
        counts.append(size_of(graph) - before - 2)
        return found

    tf.function(body, autograph=False).get_concrete_function(tf.TensorSpec([batch, steps, depth]))
    return counts[-1]


def keras_law(here: Here, text: str, unroll: bool, gradients: bool, lengths: Sequence[int]) -> Law:
    """The line of a layer's calls."""

    def operations(steps: int) -> int:
        layer = keras_layer(here.tf.keras.layers, text, units=UNITS, unroll=unroll)
        return keras_added(here.tf, layer, None, steps, gradients=gradients)

    runner = f"Keras {here.keras_generation} unroll={unroll}"
    a, b, exact = fit(lengths, operations)
    return Law(text, runner, gradients, False, 2, False, a, b, exact)


@measures("keras-unroll-grows", seconds=10)
def keras_unroll_grows(here: Here) -> Outcome:
    """Check for straight lines with unroll=True, and constants without."""
    lengths = FULL if here.full else QUICK
    asked = [(text, False) for text in LAYERS]
    asked += [(text, True) for text in (LAYERS if here.full else ("LSTM",))]
    pairs = [[keras_law(here, *one, lengths) for one in ((text, True, with_), (text, False, with_))]
             for text, with_ in asked]  # fmt: skip
    failures = [f"{words(law)} is not a rising straight line" for law, _ in pairs if not law.exact or law.b <= 0]
    failures += [f"{words(law)} depends on the length: {law.text}" for _, law in pairs if law.b or not law.exact]
    listed = [
        f"{one.cell}{' with gradients' * one.gradients} {one.text}, {two.text} without unroll" for one, two in pairs
    ]
    measured = {
        "units": UNITS,
        "depth": DEPTH,
        "lengths": list(lengths),
        "laws": rows(law for pair in pairs for law in pair),
    }
    return judged(measured, f"operations over T steps: {'; '.join(listed)}", failures)


@measures("keras-unroll-needs-length", seconds=12)
def keras_unroll_needs_length(here: Here) -> Outcome:
    """Check which calls of a layer with unroll=True over an undefined time axis raise ValueError."""
    layers = here.tf.keras.layers
    found = {kind.__name__: dict(_calls(here, kind)) for kind in (layers.SimpleRNN, layers.LSTM, layers.GRU)}
    expected = _KERAS_2 if here.keras_generation == 2 else _KERAS_3
    failures = [
        f"{kind}: {name} {'ran' if got is None else got}"
        for kind, calls in found.items()
        for name, got in calls.items()
        if (got is None) != (expected[name] is None) or (got is not None and "nroll" not in got)
    ]
    return judged({"errors": found}, outcomes(found), failures)


def outcomes(found: Mapping[str, Mapping[str, str | None]]) -> str:
    """Summarize which calls raise and which run, and how many layers differ."""
    listed = []
    for word, raises in (("raise", True), ("run", False)):
        calls: dict[str, int] = {}
        for one in found.values():
            for name, error in one.items():
                calls[name] = calls.get(name, 0) + ((error is not None) == raises)
        made = {name: sum(name in one for one in found.values()) for name in calls}
        names = [name if number == made[name] else f"{name} ({number} of {made[name]})"
                 for name, number in calls.items() if number]  # fmt: skip
        listed += [f"{word}: {', '.join(names)}"] if names else []
    return f"{', '.join(found)} {'; '.join(listed)}"


_RAISES = "raises"
_KERAS_2 = {"a known length": None, "building the model": _RAISES}
_KERAS_3 = {
    "a known length": None,
    "building the model": None,
    "eager calls of two lengths": None,
    "the first predict": None,
    "the second length in predict": _RAISES,
    "the first fit": None,
    "the second length in fit": _RAISES,
    "fit on a dataset of undefined time": _RAISES,
    "export": _RAISES,
}


def _calls(here: Here, kind: Any) -> Iterator[tuple[str, str | None]]:
    """The name of each call with the ValueError that it raises, or None."""
    three, five = batch_of(here, 3), batch_of(here, 5)
    targets = three[:, 0, :3]
    yield "a known length", raised(lambda: _built(here, kind, 3).predict(three, verbose=0))
    building = raised(lambda: _built(here, kind))
    yield "building the model", building
    if building is not None:
        return
    model = _built(here, kind)
    yield "eager calls of two lengths", raised(lambda: [model(three), model(five)])
    yield "the first predict", raised(lambda: model.predict(three, verbose=0))
    yield "the second length in predict", raised(lambda: model.predict(five, verbose=0))
    again = _built(here, kind)
    yield "the first fit", raised(lambda: again.fit(three, targets, verbose=0))
    yield "the second length in fit", raised(lambda: again.fit(five, targets, verbose=0))
    dataset = _undefined_time(here, three, targets)
    yield "fit on a dataset of undefined time", raised(lambda: _built(here, kind).fit(dataset, verbose=0))
    with tempfile.TemporaryDirectory() as folder:
        yield "export", raised(lambda: _built(here, kind).export(str(Path(folder) / "model")))


_COLORS = re.compile(r"\x1b\[[0-9;]*m")


def raised(call: Callable[[], Any], kind: type[Exception] = ValueError) -> str | None:
    """The error that the call raises, in 200 characters, or None; other errors are not caught.

    If the message includes the lines that led to the error, only its type: they name folders of this machine.
    """
    try:
        call()
    except kind as error:
        words = " ".join(_COLORS.sub("", str(error)).split())
        return type(error).__name__ if 'File "' in words else f"{type(error).__name__}: {words[:200]}"
    return None


def batch_of(here: Here, steps: int) -> Any:
    """Two sequences of zeros."""
    return here.numpy.zeros([2, steps, DEPTH], "float32")


def _built(here: Here, kind: Any, steps: int | None = None) -> Any:
    keras = here.tf.keras
    inputs = keras.Input([steps, DEPTH])
    model = keras.Model(inputs, kind(3, unroll=True)(inputs))
    model.compile("sgd", "mse")
    return model


def _undefined_time(here: Here, inputs: Any, targets: Any) -> Any:
    """A dataset that does not specify the length of its sequences."""
    spec = here.tf.TensorSpec
    return here.tf.data.Dataset.from_generator(
        lambda: iter([(inputs, targets)]), output_signature=(spec([None, None, DEPTH]), spec([None, 3]))
    )
