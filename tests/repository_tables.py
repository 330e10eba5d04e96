"""Which tables do the tests of fleets check? The files of several repositories, and rows that cannot be checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from repository_files import FILES

from rnnlint.hosts.fleet import repository

pa = pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'rnnlint[fleet]'")
pq = pytest.importorskip("pyarrow.parquet")

SCHEMA = pa.schema([("repo", pa.string()), ("path", pa.string()), ("content", pa.binary())])
Line = tuple[str | None, str | None, bytes | None]

REPOS = ["owner/one", "owner/two", "three", "other/four", "five"]
TABLE: list[Line] = [(repo, path, text.encode()) for repo in REPOS for path, text in FILES.items()]
BAD: list[Line] = [
    ("owner/two", "../../etc/x.py", b"import tensorflow"),
    ("owner/two", None, b"import tensorflow"),
    ("three", "null.py", None),
    (None, "alone.py", b"from tensorflow.contrib.rnn import GRUCell\n"),
    ("five", "latin.py", b"# tensorflow \xe9\n"),
    ("five", "large.py", b"#" * (repository.MOST_OF_A_FILE + 1)),
]


def store(file: Path, lines: Sequence[Line], rows: int = 7, schema: Any = SCHEMA) -> Path:
    """The lines as Parquet, with so many in each row group."""
    arrays = [pa.array(list(one), kind) for one, kind in zip(zip(*lines), schema.types)]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), file, row_group_size=rows)
    return file


def sort(found: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(one, sort_keys=True) for one in found)
