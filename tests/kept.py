"""What exactly did the tests see the last time? Texts that are kept by page and name in `tests/kept/<page>.txt`.

Fixtures and tables of programs ask for codes, so that they can be read. What is said beside that (places, numbers, what
a finding rests on, advice, fixes, rewritten programs) is kept here, so that no change of it goes unseen. Where a change
is meant, `python tests/kept.py` writes the pages anew, or with names of tests, those of these tests, whole; read the
difference before you commit it.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from rnnlint.finding import Finding, Origin

_FOLDER = Path(__file__).parent / "kept"
_WRITTEN_BY = (
    "tests/test_fixtures.py::test_each_line_gives_what_it_asks_for",
    "tests/test_keras_rewrites.py::test_a_program_is_rewritten_as_a_whole_and_nothing_legacy_is_left",
    "tests/test_keras_rewrites.py::test_a_program_that_cannot_be_rewritten_stays_as_it_is_and_says_why",
    "tests/test_keras_rewrites.py::test_dropout_becomes_a_layer_where_something_is_dropped",
    "tests/test_moved_names.py::test_a_runner_that_is_certain_is_named_where_it_runs",
    "tests/test_moved_names.py::test_a_name_that_is_not_certain_has_no_fix",
    "tests/test_moved_names.py::test_a_fix_in_doubt_is_unsafe_and_says_why",
    "tests/report/test_what_is_said_of_calls.py",
    "tests/infer/test_time_loops.py",
    "tests/infer/test_recurrent_pitfalls.py",
)
_MARK = "== "
_new: dict[str, dict[str, list[str]]] = {}
_writes = False


def same(page: str, name: str, lines: Iterable[str]) -> None:
    """Assert that the lines are those that are kept under this name of this page."""
    found = [line.rstrip() for text in lines for line in text.splitlines()]
    if _writes:
        # A name that two tests have would be checked for the last of them alone.
        assert name not in _new.setdefault(page, {}), name
        _new[page][name] = found
    else:
        told = "if this is meant: python tests/kept.py, and read the difference"
        assert found == _kept(page).get(name, []), told


@functools.cache
def _kept(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    path = _FOLDER / f"{page}.txt"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        if line.startswith(_MARK):
            lines = found.setdefault(line.removeprefix(_MARK), [])
        else:
            lines.append(line)
    return found


def shown(findings: Iterable[Finding], root: Path | None = None) -> list[str]:
    """All that findings hold; files are named as they stand in the folder."""
    return [line for finding in sorted(findings) for line in _lines(finding, root)]


def _lines(finding: Finding, root: Path | None) -> Iterator[str]:
    def named(filename: str | None) -> str:
        inside = root is not None and filename is not None and Path(filename).is_relative_to(root)
        return Path(filename or "").relative_to(root or "").as_posix().strip(".") if inside else ""

    def origin(one: Origin) -> str:
        return f"{named(one.filename)}:{one.cell or ''}:{one.row} {one.text}"

    end = finding.end_column if finding.end_row == finding.row else f"{finding.end_row}:{finding.end_column}"
    place = f"{named(finding.filename)}:{finding.cell or ''}:{finding.row}:{finding.column}-{end}"
    numbers = f"{finding.unroll_length} {finding.graph_ops} {finding.api} {finding.import_place}"
    marks = (" import" if finding.is_import else "") + (" repeats" if finding.repeats_import else "")
    yield f"{place} {finding.code} {finding.severity} {numbers}{marks}"
    yield f"    {finding.message}"
    for one in finding.because:
        yield f"    because {origin(one)}"
    if finding.fix:
        yield f"    {finding.fix.applicability}: {finding.fix.message}"
        for edit in finding.fix.edits:
            start, end = f"{edit.row}:{edit.column}", f"{edit.end_row}:{edit.end_column}"
            yield f"    {named(edit.filename)}:{edit.cell or ''}:{start}-{end} {edit.content!r} {edit.names}"


def _write() -> int:
    global _writes
    _writes = True
    code = int(pytest.main(["-q", "-p", "no:cacheprovider", *(sys.argv[1:] or _WRITTEN_BY)]))
    for page, texts in _new.items():
        parts = ["\n".join([f"{_MARK}{name}", *lines, ""]) for name, lines in texts.items() if lines]
        (_FOLDER / f"{page}.txt").unlink(missing_ok=True)
        if parts:
            _FOLDER.mkdir(exist_ok=True)
            (_FOLDER / f"{page}.txt").write_text("".join(parts), encoding="utf-8")
    return code


if __name__ == "__main__":
    # The tests import this module by its name, not as the program that is run.
    sys.path.insert(0, str(Path(__file__).parent))
    import kept

    sys.exit(kept._write())
