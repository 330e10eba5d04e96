"""What could TensorFlow do so that a claim is false? One sabotage at least for each, made without importing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from rnnlint.facts.weight_mapping import MAPPINGS
from rnnlint.probe import legacy_runs, steps
from rnnlint.probe.claims import (
    any_length,
    api_state,
    both_ways,
    first_runs,
    footprints,
    keras_masks,
    keras_same_results,
    keras_unrolling,
    kernels,
    lengths,
    loops,
    mask_keepers,
    mask_table,
    masking,
    pitfalls,
    readable_steps,
    regions,
    run_time,
    sizes,
    tensorflow_2,
    unrolling,
    weights,
)
from rnnlint.probe.graphs import Graphs
from rnnlint.probe.measurement import Here, Measure

Patch = Callable[[pytest.MonkeyPatch, Here], None]


def lengths_are_ignored(patch: pytest.MonkeyPatch, _: Here) -> None:
    def build(*arguments: Any, **options: Any) -> Any:
        return legacy_runs.build(*arguments, **{**options, "lengths": False})

    patch.setattr(masking, "build", build)


def lengths_are_free(patch: pytest.MonkeyPatch, _: Here) -> None:
    patch.setattr(masking, "operations", lambda built: 7 * int(built.inputs.shape[1]))


def padding_does_nothing(patch: pytest.MonkeyPatch, _: Here) -> None:
    patch.setattr(masking, "_state_off", lambda *_: 0.0)


def nothing_raises(patch: pytest.MonkeyPatch, _: Here) -> None:
    patch.setattr(lengths, "_error_of", lambda *_: None)


def another_error_is_raised(patch: pytest.MonkeyPatch, _: Here) -> None:
    patch.setattr(lengths, "_error_of", lambda *_: ValueError("something else"))


def the_loop_computes_something_else(patch: pytest.MonkeyPatch, _: Here) -> None:
    run = legacy_runs.Built.run

    def other(built: Any, inputs: Any, lengths: Any = None) -> Any:
        ran = run(built, inputs, lengths)
        return ran if built.inputs.shape[1] else replace(ran, outputs=ran.outputs + 0.001)

    patch.setattr(legacy_runs.Built, "run", other)


def gates_are_in_another_order(patch: pytest.MonkeyPatch, _: Here) -> None:
    wrong = replace(MAPPINGS["GRUCell"], gates=("r", "u", "c"))
    patch.setattr(weights, "MAPPINGS", {**MAPPINGS, "GRUCell": wrong})


def every_mapping_is_good(patch: pytest.MonkeyPatch, _: Here) -> None:
    patch.setattr(weights, "_off", lambda *_, **__: 0.0)


def a_parameter_more_is_shown(patch: pytest.MonkeyPatch, _: Here) -> None:
    shown = weights._parameters_shown
    patch.setattr(weights, "_parameters_shown", lambda *arguments: shown(*arguments) + 1)


def masks_are_not_made(patch: pytest.MonkeyPatch, _: Here) -> None:
    fronts = keras_masks._fronts
    patch.setattr(
        keras_masks,
        "_fronts",
        lambda here: {name: (plain, plain, data) for name, (_, plain, data) in fronts(here).items()},
    )


def masked_outputs_are_zero(patch: pytest.MonkeyPatch, _: Here) -> None:
    layer = keras_masks.keras_layer
    patch.setattr(
        keras_masks,
        "keras_layer",
        lambda *arguments, **options: layer(*arguments, **{**options, "zero_output_for_mask": True}),
    )


def the_backward_half_is_right(patch: pytest.MonkeyPatch, _: Here) -> None:
    layer = keras_masks._recurrent
    patch.setattr(keras_masks, "_recurrent", lambda here, kind, unroll: layer(here, kind, False))


def a_keeper_drops(patch: pytest.MonkeyPatch, _: Here) -> None:
    patch.setattr(mask_keepers, "_keepers", lambda here: {"Lambda": mask_keepers._droppers(here)["Lambda"]})


def a_dropper_keeps(patch: pytest.MonkeyPatch, _: Here) -> None:
    keep = mask_keepers._keepers
    patch.setattr(mask_keepers, "_droppers", lambda here: {"Dropout": keep(here)["Dropout"]})
    patch.setattr(mask_keepers, "_mixing_droppers", lambda here: {})


def a_step_is_another(patch: pytest.MonkeyPatch, _: Here) -> None:
    def unroll(here: Here, kind: str, number: int) -> Any:
        found = steps.unroll(here, kind, number)
        return replace(found, steps=(*found.steps[:-1], replace(found.steps[-1], reads=("inputs:0",))))

    patch.setattr(readable_steps, "unroll", unroll)


# ---- the graphs of the runners


def static_rnn_is_a_loop(patch: pytest.MonkeyPatch, here: Here) -> None:
    """Whatever the length, and it runs the loop twice so that it is slower as well."""
    dynamic = here.v1.nn.dynamic_rnn

    def static(cell: Any, inputs: Any, dtype: Any = None, sequence_length: Any = None) -> Any:
        whole = inputs[0].op.inputs[0] if inputs[0].op.type == "Unpack" else here.tf.stack(inputs, axis=1)
        outputs, state = dynamic(cell, whole, dtype=dtype, sequence_length=sequence_length)
        again, _ = dynamic(cell, whole + 1.0, dtype=dtype, sequence_length=sequence_length)
        return [outputs[:, -1] + again[:, -1]] * len(inputs), state

    patch.setattr(here.v1.nn, "static_rnn", static)
    forget()


def forget() -> None:
    """What was measured before the sabotage."""
    run_time._timed.cache_clear()
    regions._ratios.cache_clear()
    first_runs.rounds_of.cache_clear()


def dynamic_rnn_unrolls(patch: pytest.MonkeyPatch, here: Here) -> None:
    static = here.v1.nn.static_rnn

    def dynamic(cell: Any, inputs: Any, **options: Any) -> Any:
        options.pop("time_major", None)
        outputs, state = static(cell, here.tf.unstack(inputs, axis=1), **options)
        return here.tf.stack(outputs, axis=1), state

    patch.setattr(here.v1.nn, "dynamic_rnn", dynamic)


def a_call_adds_one_more(patch: pytest.MonkeyPatch, here: Here) -> None:
    static = here.v1.nn.static_rnn

    def more(*arguments: Any, **options: Any) -> Any:
        outputs, state = static(*arguments, **options)
        return [here.tf.identity(outputs[0]), *outputs[1:]], state

    patch.setattr(here.v1.nn, "static_rnn", more)


def a_layer_adds_one_more(patch: pytest.MonkeyPatch, _: Here) -> None:
    added = keras_unrolling.keras_added
    patch.setattr(sizes, "keras_added", lambda *arguments, **options: added(*arguments, **options) + 1)


class Idle:
    """A cell that computes nothing."""

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        return 0.0

    def __call__(self, inputs: Any, state: Any) -> Any:
        return inputs, state


def cells_compute_nothing(patch: pytest.MonkeyPatch, _: Here) -> None:
    patch.setattr(Graphs, "build", lambda *_: Idle())


# ---- Keras


def unroll_does_nothing(patch: pytest.MonkeyPatch, here: Here) -> None:
    layers = here.tf.keras.layers
    for name in ("SimpleRNN", "LSTM", "GRU"):
        kind = getattr(layers, name)

        def loop(self: Any, *arguments: Any, kind: Any = kind, unroll: bool = False, **options: Any) -> None:
            kind.__init__(self, *arguments, **options)

        patch.setattr(layers, name, type(name, (kind,), {"__init__": loop}))


def layers_never_unroll(patch: pytest.MonkeyPatch, _: Here) -> None:
    layer = keras_unrolling.keras_layer

    def loop(layers: Any, text: str, *, unroll: bool, **options: Any) -> Any:
        return layer(layers, text, unroll=False, **options)

    patch.setattr(keras_unrolling, "keras_layer", loop)


def unroll_goes_the_other_way(patch: pytest.MonkeyPatch, _: Here) -> None:
    layer = keras_same_results.keras_layer

    def turned(layers: Any, text: str, *, unroll: bool, go_backwards: bool, **options: Any) -> Any:
        return layer(layers, text, unroll=unroll, go_backwards=go_backwards != unroll, **options)

    patch.setattr(keras_same_results, "keras_layer", turned)


def autograph_leaves_loops_alone(patch: pytest.MonkeyPatch, here: Here) -> None:
    function = here.tf.function
    patch.setattr(here.tf, "function", lambda body, **_: function(body, autograph=False))


def loops_in_calls_do_as_in_the_other_keras(patch: pytest.MonkeyPatch, here: Here) -> None:
    said = None if here.keras_generation == 3 else "TypeError: it is symbolic"
    patch.setattr(loops, "raised", lambda *_: said)


def no_layer_has_a_mask_behind_it(patch: pytest.MonkeyPatch, _: Here) -> None:
    patch.setattr(mask_table, "_mask_behind", lambda *_: None)


def joined_masks_make_no_difference(patch: pytest.MonkeyPatch, _: Here) -> None:
    patch.setattr(mask_table, "difference", lambda *_: 0.0)


def backward_outputs_are_turned(patch: pytest.MonkeyPatch, _: Here) -> None:
    layer = both_ways._layer

    def turned(*arguments: Any) -> Any:
        outputs, state, alone = layer(*arguments)
        return outputs[:, ::-1], state, alone

    patch.setattr(both_ways, "_layer", turned)


def no_stack_raises(patch: pytest.MonkeyPatch, _: Here) -> None:
    patch.setattr(pitfalls, "_error", lambda *_: None)


def no_state_is_carried(patch: pytest.MonkeyPatch, _: Here) -> None:
    patch.setattr(pitfalls, "difference", lambda *_: 0.0)


def no_wrapper_drops(patch: pytest.MonkeyPatch, here: Here) -> None:
    patch.setattr(here.rnn_cell, "DropoutWrapper", lambda cell, **_: cell)


def time_major_is_ignored(patch: pytest.MonkeyPatch, here: Here) -> None:
    real = here.v1.nn.dynamic_rnn
    patch.setattr(here.v1.nn, "dynamic_rnn", lambda *given, **options: real(*given, **{**options, "time_major": False}))


# ---- any length, memory and kernels


def every_length_is_traced(patch: pytest.MonkeyPatch, here: Here) -> None:
    predict = here.tf.keras.Sequential.predict

    def anew(self: Any, *arguments: Any, **options: Any) -> Any:
        self.predict_function = None
        return predict(self, *arguments, **options)

    patch.setattr(here.tf.keras.Sequential, "predict", anew)


def functions_are_traced_for_any_length(patch: pytest.MonkeyPatch, here: Here) -> None:
    function = here.tf.function
    patch.setattr(here.tf, "function", lambda body, **_: function(body, reduce_retracing=True))


def each_call_is_traced(patch: pytest.MonkeyPatch, here: Here) -> None:
    function = here.tf.function
    patch.setattr(here.tf, "function", lambda body, **_: lambda *given: function(body)(*given))


def every_layer_takes_what_is_ragged(patch: pytest.MonkeyPatch, here: Here) -> None:
    said = None if here.keras_generation == 3 else "ValueError"
    patch.setattr(any_length, "_error_or_result", lambda *_: (said, None) if said else (None, 0.0))
    patch.setattr(any_length, "difference", lambda *_: 0.0)


def the_unroll_takes_what_the_loop_takes(patch: pytest.MonkeyPatch, _: Here) -> None:
    real = footprints.footprints
    patch.setattr(footprints, "footprints", lambda keys: real([("dynamic_rnn", steps) for _, steps in keys]))


def nobody_compiles(patch: pytest.MonkeyPatch, here: Here) -> None:
    function = here.tf.function
    patch.setattr(here.tf, "function", lambda body, autograph, jit_compile: function(body, autograph=autograph))


def unrolls_are_loops_in_a_graph(patch: pytest.MonkeyPatch, _: Here) -> None:
    found = kernels._cudnn_operations
    patch.setattr(kernels, "_cudnn_operations", lambda here, kind, unroll: found(here, kind, False))


def nobody_is_told(patch: pytest.MonkeyPatch, here: Here) -> None:
    deprecation = here.module("tensorflow.python.util.deprecation")
    patch.setattr(deprecation, "_PRINT_DEPRECATION_WARNINGS", False)


# ---- what resolves and runs


def programs_do_the_other_thing(patch: pytest.MonkeyPatch, _: Here) -> None:
    asked = tensorflow_2._errors()
    turned = {name: "" if said else "RuntimeError: no more" for name, said in asked.items()}
    patch.setattr(tensorflow_2, "_errors", lambda: turned)


def what_runs_raises_and_what_raises_runs(patch: pytest.MonkeyPatch, _: Here) -> None:
    asked = api_state._all_answers()
    turned = {
        question: {name: "" if said else "RuntimeError: no more" for name, said in answers.items()}
        for question, answers in asked.items()
    }
    patch.setattr(api_state, "_all_answers", lambda: turned)


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
    (unrolling.static_graph_grows, static_rnn_is_a_loop),
    (unrolling.loop_graph_flat, dynamic_rnn_unrolls),
    (sizes.one_cell_copy_a_step, static_rnn_is_a_loop),
    (sizes.graph_bytes_grow, static_rnn_is_a_loop),
    (sizes.graph_bytes_grow, dynamic_rnn_unrolls),
    (sizes.graph_ops_exact, a_call_adds_one_more),
    (sizes.graph_ops_exact, a_layer_adds_one_more),
    (first_runs.first_run_grows, static_rnn_is_a_loop),
    (first_runs.build_time_grows, static_rnn_is_a_loop),
    (first_runs.small_unroll_runs_faster, static_rnn_is_a_loop),
    (first_runs.keras_unroll_first_run_grows, unroll_does_nothing),
    (run_time.unroll_lead_shrinks_with_size, static_rnn_is_a_loop),
    (run_time.sequence_length_shrinks_lead, static_rnn_is_a_loop),
    (run_time.static_start_pays_back_late, static_rnn_is_a_loop),
    (keras_unrolling.keras_unroll_grows, layers_never_unroll),
    (keras_unrolling.keras_unroll_needs_length, unroll_does_nothing),
    (keras_same_results.keras_unroll_same_results, unroll_goes_the_other_way),
    (loops.python_loop_grows, cells_compute_nothing),
    (loops.autograph_loop_flat, autograph_leaves_loops_alone),
    (loops.keras_3_call_has_no_autograph, loops_in_calls_do_as_in_the_other_keras),
    (mask_table.keras_mask_table, no_layer_has_a_mask_behind_it),
    (mask_table.keras_joined_masks, joined_masks_make_no_difference),
    (both_ways.backward_half_has_seen_one_step, backward_outputs_are_turned),
    (pitfalls.one_cell_shares_its_weights, no_stack_raises),
    (pitfalls.stack_needs_return_sequences, no_stack_raises),
    (pitfalls.stateful_carries_state, no_state_is_carried),
    (pitfalls.constant_keep_probability_drops_always, no_wrapper_drops),
    (pitfalls.time_axis_swapped, time_major_is_ignored),
    (any_length.recommended_model_takes_any_length, every_length_is_traced),
    (any_length.new_lengths_are_traced, functions_are_traced_for_any_length),
    (any_length.retracing_costs, each_call_is_traced),
    (any_length.ragged_batches, every_layer_takes_what_is_ragged),
    (footprints.unroll_takes_memory, the_unroll_takes_what_the_loop_takes),
    (kernels.xla_favors_the_loop, nobody_compiles),
    (kernels.unroll_loses_cudnn, unrolls_are_loops_in_a_graph),
    (regions.unroll_lead_has_a_region, static_rnn_is_a_loop),
    (tensorflow_2.runners_called_deprecated, nobody_is_told),
    (tensorflow_2.legacy_runners_in_tensorflow_2, programs_do_the_other_thing),
    (api_state.symbols_as_listed, what_runs_raises_and_what_raises_runs),
    (api_state.legacy_runners_run, what_runs_raises_and_what_raises_runs),
    (api_state.legacy_cells_by_attribute, what_runs_raises_and_what_raises_runs),
    (api_state.keras_cells_in_legacy_runners, what_runs_raises_and_what_raises_runs),
    (api_state.tf_keras_brings_cells_back, what_runs_raises_and_what_raises_runs),
    (api_state.legacy_keras_needs_tf_keras, what_runs_raises_and_what_raises_runs),
]
