"""What does the probe claim about models that take any length, and about the cost of new lengths?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "recommended-model-takes-any-length",
        "Sequential([Input((None, 8)), SimpleRNN(16), Dense(1)]) has one set of weights for every length: predict and"
        " fit run at each length, are traced a few times in total and not once per length, and the predictions equal"
        " those of a model with that fixed length.",
        "parameters, how often Keras traces the model, and the largest difference from a model with a fixed length",
        "batches of one length each; Keras 2 and Keras 3, on a CPU",
        "any_length.recommended_model_takes_any_length",
    ),
    Claim(
        "new-lengths-are-traced",
        "A tf.function around a recurrent layer is traced again for each new length; with reduce_retracing=True it is"
        " traced twice, and with a time axis of None in its input_signature once.",
        "traces over 6 lengths",
        "a SimpleRNN with unroll=False; Keras 2 and Keras 3",
        "any_length.new_lengths_are_traced",
    ),
    Claim(
        "retracing-costs",
        "The first call of a tf.function around an LSTM at a new length takes more than 10 times as long as a later"
        " call.",
        "time of the first call at each of 6 lengths, compared with later calls at the same length",
        "an LSTM of 16 units with unroll=False, batch size 2, forward, on a CPU; only the ratios matter",
        "any_length.retracing_costs",
    ),
    Claim(
        "ragged-batches",
        "Recurrent layers of Keras 2 accept a ragged batch of tf.data directly; those of Keras 3 raise. Both accept it"
        " as a padded tensor with a mask, and the results equal those of each sequence run alone.",
        "which layers raise, and the largest difference from the sequences one by one",
        "SimpleRNN, LSTM and GRU, on a CPU; Keras 2 and Keras 3",
        "any_length.ragged_batches",
    ),
)
