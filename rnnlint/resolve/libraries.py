"""What do the facts say about a name in a library's module?"""

from __future__ import annotations

from functools import lru_cache

from rnnlint.facts import keras_names, symbols

_SHORT = {"tensorflow": "tf", "tensorflow_addons": "tfa"}


def canonical(path: str) -> str:
    """A dotted path with ``tf`` for ``tensorflow``, and ``tfa`` for ``tensorflow_addons``."""
    root, dot, rest = path.partition(".")
    return f"{_SHORT[root]}{dot}{rest}" if root in _SHORT else path


def brings(module: str, name: str) -> bool:
    """Whether ``from module import *`` provides a name."""
    path = f"{canonical(module)}.{name}"
    known = path in symbols.table() or path in _modules_above() or keras_names.brings(path)
    return known and not name.startswith("_")


@lru_cache(maxsize=1)
def _modules_above() -> frozenset[str]:
    """Every package on the way to a symbol, such as ``tf.contrib``: a star import may provide it too."""
    found: set[str] = set()
    for path in symbols.table():
        parts = path.split(".")
        found.update(".".join(parts[:n]) for n in range(1, len(parts)))
    return frozenset(found)
