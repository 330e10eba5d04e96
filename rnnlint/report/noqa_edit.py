"""Where does a comment go that silences a finding? To the end of its line, or into the noqa that is there."""

from __future__ import annotations

import tokenize
from collections.abc import Sequence

from rnnlint.finding import Edit, Finding
from rnnlint.report import noqa


def noqa_edit(lines: Sequence[str], finding: Finding) -> Edit:
    """The edit of the page that has these lines and the finding."""
    for directive in noqa.directives(lines):
        if directive.words and not directive.whole_file and directive.speaks_for(finding.row):
            last = directive.words[-1]
            return Edit(last.row, last.end_column, last.row, last.end_column, f", {finding.code}")
    row = _row_for_comment(lines, finding.row)
    line = lines[row - 1] if row <= len(lines) else ""
    end = len(line) + 1
    return Edit(row, len(line.rstrip()) + 1, row, end, f"  # noqa: {finding.code}")


def _row_for_comment(lines: Sequence[str], row: int) -> int:
    """The row that ends the physical lines which a string or a backslash joins: only there a comment can stand."""
    rows = (line + "\n" for line in lines)
    try:
        for token in tokenize.generate_tokens(lambda: next(rows, "")):
            if token.type in (tokenize.NL, tokenize.NEWLINE) and token.start[0] >= row:
                return token.start[0]
    except (tokenize.TokenError, SyntaxError):
        # Python 2 or a magic of IPython: such a line nearly always ends where it seems to.
        pass
    return row
