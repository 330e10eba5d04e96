"""What do a program and its rewriting compute with the same weights? Each in a graph of its own, by Session.

As a program it reads JSON on standard input, and prints one object of lists of numbers: ``before`` keeps the variables
of each program in a file, ``after`` carries them over. TensorFlow is imported once for all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def run(side: str, programs: dict[str, str], folder: Path, forget_biases: dict[str, float]) -> dict[str, Any]:
    """The numbers of each program: outputs, gradients in the order of Keras, and the count of parameters."""
    asked = json.dumps({"programs": programs, "folder": str(folder), "forget_biases": forget_biases})
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(
        [sys.executable, __file__, side], input=asked, capture_output=True, text=True, timeout=900, check=False,
        env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _main() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    asked = json.load(sys.stdin)
    side = sys.argv[1]
    if side == "before":
        import old_names

        old_names.install()
    results = {}
    for number, (name, program) in enumerate(asked["programs"].items()):
        kept = Path(asked["folder"]) / f"{number}.npz"
        try:
            results[name] = (_before if side == "before" else _after)(
                program, kept, asked["forget_biases"].get(name, 1.0)
            )
        except Exception as error:
            results[name] = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(results))


def _built(program: str) -> Any:
    import numpy
    import tensorflow as tf

    v1 = tf.compat.v1
    numbers = numpy.random.RandomState(0)
    data = numbers.normal(size=[3, 6, 4]).astype("float32")
    x = v1.placeholder(tf.float32, [None, 6, 4])
    lengths = v1.placeholder(tf.int32, [None])
    names: dict[str, Any] = {}
    exec(compile(program, "program.py", "exec"), names)
    outputs = tf.nest.flatten(names["build"](x, lengths))
    variables = v1.trainable_variables()
    loss = sum(tf.reduce_sum(one * one) for one in outputs)
    gradients = [tf.convert_to_tensor(one) for one in tf.gradients(loss, variables)]
    return outputs, variables, gradients, {x: data, lengths: [6, 0, 3]}


def _session() -> Any:
    """A session that runs graphs as they are: each runs once or twice, and to make it faster would take longer."""
    import tensorflow as tf

    v1 = tf.compat.v1
    config = v1.ConfigProto()
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    config.graph_options.optimizer_options.opt_level = v1.OptimizerOptions.L0
    return v1.Session(config=config)


def _set(variables: list[Any], arrays: list[Any], session: Any) -> None:
    """Give the variables of a graph their numbers, all at once."""
    fed = {one.initializer.inputs[1]: array for one, array in zip(variables, arrays)}
    session.run([one.initializer for one in variables], fed)


def _before(program: str, kept: Path, forget_bias: float) -> dict[str, Any]:
    import numpy
    import tensorflow as tf

    v1 = tf.compat.v1
    numbers = numpy.random.RandomState(1)
    with v1.Graph().as_default(), _session() as session:
        outputs, variables, gradients, fed = _built(program)
        arrays = {
            one.op.name: numbers.normal(size=one.shape, scale=0.4).astype(one.dtype.as_numpy_dtype) for one in variables
        }
        _set(variables, list(arrays.values()), session)
        results, found = session.run([outputs, gradients], fed)
    numpy.savez(kept, **arrays)
    by_name = dict(zip(arrays, found))
    order = _carried(arrays, by_name, 0.0)
    return _told(results, order, arrays.values())


def _after(program: str, kept: Path, forget_bias: float) -> dict[str, Any]:
    import numpy
    import tensorflow as tf

    v1 = tf.compat.v1
    with numpy.load(kept) as archive:
        arrays = {name: archive[name] for name in archive.files}
    wanted = _carried(arrays, arrays, forget_bias)
    with v1.Graph().as_default(), _session() as session:
        outputs, variables, gradients, fed = _built(program)
        assert [tuple(one.shape) for one in variables] == [one.shape for one in wanted], (variables, wanted)
        _set(variables, wanted, session)
        results, found = session.run([outputs, gradients], fed)
    return _told(results, found, wanted)


def _carried(arrays: dict[str, Any], numbers: dict[str, Any], forget_bias: float) -> list[Any]:
    """The numbers that belong to the variables, in the order and the form that layers of Keras have them in."""
    from rnnlint.probe.weights.carrying import WEIGHTS, carried
    from rnnlint.probe.weights.cells import recognize

    order = list(arrays)
    cells = recognize({name: array.shape for name, array in arrays.items()})
    found = []
    for cell in cells:
        assert cell.keras_layer, cell
        sources = [source for one in cell.parts.values() for source in one.sources]
        parts = {role: numbers[one.sources[0]] for role, one in cell.parts.items()}
        carried_over = carried(cell, parts, forget_bias)
        found.append((order.index(sources[0]), sources, [carried_over[name] for name in WEIGHTS]))
    held = {source for _, sources, _ in found for source in sources}
    found += [(order.index(name), [name], [numbers[name]]) for name in order if name not in held]
    return [array for _, _, group in sorted(found, key=lambda one: one[0]) for array in group]


def _told(results: list[Any], gradients: list[Any], variables: Any) -> dict[str, Any]:
    import numpy

    return {
        "results": [numpy.asarray(one, "float64").reshape(-1).tolist() for one in results],
        "gradients": [numpy.asarray(one, "float64").reshape(-1).tolist() for one in gradients],
        "parameters": int(sum(one.size for one in variables)),
    }


if __name__ == "__main__":
    _main()
