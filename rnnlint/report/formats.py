"""Which output formats are there? A table of names; a format's module is imported when it is needed."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator

from rnnlint.report.run import Run

Format = Callable[[Run], Iterator[str]]
"""The type of a format: a function that yields the pieces of the text, which together end in a newline."""

FORMATS: dict[str, tuple[str, str]] = {
    "full": ("text", "full"),
    "concise": ("text", "concise"),
    "grouped": ("text", "grouped"),
    "pylint": ("text", "pylint"),
    "json": ("as_json", "array"),
    "jsonl": ("as_json", "lines"),
    "sarif": ("sarif", "sarif"),
    "github": ("annotations", "github"),
    "gitlab": ("annotations", "gitlab"),
    "junit": ("as_xml", "junit"),
    "checkstyle": ("as_xml", "checkstyle"),
}


def render(name: str, run: Run) -> Iterator[str]:
    """The run in the format of that name, which must be one of FORMATS."""
    module, function = FORMATS[name]
    write: Format = getattr(importlib.import_module(f"rnnlint.report.{module}"), function)
    return write(run)
