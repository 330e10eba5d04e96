"""What does the probe claim about the size of graphs, and about the time to build and first run them?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "static-graph-grows",
        "A static runner adds the same number of operations to the graph for every time step: the graph contains the"
        " cell once per step.",
        "operations that the call adds, at three or more lengths: a rising straight line",
        "each cell and wrapper, a stack, a custom cell, and both directions; with and without"
        " sequence_length; both control-flow versions; with gradients from the second step on",
        "unrolling.static_graph_grows",
    ),
    Claim(
        "loop-graph-flat",
        "dynamic_rnn adds the same number of operations for any number of time steps: the graph contains the cell"
        " once.",
        "operations that the call adds, at several lengths: a constant",
        "each cell and wrapper, a stack, a custom cell, both directions, and raw_rnn; with and without"
        " sequence_length; both control-flow versions; with gradients",
        "unrolling.loop_graph_flat",
    ),
    Claim(
        "one-cell-copy-a-step",
        "static_rnn calls the cell once for each of its inputs and adds its matrix multiplications to the graph each"
        " time: ten inputs, ten applications of the cell. dynamic_rnn calls it once.",
        "MatMul operations in the graph and its functions; calls of a cell that counts them",
        "BasicRNNCell, LSTMCell, GRUCell and a stack; any length from 1 on",
        "sizes.one_cell_copy_a_step",
    ),
    Claim(
        "graph-bytes-grow",
        "The serialized graph of static_rnn grows by about the same number of bytes for every step; that of"
        " dynamic_rnn has the same size at every length, up to a few bytes for the length's digits.",
        "bytes of the GraphDef at three lengths; the length that would reach 2 GB, the limit of protobuf, is"
        " extrapolated from them, not built",
        "plain cells, forward and with gradients; the bytes of a step grow slightly with the digits in the names",
        "sizes.graph_bytes_grow",
    ),
    Claim(
        "graph-ops-exact",
        "The operations in a finding are exactly those that the call adds to a real graph.",
        "operations of calls of 5 steps, and of loops of 5 iterations, against the cost table",
        "the forward pass of each cell and wrapper and of a stack, for static_rnn and dynamic_rnn; Keras layers with"
        " unroll=True and unroll=False in a tf.function, with the Keras that comes with TensorFlow; Python loops over a"
        " legacy cell",
        "sizes.graph_ops_exact",
    ),
    Claim(
        "first-run-grows",
        "Building an unrolled graph and running it for the first time takes longer the more steps it has; with a"
        " loop in the graph, 30 steps take about as long as 5, and less than unrolled.",
        "time to build and run once, 30 steps against 5, static_rnn against dynamic_rnn, in one process",
        "an LSTM with gradients on a CPU; only the ratios matter",
        "first_runs.first_run_grows",
    ),
    Claim(
        "build-time-grows",
        "The time to build the graph of static_rnn grows with the number of steps, that of dynamic_rnn does not: at"
        " 2 steps static_rnn is faster to build, at 30 it takes more than twice as long.",
        "time to build alone, static_rnn against dynamic_rnn at several lengths, in one process",
        "an LSTM with gradients; only the ratios matter",
        "first_runs.build_time_grows",
    ),
    Claim(
        "unroll-takes-memory",
        "The memory that a training graph takes until its first result grows with the steps of static_rnn; at 100"
        " steps it is more than four times that of dynamic_rnn.",
        "megabytes by which the peak memory of a separate process rises, after another graph was built and run",
        "an LSTM of 16 units, batch size 8, on Linux or macOS",
        "footprints.unroll_takes_memory",
    ),
    Claim(
        "small-unroll-runs-faster",
        "After the first run, an unrolled graph of a small cell and few steps takes less time per call than a loop.",
        "time per later call, static_rnn against dynamic_rnn, in one process",
        "an LSTM of 16 units, 10 steps, batch size 1, with gradients and without sequence_length, on a CPU; large"
        " cells, many steps or sequence_length reduce or reverse the difference",
        "first_runs.small_unroll_runs_faster",
    ),
    Claim(
        "keras-unroll-grows",
        "A Keras recurrent layer with unroll=True adds the same number of operations for every time step; with"
        " unroll=False the number does not depend on the length.",
        "operations of the concrete function at 2, 4, 7 and 12 steps",
        "SimpleRNN, LSTM, GRU, RNN around a cell or a list of cells, Bidirectional; Keras 2 and Keras 3; with"
        " gradients from the second step on",
        "keras_unrolling.keras_unroll_grows",
    ),
    Claim(
        "keras-unroll-first-run-grows",
        "The first call of a tf.function around a Keras layer with unroll=True takes longer the more steps it has;"
        " with unroll=False, 30 steps take about as long as 5, and less than with unroll=True.",
        "time to trace and run once, 30 steps against 5, unroll=True against unroll=False, in one process",
        "an LSTM with gradients on a CPU; Keras 2 and Keras 3; only the ratios matter",
        "first_runs.keras_unroll_first_run_grows",
    ),
    Claim(
        "keras-unroll-same-results",
        "A Keras recurrent layer with unroll=True computes the same outputs, final states and gradients as with"
        " unroll=False, with and without a mask.",
        "largest difference of outputs, final states and weight gradients, relative to the largest of them",
        "SimpleRNN, LSTM, GRU, RNN around a cell or a list of cells, outside Bidirectional; the last output or all,"
        " forward or backward; no mask, or padding at the end or at the start; on a CPU, Keras 2 and Keras 3; equal"
        " means within 0.00001",
        "keras_same_results.keras_unroll_same_results",
    ),
    Claim(
        "keras-unroll-needs-length",
        "A Keras layer with unroll=True over an undefined time axis raises: in Keras 2 when the model is built; in"
        " Keras 3 it builds, but raises at the second length that fit or predict gets, on a dataset whose time axis"
        " is undefined, and on export.",
        "which calls raise",
        "SimpleRNN, LSTM, GRU in a functional model; eager calls of it run in Keras 3 at any length",
        "keras_unrolling.keras_unroll_needs_length",
    ),
    Claim(
        "python-loop-grows",
        "A Python loop over time steps that calls a cell adds the same number of operations in every iteration.",
        "graph operations at 2, 4, 7 and 12 iterations: a straight line",
        "legacy cells in a graph, Keras cells inside tf.function; loops over range, tf.unstack and the static shape,"
        " while loops over Python numbers",
        "loops.python_loop_grows",
    ),
    Claim(
        "autograph-loop-flat",
        "Inside tf.function, AutoGraph turns a loop over symbolic time into a loop in the graph: the number of"
        " operations does not depend on the length.",
        "operations of the concrete function at 2, 4, 7 and 12 steps: a constant, with a While among them",
        "loops over tf.range, range of a tensor and a tensor, while loops whose condition is a tensor",
        "loops.autograph_loop_flat",
    ),
    Claim(
        "keras-3-call-has-no-autograph",
        "Keras 3 does not convert the call of a layer or model with AutoGraph: a loop over symbolic time in it raises"
        " in predict, in fit, and inside tf.function. Keras 2 converts it and runs it.",
        "which calls raise",
        "loops over tf.range, range of a tensor and a tensor, while loops whose condition is a tensor; an eager call"
        " runs in both, as does range over the static shape, which unrolls",
        "loops.keras_3_call_has_no_autograph",
    ),
)
