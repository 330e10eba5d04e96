"""Does a loop run over a tensor of the graph? AutoGraph converts such a loop, or it raises; it does not unroll."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rnnlint.infer.keras import graph_code
from rnnlint.infer.keras.layer_calls import is_keras
from rnnlint.infer.values import loop_passes
from rnnlint.infer.values.domain import Tensor
from rnnlint.infer.values.frames import parameters
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.prospects import prospects_of
from rnnlint.resolve.scopes import Binding, FunctionNode, Scope
from rnnlint.resolve.values import External, Instance, Module, ProjectClass
from rnnlint.resolve.walking import below

_WRAPPERS = {"range", "xrange", "enumerate", "zip", "reversed", "list", "tuple", "iter", "int", "min", "max"}
_SCALARS = {"range", "shape", "size"}
_TENSOR_ATTRIBUTES = {"shape", "get_shape", "dtype"}
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Symbols:
    """Decides whether expressions of one scope are tensors of the graph.

    With ``sure``, every assignment that may have run must give a tensor; otherwise one is enough.
    """

    evaluator: Evaluator
    module: Module
    scope: Scope
    sure: bool

    def holds(self, node: ast.expr, depth: int = 0) -> bool:
        """Whether an iterated expression, a bound or a condition is a tensor."""
        if depth > DEEPEST:
            return False
        match node:
            case ast.Call():
                return self._call(node, depth)
            case ast.Name():
                return self._every_or_any(self._binding(b, depth) for b in self.module.bindings(node))
            case ast.Subscript(value=ast.Attribute(attr="shape")):
                return False
            case ast.Subscript() | ast.Starred():
                return self.holds(node.value, depth + 1)
            case ast.BinOp():
                return self._any([node.left, node.right], depth)
            case ast.UnaryOp():
                return self.holds(node.operand, depth + 1)
            case ast.Compare():
                return self._any([node.left, *node.comparators], depth)
            case ast.BoolOp():
                return self._any(node.values, depth)
        return False

    def _any(self, parts: Iterable[ast.expr], depth: int) -> bool:
        return any(self.holds(part, depth + 1) for part in parts)

    def _every_or_any(self, answers: Iterable[bool]) -> bool:
        found = list(answers)
        return bool(found) and (all(found) if self.sure else any(found))

    def _call(self, node: ast.Call, depth: int) -> bool:
        if isinstance(node.func, ast.Name) and node.func.id in _WRAPPERS and not self.module.bindings(node.func):
            return self._any(node.args, depth)
        paths = [value.path for value in self.module.values(node.func) if isinstance(value, External)]
        if not paths or not all(path.startswith("tf.") and not is_keras(path) for path in paths):
            return False
        if all(path.rsplit(".", 1)[-1] in _SCALARS for path in paths):
            return True
        return isinstance(self.evaluator.query(node, self.module), Tensor)

    def _binding(self, binding: Binding, depth: int) -> bool:
        if binding.kind == "assign" and binding.value is not None:
            value: ast.expr = binding.value
            for step in binding.path:
                # `batch, time = tf.shape(x)[0], tf.shape(x)[1]`
                if not isinstance(value, (ast.Tuple, ast.List)) or not isinstance(step, int) or step >= len(value.elts):
                    return False
                value = value.elts[step]
            return self.holds(value, depth + 1)
        function = graph_code.keras_call(self.scope, self.module)
        if binding.kind != "parameter" or function is None or binding.scope.node is not function:
            return False
        return binding.name in parameters(function)[1:2] and _is_used_as_tensor(function, binding.name)


def loops_of_keras_calls(evaluator: Evaluator, module: Module) -> Iterator[ast.For | ast.While]:
    """The loops over a tensor in ``call`` methods that Keras 3 runs without AutoGraph.

    None are returned if the code may run eagerly, where such a loop works: `run_eagerly`, a custom training loop.
    """
    if _may_run_eagerly(module):
        return
    for loop in prospects_of(module).loops_in_calls:
        scope = module.tree.positions[loop][0].scope
        function = graph_code.keras_call(scope, module)
        if function is None or scope.node is not function or isinstance(loop, ast.AsyncFor):
            continue
        if graph_code.traced(scope, module) or not _is_keras_3(scope, module):
            continue
        if module.calls_of("GradientTape") and not _runs_in_a_graph(scope, module):
            continue
        if Symbols(evaluator, module, scope, True).holds(loop.test if isinstance(loop, ast.While) else loop.iter):
            yield loop


def _is_keras_3(scope: Scope, module: Module) -> bool:
    """Whether the class around a method derives from current Keras, not from tf_keras or a private copy."""
    owner = scope.enclosing_class()
    if owner is None or not isinstance(owner.node, ast.ClassDef):
        return False
    bases = list(graph_code.keras_bases(ProjectClass(owner.node, module)))
    return bool(bases) and all(base.startswith(("keras.", "tf.keras.")) for base in bases)


def _may_run_eagerly(module: Module) -> bool:
    if module.calls_of("run_functions_eagerly"):
        return True
    if module.tree.writes_of("run_eagerly"):
        return True
    if any(keyword.arg == "run_eagerly" for call in module.calls_of("compile") for keyword in call.keywords):
        return True
    return any("TF_USE_LEGACY_KERAS" in line for line in module.source.lines)


def _runs_in_a_graph(scope: Scope, module: Module) -> bool:
    """Whether a class is run by `tf.function` or ``fit``, although its module records gradients itself."""
    owner = scope.enclosing_class()
    for call in module.calls_of("GradientTape"):
        around = module.tree.home_of(call)[0]
        function = around.node
        if isinstance(function, ast.FunctionDef) and function.name == "train_step" and around.enclosing_class():
            return True
        if graph_code.is_run_traced(around, module):
            return True
    return owner is not None and any(
        isinstance(value, Instance) and value.of.node is owner.node
        for name in ("fit", "predict", "evaluate", "train_on_batch")
        for call in module.calls_of(name)
        if isinstance(call.func, ast.Attribute)
        for value in module.values(call.func.value)
    )


def _is_used_as_tensor(function: FunctionNode, name: str) -> bool:
    """Whether a method uses its argument as one tensor; a layer may also be called with a list of them."""
    for statement in loop_passes.own_statements(function.body):
        for expression in loop_passes.expressions(statement):
            for node in below(expression):
                match node:
                    case ast.Attribute(value=ast.Name(id=used)) if used == name and node.attr in _TENSOR_ATTRIBUTES:
                        return True
                    case ast.Subscript(value=ast.Name(id=used), slice=ast.Tuple()) if used == name:
                        return True
                    case ast.Call(func=ast.Attribute(attr="shape" | "transpose"), args=[ast.Name(id=used), *_]):
                        if used == name:
                            return True
    return False
