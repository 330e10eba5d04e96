from tensorflow import Graph, float32, unstack
from tensorflow.compat.v1 import placeholder
from tensorflow.compat.v1.nn import bidirectional_dynamic_rnn as both, static_rnn
from tensorflow.compat.v1.nn.rnn_cell import GRUCell

with Graph().as_default():
    x = placeholder(float32, [None, 8, 3])
    static_rnn(GRUCell(4), unstack(x, axis=1), dtype=float32)
    both(GRUCell(4), GRUCell(4), x, dtype=float32)
