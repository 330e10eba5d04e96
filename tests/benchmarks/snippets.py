"""What do tools have to find, and what not? Small programs; a line that ends with `# bad` is wrong on TensorFlow 2.21.

A group says what the lines have in common. Names are bound in the ways in which people bind them.
"""

from __future__ import annotations

LEGACY = {
    "attribute": """
        import tensorflow as tf
        tf.nn.dynamic_rnn(cell, x)  # bad
        tf.contrib.rnn.BasicLSTMCell(8)  # bad
        tf.compat.v1.nn.rnn_cell.GRUCell(8)  # bad
    """,
    "other_alias": """
        import tensorflow as T
        T.nn.static_rnn(cell, xs)  # bad
    """,
    "no_alias": """
        import tensorflow
        tensorflow.nn.bidirectional_dynamic_rnn(cell, cell, x)  # bad
    """,
    "from_import": """
        from tensorflow.contrib.rnn import LSTMCell as Cell  # bad
    """,
    "from_module": """
        from tensorflow.contrib import seq2seq  # bad
    """,
    "module_in_a_name": """
        import tensorflow as tf
        nn = tf.nn
        nn.dynamic_rnn(cell, x)  # bad
    """,
    "module_in_an_attribute": """
        import tensorflow as tf

        class Model:
            def __init__(self):
                self.rnn = tf.contrib.rnn  # bad

            def cell(self):
                return self.rnn.GRUCell(8)  # bad
    """,
    "getattr": """
        import tensorflow as tf
        getattr(tf.nn, "dynamic_rnn")(cell, x)  # bad
    """,
    "partial": """
        import functools
        import tensorflow as tf
        make = functools.partial(tf.nn.rnn_cell.LSTMCell, 8)  # bad
    """,
    "in_a_dictionary": """
        import tensorflow as tf
        RUNNERS = {"loop": tf.nn.dynamic_rnn}  # bad
    """,
    "star": """
        from tensorflow.contrib.rnn import *  # bad
        cell = GRUBlockCell(8)  # bad
    """,
    "optional_import": """
        try:
            import tensorflow as tf
        except ImportError:
            tf = None
        tf.nn.raw_rnn(cell, step)  # bad
    """,
}
"""A name that TensorFlow 2.21 does not have, or that raises with Keras 3."""

UNROLLS = {
    "number": """
        import tensorflow as tf
        x = tf.unstack(inputs, num=300, axis=1)
        tf.compat.v1.nn.static_rnn(cell, x)  # bad
    """,
    "constant": """
        import tensorflow as tf
        STEPS = 400
        tf.compat.v1.nn.static_rnn(cell, tf.split(inputs, STEPS, 1))  # bad
    """,
    "shape": """
        import tensorflow as tf
        tf.compat.v1.disable_eager_execution()
        x = tf.compat.v1.placeholder(tf.float32, [None, 500, 8])
        tf.compat.v1.nn.static_rnn(cell, tf.unstack(x, axis=1))  # bad
    """,
    "configuration": """
        import tensorflow as tf

        class Config:
            steps = 200

        def build(inputs, config=Config()):
            x = tf.unstack(inputs, config.steps, 1)
            return tf.compat.v1.nn.static_rnn(cell, x)  # bad
    """,
    "keras": """
        import tensorflow as tf
        model = tf.keras.Sequential([
            tf.keras.Input((300, 8)),
            tf.keras.layers.LSTM(32, unroll=True),  # bad
        ])
    """,
    "loop": """
        import tensorflow as tf
        cell = tf.keras.layers.LSTMCell(8)

        @tf.function
        def run(x, state):
            for t in range(300):  # bad
                y, state = cell(x[:, t], state)
            return y
    """,
}
"""An unroll over more than 50 steps."""

PADDING = {
    "embedding": """
        from tensorflow import keras
        x = keras.utils.pad_sequences(texts, maxlen=80)
        model = keras.Sequential([
            keras.layers.Embedding(1000, 16),
            keras.layers.LSTM(8),  # bad
            keras.layers.Dense(1),
        ])
        model.fit(x, y)
    """,
    "runner": """
        import tensorflow as tf
        tf.compat.v1.disable_eager_execution()
        data = tf.data.Dataset.from_generator(rows, tf.float32).padded_batch(32, [None, 8])
        x = tf.compat.v1.data.make_one_shot_iterator(data).get_next()
        outputs, state = tf.compat.v1.nn.dynamic_rnn(cell, x, dtype=tf.float32)  # bad
        logits = tf.matmul(state, weights)
    """,
    "last_output": """
        import tensorflow as tf
        outputs, _ = tf.compat.v1.nn.dynamic_rnn(cell, x, sequence_length=lengths, dtype=tf.float32)
        last = outputs[:, -1]  # bad
    """,
    "lost_mask": """
        from tensorflow import keras
        inputs = keras.Input((80,))
        x = keras.layers.Embedding(1000, 16, mask_zero=True)(inputs)
        x = keras.layers.Conv1D(16, 3, padding="same")(x)
        outputs = keras.layers.LSTM(8)(x)  # bad
    """,
}
"""Padding that changes a result."""

FINE = {
    "keras": """
        import tensorflow as tf
        tf.keras.layers.LSTM(8, return_sequences=True)(x)
        tf.keras.layers.RNN(tf.keras.layers.GRUCell(8))(x)
    """,
    "still_there": """
        import tensorflow as tf
        tf.compat.v1.nn.dynamic_rnn(cell, x, sequence_length=lengths)
        tf.compat.v1.nn.static_rnn(cell, tf.unstack(x, num=5, axis=1))
    """,
    "import_that_works": """
        from tensorflow.compat.v1.nn.rnn_cell import GRUCell
        cell = GRUCell(8)
    """,
    "another_module": """
        import mylibrary as tf
        tf.nn.dynamic_rnn(cell, x)
        tf.contrib.rnn.BasicLSTMCell(8)
    """,
    "argument": """
        import tensorflow as tf

        def run(tf, cell, x):
            return tf.nn.dynamic_rnn(cell, x)
    """,
    "own_method": """
        import tensorflow as tf

        class Model:
            def dynamic_rnn(self, x):
                return self.nn.dynamic_rnn(x)
    """,
    "text": """
        import tensorflow as tf
        NOTE = "tf.nn.dynamic_rnn and tf.contrib.rnn no longer exist"  # tf.nn.static_rnn(cell, xs)
    """,
    "masked": """
        from tensorflow import keras
        x = keras.utils.pad_sequences(texts, maxlen=80)
        model = keras.Sequential([
            keras.layers.Embedding(1000, 16, mask_zero=True),
            keras.layers.LSTM(8),
        ])
    """,
}
"""Nothing to report: each line runs on TensorFlow 2.21 and computes what it was written for."""

GROUPS = {"legacy": LEGACY, "unroll": UNROLLS, "padding": PADDING, "fine": FINE}
