"""What is a rule? A frozen value made from one small function: what it watches, says and rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from rnnlint.finding import Severity
from rnnlint.rules.watch import Report, Watch

if TYPE_CHECKING:
    from rnnlint.rules.context import Context

Judge: TypeAlias = "Callable[[Any, Context], Iterator[Report]]"
"""The function of a rule: called with a subject that the rule watches and a Context, it yields Reports."""


class Rule(NamedTuple):
    """A rule. It yields the blanks of its message; the engine formats, places and suppresses findings."""

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
    """The severities that its findings may have; the last one applies if a report sets none."""


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
    """Make a rule. Its longer texts are indented by eight spaces, which are removed.

    ``rests_on`` names claims of facts.claims, ``since`` the first release of rnnlint with the rule. Without
    ``severities``, findings of an opt-in rule are notes and those of any other rule warnings.
    """
    severities = severities or (("note",) if opt_in else ("warning",))
    return Rule(
        code, name, since, summary, _clean(why), message, watches, judge,
        _clean(bad) + "\n", _clean(good) + "\n", rests_on, opt_in, fixable, severities,
    )  # fmt: skip


def _clean(text: str) -> str:
    # inspect and textwrap would do this, but either takes longer to import than all rules.
    return text.replace("\n        ", "\n").strip("\n").rstrip()
