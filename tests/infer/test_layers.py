"""Which Keras layers unroll, and over how many steps? Small programs, one for each way to say it."""

from __future__ import annotations

import pytest

from rnnlint.infer.libraries import evaluator
from rnnlint.infer.unrolls.unrolled_layers import UnrolledLayer, find
from rnnlint.infer.values.domain import Int, Tensor, Undefined
from rnnlint.read.source import from_bytes
from rnnlint.resolve.project import Project
from rnnlint.resolve.values import Module

HEAD = """
import functools
import keras
import numpy as np
import tensorflow as tf
from keras import Input, Model, Sequential, layers
from keras.layers import *
from keras.preprocessing.sequence import pad_sequences
"""


def opened(code: str) -> Module:
    lines = code.strip("\n").splitlines()
    margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    text = HEAD + "\n".join(line[margin:] for line in lines) + "\n"
    return Project().open(from_bytes(text.encode(), "no-such-folder/case.py"))


def unrolled(code: str, keras: int = 3) -> list[UnrolledLayer]:
    return list(find(evaluator(), opened(code), keras))


def steps(code: str, keras: int = 3) -> list[int | str]:
    """The number of steps of each layer; ``open`` where the axis is None, ``at least n``, or ``unknown``."""
    return [_told(layer) for layer in unrolled(code, keras)]


def _told(layer: UnrolledLayer) -> int | str:
    if isinstance(layer.axis, Undefined):
        return "open"
    if layer.length.default is not None:
        return layer.length.default
    return f"at least {layer.length.low}" if layer.length.low else "unknown"


def shape(code: str) -> list[int | str | None]:
    """The shape of the last expression without its batch: numbers, None if undefined, "?" if unknown."""
    module = opened(code)
    last = module.source.tree.body[-1]
    value = evaluator().query(last.value, module)  # type: ignore[attr-defined]
    assert isinstance(value, Tensor) and value.shape is not None
    return [
        axis.default if isinstance(axis, Int) else None if isinstance(axis, Undefined) else "?"
        for axis in value.shape[1:]
    ]


@pytest.mark.parametrize(
    ("layer", "given", "made"),
    [
        ("Dense(7)", "(5, 3)", [5, 7]),
        ("Dropout(.5)", "(5, 3)", [5, 3]),
        ("Activation('relu')", "(None, 3)", [None, 3]),
        ("Masking()", "(5, 3)", [5, 3]),
        ("Embedding(100, 8)", "(5,)", [5, 8]),
        ("Embedding(100, 8)", "(None,)", [None, 8]),
        ("Embedding(100, 8, input_length=5)", "(None,)", [None, 8]),
        ("LSTM(4)", "(5, 3)", [4]),
        ("LSTM(4, return_sequences=True)", "(5, 3)", [5, 4]),
        ("GRU(4, return_sequences=True)", "(None, 3)", [None, 4]),
        ("RNN(LSTMCell(4), True)", "(5, 3)", [5, "?"]),
        ("Bidirectional(LSTM(4, return_sequences=True))", "(5, 3)", [5, 8]),
        ("Bidirectional(LSTM(4))", "(5, 3)", [8]),
        ("TimeDistributed(Dense(7))", "(5, 3)", [5, 7]),
        ("TimeDistributed(LSTM(4))", "(5, 6, 3)", [5, 4]),
        ("TimeDistributed(Flatten())", "(5, 6, 3)", [5, 18]),
        ("RepeatVector(9)", "(3,)", [9, 3]),
        ("Reshape((10, -1))", "(5, 4)", [10, 2]),
        ("Reshape((-1, 4))", "(None, 2)", [None, 4]),
        ("Permute((2, 1))", "(5, 3)", [3, 5]),
        ("Flatten()", "(5, 3)", [15]),
        ("GlobalMaxPooling1D()", "(5, 3)", [3]),
        ("Conv1D(8, 3)", "(11, 3)", [9, 8]),
        ("Conv1D(8, 3, 2)", "(11, 3)", [5, 8]),
        ("Conv1D(8, 3, strides=2, padding='same')", "(11, 3)", [6, 8]),
        ("Conv1D(8, 3, padding='causal', dilation_rate=4)", "(11, 3)", [11, 8]),
        ("Conv1D(8, 3, dilation_rate=2)", "(11, 3)", [7, 8]),
        ("Conv1D(8, kernel_size=(3,))", "(None, 3)", [None, 8]),
        ("Conv1D(8, size, padding=padding)", "(11, 3)", ["?", 8]),
        ("Convolution1D(8, 3, border_mode='same', subsample_length=2)", "(11, 3)", [6, 8]),
        ("Conv2D(4, 3)", "(11, 8, 1)", [9, 6, 4]),
        ("MaxPooling1D(2)", "(11, 3)", [5, 3]),
        ("MaxPooling1D()", "(11, 3)", [5, 3]),
        ("AveragePooling1D(3, strides=2, padding='same')", "(11, 3)", [6, 3]),
        ("UpSampling1D(3)", "(11, 3)", [33, 3]),
        ("ZeroPadding1D((1, 2))", "(11, 3)", [14, 3]),
        ("Cropping1D(2)", "(11, 3)", [7, 3]),
        ("Lambda(lambda t: t[:, 2:])", "(11, 3)", [9, 3]),
        ("ConvLSTM1D(4, 3, return_sequences=True)", "(5, 8, 3)", [5, "?", 4]),
    ],
)
def test_a_layer_gives_the_shape_that_keras_gives(layer: str, given: str, made: list[int | str | None]) -> None:
    assert shape(f"{layer}(Input({given}))") == made


