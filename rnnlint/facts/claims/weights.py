"""What does the probe claim about the weights of Keras layers and legacy cells?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "keras-weights-carry-over",
        "A Keras layer with the weights of a legacy cell computes the same outputs and final states, once the kernel"
        " is split, the gates are reordered for Keras and forget_bias is added to the bias of the forget gate;"
        " GRU needs reset_after=False.",
        "largest absolute difference of outputs and final states",
        "BasicRNNCell and SimpleRNN, BasicLSTMCell, LSTMCell and LSTM, GRUCell and GRU; default activations, without"
        " peepholes and projections; equal means within 0.00001",
        "weights.keras_weights_carry_over",
    ),
    Claim(
        "keras-weights-need-the-mapping",
        "The weights of BasicLSTMCell and GRUCell do not fit the Keras layer unchanged: with the gates in the legacy"
        " order, without forget_bias, with the state read as (c, h), or with a GRU with its default reset_after=True,"
        " the results differ.",
        "largest absolute difference of outputs and final states, one step of the mapping omitted at a time",
        "depth 8, 16 units; the arrays have the shapes that Keras expects, so nothing raises",
        "weights.keras_weights_need_the_mapping",
    ),
    Claim(
        "keras-parameters-equal",
        "model.summary() shows as many parameters for the Keras layer as the variables of the legacy cell have; GRU"
        " with its default reset_after=True has three more for each unit.",
        "the total that model.summary() prints, and the size of the legacy variables",
        "BasicRNNCell and SimpleRNN, BasicLSTMCell, LSTMCell and LSTM, GRUCell and GRU with reset_after=False;"
        " without peepholes and projections",
        "weights.keras_parameters_equal",
    ),
)
