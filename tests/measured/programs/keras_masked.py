import tensorflow as tf

model = tf.keras.Sequential(
    [
        tf.keras.Input((10,)),
        tf.keras.layers.Embedding(20, 3, mask_zero=True),
        tf.keras.layers.LSTM(4, unroll=True),
    ]
)
tf.function(model).get_concrete_function(tf.TensorSpec([None, 10]))
