"""How are the fixes of one file applied? In rounds, each checked again, and written completely or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rnnlint.finding import Finding
from rnnlint.hosts.configuration import project_root
from rnnlint.hosts.outcome import Outcome
from rnnlint.read.aligned import aligned
from rnnlint.read.edited import edited
from rnnlint.read.problem import SourceError
from rnnlint.read.source import from_bytes
from rnnlint.report.applying import compatible, edits_of
from rnnlint.report.moved import moved_on, unresolved
from rnnlint.report.replacing import ChangedMeanwhile, replace

_MOST_ROUNDS = 20
"""The limit on rounds: fixes that touch each other wait for the next round, and more than this would never end."""

Choose = Callable[[Outcome], Sequence[Finding]]
"""The findings of an outcome whose fixes are to be applied."""


class Fixed(NamedTuple):
    """The content of a file after its fixes, and how many were applied."""

    data: bytes
    made: int = 0
    problem: SourceError | None = None
    """Why some fixes were not applied; if none were, why the file is unchanged."""


def fixed(
    data: bytes, filename: str, check: Callable[[bytes, str], Outcome], choose: Choose, rounds: int = _MOST_ROUNDS
) -> Fixed:
    """The content after all wanted fixes. If the result does not parse, the original content is returned.

    A fix that leaves its finding and the same fix unchanged is not applied; the others are.
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
            edits = aligned(current, filename, edits_of(wanted))
            after = edited(current, filename, edits)
        except SourceError as error:
            return Fixed(data, problem=error)
        broken = _broken(after, filename, outcome)
        if broken is not None:
            return Fixed(data, problem=_our_fault(broken, wanted, filename))
        then = check(after, filename)
        stays = [] if _is_in_doubt(then) else unresolved(wanted, edits, choose(then))
        if stays:
            useless += stays
            continue
        current, outcome, made, left = after, then, made + len(wanted), left - 1
        useless = moved_on(useless, edits)
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
    """What is wrong with the new content; the old one had no such error."""
    try:
        problems = from_bytes(data, filename).problems
    except SourceError as error:
        return error
    return problems[0] if problems and not before.problems else None


def _our_fault(broken: SourceError, wanted: Sequence[Finding], filename: str) -> SourceError:
    codes = ", ".join(sorted({finding.code for finding in wanted}))
    reason = f"not fixed, please report it: after the fixes of {codes} the file would not parse ({broken.reason})"
    return SourceError(filename, 0, 0, reason)


def write(filename: str, before: bytes, after: bytes, root: str) -> SourceError | None:
    """Replace the content that was read by the new one; return why that failed, or None.

    A link inside the project ``root`` stays, and the file that it points to changes; files outside are left alone.
    """
    place = os.path.realpath(filename)
    try:
        reason = _refusal(filename, place, root) or _replaced(place, before, after)
    except SourceError as error:
        return SourceError(filename, error.row, error.column, error.reason)
    except OSError as error:
        reason = f"it cannot be written: {error.strerror or error}"
    return SourceError(filename, 0, 0, f"not fixed: {reason}") if reason else None


def _refusal(filename: str, place: str, root: str) -> str:
    """Why a file is not written; empty if it can be."""
    if not _is_below(_project_of(filename, root), place):
        return "it is a link to a file outside the project"
    status = os.stat(place)
    if not status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        return "the file is read-only"
    if not os.access(place, os.W_OK):
        return "the file is not writable"
    if status.st_nlink > 1:
        # Writing in place could leave half a file, and its other names may be anywhere.
        return f"the file has {status.st_nlink} names (hard links), and a fix would separate it from the others"
    return ""


def _project_of(filename: str, root: str) -> str:
    """The project that a file belongs to: the one of this run, or the file's own if it is elsewhere."""
    path = os.path.abspath(filename)
    inside = path.startswith(os.path.join(os.path.abspath(root), ""))
    return root if inside else project_root(os.path.dirname(path))


def _is_below(folder: str, place: str) -> bool:
    return place.startswith(os.path.join(os.path.realpath(folder), ""))


def _replaced(place: str, before: bytes, after: bytes) -> str:
    try:
        replace(place, before, after)
    except ChangedMeanwhile:
        return "it changed while rnnlint checked it"
    return ""
