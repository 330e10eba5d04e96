"""How many steps does a call unroll? Small programs, each with the length that a careful reader would find."""

import textwrap

import pytest

from rnnlint.engine import Project, check_source
from rnnlint.infer.libraries import evaluator
from rnnlint.infer.unrolls import static_runners
from rnnlint.infer.values.domain import Int
from rnnlint.read.source import from_text
from rnnlint.settings import Settings


def lengths(text: str, filename: str = "model.py", project: Project | None = None) -> list[Int]:
    """The lengths of all unrolling calls of a program."""
    module = (project or Project()).open(from_text(textwrap.dedent(text), filename))
    return [found.length for found in static_runners.find(evaluator(), module, (2, 21))]


def length_of(inputs: str, before: str = "") -> Int:
    """The length of a static_rnn over an expression, at module level after some lines."""
    before = textwrap.dedent(before)
    (found,) = lengths(f"import tensorflow as tf\n{before}\ntf.nn.static_rnn(cell, {inputs})\n")
    return found


@pytest.mark.parametrize(
    ("inputs", "steps"),
    [
        ("[x] * 7", 7),
        ("7 * [x]", 7),
        ("[x, y, z]", 3),
        ("[x] + [y] * 3", 4),
        ("([x] * 10)[2:]", 8),
        ("([x] * 10)[:-1]", 9),
        ("([x] * 10)[::3]", 4),
        ("[x[:, t] for t in range(12)]", 12),
        ("[x[:, t] for t in range(2, 12, 3)]", 4),
        ("list(x[:, t] for t in range(5))", 5),
        ("[f(t) for t, _ in enumerate(range(6))]", 6),
        ("[f(a, b) for a, b in zip(range(6), range(4))]", 4),
        ("[f(t) for t in reversed(range(6))]", 6),
        ("[f(a, b) for a in range(3) for b in range(4)]", 12),
        ("[x] * (2 ** 5)", 32),
        ("[x] * (100 // 7)", 14),
        ("[x] * (100 % 7)", 2),
        ("[x] * max(3, 8)", 8),
        ("[x] * min([3, 8])", 3),
        ("[x] * abs(-4)", 4),
        ("[x] * len([1, 2, 3])", 3),
        ("[x] * int(4.0)", 4),
        ("[x] * int('12')", 12),
        ("tf.unstack(x, 9, 1)", 9),
        ("tf.unpack(x, num=9)", 9),
        ("tf.split(x, 8, 1)", 8),
        ("tf.split(0, 8, x)", 8),
        ("tf.split(value=x, num_or_size_splits=[1, 2, 3], axis=1)", 3),
        ("[tf.squeeze(t, [1]) for t in tf.split(x, 11, 1)]", 11),
        ("tf.unstack(tf.zeros([4, 6, 8]), axis=1)", 6),
        ("tf.unstack(tf.zeros([4, 6, 8]), axis=-2)", 6),
        ("tf.unstack(tf.transpose(tf.zeros([4, 6, 8]), [1, 0, 2]))", 6),
        ("tf.unstack(tf.reshape(x, [-1, 15, 8]), axis=1)", 15),
        ("tf.unstack(tf.reshape(tf.zeros([4, 6, 8]), [4, -1]), axis=1)", 48),
        ("tf.unstack(tf.expand_dims(tf.zeros([6, 8]), 0), axis=1)", 6),
        ("tf.unstack(tf.concat([tf.zeros([2, 3, 4]), tf.zeros([2, 5, 4])], 1), axis=1)", 8),
        ("tf.unstack(tf.concat(1, [tf.zeros([2, 3, 4]), tf.zeros([2, 5, 4])]), axis=1)", 8),
        ("tf.unstack(tf.cast(tf.zeros([2, 3, 4]), tf.float64), axis=1)", 3),
        ("tf.unstack(tf.nn.embedding_lookup(table, tf.placeholder(tf.int32, [None, 21])), axis=1)", 21),
        ("tf.unstack(tf.placeholder(tf.float32, shape=(None, 17, 3)), axis=1)", 17),
        ("tf.unstack(tf.keras.Input(shape=(19, 3)), axis=1)", 19),
        ("tf.unstack(tf.stack([tf.zeros([2]), tf.zeros([2]), tf.zeros([2])]), axis=0)", 3),
        ("tf.unstack(tf.zeros([4, 6, 8])[:, :4], axis=1)", 4),
    ],
)
def test_an_expression_has_its_length(inputs: str, steps: int) -> None:
    assert length_of(inputs).exact == steps


