"""Is a program wrong about padding just where rnnlint says so? The installed TensorFlow runs padded and single rows."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence

import pytest
from computed import computed

from rnnlint import engine
from rnnlint.finding import Finding
from rnnlint.read.edited import edited
from rnnlint.report.applying import compatible, edits_of
from rnnlint.report.run import is_offered
from rnnlint.settings import Settings

_spec = importlib.util.find_spec("tensorflow")
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

pytestmark = pytest.mark.tensorflow

ROUNDING, FAR = 1e-5, 1e-3

KERAS = """
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import Input, Model, Sequential
from tensorflow.keras.layers import *

keras.utils.set_random_seed(1)
TEXTS = [[3, 1, 4], [1, 5, 9, 2, 6]]
padded = keras.utils.pad_sequences(TEXTS, padding="post")
tokens = Input((None,))
{model}
results = [*np.array(model(padded)), *(np.array(model(np.array([text])))[0] for text in TEXTS)]
"""

MASKED = "Embedding(20, 8, mask_zero=True)"

READER = f"""
class Reader(Model):
    def __init__(self):
        super().__init__()
        self.embedding = {MASKED}
        self.reader = SimpleRNN(4)

    def call(self, tokens):
        return self.reader(tf.nn.relu(self.embedding(tokens)))
"""

LAYERS = {
    "no mask": ("model = Sequential([Embedding(20, 8), LSTM(4)])", ["RNN301"]),
    "no mask, both ways": ("model = Sequential([Embedding(20, 8), Bidirectional(GRU(4))])", ["RNN301"]),
    "no mask, two layers": (
        "model = Sequential([Embedding(20, 8), LSTM(4, return_sequences=True), SimpleRNN(4)])",
        ["RNN301"],
    ),
    "no mask, a functional model": (
        "model = Model(tokens, GRU(4)(Dropout(0.5)(Embedding(20, 8)(tokens))))",
        ["RNN301"],
    ),
    "no mask, a tagger": ("model = Sequential([Embedding(20, 8), LSTM(4, return_sequences=True)])", []),
    "no mask, a tagger that runs both ways": (
        "model = Sequential([Embedding(20, 8), Bidirectional(LSTM(4, return_sequences=True))])",
        ["RNN301"],
    ),
    "a mask": (f"model = Sequential([{MASKED}, LSTM(4)])", []),
    "a mask, both ways": (f"model = Sequential([{MASKED}, Bidirectional(GRU(4))])", []),
    "layers that keep it": (
        f"model = Sequential([{MASKED}, Dense(8), Dropout(0.5), LayerNormalization(), Activation('tanh'),"
        " TimeDistributed(Dense(8)), GRU(8, return_sequences=True), LSTM(4)])",
        [],
    ),
    "a sum of two": (
        f"x = {MASKED}(tokens)\nmodel = Model(tokens, SimpleRNN(4)(Add()([x, Dense(8)(x)])))",
        [],
    ),
    "Conv1D": (f"model = Sequential([{MASKED}, Conv1D(8, 1), LSTM(4)])", ["RNN303"]),
    "Conv1D, two layers": (
        f"model = Sequential([{MASKED}, Conv1D(8, 1), LSTM(4, return_sequences=True), LSTM(4)])",
        ["RNN303"],
    ),
    "Lambda": (f"model = Model(tokens, GRU(4)(Lambda(lambda x: x * 2.0)({MASKED}(tokens))))", ["RNN303"]),
    "Reshape": (f"model = Model(tokens, SimpleRNN(4)(Reshape((-1, 8))({MASKED}(tokens))))", ["RNN303"]),
    "arithmetic": (f"model = Model(tokens, SimpleRNN(4)({MASKED}(tokens) * 2.0))", ["RNN303"]),
    "a function of TensorFlow": (f"{READER}\nmodel = Reader()", ["RNN303"]),
    "an index": (f"model = Model(tokens, SimpleRNN(4)({MASKED}(tokens)[:, :, :4]))", ["RNN303"]),
    "Conv1D, and the mask by hand": (
        f"embedding = {MASKED}\nx = Conv1D(8, 1)(embedding(tokens))\n"
        "model = Model(tokens, LSTM(4)(x, mask=embedding.compute_mask(tokens)))",
        [],
    ),
}

JOINED = "a = Embedding(20, 8, mask_zero={})(tokens)\nb = Embedding(20, 8, mask_zero={})(tokens)\n"

LAYERS |= {
    "two embeddings without a mask": (
        JOINED.format(False, False) + "model = Model(tokens, GRU(4)(concatenate([a, b])))",
        ["RNN301"],
    ),
    "a sum of two without a mask": (
        JOINED.format(False, False) + "model = Model(tokens, Bidirectional(GRU(4))(add([a, b])))",
        ["RNN301"],
    ),
    "two masks": (JOINED.format(True, True) + "model = Model(tokens, GRU(4)(Concatenate()([a, b])))", []),
    "Conv1D and layers that keep nothing any more": (
        f"model = Sequential([{MASKED}, GaussianDropout(0.1), Conv1D(8, 1), PReLU(shared_axes=[1]), GRU(4)])",
        ["RNN303"],
    ),
    "layers that keep it too": (
        f"model = Sequential([{MASKED}, GaussianDropout(0.1), ELU(), AlphaDropout(0.1),"
        " ActivityRegularization(), GRU(4)])",
        [],
    ),
    "DepthwiseConv1D": (f"model = Sequential([{MASKED}, DepthwiseConv1D(1), LSTM(4)])", ["RNN303"]),
    "Lambda that hands it on": (
        f"x = Lambda(lambda x: x * 2.0, mask=lambda x, mask: mask)({MASKED}(tokens))\nmodel = Model(tokens, GRU(4)(x))",
        [],
    ),
    "an Embedding in front of another's steps": (
        f"model = Model(tokens, Bidirectional(LSTM(4))(Conv1D(8, 1)({MASKED}(tokens))))",
        ["RNN303"],
    ),
}

TWO_TABLES = """
class Reader(Model):
    def __init__(self):
        super().__init__()
        self.words, self.kinds = Embedding(20, 8), Embedding(20, 4)
        self.reader = GRU(4)

    def call(self, tokens):
        joined = tf.concat([self.words(tokens), self.kinds(tokens)], axis=-1)
        return self.reader(joined{mask})

