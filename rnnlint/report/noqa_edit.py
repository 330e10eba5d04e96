"""Where does a noqa comment go? To the end of the line, or into the existing noqa."""

from __future__ import annotations

import tokenize
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from rnnlint.finding import Edit, Finding
from rnnlint.report import noqa
from rnnlint.report.noqa import Noqa, Speaking


class NoqaEdits:
    """Adds comments to a page, given as its lines without newlines; a missing line counts as empty."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._directives = Speaking(noqa.directives(lines))
        self._ends = _line_ends(lines)

    def of(self, findings: Iterable[Finding]) -> list[Edit]:
        """One edit for each comment that is added for these findings or gets more codes."""
        wanted: dict[Noqa | int, list[str]] = {}
        for finding in findings:
            there = next((one for one in self._directives.for_row(finding.row) if _takes_codes(one, finding.row)), None)
            codes = wanted.setdefault(there or _row_for_comment(self._ends, finding.row), [])
            if finding.code not in codes:
                codes.append(finding.code)
        return [_edit(self._lines, place, ", ".join(sorted(codes))) for place, codes in wanted.items()]


def _takes_codes(directive: Noqa, row: int) -> bool:
    return bool(directive.words) and not directive.whole_file and directive.speaks_for(row)


def _edit(lines: Sequence[str], place: Noqa | int, codes: str) -> Edit:
    if isinstance(place, Noqa):
        last = place.words[-1]
        return Edit(last.row, last.end_column, last.row, last.end_column, f", {codes}")
    line = lines[place - 1] if place <= len(lines) else ""
    return Edit(place, len(line.rstrip()) + 1, place, len(line) + 1, f"  # noqa: {codes}")


def _line_ends(lines: Sequence[str]) -> list[int]:
    """The last lines of physical lines joined by a string or a backslash: only there a comment can be placed."""
    rows = (line + "\n" for line in lines)
    ends = []
    try:
        for token in tokenize.generate_tokens(lambda: next(rows, "")):
            if token.type in (tokenize.NL, tokenize.NEWLINE):
                ends.append(token.start[0])
    except (tokenize.TokenError, SyntaxError):
        # Python 2 or an IPython magic: a line then almost always ends where it seems to.
        pass
    return ends


def _row_for_comment(ends: Sequence[int], row: int) -> int:
    at = bisect_left(ends, row)
    return ends[at] if at < len(ends) else row
