"""What does a person read? Findings with their source line, or one line each, and a line that sums up."""

from __future__ import annotations

from collections.abc import Iterator

from rnnlint.finding import Finding
from rnnlint.report.color import Paint, painter
from rnnlint.report.excerpt import draw, printable
from rnnlint.report.run import Run, is_hidden, is_offered, path_for_people


def full(run: Run) -> Iterator[str]:
    """Each finding with its source line, a marker, and the lines that it rests on."""
    paint = painter(run.color)
    for finding in run.findings:
        yield from _block(finding, run, paint)
    yield from summary(run, paint)


def concise(run: Run) -> Iterator[str]:
    """Each finding on one line, path:row:col: CODE message, which editors and grep understand."""
    paint = painter(run.color)
    for finding in run.findings:
        path = paint(printable(path_for_people(run.cwd, finding.filename)), "bold")
        code = paint(finding.code, "code")
        yield f"{path}:{place(finding)}: {code}{_mark(finding, run)} {printable(finding.message)}\n"
    yield from summary(run, paint)


def place(finding: Finding) -> str:
    """row:column, in a notebook with the cell before."""
    cell = "" if finding.cell is None else f"cell {finding.cell}:"
    return f"{cell}{finding.row}:{finding.column}"


def summary(run: Run, paint: Paint) -> Iterator[str]:
    """How many findings there are; nothing with --quiet, and no praise where files could not be read."""
    if run.quiet:
        return
    if run.fixed is not None and run.fixed[0]:
        yield fixed_line(*run.fixed) + "\n"
    if run.findings:
        files = len({finding.filename for finding in run.findings})
        yield f"Found {counted(len(run.findings), 'finding')} in {counted(files, 'file')}.\n"
        yield from _offer(run)
    elif not run.problems:
        yield paint("All checks passed!", "good") + "\n"


def fixed_line(fixes: int, files: int) -> str:
    """How much was fixed."""
    return f"Fixed {counted(fixes, 'finding')} in {counted(files, 'file')}."


def _offer(run: Run) -> Iterator[str]:
    """How many findings `--fix` would fix, and how many more with unsafe fixes."""
    offered = sum(is_offered(finding, run.unsafe) for finding in run.findings)
    hidden = 0 if run.unsafe else sum(map(is_hidden, run.findings))
    needs = " --unsafe-fixes" if any(map(is_hidden, run.findings)) and run.unsafe else ""
    if offered:
        more = f", and --unsafe-fixes enables {hidden} more" if hidden else ""
        yield f"[*] {offered} can be fixed with --fix{needs}{more}.\n"
    elif hidden:
        yield f"{counted(hidden, 'unsafe fix', 'unsafe fixes')} can be enabled with --unsafe-fixes.\n"


def _mark(finding: Finding, run: Run) -> str:
    return " [*]" if is_offered(finding, run.unsafe) else ""


def counted(number: int, one: str, many: str = "") -> str:
    """'1 finding', '2 findings'."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _block(finding: Finding, run: Run, paint: Paint) -> Iterator[str]:
    row = str(finding.row)
    gutter = " " * len(row)
    bar = paint(f"{gutter} |", "frame")
    path = printable(path_for_people(run.cwd, finding.filename))
    said, advice = _said_and_advice(finding)
    yield f"{paint(finding.code, 'code')}{_mark(finding, run)} {paint(printable(said), 'bold')}\n"
    yield f"{gutter}{paint('-->', 'frame')} {path}:{place(finding)}\n"
    yield from _source(finding, bar, paint)
    for origin in finding.because:
        where = printable(path_for_people(run.cwd, origin.filename))
        yield f"{gutter} {paint('=', 'frame')} {paint('because', 'bold')}: {where}:{origin.row}: "
        yield f"{printable(origin.text.strip())}\n"
    if advice:
        yield f"{gutter} {paint('=', 'frame')} {paint('help', 'help')}: {printable(advice)}\n"
    if finding.fix is not None:
        kind = "unsafe fix" if is_hidden(finding) else "fix"
        yield f"{gutter} {paint('=', 'frame')} {paint(kind, 'help')}: {printable(finding.fix.message)}\n"
    yield "\n"


def _said_and_advice(finding: Finding) -> tuple[str, str]:
    """The message in two where it ends in what to use instead: a block has room for it on its own line."""
    said, found, advice = finding.message.partition("; use ")
    return said, f"use {advice}" if found else ""


def _source(finding: Finding, bar: str, paint: Paint) -> Iterator[str]:
    """The line with its marker, which the rule's name follows."""
    if not finding.line.strip():
        yield f"{bar}\n"
        return
    # A finding over several rows is marked to the end of its first.
    end = finding.end_column if finding.end_row == finding.row else len(finding.line) + 1
    line, marker = draw(finding.line, finding.column, end)
    yield f"{bar}\n"
    yield f"{paint(f'{finding.row} |', 'frame')} {line}\n"
    yield f"{bar} {paint(f'{marker} {finding.name}', 'code')}\n"
    yield f"{bar}\n"
