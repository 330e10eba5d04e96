"""What may a rule look at? The subjects that the engine offers, and the reports that rules give back."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rnnlint.finding import Fix
from rnnlint.infer.evaluate import Evaluator
from rnnlint.infer.unroll import Unroll
from rnnlint.resolve.module import Module
from rnnlint.resolve.sites import Site
from rnnlint.settings import Settings

Subject = Literal["sites", "unrolls"]
"""``sites``: imports and uses of legacy symbols. ``unrolls``: calls that copy a cell into the graph for each step."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The subjects that a rule is called with."""

    subject: Subject
    families: frozenset[str] = field(default_factory=frozenset)
    """For sites: the families of facts.symbols."""


def sites_of(*families: str) -> Watch:
    """Imports and uses of symbols of these families."""
    return Watch("sites", frozenset(families))


UNROLLS = Watch("unrolls")


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may ask besides its subject."""

    module: Module
    settings: Settings
    evaluator: Evaluator
    sites: tuple[Site, ...]
    unrolls: Mapping[ast.AST, Unroll]
    """The unrolling calls of the module by the expression that is called."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a rule says: the node that it is about and the blanks of its message. The engine does the rest."""

    node: ast.AST
    blanks: Mapping[str, object]
    api: str | None = None
    unroll_length: int | None = None
    graph_ops: int | None = None
    because: tuple[tuple[Module, ast.AST], ...] = ()
    fix: Fix | None = None
