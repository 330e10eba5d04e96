"""Calls in one line each, of all kinds that advice is given for; what is said of each is kept in `tests/kept/`."""
# ruff: noqa: E501 - a table is easier to look through in long lines

from __future__ import annotations

HEAD = """\
import sys
import tensorflow as tf
from tensorflow.contrib import rnn
from tensorflow.keras import layers

v1 = tf.compat.v1
cell = rnn.LSTMCell(8)
xs = tf.placeholder(tf.float32, [None, 30, 8])
ids = tf.placeholder(tf.int32, [None, 30])
steps = tf.unstack(xs, axis=1)
lengths = tf.reduce_sum(tf.sign(ids), 1)
keep = tf.placeholder(tf.float32, [])
embedded = layers.Embedding(99, 8, mask_zero=True)(ids)
"""

_KEEPS = [
    "keep", "1 - rate", "1.0 - rate", "2 - rate", "1 - a * b", "0.8", "0.25", "1.0", "1", "a * b", "a if b else c", "a or b",
    "FLAGS.keep", "f(x, y)", "-a", "params['keep_probability_of_inputs_of_the_encoder'] * another_probability", "None",
]  # fmt: skip

_CELLS = [
    "rnn.LSTMCell({})",
    "rnn.BasicRNNCell({})",
    "rnn.GRUCell({})",
    "rnn.BasicLSTMCell({})",
    "v1.nn.rnn_cell.LSTMCell({})",
    "tf.nn.rnn_cell.BasicLSTMCell({})",
    "rnn.LayerNormBasicLSTMCell({})",
    "rnn.UGRNNCell({})",
    "rnn.NASCell({})",
    "rnn.TimeFreqLSTMCell({})",
]
_OPTIONS = [
    "", "8", "num_units=n", "8, 0.0", "8, forget_bias=0.5", "8, activation=tf.nn.relu", "8, activation=None", "8, reuse=True",
    "8, state_is_tuple=False", "8, use_peepholes=True", "8, num_proj=4", "8, cell_clip=3.0", "8, initializer=init",
    "8, layer_norm=True", "8, dropout_keep_prob=keep", "*args", "8, **options", "8, dtype=tf.float64", "8, name='tide'",
]  # fmt: skip

_RUNNERS = [
    "tf.nn.dynamic_rnn(cell, xs{})",
    "v1.nn.dynamic_rnn(cell, xs{})",
    "tf.nn.static_rnn(cell, steps{})",
    "rnn.static_rnn(cell, [xs] * 7{})",
    "v1.nn.static_rnn(cell, tf.unstack(xs, 30, 1){})",
    "tf.nn.bidirectional_dynamic_rnn(cell, cell, xs{})",
    "rnn.static_bidirectional_rnn(cell, rnn.GRUCell(8), steps{})",
    "rnn.stack_bidirectional_dynamic_rnn([cell], [cell], xs{})",
    "tf.nn.static_state_saving_rnn(cell, steps, saver, 'state'{})",
]
_OF_RUNS = [
    "", ", dtype=tf.float32", ", sequence_length=lengths", ", sequence_length=None", ", time_major=True", ", scope='tide'",
    ", initial_state=cell.zero_state(4, tf.float32)", ", parallel_iterations=8, swap_memory=True", ", **options", ", *rest",
]  # fmt: skip

