"""Which module do the cells of a notebook make? One text, with a mapping back to cell and line."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator

from rnnlint.read.magics import Cell, read_cell
from rnnlint.read.parsed import Source
from rnnlint.read.parsing import parse
from rnnlint.read.problem import SourceError
from rnnlint.read.python2 import rewrite
from rnnlint.read.rows import Shifts, split_rows
from rnnlint.read.size import refuse_large

_OTHER_KERNELS = frozenset(["ir", "julia", "scala", "java", "javascript", "bash", "octave", "matlab", "sas"])


def read_notebook(content: bytes | str, filename: str) -> Source:
    """The code of nbformat 3 and 4. A cell that does not parse is skipped and reported as a problem."""
    document = _load(content, filename)
    problems: list[SourceError] = []
    cells = list(_code_cells(document, filename)) if _is_python(document) else []
    text = _joined(cells)
    refuse_large(text, filename)
    try:
        tree = parse(text, filename)
    except SourceError:
        for cell in cells:
            problem = _settle(cell, filename)
            if problem:
                problems.append(problem)
        tree = _parse_all(cells, filename, problems)
    return _source(cells, tree, filename, problems)


def code_of(content: bytes, filename: str) -> bytes:
    """The code of all cells as one text, not parsed; empty for a notebook that cannot be read."""
    try:
        document = _load(content, filename)
        return _joined(list(_code_cells(document, filename)) if _is_python(document) else []).encode(
            errors="surrogatepass"
        )
    except SourceError:
        return b""


def _load(content: bytes | str, filename: str) -> dict[str, object]:
    try:
        if isinstance(content, bytes):
            content = content.decode(json.detect_encoding(content))
        document = json.loads(content.removeprefix("\N{BYTE ORDER MARK}"))
    except json.JSONDecodeError as error:
        reason = f"not a notebook: invalid JSON: {error.msg}"
        raise SourceError(filename, error.lineno, error.colno, reason) from None
    except UnicodeDecodeError as error:
        assert isinstance(content, bytes)
        before = content[: error.start].split(b"\n")
        column = len(before[-1].decode("utf-8", "replace")) + 1
        reason = f"byte 0x{content[error.start]:02x} is not {error.encoding}, as JSON must be"
        raise SourceError(filename, len(before), column, reason) from None
    except (RecursionError, ValueError) as error:
        raise SourceError(filename, 1, 1, f"not a notebook: {error}") from None
    if not isinstance(document, dict) or not any(key in document for key in ("cells", "worksheets")):
        raise SourceError(filename, 1, 1, "not a notebook: it has no cells")
    return document


def _code_cells(document: dict[str, object], filename: str) -> Iterator[Cell]:
    for number, cell in enumerate(_all_cells(document), 1):
        if not isinstance(cell, dict):
            raise SourceError(filename, 1, 1, f"not a notebook: cell {number} is not an object")
        if cell.get("cell_type") != "code" or "python" not in str(cell.get("language", "python")):
            continue
        source = cell.get("source", cell.get("input", ""))
        if isinstance(source, list):
            source = "".join(line for line in source if isinstance(line, str))
        yield read_cell(number, source if isinstance(source, str) else "")


def _all_cells(document: dict[str, object]) -> Iterator[object]:
    """The cells of nbformat 4, or of all worksheets in earlier formats."""
    worksheets = document.get("worksheets")
    parts = worksheets if "cells" not in document and isinstance(worksheets, list) else [document]
    for part in parts:
        cells = part.get("cells") if isinstance(part, dict) else None
        yield from cells if isinstance(cells, list) else ()


def _is_python(document: dict[str, object]) -> bool:
    """Whether the kernel runs Python; a notebook that does not say counts as Python."""
    for section, key in (("language_info", "name"), ("kernelspec", "language")):
        language = _metadata(document, section, key)
        if language:
            return "python" in language
    name = _metadata(document, "kernelspec", "name")
    return name.split("-")[0] not in _OTHER_KERNELS


def _metadata(document: dict[str, object], section: str, key: str) -> str:
    metadata = document.get("metadata")
    part = metadata.get(section) if isinstance(metadata, dict) else None
    value = part.get(key) if isinstance(part, dict) else None
    return value.lower() if isinstance(value, str) else ""


def _joined(cells: list[Cell]) -> str:
    return "".join(f"{row}\n" for cell in cells for row in cell.parsed)


def _settle(cell: Cell, filename: str) -> SourceError | None:
    """Turn one cell into text that parses: unchanged, translated from Python 2, or blank."""
    text = _joined([cell])
    try:
        parse(text, filename)
    except SourceError as error:
        translation = rewrite(text)
        if translation is not None and _parses(translation.text):
            cell.parsed = split_rows(translation.text)
            _add_shifts(cell, translation.shifts)
            return None
        cell.blank()
        reason = f"cell {cell.number} was skipped: {error.reason}"
        return SourceError(filename, error.row, error.column, reason)
    return None


def _parses(text: str) -> bool:
    try:
        parse(text, "")
    except SourceError:
        return False
    return True


def _add_shifts(cell: Cell, added: dict[int, Shifts]) -> None:
    """Undo the translation first, then the removal of the line's beginning."""
    for row, shifts in added.items():
        cut = cell.shifts.get(row, ((0, 0),))[-1]
        moved = tuple((now, written + cut[1] - cut[0]) for now, written in shifts)
        cell.shifts[row] = (*cell.shifts.get(row, ()), *moved)


def _parse_all(cells: list[Cell], filename: str, problems: list[SourceError]) -> ast.Module:
    try:
        return parse(_joined(cells), filename)
    except SourceError as error:  # pragma: no cover - cells that parse alone parse together
        problems.append(error)
        for cell in cells:
            cell.blank()
        return ast.Module(body=[], type_ignores=[])


def _source(cells: list[Cell], tree: ast.Module, filename: str, problems: list[SourceError]) -> Source:
    lines: list[str] = []
    places: list[tuple[int, int]] = []
    parsed: dict[int, str] = {}
    shifts: dict[int, Shifts] = {}
    for cell in cells:
        for at, (row, now) in enumerate(zip(cell.rows, cell.parsed, strict=True), 1):
            lines.append(row)
            places.append((cell.number, at))
            if now != row:
                parsed[len(lines)] = now
            if at in cell.shifts:
                shifts[len(lines)] = cell.shifts[at]
    text = "".join(f"{line}\n" for line in lines)
    return Source(
        filename, text, lines, tree, "notebook", problems, parsed, shifts, tuple(places)
    )  # fmt: skip
