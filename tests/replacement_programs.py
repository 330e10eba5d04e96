"""Which programs show that the replacements in the table of symbols compute the same?

Each is named after the last part of a path and leaves ``results``: pairs of the results of the legacy symbol and of its
replacement. ``NEW`` stands for the replacement in the table. If TensorFlow no longer has the legacy symbol, the program
contains its documented mathematics.
"""

from __future__ import annotations

from collections.abc import Mapping

PRELUDE = '''
import contextlib

import numpy as np
import tensorflow as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicLSTMCell, BasicRNNCell, DeviceWrapper, DropoutWrapper, GRUCell
from tensorflow.compat.v1.nn.rnn_cell import LSTMCell, LSTMStateTuple, MultiRNNCell, ResidualWrapper, RNNCell

random = np.random.RandomState(0)
v1 = tf.compat.v1.nn
units, depth, batch, steps = 5, 2, 3, 4


def data(*shape):
    return random.normal(size=shape).astype("float32")


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def like(layer, weights, *inputs, **more):
    """What a layer computes with these weights."""
    layer(*inputs, **more)
    layer.set_weights(weights)
    return layer(*inputs, **more)


@contextlib.contextmanager
def filled(name, *weights):
    """Layers of this class that are made here have these weights, one after the other."""
    made, left = getattr(tf.keras.layers, name), list(weights)

    def make(*arguments, **more):
        layer, own = made(*arguments, **more), left.pop(0)
        return lambda *inputs: like(layer, own, *inputs)

    setattr(tf.keras.layers, name, make)
    try:
        yield
    finally:
        setattr(tf.keras.layers, name, made)


def weights_of(cell):
    """The variables of a legacy cell, filled at random."""
    for variable in cell.trainable_variables:
        variable.assign(data(*variable.shape))
    return [variable.numpy() for variable in cell.trainable_variables]


def split(kernel, bias):
    """Of a plain cell for Keras: what meets the input, what meets the state, and the bias."""
    return [kernel[:-units], kernel[-units:], bias]


def lstm_weights(kernel, bias, forget_bias):
    """From the order i, j, f, o to that of Keras, with forget_bias in the bias."""
    i, j, f, o = np.split(np.vstack([kernel, bias]), 4, 1)
    f = f + np.eye(len(f))[:, -1:] * forget_bias
    return split(np.hstack([i, f, j, o])[:-1], np.hstack([i, f, j, o])[-1])


def gru_weights(gates, gate_bias, candidate, bias):
    """From the order r, u and the candidate to that of Keras."""
    r, u = np.split(np.vstack([gates, gate_bias]), 2, 1)
    whole = np.hstack([u, r, np.vstack([candidate, bias])])
    return split(whole[:-1], whole[-1])


def lstm(x, kernel, bias, forget_bias):
    """The outputs and the last h and c of an LSTM with the gates i, j, f, o: x [batch, steps, depth]."""
    c = h = np.zeros((len(x), units), "float32")
    outputs = []
    for step in range(x.shape[1]):
        i, j, f, o = np.split(np.hstack([x[:, step], h]) @ kernel + bias, 4, 1)
        c = sigmoid(f + forget_bias) * c + sigmoid(i) * np.tanh(j)
        h = sigmoid(o) * np.tanh(c)
        outputs.append(h)
    return np.stack(outputs, 1), h, c


def cudnn_gru(x, kernel, recurrent, bias, recurrent_bias):
    """The GRU of cuDNN, with two biases and its gates in the order u, r, h: the reset gate meets the state last."""
    h = np.zeros((len(x), units), "float32")
    outputs = []
    for step in range(x.shape[1]):
        u, r, n = np.split(x[:, step] @ kernel + bias, 3, 1)
        hu, hr, hn = np.split(h @ recurrent + recurrent_bias, 3, 1)
        u, r = sigmoid(u + hu), sigmoid(r + hr)
        h = u * h + (1 - u) * np.tanh(n + r * hn)
        outputs.append(h)
    return np.stack(outputs, 1), h


def plain(x, kernel, recurrent, bias, activation):
    """A plain RNN."""
    h = np.zeros((len(x), units), "float32")
    outputs = []
    for step in range(x.shape[1]):
        h = activation(x[:, step] @ kernel + h @ recurrent + bias)
        outputs.append(h)
    return np.stack(outputs, 1), h


def time_major(x):
    return np.swapaxes(x, 0, 1)


x = data(batch, steps, depth)
'''

