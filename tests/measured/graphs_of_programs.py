"""What do programs of TensorFlow 1 compute, with which variables? Each runs in a process of its own.

A program defines ``build(x)``: a list of tensors made from a placeholder of shape (batch 2, 5 time steps, 3). One of
several files is given as a folder with a ``program.py``. As a program this reads a JSON list of
``[source or folder, with old names]`` and prints what each came to, or the error it raised.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple


class Result(NamedTuple):
    """What a program came to."""

    error: str
    values: list[list[float]]
    """Outputs, states, gradients by variable."""
    variables: list[list[Any]]
    """Name, shape and type of each."""


def results_of(programs: Sequence[tuple[str, bool]], **environment: str) -> list[Result]:
    """The results of programs, each with or without the names that TensorFlow 1 had."""
    done = subprocess.run(
        [sys.executable, __file__],
        input=json.dumps(programs),
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return [Result(*one) for one in json.loads(done.stdout.splitlines()[-1])]


def _run_all() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    programs = json.load(sys.stdin)
    import tensorflow  # noqa: F401

    print(json.dumps([_in_child(source, old) for source, old in programs]))


def _in_child(source: str, old: bool) -> list[Any]:
    """Importing one module of TensorFlow changes what other names are: no program may see another's imports."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            found = _run(source, old)
        except BaseException as error:
            found = [f"{type(error).__name__}: {error}", [], []]
        with os.fdopen(writing, "w") as stream:
            json.dump(found, stream)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        text = stream.read()
    os.waitpid(child, 0)
    return json.loads(text)


def _run(source: str, old: bool) -> list[Any]:
    if old:
        sys.path.insert(0, str(Path(__file__).parent))
        import old_names

        old_names.install()
    import numpy as np
    import tensorflow

    tf = tensorflow.compat.v1
    data = np.random.RandomState(0).normal(size=(2, 5, 3)).astype("float32")
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        x = tf.placeholder(tf.float32, [2, 5, 3])
        names: dict[str, Any] = {}
        if os.path.isabs(source):
            sys.path.insert(0, source)
            source = Path(source, "program.py").read_text(encoding="utf-8")
        exec(compile(source, "program.py", "exec"), names)
        built = [one for one in tensorflow.nest.flatten(names["build"](x)) if one is not None]
        variables = tf.global_variables()
        total = tf.add_n([tf.reduce_sum(tf.square(tf.cast(one, tf.float32))) for one in built])
        slopes = [one for one in tf.gradients(total, variables) if one is not None]
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            # Kernels begin at random, from a seed that counts the operations of the graph; biases do not.
            biases = session.run([one for one in variables if "bias" in one.name])
            for one in variables:
                values = np.random.RandomState(zlib.crc32(one.name.encode())).normal(size=one.shape.as_list())
                one.load(values.astype(one.dtype.as_numpy_dtype), session)
            values = [*biases, *session.run([*built, *slopes], {x: data})]
        described = [[one.name, one.shape.as_list(), one.dtype.base_dtype.name] for one in variables]
    return ["", [np.asarray(one, "float64").reshape(-1).tolist() for one in values], described]


if __name__ == "__main__":
    _run_all()
