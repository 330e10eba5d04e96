"""Which room evaluates a library's call, that of TensorFlow or that of Keras?"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from rnnlint.infer.keras import layer_calls, layers, masks
from rnnlint.infer.tensorflow import buckets, cells, datasets, declared_inputs, methods, model_functions, tensors
from rnnlint.infer.tensorflow.arguments import Arguments
from rnnlint.infer.values import evaluate
from rnnlint.infer.values.domain import Abstract, Dataset, RnnCell, Tensor, Where
from rnnlint.infer.values.frames import Frame, parameters
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.values import Instance, Made, Module, ProjectClass


def evaluator(keras: int = 3) -> evaluate.Evaluator:
    """An evaluator with TensorFlow and this generation of Keras."""
    return evaluate.Evaluator(_TensorFlowAndKeras(), keras)


class _TensorFlowAndKeras:
    """The answers of both rooms; see `interface.Libraries`."""

    def result(self, evaluator: Evaluator, path: str, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
        arguments = Arguments(evaluator, call, module, frame)
        cell = cells.made(arguments, path) if path.startswith(tensors.LIBRARIES) else None
        if cell is not None:
            return cell
        if layers.is_layer(path):
            return layer_calls.constructed(arguments, path, path.rsplit(".", 1)[-1])
        pipeline = datasets.result(arguments, path)
        return tensors.result(arguments, path) if pipeline is None else pipeline

    def applied(
        self, evaluator: Evaluator, made: Made | Instance, call: ast.Call, module: Module, frame: Frame | None
    ) -> Abstract:
        return layer_calls.applied(evaluator, made, call, module, frame)

    def of_class(self, own: ProjectClass) -> Abstract | None:
        # It derives from a library's cell class.
        return RnnCell() if cells.is_cell_class(own) else None

    def method(
        self,
        evaluator: Evaluator,
        base: Tensor | Dataset,
        name: str,
        call: ast.Call,
        module: Module,
        frame: Frame | None,
    ) -> Abstract:
        if isinstance(base, Dataset):
            return datasets.method(Arguments(evaluator, call, module, frame), base, name)
        return methods.result(evaluator, base, name, call, module, frame)

    def parameter(
        self, evaluator: Evaluator, function: ast.AST, own: ast.ClassDef | None, name: str, module: Module
    ) -> Abstract | None:
        if isinstance(function, (ast.FunctionDef, ast.Lambda)):
            names = parameters(function)
            bucket = buckets.given(evaluator, function, module, names.index(name)) if name in names else None
            if bucket is not None:
                return bucket
            options = model_functions.given(evaluator, function, module, name)
            if options is not None:
                return options
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return declared_inputs.given(evaluator, function, own, name, module)
        return None

    def binds(self, path: str) -> int | None:
        return model_functions.binds(path)

    def after_operation(
        self, made: Abstract, operands: Iterable[Abstract], name: str, at: Where, same_steps: bool | None = None
    ) -> Abstract:
        return masks.after_operation(made, operands, name, at, same_steps)
