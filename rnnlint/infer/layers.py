"""Which time axis does a Keras layer see, and which does it give?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.infer.domain import UNKNOWN, Abstract, Other, Tensor
from rnnlint.infer.frames import Frame
from rnnlint.resolve.module import Module
from rnnlint.resolve.values import Instance, Made

if TYPE_CHECKING:
    from rnnlint.infer.evaluate import Evaluator
    from rnnlint.infer.tensors import Arguments


def is_keras(path: str) -> bool:
    """Whether a path lies in Keras, whichever way it is spelled."""
    return path.startswith(("keras.", "tf.keras.", "tf_keras.", "tf.python.keras.", "tf.compat.v1.keras."))


def constructed(arguments: Arguments, path: str, leaf: str) -> Abstract:
    """The object that a Keras class or function gives."""
    from rnnlint.infer.tensors import shape_from

    if leaf == "Input":
        batch = arguments.value(None, "batch_shape")
        if batch is not None:
            return shape_from(batch)
        shape = shape_from(arguments.value(0, "shape"))
        return shape if shape.shape is None else Tensor((UNKNOWN, *shape.shape))
    return Other(Made(path, arguments.call, arguments.module), arguments.frame)


def applied(evaluator: Evaluator, made: Made | Instance, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
    """What calling a layer or model gives."""
    return UNKNOWN
