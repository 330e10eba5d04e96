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
from rnnlint.report.moved import moved_on, unresolved

_MOST_ROUNDS = 20
"""Fixes that touch each other wait for the next round; whatever needs more of them would never end."""

Choose = Callable[[Outcome], Sequence[Finding]]
"""The findings of an outcome whose fixes are wanted."""


class Fixed(NamedTuple):
    """What a file holds after its fixes, and how many were made."""

    data: bytes
    made: int = 0
    problem: SourceError | None = None
    """Why not all fixes were made; with none made, why it stays as it was."""


def fixed(
    data: bytes, filename: str, check: Callable[[bytes, str], Outcome], choose: Choose, rounds: int = _MOST_ROUNDS
) -> Fixed:
    """The content after all fixes that are wanted. What does not parse afterwards is given back as it was.

    A fix that leaves its finding, and the same fix, as they were is not made; the others are.
    """
    current, made = data, 0
    outcome = check(current, filename)
    useless: list[Finding] = []
    left = rounds
    for _ in range(_MOST_ROUNDS):
        known = {finding.identity for finding in useless}
        wanted = [] if _is_in_doubt(outcome) else compatible(f for f in choose(outcome) if f.identity not in known)
        if not wanted or not left:
            break
        try:
            after = edited(current, filename, edits_of(wanted))
        except SourceError as error:
            return Fixed(data, problem=error)
        broken = _broken(after, filename, outcome)
        if broken is not None:
            return Fixed(data, problem=_our_fault(broken, wanted, filename))
        then = check(after, filename)
        stays = [] if _is_in_doubt(then) else unresolved(wanted, choose(then))
        if stays:
            useless += stays
            continue
        current, outcome, made, left = after, then, made + len(wanted), left - 1
        useless = moved_on(useless, wanted)
    return Fixed(current, made, _no_use(useless, filename) if useless else None)


def _is_in_doubt(outcome: Outcome) -> bool:
    return bool(outcome.error or outcome.problems)


def _no_use(useless: Sequence[Finding], filename: str) -> SourceError:
    codes = ", ".join(sorted({finding.code for finding in useless}))
    first = min(useless)
    where = f" in cell {first.cell}" if first.cell else ""
    reason = f"not fixed{where}, please report it: the fix of {codes} does not resolve the finding"
    return SourceError(filename, first.row, first.column, reason)


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
