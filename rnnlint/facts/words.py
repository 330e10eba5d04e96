"""Which words does a source contain that may name a symbol?

They are in ``words.tsv``, which `derived` computes from the table of symbols: a few lower-case pieces of text, at least
one of which occurs in any source that names a symbol. Each word follows a stem that it contains, so that without the
stem its words need not be searched, and precedes the names that it is a part of.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnnlint.facts.symbols import Symbol

NEEDLES = (b"rnn", b"cell", b"lstm", b"unroll", b"seq2seq", b"recurrent", b"gru", b"keras")
"""Lower-case pieces of which any file with a finding contains one: those of `telling`, what loops call, ``unroll``, and
the Keras layers that take a sequence.

Each is searched in every file, so they are few. A file is missed if it gets a symbol from another module of its project
under a name without any of them, and mentions no cell.
"""

OLD_HOMES = (
    b"python.keras", b"python import keras", b"contrib.keras", b"contrib import keras",
    b"keras.src", b"keras import src", b"keras.api", b"keras import api", b"_tf_keras", b"wrappers",
)  # fmt: skip
"""Lower-case pieces of which one occurs wherever a Keras layer is imported from a private or removed module, unless
the code there contains another needle than ``keras``."""

LAYERS = (b"RNN", b"LSTM", b"GRU")
"""Pieces of the names of Keras layers that take a sequence and its mask."""

PADDING = (
    b"pad_sequences", b"padded_batch", b"VocabularyProcessor", b"TextVectorization", b"dynamic_pad",
    b"bucket_by_sequence_length", b"zip_longest",
)  # fmt: skip
"""Names of which one occurs in all code that has sequences padded to the same length: functions, methods, layers,
and the argument of TensorFlow 1 queues."""

MASKING = (b"mask_zero", b"Masking", b"Embedding", b"pad", b"zeros(", b"to_tensor", b"zip_longest", b"bucket_by_seq")
"""Pieces of which one occurs in any source that makes a mask, could make one, or pads sequences."""

FILE = os.path.join(os.path.dirname(__file__), "words.tsv")

_SHORTEST_STEM = 6

# Parts of a path that sources about anything may contain.
_PLAIN_PARTS = frozenset({"tf", "tfa", "keras", "contrib", "python", "ops", "nn", "compat", "v1", "learn"})

_HOMES = [home.decode() for home in OLD_HOMES if b"keras" in home and b" " not in home]

# Words that occur in many sources that have nothing to do with RNNs.
_COMMON_WORDS = frozenset(
    """
    activations api apply array attention base basic batch beam bernoulli best blocks bucket buckets by
    categorical check checkpoint compiled contrib convert core custom data decode decoder device
    direction dropout dynamic effort embedding example final fn from gather get greedy hard helper
    highway hot images impl inference input keras layer layers linear lite loss main mechanism mode model
    names ops output params prepare projection python reader reduce residual rows safe sample
    sampler scheduled search sequence simple size softmax src state static tile time to train
    training translate transpose tree tuple value vector with wrapper experimental
    """.split()  # noqa: SIM905 - as a list it would be three times as long
)


@lru_cache(maxsize=1)
def by_stem() -> Mapping[str, tuple[str, ...]]:
    """The words by the stem that they contain."""
    found: dict[str, tuple[str, ...]] = {}
    for stem, word, _ in _rows():
        found[stem] = (*found.get(stem, ()), word)
    return found


@lru_cache(maxsize=1)
def names() -> frozenset[bytes]:
    """The parts of symbols' paths that contain a word: code that names a symbol contains one of them."""
    return frozenset(name.encode() for _, _, listed in _rows() for name in listed.split())


@lru_cache(maxsize=1)
def _rows() -> list[list[str]]:
    with open(FILE, encoding="utf-8") as file:
        return [line.split("\t") for line in file.read().splitlines()[1:]]


def words() -> frozenset[str]:
    """All of the words."""
    return frozenset(word for group in by_stem().values() for word in group)


