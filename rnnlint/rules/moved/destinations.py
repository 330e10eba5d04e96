"""Where is the same function or class on the target, if the written name fails there?"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rnnlint.facts import symbols
from rnnlint.facts.symbols import Symbol

_CELLS = "tensorflow.compat.v1.nn.rnn_cell"
_RUNNERS = "tensorflow.compat.v1.nn"

_WITHOUT_CUDNN = {"CuDNNLSTM": "LSTM", "CuDNNGRU": "GRU"}
"""The layers that compute the same and choose cuDNN themselves; their defaults match cuDNN (Keras 2.1 and later, GRU
with reset_after=True)."""

_STATE_WAS_A_TENSOR = (1, 0)
"""Before this release an LSTM's state was one tensor unless state_is_tuple=True was passed."""


_KERAS_LEFT_TENSORFLOW = (2, 6)
"""From this release on ``tf.keras`` is a separate package, and ``tensorflow.python.keras`` an old copy."""


class Destination(NamedTuple):
    """A name that runs on the target and does the same."""

    symbol: Symbol
    """The symbol there; its parameters are those to use."""
    module: str
    """The module to import it from, such as ``tensorflow.compat.v1.nn``."""
    name: str
    by_attribute: bool
    """Whether ``tf.compat.v1…`` reaches it too, or only an import of the name."""
    doubt: str = ""
    """Why it may not compute the same; empty if it does."""


@lru_cache(maxsize=1024)
def destination(old: Symbol, target: str) -> Destination | None:
    """The destination of a symbol; None if the target has no equivalent."""
    if old.kind not in ("function", "class"):
        return None
    if old.family == "layer":
        return _public_layer(old, target)
    if old.family == "cudnn":
        return _without_cudnn(old)
    kept = _kept(old)
    if kept is None or kept.kind != old.kind or symbols.state_on(kept, target) in ("removed", "not yet"):
        return None
    module, _, name = kept.path.rpartition(".")
    by_attribute = symbols.state_on(kept, target) == "works"
    if not by_attribute and not kept.import_works:
        return None
    return Destination(kept, "tensorflow" + module[len("tf") :], name, by_attribute, _doubt(old, name))


def homes_of(module: Symbol, target: str) -> set[str]:
    """The modules on the target that contain what a legacy module contained."""
    members = (row for path, row in symbols.table().items() if path.startswith(f"{module.path}."))
    found = (destination(row, target) for row in members)
    return {to.module for to in found if to is not None}


def _kept(old: Symbol) -> Symbol | None:
    """The row of the symbol that another row names as still running."""
    found = re.fullmatch(r"from tensorflow\.([\w.]+) import (\w+)", old.still_at)
    path = f"tf.{found[1]}.{found[2]}" if found else old.still_at
    return symbols.find(path) if path else None


def _without_cudnn(old: Symbol) -> Destination | None:
    module, _, name = old.path.rpartition(".")
    plain = _WITHOUT_CUDNN.get(name)
    if plain is None:
        return None
    home = "keras.layers" if module.startswith("keras.") else "tensorflow.keras.layers"
    path = home.replace("tensorflow", "tf", 1) + f".{plain}"
    # The plain layer has all parameters of the other and more; all but the first are passed by name.
    names = tuple(dict.fromkeys(name for signature in old.arguments for name in signature.names))
    row = old._replace(path=path, arguments=(symbols.Signature("", names),) if names else ())
    return Destination(row, home, plain, True)


def _public_layer(old: Symbol, target: str) -> Destination | None:
    """The same class at its public path."""
    if not old.replacement:
        return None
    module, _, name = old.replacement.strip("`").rpartition(".")
    doubt = old.note
    if old.path.startswith("tf.python.keras.layers.") and not _is_before(target, _KERAS_LEFT_TENSORFLOW):
        doubt = doubt or "the other layers of a model must come from `tensorflow.keras` too"
    return Destination(old, re.sub(r"^tf\b", "tensorflow", module), name, True, doubt)


def _doubt(old: Symbol, name: str) -> str:
    if name in ("BasicLSTMCell", "LSTMCell", "MultiRNNCell") and _is_before(old.removed, _STATE_WAS_A_TENSOR):
        return "before TensorFlow 1.0 the state was one tensor unless state_is_tuple=True was passed"
    return ""


def _is_before(release: str, limit: tuple[int, int]) -> bool:
    return bool(release) and tuple(int(part) for part in release.split(".")[:2]) < limit
