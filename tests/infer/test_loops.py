"""Which loops run over time, and how often? Small programs; the fixtures in `loops` show whole ones."""

import textwrap
import time

import pytest

from rnnlint import engine
from rnnlint.finding import Finding
from rnnlint.infer.libraries import evaluator
from rnnlint.infer.loops import time_loops
from rnnlint.infer.loops.time_loops import TimeLoop
from rnnlint.read.source import from_text
from rnnlint.settings import from_mapping

HEAD = """
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 30, 8])
cell = tf.nn.rnn_cell.LSTMCell(16)
state, outputs = cell.zero_state(4, tf.float32), []
"""


def found(text: str) -> list[TimeLoop]:
    """The time loops of a program."""
    module = engine.Project().open(from_text(textwrap.dedent(text), "model.py"))
    return list(time_loops.find(evaluator(), module, (2, 21), 3))


def findings(text: str, **options: object) -> list[Finding]:
    """The findings of the two rules about loops."""
    settings = from_mapping({"select": ["RNN203", "RNN206"], **options}, "test")
    source = from_text(textwrap.dedent(text), "model.py")
    return engine.check_source(source, settings, engine.Project()).findings


def after_head(lines: str) -> list[TimeLoop]:
    """The time loops of lines that follow a placeholder, a cell and its state."""
    return found(HEAD + textwrap.dedent(lines))


@pytest.mark.parametrize(
    ("header", "given", "steps"),
    [
        ("for t in range(12)", "x[:, t]", 12),
        ("for t in range(2, 12, 3)", "x[:, t]", 4),
        ("for t in range(9, -1, -1)", "x[:, t]", 10),
        ("for t in range(x.shape[1])", "x[:, t]", 30),
        ("for t in range(int(x.get_shape()[1]))", "x[:, t]", 30),
        ("for x_t in tf.unstack(x, axis=1)", "x_t", 30),
        ("for x_t in tf.split(x, 6, 1)", "x_t", 6),
        ("for t, x_t in enumerate(tf.unstack(x, axis=1))", "x_t", 30),
        ("for x_t, y_t in zip(tf.unstack(x, axis=1), range(7))", "x_t", 7),
        ("for x_t in reversed(tf.unstack(x, axis=1))", "x_t", 30),
        ("for x_t in [x, x, x]", "x_t", 3),
        ("for x_t in steps_of(x)", "x_t", None),
        ("for t in range(length_of(x))", "x[:, t]", None),
    ],
)
def test_the_length_of_a_for_is_that_of_what_it_iterates(header: str, given: str, steps: "int | None") -> None:
    (loop,) = after_head(f"{header}:\n    out, state = cell({given}, state)\n")
    assert loop.length.default == steps


@pytest.mark.parametrize(
    ("before", "test", "step", "passes"),
    [
        ("t = 0", "t < 10", "t += 1", 10),
        ("t = 0", "t <= 10", "t += 1", 11),
        ("t = 3", "t < 10", "t += 2", 4),
        ("t = 3", "10 > t", "t = t + 2", 4),
        ("t = 1", "10 >= t", "t = 3 + t", 4),
        ("t = 0", "t != 10", "t += 1", 10),
        ("t = 0", "t != 10", "t += 3", None),
        ("t = 20", "t < 10", "t += 1", "none"),
        ("t = start()", "t < 10", "t += 1", None),
        ("t = 0", "t < 10", "t += step", None),
        ("t = 0", "t < 10", "t -= 1", None),
        ("t = 0", "t < 10 and go()", "t += 1", None),
        ("t, n = 0, 10", "t < n", "t += 1; n += 1", None),
        ("t = 0", "t < 10", "t += 1; t += 1", None),
        ("t = 0", "t < 10", "t += 1\n    if t == 5: break", None),
        ("t = 0", "True", "t += 1\n    if t == 5: break", None),
    ],
)
def test_the_length_of_a_while_is_known_for_a_counter(before: str, test: str, step: str, passes: object) -> None:
    text = f"{before}\nwhile {test}:\n    out, state = cell(x[:, t], state)\n    outputs.append(out)\n    {step}\n"
    loops_found = after_head(text)
    if passes == "none":
        assert loops_found == []
    else:
        assert [loop.length.default for loop in loops_found] == [passes]