_OWN_CELL = """
class Legacy(RNNCell):
    state_size = output_size = depth

    def call(self, inputs, state):
        return inputs + state, 2 * state + inputs


class Own(tf.keras.layers.Layer):
    state_size = depth

    def call(self, inputs, states):
        return inputs + states[0], [2 * states[0] + inputs]


old, state = v1.dynamic_rnn(Legacy(), x, dtype=tf.float32)
new, last = tf.keras.layers.RNN(Own(), return_sequences=True, return_state=True)(x)
results = [old, new, state, last]
"""

_BASIC_RNN = """
legacy = BasicRNNCell(units)
old, state = v1.dynamic_rnn(legacy, x, dtype=tf.float32)
weights = split(*weights_of(legacy))
old, state = v1.dynamic_rnn(legacy, x, dtype=tf.float32)
"""

_CELL_IN_RNN = """
new, last = like(tf.keras.layers.RNN(NEW, return_sequences=True, return_state=True), weights, x)
results = [old, new, state, last]
"""

_LSTM_IN_RNN = """
new, h, c = like(tf.keras.layers.RNN(NEW, return_sequences=True, return_state=True), weights, x)
results = [old, new, state[0], c, state[1], h]
"""

_LEGACY_LSTM = """
legacy = {cell}(units, forget_bias=0.7)
old, state = v1.dynamic_rnn(legacy, x, dtype=tf.float32)
weights = lstm_weights(*weights_of(legacy), 0.7)
old, state = v1.dynamic_rnn(legacy, x, dtype=tf.float32)
"""

_TFLITE_LSTM = """
parts = {gate: (data(depth, units), data(units, units), data(units)) for gate in "ifjo"}
c = h = np.zeros((batch, units), "float32")
outputs = []
for step in range(steps):
    i, f, j, o = (x[:, step] @ w + h @ u + b for w, u, b in parts.values())
    c = sigmoid(f + 0.7) * c + sigmoid(i) * np.tanh(j)
    h = sigmoid(o) * np.tanh(c)
    outputs.append(h)
old, state = np.stack(outputs, 1), (c, h)
weights = [np.concatenate(one, -1) for one in zip(*parts.values())]
weights[2][units : 2 * units] += 0.7
"""

_LSTM_BLOCK = """
kernel, bias, none = data(depth + units, 4 * units), data(4 * units), np.zeros(units, "float32")
c = h = np.zeros((batch, units), "float32")
outputs = []
for step in range(steps):
    done = tf.raw_ops.LSTMBlockCell(x=x[:, step], cs_prev=c, h_prev=h, w=kernel, wci=none, wcf=none, wco=none, b=bias,
                                    forget_bias=0.7, cell_clip=-1.0, use_peephole=False)
    c, h = done.cs, done.h
    outputs.append(h)
old, state = tf.stack(outputs, 1), (c, h)
weights = lstm_weights(kernel, bias, 0.7)
"""

_GRU_BLOCK = """
w_ru, w_c, b_ru, b_c = data(depth + units, 2 * units), data(depth + units, units), data(2 * units), data(units)
state, outputs = np.zeros((batch, units), "float32"), []
for step in range(steps):
    done = tf.raw_ops.GRUBlockCell(x=x[:, step], h_prev=state, w_ru=w_ru, w_c=w_c, b_ru=b_ru, b_c=b_c)
    state = done.h
    outputs.append(state)
old, weights = tf.stack(outputs, 1), gru_weights(w_ru, b_ru, w_c, b_c)
"""

