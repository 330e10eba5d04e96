"""What does the engine return to its hosts? Findings: plain values that any host can show.

These are named tuples, like all values that are needed at the start of a host: dataclasses are slow to define.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]
"""How serious a finding is: code that fails on the target, code that runs there at a cost, or information."""


class Origin(NamedTuple):
    """One step of where a name or a number comes from: a line of the user's code, with its cell in a notebook."""

    filename: str
    row: int
    text: str
    cell: int | None = None


class Edit(NamedTuple):
    """Replace the text from (row, column) up to (end_row, end_column); 1-based, columns in characters.

    The fix for a finding in one cell of a notebook may be in another cell, so each edit names its cell.
    """

    row: int
    column: int
    end_row: int
    end_column: int
    content: str
    cell: int | None = None
    """The cell of a notebook, counted as in a finding; ``row`` counts from its top. None outside notebooks."""
    filename: str | None = None
    """The file that the edit is for; None means the file of the finding."""
    names: str = ""
    """The names that the content imports; edits of one place that differ only in these are merged."""


class Fix(NamedTuple):
    """A change that resolves a finding; ``applicability`` is ``safe``, ``unsafe`` or ``display``, as in ruff."""

    message: str
    applicability: str
    edits: tuple[Edit, ...]


class Finding(NamedTuple):
    """One reported problem at one place. Rows (lines) and columns are 1-based; columns count characters.

    In a notebook ``row`` counts from the top of ``cell``, and ``cell`` counts all cells from 1.
    ``unroll_length`` is in time steps and ``graph_ops`` in graph operations; both are None if unknown.
    """

    filename: str
    cell: int | None
    row: int
    column: int
    code: str
    end_row: int
    end_column: int
    name: str
    message: str
    api: str | None = None
    unroll_length: int | None = None
    graph_ops: int | None = None
    because: tuple[Origin, ...] = ()
    fix: Fix | None = None
    line: str = ""
    """The physical line that the finding points at, for display."""
    severity: Severity = "warning"
    help: str = ""
    """The advice, with which the message ends; a host with enough room shows it on a separate line."""
    is_import: bool = False
    """Whether the finding is at an import statement."""
    import_place: tuple[int, int, int] | None = None
    """Cell (0 outside of notebooks), row and column of the import in the same file, if that is a finding too."""
    repeats_import: bool = False
    """Whether the finding only repeats the one at ``import_place``, and points to it."""

    @property
    def statement(self) -> str:
        """The message without the advice."""
        return self.message.removesuffix(f"; {self.help}") if self.help else self.message

    @property
    def identity(self) -> tuple[str, int, int, int, str]:
        """What distinguishes and orders findings: file, cell, row, column and code."""
        return self.filename, self.cell or 0, self.row, self.column, self.code

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and self.identity == other.identity

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.identity)

    def __lt__(self, other: Finding) -> bool:  # type: ignore[override]
        return self.identity < other.identity