model = Reader()
"""
OWN_LAYER = f"""
class Scale(Layer):
    def call(self, steps):
        return steps * 0.5

model = Sequential([{MASKED}, Scale(), LSTM(4)])
"""

LAYERS |= {
    "two embeddings joined by a function": (TWO_TABLES.format(mask=""), ["RNN301"]),
    "a layer of your own in a list": (OWN_LAYER, ["RNN303"]),
    "convolutions in a loop": (
        f"x = {MASKED}(tokens)\nfor size in (1, 2):\n    x = Conv1D(8, size, padding='causal')(x)\n"
        "model = Model(tokens, LSTM(4)(x))",
        ["RNN303"],
    ),
    "an Embedding in a loop that keeps it": (
        f"x = {MASKED}(tokens)\nfor size in (8, 4):\n    x = Dense(size)(x)\nmodel = Model(tokens, LSTM(4)(x))",
        [],
    ),
}

# The same batches, padded by other means.
PADDED = 'padded = keras.utils.pad_sequences(TEXTS, padding="post")'
ROWS = KERAS.replace(PADDED, "padded = np.array([text + [0] * (5 - len(text)) for text in TEXTS])")
RAGGED = KERAS.replace(PADDED, "padded = tf.ragged.constant(TEXTS).to_tensor()")
ZEROS = KERAS.replace(
    PADDED,
    "padded = np.zeros((2, 5), int)\nfor row, text in enumerate(TEXTS):\n    padded[row, : len(text)] = text",
)
FLOATS = KERAS.replace(
    PADDED,
    "TEXTS = [np.eye(10)[text] for text in TEXTS]\n"
    "padded = np.stack([np.pad(text, ((0, 5 - len(text)), (0, 0))) for text in TEXTS])\n"
    "frames = Input((None, 10))",
)

BUCKETS = KERAS.replace(
    PADDED,
    "rows = tf.data.Dataset.from_generator(lambda: iter(TEXTS), tf.int32, [None])\n"
    "padded = next(iter(rows.padded_batch(2, [None])))",
)

MAPPED = KERAS.replace(
    PADDED,
    "rows = tf.data.Dataset.from_tensor_slices(tf.ragged.constant(TEXTS)).batch(2)\n"
    "padded = next(iter(rows.map(lambda batch: batch.to_tensor())))",
)
MULTIPLIED = ZEROS.replace("np.zeros((2, 5), int)", "np.ones((2, 5), int) * 0")
POOLED = """
class Pooled(Model):
    def __init__(self):
        super().__init__()
        self.embedding, self.reader = Embedding(20, 8), GRU(4, return_sequences=True)

    def call(self, tokens):
        mask = tf.cast(tf.not_equal(tokens, 0), tf.float32)[:, :, None]
        steps = self.reader(self.embedding(tokens))
        return {}