@pytest.mark.parametrize(
    ("before", "inputs", "steps"),
    [
        ("N = 30", "[x] * N", 30),
        ("N = 30\nN = 40", "[x] * N", 40),
        ("RATE, HOP = 16000, 160", "[x] * (2 * RATE // HOP)", 200),
        ("N = 5\nN += 2", "[x] * N", 7),
        ("CONFIG = {'steps': 33}", "[x] * CONFIG['steps']", 33),
        ("CONFIG = dict(steps=33)", "[x] * CONFIG['steps']", 33),
        ("CONFIG = {'steps': 33}", "[x] * CONFIG.get('steps', 1)", 33),
        ("class Config:\n    steps = 44", "[x] * Config.steps", 44),
        ("class Config:\n    steps = 44", "[x] * Config().steps", 44),
        ("class Config:\n    def __init__(self):\n        self.steps = 45", "[x] * Config().steps", 45),
        ("class Config:\n    def __init__(self, n):\n        self.steps = n", "[x] * Config(46).steps", 46),
        ("class Base:\n    steps = 47\nclass Config(Base):\n    pass", "[x] * Config().steps", 47),
        (
            "class Config:\n    n = 4\n    @property\n    def steps(self):\n        return self.n * 2",
            "[x] * Config().steps",
            8,
        ),
        ("import dataclasses\n@dataclasses.dataclass\nclass C:\n    steps: int = 48", "[x] * C().steps", 48),
        ("import dataclasses\n@dataclasses.dataclass\nclass C:\n    steps: int = 48", "[x] * C(steps=9).steps", 9),
        ("from typing import NamedTuple\nclass C(NamedTuple):\n    a: int\n    steps: int", "[x] * C(1, 49).steps", 49),
        ("import collections\nC = collections.namedtuple('C', 'a steps')", "[x] * C(1, 50).steps", 50),
        ("def steps():\n    return 51", "[x] * steps()", 51),
        ("def twice(n):\n    return 2 * n", "[x] * twice(26)", 52),
        ("def f(n=53):\n    return [x] * n", "f()", 53),
        ("def f(n=53):\n    return [x] * n", "f(n=54)", 54),
        ("xs = []\nfor t in range(55):\n    xs.append(x[t])", "xs", 55),
        ("xs = [go]\nfor t in range(4):\n    xs.append(x[t])\nxs.append(end)", "xs", 6),
        ("xs = []\nxs.extend([a, b])", "xs", 2),
        ("FLAGS = tf.app.flags.FLAGS\ntf.app.flags.DEFINE_integer('steps', 56, 'n')", "[x] * FLAGS.steps", 56),
        ("from absl import flags\nflags.DEFINE_integer('steps', 57, 'n')", "[x] * flags.FLAGS.steps", 57),
        (
            "import argparse\np = argparse.ArgumentParser()\np.add_argument('--num-steps', type=int, default=58)\n"
            "args = p.parse_args()",
            "[x] * args.num_steps",
            58,
        ),
        ("hp = tf.contrib.training.HParams(steps=59, units=2)", "[x] * hp.steps", 59),
        ("import os\nN = int(os.environ.get('STEPS', '60'))", "[x] * N", 60),
        ("a, (b, c) = 1, (2, 61)", "[x] * c", 61),
        ("from types import SimpleNamespace\nhp = SimpleNamespace(steps=62)", "[x] * hp.steps", 62),
        ("config = Config = type('C', (), {})\nconfig.steps = 63", "[x] * config.steps", 63),
        ("N = None\nif N is None:\n    N = 64", "[x] * N", 64),
    ],
)
def test_a_value_is_followed_to_where_it_is_written(before: str, inputs: str, steps: int) -> None:
    assert length_of(inputs, before).default == steps