_DROPOUT = '''
class Ones(RNNCell):
    state_size = output_size = depth

    def call(self, inputs, state):
        return tf.ones_like(inputs), state


keep_prob, x = 0.5, np.ones((8, 30, depth), "float32")
old, _ = v1.dynamic_rnn(DropoutWrapper(Ones(), output_keep_prob=keep_prob), x, dtype=tf.float32)
new = NEW(x, training=True)


def changes(outputs):
    """Whether the mask of a step is another one than that of the step before."""
    return np.float32(np.any(np.diff(outputs, axis=1) != 0))


layer = tf.keras.layers.SimpleRNN(1, activation=None, dropout=0.5, return_sequences=True)
layer(x)
layer.set_weights([np.ones((depth, 1)), np.zeros((1, 1)), np.zeros(1)])
variational = layer(x, training=True)
results = [np.unique(old), np.unique(new), changes(old), changes(new), np.float32(0), changes(variational), x, NEW(x)]
'''

_RESIDUAL = (
    _BASIC_RNN.replace("BasicRNNCell(units)", "BasicRNNCell(depth)")
    .replace("split(", "split(")
    .replace("legacy = ", "units = depth\nlegacy = ")
    + """
old, state = v1.dynamic_rnn(ResidualWrapper(legacy), x, dtype=tf.float32)
layer, inputs = tf.keras.layers.SimpleRNN(units, return_sequences=True), x
like(layer, weights, x)
results = [old, NEW]
"""
)

_DEVICE = (
    _BASIC_RNN
    + """
device = "/CPU:0"
old, _ = v1.dynamic_rnn(DeviceWrapper(legacy, device), x, dtype=tf.float32)
with NEW:
    new = like(tf.keras.layers.SimpleRNN(units, return_sequences=True), weights, x)
results = [old, new]
"""
)

_CONVOLUTION = """
rank, filters, kernel_size = RANK, 3, 3
size = (4,) * rank
x = data(batch, 2, *size, depth)
kernel, bias = data(*(kernel_size,) * rank, depth + filters, 4 * filters), data(4 * filters)
c = h = np.zeros((batch, *size, filters), "float32")
outputs = []
for step in range(2):
    i, j, f, o = np.split(tf.nn.convolution(np.concatenate([x[:, step], h], -1), kernel, padding="SAME") + bias, 4, -1)
    c = sigmoid(f + 0.7) * c + sigmoid(i) * np.tanh(j)
    h = sigmoid(o) * np.tanh(c)
    outputs.append(h)
i, j, f, o = np.split(kernel, 4, -1)
whole, (bi, bj, bf, bo) = np.concatenate([i, f, j, o], -1), np.split(bias, 4)
layer = NEW
layer(x)
layer.return_sequences = True
layer.set_weights([whole[..., :depth, :], whole[..., depth:, :], np.concatenate([bi, bf + 0.7, bj, bo])])
results = [np.stack(outputs, 1), layer(x)]
"""

_PROJECTED = (
    _BASIC_RNN
    + """
num_proj = output_size = depth
projection, offset = data(DEPTH, depth), data(depth)
"""
)

_FUSED = """
layer = NEW
weights = lstm_weights(*weights, 0.7)
"""

_CUDNN_LSTM = """
kernel, recurrent, bias, other = data(depth, 4 * units), data(units, 4 * units), data(4 * units), data(4 * units)
i, f, j, o = (slice(n * units, (n + 1) * units) for n in range(4))
kernels = np.vstack([kernel, recurrent])
old, h, c = lstm(x, np.hstack([kernels[:, part] for part in (i, j, f, o)]),
                 np.hstack([(bias + other)[part] for part in (i, j, f, o)]), 0.0)
weights = [kernel, recurrent, bias + other]
"""

_CUDNN_GRU = """
weights = [data(depth, 3 * units), data(units, 3 * units), data(2, 3 * units)]
old, state = cudnn_gru(x, *weights[:2], *weights[2])
"""

_CUDNN_PLAIN = """
weights = [data(depth, units), data(units, units), data(units)]
old, state = plain(x, *weights, ACTIVATION)
"""

_SEQUENCE_AND_STATE = """
new, last = like(NEW, weights, x)
results = [old, new, state, last]
"""

_LSTM_SEQUENCE_AND_STATE = """
new, new_h, new_c = like(NEW, weights, x)
results = [old, new, h, new_h, c, new_c]
"""

