"""Which findings does a comment silence? `# noqa`, with codes or names, for a line or a file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rnnlint.finding import Finding
from rnnlint.report.comments import Comment, comments

# A code or its beginning as in flake8, our letters alone, or the name of a rule. Anything else is prose: as in flake8,
# the comment then silences everything.
_WORD = r"(?:[a-z][a-z0-9]*(?:-[a-z0-9]+)+|[a-z]+[0-9]+|RNN(?!\w))"
_WORDS = rf"noqa(?![\w-])(?:\s*:\s*(?P<words>{_WORD}(?:[,\s]+{_WORD})*))?"
_INLINE = re.compile(rf"#\s*{_WORDS}", re.IGNORECASE)
_FILE = re.compile(rf"#\s*(?:rnnlint|flake8)\s*[:=]\s*{_WORDS}", re.IGNORECASE)
_ONE_WORD = re.compile(r"[^,\s]+")
_HINT = re.compile("noqa", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A code, the beginning of one, or a name, in a comment; line and columns count from 1."""

    text: str
    row: int
    column: int
    end_column: int

    def covers(self, code: str, name: str) -> bool:
        """Whether it silences the rule with that code and name."""
        return code.startswith(self.text.upper()) or name == self.text.lower()


@dataclass(frozen=True, slots=True)
class Noqa:
    """A directive in a comment. Without words it silences everything; with ``whole_file`` it applies to all lines."""

    comment: Comment
    column: int
    end_column: int
    words: tuple[Word, ...]
    whole_file: bool

    def speaks_for(self, row: int) -> bool:
        """Whether findings on that line are silenced."""
        return self.whole_file or self.comment.first_row <= row <= self.comment.row


class Speaking:
    """Which directives apply to a line. At most one comment applies to it directly, since no two share a line."""

    def __init__(self, noqas: Iterable[Noqa]) -> None:
        self._everywhere: list[Noqa] = []
        self._first_rows: list[int] = []
        self._of_comment: list[list[Noqa]] = []
        for noqa in sorted(noqas, key=lambda one: one.comment.first_row):
            if noqa.whole_file:
                self._everywhere.append(noqa)
            elif self._first_rows[-1:] == [noqa.comment.first_row]:
                self._of_comment[-1].append(noqa)
            else:
                self._first_rows.append(noqa.comment.first_row)
                self._of_comment.append([noqa])

    def for_row(self, row: int) -> list[Noqa]:
        """The directives for findings on a line, in source order after those for the whole file."""
        at = bisect_right(self._first_rows, row)
        near = self._of_comment[at - 1] if at else []
        return [*self._everywhere, *(noqa for noqa in near if noqa.speaks_for(row))]


@dataclass(frozen=True, slots=True)
class Sifted:
    """The findings that remain, those that were silenced, and the words of the directives that silenced any."""

    kept: list[Finding]
    silenced: list[Finding]
    used: frozenset[Word | Noqa]


def directives(lines: Sequence[str]) -> list[Noqa]:
    """Every noqa of a source, given as its lines without newlines."""
    if not any(_HINT.search(line) for line in lines):
        return []
    return [noqa for comment in comments(lines) for noqa in _in_comment(comment, lines)]


def sift(findings: Iterable[Finding], noqas: Sequence[Noqa], cells: Sequence[tuple[int, int]] = ()) -> Sifted:
    """Split the findings of one file. ``cells`` is Source.cells: the cell, and the line in it, of each line of a
    notebook."""
    row_of = {place: row for row, place in enumerate(cells, 1)}
    speaking = Speaking(noqas)
    kept: list[Finding] = []
    silenced: list[Finding] = []
    used: set[Word | Noqa] = set()
    for finding in findings:
        row = finding.row if finding.cell is None else row_of.get((finding.cell, finding.row), 0)
        hits = [hit for noqa in speaking.for_row(row) for hit in _hits(noqa, finding)]
        used.update(hits)
        (silenced if hits else kept).append(finding)
    return Sifted(kept, silenced, frozenset(used))


def _hits(noqa: Noqa, finding: Finding) -> list[Word | Noqa]:
    """The part of the directive that silences the finding: the directive itself, or some of its words."""
    if not noqa.words:
        return [noqa]
    return [word for word in noqa.words if word.covers(finding.code, finding.name)]


def _in_comment(comment: Comment, lines: Sequence[str]) -> Iterator[Noqa]:
    # A directive for the whole file must be on a separate line, so that nobody silences a file by accident.
    if not lines[comment.row - 1][: comment.column - 1].strip():
        whole = _FILE.match(comment.text)
        if whole:
            yield _directive(whole, comment, whole_file=True)
    for found in _INLINE.finditer(comment.text):
        yield _directive(found, comment, whole_file=False)


def _directive(found: re.Match[str], comment: Comment, whole_file: bool) -> Noqa:
    words = []
    if found["words"]:
        offset = comment.column + found.start("words")
        for word in _ONE_WORD.finditer(found["words"]):
            words.append(Word(word.group(), comment.row, offset + word.start(), offset + word.end()))
    start, end = comment.column + found.start(), comment.column + found.end()
    return Noqa(comment, start, end, tuple(words), whole_file)
