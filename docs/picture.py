"""What does a terminal show? A picture of real output as SVG, on a light or a dark background."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

COLUMNS = 100
"""Longer lines continue in the next row, after a space if there is one."""

_WIDE, _HIGH, _EDGE, _BAR = 8.4, 20, 18, 34
_ESCAPE = re.compile(r"\x1b\[([\d;]*)m")


class Ground(NamedTuple):
    """The colors of a terminal; ``inks`` by the number of the escape code."""

    paper: str
    frame: str
    ink: str
    faint: str
    inks: dict[str, str]


GROUNDS = {
    "light": Ground(
        "#ffffff",
        "#d0d7de",
        "#1f2328",
        "#656d76",
        {"31": "#b42318", "32": "#1a7f37", "34": "#0969da", "36": "#0b7285"},
    ),
    "dark": Ground(
        "#14181c",
        "#3d444d",
        "#e6edf3",
        "#9198a1",
        {"31": "#ff7b72", "32": "#56d364", "34": "#79c0ff", "36": "#76e3ea"},
    ),
}


def picture(command: str, printed: str, ground: Ground) -> str:
    """The command with its output, which may contain escape codes for colors."""
    rows = [[(command, "0")], *(row for line in printed.rstrip("\n").split("\n") for row in _rows(line))]
    wide, high = COLUMNS * _WIDE + 2 * _EDGE, _BAR + len(rows) * _HIGH + _EDGE
    text = "\n".join(_text(row, number, ground) for number, row in enumerate(rows))
    plain = escape(f"$ {command}\n{_ESCAPE.sub('', printed)}".strip())
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high}" width="{wide:.0f}" height="{high}" role="img">
<title>{plain}</title>
<style>text {{ font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }}</style>
<rect x="0.5" y="0.5" width="{wide - 1:.0f}" height="{high - 1}" rx="8" fill="{ground.paper}" stroke="{ground.frame}"/>
{_dots(ground)}
{text}
</svg>
"""


def _dots(ground: Ground) -> str:
    return "".join(f'<circle cx="{20 + 18 * n}" cy="18" r="5.5" fill="{ground.frame}"/>' for n in range(3))


def _rows(line: str) -> Iterator[list[tuple[str, str]]]:
    """The line as rows of pieces, each with its style codes."""
    style, room, row = "0", COLUMNS, list[tuple[str, str]]()
    for number, part in enumerate(_ESCAPE.split(line)):
        if number % 2:
            style = part
            continue
        while len(part) > room:
            end = part.rfind(" ", 0, room) + 1 or room
            yield [*row, (part[:end], style)]
            part, room, row = part[end:], COLUMNS, []
        row.append((part, style))
        room -= len(part)
    yield row


def _text(row: Sequence[tuple[str, str]], number: int, ground: Ground) -> str:
    """A row. Each piece has a fixed width, so that columns align in any font."""
    y, column, pieces = _BAR + (number + 1) * _HIGH - 6, 0, []
    if number == 0:
        pieces.append(_piece("$ ", 0, f'fill="{ground.faint}"'))
        column = 2
    for text, style in row:
        if text.strip():
            codes = style.split(";")
            ink = next((ground.inks[code] for code in codes if code in ground.inks), ground.ink)
            weight = ' font-weight="bold"' if "1" in codes or number == 0 else ""
            pieces.append(_piece(text, column, f'fill="{ink}"{weight}'))
        column += len(text)
    return f'<text y="{y}" xml:space="preserve">{"".join(pieces)}</text>'


def _piece(text: str, column: int, look: str) -> str:
    x, length = _EDGE + column * _WIDE, len(text) * _WIDE
    return f'<tspan x="{x:.1f}" textLength="{length:.1f}" {look}>{escape(text)}</tspan>'
