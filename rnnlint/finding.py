"""What does the engine hand to its hosts? Findings: values without behaviour that any host can show."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Origin:
    """One step of where a name or a number comes from: a line of the user's code."""

    filename: str
    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text from (row, column) up to (end_row, end_column); 1-based, columns in characters."""

    row: int
    column: int
    end_row: int
    end_column: int
    content: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that resolves a finding; ``applicability`` is ``safe``, ``unsafe`` or ``display``, as in ruff."""

    message: str
    applicability: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to say about one place. Rows and columns are 1-based, columns count characters.

    In a notebook ``row`` counts from the top of ``cell``, and ``cell`` counts all cells from 1.
    ``unroll_length`` is in time steps and ``graph_ops`` in graph operations; both are None where unknown.
    """

    filename: str
    cell: int | None
    row: int
    column: int
    code: str
    end_row: int = field(compare=False)
    end_column: int = field(compare=False)
    name: str = field(compare=False)
    message: str = field(compare=False)
    api: str | None = field(default=None, compare=False)
    unroll_length: int | None = field(default=None, compare=False)
    graph_ops: int | None = field(default=None, compare=False)
    because: tuple[Origin, ...] = field(default=(), compare=False)
    fix: Fix | None = field(default=None, compare=False)
    line: str = field(default="", compare=False)
    """The physical line that the finding points at, for display."""