@pytest.mark.parametrize(
    ("code", "made"),
    [
        ("Concatenate(axis=1)([Input((5, 2)), Input((6, 2))])", [11, 2]),
        ("concatenate([Input((5, 2)), Input((5, 3))])", [5, 5]),
        ("Add()([Input((5, 2)), Input((5, 2))])", [5, 2]),
        ("add([Input((None, 2)), Input((6, 2))])", [None, 2]),
        ("Multiply()([Input((5, 1)), Input((5, 6))])", [5, 6]),
        ("Dot(axes=(2, 1))([Input((5, 2)), Input((2, 6))])", [5, 6]),
        ("Attention()([Input((5, 2)), Input((6, 2))])", [5, "?"]),
        ("keras.ops.expand_dims(Input((5,)), -1)", [5, 1]),
        ("tf.transpose(Input((5, 2)), [0, 2, 1])", [2, 5]),
        ("keras.ops.concatenate([Input((5, 2)), Input((6, 2))], axis=1)", [11, 2]),
        ("Input((5, 2)) * 2", [5, 2]),
        ("Input(batch_shape=(3, 5, 2))", [5, 2]),
        ("keras.layers.Input(shape=[5, 2], batch_size=3)", [5, 2]),
        ("LSTM(4, return_state=True, return_sequences=True)(Input((5, 2)))[0]", [5, 4]),
        ("Model(i, Dense(3)(Input((5, 2))))(Input((5, 2)))", [5, 3]),
        ("Sequential([Dense(3), MaxPooling1D(2)])(Input((6, 2)))", [3, 3]),
        ("Dense(3)(pad_sequences(rows, maxlen=7))", [3]),
    ],
)
def test_several_tensors_and_models(code: str, made: list[int | str | None]) -> None:
    assert shape(code) == made


@pytest.mark.parametrize(
    "callee",
    [
        "keras.layers.LSTM", "layers.GRU", "SimpleRNN", "tf.keras.layers.LSTM", "tf.compat.v1.keras.layers.GRU",
        "tensorflow.python.keras.layers.LSTM", "tf_keras.layers.LSTM", "keras.layers.recurrent.LSTM", "ConvLSTM2D",
    ],
)  # fmt: skip
def test_layers_are_found_by_any_spelling(callee: str) -> None:
    found = unrolled(f"import tensorflow.python.keras, tf_keras\n{callee}(8, unroll=True)")
    assert [layer.layer for layer in found] == [callee.rsplit(".", 1)[-1]]


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("LSTM(8, unroll=False)", 0),
        ("LSTM(8)", 0),
        ("CuDNNLSTM(8, unroll=True)", 0),
        ("Dense(8, unroll=True)", 0),
        ("RNN(LSTMCell(4), False, False, False, False, True)", 1),
        ("RNN(LSTMCell(4), False, False, False, False, False)", 0),
        ("FAST = True\nLSTM(8, unroll=FAST)", 1),
        ("def f(unroll=False): return LSTM(8, unroll=unroll)", 0),
        ("def f(unroll=False): return LSTM(8, unroll=unroll)\nf(True)", 1),
        ("options = {'unroll': True}\nLSTM(8, **options)", 1),
        ("LSTM(8, **options)", 0),
        ("make = functools.partial(LSTM, unroll=True)\nmake(8)", 1),
        ("make = functools.partial(LSTM, 8)\nmake(unroll=True)", 1),
        ("kind = {'l': LSTM, 'g': GRU}[name]\nkind(8, unroll=True)", 1),
        ("for kind in (LSTM, GRU): kind(8, unroll=True)", 1),
        ("class LSTM:\n    pass\nLSTM(8, unroll=True)", 0),
        ("class My(LSTM):\n    pass\nMy(8, unroll=True)", 1),
        ("class My(LSTM):\n    def __init__(self, n): super().__init__(n, unroll=True)\nMy(8)\nMy(9)", 1),
        ("class My(LSTM):\n    def __init__(self, n): LSTM.__init__(self, n, unroll=True)\nMy(8)", 1),
        (
            "class My(LSTM):\n    def __init__(self, unroll): super().__init__(8, unroll=unroll)\nMy(unroll=True)",
            1,
        ),
        ("class My(LSTM):\n    def __init__(self, n, **kw): super().__init__(n, **kw)\nMy(8, unroll=True)", 1),
    ],
)
def test_what_unrolls(code: str, count: int) -> None:
    assert len(unrolled(code)) == count


