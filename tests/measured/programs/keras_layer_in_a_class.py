import tensorflow as tf


class Reader(tf.keras.Model):
    def __init__(self, units):
        super().__init__()
        self.rnn = tf.keras.layers.RNN(tf.keras.layers.LSTMCell(units), unroll=True)
        self.head = tf.keras.layers.Dense(1)

    def call(self, x):
        return self.head(self.rnn(x))


class Unrolled(tf.keras.layers.GRU):
    def __init__(self, units):
        super().__init__(units, unroll=True)


reader = Reader(4)
reader.build((None, 9, 3))
tf.function(reader).get_concrete_function(tf.TensorSpec([None, 9, 3]))

unrolled = Unrolled(4)
unrolled.build((None, 6, 3))


@tf.function(input_signature=[tf.TensorSpec([None, 6, 3])])
def run(x):
    return unrolled(x)


run.get_concrete_function()
