"""What may a test watch without TensorFlow? A package of its name, with the few parts that are watched."""

from __future__ import annotations

from pathlib import Path

_FILES = {
    "tensorflow/__init__.py": """
        import types

        __version__ = "2.21.0"


        class Node:
            type = "Add"


        class Graph:
            def __init__(self):
                self._operations, self._functions = [], {}

            def get_operations(self):
                return list(self._operations)

            def add(self, number):
                self._operations += [Node() for _ in range(number)]


        graph = Graph()
        eager = False
        from tensorflow.python.ops import rnn
        nn = types.SimpleNamespace(static_rnn=rnn.static_rnn, dynamic_rnn=rnn.dynamic_rnn)
        compat = types.SimpleNamespace(v1=types.SimpleNamespace(nn=nn, get_default_graph=lambda: graph))


        def executing_eagerly():
            return eager
        """,
    "tensorflow/python/__init__.py": "",
    "tensorflow/python/ops/__init__.py": "",
    "tensorflow/python/ops/rnn.py": """
        import tensorflow


        def static_rnn(cell, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
            tensorflow.graph.add(3 + 5 * len(inputs))
            return [cell(x, None) for x in inputs]


        def static_bidirectional_rnn(cell_fw, cell_bw, inputs, **rest):
            return static_rnn(cell_fw, inputs), static_rnn(cell_bw, inputs[::-1])


        def dynamic_rnn(cell, inputs, sequence_length=None, time_major=False):
            tensorflow.graph.add(40)
        """,
    "keras/__init__.py": """
        __version__ = "3.15.1"
        from keras.src.layers.layer import Layer
        from keras.src.layers.rnn import LSTM, Bidirectional, LSTMCell
        """,
    "keras/src/__init__.py": "",
    "keras/src/layers/__init__.py": "",
    "keras/src/layers/layer.py": """
        import tensorflow


        class Layer:
            built = True

            def __init__(self, *, name=None):
                self.name = name

            def __call__(self, *args, **kwargs):
                return self.call(*args, **kwargs)
        """,
    "keras/src/layers/rnn.py": """
        import tensorflow
        from keras.src.layers.layer import Layer


        class LSTMCell(Layer):
            def __init__(self, units, **kwargs):
                super().__init__(**kwargs)
                self.state_size = [units, units]

            def call(self, inputs, states):
                tensorflow.graph.add(18)
                return inputs, states


        class RNN(Layer):
            def __init__(self, cell, unroll=False, **kwargs):
                super().__init__(**kwargs)
                self.cell, self.unroll = cell, unroll

            def call(self, inputs, mask=None):
                for _ in range(inputs.shape[1] if self.unroll else 1):
                    self.cell(inputs, None)
                return inputs


        class LSTM(RNN):
            def __init__(self, units, **kwargs):
                super().__init__(LSTMCell(units), **kwargs)

            def copy(self):
                return LSTM(self.cell.state_size[0], unroll=self.unroll)


        class Bidirectional(Layer):
            def __init__(self, layer, backward_layer=None):
                super().__init__()
                self.forward_layer, self.backward_layer = layer.copy(), (backward_layer or layer).copy()

            def call(self, inputs):
                return self.forward_layer(inputs), self.backward_layer(inputs)
        """,
}


def write(folder: Path) -> None:
    """Put the package into a folder."""
    import textwrap

    for name, text in _FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
