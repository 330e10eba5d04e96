"""What has the backward half of a bidirectional layer or runner seen at the last step?"""

from __future__ import annotations

from typing import Any

from rnnlint.probe.legacy_runs import ROUNDING, difference, sequences
from rnnlint.probe.measurement import Here, Outcome, judged, measures

DEPTH, UNITS, STEPS, BATCH = 8, 16, 4, 3
FAR = 0.01
"""A real difference; rounding stays a thousand times below it."""
LAYERS = ("SimpleRNN", "LSTM", "GRU")


@measures("backward-half-has-seen-one-step", seconds=2)
def backward_half_has_seen_one_step(here: Here) -> Outcome:
    """Compare the backward output at the last step with that step alone, and with the final state."""
    rows, failures = {}, []
    data = sequences(here, BATCH, STEPS, DEPTH)
    ran = {f"Bidirectional({kind})": _layer(here, kind, data) for kind in LAYERS}
    ran["bidirectional_dynamic_rnn"] = _runner(here, data)
    for name, (outputs, state, alone) in ran.items():
        rows[name] = row = {
            "last_from_that_step_alone": difference(outputs[:, -1], alone),
            "last_from_the_final_state": difference(outputs[:, -1], state),
            "first_from_the_final_state": difference(outputs[:, 0], state),
        }
        same = row["last_from_that_step_alone"] <= ROUNDING and row["first_from_the_final_state"] <= ROUNDING
        failures += [] if same and row["last_from_the_final_state"] >= FAR else [f"{name}: {row}"]
    off = min(row["last_from_the_final_state"] for row in rows.values())
    summary = (
        f"at the last step it equals that of the step alone, and differs from the final state by {off:.2g} or more"
    )
    return judged({"largest_absolute_difference": rows, "allowed_for_rounding": ROUNDING}, summary, failures)


def _layer(here: Here, kind: str, data: Any) -> tuple[Any, Any, Any]:
    """The backward outputs, the backward final state, and the outputs of the last step alone."""
    keras = here.tf.keras.layers
    layer = keras.Bidirectional(getattr(keras, kind)(UNITS, return_sequences=True, return_state=True), merge_mode=None)
    _forward, outputs, *states = layer(data)
    backward = states[len(states) // 2]
    alone = layer(data[:, -1:])[1]
    return outputs.numpy(), backward.numpy(), alone.numpy()[:, 0]


def _runner(here: Here, data: Any) -> tuple[Any, Any, Any]:
    tf = here.tf.compat.v1
    with here.tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        x = tf.placeholder(here.tf.float32, [None, None, DEPTH])
        forward, backward = (here.rnn_cell.BasicRNNCell(UNITS) for _ in range(2))
        found, states = tf.nn.bidirectional_dynamic_rnn(forward, backward, x, dtype=here.tf.float32)
        session.run(tf.global_variables_initializer())
        outputs, state = session.run((found[1], states[1]), {x: data})
        alone = session.run(found[1], {x: data[:, -1:]})
    return outputs, state, alone[:, 0]