@pytest.mark.parametrize(
    "body",
    [
        "out, state = cell(x[:, t], state)",
        "(out, state) = cell(x[:, t, :], state, scope)",
        "out, state = cell(inputs=x[:, t], state=state)",
        "out, new = cell(x[:, t], state); state = new",
        "out, new = cell(x[:, t], state); state = tf.where(mask, new, state)",
        "state = cell(x[:, t], state)[1]",
        "both = cell(x[:, t], state); state = both[1]",
        "out, model.state = cell(x[:, t], model.state)",
        "out, new = cell(x[:, t], states[-1]); states.append(new)",
        "outs[t], states[t] = cell(x[:, t], states[t - 1])",
        "states += [cell(x[:, t], states[-1])[1]]",
        "inp = x[:, t] if t else first; out, state = cell(inp, state)",
        "out, state = tf.cond(done, lambda: (out, state), lambda: cell(x[:, t], state))",
        "with tf.variable_scope('cell', reuse=t > 0): out, state = cell(x[:, t], state)",
        "out, state = cell.call(x[:, t], state)",
        "out, state = self.decoder_cell(x[:, t], state)",
        "out, state = cells[0](x[:, t], state)",
        "out, state = tf.nn.static_rnn(cell, [x[:, t]], state)",
        "outputs.append(cell(x[:, t], state)[0])",
    ],
)
def test_a_state_that_is_passed_on_makes_a_time_loop(body: str) -> None:
    assert [loop.length.default for loop in after_head(f"for t in range(5):\n    {body}\n")] == [5]


@pytest.mark.parametrize(
    "text",
    [
        "for t in range(5): out, _ = cell(x[t], states[t])",
        "for t in range(5): out, new = cell(x[t], state); outputs.append(out)",
        "for t in range(5): x, state = cell(x, state)",
        "for layer in range(5): x, state = cell(x, state); outputs.append(x)",
        "for i in range(num_layers): x, state = cell(x, state); outputs.append(x)",
        "for i in range(len(layers)): x, state = cell(x, state); outputs.append(x)",
        "for i, one in enumerate(cells): x, state = one(x, state); outputs.append(x)",
        "for i in range(3): cell = cells[i]; x, state = cell(x, state); outputs.append(x)",
        "for t in range(5): out, state = cell(x[:, t], state); session.run(out)",
        "for t in range(5): out, state = combine(x[:, t], state)",
        "for t in range(5): out, state = tf.tuple(x[:, t], state)",
        "for t in range(5): out, state = cell(x[:, t])",
        "for t in range(0): out, state = cell(x[:, t], state)",
        "for t in range(5):\n    def step(x, state): return cell(x, state)",
        "for t in range(tf.shape(x)[1]): out, state = cell(x[:, t], state)",
        "for x_t in tf.transpose(x, [1, 0, 2]): out, state = cell(x_t, state)",
        "for out in cell(x, state): outputs.append(out)",
        "outputs = [cell(part, state) for part in parts]",
        "outputs = [cell(x[t], states[t]) for t in range(5)]",
        "outputs = [one(x[:, t], state) for t, one in enumerate(cells)]",
    ],
)
def test_other_loops_are_none_over_time(text: str) -> None:
    assert after_head(text + "\n") == []


