"""Which shape has a tensor where arguments are unknown, do not fit, or come in an older form?"""

from __future__ import annotations

import pytest
from test_layers import opened

from rnnlint.infer.libraries import evaluator
from rnnlint.infer.values.domain import Abstract, Int, Sequence, Tensor, Undefined

HEAD = """
import tensorflow.compat.v1 as tf1

x = Input((7, 5))
v = tf.zeros([3, 7, 5])
u = unknown()
d = tf.data.Dataset.from_tensor_slices(v)
de = tf.data.Dataset.from_tensor_slices({"a": v})
dl = tf.data.Dataset.from_tensor_slices([[1, 2], [3, 4]])


def one():
    return v


def f(t=None):
    return v

"""

SHAPES = {
    "tf.add(u, None)": "unknown",
    "tf.add(x=v)": "unknown",
    "tf.add_n(u)": "unknown",
    "tf.add_n([v, v])": "3 7 5",
    "tf.where(u)": "unknown",
    "tf.where(u, v, v)": "3 7 5",
    "tf.cond(u, lambda: v, lambda: v)": "3 7 5",
    "tf.cond(u, one, one)": "3 7 5",
    "tf.cond(u, f, f)": "3 7 5",
    "tf.reduce_sum(v, 1, keepdims=u)": "unknown",
    "tf.reduce_sum(v, 1)": "3 5",
    "tf.matmul(v, v, transpose_a=True)": "unknown",
    "tf.matmul(u, v)": "unknown",
    "tf.matmul(v, u)": "3 7 ?",
    "tf.matmul(v, v, transpose_b=u)": "3 7 ?",
    "tf.tensordot(u, v, 1)": "unknown",
    "tf.tensordot(v, v, [[1], [1]])": "unknown",
    "tf.tensordot(v, tf.zeros([5, 2]), 1)": "3 7 2",
    "tf.pad(v, [[0, 1]])": "unknown",
    "tf.pad(v, [[0, 1], [2, 2], [0, 0]])": "4 11 5",
    "np.arange(u)": "?",
    "np.arange()": "?",
    "np.arange(4)": "4",
    "tf.reshape(v, u)": "unknown",
    "tf.reshape(v, [-1, 4])": "? 4",
    "tf.reshape(v, [-1, 5])": "21 5",
    "tf.transpose(v, u)": "unknown",
    "tf.transpose(v, [0, 1])": "unknown",
    "tf.squeeze(u)": "unknown",
    "tf.squeeze(x)": "unknown",
    "tf.squeeze(tf.zeros([1, 3]), u)": "unknown",
    "tf1.split(value=v, axis=1, num_or_size_splits=7)": "list of 7",
    "tf1.split(1, 7, v)": "list of 7",
    "tf.split(v, 7, 1)": "list of 7",
    "tf1.split(1, 7, value=v)": "list of 7",
    "tf.tile(u, [1])": "unknown",
    "tf.tile(v, [1])": "unknown",
    "tf.tile(v, [1, 2, 1])": "3 14 5",
    "tf.slice(v, [0, 0, 0], u)": "unknown",
    "np.zeros((3, 7)).swapaxes(0, u)": "unknown",
    "np.zeros((3, 7)).swapaxes(0, 1)": "7 3",
    "np.zeros((3, 7)).transpose(0)": "unknown",
    "np.zeros((3, 7)).transpose(1, 0)": "7 3",
    "tf.nn.conv2d(u, v, 1, 'SAME')": "unknown",
    "tf.nn.conv1d(v, tf.zeros([3, 5, 2]), 1, 'SAME')": "3 7 2",
    "tf.nn.conv1d(v, tf.zeros([3, 5, 2]), 1, 'SAME', data_format='NCW')": "unknown",
    "tf1.layers.conv1d(u, 4, 3)": "unknown",
    "tf1.layers.conv1d(v, 4, 3)": "3 5 4",
    "tf1.layers.conv1d(x, 4, 3)": "open 5 4",
    "tf1.layers.conv1d(tf1.placeholder(tf.float32, [None, u, 3]), 4, 3)": "open ? 4",
    "tf1.layers.conv1d(v, 4, sizes())": "3 ? 4",
    "tf.nn.conv1d(v, tf.zeros([3, 5, 2]), many(), 'SAME')": "3 ? 2",
    "tf.nn.depthwise_conv2d(tf.zeros([1, 9, 9, 3]), f2, [1, 1, 1, 1], 'SAME')": "1 9 9 ?",
    "layers.Convolution1D(4, 3, 'same')(x)": "unknown",
    "layers.Convolution2D(4, 3, 3)(x)": "unknown",
    "layers.ZeroPadding1D(2)(x)": "open 11 5",
    "layers.ZeroPadding2D((1, 2))(Input((8, 8, 3)))": "open 10 12 3",
    "layers.ZeroPadding2D(((1, 2), (0, 0)))(Input((8, 8, 3)))": "open 11 8 3",
    "layers.ZeroPadding2D(((1, 2),))(Input((8, 8, 3)))": "open 11 ? 3",
    "layers.ZeroPadding2D((1,))(Input((8, 8, 3)))": "open 10 ? 3",
    "layers.GlobalMaxPooling1D(keepdims=True)(x)": "unknown",
    "layers.Permute((2, 2))(x)": "unknown",
    "layers.Permute((2, 1))(x)": "open 5 7",
    "layers.Reshape(u)(x)": "unknown",
    "layers.Reshape((35,))(x)": "open 35",
    "layers.Reshape(35)(x)": "open 35",
    "layers.Reshape((-1, 5))(x)": "open 7 5",
    "layers.Dot((2, 2))([x, x])": "open 7 7",
    "layers.Dot(u)([x, x])": "unknown",
    "layers.Dot(1)([x])": "unknown",
    "layers.Add()(u)": "unknown",
    "layers.Add()(x)": "unknown",
    "layers.Add()([x, x])": "open 7 5",
    "layers.LSTM(4, return_sequences=u)(x)": "unknown",
    "layers.LSTM(4, return_sequences=True)(x)": "open 7 4",
    "layers.LSTM(4)(x)": "open 4",
    "layers.Lambda(lambda t: t)(x)": "open 7 5",
    "layers.Lambda(lambda t: t, output_shape=(3,))(x)": "unknown",
    "layers.Lambda(u)(x)": "unknown",
    "layers.Lambda(K)(x)": "unknown",
    "layers.Lambda(f)(x)": "3 7 5",
    "layers.LSTM(4)()": "? ?",
    "layers.Dense(4)(inputs=x)": "open 7 4",
    "layers.Dense(4, input_dim=5)(x)": "open 7 4",
    "layers.Lambda()(x)": "unknown",
    "keras.layers.dot([x, x], 2)": "open 7 7",
    "keras.layers.add([x, x])": "open 7 5",
    "keras.layers.concatenate([x, x], axis=1)": "open 14 5",
    "layers.LSTM(4, return_sequences=True)(layers.LSTM(4, return_sequences=True, return_state=True)(x)[0])": (
        "open 7 4"
    ),
    "next(iter(d))": "7 5",
    "next(iter(d.batch(2)))": "? 7 5",
    "next(iter(d.batch(2, drop_remainder=True)))": "2 7 5",
    "next(iter(d.batch(2, True).unbatch()))": "7 5",
    "next(iter(d.padded_batch(2)))": "? 7 5",
    "next(iter(d.padded_batch(2, ([None, 5]))))": "? ? 5",
    "next(iter(de))['a']": "7 5",
    "next(iter(de.batch(2, True)))['a']": "2 7 5",
    "next(iter(tf.data.Dataset.zip((d, d))))[1]": "7 5",
    "next(iter(tf.data.Dataset.zip((d, u))))": "unknown",
    "next(iter(tf.data.Dataset.zip(u)))": "unknown",
    "next(iter(dl))": "list of 2",
    "next(iter(tf.data.Dataset.from_tensor_slices(list(u))))": "unknown",
    "next(iter(tf.data.Dataset.from_generator(u, tf.float32, [9, 4])))": "9 4",
    "next(iter(tf.data.Dataset.from_generator(u, {'a': tf.float32}, {'a': [9, 4]})))['a']": "9 4",
    "tf.io.parse_single_example(u, {'a': tf.io.FixedLenFeature([9], tf.float32)})['a']": "9",
    "tf.io.parse_single_example(u, u)": "unknown",
    "tf.io.parse_single_example(u, {'a': u})['a']": "unknown",
    "tf.io.parse_example(u, {'a': tf.io.FixedLenFeature([9], tf.float32)})['a']": "? 9",
    "tf.map_fn(f, v)": "3 3 7 5",
    "tf.map_fn(f, u)": "unknown",
    "tf.map_fn(lambda t: t, v)": "3 7 5",
    "tf.cond(u, u, u)": "unknown",
    "tf1.contrib.learn.ops.split_squeeze(1, 7, v)": "list of 7",
    "tf1.contrib.learn.ops.split_squeeze(5, 7, v)": "list of 7",
    "tf1.contrib.learn.ops.split_squeeze(1, 7, u)": "list of 7",
    "tf1.contrib.legacy_seq2seq.rnn_decoder([v, v], u, u)[0]": "unknown",
    "tf1.contrib.legacy_seq2seq.basic_rnn_seq2seq([v], [v, v], u)[0]": "list of 2",
    "tf.nn.conv1d(v, tf.zeros([3, 5, 2]), list(u), 'SAME')": "3 ? 2",
    "tf1.contrib.layers.conv1d(v, 4, 3)": "3 7 4",
    "layers.Lambda(u.f)(x)": "unknown",
    "layers.Lambda(np.sum)(x)": "unknown",
    "layers.Lambda(lambda t, n: t, arguments={'n': 3})(x)": "unknown",
    "Model(x, layers.LSTM(4)(x))(x)": "open 4",
    "Model(x, [layers.LSTM(4)(x), x])(x)": "unknown",
    "Model(x, u)(x)": "unknown",
    "Sequential([layers.Dense(4, input_dim=5)]).output": "unknown",
    "Sequential([layers.Dense(4, input_dim=5)])(u)": "open 4",
    "layers.RNN(layers.LSTMCell(4))(x)": "open ?",
    "layers.Reshape((7, 1, 5))(x)": "open 7 1 5",
    "layers.TimeDistributed(layers.LSTM(4))(Input((7, 6, 5)))": "open 7 4",
    "layers.TimeDistributed(layers.LSTM(4, return_sequences=u))(Input((7, 6, 5)))": "unknown",
    "layers.Bidirectional(layers.LSTM(4, return_sequences=u))(x)": "unknown",
    "Input(*u)": "unknown",
    "layers.LSTM(4, *u)(x)": "unknown",
    "tf1.layers.conv1d(v, 4, 3, data_format='channels_first')": "unknown",
    "layers.ConvLSTM2D(4, 2)(Input((3, 8, 8, 1)))": "open ? ? 4",
    "tf.map_fn(u, v)": "unknown",
}


def told(value: Abstract) -> str:
    """The axes: a number, ``?`` where it is not known, ``open`` where the code leaves it open."""
    if isinstance(value, Sequence):
        return f"list of {value.length.exact}"
    if not isinstance(value, Tensor) or value.shape is None:
        return "unknown"
    sizes = (axis.exact if isinstance(axis, Int) else None for axis in value.shape)
    open_ = (isinstance(axis, Undefined) for axis in value.shape)
    return " ".join("open" if is_open else "?" if size is None else str(size) for size, is_open in zip(sizes, open_))


@pytest.mark.parametrize("expression", SHAPES)
def test_a_shape_is_only_told_where_it_is_sure(expression: str) -> None:
    module = opened(f"{HEAD}use({expression})\n")
    call = next(call for call in module.calls_of("use"))
    assert told(evaluator().query(call.args[0], module)) == SHAPES[expression]
