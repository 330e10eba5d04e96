"""What do we say about it? One file a rule; this package finds them all and knows them by code and name."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable
from functools import lru_cache

from rnnlint.rules.rule import Rule
from rnnlint.settings import SettingsError, nearest


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code. A rule is found by lying in this folder under its code; nothing lists them."""
    found = []
    # Not by pkgutil, which imports inspect: that takes longer than all rules.
    files = {name.partition(".")[0] for folder in __path__ for name in os.listdir(folder) if name.startswith("rnn")}
    for name in sorted(files):
        loaded = importlib.import_module(f"{__name__}.{name}")
        found += [value for value in vars(loaded).values() if isinstance(value, Rule)]
    return tuple(sorted(found, key=lambda rule: rule.code))


def chosen(words: Iterable[str], where: str) -> frozenset[str]:
    """The codes that a list of codes, prefixes and names means. Raises SettingsError for a word that means none."""
    codes: set[str] = set()
    for word in words:
        hits = {r.code for r in all_rules() if word == "ALL" or r.code.startswith(word.upper()) or r.name == word}
        if not hits:
            known = [r.code for r in all_rules()] + [r.name for r in all_rules()]
            raise SettingsError(f"{where}: unknown rule {word!r}{nearest(word, known)}")
        codes |= hits
    return frozenset(codes)
