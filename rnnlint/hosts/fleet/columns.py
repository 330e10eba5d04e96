"""Which columns do the outputs have, and how are text and bytes read from a table?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from rnnlint.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PLACE = pa.struct([("row", pa.int32()), ("column", pa.int32())])
_EDIT = pa.struct([("content", pa.string()), ("cell", pa.int32()), ("location", _PLACE), ("end_location", _PLACE)])

FINDINGS = pa.schema(
    [
        ("repo", pa.string()),
        ("path", pa.string()),
        ("code", pa.string()),
        ("name", pa.string()),
        ("severity", pa.string()),
        ("message", pa.string()),
        ("help", pa.string()),
        ("location", _PLACE),
        ("end_location", _PLACE),
        ("cell", pa.int32()),
        ("api", pa.string()),
        ("unroll_length", pa.int64()),
        ("graph_ops", pa.int64()),
        (
            "because",
            pa.list_(
                pa.struct([("path", pa.string()), ("cell", pa.int32()), ("row", pa.int32()), ("text", pa.string())])
            ),
        ),
        ("is_import", pa.bool_()),
        ("imported_at", pa.struct([("cell", pa.int32()), ("row", pa.int32()), ("column", pa.int32())])),
        ("repeats_import", pa.bool_()),
        (
            "fix",
            pa.struct([("message", pa.string()), ("applicability", pa.string()), ("edits", pa.list_(_EDIT))]),
        ),
        ("url", pa.string()),
    ]
)
"""The columns of a finding: the repository, the path in it, and the fields of ``--output-format json`` except the file
name."""

ERRORS = pa.schema(
    [
        ("repo", pa.string()),
        ("path", pa.string()),
        ("row", pa.int32()),
        ("column", pa.int32()),
        ("kind", pa.string()),
        ("reason", pa.string()),
    ]
)
"""The columns of what could not be checked (``error``), or only with restrictions (``note``)."""

_LARGEST = {pa.int32(): 2**31 - 1, pa.int64(): 2**63 - 1}


def table(records: Sequence[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """The records as a table; text that is not valid UTF-8 is written with escapes, and numbers that are too large are
    missing."""
    return pa.Table.from_pylist([_fitting(one, schema) for one in records], schema)


def _fitting(value: Any, kind: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) <= _LARGEST.get(kind, 0) else None
    if isinstance(value, list):
        return [_fitting(one, kind.value_type) for one in value]
    if isinstance(value, dict):
        return {key: _fitting(one, kind.field(key).type) for key, one in value.items()}
    return value


def chosen(names: Sequence[str], wanted: dict[str, str], given: Iterable[str], where: str) -> dict[str, str]:
    """The names of the columns by their content. Raises SettingsError if a required one is missing."""
    missing = [what for what, name in wanted.items() if name not in names]
    for what in missing:
        if what != "repo" or what in given:
            has = ", ".join(names[:12])
            raise SettingsError(f"{where}: has no column {wanted[what]!r} (it has {has}); name it with --{what}-column")
    return {what: name for what, name in wanted.items() if what not in missing}


def texts(column: pa.Array) -> list[str | None]:
    """The values of a column of names; other types are converted to text."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not _is_text(column.type):
        column = column.cast(pa.string())
    # Text that is not valid UTF-8 would raise.
    values = column.cast(pa.large_binary()).to_pylist()
    return [None if value is None else value.decode("utf-8", "backslashreplace") for value in values]


def contents(column: pa.Array) -> list[bytes | None]:
    """The values of a column of sources."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not _is_text(column.type):
        raise SettingsError(f"the column of the contents holds {column.type}, not text or bytes")
    values: list[bytes | None] = column.cast(pa.large_binary()).to_pylist()
    return values


def _is_text(kind: pa.DataType) -> bool:
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    return any(test(kind) for test in tests)