_WRAPPERS = [
    "rnn.MultiRNNCell([cell, cell])",
    "rnn.MultiRNNCell([cell] * 3)",
    "rnn.MultiRNNCell([rnn.GRUCell(8) for _ in range(3)], state_is_tuple=False)",
    "rnn.MultiRNNCell(cells)",
    "rnn.ResidualWrapper(cell)",
    "rnn.ResidualWrapper(cell, residual_fn=f)",
    "rnn.DeviceWrapper(cell, '/gpu:0')",
    "rnn.EmbeddingWrapper(cell, 99, 8)",
    "rnn.InputProjectionWrapper(cell, 8)",
    "rnn.OutputProjectionWrapper(cell, 8)",
    "rnn.AttentionCellWrapper(cell, 5)",
    "rnn.LSTMStateTuple(c, h)",
    "rnn.DropoutWrapper(cell)",
    "rnn.DropoutWrapper(cell, 0.5, 0.5)",
    "rnn.DropoutWrapper(cell, 0.5, 0.5, 0.5)",
    "rnn.DropoutWrapper(cell, 0.5, variational_recurrent=True)",
    "rnn.DropoutWrapper(cell, 0.5, variational_recurrent=False)",
    "rnn.DropoutWrapper(cell, **options)",
    "cell.zero_state(4, tf.float32)",
    "tf.nn.raw_rnn(cell, loop_fn)",
    "tf.nn.dynamic_rnn",
    "getattr(tf.nn, 'dynamic_rnn')(cell, xs)",
    "isinstance(cell, rnn.LSTMCell)",
    "tf.contrib.cudnn_rnn.CudnnLSTM(1, 8)",
    "tf.contrib.cudnn_rnn.CudnnGRU(1, 8, direction='bidirectional')",
    "tf.contrib.cudnn_rnn.CudnnCompatibleLSTMCell(8)",
    "tf.contrib.seq2seq.dynamic_decode(decoder)",
    "tf.contrib.seq2seq.BasicDecoder(cell, helper, state)",
    "tf.contrib.seq2seq.AttentionWrapper(cell, mechanism)",
    "tf.contrib.seq2seq.sequence_loss(logits, targets, weights)",
    "tf.contrib.legacy_seq2seq.basic_rnn_seq2seq(steps, steps, cell)",
    "tf.nn.seq2seq.rnn_decoder(steps, state, cell)",
]

_STACKS = [
    "cells",
    "[cell]",
    "[cell, cell]",
    "[cell] * 3",
    "[rnn.GRUCell(8), rnn.GRUCell(16)]",
    "[rnn.GRUCell(8), rnn.GRUCell(8)]",
    "[rnn.GRUCell(8) for _ in range(3)]",
    "[rnn.GRUCell(8) for _ in layers_of(model)]",
    "[rnn.GRUCell(8), rnn.LSTMCell(8)]",
    "[rnn.GRUCell(8), make()]",
    "(rnn.BasicLSTMCell(8), rnn.BasicLSTMCell(8, forget_bias=0.5))",
    "[rnn.DropoutWrapper(rnn.GRUCell(8), 0.5) for _ in range(2)]",
    "[rnn.ResidualWrapper(rnn.GRUCell(8)), rnn.GRUCell(8)], state_is_tuple=True",
    "[rnn.MultiRNNCell([rnn.GRUCell(8)]), rnn.GRUCell(8)]",
]

_LAYERS = [
    "layers.LSTM({})",
    "layers.GRU({})",
    "layers.SimpleRNN({})",
    "layers.RNN(layers.LSTMCell(8), {})",
    "layers.Bidirectional(layers.LSTM({}))",
    "tf.keras.layers.CuDNNLSTM({})",
    "tf.compat.v1.keras.layers.CuDNNGRU({})",
]
_OF_LAYERS = [
    "8", "8, unroll=True", "8, unroll=False", "8, unroll=flag", "8, return_sequences=True", "8, stateful=True",
    "8, time_major=True", "8, return_state=True, unroll=True", "8, dropout=0.5, recurrent_dropout=0.5", "8, implementation=1",
    "8, go_backwards=True, return_sequences=True", "8, **options", "8, input_shape=(500, 4), unroll=True",
]  # fmt: skip


def _filled(forms: list[str], options: list[str], every: int) -> list[str]:
    """The first form with all options, the others with each so many of them."""
    rest = [form.format(option) for form in forms[1:] for option in options[::every]]
    return [*(forms[0].format(option) for option in options), *rest]


GROUPS = {
    "dropout": [f"rnn.DropoutWrapper(cell, {keep})" for keep in _KEEPS],
    "cells": _filled(_CELLS, _OPTIONS, 9),
    "runners": _filled(_RUNNERS, _OF_RUNS, 4),
    "wrappers": _WRAPPERS,
    "stacks": [
        *(f"tf.nn.dynamic_rnn(rnn.MultiRNNCell({stack}), xs, lengths, dtype=tf.float32)" for stack in _STACKS),
        *(f"tf.nn.static_rnn(rnn.MultiRNNCell({stack}), steps, dtype=tf.float32)" for stack in _STACKS[::3]),
        *(f"tf.nn.bidirectional_dynamic_rnn({one}, {one}, xs)" for one in ("rnn.GRUCell(8)", "cell", "make()")),
    ],
    "layers": [f"y = {layer}(embedded)" for layer in _filled(_LAYERS, _OF_LAYERS, 4)],
}
