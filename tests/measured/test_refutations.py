"""Would the probe see it if a claim about numbers were false? Each measurement meets something that is a bit wrong."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from rnnlint.facts.weight_mapping import MAPPINGS
from rnnlint.probe import legacy_runs, steps
from rnnlint.probe.claims import keras_masks, lengths, mask_keepers, masking, readable_steps, weights
from rnnlint.probe.measurement import Here, Measure
from rnnlint.probe.worker import open_here

pytestmark = [pytest.mark.tensorflow, pytest.mark.filterwarnings("ignore")]

_spec = importlib.util.find_spec("tensorflow")
# A folder of this name that happens to be on the path counts as a package without an origin.
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)


@pytest.fixture(scope="module")
def here() -> Here:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    return open_here(full=False)


Patch = Callable[[pytest.MonkeyPatch], None]


def lengths_are_ignored(patch: pytest.MonkeyPatch) -> None:
    def build(*arguments: Any, **options: Any) -> Any:
        return legacy_runs.build(*arguments, **{**options, "lengths": False})

    patch.setattr(masking, "build", build)


def lengths_are_free(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(masking, "operations", lambda built: 7 * int(built.inputs.shape[1]))


def padding_does_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(masking, "_state_off", lambda *_: 0.0)


def nothing_raises(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(lengths, "_error_of", lambda *_: None)


def another_error_is_raised(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(lengths, "_error_of", lambda *_: ValueError("something else"))


def the_loop_computes_something_else(patch: pytest.MonkeyPatch) -> None:
    run = legacy_runs.Built.run

    def other(built: Any, inputs: Any, lengths: Any = None) -> Any:
        ran = run(built, inputs, lengths)
        return ran if built.inputs.shape[1] else replace(ran, outputs=ran.outputs + 0.001)

    patch.setattr(legacy_runs.Built, "run", other)


def gates_are_in_another_order(patch: pytest.MonkeyPatch) -> None:
    wrong = replace(MAPPINGS["GRUCell"], gates=("r", "u", "c"))
    patch.setattr(weights, "MAPPINGS", {**MAPPINGS, "GRUCell": wrong})


def every_mapping_is_good(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(weights, "_off", lambda *_, **__: 0.0)


def a_parameter_more_is_shown(patch: pytest.MonkeyPatch) -> None:
    shown = weights._parameters_shown
    patch.setattr(weights, "_parameters_shown", lambda *arguments: shown(*arguments) + 1)


def masks_are_not_made(patch: pytest.MonkeyPatch) -> None:
    fronts = keras_masks._fronts
    patch.setattr(
        keras_masks,
        "_fronts",
        lambda here: {name: (plain, plain, data) for name, (_, plain, data) in fronts(here).items()},
    )


def masked_outputs_are_zero(patch: pytest.MonkeyPatch) -> None:
    layer = keras_masks.keras_layer
    patch.setattr(
        keras_masks,
        "keras_layer",
        lambda *arguments, **options: layer(*arguments, **{**options, "zero_output_for_mask": True}),
    )


def the_backward_half_is_right(patch: pytest.MonkeyPatch) -> None:
    layer = keras_masks._recurrent
    patch.setattr(keras_masks, "_recurrent", lambda here, kind, unroll: layer(here, kind, False))


def a_keeper_drops(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(mask_keepers, "_keepers", lambda here: {"Lambda": mask_keepers._droppers(here)["Lambda"]})


def a_dropper_keeps(patch: pytest.MonkeyPatch) -> None:
    keep = mask_keepers._keepers
    patch.setattr(mask_keepers, "_droppers", lambda here: {"Dropout": keep(here)["Dropout"]})
    patch.setattr(mask_keepers, "_mixing_droppers", lambda here: {})


def a_step_is_another(patch: pytest.MonkeyPatch) -> None:
    def unroll(here: Here, kind: str, number: int) -> Any:
        found = steps.unroll(here, kind, number)
        return replace(found, steps=(*found.steps[:-1], replace(found.steps[-1], reads=("inputs:0",))))

    patch.setattr(readable_steps, "unroll", unroll)


CASES: list[tuple[Measure, Patch]] = [
    (masking.sequence_length_masks, lengths_are_ignored),
    (masking.last_output_of_padding_is_zero, lengths_are_ignored),
    (masking.static_sequence_length_costs, lengths_are_free),
    (masking.padding_changes_state, padding_does_nothing),
    (lengths.static_needs_length, nothing_raises),
    (lengths.static_needs_length, another_error_is_raised),
    (lengths.loop_takes_any_length, the_loop_computes_something_else),
    (weights.keras_weights_carry_over, gates_are_in_another_order),
    (weights.keras_weights_need_the_mapping, every_mapping_is_good),
    (weights.keras_parameters_equal, a_parameter_more_is_shown),
    (keras_masks.keras_mask_equals_truncated, masks_are_not_made),
    (keras_masks.keras_masked_outputs_repeat, masked_outputs_are_zero),
    (keras_masks.keras_unrolled_bidirectional_mask, the_backward_half_is_right),
    (mask_keepers.keras_layers_keep_mask, a_keeper_drops),
    (mask_keepers.keras_layers_drop_mask, a_dropper_keeps),
    (readable_steps.unroll_readable_by_step, a_step_is_another),
]


@pytest.mark.parametrize(
    ("measure", "wrong"), CASES, ids=[f"{measure.__name__}-{wrong.__name__}" for measure, wrong in CASES]
)
def test_a_claim_that_is_false_is_refuted(
    measure: Measure, wrong: Patch, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong(monkeypatch)
    found = measure(here)
    assert found.verdict == "refuted"
    assert found.why