_LAST_STATE = """
results = [old[:, -1], like(NEW, weights, x)]
"""

_RUNNER = (
    _BASIC_RNN
    + """
cell = tf.keras.layers.SimpleRNNCell(units)
new, last = like(NEW, weights, x)
results = [old, new, state, last]
"""
)

_STATIC = _RUNNER.replace(
    "cell = tf", "old, state = v1.static_rnn(legacy, tf.unstack(x, axis=1), dtype=tf.float32)\ncell = tf"
).replace("[old, new", "[tf.stack(old, 1), new")

_TWO_CELLS = """
forward, backward = BasicRNNCell(units), BasicRNNCell(units)
OLD
weights = [*split(*weights_of(forward)), *split(*weights_of(backward))]
cell = tf.keras.layers.SimpleRNNCell(units)
"""

_BOTH_WAYS = (
    _TWO_CELLS.replace("OLD", "v1.bidirectional_dynamic_rnn(forward, backward, x, dtype=tf.float32)")
    + """
old, states = v1.bidirectional_dynamic_rnn(forward, backward, x, dtype=tf.float32)
new = like(NEW, weights, x)
results = [part for pair in zip([*old, *states], new) for part in pair]
"""
)

_BOTH_WAYS_STATIC = (
    _TWO_CELLS.replace("OLD", "v1.static_bidirectional_rnn(forward, backward, tf.unstack(x, axis=1), dtype=tf.float32)")
    + """
old, first, second = v1.static_bidirectional_rnn(forward, backward, tf.unstack(x, axis=1), dtype=tf.float32)
new = like(NEW, weights, x)
results = [tf.stack(old, 1), new[0], first, new[1], second, new[2]]
"""
)

_STACKED_BOTH_WAYS = """
old = new = x
for layer in range(2):
    forward, backward = BasicRNNCell(units), BasicRNNCell(units)
    v1.bidirectional_dynamic_rnn(forward, backward, old, dtype=tf.float32)
    weights = [*split(*weights_of(forward)), *split(*weights_of(backward))]
    old = tf.concat(v1.bidirectional_dynamic_rnn(forward, backward, old, dtype=tf.float32)[0], -1)
    cell = tf.keras.layers.SimpleRNNCell(units)
    new = like(NEW, weights, new)
results = [old, new]
"""

_STATE_SAVING = (
    _BASIC_RNN
    + """
class Saver:
    kept = np.zeros((batch, units), "float32")

    def state(self, name):
        return self.kept

    def save_state(self, name, value):
        self.kept = value
        return tf.no_op()


saver = Saver()
old = [tf.stack(v1.static_state_saving_rnn(legacy, tf.unstack(x, axis=1), saver, "state")[0], 1) for _ in range(2)]
cell = tf.keras.layers.SimpleRNNCell(units)
layer = NEW
layer(x)
layer.set_weights(weights)
layer.reset_states() if hasattr(layer, "reset_states") else layer.reset_state()
results = [old[0], layer(x), old[1], layer(x)]
"""
)

_LUONG = """
query, memory, dense = data(batch, steps, units), data(batch, 6, 3), data(3, units)
scores = query @ np.swapaxes(memory @ dense, 1, 2)
old = tf.nn.softmax(scores).numpy() @ memory
with filled("Dense", [dense]):
    results = [old, NEW]
lengths, keys = tf.constant([6, 2, 4]), memory @ dense
mask = [None, tf.sequence_mask(lengths, tf.shape(memory)[1])]
hidden = np.where(np.arange(6) < lengths.numpy()[:, None, None], scores, -1e9)
results += [tf.nn.softmax(hidden).numpy() @ memory, tf.keras.layers.Attention()([query, memory, keys], mask=mask)]
layer = tf.keras.layers.Attention(use_scale=True)
layer([query, memory, keys])
layer.set_weights([np.float32(0.3)])
results += [tf.nn.softmax(0.3 * scores).numpy() @ memory, layer([query, memory, keys])]
"""