@pytest.mark.parametrize(
    ("decorator", "loop", "copies"),
    [
        ("", "range(9)", 0),
        ("@tf.function", "range(9)", 1),
        ("@tf.function(jit_compile=True)", "range(9)", 1),
        ("@tf.function", "tf.range(9)", 0),
        ("@tf.function(autograph=False)", "range(9)", 1),
        ("@functools.cache", "range(9)", 0),
    ],
)
def test_a_keras_cell_is_copied_where_a_graph_is_built(decorator: str, loop: str, copies: int) -> None:
    text = f"""
    import functools
    import tensorflow as tf
    cell = tf.keras.layers.GRUCell(8)
    {decorator}
    def run(x, state):
        for t in {loop}:
            out, state = cell(x[:, t], state)
        return out
    """
    assert len(found(text)) == copies


@pytest.mark.parametrize(
    ("limit", "steps", "reported"),
    [(50, "50", False), (50, "51", True), (0, "1", True), (0, "n()", True), (1, "n()", False)],
)
def test_only_what_is_certainly_above_the_limit_is_reported_unless_no_unroll_is_wanted(
    limit: int, steps: str, reported: bool
) -> None:
    text = HEAD + f"for t in range({steps}):\n    out, state = cell(x[:, t], state)\n"
    assert bool(findings(text, **{"max-unroll": limit})) is reported


def test_a_finding_has_the_length_the_operations_and_the_place() -> None:
    text = HEAD + "STEPS = 60\nfor t in range(STEPS):\n    out, state = cell(x[:, t], state)\n"
    (finding,) = findings(text)
    assert (finding.row, finding.api, finding.unroll_length) == (8, "python-loop", 60)
    assert finding.graph_ops is not None
    assert f"60 copies of the cell into the graph (limit 50): about {finding.graph_ops:,} operations" in finding.message
    assert [origin.row for origin in finding.because] == [7]


@pytest.mark.parametrize(
    ("base", "target", "count"),
    [
        ("tf.keras.layers.Layer", "2.21", 1),
        ("tf.keras.layers.Layer", "2.16", 1),
        ("tf.keras.layers.Layer", "2.15", 0),
        ("keras.Model", "2.21", 1),
        ("tf_keras.Model", "2.21", 0),
        ("object", "2.21", 0),
    ],
)
def test_a_loop_over_a_tensor_is_reported_where_keras_3_refuses_it(base: str, target: str, count: int) -> None:
    text = f"""
    import keras, tf_keras
    import tensorflow as tf
    class Reader({base}):
        def call(self, x):
            for t in range(tf.shape(x)[1]):
                out, self.state = self.cell(x[:, t], self.state)
            return out
    """
    assert [f.code for f in findings(text, **{"target-tensorflow": target})] == ["RNN206"] * count


@pytest.mark.parametrize(
    "text",
    [
        "for t in range(10 ** 12):\n    out, state = cell(x[:, t], state)\n",
        "t = 0\nwhile t < 10 ** 12:\n    out, state = cell(x[:, t], state)\n    t += 1\n",
        "for t in t:\n    out, state = cell(state, t)\n    t = out\n",
        "for t in range(5):\n" + "    out, state = cell(x[:, t], state)\n" * 3000,
        "for t in range(5):\n    out, state = cell(x[:, t], state)\n" * 200,
        "for t in range(5):\n"
        + "".join(f"    a{i + 1} = a{i}\n" for i in range(1900))
        + "    out, a0 = cell(x, a1899)\n",
        "".join(" " * i + f"for t{i} in range(2):\n" for i in range(18)) + " " * 18 + "out, state = cell(x, state)\n",
        "out, state = " + "[" * 60 + "cell(x[:, t], state)" + " for t in range(2)]" * 60 + "\n",
    ],
    ids=[
        "huge range",
        "huge while",
        "self",
        "long body",
        "many loops",
        "long chain",
        "deep loops",
        "deep comprehensions",
    ],
)
def test_strange_code_takes_little_time(text: str) -> None:
    begin = time.perf_counter()
    after_head(text)
    assert time.perf_counter() - begin < 10
