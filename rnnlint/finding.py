"""What does the engine hand to its hosts? Findings: values without behaviour that any host can show.

Named tuples here and wherever else each start of a host needs a value: making a dataclass takes long.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]
"""How much a finding weighs: code that fails on the target, code that runs there at a cost, or information."""


class Origin(NamedTuple):
    """One step of where a name or a number comes from: a line of the user's code, in a notebook of a cell of it."""

    filename: str
    row: int
    text: str
    cell: int | None = None


class Edit(NamedTuple):
    """Replace the text from (row, column) up to (end_row, end_column); 1-based, columns in characters.

    A finding may stand in one cell of a notebook and what mends it in another, so an edit names its own cell.
    """

    row: int
    column: int
    end_row: int
    end_column: int
    content: str
    cell: int | None = None
    """The cell of a notebook, counted as in a finding; ``row`` counts from its top. None for what is no notebook."""
    filename: str | None = None
    """The file that the edit is for; None means the file of the finding."""
    names: str = ""
    """The names in the content that it imports; edits of one place that differ in nothing else are made as one."""


class Fix(NamedTuple):
    """A change that resolves a finding; ``applicability`` is ``safe``, ``unsafe`` or ``display``, as in ruff."""

    message: str
    applicability: str
    edits: tuple[Edit, ...]


class Finding(NamedTuple):
    """One thing to say about one place. Rows and columns are 1-based, columns count characters.

    In a notebook ``row`` counts from the top of ``cell``, and ``cell`` counts all cells from 1.
    ``unroll_length`` is in time steps and ``graph_ops`` in graph operations; both are None where unknown.
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
    """What to do, with which the message ends; a host that has room for it shows it on a line of its own."""
    is_import: bool = False
    """Whether the finding is at an import statement."""
    import_place: tuple[int, int, int] | None = None
    """Cell (0 outside of notebooks), row and column of the import in the same file that brought the name, where that
    is a finding too."""
    repeats_import: bool = False
    """Whether the finding says no more than the one at ``import_place``, and points to it."""

    @property
    def statement(self) -> str:
        """The message without what to do."""
        return self.message.removesuffix(f"; {self.help}") if self.help else self.message

    @property
    def identity(self) -> tuple[str, int, int, int, str]:
        """What tells it from others, and their order: where it stands and what it is."""
        return self.filename, self.cell or 0, self.row, self.column, self.code

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and self.identity == other.identity

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.identity)

    def __lt__(self, other: Finding) -> bool:  # type: ignore[override]
        return self.identity < other.identity
