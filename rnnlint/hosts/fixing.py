"""How are the fixes of one file made? In rounds, each checked again, and written at once or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rnnlint.finding import Finding
from rnnlint.hosts.outcome import Outcome
from rnnlint.read.content import read_bytes
from rnnlint.read.edited import edited
from rnnlint.read.problem import SourceError
from rnnlint.read.source import from_bytes
from rnnlint.report.applying import compatible, edits_of
from rnnlint.report.atomic import write_atomically

_MOST_ROUNDS = 20
"""Fixes that touch each other wait for the next round; whatever needs more of them would never end."""

Choose = Callable[[Outcome], Sequence[Finding]]
"""The findings of an outcome whose fixes are wanted."""


class Fixed(NamedTuple):
    """What a file holds after its fixes, and how many were made."""

    data: bytes
    made: int = 0
    problem: SourceError | None = None
    """Why it stays as it was although there are fixes."""


def fixed(
    data: bytes, filename: str, check: Callable[[bytes, str], Outcome], choose: Choose, rounds: int = _MOST_ROUNDS
) -> Fixed:
    """The content after all fixes that are wanted. What does not parse afterwards is given back as it was."""
    current, made = data, 0
    for _ in range(rounds):
        outcome = check(current, filename)
        wanted = [] if outcome.error or outcome.problems else compatible(choose(outcome))
        if not wanted:
            break
        try:
            current = edited(current, filename, edits_of(wanted))
        except SourceError as error:
            return Fixed(data, problem=error)
        broken = _broken(current, filename, outcome)
        if broken is not None:
            return Fixed(data, problem=_our_fault(broken, wanted, filename))
        made += len(wanted)
    return Fixed(current, made)


def _broken(data: bytes, filename: str, before: Outcome) -> SourceError | None:
    """What is wrong with the content now; nothing was before."""
    try:
        problems = from_bytes(data, filename).problems
    except SourceError as error:
        return error
    return problems[0] if problems and not before.problems else None


def _our_fault(broken: SourceError, wanted: Sequence[Finding], filename: str) -> SourceError:
    codes = ", ".join(sorted({finding.code for finding in wanted}))
    reason = f"not fixed, please report it: after the fixes of {codes} it would not parse ({broken.reason})"
    return SourceError(filename, 0, 0, reason)


def write(filename: str, before: bytes, after: bytes) -> SourceError | None:
    """Put the new content in the place of the one that was read; what keeps us from it otherwise."""
    try:
        if read_bytes(filename) != before:
            return SourceError(filename, 0, 0, "not fixed: it was changed while it was checked")
        if not os.stat(filename).st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            return SourceError(filename, 0, 0, "not fixed: the file is read-only")
        if not os.access(filename, os.W_OK):
            return SourceError(filename, 0, 0, "not fixed: the file may not be written")
        write_atomically(filename, after, durable=True)
    except SourceError as error:
        return error
    except OSError as error:
        return SourceError(filename, 0, 0, f"not fixed: it cannot be written: {error.strerror or error}")
    return None
