"""Which classes of the user may be cells? Callable ones, whatever they derive from."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from rnnlint.probe.watch.layers import Layers
from rnnlint.probe.watch.places import UserFiles
from rnnlint.probe.watch.watcher import tried


def watch_classes(layers: Layers, files: UserFiles) -> None:
    """Observe the calls of every class that the user's files define: a cell need not derive from anything."""
    make = builtins.__build_class__

    def build_class(body: Callable[..., Any], name: str, /, *bases: Any, **keywords: Any) -> Any:
        cls = make(body, name, *bases, **keywords)
        code = getattr(body, "__code__", None)
        if code is not None and isinstance(cls, type) and files.path(code.co_filename) is not None:
            tried(lambda: layers.watch_class(cls))
        return cls

    builtins.__build_class__ = build_class
