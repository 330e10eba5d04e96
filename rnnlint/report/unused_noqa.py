"""Which noqa comments silence nothing? Only codes of rnnlint, and only rules that this run enabled."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from rnnlint.finding import Edit, Finding, Fix
from rnnlint.report.noqa import Noqa, Word
from rnnlint.rules.rule import rule
from rnnlint.rules.watch import sites_of

# Not in rnnlint/rules: the engine cannot apply it, because only the host that applies the comments knows which were
# needed, and flake8 and pylint apply theirs. It is still a rule, so that its page and its metadata are generated.
RULE = rule(
    code="RNN100",
    name="unused-noqa",
    since="0.1",
    summary="A noqa comment that has no effect",
    why="""
        When you migrate the code, a comment that once hid a finding may stay and hide the next finding on that
        line. It is reported with `--report-unused-noqa`, for codes and names of rnnlint only; comments without codes,
        codes of other tools, and rules that this run did not check are not reported.
    """,
    message="This noqa comment has no effect: no finding of {words} here",
    watches=sites_of(),
    judge=lambda _subject, _context: iter(()),
    bad="""
        layer = tf.keras.layers.GRU(64)  # noqa: RNN103
    """,
    good="""
        layer = tf.keras.layers.GRU(64)
    """,
    opt_in=True,
    fixable=True,
)


def unused(
    noqas: Sequence[Noqa],
    used: Collection[Word | Noqa],
    enabled: Mapping[str, str],
    known: Mapping[str, str],
    filename: str,
    lines: Sequence[str],
    cells: Sequence[tuple[int, int]] = (),
) -> Iterator[Finding]:
    """A finding for each directive with words that silence nothing.

    ``known`` are all rules and ``enabled`` those of this run, names by code. A word that matches a rule which did not
    run, or no rule of ours, may be needed by another tool; so may a directive without words.
    """
    for noqa in noqas:
        idle = [word for word in noqa.words if word not in used and _is_judged(word, enabled, known)]
        if idle:
            yield _finding(noqa, idle, filename, lines, cells)


def _is_judged(word: Word, enabled: Mapping[str, str], known: Mapping[str, str]) -> bool:
    meant = [code for code, name in known.items() if word.covers(code, name)]
    return bool(meant) and all(code in enabled for code in meant)


def _finding(
    noqa: Noqa, idle: Sequence[Word], filename: str, lines: Sequence[str], cells: Sequence[tuple[int, int]]
) -> Finding:
    line = lines[noqa.comment.row - 1]
    cell, row = cells[noqa.comment.row - 1] if cells else (None, noqa.comment.row)
    words = ", ".join(word.text for word in idle)
    return Finding(
        filename=filename,
        cell=cell,
        row=row,
        column=noqa.column,
        code=RULE.code,
        end_row=row,
        end_column=noqa.end_column,
        name=RULE.name,
        message=RULE.message.format(words=words),
        fix=Fix(f"Remove {words}", "safe", (_edit(noqa, idle, line, row)._replace(cell=cell, filename=filename),)),
        line=line,
        severity="note",
    )


def _edit(noqa: Noqa, idle: Sequence[Word], line: str, row: int) -> Edit:
    """Remove the unused words; if none are left, the directive, and if nothing else is left, the comment."""
    kept = [word.text for word in noqa.words if word not in idle]
    if kept:
        return Edit(row, noqa.words[0].column, row, noqa.words[-1].end_column, ", ".join(kept))
    after = line[noqa.end_column - 1 :].lstrip(" \t,;:-")
    if not after:
        before = line[: noqa.column - 1].rstrip()
        return Edit(row, len(before) + 1, row, len(line) + 1, "")
    # The text after the directive stays a comment.
    return Edit(row, noqa.column, row, len(line) - len(after) + 1, "" if after.startswith("#") else "# ")