@pytest.mark.parametrize(
    ("before", "inputs"),
    [
        ("", "xs"),
        ("", "tf.unstack(x, axis=1)"),
        ("", "tf.unstack(x, n, 1)"),
        ("if steps > 5:\n    n = 30\nelse:\n    n = 500", "[x] * n"),
        ("for n in data:\n    pass", "[x] * n"),
        ("n = 0\nwhile more():\n    n += 1", "[x] * n"),
        ("xs = []\nwhile more():\n    xs.append(x)", "xs"),
        ("xs = []\nfor t in range(5):\n    if ok(t):\n        xs.append(t)", "xs"),
        ("xs = []\nfor t in range(5):\n    if ok(t):\n        break\n    xs.append(t)", "xs"),
        ("xs = [a, b]\nxs.clear()", "xs"),
        ("", "[f(t) for t in range(9) if ok(t)]"),
        ("n = 10 ** 10 ** 10", "[x] * n"),
        ("n = 5 / 2", "[x] * n"),
        ("n = input()", "[x] * n"),
        ("def f(n):\n    return f(n + 1)", "[x] * f(1)"),
        ("def f():\n    return g()\ndef g():\n    return f()", "[x] * f()"),
        ("x = x", "[x] * x"),
    ],
)
def test_what_the_code_does_not_settle_is_unknown(before: str, inputs: str) -> None:
    assert length_of(inputs, before).default is None


def test_branches_that_disagree_give_their_range() -> None:
    found = length_of("[x] * n", "if steps > 5:\n    n = 30\nelse:\n    n = 500")
    assert (found.low, found.high, found.default) == (30, 500, None)


def test_a_config_class_chosen_by_a_flag_has_the_flags_default_and_the_range_of_all() -> None:
    found = length_of(
        "[x] * get_config().num_steps",
        """
        flags = tf.flags
        flags.DEFINE_string("model", "small", "which")
        FLAGS = flags.FLAGS
        class Small: num_steps = 20
        class Large: num_steps = 35
        class Tiny: num_steps = 2
        def get_config():
            if FLAGS.model == "small":
                return Small()
            elif FLAGS.model == "large":
                return Large()
            elif FLAGS.model == "tiny":
                return Tiny()
            else:
                raise ValueError(FLAGS.model)
        """,
    )
    assert found.default == 20


def test_the_twin_that_samples_step_by_step_leaves_the_default() -> None:
    (found,) = lengths(
        """
        import argparse
        import tensorflow as tf

        class Model:
            def __init__(self, args, training=True):
                if not training:
                    args.steps = 1
                inputs = tf.split(x, args.steps, 1)
                tf.nn.static_rnn(cell, inputs)

        parser = argparse.ArgumentParser()
        parser.add_argument("--steps", type=int, default=80)
        args = parser.parse_args()
        Model(args)
        Model(load(), training=False)
        """
    )
    assert found.default == 80
    assert found.low <= 1


def test_callers_that_disagree_settle_nothing() -> None:
    (found,) = lengths(
        """
        import tensorflow as tf
        def build(n):
            tf.nn.static_rnn(cell, [x] * n)
        build(5)
        build(10)
        """
    )
    assert (found.low, found.high, found.default) == (5, 10, None)


def test_a_call_in_a_test_does_not_decide() -> None:
    (found,) = lengths(
        """
        import tensorflow as tf
        def build(n):
            tf.nn.static_rnn(cell, [x] * n)
        def self_test():
            build(3)
        def main():
            build(70)
        """
    )
    assert found.exact == 70


