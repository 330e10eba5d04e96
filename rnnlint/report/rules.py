"""Which rules can appear in a report? Those of the engine and those that only a report can apply."""

from __future__ import annotations

from functools import lru_cache

from rnnlint.report import unused_noqa
from rnnlint.rules import all_rules
from rnnlint.rules.rule import Rule
from rnnlint.settings import SettingsError, nearest


@lru_cache(maxsize=1)
def reported() -> tuple[Rule, ...]:
    """Every rule that a report can name, by code."""
    return tuple(sorted((*all_rules(), unused_noqa.RULE), key=lambda rule: rule.code))


def url_of(name: str, docs_url: str) -> str | None:
    """The URL of a rule's page below ``docs_url``; None if the pages are not hosted."""
    return f"{docs_url.rstrip('/')}/{name}" if docs_url else None


def named(word: str) -> Rule:
    """The rule with this code or name, in any case. Raises SettingsError, which suggests the nearest one."""
    for rule in reported():
        if word.upper() == rule.code or word.lower() == rule.name:
            return rule
    codes, names = zip(*((rule.code, rule.name) for rule in reported()), strict=True)
    raise SettingsError(f"unknown rule {word!r}{nearest(word.upper(), codes) or nearest(word.lower(), names)}")
