"""Which checkpoints do the tests carry over? Made by TensorFlow, in a process of its own; with what the cells compute.

Run as a program: the folder is its argument. Prints nothing; writes the checkpoints, and for each an .npz of inputs,
lengths, outputs and states.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

DEPTH, UNITS, BATCH, STEPS = 3, 4, 5, 6

CELLS = ("BasicRNNCell", "BasicLSTMCell", "LSTMCell", "GRUCell")


def main() -> None:
    import tensorflow as tf

    from rnnlint.probe.worker import open_here

    cells = open_here(full=False).rnn_cell
    folder = Path(sys.argv[1])
    for name in CELLS:
        make = getattr(cells, name)
        _save(tf, folder / name, lambda make=make: dynamic(tf, make(UNITS)))
    _save(tf, folder / "first-format", lambda: dynamic(tf, cells.LSTMCell(UNITS)), first_format=True)
    _save(tf, folder / "forget-bias", lambda: dynamic(tf, cells.BasicLSTMCell(UNITS, forget_bias=0.25)))
    _save(tf, folder / "slots", lambda: dynamic(tf, cells.LSTMCell(UNITS)), train=True)
    _save(tf, folder / "peepholes", lambda: dynamic(tf, cells.LSTMCell(UNITS, use_peepholes=True)))
    _save(tf, folder / "projection", lambda: dynamic(tf, cells.LSTMCell(UNITS, num_proj=2)))
    _save(tf, folder / "named", lambda: dynamic(tf, cells.BasicRNNCell(UNITS, name="encoder")))
    _save(tf, folder / "activation", lambda: dynamic(tf, cells.GRUCell(UNITS, activation=tf.nn.relu)))
    _save(tf, folder / "partitioned", lambda: _partitioned(tf, cells))
    stack = [cells.LSTMCell, cells.GRUCell]
    _save(tf, folder / "stack", lambda: dynamic(tf, cells.MultiRNNCell([kind(UNITS) for kind in stack])))
    _save(tf, folder / "bidirectional", lambda: _bidirectional(tf, cells))
    _save(tf, folder / "saved-model", lambda: dynamic(tf, cells.GRUCell(UNITS)), saved_model=True)


def numbers(seed: int) -> Any:
    import numpy

    return numpy.random.RandomState(seed)


def inputs() -> tuple[Any, Any]:
    """Inputs [batch, steps, depth] and lengths [batch]."""
    return numbers(0).normal(size=[BATCH, STEPS, DEPTH]).astype("float32"), numbers(1).randint(1, STEPS + 1, [BATCH])


def dynamic(tf: Any, cell: Any) -> Sequence[Any]:
    given, lengths = (tf.constant(one) for one in inputs())
    outputs, state = tf.compat.v1.nn.dynamic_rnn(cell, given, sequence_length=lengths, dtype=tf.float32)
    return [outputs, *tf.nest.flatten(state)]


def _partitioned(tf: Any, cells: Any) -> Sequence[Any]:
    v1 = tf.compat.v1
    with v1.variable_scope("model", partitioner=v1.fixed_size_partitioner(3)):
        return dynamic(tf, cells.LSTMCell(UNITS))


def _bidirectional(tf: Any, cells: Any) -> Sequence[Any]:
    given, lengths = (tf.constant(one) for one in inputs())
    outputs, state = tf.compat.v1.nn.bidirectional_dynamic_rnn(
        cells.LSTMCell(UNITS), cells.LSTMCell(UNITS), given, sequence_length=lengths, dtype=tf.float32
    )
    return [*outputs, *tf.nest.flatten(state)]


def _save(
    tf: Any,
    place: Path,
    build: Callable[[], Sequence[Any]],
    *,
    train: bool = False,
    first_format: bool = False,
    saved_model: bool = False,
) -> None:
    import numpy

    v1 = tf.compat.v1
    place.mkdir(parents=True)
    with v1.Graph().as_default() as graph, v1.Session(graph=graph) as session:
        results = build()
        if train:
            average = tf.train.ExponentialMovingAverage(0.5)
            step = v1.train.AdamOptimizer().minimize(tf.reduce_sum(results[0]))
            with tf.control_dependencies([step]):
                step = average.apply(v1.trainable_variables())
        dense = v1.get_variable("dense/kernel", [8, 16]), v1.get_variable("dense/bias", [16])
        assert len(dense) == 2
        session.run(v1.global_variables_initializer())
        for one in v1.trainable_variables():
            one.load(numbers(len(one.op.name)).normal(size=one.shape.as_list()).astype("float32") / 2, session)
        if train:
            session.run(step)
        if saved_model:
            builder = v1.saved_model.Builder(str(place / "model"))
            builder.add_meta_graph_and_variables(session, ["serve"])
            builder.save()
        else:
            version = v1.train.SaverDef.V1 if first_format else v1.train.SaverDef.V2
            v1.train.Saver(write_version=version).save(session, str(place / "model.ckpt"))
        numpy.savez(place / "computed.npz", *session.run(list(results)))


if __name__ == "__main__":
    main()
