import numpy as np
import tensorflow as tf
from tensorflow import keras

inputs = keras.Input(shape=(12, 3))
x = keras.layers.LSTM(4, unroll=True, return_sequences=True)(inputs)
x = keras.layers.GRU(4, return_sequences=True)(x)
x = keras.layers.Bidirectional(keras.layers.LSTM(4, unroll=True))(x)
model = keras.Model(inputs, keras.layers.Dense(1)(x))
model.compile(loss="mse", optimizer="sgd")
model.fit(np.zeros((40, 12, 3)), np.zeros((40, 1)), verbose=0)

other = keras.Sequential(
    [
        keras.Input((7, 3)),
        keras.layers.SimpleRNN(5, unroll=True),
        keras.layers.Dense(1),
    ]
)
run = tf.function(other, input_signature=[tf.TensorSpec([None, 7, 3])])
run.get_concrete_function()
