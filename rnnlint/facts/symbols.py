"""Which public paths are legacy TensorFlow RNN APIs, and what is true of each one?

The facts are the rows of ``symbols.tsv``; this module reads them and answers questions by path. Paths are canonical:
``tf.`` stands for ``tensorflow.``, ``tfa.`` for ``tensorflow_addons.``. The namespaces that TensorFlow generates
(``tf._api.v1``, ``tf._api.v2``, ``tf.compat.v2``) have no rows: `find` maps them to the paths that they mirror.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple

from rnnlint.facts.releases import NEWEST

__all__ = [
    "NEWEST",
    "Signature",
    "State",
    "Symbol",
    "arguments_at",
    "find",
    "is_before",
    "is_private",
    "last_names",
    "state_of_members",
    "state_on",
    "table",
]

State = Literal["works", "works with tf-keras", "removed", "not yet"]
"""The state of a symbol on a TensorFlow release."""

CORE, CORE_REMOVED = "tensorflow_core", "2.2"
"""The package of TensorFlow's modules in the wheels of 1.15 to 2.1, and the first release without it."""

_TABLE = os.path.join(os.path.dirname(__file__), "symbols.tsv")

_KERAS_3_CAME_WITH = (2, 16)


class Signature(NamedTuple):
    """The parameters of a callable, in order, since a release."""

    since: str
    names: tuple[str, ...]


class Symbol(NamedTuple):
    """One public path and its facts."""

    path: str
    kind: str
    """``function``, ``class``, ``module`` or ``value``."""
    family: str
    """``static``, ``dynamic``, ``cell``, ``seq2seq``, ``cudnn``, ``module``, or ``layer``: recurrent Keras code at a
    path that is private or removed, while the layer itself may be current."""
    member_family: str
    """For a module: the family of a member without its own row."""
    arguments: tuple[Signature, ...]
    """Orders of the parameters, oldest first; empty when unknown."""
    since: str
    removed: str
    """The first release of TensorFlow without the path, or on which its package does not import; empty if it still
    exists."""
    state: State
    """The state on the newest release without tf-keras; see `state_on`."""
    import_works: bool
    """Whether ``from module import name`` works although the attribute raises."""
    still_at: str
    """The path under which the same thing still runs on the newest TensorFlow, for graph code."""
    replacement: str
    """What to use instead on the newest release without tf-keras: it computes the same, except as the note says.
    Empty if TensorFlow and Keras have no such thing."""
    replacement_since: str
    note: str
    """What else to know about the replacement; without one, what to do instead."""
    source: str


_ARGUMENTS, _IMPORT_WORKS = Symbol._fields.index("arguments"), Symbol._fields.index("import_works")


@cache
def _signatures(text: str) -> tuple[Signature, ...]:
    orders = (part.rpartition(":") for part in text.split("|") if part)
    return tuple(Signature(since, tuple(names.split(","))) for since, _, names in orders)


def _row(line: str) -> Symbol:
    cells: list[Any] = line.split("\t")
    cells[_ARGUMENTS] = _signatures(cells[_ARGUMENTS])
    cells[_IMPORT_WORKS] = cells[_IMPORT_WORKS] == "yes"
    return Symbol(*cells)


