"""When is TensorFlow patched? Right after a relevant module was executed, before the user's program sees it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

from rnnlint.probe.watch import children, runners
from rnnlint.probe.watch.layers import MODULES, Layers
from rnnlint.probe.watch.own_cells import watch_classes
from rnnlint.probe.watch.watcher import Watcher

Change = Callable[[ModuleType], None]


class Finder:
    """Finds relevant modules as Python does, and patches each after it was executed."""

    def __init__(self, changes: Mapping[str, Change]) -> None:
        self._changes = changes

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of a relevant module; None for all others."""
        change = self._changes.get(name)
        spec = PathFinder.find_spec(name, path, target) if change is not None else None
        if change is None or spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            change(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def install(watcher: Watcher) -> None:
    """Observe everything that the process will import."""
    layers = Layers(watcher)
    watch_classes(layers, watcher.files)
    changes: dict[str, Change] = dict.fromkeys(MODULES, layers.watch_module)
    changes.update(dict.fromkeys(children.SPAWNING, children.watch_spawning))
    changes[runners.MODULE] = lambda module: runners.watch_runners(module, watcher)
    sys.meta_path.insert(0, Finder(changes))