_BAHDANAU = """
query, memory, dense, other = data(batch, steps, units), data(batch, 6, 3), data(units, units), data(3, units)
v = data(units)
scores = np.sum(v * np.tanh((query @ dense)[:, :, None] + (memory @ other)[:, None]), -1)
old = tf.nn.softmax(scores).numpy() @ memory
with filled("Dense", [dense], [other]), filled("AdditiveAttention", [v]):
    results = [old, NEW]
mask = [None, tf.sequence_mask([6, 2, 4], tf.shape(memory)[1])]
hidden = np.where(np.arange(6) < np.array([6, 2, 4])[:, None, None], scores, -1e9)
layer = tf.keras.layers.AdditiveAttention()
masked = like(layer, [v], [query @ dense, memory, memory @ other], mask=mask)
results += [tf.nn.softmax(hidden).numpy() @ memory, masked]
"""

_LOSS = """
logits, targets = data(batch, steps, 7), random.randint(0, 7, (batch, steps))
weights = (np.arange(steps) < np.array([[4], [2], [1]])).astype("float32")
chosen = np.take_along_axis(np.log(tf.nn.softmax(logits)), targets[:, :, None], -1)[:, :, 0]
"""

_LOSS_OF_LISTS = (
    _LOSS
    + """
by_example = -np.sum(weights * chosen, 1) / np.sum(weights, 1)
logits, targets, weights = (list(time_major(one)) for one in (logits, targets, weights))
"""
)