class _Table(Mapping[str, Symbol]):
    """The rows by path, each created on first use: a run needs only few of them."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = {line.partition("\t")[0]: line for line in lines}
        self._made: dict[str, Symbol] = {}

    def __getitem__(self, path: str) -> Symbol:
        found = self._made.get(path)
        if found is None:
            found = self._made[path] = _row(self.lines[path])
        return found

    def __contains__(self, path: object) -> bool:
        return path in self.lines

    def __iter__(self) -> Iterator[str]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)


@lru_cache(maxsize=1)
def table() -> _Table:
    """All rows by path, in the order of the file."""
    with open(_TABLE, encoding="utf-8") as file:
        return _Table(file.read().splitlines()[1:])


@lru_cache(maxsize=1)
def last_names() -> frozenset[str]:
    """The last part of every path, except for Keras layers, whose names do not show where they are.

    The same applies to the modules of a package with such layers, which is named before them.
    """
    lines = table().lines
    telling = (
        path
        for path, line in lines.items()
        if "\tlayer\t" not in line or "\tmodule\t" in line and path.rpartition(".")[0] not in lines
    )
    return frozenset(path.rpartition(".")[2] for path in telling)


@lru_cache(maxsize=4096)
def find(path: str) -> Symbol | None:
    """The symbol that a canonical dotted path names, or None if it is not in the table.

    A member of a listed module without its own row (a private helper, say) gets a row made from that of the module: its
    kind is ``value`` and its family the module's ``member_family``.
    """
    for prefix, base in (
        ("tf._api.v1.", "tf."),
        ("tf._api.v2.compat.v1.", "tf.compat.v1."),
        ("tf._api.v2.compat.v2.", "tf.compat.v2."),
        ("tf._api.v2.", "tf.compat.v2."),
    ):
        if path.startswith(prefix):
            path = base + path[len(prefix) :]
            break
    if path.startswith("tf.compat.v1.contrib."):
        # No release has it; code that was moved to `import tensorflow.compat.v1 as tf` still names it.
        return _listed_or_member("tf." + path[len("tf.compat.v1.") :])
    if path.startswith(f"{CORE}."):
        return _in_core(path)
    if path.startswith("tf.compat.v2."):
        found = _listed_or_member("tf." + path[len("tf.compat.v2.") :])
        gone = found is not None and found.removed and _version(found.removed) <= (2, 0)
        return None if found is None or gone else found._replace(path=path)
    return _listed_or_member(path)


def _in_core(path: str) -> Symbol | None:
    """The symbol of the package that had TensorFlow's modules in the releases 1.15 to 2.1."""
    found = _listed_or_member("tf." + path[len(CORE) + 1 :])
    if found is None or is_before("2.1", found.since) or found.removed and not is_before("1.15", found.removed):
        return None
    leaves = found.removed if found.removed and is_before(found.removed, CORE_REMOVED) else CORE_REMOVED
    first = "1.15" if is_before(found.since, "1.15") else found.since
    return found._replace(path=path, since=first, removed=leaves, state="removed", import_works=False)


def _listed_or_member(path: str) -> Symbol | None:
    rows = table()
    if path in rows:
        return rows[path]
    module_path, _, name = path.rpartition(".")
    module = rows.get(module_path)
    if module is None or not module.member_family or name.startswith("__"):
        return None
    return module._replace(
        path=path,
        kind="value",
        family=module.member_family,
        member_family="",
        still_at="",
        replacement="",
        replacement_since="",
    )


def is_private(path: str) -> bool:
    """Whether a path is private to its library."""
    return path.startswith(("tf.python.", f"{CORE}.python.", "keras.src.", "keras.api.", "keras._tf_keras."))


@lru_cache(maxsize=256)
def _version(text: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d+", text)[:2])


def state_on(symbol: Symbol, target: str) -> State:
    """The state of the symbol on a release: "1.15", "2.21", or "2.21 with tf-keras" if that is used."""
    release = _version(target)
    if symbol.removed and release >= _version(symbol.removed):
        return "removed"
    if symbol.since and release < _version(symbol.since):
        return "not yet"
    is_keras_3 = release >= _KERAS_3_CAME_WITH and not target.endswith("with tf-keras")
    if symbol.state == "works with tf-keras" and is_keras_3:
        return "works with tf-keras"
    return "works"


def is_before(target: str, release: str) -> bool:
    """Whether a target is older than a release, such as "2.0"."""
    return _version(target) < _version(release)


def state_of_members(module: Symbol, target: str) -> State:
    """The state of the attributes of a module on the release: needing tf-keras, if any of them does."""
    prefix = module.path + "."
    states = {state_on(table()[path], target) for path in table() if path.startswith(prefix)}
    return "works with tf-keras" if "works with tf-keras" in states else state_on(module, target)


def arguments_at(symbol: Symbol, target: str = NEWEST) -> tuple[str, ...]:
    """The parameter names in order on `target`; the nearest known order if the symbol does not exist there."""
    best: tuple[str, ...] = ()
    for index, signature in enumerate(symbol.arguments):
        if index == 0 or _version(signature.since) <= _version(target):
            best = signature.names
    return best
