"""Do the names in a loop show that it iterates over something else than time: layers, epochs, batches, beams?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from rnnlint.resolve.walking import below, children

_COUNTED = {
    "layer", "epoch", "batch", "minibatch", "beam", "bucket", "gpu", "tower", "device", "cell", "stack", "level",
    "depth", "hop", "head", "episode", "fold", "replica", "worker", "trial", "shard", "iteration", "iter", "restart",
}  # fmt: skip
_MANY = {
    "layers", "epochs", "batches", "minibatches", "beams", "buckets", "gpus", "towers", "devices", "cells",
    "levels", "hops", "heads", "episodes", "folds", "replicas", "workers", "trials", "shards", "dataset", "loader",
    "generator", "iterator",
}  # fmt: skip


def counts_other_things(loop: ast.AST) -> bool:
    """Whether the names in a loop's header count something that is not a time step."""
    if isinstance(loop, (ast.For, ast.AsyncFor)):
        return _says(loop.target, loop.iter)
    if isinstance(loop, ast.While):
        return any(word in _COUNTED or word in _MANY for word in _words(loop.test))
    generators: list[ast.comprehension] = getattr(loop, "generators", [])
    return any(_says(generator.target, generator.iter) for generator in generators)


def _says(target: ast.expr, iterated: ast.expr) -> bool:
    if any(word in _COUNTED for word in _words(target)):
        return True
    counting = isinstance(iterated, ast.Call) and _leaf(iterated.func) in ("range", "xrange", "trange")
    return any(word in _MANY or counting and word in _COUNTED for word in _words(iterated, counting))


def _words(expression: ast.expr, counting: bool = False) -> Iterator[str]:
    """The words of the names in an expression. A number of steps may be counted from a batch: ``len(x_batch)``."""
    todo: list[ast.AST] = [expression]
    while todo:
        node = todo.pop()
        if counting and isinstance(node, ast.Call) and _leaf(node.func) in ("len", "shape", "get_shape"):
            yield from (word for word in _names(node) if word in _MANY)
            continue
        if isinstance(node, (ast.Name, ast.Attribute)):
            yield from _split(_leaf(node))
        todo.extend(children(node))


def _names(node: ast.AST) -> Iterator[str]:
    for inner in below(node):
        if isinstance(inner, (ast.Name, ast.Attribute)):
            yield from _split(_leaf(inner))


def _split(name: str) -> list[str]:
    words = re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower().split("_")
    return [word.rstrip("0123456789") for word in words]


def _leaf(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
