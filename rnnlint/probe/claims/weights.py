"""Do Keras layers compute what the legacy cells do, once the weights are carried over?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from rnnlint.facts.weight_mapping import MAPPINGS, WeightMapping, carry_over
from rnnlint.probe.legacy_runs import ROUNDING, Built, Ran, build, difference, sequences
from rnnlint.probe.measurement import Here, Outcome, judged, measures

BATCH, STEPS = 3, 7
SIZES = ((8, 16), (16, 16), (20, 5))
"""Depth and units."""
FORGET_BIASES = (1.0, 0.25)
FAR = 0.01
"""A difference of meaning; rounding stays a thousand times below it."""


@measures("keras-weights-carry-over", seconds=5)
def keras_weights_carry_over(here: Here) -> Outcome:
    """Runs each legacy cell and the Keras layer with its weights on the same sequences."""
    rows, failures = {}, []
    for mapping in MAPPINGS.values():
        for depth, units in SIZES:
            for forget_bias in FORGET_BIASES if mapping.forget_gate else (0.0,):
                pair = _pair(here, mapping, depth, units, forget_bias)
                name = f"{mapping.cell}, depth {depth}, units {units}"
                name += f", forget_bias {forget_bias}" if mapping.forget_gate else ""
                rows[name] = off = pair.off(here, pair.weights(mapping))
                if off > ROUNDING:
                    failures.append(f"{name}: {off} from {mapping.layer}")
    summary = f"outputs and final states differ by at most {max(rows.values())} (allowed {ROUNDING})"
    return judged({"largest_absolute_difference": rows, "allowed_for_rounding": ROUNDING}, summary, failures)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A legacy cell in dynamic_rnn, run once, and what the Keras layer beside it needs."""

    mapping: WeightMapping
    legacy: Built
    data: Any
    ran: Ran
    forget_bias: float

    def weights(self, mapping: WeightMapping, forget_bias: float | None = None) -> list[Any]:
        """The weights of the Keras layer, by a mapping that may be a wrong one on purpose."""
        kernels = {one.scope: self.legacy.variables[one.scope + "kernel"].tolist() for one in mapping.variables}
        biases = {one.scope: self.legacy.variables[one.scope + "bias"].tolist() for one in mapping.variables}
        return list(carry_over(mapping, kernels, biases, self.forget_bias if forget_bias is None else forget_bias))

    def off(self, here: Here, weights: list[Any], **other: Any) -> float:
        """How far outputs and final state of the layer with these weights are from the legacy ones.

        `other`: what is done in another way than the mapping says: options of the layer, or ``state``, the order of
        the parts of its state.
        """
        order = other.pop("state", self.mapping.keras_state)
        options = {**self.mapping.options, **other}
        units = self.ran.state[0].shape[-1]
        kind = getattr(here.tf.keras.layers, self.mapping.layer)
        layer = kind(units, return_sequences=True, return_state=True, **options)
        layer(self.data)
        layer.set_weights([here.numpy.array(one, "float32") for one in weights])
        outputs, *state = layer(self.data)
        found = dict(zip(order, state))
        legacy = [self.ran.outputs, *self.ran.state]
        return difference([outputs.numpy(), *(found[part].numpy() for part in self.mapping.state)], legacy)


def _pair(here: Here, mapping: WeightMapping, depth: int, units: int, forget_bias: float) -> _Pair:
    options = {"forget_bias": forget_bias} if mapping.forget_gate else {}
    make = partial(getattr(here.rnn_cell, mapping.cell), units, **options)
    legacy = build(here, "dynamic_rnn", make, depth=depth)
    data = sequences(here, BATCH, STEPS, depth)
    return _Pair(mapping, legacy, data, legacy.run(data), forget_bias)


@measures("keras-weights-need-the-mapping", seconds=3)
def keras_weights_need_the_mapping(here: Here) -> Outcome:
    """Leaves out one step of the mapping at a time."""
    rows = {
        f"{cell}: {step}": off
        for cell in ("BasicLSTMCell", "GRUCell")
        for step, off in _left_out(here, _pair(here, MAPPINGS[cell], 8, 16, 1.0)).items()
    }
    failures = [f"{step} changes nothing: {off}" for step, off in rows.items() if off < FAR]
    summary = "; ".join(f"{step} {off:.2f}" for step, off in rows.items())
    return judged({"largest_absolute_difference": rows}, summary, failures)


def _left_out(here: Here, pair: _Pair) -> Mapping[str, float]:
    mapping = pair.mapping
    as_in_legacy = tuple(gate for one in mapping.variables for gate in one.gates)
    weights = pair.weights(mapping)
    unordered = {"gates in the legacy order": pair.off(here, pair.weights(replace(mapping, gates=as_in_legacy)))}
    if mapping.forget_gate:
        return unordered | {
            "forget_bias not added": pair.off(here, pair.weights(mapping, forget_bias=0.0)),
            "state taken as (c, h)": pair.off(here, weights, state=mapping.state),
        }
    kernel, recurrent, bias = weights
    # With reset_after=True the layer has a second bias, for the state.
    both = [kernel, recurrent, [bias, [0.0] * len(bias)]]
    return unordered | {"reset_after=True, the default": pair.off(here, both, reset_after=True)}


@measures("keras-parameters-equal", seconds=3)
def keras_parameters_equal(here: Here) -> Outcome:
    """Reads the totals that model.summary() prints, and adds up the legacy variables."""
    rows, failures = {}, []
    for mapping in MAPPINGS.values():
        for depth, units in SIZES:
            legacy = build(here, "dynamic_rnn", partial(getattr(here.rnn_cell, mapping.cell), units), depth=depth)
            row = {
                "legacy": sum(int(value.size) for value in legacy.variables.values()),
                "keras": _parameters_shown(here, mapping.layer, depth, units, mapping.options),
            }
            if row["keras"] != row["legacy"]:
                failures.append(f"{mapping.cell} has {row['legacy']}, {mapping.layer} {row['keras']}")
            if mapping.options:
                row["keras_by_default"] = more = _parameters_shown(here, mapping.layer, depth, units, {})
                failures += [f"{mapping.layer} has {more} by default"] if more != row["legacy"] + 3 * units else []
            rows[f"{mapping.cell} and {mapping.layer}, depth {depth}, units {units}"] = row
    shown = [f"{name}: {row['legacy']} and {row['keras']}" for name, row in rows.items() if "depth 8" in name]
    return judged({"parameters": rows}, "; ".join(shown), failures)


def _parameters_shown(here: Here, layer: str, depth: int, units: int, options: Mapping[str, bool]) -> int:
    keras = here.tf.keras
    model = keras.Sequential([keras.Input([None, depth]), getattr(keras.layers, layer)(units, **options)])
    lines: list[str] = []
    model.summary(print_fn=lambda line, **_: lines.append(line))
    found = re.search(r"Total params:\D*([\d,]+)", "\n".join(lines))
    return int(found[1].replace(",", "")) if found else -1
