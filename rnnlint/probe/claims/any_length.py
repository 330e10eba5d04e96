"""What does the recommended model do with sequences of any length, and what do new lengths cost?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rnnlint.probe.legacy_runs import ROUNDING, difference
from rnnlint.probe.measurement import Here, Outcome, judged, measures
from rnnlint.probe.settled import Bound, Timed, settled, spread

DEPTH, UNITS = 8, 16
LENGTHS = (3, 7, 5, 12, 20, 40)
PARAMETERS = UNITS * (DEPTH + UNITS + 1) + UNITS + 1
"""The kernels and biases of SimpleRNN(16) with depth 8 and of Dense(1), at any length."""
CALLS = 20
ROUNDS = 6
RAGGED = (5, 2, 4)
"""The lengths of the sequences of one ragged batch."""


@measures("recommended-model-takes-any-length", seconds=4)
def recommended_model_takes_any_length(here: Here) -> Outcome:
    """Predicts and fits Sequential([Input((None, 8)), SimpleRNN(16), Dense(1)]) at several lengths."""
    traced: list[Any] = []
    model = recommended(here, traced)
    counted = {"parameters": int(model.count_params())}
    weights = model.get_weights()
    off = 0.0
    for steps in LENGTHS:
        inputs = batch(here, steps)
        # The same weights in a model with a fixed length, to show the effect of an undefined time axis.
        fixed = recommended(here, [], steps)
        fixed.set_weights(weights)
        off = max(off, difference(model.predict(inputs, verbose=0), fixed(inputs).numpy()))
    counted["traces_of_predict"] = len(traced)
    for steps in LENGTHS:
        model.fit(batch(here, steps), here.numpy.ones([2, 1]), verbose=0)
    counted["traces_of_predict_and_fit"] = len(traced)
    moved = difference(model.get_weights(), weights)
    failures = [] if counted["parameters"] == PARAMETERS else [f"it has {counted['parameters']} parameters"]
    failures += [f"predict is {off:.1e} off a model with a fixed length"] if off > ROUNDING else []
    failures += ["fit moves no weight"] if moved < ROUNDING else []
    # Keras traces the first lengths, and once more for the undefined axis, not once per length.
    failures += [
        f"{what} over {len(LENGTHS)} lengths: {counted[what]} traces"
        for what, most in (("traces_of_predict", 3), ("traces_of_predict_and_fit", 6))
        if not 0 < counted[what] <= most
    ]
    measured = {**counted, "lengths": list(LENGTHS), "largest_absolute_difference": off, "weights_moved_by": moved}
    summary = (
        f"{counted['parameters']} parameters at every length; predict over {len(LENGTHS)} lengths was traced"
        f" {counted['traces_of_predict']} times, with fit over the same {counted['traces_of_predict_and_fit']} times;"
        f" at most {off:.1e} from a model with a fixed length"
    )
    return judged(measured, summary, failures)


def recommended(here: Here, traced: list[Any], steps: int | None = None) -> Any:
    """The model, with a layer that records each time Python calls it, which means that Keras traces."""
    keras = here.tf.keras

    class Noted(keras.layers.Layer):  # type: ignore[misc, name-defined]
        def call(self, inputs: Any) -> Any:
            traced.append(inputs.shape)
            return inputs

    layers = [keras.layers.SimpleRNN(UNITS), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input((steps, DEPTH)), Noted(), *layers])
    model.compile("sgd", "mse")
    # Building the model also calls the layer.
    traced.clear()
    return model


def batch(here: Here, steps: int, number: int = 2) -> Any:
    """This many sequences of generated numbers."""
    return here.numpy.sin(here.numpy.arange(number * steps * DEPTH, dtype="float32")).reshape([number, steps, DEPTH])


@measures("new-lengths-are-traced", seconds=2)
def new_lengths_are_traced(here: Here) -> Outcome:
    """Count how often a tf.function around a loop is traced over several lengths."""
    spec = here.tf.TensorSpec([None, None, DEPTH])
    ways: dict[str, tuple[dict[str, Any], int]] = {
        "no signature": ({}, len(LENGTHS)),
        "reduce_retracing=True": ({"reduce_retracing": True}, 2),
        "a time axis of None in input_signature": ({"input_signature": [spec]}, 1),
    }
    found = {way: _traces(here, options) for way, (options, _) in ways.items()}
    failures = [
        f"with {way} {found[way]} traces, not {number}" for way, (_, number) in ways.items() if found[way] != number
    ]
    listed = ", ".join(f"{number} with {way}" for way, number in found.items())
    summary = f"traces over {len(LENGTHS)} lengths: {listed}"
    return judged({"lengths": list(LENGTHS), "traces": found}, summary, failures)


def _traces(here: Here, options: dict[str, Any]) -> int:
    traced = []
    layer = here.tf.keras.layers.SimpleRNN(UNITS)

    def call(inputs: Any) -> Any:
        traced.append(inputs.shape)
        return layer(inputs)

    layer(here.tf.zeros([1, 2, DEPTH]))
    function = here.tf.function(call, **options)
    for steps in LENGTHS:
        function(here.tf.constant(batch(here, steps)))
    return len(traced)


@measures("retracing-costs", seconds=5, timed=True)
def retracing_costs(here: Here) -> Outcome:
    """Compare the first call of a loop at each new length with its later calls."""
    _first_against_later(here, LENGTHS[:1])
    return settled(lambda times: _costs(here, times))


def _costs(here: Here, times: int) -> Timed:
    ratios, seconds = [], []
    for _ in range(times):
        for one, later in _first_against_later(here, LENGTHS):
            ratios.append(one / later)
            seconds.append(one)
    found, first = spread(ratios), spread(seconds)
    measured = {
        "ratios": {"first_call_to_later_call": round(found.middle, 1)},
        "ranges": {"first_call_to_later_call": found.range},
        "seconds_of_a_first_call": round(first.middle, 4), "seconds_of_a_first_call_range": first.range,
    }  # fmt: skip
    summary = f"the first call at a new length takes {found.text} times as long as a later one"
    return Timed(measured, summary, [Bound("the first call at a new length, against a later one", found, "above", 10)])


def _first_against_later(here: Here, lengths: Sequence[int]) -> Iterator[tuple[float, float]]:
    """Seconds of the first call at each length, and of the later calls."""
    layer = here.tf.keras.layers.LSTM(UNITS)
    layer(here.tf.zeros([1, 2, DEPTH]))
    function = here.tf.function(lambda inputs: layer(inputs))
    for steps in lengths:
        inputs = here.tf.constant(batch(here, steps))
        yield _seconds(lambda: function(inputs), 1), _seconds(lambda: function(inputs), CALLS)  # noqa: B023 - called now


def _seconds(call: Callable[[], object], calls: int) -> float:
    begin = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - begin) / calls


@measures("ragged-batches", seconds=3)
def ragged_batches(here: Here) -> Outcome:
    """Pass a ragged batch of tf.data to recurrent layers directly, and as a padded one with its mask."""
    tf = here.tf
    spec = tf.TensorSpec([None, DEPTH])
    each = [batch(here, steps, 1)[0] for steps in RAGGED]
    dataset = tf.data.Dataset.from_generator(lambda: iter(each), output_signature=spec)
    ragged = next(iter(dataset.ragged_batch(len(RAGGED))))
    mask = tf.sequence_mask(ragged.row_lengths())
    errors, off, failures = {}, {}, []
    for name in ("SimpleRNN", "LSTM", "GRU"):
        layer = getattr(tf.keras.layers, name)(4)
        alone = here.numpy.stack([layer(one[None])[0].numpy() for one in each])
        off[f"{name}, padded with its mask"] = difference(layer(ragged.to_tensor(), mask=mask).numpy(), alone)
        errors[name], given = _error_or_result(lambda layer=layer: layer(ragged).numpy())  # type: ignore[misc]
        if given is not None:
            off[f"{name}, ragged"] = difference(given, alone)
        if (given is not None) != (here.keras_generation == 2):
            failures.append(f"{name} over a ragged batch {errors[name] or 'runs'}")
    failures += [f"{what}: {value:.1e} from the sequences alone" for what, value in off.items() if value > ROUNDING]
    raising = [name for name, error in errors.items() if error]
    summary = (
        f"ragged, {len(errors) - len(raising)} layers run and {len(raising)} raise; padded with a mask, all match"
        f" each sequence run alone, within {max(off.values()):.1e}"
    )
    return judged({"errors": errors, "largest_absolute_difference": off, "lengths": list(RAGGED)}, summary, failures)


def _error_or_result(call: Callable[[], Any]) -> tuple[str | None, Any]:
    """The type of the error that it raises, or its result."""
    try:
        return None, call()
    except (ValueError, TypeError, NotImplementedError) as error:
        return type(error).__name__, None