def test_callers_are_found_in_other_modules_of_the_project(tmp_path) -> None:
    (tmp_path / "train.py").write_text("import model\nSTEPS = 90\nmodel.build(STEPS)\n")
    text = "import tensorflow as tf\ndef build(n):\n    tf.nn.static_rnn(cell, [x] * n)\n"
    (tmp_path / "model.py").write_text(text)
    (found,) = lengths(text, str(tmp_path / "model.py"))
    assert found.exact == 90
    assert [(where.module.filename, where.node.lineno) for where in found.origin] == [(str(tmp_path / "train.py"), 2)]


def test_constants_are_found_in_other_modules_also_through_stars(tmp_path) -> None:
    (tmp_path / "settings.py").write_text("STEPS = 91\n")
    text = "import tensorflow as tf\nfrom settings import *\ntf.nn.static_rnn(cell, [x] * STEPS)\n"
    (found,) = lengths(text, str(tmp_path / "model.py"))
    assert found.exact == 91


def test_the_largest_bucket_is_the_length_of_a_model_with_buckets() -> None:
    text = """
        import tensorflow as tf
        _buckets = [(5, 10), (40, 50)]
        def f(encoder_inputs, decoder_inputs):
            return tf.nn.seq2seq.basic_rnn_seq2seq(encoder_inputs, decoder_inputs, cell)
        tf.nn.seq2seq.model_with_buckets(e, d, t, w, _buckets, lambda x, y: f(x, y))
        """
    assert [found.exact for found in lengths(text)] == [50, 50]


def test_an_encoder_with_a_decoder_counts_the_longer_of_the_two() -> None:
    (found,) = lengths(
        "import tensorflow as tf\ntf.contrib.legacy_seq2seq.embedding_rnn_seq2seq([x] * 30, [y] * 20, cell, 9, 9, 4)\n"
    )
    assert found.exact == 30


@pytest.mark.parametrize(
    "text",
    [
        "n0 = 1\n" + "".join(f"n{i + 1} = n{i}\n" for i in range(10_000)) + "STEPS = n10000\n",
        "STEPS = 1\n" + "STEPS = STEPS + 1\n" * 5_000,
        "STEPS = len([0] * 10**12)\n",
        "STEPS = " + "(" * 90 + "1" + ")" * 90 + "\n",
        "STEPS = " + " + ".join(["1"] * 900) + "\n",
    ],
)
def test_a_query_is_bounded_whatever_the_input(text: str) -> None:
    lengths(f"import tensorflow as tf\n{text}\ntf.nn.static_rnn(cell, [x] * STEPS)\n")


@pytest.mark.parametrize(("calls", "is_over"), [(1, False), (10, True)])
def test_it_is_told_where_values_are_left_unknown_because_they_take_too_long(calls: int, is_over: bool) -> None:
    branches = "".join(f"    if n == {number}:\n        return {number}\n" for number in range(300))
    runs = "".join(f"tf.nn.static_rnn(cell, [x] * pick({number}))\n" for number in range(calls))
    source = from_text(f"import tensorflow as tf\ndef pick(n):\n{branches}\n{runs}", "model.py")
    assert check_source(source, Settings(), Project()).is_over_budget is is_over


def test_a_signature_declares_what_a_function_is_given() -> None:
    (found,) = lengths(
        """
        import tensorflow as tf
        @tf.function(input_signature=[tf.TensorSpec([None, 25, 8]), tf.TensorSpec([None])])
        def run(x, n):
            tf.compat.v1.nn.static_rnn(cell, tf.unstack(x, axis=1))
        """
    )
    assert found.exact == 25


def test_named_specs_of_a_class_declare_what_a_framework_passes_to_its_method() -> None:
    (found,) = lengths(
        """
        import tensorflow as tf
        from types import SimpleNamespace
        param = SimpleNamespace()
        param.steps = 50
        class Model(ModelDesc):
            def inputs(self):
                return [tf.TensorSpec((None, param.steps), tf.int32, "x"), tf.TensorSpec((None,), tf.int32, "y")]
            def build_graph(self, x, y):
                tf.contrib.rnn.static_rnn(cell, tf.unstack(tf.one_hot(x, 9), axis=1))
        """
    )
    assert found.exact == 50
