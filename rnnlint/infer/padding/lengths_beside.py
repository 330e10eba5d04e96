"""Does the code use the lengths of a run's sequences without passing them to the run?"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from rnnlint.infer.padding.differing_lengths import may_differ
from rnnlint.infer.padding.runs import LENGTHS, Run
from rnnlint.infer.padding.sources import Source
from rnnlint.infer.tensorflow.feeds import Feeds
from rnnlint.infer.values.behind import bound_behind
from rnnlint.infer.values.domain import Int, Tensor
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import Module

_TAKING_LENGTHS = {
    "sequence_mask": 0, "ctc_loss": 2, "ctc_greedy_decoder": 1, "ctc_beam_search_decoder": 1, "crf_log_likelihood": 2,
    "crf_decode": 2,
}  # fmt: skip
"""Functions that mask padding, and the position of their lengths."""

_NAMES_OF_LENGTHS = ("lengths", "sequence_length", "sequence_lengths", "logit_length")
_DECODING = frozenset(("dynamic_decode", "raw_rnn", "attention_decoder", "rnn_decoder", "while_loop"))
"""Functions that turn a run's outputs into another sequence, with other lengths."""


def find(
    run: Run, given: ast.expr, runs: Sequence[Run], feeds: Feeds, evaluator: Evaluator, module: Module
) -> Source | None:
    """Where lengths mask the padding in a run's outputs, or count the steps of its inputs."""
    own = bound_behind(given, module)
    for call in module.calls_of("sign"):
        if call.args and own & bound_behind(call.args[0], module):
            return Source(call, module, False, "sign", "leaves out")
    if _has_one_length(given, module, evaluator):
        return None
    for name, call, lengths, whole in _left_out(module):
        if run.call in bound_behind(whole, module) and may_differ(lengths, module, feeds):
            if not _are_given(lengths, module) and _is_of(run, whole, runs, module):
                return Source(call, module, False, name, "leaves out")
    return None


def _left_out(module: Module) -> list[tuple[str, ast.Call, ast.expr, ast.expr]]:
    """A use of lengths: the function, its call, the lengths, and an expression around it."""
    found: list[tuple[str, ast.Call, ast.expr, ast.expr]] | None = module.memo.get("left out")
    if found is None:
        found = module.memo["left out"] = [
            (name, call, lengths, whole)
            for name, position in _TAKING_LENGTHS.items()
            for call in module.calls_of(name)
            if (lengths := _lengths_of(call, position)) is not None
            for whole in _used_in(call, module)
        ]
    return found


def _has_one_length(given: ast.expr, module: Module, evaluator: Evaluator) -> bool:
    """Whether the number of steps is a constant in the code, as for the rows of an image."""
    shape = evaluator.query(given, module)
    axes = shape.shape if isinstance(shape, Tensor) else None
    return bool(axes) and len(axes or ()) > 1 and any(isinstance(one, Int) and one.exact for one in (axes or ())[:2])


def _is_of(run: Run, whole: ast.expr, runs: Sequence[Run], module: Module) -> bool:
    """Whether the padding is masked in the outputs of this run, and not of a later run."""
    behind = bound_behind(whole, module)
    later = (one.call for one in runs if one is not run and one.call in behind)
    if any(run.call in bound_behind(one, module) for one in later):
        return False
    return not any(isinstance(node, ast.Call) and leaf(node.func) in _DECODING for node in behind)


def _used_in(call: ast.Call, module: Module) -> Iterator[ast.expr]:
    """The expressions of the statements that contain a call, or that read a name bound to it."""
    statement = module.tree.home_of(call)[1]
    if isinstance(statement, ast.Assign):
        yield statement.value
        for target in statement.targets:
            name = target.id if isinstance(target, ast.Name) else None
            for read in surroundings_of(module).names.get(name or "", ()):
                if any(one.statement is statement for one in module.bindings(read)):
                    yield from _whole(module.tree.home_of(read)[1])
        return
    yield from _whole(statement)


def _whole(statement: ast.stmt) -> Iterator[ast.expr]:
    value = getattr(statement, "value", None)
    if isinstance(value, ast.expr):
        yield value


def _are_given(lengths: ast.expr, module: Module) -> bool:
    """Whether some runner of the module gets these lengths: then they are those of its sequences."""
    behind = bound_behind(lengths, module)
    reads = (read for one in behind if isinstance(one, ast.Call) for read in _reads_of(one, module))
    return any(_is_lengths_argument(read, module) for read in reads)


def _reads_of(made: ast.Call, module: Module) -> Iterator[ast.expr]:
    around = surroundings_of(module)
    parent = around.parent.get(made)
    if isinstance(parent, ast.Assign):
        for binding in around.bindings_of(made, parent):
            yield from (one for one in around.names.get(binding.name, ()) if binding in module.bindings(one))
            yield from around.attributes.get(binding.name, ())


def _lengths_of(call: ast.Call, position: int) -> ast.expr | None:
    named = (keyword.value for keyword in call.keywords if keyword.arg in _NAMES_OF_LENGTHS)
    return next(named, call.args[position] if len(call.args) > position else None)


def _is_lengths_argument(name: ast.expr, module: Module) -> bool:
    """Whether a runner gets it as its lengths."""
    parent = surroundings_of(module).parent.get(name)
    if isinstance(parent, ast.keyword):
        return parent.arg == LENGTHS
    return isinstance(parent, ast.Call) and parent.func is not name and (leaf(parent.func) or "").endswith("rnn")
