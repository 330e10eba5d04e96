"""What does rnnlint report? One file per rule; this package finds them all by code and name."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable
from functools import lru_cache

from rnnlint.rules.rule import Rule
from rnnlint.settings import SettingsError, nearest


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """Every rule, sorted by code. Each file in this folder that is named after a code is a rule; no list names them."""
    found = []
    # pkgutil would import inspect, which takes longer than importing all rules.
    files = {name.partition(".")[0] for folder in __path__ for name in os.listdir(folder) if name.startswith("rnn")}
    for name in sorted(files):
        loaded = importlib.import_module(f"{__name__}.{name}")
        found += [value for value in vars(loaded).values() if isinstance(value, Rule)]
    return tuple(sorted(found, key=lambda rule: rule.code))


def chosen(words: Iterable[str], where: str) -> frozenset[str]:
    """The codes that match a list of codes, prefixes and names. Raises SettingsError for a word that matches none."""
    codes: set[str] = set()
    for word in words:
        hits = {r.code for r in all_rules() if word == "ALL" or r.code.startswith(word.upper()) or r.name == word}
        if not hits:
            known = [r.code for r in all_rules()] + [r.name for r in all_rules()]
            raise SettingsError(f"{where}: unknown rule {word!r}{nearest(word, known)}")
        codes |= hits
    return frozenset(codes)
