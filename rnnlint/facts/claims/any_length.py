"""Which statements are there about models that take any length, and about what new lengths cost?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "recommended-model-takes-any-length",
        "Sequential([Input((None, 8)), SimpleRNN(16), Dense(1)]) has one set of weights for every length: predict and"
        " fit run at each, are traced a few times in all and not once for each length, and predict what a model of"
        " that one length predicts.",
        "parameters, how often Keras traces the model, and the largest difference from a model with a fixed length",
        "batches of one length each; Keras 2 and Keras 3, on a CPU",
        "any_length.recommended_model_takes_any_length",
    ),
    Claim(
        "new-lengths-are-traced",
        "A tf.function around a recurrent layer is traced again for each new length; with reduce_retracing=True it is"
        " traced twice, and with an open time axis in its input_signature once.",
        "traces over 6 lengths",
        "a SimpleRNN with unroll=False; Keras 2 and Keras 3",
        "any_length.new_lengths_are_traced",
    ),
    Claim(
        "retracing-costs",
        "The first call of a tf.function around an LSTM at a new length takes more than 10 times as long as a later"
        " call.",
        "time of the first call at each of 6 lengths, against that of later calls at the same length",
        "an LSTM of 16 units with unroll=False, batch size 2, forward, on a CPU; the ratios are what counts",
        "any_length.retracing_costs",
    ),
    Claim(
        "ragged-batches",
        "A ragged batch of tf.data goes into the recurrent layers of Keras 2 as it is; Keras 3 raises. As a padded"
        " tensor with its mask it goes into both, and gives what each sequence gives alone.",
        "which layers raise, and the largest difference from the sequences one by one",
        "SimpleRNN, LSTM and GRU, on a CPU; Keras 2 and Keras 3",
        "any_length.ragged_batches",
    ),
)
