"""Which public paths are legacy TensorFlow RNN APIs, and what is true of each one?

The facts are the rows of ``symbols.tsv``; this module reads them and answers questions by path.
Paths are canonical: ``tf.`` stands for ``tensorflow.``. The namespaces that TensorFlow generates
(``tf._api.v1``, ``tf._api.v2``, ``tf.compat.v2``) have no rows; `find` knows what they mirror.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

__all__ = [
    "NEWEST",
    "Signature",
    "State",
    "Symbol",
    "arguments_at",
    "find",
    "state_of_members",
    "state_on",
    "table",
    "words",
]

NEWEST = "2.21"
"""The newest TensorFlow release that the facts were checked against."""

State = Literal["works", "works with tf-keras", "removed", "not yet"]
"""What a TensorFlow release makes of a symbol."""

_TABLE = Path(__file__).with_name("symbols.tsv")

_KERAS_3_CAME_WITH = (2, 16)

# Parts of a path that a source about anything may contain.
_PLAIN_PARTS = frozenset({"tf", "keras", "contrib", "python", "ops", "nn", "compat", "v1", "learn"})


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters of a callable, in order, from one release on."""

    since: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Symbol:
    """One public path and what is true of it."""

    path: str
    kind: str
    """``function``, ``class``, ``module`` or ``value``."""
    family: str
    """``static``, ``dynamic``, ``cell``, ``seq2seq``, ``cudnn`` or ``module``."""
    member_family: str
    """For a module: the family of a member that has no row of its own."""
    arguments: tuple[Signature, ...]
    """Orders of the parameters, oldest first; empty when unknown."""
    since: str
    removed: str
    """The release in which the path is gone; empty while it is still there."""
    state: State
    """On a bare TensorFlow of the newest release; see `state_on`."""
    import_works: bool
    """``from module import name`` works where the attribute raises."""
    still_at: str
    """Where the same thing still runs on the newest TensorFlow, for old graph code."""
    replacement: str
    """What to use instead on a bare newest TensorFlow; empty when there is nothing."""
    replacement_since: str
    note: str
    source: str


_COLUMNS = [field.name for field in fields(Symbol)]
_ARGUMENTS, _IMPORT_WORKS = _COLUMNS.index("arguments"), _COLUMNS.index("import_works")


@cache
def _signatures(text: str) -> tuple[Signature, ...]:
    orders = (part.rpartition(":") for part in text.split("|") if part)
    return tuple(Signature(since, tuple(names.split(","))) for since, _, names in orders)


def _row(line: str) -> Symbol:
    cells: list[Any] = line.split("\t")
    cells[_ARGUMENTS] = _signatures(cells[_ARGUMENTS])
    cells[_IMPORT_WORKS] = cells[_IMPORT_WORKS] == "yes"
    return Symbol(*cells)


@lru_cache(maxsize=1)
def table() -> Mapping[str, Symbol]:
    """All rows by path, in the order of the file."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()[1:]
    rows = map(_row, lines)
    return MappingProxyType({row.path: row for row in rows})


@lru_cache(maxsize=4096)
def find(path: str) -> Symbol | None:
    """The symbol that a canonical dotted path names, or None when it is none of the table's.

    A member of a listed module that has no row of its own (a private helper, say) is made up
    from the module's row: its kind is ``value`` and its family the module's ``member_family``.
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
    if path.startswith("tf.compat.v2."):
        found = _listed_or_member("tf." + path[len("tf.compat.v2.") :])
        gone = found is not None and found.removed and _version(found.removed) <= (2, 0)
        return None if found is None or gone else replace(found, path=path)
    return _listed_or_member(path)


def _listed_or_member(path: str) -> Symbol | None:
    rows = table()
    if path in rows:
        return rows[path]
    module_path, _, name = path.rpartition(".")
    module = rows.get(module_path)
    if module is None or not module.member_family or name.startswith("__"):
        return None
    return replace(
        module,
        path=path,
        kind="value",
        family=module.member_family,
        member_family="",
        still_at="",
        replacement="",
        replacement_since="",
    )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d+", text)[:2])


def state_on(symbol: Symbol, target: str) -> State:
    """What the release `target` (such as "1.15" or "2.21") makes of the symbol."""
    release = _version(target)
    if symbol.removed and release >= _version(symbol.removed):
        return "removed"
    if symbol.since and release < _version(symbol.since):
        return "not yet"
    if symbol.state == "works with tf-keras" and release >= _KERAS_3_CAME_WITH:
        return "works with tf-keras"
    return "works"


def state_of_members(module: Symbol, target: str) -> State:
    """What the release makes of the attributes of a module: needing tf-keras, if any of them does."""
    prefix = module.path + "."
    states = {state_on(row, target) for path, row in table().items() if path.startswith(prefix)}
    return "works with tf-keras" if "works with tf-keras" in states else state_on(module, target)


def arguments_at(symbol: Symbol, target: str = NEWEST) -> tuple[str, ...]:
    """The parameter names in order as of `target`; the nearest known order outside its life."""
    best: tuple[str, ...] = ()
    for index, signature in enumerate(symbol.arguments):
        if index == 0 or _version(signature.since) <= _version(target):
            best = signature.names
    return best


# Words that many sources contain that have nothing to do with RNNs.
_COMMON_WORDS = frozenset(
    """
    activations apply attention base basic batch beam bernoulli best blocks bucket buckets by
    categorical check checkpoint compiled contrib convert core custom data decode decoder device
    direction dropout dynamic effort embedding example final fn gather get greedy hard helper
    highway hot images inference input layer layers linear lite loss main mechanism mode model
    names ops output params prepare projection python reader reduce residual rows safe sample
    sampler scheduled search sequence simple size softmax state static tile time to train
    training translate transpose tree tuple value vector with wrapper
    """.split()  # noqa: SIM905 - as a list it would be three times as long
)


@lru_cache(maxsize=1)
def words() -> frozenset[bytes]:
    """Few lower-case byte strings of which any source that names a symbol holds at least one.

    Look for them in the lower-cased source. They are found in the last part of each path, which
    nobody who uses the symbol can leave out. Only what is private, a module, or named by one
    common word ("Helper") is known by the modules on the way to it instead.
    """
    places = {_place(symbol) for symbol in table().values()}
    chosen: set[str] = set()
    while places:
        counts = Counter(word for place in places for word in _telling_words(place))
        best = min(counts, key=lambda word: (-counts[word], len(word), word))
        chosen.add(best)
        places = {place for place in places if best not in place.lower()}
    shortest = (word for word in chosen if not any(word != one and one in word for one in chosen))
    return frozenset(word.encode() for word in shortest)


def _place(symbol: Symbol) -> str:
    """The part of the symbol's path that its needle is looked for in."""
    leaf = symbol.path.rpartition(".")[2]
    one_common_word = leaf.lower() in _COMMON_WORDS
    private = ".python." in symbol.path
    by_module = symbol.kind == "module" or private or leaf.startswith("_") or one_common_word
    return symbol.path if by_module else leaf


def _telling_words(place: str) -> frozenset[str]:
    """The words of a place that are not common, or, where all are, the place as one word."""
    parts = [part for part in place.split(".") if part not in _PLAIN_PARTS]
    words_in = re.findall(r"[A-Z]{2,}(?![a-z])\d?|[A-Z]?[a-z]+\d?[a-z]*", "_".join(parts))
    rare = {word.lower() for word in words_in if len(word) > 2} - _COMMON_WORDS
    return frozenset(rare or {place.lower()})