model = Pooled()
"""
OWN_MODEL = """
class Reader(Model):
    def __init__(self):
        super().__init__()
        self.mask, self.reader = Masking(), SimpleRNN(4)

    def call(self, steps):
        return self.reader({})

model = Reader()
"""

OTHERS = {
    "padded_batch": (BUCKETS, "model = Sequential([Embedding(20, 8), LSTM(4)])", ["RNN301"]),
    "padded_batch, a mask": (BUCKETS, f"model = Sequential([{MASKED}, LSTM(4)])", []),
    "rows filled up by hand": (ROWS, "model = Sequential([Embedding(20, 8), LSTM(4)])", ["RNN301"]),
    "rows filled up by hand, a mask": (ROWS, f"model = Sequential([{MASKED}, LSTM(4)])", []),
    "a ragged tensor": (RAGGED, "model = Sequential([Embedding(20, 8), GRU(4)])", ["RNN301"]),
    "zeros filled row by row": (ZEROS, "model = Model(tokens, SimpleRNN(4)(Embedding(20, 8)(tokens)))", ["RNN301"]),
    "floats without a mask": (FLOATS, "model = Model(frames, LSTM(4)(frames))", ["RNN301"]),
    "floats behind Masking": (FLOATS, "model = Model(frames, LSTM(4)(Masking()(frames)))", []),
    "steps that are pooled": (
        KERAS,
        "model = Sequential([Embedding(20, 8), LSTM(4, return_sequences=True), GlobalMaxPooling1D()])",
        ["RNN301"],
    ),
    "rows that a dataset maps": (MAPPED, "model = Sequential([Embedding(20, 8), GRU(4)])", ["RNN301"]),
    "ones times the number of the padding": (MULTIPLIED, "model = Sequential([Embedding(20, 8), GRU(4)])", ["RNN301"]),
    "steps that a function pools": (KERAS, POOLED.format("tf.reduce_mean(steps, axis=1)"), ["RNN301"]),
    "floats in a model of your own": (FLOATS, OWN_MODEL.format("steps"), ["RNN301"]),
    "floats in a model of your own, behind Masking": (FLOATS, OWN_MODEL.format("self.mask(steps)"), []),
    "floats in a model of your own, from a loop": (
        FLOATS,
        OWN_MODEL.format("steps") + "for batch in [padded]:\n    model(batch)\n",
        ["RNN301"],
    ),
    "the last step of a layer": (
        KERAS,
        "steps = GRU(4, return_sequences=True)(Embedding(20, 8)(tokens))\nmodel = Model(tokens, steps[:, -1])",
        ["RNN301"],
    ),
}

# What a finding advises, followed by hand: no finding is left and the padding does not count.
FOLLOWED = {
    "multiply the outputs by the mask and divide by its sum": POOLED.format(
        "tf.reduce_sum(steps * mask, 1) / tf.reduce_sum(mask, 1)"
    ),
    "call it with a mask, since concat hands none on": TWO_TABLES.format(mask=", mask=tf.not_equal(tokens, 0)"),
    "hand it on, of a Bidirectional": f"embedding = {MASKED}\nx = Conv1D(8, 1)(embedding(tokens))\n"
    "model = Model(tokens, Bidirectional(LSTM(4))(x, mask=embedding.compute_mask(tokens)))",
    "use the functional API": f"embedding = {MASKED}\nx = DepthwiseConv1D(1)(embedding(tokens))\n"
    "model = Model(tokens, LSTM(4)(x, mask=embedding.compute_mask(tokens)))",
    "a mask of as many steps": f"embedding = {MASKED}\nx = UpSampling1D(2)(embedding(tokens))\n"
    "mask = Lambda(lambda one: tf.repeat(one, 2, axis=1))(embedding.compute_mask(tokens))\n"
    "model = Model(tokens, LSTM(4)(x, mask=mask))",
    "mask each input": JOINED.format(True, True) + "model = Model(tokens, GRU(4)(Add()([a, b])))",
    "a mask beside plain features": "embedding = Embedding(20, 8)\n"
    "x = Concatenate()([embedding(tokens), Reshape((-1, 1))(tokens)])\n"
    "mask = Lambda(lambda ids: tf.not_equal(ids, 0))(tokens)\n"
    "model = Model(tokens, GRU(4)(x, mask=mask))",
}

LEGACY = """
import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.compat.v1.nn.rnn_cell import BasicRNNCell
from tensorflow.keras.utils import pad_sequences

