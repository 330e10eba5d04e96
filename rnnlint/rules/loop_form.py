"""How can this unroll be written as a loop in the graph, with one copy of the cell?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.facts.runners import BUCKETED, DECODERS, ENCODER_DECODERS

if TYPE_CHECKING:
    from rnnlint.facts.cost_table import Law
    from rnnlint.infer.loops.time_loops import TimeLoop
    from rnnlint.infer.unrolls.static_runners import Unroll
    from rnnlint.infer.unrolls.unrolled_layers import UnrolledLayer
    from rnnlint.resolve.values import Module
    from rnnlint.rules.context import Context

_LONGEST = 48
"""The longest argument, in characters, that a shown call repeats."""

_STATIC = {
    "rnn": "dynamic_rnn",
    "static_rnn": "dynamic_rnn",
    "bidirectional_rnn": "bidirectional_dynamic_rnn",
    "static_bidirectional_rnn": "bidirectional_dynamic_rnn",
}
"""The runner that computes the same with a loop in the graph."""

_OPTIONS = {
    1: ("initial_state", "dtype", "sequence_length", "scope"),
    2: ("initial_state_fw", "initial_state_bw", "dtype", "sequence_length", "scope"),
}
"""The parameters after the inputs in a call of a static runner with that many cells; dynamic ones take all by name."""


def loop_of_static(unroll: Unroll, context: Context) -> str:
    """What to write instead of a call that unrolls a list."""
    leaf = unroll.symbol.path.rsplit(".", 1)[-1]
    prefix = "tf.compat.v1.nn" if context.settings.target >= (1, 13) else "tf.nn"
    if leaf == BUCKETED or leaf in ENCODER_DECODERS:
        return f"`{prefix}.dynamic_rnn` for the encoder and `tf.while_loop` for the decoder keep one copy of each cell"
    if leaf in DECODERS:
        return "a decoder in a `tf.while_loop` keeps one copy of the cell"
    runner = _STATIC.get(leaf, "bidirectional_dynamic_rnn" if "bidirectional" in leaf else "dynamic_rnn")
    written = _dynamic_call(unroll, context, 2 if "bidirectional" in leaf else 1) if leaf in _STATIC else None
    if written is None:
        return f"`{prefix}.{runner}` keeps one copy of the cell in a loop"
    axis = 0 if written.endswith("time_major=True") else 1
    outputs = "tf.concat(outputs, 2)" if runner.startswith("bidirectional") else "outputs"
    listed = f"`tf.unstack({outputs}, axis={axis})`"
    return (
        f"write `{prefix}.{runner}({written})`, which keeps one copy in a loop; {listed} returns its outputs as a list"
    )


def _dynamic_call(unroll: Unroll, context: Context, cells: int) -> str | None:
    """The arguments of the dynamic runner for those of a static one; None if some are hidden."""
    from rnnlint.infer.tensorflow.arguments import Arguments
    from rnnlint.resolve.values import Partial

    given = Arguments(context.evaluator, unroll.call, context.module, None)
    names = ("cell",) if cells == 1 else ("cell_fw", "cell_bw")
    required = [given.node(position, name) for position, name in enumerate(names)]
    inputs = given.node(cells, "inputs")
    is_partial = any(isinstance(value, Partial) for value in context.module.values(unroll.call.func))
    if given.hidden or is_partial or inputs is None or None in required:
        return None
    parts = [_short(node) for node in required if node is not None]
    tensor, axis = _unstacked(inputs, context.module)
    parts.append(_short(tensor) if tensor is not None else f"tf.stack({_short(inputs)}, axis=1)")
    for position, name in enumerate(_OPTIONS[cells], cells + 1):
        node = given.node(position, name)
        if node is not None and not (isinstance(node, ast.Constant) and node.value is None):
            parts.append(f"{name}={_short(node)}")
    return ", ".join([*parts, "time_major=True"] if tensor is not None and axis == 0 else parts)


def _unstacked(node: ast.expr, module: Module) -> tuple[ast.expr | None, int]:
    """``x`` and the axis, if an expression is ``tf.unstack(x, …)`` along batch or time; else None."""
    from rnnlint.resolve.values import External

    if not isinstance(node, ast.Call) or not node.args:
        return None, 0
    if not any(isinstance(v, External) and v.path.endswith((".unstack", ".unpack")) for v in module.values(node.func)):
        return None, 0
    written = [keyword.value for keyword in node.keywords if keyword.arg == "axis"] or node.args[2:3]
    axis = written[0].value if written and isinstance(written[0], ast.Constant) else None if written else 0
    return (node.args[0], axis) if axis in (0, 1) and not isinstance(axis, bool) else (None, 0)  # type: ignore[return-value]


def _short(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= _LONGEST else "…"


def loop_of_layer(layer: UnrolledLayer, loop: Law | None) -> str:
    """What to write instead of a layer with ``unroll=True``. ``loop`` gives its number of operations without."""
    operations = ""
    if loop is not None:
        operations = f" of {'' if loop.exact else 'about '}{loop.at(1):,} operations"
    kept = [keyword for keyword in layer.call.keywords if keyword.arg != "unroll"]
    if len(kept) == len(layer.call.keywords) or any(keyword.arg is None for keyword in kept):
        return f"unroll=False keeps one copy in a loop{operations}"
    written = ast.unparse(ast.Call(layer.call.func, layer.call.args, kept))
    shown = f"write `{written}`" if len(written) <= 2 * _LONGEST else "remove `unroll`"
    return f"{shown}: unroll=False keeps one copy in a loop{operations}"


# ---- loops of Python


def loop_of_python(loop: TimeLoop, context: Context) -> str:
    """What to write instead of a loop that calls a cell in each iteration."""
    found = loop.callee
    whole = _whole_input(loop, context.module)
    cell = _kind(loop, context.module)
    if whole is None or cell is None or found is None:
        return _general(loop, context)
    function, state = _short(found.function), _short(found.state)
    if cell == "keras":
        run = (
            f"tf.keras.layers.RNN({function}, return_sequences=True, return_state=True)({whole}, initial_state={state})"
        )
        return f"write `outputs, *state = {run}`, which keeps one copy in a loop"
    prefix = "tf.compat.v1.nn" if context.settings.target >= (1, 13) else "tf.nn"
    run = f"{prefix}.dynamic_rnn({function}, {whole}, initial_state={state})"
    return f"write `outputs, state = {run}`, which keeps one copy in a loop; its variables may then be named rnn/…"


def _general(loop: TimeLoop, context: Context) -> str:
    from rnnlint.infer.keras.graph_code import is_graph_module

    steps = loop.length.default
    bound = "…" if steps is None else str(steps)
    is_legacy = loop.callee is not None and loop.callee.legacy
    if context.settings.target < (2, 0) or is_legacy or is_graph_module(context.module):
        return "a `tf.while_loop` that writes its outputs to a `tf.TensorArray` keeps one copy"
    return (
        f"in a `tf.function`, `for t in tf.range({bound})` becomes a loop in the graph and keeps one copy;"
        " write its outputs to a `tf.TensorArray`"
    )


def _kind(loop: TimeLoop, module: Module) -> str | None:
    """``keras`` or ``legacy`` if the loop certainly calls one cell of that kind, with an input and a state."""
    from rnnlint.infer.keras.layer_calls import is_keras
    from rnnlint.infer.tensorflow import cells
    from rnnlint.resolve.values import Made

    found = loop.callee
    if found is None or found.whole or len(found.call.args) + len(found.call.keywords) != 2:
        return None
    values = module.values(found.function)
    if not values or not all(isinstance(one, Made) and cells.is_cell_path(one.path) for one in values):
        return None
    kinds = {"keras" if isinstance(one, Made) and is_keras(one.path) else "legacy" for one in values}
    return kinds.pop() if len(kinds) == 1 else None


def _whole_input(loop: TimeLoop, module: Module) -> str | None:
    """The tensor whose steps a loop takes one by one; None if an iteration may do more than run the cell on them."""
    from rnnlint.infer.values import loop_passes

    node, found = loop.node, loop.callee
    if not isinstance(node, ast.For) or not isinstance(node.target, ast.Name) or found is None or node.orelse:
        return None
    statement = module.tree.home_of(found.call)[1]
    if statement not in node.body or any(isinstance(one, _LEAVING) for one in loop_passes.own_statements(node.body)):
        return None
    written = loop_passes.steps(node.body)
    states = loop_passes.reads(found.state)
    others = [step for step in written if step.node is not statement]
    if any(not step.writes.isdisjoint(states) for step in others):
        return None
    taken = _taken(node, node.target.id, found.given, module)
    if taken is None or any(not step.writes.isdisjoint(loop_passes.reads(taken[0])) for step in written):
        return None
    return taken[1]


_LEAVING = (ast.Break, ast.Continue, ast.Return)


def _taken(loop: ast.For, step: str, given: ast.expr, module: Module) -> tuple[ast.expr, str] | None:
    """The tensor of ``for t in range(n): cell(x[:, t], …)`` or ``for x_t in tf.unstack(x, axis=1)``, and its steps."""
    if isinstance(given, ast.Name) and given.id == step:
        tensor, axis = _unstacked(loop.iter, module)
        return (tensor, _short(tensor)) if tensor is not None and axis == 1 else None
    if not isinstance(given, ast.Subscript) or not isinstance(given.slice, ast.Tuple) or len(given.slice.elts) < 2:
        return None
    batch, time, *rest = given.slice.elts
    is_step = isinstance(time, ast.Name) and time.id == step
    is_range = isinstance(loop.iter, ast.Call) and isinstance(loop.iter.func, ast.Name)
    if not is_step or not is_range or not all(map(_is_all, (batch, *rest))):
        return None
    assert isinstance(loop.iter, ast.Call) and isinstance(loop.iter.func, ast.Name)
    if loop.iter.func.id not in ("range", "xrange") or len(loop.iter.args) != 1:
        return None
    tensor_text, bound = _short(given.value), _short(loop.iter.args[0])
    if bound == f"{tensor_text}.shape[1]":
        return given.value, tensor_text
    return given.value, f"{tensor_text}[:, :{bound}]"


def _is_all(index: ast.expr) -> bool:
    if isinstance(index, ast.Constant):
        return index.value is Ellipsis
    return isinstance(index, ast.Slice) and index.lower is None and index.upper is None and index.step is None
