"""What do the facts say of a name that a library's module has?"""

from __future__ import annotations

from functools import lru_cache

from rnnlint.facts import keras_names, symbols


def canonical(path: str) -> str:
    """A dotted path with ``tf`` for ``tensorflow``."""
    if path == "tensorflow" or path.startswith("tensorflow."):
        return "tf" + path[len("tensorflow") :]
    return path


def brings(module: str, name: str) -> bool:
    """Whether ``from module import *`` brings a name."""
    path = f"{canonical(module)}.{name}"
    known = path in symbols.table() or path in _modules_above() or keras_names.brings(path)
    return known and not name.startswith("_")


@lru_cache(maxsize=1)
def _modules_above() -> frozenset[str]:
    """Every package on the way to a symbol, such as ``tf.contrib``: a star import may bring it too."""
    found: set[str] = set()
    for path in symbols.table():
        parts = path.split(".")
        found.update(".".join(parts[:n]) for n in range(1, len(parts)))
    return frozenset(found)
