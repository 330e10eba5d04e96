"""What is a rule? A frozen value made from one small function: what it watches, what it says, what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from rnnlint.finding import Severity
from rnnlint.rules.watch import Report, Watch

if TYPE_CHECKING:
    from rnnlint.rules.context import Context

Judge: TypeAlias = "Callable[[Any, Context], Iterator[Report]]"
"""What a rule's function is: called with a subject of the kind that the rule watches, it yields reports."""


class Rule(NamedTuple):
    """A rule. It cannot format, place or suppress: it yields the blanks of its message, the engine does the rest."""

    code: str
    name: str
    since: str
    summary: str
    why: str
    message: str
    watches: Watch
    judge: Judge
    bad: str
    good: str
    rests_on: tuple[str, ...]
    opt_in: bool
    fixable: bool
    severities: tuple[Severity, ...]
    """The severities that its findings may have; the last one where a report gives none."""


def rule(
    *,
    code: str,
    name: str,
    since: str,
    summary: str,
    why: str,
    message: str,
    watches: Watch,
    judge: Judge,
    bad: str,
    good: str,
    rests_on: tuple[str, ...] = (),
    opt_in: bool = False,
    fixable: bool = False,
    severities: tuple[Severity, ...] = (),
) -> Rule:
    """Make a rule; its longer texts stand eight spaces in, as the code around them makes them.

    ``rests_on`` names claims of facts.claims, ``since`` the release of rnnlint that brought the rule. Without
    ``severities`` an opt-in rule makes notes, any other warnings.
    """
    severities = severities or (("note",) if opt_in else ("warning",))
    return Rule(
        code, name, since, summary, _clean(why), message, watches, judge,
        _clean(bad) + "\n", _clean(good) + "\n", rests_on, opt_in, fixable, severities,
    )  # fmt: skip


def _clean(text: str) -> str:
    # Not by inspect or textwrap: either takes longer to import than all rules.
    return text.replace("\n        ", "\n").strip("\n").rstrip()