def test_the_finding_is_at_the_name_that_is_called() -> None:
    (found,) = unrolled("x = layers.Bidirectional(layers.LSTM(8, unroll=True))(Input((5, 3)))")
    assert (found.api, found.layer) == ("keras.layers.LSTM", "LSTM")
    assert getattr(found.call.func, "attr", "") == "LSTM"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("LSTM(8, unroll=True)(Input((500, 8)))", 500),
        ("x = Input((None, 8))\nLSTM(8, unroll=True)(x)", "open"),
        ("LSTM(8, unroll=True)(x)", "unknown"),
        ("def f(x): return LSTM(8, unroll=True)(x)", "unknown"),
        ("def f(x): return LSTM(8, unroll=True)(x)\nf(Input((9, 2)))", 9),
        ("rnn = LSTM(8, unroll=True)\ny = rnn(Input((9, 2)))", 9),
        ("rnn = LSTM(8, unroll=True)\nrnn(Input((9, 2)))\nrnn(Input((20, 2)))", 20),
        ("rnn = LSTM(8, unroll=True)\nrnn(Input((9, 2)))\nrnn(x)", "at least 9"),
        ("rnns = [LSTM(8, unroll=True), GRU(8)]\nrnns[0](Input((9, 2)))", 9),
        ("def make(): return LSTM(8, unroll=True)\nmake()(Input((9, 2)))", 9),
        ("Bidirectional(LSTM(8, unroll=True))(Input((9, 2)))", 9),
        ("Bidirectional(layer=LSTM(8, unroll=True))(Input((9, 2)))", 9),
        ("TimeDistributed(LSTM(8, unroll=True))(Input((5, 9, 2)))", 9),
        ("LSTM(8, unroll=True, time_major=True)(tf.transpose(Input((9, 2)), [1, 0, 2]))", 9),
        ("LSTM(8, unroll=True)([Input((9, 2)), h, c])", 9),
        ("LSTM(8, unroll=True)(inputs=Input((9, 2)))", 9),
        ("x = Input((9, 2))\nif deep:\n    x = Dense(3)(x)\nLSTM(8, unroll=True)(x)", 9),
        ("x = Input((9, 2)) if a else Input((8, 2))\nLSTM(8, unroll=True)(x)", "at least 8"),
        ("x = Input((9, 2))\nfor i in range(n):\n    x = LSTM(8, return_sequences=True, unroll=True)(x)", 9),
        ("x = Input((9, 2))\nfor i in range(n):\n    x = Conv1D(8, 3)(x)\nLSTM(8, unroll=True)(x)", "unknown"),
        ("x = np.zeros((4, 9, 2))\nLSTM(8, unroll=True)(x)", 9),
        ("LSTM(8, unroll=True, input_shape=(9, 2))(x)", 9),
        ("encoder = Model(i, Dense(3)(Input((None, 2))))\nLSTM(8, unroll=True)(encoder(Input((9, 2))))", "unknown"),
        ("class My(LSTM): pass\nMy(8, unroll=True)(Input((9, 2)))", 9),
        ("class My(LSTM):\n    def __init__(self, n): super().__init__(n, unroll=True)\nMy(8)(Input((9, 2)))", 9),
    ],
)
def test_the_steps_of_a_layer_that_is_called(code: str, told: int | str) -> None:
    assert steps(code) == [told]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("Sequential([Input((9, 2)), LSTM(8, unroll=True)])", [9]),
        ("Sequential([InputLayer(input_shape=(9, 2)), LSTM(8, unroll=True)])", [9]),
        ("Sequential([InputLayer((9, 2)), Dense(3), LSTM(8, unroll=True)])", [9]),
        ("Sequential([LSTM(8, unroll=True, input_shape=(9, 2))])", [9]),
        ("Sequential([LSTM(8, unroll=True, batch_input_shape=(4, 9, 2))])", [9]),
        ("Sequential([LSTM(8, unroll=True, input_shape=(None, 2))])", ["open"]),
        ("Sequential([LSTM(8, unroll=True, input_dim=2, input_length=9)])", [9]),
        ("Sequential([LSTM(8, unroll=True, input_dim=2)])", ["open"]),
        ("Sequential([Embedding(50, 8, input_length=9), LSTM(8, unroll=True)])", [9]),
        ("Sequential([Bidirectional(LSTM(8, unroll=True), input_shape=(9, 2))])", [9]),
        ("Sequential([TimeDistributed(LSTM(8, unroll=True), input_shape=(5, 9, 2))])", [9]),
        ("Sequential([LSTM(8, unroll=True)])", ["unknown"]),
        ("Sequential([custom(), LSTM(8, unroll=True)])", ["unknown"]),
        ("Sequential(layers=[Input((9, 2)), LSTM(8, unroll=True)])", [9]),
        ("ls = [Input((9, 2))]\nls.append(LSTM(8, unroll=True))\nSequential(ls)", [9]),
        ("ls = [Input((9, 2))]\nls.insert(0, x)\nls.append(LSTM(8, unroll=True))\nSequential(ls)", ["unknown"]),
        ("Sequential([Input((9, 2))] + [LSTM(8, unroll=True, return_sequences=True) for _ in range(3)])", [9]),
        ("m = Sequential()\nm.add(Input((9, 2)))\nm.add(LSTM(8, unroll=True))", [9]),
        ("m = Sequential()\nm.add(LSTM(8, unroll=True))\nm.fit(np.zeros((4, 9, 2)), y)", [9]),
        ("m = Sequential()\nm.add(LSTM(8, unroll=True))\nm.build((None, 9, 2))", [9]),
        ("m = Sequential([LSTM(8, unroll=True)])\nm(Input((9, 2)))", [9]),
        ("X = pad_sequences(rows, 9)\nm = Sequential([Embedding(9, 8), LSTM(8, unroll=True)])\nm.fit(X, y)", [9]),
        ("Sequential([Sequential([Input((9, 2)), Dense(3)]), LSTM(8, unroll=True)])", [9]),
        ("Sequential([Input((9, 2)), Sequential([Dense(3), LSTM(8, unroll=True)])])", [9]),
    ],
)
def test_the_steps_of_a_layer_in_a_sequential(code: str, told: list[int | str]) -> None:
    assert steps(code) == told


