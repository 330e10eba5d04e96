"""What does the probe claim about shared cells, swapped axes, constant dropout, stacks and stateful layers?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "one-cell-shares-its-weights",
        "One cell object in all layers of a stack, or in both directions, has one set of weights. The stack raises if"
        " the number of features of its input differs from the number of units of the cell.",
        "variables of two layers, or directions, with one cell object and with a cell each; the error of a stack whose"
        " input has a different number of features",
        "MultiRNNCell, also with a DropoutWrapper around one cell for each layer, StackedRNNCells, a list of cells in"
        " RNN, bidirectional_dynamic_rnn",
        "pitfalls.one_cell_shares_its_weights",
    ),
    Claim(
        "time-axis-swapped",
        "A runner or layer whose input has its batch and time axes swapped does not raise: it runs over the rows of the"
        " batch as if they were steps.",
        "shape of the final state; largest absolute difference of a row's outputs when only other rows change",
        "dynamic_rnn with time_major on a batch-major input, and without it on a time-major one; static_rnn over"
        " tf.unstack along the batch; a Keras layer",
        "pitfalls.time_axis_swapped",
    ),
    Claim(
        "constant-keep-probability-drops-always",
        "A DropoutWrapper whose keep probability is a number below 1 is active in every run of the graph: the same"
        " input gives different outputs each time. With 1 it drops nothing.",
        "largest absolute difference of the outputs of two runs of the same input, with 0.5 and with 1",
        "dynamic_rnn over a plain cell, input, output and state keep probability; tf.nn.dropout after it",
        "pitfalls.constant_keep_probability_drops_always",
    ),
    Claim(
        "stack-needs-return-sequences",
        "A recurrent layer raises on the output of another one that has no return_sequences=True. With it, or with a"
        " layer such as RepeatVector between them, the stack works.",
        "the error of a stack of two, and the shape that it returns with return_sequences=True or RepeatVector",
        "SimpleRNN, LSTM, GRU and ConvLSTM2D, also in Bidirectional and with Dropout or Dense between them",
        "pitfalls.stack_needs_return_sequences",
    ),
    Claim(
        "stateful-carries-state",
        "A stateful layer begins each batch with the final state of the previous one until its states are reset. It"
        " raises on an input without a fixed batch size.",
        "largest absolute difference of two calls on the same batch, and of a first call from one after a reset; the"
        " error without a batch size",
        "SimpleRNN, LSTM and GRU; reset by each layer's reset_states (reset_state from Keras 3 on)",
        "pitfalls.stateful_carries_state",
    ),
)
