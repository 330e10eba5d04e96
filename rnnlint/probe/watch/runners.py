"""How are TensorFlow's runners observed? Each is replaced in its module before any code imports it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from rnnlint.facts import symbols
from rnnlint.probe.watch.record import Sort
from rnnlint.probe.watch.watcher import Call, Watcher

MODULE = "tensorflow.python.ops.rnn"

_API = "tf.compat.v1.nn."
RUNNERS: Mapping[str, Sort] = {
    "static_rnn": "static",
    "static_bidirectional_rnn": "static",
    "static_state_saving_rnn": "static",
    "dynamic_rnn": "dynamic",
    "bidirectional_dynamic_rnn": "dynamic",
    "raw_rnn": "dynamic",
}


def watch_runners(module: ModuleType, watcher: Watcher) -> None:
    """Replace the runners of TensorFlow's module."""
    for name in RUNNERS:
        function = getattr(module, name, None)
        if function is not None:
            setattr(module, name, _watched(name, function, watcher))


def _watched(name: str, function: Callable[..., Any], watcher: Watcher) -> Callable[..., Any]:
    @functools.wraps(function)
    def runner(*args: Any, **kwargs: Any) -> Any:
        return watcher.run(function, args, kwargs, lambda: _call(name, args, kwargs))

    # AutoGraph calls a function with this mark unchanged; otherwise it would convert it and lose the user's line.
    runner.autograph_info__ = {}  # type: ignore[attr-defined]
    return runner


def _call(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Call:
    symbol = symbols.find(_API + name)
    names = symbol.arguments[-1].names if symbol is not None and symbol.arguments else ()
    given = {**dict(zip(names, args)), **kwargs}
    sort = RUNNERS[name]
    return Call(
        sort=sort,
        api=_API + name,
        unrolled=sort == "static",
        steps=_steps(given, sort),
        masked=given.get("sequence_length") is not None,
    )


def _steps(given: Mapping[str, Any], sort: Sort) -> int | None:
    """The number of time steps; None if the tensor does not know it or there is none."""
    inputs = given.get("inputs")
    if sort == "static":
        return len(inputs) if isinstance(inputs, (list, tuple)) else None
    while isinstance(inputs, (list, tuple)) and inputs:
        inputs = inputs[0]
    return axis(inputs, 0 if given.get("time_major") else 1)


def axis(tensor: Any, number: int) -> int | None:
    """The length of an axis of a tensor or an array; None if unknown."""
    shape = getattr(tensor, "shape", None)
    try:
        size = None if shape is None else shape[number]
    except (IndexError, ValueError, TypeError):
        return None
    size = getattr(size, "value", size)
    return int(size) if size is not None else None
