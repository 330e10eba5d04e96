"""Which calls run a legacy cell over sequences, and do they pass the length of each?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from rnnlint.facts import symbols
from rnnlint.facts.symbols import Symbol
from rnnlint.infer.values.spread import keywords_of
from rnnlint.resolve.given import argument
from rnnlint.resolve.sites import Site
from rnnlint.resolve.values import Module

LENGTHS = "sequence_length"
_FAMILIES = ("static", "dynamic")


class Run(NamedTuple):
    """A call of a legacy runner."""

    call: ast.Call
    symbol: Symbol
    lengths: ast.expr | None
    """The argument ``sequence_length``; None if it is not passed, or is None itself."""
    keywords: tuple[tuple[str, ast.expr], ...]
    """The arguments by keyword, also those from ``**``."""

    @property
    def leaf(self) -> str:
        """The last name of the runner."""
        return self.symbol.path.rpartition(".")[2]

    @property
    def is_static(self) -> bool:
        """Whether it takes and returns a list with one tensor per step."""
        return self.symbol.family == "static"

    @property
    def is_bidirectional(self) -> bool:
        """Whether it also runs backwards, beginning with the padding."""
        return "bidirectional" in self.leaf

    def argument(self, name: str, target: str) -> ast.expr | None:
        """An argument by name, or by its position on the target."""
        return _argument(self.call, dict(self.keywords), self.symbol, name, target)

    def inputs(self, target: str) -> ast.expr | None:
        """The sequences that it runs over."""
        return self.argument("inputs", target)


def find(module: Module, sites: Iterable[Site], target: str) -> Iterator[Run]:
    """The calls in source order, without those whose arguments are not visible, as in ``dynamic_rnn(**options)``."""
    for site in sites:
        symbol = site.symbol
        if symbol.family not in _FAMILIES or isinstance(site.node, ast.alias):
            continue
        call = module.tree.call_of(site.node)
        if call is None or LENGTHS not in symbols.arguments_at(symbol, target):
            continue
        keywords = keywords_of(call, module)
        if keywords is None:
            continue
        given = _argument(call, keywords, symbol, LENGTHS, target)
        yield Run(call, symbol, None if _is_none(given) else given, tuple(keywords.items()))


def _argument(
    call: ast.Call, keywords: Mapping[str, ast.expr], symbol: Symbol, name: str, target: str
) -> ast.expr | None:
    return keywords[name] if name in keywords else argument(call, symbol, name, target)


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