def test_add_follows_branches_and_loops() -> None:
    assert steps(
        """
        m = Sequential()
        m.add(Input((30, 2)))
        if wide:
            m.add(Conv1D(4, 3, padding="same"))
        for i in range(n):
            m.add(LSTM(8, return_sequences=i < n - 1, unroll=True))
        """
    ) == [30]
    assert steps(
        """
        m = Sequential()
        m.add(Input((30, 2)))
        if halve:
            m.add(MaxPooling1D(2))
        m.add(LSTM(8, unroll=True))
        """
    ) == ["at least 15"]


def test_add_in_functions_that_get_the_model() -> None:
    assert steps(
        """
        def front(model):
            model.add(Input((30, 2)))
            model.add(MaxPooling1D(3))

        def back(model):
            model.add(LSTM(8, unroll=True))

        m = Sequential()
        front(m)
        back(m)
        """
    ) == [10]


def test_a_model_that_methods_build() -> None:
    assert steps(
        """
        class Net:
            def __init__(self):
                self.model = Sequential()
                self.model.add(Embedding(50, 8, input_length=12))
                self.finish()

            def finish(self):
                self.model.add(LSTM(8, unroll=True))
        """
    ) == [12]


def test_a_layer_in_an_attribute_that_another_method_calls_has_a_low_end_only() -> None:
    assert steps(
        """
        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.rnn = LSTM(8, unroll=True)

            def call(self, x):
                return self.rnn(tf.reshape(x, [-1, 190, 4]))
        """
    ) == ["at least 190"]


