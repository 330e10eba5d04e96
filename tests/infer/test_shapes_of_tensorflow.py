"""Is the inferred static shape the one in TensorFlow? Expressions whose shapes were measured."""

from __future__ import annotations

import re
from typing import Any

import pytest
from shapes_of_tensorflow import NOT_TOLD, TOLD, A

from rnnlint.engine import Project
from rnnlint.infer.libraries import evaluator
from rnnlint.infer.values.domain import Int, Tensor
from rnnlint.read.source import from_text


def written(expression: str) -> str:
    return re.sub(r"\bA\b", A, expression)


def told(expression: str) -> list[int | None] | None:
    """One number for each axis, None for an unknown one; None if the rank is unknown."""
    text = f"import numpy as np\nimport tensorflow as tf\n{written(expression)}\n"
    module = Project().open(from_text(text, "model.py"))
    value = evaluator().query(module.source.tree.body[-1].value, module)  # type: ignore[attr-defined]
    if not isinstance(value, Tensor) or value.shape is None:
        return None
    return [axis.exact if isinstance(axis, Int) else None for axis in value.shape]


@pytest.mark.parametrize("expression", TOLD)
def test_a_shape_is_reported_as_tensorflow_gives_it(expression: str) -> None:
    assert told(expression) == TOLD[expression]


@pytest.mark.parametrize("expression", NOT_TOLD)
def test_what_is_reported_of_others_is_true(expression: str) -> None:
    shape, real = told(expression), NOT_TOLD[expression]
    assert shape != real
    if shape is not None:
        assert len(shape) == len(real)
        assert all(axis in (None, size) for axis, size in zip(shape, real))


@pytest.mark.tensorflow
def test_the_shapes_are_those_of_tensorflow() -> None:
    import numpy as np
    import tensorflow as tf

    names: dict[str, Any] = {"np": np, "tf": tf}
    for expression, real in {**TOLD, **NOT_TOLD}.items():
        if "placeholder" in expression or "get_variable" in expression:
            with tf.Graph().as_default():
                shape = eval(written(expression), names).shape
        else:
            shape = eval(written(expression), names).shape
        assert [int(size) for size in shape] == real, expression
