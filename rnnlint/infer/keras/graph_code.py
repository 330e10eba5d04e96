"""Does this code put operations into a graph? Graph-mode modules, `tf.function`, and Keras `call` methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from rnnlint.infer.keras.layer_calls import is_keras
from rnnlint.infer.values import loop_passes
from rnnlint.infer.values.guards import owners
from rnnlint.resolve.calls_by import dotted
from rnnlint.resolve.classes import library_bases
from rnnlint.resolve.prospects import imported_paths
from rnnlint.resolve.scopes import FunctionNode, Scope
from rnnlint.resolve.values import External, Module, ProjectClass
from rnnlint.resolve.walking import below

_GRAPH_WORDS = {
    "placeholder", "variable_scope", "get_variable", "get_variable_scope", "variable_op_scope", "op_scope",
    "reuse_variables", "Session", "InteractiveSession", "global_variables_initializer", "initialize_all_variables",
    "disable_eager_execution", "get_collection", "disable_v2_behavior", "as_default", "as_graph_def",
    "EstimatorSpec", "make_template", "ConfigProto", "import_graph_def",
}  # fmt: skip
_OLD_MEMBERS = {
    "layers", "app", "flags", "logging", "gfile", "random_uniform", "random_normal", "truncated_normal",
    "multinomial", "log", "pack", "unpack", "mul", "sub", "to_float", "to_int32", "assign", "select",
    "batch_matmul", "trainable_variables", "sparse_placeholder",
}  # fmt: skip
"""Members of ``tf`` that only TensorFlow 1 has: code that uses them is written for graphs."""
_EAGER_WORDS = {"enable_eager_execution", "enable_v2_behavior"}
_GRAPH_MODULES = ("tensorflow.contrib", "tensorflow.models", "tensorflow.python.ops", "tensorflow.compat.v1")
_EACH_PASS = {
    "run", "eval", "numpy", "apply_gradients", "train_on_batch", "test_on_batch", "predict", "predict_on_batch", "fit",
    "backward", "run_step", "gradient", "GradientTape",
}  # fmt: skip
_DEEPEST = 3
_KERAS_BASES = {"Layer", "Model", "Wrapper", "Sequential", "Functional"}


def is_graph_module(module: Module) -> bool:
    """Whether the code of a module runs in graph mode: it uses names that have no meaning in eager mode."""
    if is_eager_module(module):
        return False
    return bool(_says_graph(module)) or any(path.startswith(_GRAPH_MODULES) for path in imported_paths(module))


def is_eager_module(module: Module) -> bool:
    """Whether the code of a module runs in eager mode despite its old imports: it records gradients itself."""
    said = _says_graph(module)
    return said is False or said is None and module.tree.mentions.has("GradientTape")


@lru_cache(maxsize=1)
def _says_graph(module: Module) -> bool | None:
    """Whether the names in a module indicate graph mode or eager mode; None if they indicate neither."""
    graph = None
    words = [*_EAGER_WORDS, *_GRAPH_WORDS, *_OLD_MEMBERS, "contrib"]
    statements = dict.fromkeys(one for word in words for one in module.tree.holding(word))
    for chain in module.tree.chains_in(statements):
        node: ast.expr = chain
        while isinstance(node, ast.Attribute):
            if node.attr in _EAGER_WORDS:
                return False
            direct = isinstance(node.value, ast.Name) and node.value.id in ("tf", "tensorflow")
            if node.attr in _GRAPH_WORDS or node.attr == "contrib" or direct and node.attr in _OLD_MEMBERS:
                graph = True
            node = node.value
        if isinstance(node, ast.Name) and node.id in ("Session", "variable_scope", "placeholder"):
            graph = True
    return graph


def makes_functional_model(module: Module) -> bool:
    """Whether a module makes Keras inputs: layers that are called on them build a model's graph."""
    return any(
        isinstance(value, External) and is_keras(value.path)
        for call in module.calls_of("Input")
        for value in module.values(call.func)
    )


def functions_around(scope: Scope | None) -> Iterator[FunctionNode]:
    """The functions around a scope, innermost first."""
    while scope is not None:
        if isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield scope.node
        scope = scope.parent


def traced(scope: Scope, module: Module) -> bool:
    """Whether a scope is in a `tf.function`."""
    return any(_is_tf_function(function, module) is not None for function in functions_around(scope))


def is_run_traced(scope: Scope, module: Module, depth: int = 0) -> bool:
    """Whether a scope is in a `tf.function`, or in a function that a `tf.function` of the same module calls."""
    if traced(scope, module):
        return True
    if depth > _DEEPEST:
        return False
    names = {function.name for function in functions_around(scope)}
    around = (module.tree.home_of(call)[0] for name in names for call in module.calls_of(name))
    return any(one is not scope and is_run_traced(one, module, depth + 1) for one in around)


def _is_tf_function(function: FunctionNode, module: Module) -> bool | None:
    """None for a plain function; for a `tf.function`, whether AutoGraph is on."""
    for decorator in function.decorator_list:
        named = decorator.func if isinstance(decorator, ast.Call) else decorator
        if _names_function(named, module):
            return not isinstance(decorator, ast.Call) or _autograph(decorator)
    for call in module.calls_of("function"):
        if call.args and isinstance(call.args[0], (ast.Name, ast.Attribute)) and _names_function(call.func, module):
            if dotted(call.args[0]) in (function.name, f"self.{function.name}"):
                return _autograph(call)
    return None


def _names_function(node: ast.expr, module: Module) -> bool:
    return any(
        isinstance(v, External) and v.path in ("tf.function", "tf.compat.v1.function", "tf.compat.v2.function")
        for v in module.values(node)
    )


def _autograph(call: ast.Call) -> bool:
    return not any(
        k.arg == "autograph" and isinstance(k.value, ast.Constant) and k.value.value is False for k in call.keywords
    )


def keras_call(scope: Scope, module: Module) -> FunctionNode | None:
    """The ``call`` method of a Keras layer or model of the project that contains a scope."""
    at: Scope | None = scope
    while at is not None:
        owner = at.enclosing_class()
        node = at.node
        if owner is not None and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == "call":
            if isinstance(owner.node, ast.ClassDef) and any(keras_bases(ProjectClass(owner.node, module))):
                return node
        at = at.parent
    return None


def keras_bases(of: ProjectClass) -> Iterator[str]:
    """The Keras classes that a class of the project derives from: layers, models and cells."""
    for path in library_bases(of):
        if is_keras(path) and (".layers." in path or path.rsplit(".", 1)[-1] in _KERAS_BASES):
            yield path


def runs_each_pass(body: list[ast.stmt]) -> bool:
    """Whether a loop executes something in each iteration: a session, a training step, an eager value."""
    for statement in loop_passes.own_statements(body):
        for expression in loop_passes.expressions(statement):
            for node in below(expression):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    if node.func.attr in _EACH_PASS:
                        return True
    return False


def under_tape(statement: ast.stmt, module: Module) -> bool:
    """Whether a statement is within a ``with tf.GradientTape()``."""
    return any(
        isinstance(at, ast.With) and any("GradientTape" in ast.dump(i.context_expr) for i in at.items)
        for at in owners(statement, module)
    )
