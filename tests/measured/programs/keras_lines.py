import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.layers import LSTM, Bidirectional

x = tf.keras.Input((5, 3))
y = Bidirectional(
    LSTM(
        4,
        unroll=True,
        return_sequences=True,
    ),
)(x)
forward = layers.GRU(4, unroll=True, return_sequences=True)
backward = layers.GRU(4, unroll=True, return_sequences=True,
                      go_backwards=True)
y = layers.Bidirectional(forward, backward_layer=backward)(y)
y = layers.RNN([layers.LSTMCell(3), layers.GRUCell(3)], unroll=True)(y)
model = tf.keras.Model(x, y)
run = tf.function(lambda x: model(x))
run.get_concrete_function(tf.TensorSpec([None, 5, 3]))
copy = tf.keras.models.clone_model(model)
run = tf.function(lambda x: copy(x))
run.get_concrete_function(tf.TensorSpec([None, 5, 3]))