def test_an_embedding_that_says_no_length_is_open_in_keras_2_and_decided_by_data_in_keras_3() -> None:
    code = "Sequential([Embedding(50, 8), LSTM(8, unroll=True)])"
    assert steps(code, keras=2) == ["open"]
    assert steps(code, keras=3) == ["unknown"]


def test_keras_2_refuses_to_unroll_convolutional_layers() -> None:
    code = "ConvLSTM1D(4, 3, unroll=True)(Input((9, 8, 2)))"
    assert steps(code, keras=3) == [9]
    assert steps(code, keras=2) == []


@pytest.mark.parametrize(
    ("code", "cost"),
    [
        ("LSTM(8, unroll=True)(Input((9, 2)))", ("LSTM", False, 8, None)),
        ("GRU(8, unroll=True, return_sequences=True)(Input((9, 2), batch_size=4))", ("GRU", True, 8, 4)),
        ("Bidirectional(LSTM(8, unroll=True))(Input((9, 2)))", ("Bidirectional(LSTM)", False, 8, None)),
        ("RNN([LSTMCell(3), GRUCell(3)], unroll=True)(Input((9, 2)))", ("RNN([LSTMCell,GRUCell])", False, None, None)),
        ("LSTM(8, unroll=True, dropout=.2)(Input((9, 2)))", None),
        ("LSTM(8, unroll=True)(Input((9, 2)), mask=m)", None),
        ("LSTM(8, unroll=True)(Masking()(Input((9, 2))))", None),
        ("LSTM(8, unroll=True, **more)(Input((9, 2)))", None),
    ],
)
def test_the_cost_is_asked_for_where_the_arguments_are_known(code: str, cost: tuple[object, ...] | None) -> None:
    (found,) = unrolled(code)
    told = found.cost and (found.cost.layer, found.cost.return_sequences, found.cost.units, found.cost.batch)
    assert told == cost


def test_weird_code_ends() -> None:
    chain = "x = Input((60, 3))\n" + "x = Conv1D(3, 3, padding='same')(x)\n" * 300
    assert steps(chain + "LSTM(3, unroll=True)(x)") == [60]
    many = "m = Sequential([Input((61, 3))])\n" + "m.add(LSTM(3, unroll=True, return_sequences=True))\n" * 100
    assert steps(many) == [61] * 100
    nest = "m = Sequential()\n" + "".join(f"{' ' * n}for v{n} in x:\n" for n in range(12))
    assert steps(nest + " " * 12 + "m.add(LSTM(3, unroll=True)); m.add(Conv1D(3, 3))") == ["unknown"]
    for code in (
        "m = Sequential()\nm.add(m)\nm.add(LSTM(3, unroll=True))",
        "a = Sequential()\nb = Sequential()\na.add(b)\nb.add(a)\na.add(LSTM(3, unroll=True))",
        "def f(m):\n    m.add(LSTM(3, unroll=True))\n    f(m)\nf(Sequential())",
        "while True:\n    x = LSTM(3, unroll=True)(x)",
        "l = LSTM(3, unroll=True)\nl = l(l)",
        "class A(LSTM):\n    def __init__(self): super().__init__(A(), unroll=True)\nA()(A()(x))",
    ):
        assert steps(code) == ["unknown"]


@pytest.mark.parametrize("code", ["Conv1D()(x)", "Conv1D(3, 0, 0)(Input((5, 5)))", "Dot(axes=7)([Input((3,))] * 2)",
    "Bidirectional()(x)", "Permute(3)(Input((5, 5)))", "Model()(x)", "Sequential(5)(x)", "Input(*x)"])  # fmt: skip
def test_wrong_arguments_are_harmless(code: str) -> None:
    assert steps(f"x = {code}\nLSTM(3, unroll=True)(x)") == ["unknown"]


def test_a_layer_in_an_own_model_sees_what_the_model_is_called_with() -> None:
    assert steps(
        """
        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.rnn = LSTM(8, unroll=True)

            def call(self, inputs):
                return self.rnn(Dense(3)(inputs))

        Net()(Input((120, 4)))
        """
    ) == ["at least 120"]