def occurring(lowered: str) -> list[str]:
    """The words that a lower-case text contains; a part of a path may be what is imported from it."""
    found = [word for stem, group in by_stem().items() if stem in lowered for word in group if word in lowered]
    if "import keras" in lowered:
        found += [word for word in ("python import keras", "contrib import keras") if word in lowered]
    return found


def as_text() -> str:
    """The text of words.tsv, which ``python docs/make_pages.py`` writes."""
    from rnnlint.facts import symbols

    wanted = derived()
    left = set(wanted)
    rows: list[tuple[str, str]] = []
    while left:
        # The stem that most words contain; among equals the longest, since it occurs in fewer sources.
        counts = Counter(piece for word in left for piece in _pieces(word))
        stem = min(counts, key=lambda piece: (-counts[piece], -len(piece), piece))
        group = sorted(word for word in left if stem in word)
        stem = group[0] if len(group) == 1 else stem
        rows += [(stem, word) for word in group]
        left -= set(group)
    paths = {_place(row) if row.family == "layer" else path for path, row in symbols.table().items()}
    parts = sorted({part for path in paths for part in path.split(".")})
    named = {word: " ".join(part for part in parts if word in part.lower()) or word for word in wanted}
    return "stem\tword\tnames\n" + "".join(f"{stem}\t{word}\t{named[word]}\n" for stem, word in rows)


def _pieces(word: str) -> Iterable[str]:
    ends = range(_SHORTEST_STEM, len(word) + 1)
    return {word[start:end] for end in ends for start in range(end - _SHORTEST_STEM + 1)} or {word}


def derived() -> frozenset[str]:
    """A few words, at least one of which occurs in any source that names a symbol.

    They are taken from the last part of each path, which any use must write. Only private names, modules, and names of
    one common word ("Helper") are recognized by the modules on the way to them instead.
    """
    from rnnlint.facts import symbols

    return _fewest({_place(symbol) for symbol in symbols.table().values()})


def telling() -> frozenset[str]:
    """Still fewer, of which each path holds one: who names a symbol writes the path somewhere in the project.

    Of a module with listed members the paths of these are enough: who has use for it writes one.
    """
    from rnnlint.facts import symbols

    parents = {path.rpartition(".")[0] for path in symbols.table()}
    rows = [row for path, row in symbols.table().items() if row.kind != "module" or path not in parents]
    # That recurrent layers of Keras are meant says the path, if it holds no other word.
    return _fewest({row.path for row in rows if "layer" not in (row.family, row.member_family)}) | {"keras"}


def _fewest(places: set[str]) -> frozenset[str]:
    """Words that the places hold, those that most of them hold first."""
    chosen: set[str] = set()
    while places:
        counts = Counter(word for place in places for word in _telling_words(place))
        best = min(counts, key=lambda word: (-counts[word], len(word), word))
        chosen.add(best)
        places = {place for place in places if best not in place.lower()}
    return frozenset(word for word in chosen if not any(word != one and one in word for one in chosen))


def _place(symbol: Symbol) -> str:
    """The part of the symbol's path that is searched for its word."""
    module, _, leaf = symbol.path.rpartition(".")
    if symbol.family == "layer":
        # Its name is that of a public layer, as a rule.
        return leaf if module == "keras.layers" else module
    one_common_word = leaf.lower() in _COMMON_WORDS
    private = ".python." in symbol.path
    by_module = symbol.kind == "module" or private or leaf.startswith("_") or one_common_word
    return symbol.path if by_module else leaf


def _telling_words(place: str) -> frozenset[str]:
    """The words of a place that are not common, or, where all are, its parts as they are written in a row."""
    parts = [part for part in place.split(".") if part not in _PLAIN_PARTS]
    words_in = re.findall(r"[A-Z]{2,}(?![a-z])\d?|[A-Z]?[a-z]+(?:\d[a-z]*)?", "_".join(parts))
    rare = {word.lower() for word in words_in if len(word) > 2} - _COMMON_WORDS
    homes = {home for home in _HOMES if home in place.lower()}
    return frozenset(rare or homes or {".".join(parts).lower()})
