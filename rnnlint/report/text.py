"""What does a person read? Findings with their source line, or one line each, and a summary line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rnnlint.finding import Finding, Origin
from rnnlint.report.after_fixes import fixed_lines
from rnnlint.report.color import Paint, painter
from rnnlint.report.excerpt import draw, printable
from rnnlint.report.run import Run, counted, is_hidden, is_offered, message_with_cell, path_for_people, place_in_file


def full(run: Run) -> Iterator[str]:
    """Each finding with its source line, a marker, and the lines that it depends on."""
    paint = painter(run.color)
    for finding in run.findings:
        yield from _block(finding, run, paint)
    yield from summary(run, paint)


def concise(run: Run) -> Iterator[str]:
    """Each finding on one line, path:line:col: CODE message, which editors and grep understand."""
    paint = painter(run.color)
    for finding in run.findings:
        path = paint(printable(path_for_people(run.cwd, finding.filename)), "bold")
        code = paint(finding.code, "code")
        yield f"{path}:{place(finding)}: {code}{_mark(finding, run)} {printable(finding.message)}\n"
    yield from summary(run, paint)


def grouped(run: Run) -> Iterator[str]:
    """The findings of each file below its path, and the uses of a name below its import."""
    paint = painter(run.color)
    for filename, together in groupby(run.findings, key=lambda finding: finding.filename):
        yield f"{paint(printable(path_for_people(run.cwd, filename)), 'bold')}:\n"
        rows = list(_with_uses_below(list(together)))
        width = max(len(place(finding)) + 2 * depth for finding, depth in rows)
        for finding, depth in rows:
            where = f"{'  ' * depth}{place(finding)}".ljust(width)
            code = paint(finding.code, "code")
            yield f"  {where} {code}{_mark(finding, run)} {printable(finding.message)}\n"
        yield "\n"
    yield from summary(run, paint)


def _with_uses_below(findings: Sequence[Finding]) -> Iterator[tuple[Finding, int]]:
    """The findings of a file in display order, each with its indentation depth."""
    imports = {_place_of(finding) for finding in findings if finding.is_import}
    uses: dict[tuple[int, int, int] | None, list[Finding]] = {}
    for finding in findings:
        if finding.import_place in imports:
            uses.setdefault(finding.import_place, []).append(finding)
    for finding in findings:
        if finding.import_place not in imports:
            yield finding, 0
            if finding.is_import:
                yield from ((use, 1) for use in uses.pop(_place_of(finding), ()))


def _place_of(finding: Finding) -> tuple[int, int, int]:
    return finding.cell or 0, finding.row, finding.column


def pylint(run: Run) -> Iterator[str]:
    """One line each in pylint's parseable format, path:line: [CODE] message."""
    for finding in run.findings:
        row = place_in_file(finding)[0]
        path = printable(path_for_people(run.cwd, finding.filename))
        yield f"{path}:{row}: [{finding.code}] {printable(message_with_cell(finding))}\n"


def place(finding: Finding) -> str:
    """line:column, in a notebook with the cell before it."""
    cell = "" if finding.cell is None else f"cell {finding.cell}:"
    return f"{cell}{finding.row}:{finding.column}"


def summary(run: Run, paint: Paint) -> Iterator[str]:
    """The number of findings; nothing with --quiet, and no praise if files could not be read."""
    if run.quiet:
        return
    if run.fixed is not None and run.fixed[0]:
        yield from fixed_lines(*run.fixed, run.findings)
    if run.findings:
        yield f"Found {_found(run.findings)}.\n"
        if run.migrates and run.fixed is not None and run.fixed[0] and any(map(_is_legacy, run.findings)):
            yield "Legacy names that still run on the target are included; --profile maintain omits them.\n"
        yield from _offer(run)
    elif not run.problems:
        yield paint("All checks passed!", "good") + "\n"


def _is_legacy(finding: Finding) -> bool:
    return finding.code.startswith("RNN1") and finding.severity == "warning"


def _found(findings: Sequence[Finding]) -> str:
    """The number of findings and files; imports are counted separately, since their uses repeat most of them."""
    files = len({finding.filename for finding in findings})
    imports = sum(finding.is_import for finding in findings)
    apart = f": {counted(imports, 'import')}, {counted(len(findings) - imports, 'other place')}" if imports else ""
    return f"{counted(len(findings), 'finding')} in {counted(files, 'file')}{apart}"


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


def _block(finding: Finding, run: Run, paint: Paint) -> Iterator[str]:
    row = str(finding.row)
    gutter = " " * len(row)
    bar = paint(f"{gutter} |", "frame")
    path = printable(path_for_people(run.cwd, finding.filename))
    yield f"{paint(finding.code, 'code')}{_mark(finding, run)} {paint(printable(finding.statement), 'bold')}\n"
    yield f"{gutter}{paint('-->', 'frame')} {path}:{place(finding)}\n"
    yield from _source(finding, bar, paint)
    for origin in finding.because:
        if finding.repeats_import and _is_import(origin, finding):
            # The help line names it.
            continue
        where = printable(path_for_people(run.cwd, origin.filename))
        cell = "" if origin.cell is None else f"cell {origin.cell}:"
        yield f"{gutter} {paint('=', 'frame')} {paint('because', 'bold')}: {where}:{cell}{origin.row}: "
        yield f"{printable(origin.text.strip())}\n"
    if finding.help:
        yield f"{gutter} {paint('=', 'frame')} {paint('help', 'help')}: {printable(finding.help)}\n"
    if finding.fix is not None:
        kind = "unsafe fix" if is_hidden(finding) else "fix"
        yield f"{gutter} {paint('=', 'frame')} {paint(kind, 'help')}: {printable(finding.fix.message)}\n"
    yield "\n"


def _is_import(origin: Origin, finding: Finding) -> bool:
    place = (finding.import_place or (0, 0, 0))[:2]
    return origin.filename == finding.filename and (origin.cell or 0, origin.row) == place


def _source(finding: Finding, bar: str, paint: Paint) -> Iterator[str]:
    """The line with its marker, followed by the rule's name."""
    if not finding.line.strip():
        yield f"{bar}\n"
        return
    # A finding over several lines is marked to the end of the first.
    end = finding.end_column if finding.end_row == finding.row else len(finding.line) + 1
    line, marker = draw(finding.line, finding.column, end)
    yield f"{bar}\n"
    yield f"{paint(f'{finding.row} |', 'frame')} {line}\n"
    yield f"{bar} {paint(f'{marker} {finding.name}', 'code')}\n"
    yield f"{bar}\n"
