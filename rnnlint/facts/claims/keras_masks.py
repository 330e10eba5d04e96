"""What does the probe claim about the masks of Keras layers?"""

from __future__ import annotations

from rnnlint.facts.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "keras-mask-equals-truncated",
        "After Masking or Embedding(mask_zero=True), a Keras recurrent layer computes for each padded sequence what"
        " it computes for the sequence without its padding; without a mask the padding changes the final state.",
        "largest absolute difference of the outputs at valid steps and of the final states from each sequence run"
        " alone",
        "SimpleRNN, LSTM and GRU, also unrolled, and Bidirectional(LSTM) with unroll=False; padded at the end or at the"
        " start; Keras 2 and Keras 3; equal means within 0.00001",
        "keras_masks.keras_mask_equals_truncated",
    ),
    Claim(
        "keras-masked-outputs-repeat",
        "The outputs of masked steps repeat the last valid output, whereas dynamic_rnn returns zeros; with"
        " zero_output_for_mask=True they are zeros, and all outputs equal those of dynamic_rnn with sequence_length.",
        "largest absolute difference of the masked outputs from the last valid one, and of all outputs from"
        " dynamic_rnn with the same weights",
        "SimpleRNN, LSTM and GRU with return_sequences=True, also unrolled, padded at the end; Keras 2 and Keras 3",
        "keras_masks.keras_masked_outputs_repeat",
    ),
    Claim(
        "keras-unrolled-bidirectional-mask",
        "Bidirectional around a layer with unroll=True and return_sequences=True returns wrong outputs for a padded"
        " sequence, even with a mask: the backward half zeroes steps that the mask keeps. With unroll=False the outputs"
        " are right.",
        "largest absolute difference of the outputs at valid steps and of the final states from each sequence run"
        " alone",
        "Bidirectional(LSTM) after Masking, padded at the end or at the start; Keras 2 and Keras 3",
        "keras_masks.keras_unrolled_bidirectional_mask",
    ),
    Claim(
        "keras-layers-keep-mask",
        "These layers pass a mask on, and a recurrent layer after them receives it: Dense, Dropout, SpatialDropout1D,"
        " GaussianNoise, Activation, ReLU, LeakyReLU, BatchNormalization, LayerNormalization, UnitNormalization,"
        " TimeDistributed, Add, Concatenate, Multiply, MultiHeadAttention, and recurrent layers with"
        " return_sequences=True.",
        "largest absolute difference of a SimpleRNN after the layer from one that gets the mask, from one that gets"
        " none, and from each sequence run alone",
        "Keras 2 and Keras 3; eager calls, and for some of them a functional model",
        "mask_keepers.keras_layers_keep_mask",
    ),
    Claim(
        "keras-layers-drop-mask",
        "These drop a mask, and a recurrent layer after them treats the padding as data: Lambda, Conv1D,"
        " SeparableConv1D, Reshape, Permute, MaxPooling1D, AveragePooling1D, Cropping1D, ZeroPadding1D, UpSampling1D,"
        " and plain TensorFlow operations such as `x * 2`, slicing, tf.nn.relu and tf.concat. Keras 3 warns if a layer"
        " drops it; Keras 2 does not.",
        "largest absolute difference of a SimpleRNN after the layer from one that gets no mask, and from each sequence"
        " run alone; warnings",
        "Keras 2 and Keras 3; eager calls, and for some of them a functional model",
        "mask_keepers.keras_layers_drop_mask",
    ),
    Claim(
        "keras-mask-table",
        "Each built-in Keras layer that takes a sequence passes a mask on or drops it as listed in"
        " facts/keras_masks.tsv, on Keras 2 and on Keras 3.",
        "whether the output of each layer has a mask, in a functional model whose input goes through Masking",
        "each row of the table whose layer exists; Keras 2 and Keras 3",
        "mask_table.keras_mask_table",
    ),
    Claim(
        "keras-joined-masks",
        "If a masked sequence is joined with one that has no mask, Keras 2 keeps the mask. On Keras 3, Concatenate"
        " returns a mask that counts every step, and Add, Average, Maximum, Minimum, Multiply and Subtract return none:"
        " a recurrent layer after them treats the padding as data.",
        "largest absolute difference of a SimpleRNN after the join from one that gets the mask, and from one that gets"
        " none",
        "masked first and masked last; Keras 2 and Keras 3; equal means within 0.00001",
        "mask_table.keras_joined_masks",
    ),
)
