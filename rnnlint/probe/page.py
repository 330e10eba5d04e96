"""What does the page of a probe's run hold? One file of HTML that needs no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

__all__ = ["render"]


def render(results: Sequence[Mapping[str, Any]]) -> str:
    """The page; `results` are the dictionaries that ``--output-format json`` prints."""
    cells = ("claim", "verdict", "statement", "summary", "why")
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(row[cell]))}</td>' for cell in cells)}</tr>\n" for row in results)
    head = '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>rnnlint probe</title>\n'
    return f"{head}<table>\n{body}</table>\n</html>\n"