TEXTS = [[3, 1, 4], [1, 5, 9, 2, 6]]

def run(texts):
    lengths = [len(text) for text in texts]
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        x = tf.one_hot(pad_sequences(texts, padding="post"), 20)
        steps = tf.unstack(x, axis=1)
        cell, other = BasicRNNCell(4), BasicRNNCell(4)
{model}
        session.run(tf.global_variables_initializer())
        # Another bias than zero, so that a step without input computes something.
        for variable in tf.global_variables():
            if "bias" in variable.name:
                session.run(variable.assign(tf.ones_like(variable)))
        return session.run(found)

results = [*run(TEXTS), *(run([text])[0] for text in TEXTS)]
"""

RUNNERS = {
    "no lengths, and it says so": (
        "_, found = tf.nn.dynamic_rnn(cell, x, sequence_length=None, dtype=tf.float32)",
        ["RNN301"],
    ),
    "an index of the result": ("result = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\nfound = result[1]", ["RNN301"]),
    "outputs that are pooled": (
        "outs, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\nfound = tf.reduce_mean(outs, 1)",
        ["RNN301"],
    ),
    "the last output, with lengths among options": (
        "options = {'dtype': tf.float32, 'sequence_length': lengths}\n"
        "outs, _ = tf.nn.dynamic_rnn(cell, x, **options)\nfound = outs[:, -1]",
        ["RNN401"],
    ),
    "a slice with strides of the last step, with lengths": (
        "outs, _ = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)\n"
        "found = tf.strided_slice(outs, [0, -1, 0], tf.shape(outs))[:, 0]",
        ["RNN401"],
    ),
    "the final state": ("_, found = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)", ["RNN301"]),
    "the final state, with lengths": ("_, found = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)", []),
    "the last output": ("outs, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\nfound = outs[:, -1]", ["RNN301"]),
    "the last output, with lengths": (
        "outs, _ = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)\nfound = outs[:, -1]",
        ["RNN401"],
    ),
    "the last of both ways, with lengths": (
        "outs, _ = tf.nn.bidirectional_dynamic_rnn(cell, other, x, lengths, dtype=tf.float32)\n"
        "found = tf.concat(outs, 2)[:, -1]",
        ["RNN401"],
    ),
    "each last output gathered": (
        "outs, _ = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)\n"
        "found = tf.gather_nd(outs, [[row, length - 1] for row, length in enumerate(lengths)])",
        [],
    ),
    "outputs before the padding": (
        "outs, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\nfound = outs[:, :3]",
        [],
    ),
    "both ways": (
        "outs, _ = tf.nn.bidirectional_dynamic_rnn(cell, other, x, dtype=tf.float32)\nfound = outs[1][:, :3]",
        ["RNN301"],
    ),
    "both ways, with lengths": (
        "outs, _ = tf.nn.bidirectional_dynamic_rnn(cell, other, x, lengths, dtype=tf.float32)\nfound = outs[1][:, :3]",
        [],
    ),
    "static": ("_, found = tf.nn.static_rnn(cell, steps, dtype=tf.float32)", ["RNN301"]),
    "static, with lengths": (
        "_, found = tf.nn.static_rnn(cell, steps, dtype=tf.float32, sequence_length=lengths)",
        [],
    ),
    "the last output gathered from turned outputs, with lengths": (
        "outs, _ = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)\n"
        "turned = tf.transpose(outs, [1, 0, 2])\nfound = tf.gather(turned, int(turned.shape[0]) - 1)",
        ["RNN401"],
    ),
    "the last of unstacked outputs, with lengths": (
        "outs, _ = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)\nfound = tf.unstack(outs, axis=1)[-1]",
        ["RNN401"],
    ),
    "the last of flat outputs, with lengths": (
        "outs, _ = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)\n"
        "steps = tf.shape(outs)[1]\n"
        "found = tf.gather(tf.reshape(outs, [-1, 4]), tf.range(len(texts)) * steps + (steps - 1))",
        ["RNN401"],
    ),
    "each last of flat outputs": (
        "outs, _ = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)\n"
        "steps = tf.shape(outs)[1]\n"
        "found = tf.gather(tf.reshape(outs, [-1, 4]), tf.range(len(texts)) * steps + (tf.constant(lengths) - 1))",
        [],
    ),
    "attention over the outputs": (
        "outs, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\n"
        "weights = tf.nn.softmax(tf.reduce_sum(tf.tanh(outs), 2, keepdims=True), axis=1)\n"
        "found = tf.reduce_sum(outs * weights, 1)",
        ["RNN301"],
    ),
    "attention over the outputs that are no padding": (
        "outs, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\n"
        "far = (1 - tf.sequence_mask(lengths, dtype=tf.float32)[:, :, None]) * -1e9\n"
        "weights = tf.nn.softmax(tf.reduce_sum(tf.tanh(outs), 2, keepdims=True) + far, axis=1)\n"
        "found = tf.reduce_sum(outs * weights, 1)",
        [],
    ),
    "the first of reversed outputs, with lengths": (
        "outs, _ = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)\nfound = tf.reverse(outs, [1])[:, 0]",
        ["RNN401"],
    ),
    "the first of outputs reversed by their lengths": (
        "outs, _ = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)\n"
        "found = tf.reverse_sequence(outs, lengths, seq_axis=1)[:, 0]",
        [],
    ),
    "a slice of the last step, with lengths": (
        "outs, _ = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)\n"
        "found = tf.slice(outs, [0, tf.shape(outs)[1] - 1, 0], [-1, 1, -1])[:, 0]",
        ["RNN401"],
    ),
    "the last output of a list, with lengths": (
        "outs, _ = tf.nn.static_rnn(cell, steps, dtype=tf.float32, sequence_length=lengths)\nfound = outs[-1]",
        ["RNN401"],
    ),
}

# The padding comes first in these: what the advice says makes it come last.
FIRST = LEGACY.replace(', padding="post"', "")

FOLLOWED_RUNNERS = {
    "exclude the padding from the pooling": (
        LEGACY,
        "outs, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\n"
        "mask = tf.sequence_mask(lengths, dtype=tf.float32)[:, :, None]\n"
        "found = tf.reduce_sum(outs * mask, 1) / tf.reduce_sum(mask, 1)",
    ),
    "pad at the end and pass the lengths": (
        LEGACY,
        "_, found = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)",
    ),
    "pass the lengths and use the final state as the last output": (
        LEGACY,
        "outs, found = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)",
    ),
}


def runner(text: str, frame: str = LEGACY) -> str:
    return frame.format(model="\n".join(f"        {row}" for row in text.split("\n")))


PROGRAMS = {
    **{name: (KERAS.format(model=model), codes) for name, (model, codes) in LAYERS.items()},
    **{f"{name}, of a runner": (runner(text), codes) for name, (text, codes) in RUNNERS.items()},
    "padded first, of a runner": (runner("_, found = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)", FIRST), ["RNN301"]),
    **{name: (frame.format(model=model), codes) for name, (frame, model, codes) in OTHERS.items()},
    **{f"advice: {name}": (KERAS.format(model=model), []) for name, model in FOLLOWED.items()},
    **{f"advice: {name}": (runner(text, frame), []) for name, (frame, text) in FOLLOWED_RUNNERS.items()},
}


def fixed(program: str) -> str:
    """A program after all of its fixes, those that change results too."""
    offered = compatible([one for one in found_in(program) if is_offered(one, unsafe=True)])
    return edited(program.encode(), "program.py", edits_of(offered)).decode()


def found_in(program: str) -> Sequence[Finding]:
    settings = Settings(select=("RNN301", "RNN303", "RNN401"))
    return engine.check_bytes(program.encode(), "program.py", settings, engine.Project()).findings


MENDED = {name: after for name, (program, _) in PROGRAMS.items() if (after := fixed(program)) != program}


@pytest.fixture(scope="module")
def differences() -> dict[str, float]:
    """How far each program's padded rows are from the same rows alone; those that were mended come after "mended"."""
    programs = {name: program for name, (program, _) in PROGRAMS.items()}
    programs |= {f"mended: {name}": program for name, program in MENDED.items()}
    return {
        name: max(abs(a - b) for of, alone in zip(rows[:2], rows[2:]) for a, b in zip(of, alone))
        for name, rows in zip(programs, computed([*programs.values()]))
    }


@pytest.mark.parametrize("name", PROGRAMS)
def test_padding_counts_just_where_a_finding_says_so(name: str, differences: dict[str, float]) -> None:
    program, codes = PROGRAMS[name]
    assert [finding.code for finding in found_in(program)] == codes
    assert differences[name] > FAR if codes else differences[name] < ROUNDING


def test_there_are_fixes() -> None:
    assert len(MENDED) > 3


@pytest.mark.parametrize("name", MENDED)
def test_after_its_fix_padding_does_not_count(name: str, differences: dict[str, float]) -> None:
    assert found_in(MENDED[name]) == []
    assert differences[f"mended: {name}"] < ROUNDING
