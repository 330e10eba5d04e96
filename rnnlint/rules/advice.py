"""What should you use instead of this legacy symbol, at this place and on the target?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.facts import symbols
from rnnlint.resolve.given import argument, hides
from rnnlint.rules.keras_cells import dropout_notes, in_general, replaced, written

if TYPE_CHECKING:
    from rnnlint.facts.symbols import Symbol
    from rnnlint.resolve.sites import Site
    from rnnlint.rules.context import Context

_AVERAGES = ("average_across_timesteps", "average_across_batch")


def advice(site: Site, context: Context) -> str:
    """What to use instead on the target; never names anything that fails there."""
    target, symbol = context.settings.target_tensorflow, site.symbol
    parts = [_instead(site, context)] if _at_least(target, symbol.replacement_since) else []
    is_kept = symbol.still_at == symbol.path or symbol.import_works and site.by_import
    raises = any("the legacy function raises" in part for part in parts)
    if symbol.still_at and not is_kept and not raises and _at_least(target, "1.13"):
        parts.append(f"graph code can use `{symbol.still_at}`")
    if symbols.state_on(symbol, context.settings.platform) == "works with tf-keras" and not (
        symbol.import_works and site.by_import
    ):
        parts.append("it runs with tf-keras and TF_USE_LEGACY_KERAS=1")
    return "; ".join(part for part in parts if part)


def _instead(site: Site, context: Context) -> str:
    call = None if isinstance(site.node, ast.alias) else context.module.tree.call_of(site.node)
    special = None if call is None else _for_call(call, site, context)
    return special or in_general(site.symbol)


def _for_call(call: ast.Call, site: Site, context: Context) -> str | None:
    target, symbol = context.settings.target_tensorflow, site.symbol
    if symbol.family in ("static", "dynamic"):
        from rnnlint.rules.runner_advice import runner_advice

        return runner_advice(call, site, context)
    if symbol.path.endswith(".DropoutWrapper") and not hides(call):
        notes = dropout_notes(call, symbol, target)
        return f"use {'; '.join(notes)}" if notes and notes[0].startswith("`") else None
    if symbol.path.endswith(".sequence_loss"):
        return _loss(call, symbol, target)
    if symbol.path.rpartition(".")[2].lower().strip("_") == "linear":
        return _dense(call, symbol, target)
    cell = replaced(call, symbol, target)
    if cell is None:
        return None
    return "; ".join([f"use `{cell.cell}`", *cell.notes] if cell.layer else cell.notes)


def _dense(call: ast.Call, symbol: Symbol, target: str) -> str | None:
    """The Dense layer that computes what this call computes, with or without a bias."""
    if hides(call):
        return None
    values = written(argument(call, symbol, "args", target), "args")
    units = written(argument(call, symbol, "output_size", target), "output_size")
    bias = argument(call, symbol, "bias", target) or argument(call, symbol, "build_bias", target)
    without = ", use_bias=False" if _is_false(bias) else ""
    return f"use `tf.keras.layers.Dense({units}{without})(tf.concat({values}, 1))`"


def _loss(call: ast.Call, symbol: Symbol, target: str) -> str | None:
    """The loss of ``contrib.seq2seq`` with the averages of this call; the table of symbols covers only both."""
    off = [one for one in _AVERAGES if _is_false(argument(call, symbol, one, target))]
    function = argument(call, symbol, "softmax_loss_function", target)
    if "legacy_seq2seq" in symbol.path or "nn.seq2seq" in symbol.path or hides(call) or not (off or function):
        return None
    loss = "tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=logits)"
    if function is not None:
        loss = f"{written(function, 'softmax_loss_function')}(labels=targets, logits=logits)"
    if len(off) == 2:
        return f"use `weights * {loss}`"
    axis = ", 0" if off == [_AVERAGES[0]] else ", 1" if off else ""
    return f"use `tf.reduce_sum(weights * {loss}{axis}) / tf.reduce_sum(weights{axis})`"


def _is_false(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _at_least(target: str, release: str) -> bool:
    def numbers(text: str) -> tuple[int, ...]:
        return tuple(int(part) for part in text.split(".")[:2])

    return not release or numbers(target) >= numbers(release)
