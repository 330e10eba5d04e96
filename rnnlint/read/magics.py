"""Which lines of a notebook's cell are IPython commands and not Python? They are replaced in place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rnnlint.read.rows import Shifts, split_rows

# Cell magics whose body is Python that runs in the notebook; cells with any other are skipped.
_PYTHON_BODIES = frozenset(
    [
        "time",
        "timeit",
        "capture",
        "prun",
        "memit",
        "mprun",
        "lprun",
        "heat",
        "px",
        "debug",
        "snakeviz",
        "scalene",
        "pyinstrument",
        "notify",
        "wandb",
        "python",
        "python2",
        "python3",
    ]
)
_CELL_MAGIC = re.compile(r"%%(\w+)")
# Line magics that run the Python code after them.
_TIMED = re.compile(r"%(?:time|timeit|prun|memit)[ \t]+")
_OPTION = re.compile(r"-\w+[ \t]+(?:\d+[ \t]+)?")
_COMMAND = re.compile(r"[%!?]|/\w|[\w.*]+(?:\[[^\]]*\])?\?\??[ \t]*(?:#.*)?$")
_ASSIGNED = re.compile(r"([\w.,\[\]'\" \t]+?=[ \t]*)[%!](?=\w|[ \t]|[./~{$])")
# What decides whether the next line begins a statement: strings, comments, brackets, backslashes. An unclosed string
# takes the rest of the line, so that nothing in it is scanned again.
_PARTS = re.compile(r"\"\"\"|'''|\"(?:[^\\\"]|\\.)*(?:\"|\\?$)|'(?:[^\\']|\\.)*(?:'|\\?$)|#.*|[(\[{]|[)\]}]|\\$")
_ENDS = {mark: re.compile(r"(?:[^\\]|\\.)*?" + mark) for mark in ('"""', "'''")}


@dataclass(slots=True)
class Cell:
    """A code cell: its lines as written, and the Python lines that replace them."""

    number: int
    rows: list[str]
    parsed: list[str] = field(init=False)
    shifts: dict[int, Shifts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.parsed = list(self.rows)

    def blank(self) -> None:
        """Blank every line; the lines stay, so that later ones keep their numbers."""
        self.parsed = ["" for _ in self.rows]
        self.shifts = {}


def read_cell(number: int, text: str) -> Cell:
    """The cell with its magics replaced by lines that Python can parse."""
    cell = Cell(number, split_rows(text))
    first = next((at for at, row in enumerate(cell.rows) if row.strip()), len(cell.rows))
    while first < len(cell.rows) and (magic := _CELL_MAGIC.match(cell.rows[first].lstrip())):
        if magic[1] not in _PYTHON_BODIES:
            cell.blank()
            return cell
        cell.parsed[first] = ""
        first += 1
    _dedent(cell, first)
    _replace_lines(cell, first)
    return cell


def _dedent(cell: Cell, first: int) -> None:
    """Remove the indentation of the first line from all lines, as IPython does."""
    rows = cell.parsed[first:]
    code = next((row for row in rows if row.strip() and not row.lstrip().startswith("#")), "")
    indent = code[: len(code) - len(code.lstrip())]
    if not indent:
        return
    for at in range(first, len(cell.parsed)):
        if cell.parsed[at].startswith(indent):
            cell.parsed[at] = cell.parsed[at][len(indent) :]
            cell.shifts[at + 1] = ((0, len(indent)),)


def _replace_lines(cell: Cell, first: int) -> None:
    depth, mark, continued = 0, "", False
    in_command = False
    for at in range(first, len(cell.parsed)):
        row = cell.parsed[at]
        if in_command:
            in_command = row.endswith("\\")
            cell.parsed[at] = ""
            continue
        if not (depth or mark or continued):
            in_command = _replace_line(cell, at) and row.endswith("\\")
        if not in_command:
            depth, mark, continued = _follow(cell.parsed[at], depth, mark)


def _replace_line(cell: Cell, at: int) -> bool:
    """Replace the line if it is a command; return whether it was one without any Python."""
    row = cell.parsed[at]
    body = row.lstrip()
    indent = row[: len(row) - len(body)]
    if timed := _code_behind(body):
        cell.parsed[at] = indent + body[timed:]
        before = cell.shifts.get(at + 1, ((0, 0),))[0][1]
        cell.shifts[at + 1] = (
            (0, before),
            (len(indent), before + len(indent) + timed),
        )
    elif _COMMAND.match(body):
        cell.parsed[at] = indent + "pass"
        return True
    elif assigned := _ASSIGNED.match(body):
        # The name is rebound to an unknown value.
        cell.parsed[at] = indent + assigned[1] + "None"
        return True
    return False


def _code_behind(body: str) -> int:
    """Where the Python code of a timing magic begins, after its options; 0 if the line is no such magic."""
    found = _TIMED.match(body)
    at = 0
    while found is not None:
        at = found.end()
        found = _OPTION.match(body, at)
    return at if body[at : at + 1].strip("-") else 0


def _follow(row: str, depth: int, mark: str) -> tuple[int, str, bool]:
    """The brackets and the long string that are open at the line's end, and whether the statement continues."""
    at = 0
    continued = False
    while at <= len(row):
        if mark:
            end = _ENDS[mark].match(row, at)
            if not end:
                return depth, mark, False
            at, mark = end.end(), ""
        part = _PARTS.search(row, at)
        if not part:
            break
        at = part.end()
        sign = part.group()
        if sign in _ENDS:
            mark = sign
        elif sign in "([{)]}":
            depth = max(depth + (1 if sign in "([{" else -1), 0)
        continued = sign[-1] == "\\" and sign[0] != "#"
    return depth, mark, continued