PROGRAMS: Mapping[str, str] = {
    **dict.fromkeys(["AbstractRNNCell", "RNNCell", "LayerRNNCell"], _OWN_CELL),
    "BasicRNNCell": _BASIC_RNN + _CELL_IN_RNN,
    "TfLiteRNNCell": _CUDNN_PLAIN.replace("ACTIVATION", "np.tanh") + _CELL_IN_RNN,
    "BasicLSTMCell": _LEGACY_LSTM.format(cell="BasicLSTMCell") + _LSTM_IN_RNN,
    "LSTMCell": _LEGACY_LSTM.format(cell="LSTMCell") + _LSTM_IN_RNN,
    "LSTMBlockCell": _LSTM_BLOCK + _LSTM_IN_RNN,
    "TFLiteLSTMCell": _TFLITE_LSTM + _LSTM_IN_RNN,
    "GRUCell": _BASIC_RNN.replace("BasicRNNCell", "GRUCell").replace("split(", "gru_weights(") + _CELL_IN_RNN,
    **dict.fromkeys(["GRUBlockCell", "GRUBlockCellV2"], _GRU_BLOCK + _CELL_IN_RNN),
    "LSTMStateTuple": _LEGACY_LSTM.format(cell="BasicLSTMCell")
    + """
c, h = tf.constant(data(batch, units)), tf.constant(data(batch, units))
old, _ = v1.dynamic_rnn(legacy, x, initial_state=LSTMStateTuple(c, h))
layer = tf.keras.layers.LSTM(units, return_sequences=True)
new = like(layer, weights, x, initial_state=NEW)
results = [old, new, layer(x, initial_state=LSTMStateTuple(c, h)), layer(x, initial_state=[c, h])]
""",
    "MultiRNNCell": """
below, above = BasicRNNCell(units), BasicRNNCell(units)
legacy = MultiRNNCell([below, above])
v1.dynamic_rnn(legacy, x, dtype=tf.float32)
weights = [*split(*weights_of(below)), *split(*weights_of(above))]
old, state = v1.dynamic_rnn(legacy, x, dtype=tf.float32)
cells = [tf.keras.layers.SimpleRNNCell(units), tf.keras.layers.SimpleRNNCell(units)]
new, *last = like(tf.keras.layers.RNN(NEW, return_sequences=True, return_state=True), weights, x)
results = [old, new, state[0], last[0], state[1], last[1]]
""",
    **dict.fromkeys(["DropoutWrapper", "DropoutWrapperBase", "DropoutWrapperV2", "RNNCellDropoutWrapper"], _DROPOUT),
    **dict.fromkeys(
        ["ResidualWrapper", "ResidualWrapperBase", "ResidualWrapperV2", "RNNCellResidualWrapper"], _RESIDUAL
    ),
    **dict.fromkeys(["DeviceWrapper", "DeviceWrapperBase", "DeviceWrapperV2", "RNNCellDeviceWrapper"], _DEVICE),
    "CompiledWrapper": """
layer = tf.keras.layers.LSTM(units, return_sequences=True)
results = [layer(x), NEW(x)]
""",
    "Conv1DLSTMCell": _CONVOLUTION.replace("RANK", "1"),
    **dict.fromkeys(["Conv2DLSTMCell", "ConvLSTMCell"], _CONVOLUTION.replace("RANK", "2")),
    "Conv3DLSTMCell": _CONVOLUTION.replace("RANK", "3"),
    "EmbeddingWrapper": _BASIC_RNN
    + """
embedding_classes, embedding_size = 7, depth
ids, table = random.randint(0, 7, (batch, steps)), data(7, depth)
old, _ = v1.dynamic_rnn(legacy, table[ids], dtype=tf.float32)
results = [old, like(tf.keras.layers.SimpleRNN(units, return_sequences=True), weights, like(NEW, [table], ids))]
""",
    "InputProjectionWrapper": _PROJECTED.replace("DEPTH", "depth")
    + """
old, _ = v1.dynamic_rnn(legacy, x @ projection + offset, dtype=tf.float32)
projected = like(NEW, [projection, offset], x)
results = [old, like(tf.keras.layers.SimpleRNN(units, return_sequences=True), weights, projected)]
""",
    "OutputProjectionWrapper": _PROJECTED.replace("DEPTH", "units")
    + """
outputs = like(tf.keras.layers.SimpleRNN(units, return_sequences=True), weights, x)
results = [old @ projection + offset, like(NEW, [projection, offset], outputs)]
""",
    "FusedRNNCellAdaptor": _RUNNER.replace(
        "cell = tf",
        "old, state = v1.dynamic_rnn(legacy, tf.constant(time_major(x)), dtype=tf.float32, time_major=True)\ncell = tf",
    ).replace("[old", "[time_major(old)"),
    "TimeReversedFusedRNN": _BASIC_RNN
    + """
old, _ = v1.dynamic_rnn(legacy, tf.constant(time_major(x)[::-1]), dtype=tf.float32, time_major=True)
cell = tf.keras.layers.SimpleRNNCell(units)
new = tf.reverse(like(NEW, weights, x), [1])
results = [old[::-1], time_major(new)]
""",
    "LSTMBlockFusedCell": """
kernel, bias, none = data(depth + units, 4 * units), data(4 * units), np.zeros(units, "float32")
zeros = np.zeros((batch, units), "float32")
done = tf.raw_ops.BlockLSTM(seq_len_max=steps, x=time_major(x), cs_prev=zeros, h_prev=zeros, w=kernel, b=bias,
                            wci=none, wcf=none, wco=none, forget_bias=0.7, cell_clip=-1.0, use_peephole=False)
new, h, c = like(NEW, lstm_weights(kernel, bias, 0.7), x)
results = [time_major(done.h), new, done.h[-1], h, done.cs[-1], c]
""",
    **dict.fromkeys(
        ["linear", "_linear", "_Linear", "Linear"],
        """
output_size, args, kernel, bias = units, [data(batch, 2), data(batch, 3)], data(5, units), data(units)
with filled("Dense", [kernel, bias]):
    results = [np.hstack(args) @ kernel + bias, NEW]
""",
    ),
    "best_effort_input_batch_size": "inputs = time_major(x)\nresults = [np.float32(batch), np.float32(NEW)]\n",
    "transpose_batch_time": "results = [time_major(x), NEW]\n",
    "CuDNNLSTM": _CUDNN_LSTM + _LAST_STATE,
    "CuDNNGRU": _CUDNN_GRU + _LAST_STATE,
    "CudnnCompatibleGRUCell": _CUDNN_GRU + _CELL_IN_RNN,
    **dict.fromkeys(
        ["CudnnCompatibleLSTMCell", "CudnnCompatibleLSTMBlockCell"],
        """
kernel, bias = data(depth + units, 4 * units), data(4 * units)
old, h, c = lstm(x, kernel, bias, 0.0)
weights, state = lstm_weights(kernel, bias, 0.0), (c, h)
"""
        + _LSTM_IN_RNN
        + """
fresh = tf.keras.layers.LSTM(units, unit_forget_bias=False)
fresh(x)
results += [np.zeros(4 * units), fresh.get_weights()[2]]
""",
    ),
    **dict.fromkeys(["CudnnGRU", "cudnn_gru"], _CUDNN_GRU + _SEQUENCE_AND_STATE),
    **dict.fromkeys(["CudnnLSTM", "cudnn_lstm"], _CUDNN_LSTM + _LSTM_SEQUENCE_AND_STATE),
    **dict.fromkeys(
        ["CudnnRNNRelu", "cudnn_rnn_relu"],
        _CUDNN_PLAIN.replace("ACTIVATION", "lambda x: np.maximum(x, 0)") + _SEQUENCE_AND_STATE,
    ),
    **dict.fromkeys(
        ["CudnnRNNTanh", "cudnn_rnn_tanh"], _CUDNN_PLAIN.replace("ACTIVATION", "np.tanh") + _SEQUENCE_AND_STATE
    ),
    **dict.fromkeys(["dynamic_rnn", "functional_rnn"], _RUNNER),
    **dict.fromkeys(["rnn", "static_rnn"], _STATIC),
    **dict.fromkeys(
        ["bidirectional_dynamic_rnn", "bidirectional_functional_rnn", "functional_bidirectional_rnn"], _BOTH_WAYS
    ),
    **dict.fromkeys(["bidirectional_rnn", "static_bidirectional_rnn"], _BOTH_WAYS_STATIC),
    **dict.fromkeys(["stack_bidirectional_dynamic_rnn", "stack_bidirectional_rnn"], _STACKED_BOTH_WAYS),
    **dict.fromkeys(["state_saving_rnn", "static_state_saving_rnn"], _STATE_SAVING),
    **dict.fromkeys(["LuongAttention", "LuongAttentionV2"], _LUONG),
    **dict.fromkeys(["BahdanauAttention", "BahdanauAttentionV2"], _BAHDANAU),
    "bernoulli_sample": """
probs = np.repeat(np.float32([[0.0, 1.0, 0.25]]), 4000, 0)
results = [np.float32([0, 1]), np.mean(NEW, 0)[:2], np.float32(0.25), np.round(np.mean(NEW, 0)[2] * 20) / 20]
""",
    "categorical_sample": """
logits = np.log(np.repeat(np.float32([[1e-30, 0.25, 0.75]]), 4000, 0))
results = [np.float32([0, 0.25, 0.75]), np.round(np.bincount(NEW, minlength=3) / 4000 * 20) / 20]
""",
    "hardmax": """
logits = data(batch, 6)
results = [(logits == logits.max(-1, keepdims=True)).astype("float32"), NEW]
""",
    "safe_cumprod": """
x, axis, exclusive = random.uniform(size=(batch, steps)).astype("float32"), 1, True
results = [np.hstack([np.ones((batch, 1)), np.cumprod(x, 1)[:, :-1]]), NEW]
x[:, 1] = 0
results += [np.hstack([np.ones((batch, 1)), np.cumprod(x, 1)[:, :-1]]), NEW]
""",
    "tile_batch": """
multiplier, t = 3, LSTMStateTuple(data(batch, 2), data(batch, 4, 5))
old = [np.tile(one[:, None], (1, 3, *[1] * (one.ndim - 1))).reshape(-1, *one.shape[1:]) for one in t]
results = [part for pair in zip(old, NEW) for part in pair]
""",
    "sequence_loss": _LOSS + "results = [-np.sum(weights * chosen) / np.sum(weights), NEW]\n",
    "SequenceLoss": _LOSS + "results = [-np.sum(weights * chosen) / np.sum(weights), NEW]\n",
    "sequence_loss of lists": _LOSS_OF_LISTS + "results = [np.mean(by_example), NEW]\n",
    "sequence_loss_by_example": _LOSS_OF_LISTS + "results = [by_example, NEW]\n",
}
"""By the last name of a path."""
