"""Do Keras layers compute what the legacy cells do, once the weights are carried over?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rnnlint.facts.weight_mapping import MAPPINGS, WeightMapping
from rnnlint.probe.carried import carried_weights, keras_layer, legacy_beside
from rnnlint.probe.legacy_runs import ROUNDING, Built, difference, sequences
from rnnlint.probe.measurement import Here, Outcome, judged, measures

BATCH, STEPS = 3, 7
SIZES = ((8, 16), (16, 16), (20, 5))
"""Depth and units; only the first pair in the quick run."""
FORGET_BIASES = (1.0, 0.25)
FAR = 0.01
"""A real difference; rounding stays a thousand times below it."""


@measures("keras-weights-carry-over", seconds=1.5)
def keras_weights_carry_over(here: Here) -> Outcome:
    """Run each legacy cell and the Keras layer with its weights on the same sequences."""
    rows, failures = {}, []
    for mapping in MAPPINGS.values():
        for depth, units in _sizes(here):
            for forget_bias in FORGET_BIASES if mapping.forget_gate else (0.0,):
                legacy = legacy_beside(here, mapping, depth, units, forget_bias=forget_bias)
                name = f"{mapping.cell}, depth {depth}, units {units}"
                name += f", forget_bias {forget_bias}" if mapping.forget_gate else ""
                weights = carried_weights(mapping, legacy, forget_bias)
                rows[name] = off = _off(here, mapping, legacy, weights)
                if off > ROUNDING:
                    failures.append(f"{name}: {off} from {mapping.layer}")
    summary = f"outputs and final states differ by at most {max(rows.values())} (allowed {ROUNDING})"
    return judged({"largest_absolute_difference": rows, "allowed_for_rounding": ROUNDING}, summary, failures)


def _sizes(here: Here) -> tuple[tuple[int, int], ...]:
    return SIZES if here.full else SIZES[:1]


def _off(here: Here, mapping: WeightMapping, legacy: Built, weights: list[Any], **other: Any) -> float:
    """The difference of outputs and final state of the layer with these weights from the legacy ones.

    `other` are deviations from the mapping, as options of the layer, or as ``state``: the order of the parts of its
    state.
    """
    order = other.pop("state", mapping.keras_state)
    data = sequences(here, BATCH, STEPS, int(legacy.inputs.shape[-1]))
    ran = legacy.run(data)
    outputs, *state = keras_layer(here, mapping, legacy, weights, **other)(data)
    found = {part: value.numpy() for part, value in zip(order, state)}
    return difference([outputs.numpy(), *(found[part] for part in mapping.state)], [ran.outputs, *ran.state])


@measures("keras-weights-need-the-mapping", seconds=1)
def keras_weights_need_the_mapping(here: Here) -> Outcome:
    """Omit one step of the mapping at a time."""
    rows = {
        f"{cell}: {step}": off
        for cell in ("BasicLSTMCell", "GRUCell")
        for step, off in _left_out(here, MAPPINGS[cell]).items()
    }
    failures = [f"{step} changes nothing: {off}" for step, off in rows.items() if off < FAR]
    summary = "; ".join(f"{step} {off:.2f}" for step, off in rows.items())
    return judged({"largest_absolute_difference": rows}, summary, failures)


def _left_out(here: Here, mapping: WeightMapping) -> Mapping[str, float]:
    legacy = legacy_beside(here, mapping, 8, 16)
    as_in_legacy = replace(mapping, gates=tuple(gate for one in mapping.variables for gate in one.gates))
    weights = carried_weights(mapping, legacy)
    found = {"gates in the legacy order": _off(here, mapping, legacy, carried_weights(as_in_legacy, legacy))}
    if mapping.forget_gate:
        bare = carried_weights(mapping, legacy, forget_bias=0.0)
        found["forget_bias not added"] = _off(here, mapping, legacy, bare)
        found["state taken as (c, h)"] = _off(here, mapping, legacy, weights, state=mapping.state)
    else:
        kernel, recurrent, bias = weights
        # With reset_after=True the layer has a second bias, for the state.
        both = [kernel, recurrent, [bias, [0.0] * len(bias)]]
        found["reset_after=True, the default"] = _off(here, mapping, legacy, both, reset_after=True)
    return found


@measures("keras-parameters-equal", seconds=1)
def keras_parameters_equal(here: Here) -> Outcome:
    """Read the totals that model.summary() prints, and add up the legacy variables."""
    rows, failures = {}, []
    for mapping in MAPPINGS.values():
        for depth, units in _sizes(here):
            legacy = legacy_beside(here, mapping, depth, units)
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
    found = re.search(r"Total params:[^\d,]*([\d,]+)", "\n".join(lines))
    return int(found[1].replace(",", "")) if found else -1
