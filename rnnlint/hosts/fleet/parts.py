"""How is a table split into parts? Each contains whole repositories, and can be repeated independently."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rnnlint.hosts.fleet.columns import contents, texts
from rnnlint.hosts.fleet.repository import MOST_OF_A_FILE, MOST_OF_A_REPOSITORY, Row

_ROWS_AT_ONCE = 256
_READ_AHEAD = 2**20
"""How many bytes of a column are read at once; 0 means all of the column in a row group."""
_BUCKET = 96 * 2**20
_MOST_BUCKETS = 512


class Part(NamedTuple):
    """A part of a table: the repositories that begin in one row group, or all of a sorted bucket."""

    number: int
    file: str
    group: int
    """The row group; -1 if the file is a bucket."""
    goes_on: bool = False
    """Whether the row group begins with the rest of a repository from the previous one."""


class Together(NamedTuple):
    """Rows that are checked together, because they belong to one repository."""

    repo: str | None
    rows: list[Row]
    whole: bool
    """Whether these are all rows of the repository; not so for one that is too large for memory."""


def parts_of(files: Sequence[str], columns: Mapping[str, str], make_folder: Callable[[], str]) -> list[Part]:
    """The parts of a table. Rows that are not sorted by repository are first written to buckets in a new folder."""
    found: list[Part] = []
    ended: set[str] = set()
    for file in files:
        # In another file a repository begins again, so the last one of the previous file has ended.
        before: str | None = None
        with pq.ParquetFile(file) as parquet:
            for group in range(parquet.num_row_groups):
                repos = _runs(parquet, group, columns)
                goes_on = bool(repos) and repos[0] is not None and repos[0] == before
                for repo in repos[1:] if goes_on else repos:
                    if repo is not None and repo in ended:
                        return _buckets(files, columns, make_folder())
                    if repo is not None:
                        ended.add(repo)
                found.append(Part(len(found), file, group, goes_on))
                before = repos[-1] if repos else before
    return found


def _runs(parquet: pq.ParquetFile, group: int, columns: Mapping[str, str]) -> list[str | None]:
    """The repositories of a row group in order, each as often as it begins."""
    if "repo" not in columns:
        return [None]
    found: list[str | None] = []
    for batch in parquet.iter_batches(2**16, row_groups=[group], columns=[columns["repo"]]):
        column = batch.column(0)
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        runs = texts(pc.run_end_encode(column).values)
        found += runs[1:] if found and runs and found[-1] == runs[0] else runs
    return found


def _buckets(files: Sequence[str], columns: Mapping[str, str], folder: str) -> list[Part]:
    """The rows in buckets on disk, each repository in exactly one of them."""
    size = 0
    for file in files:
        meta = pq.read_metadata(file)
        size += sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))
    count = max(1, min(_MOST_BUCKETS, size // _BUCKET + 1))
    schema = pa.schema(
        [("repo", pa.string()), ("path", pa.string()), ("content", pa.large_binary()), ("at", pa.int64())]
    )
    names = [os.path.join(folder, f"bucket-{number:05}.parquet") for number in range(count)]
    writers = [pq.ParquetWriter(name, schema) for name in names]
    at = 0
    try:
        for file in files:
            with pq.ParquetFile(file, buffer_size=_READ_AHEAD) as parquet:
                for batch in parquet.iter_batches(4096, columns=list(columns.values())):
                    rows = _columns(batch, columns)
                    held: dict[int, list[tuple[object, ...]]] = {}
                    for repo, path, content in rows:
                        number = zlib.crc32((repo or "").encode("utf-8", "surrogatepass")) % count
                        held.setdefault(number, []).append((repo, path, content, at))
                        at += 1
                    for number, some in held.items():
                        arrays = [pa.array(list(one), kind) for one, kind in zip(zip(*some), schema.types)]
                        writers[number].write_table(pa.Table.from_arrays(arrays, schema=schema))
    finally:
        for writer in writers:
            writer.close()
    return [Part(number, name, -1) for number, name in enumerate(names)]


def rows_of(part: Part, columns: Mapping[str, str]) -> Iterator[tuple[str | None, Row]]:
    """The rows of the repositories of a part."""
    if part.group < 0:
        whole = pq.read_table(part.file).sort_by([("repo", "ascending"), ("at", "ascending")])
        for batch in whole.to_batches(_ROWS_AT_ONCE):
            names = {"repo": "repo", "path": "path", "content": "content"}
            yield from ((repo, Row(path, content)) for repo, path, content in _columns(batch, names))
        return
    with pq.ParquetFile(part.file, buffer_size=_READ_AHEAD) as parquet:
        last: str | None = None
        skip: str | None = None
        for group in range(part.group, parquet.num_row_groups):
            first = group == part.group
            if not first and last is None:
                return
            for batch in parquet.iter_batches(_ROWS_AT_ONCE, row_groups=[group], columns=list(columns.values())):
                for repo, path, content in _columns(batch, columns):
                    if first and part.goes_on and (skip is None or skip == repo):
                        # The rest of a repository from before: it ends at the next name.
                        skip = repo
                        continue
                    if not first and repo != last:
                        return
                    part = part._replace(goes_on=False)
                    last = repo
                    yield repo, Row(path, content)


def _columns(
    batch: pa.RecordBatch, columns: Mapping[str, str]
) -> Iterator[tuple[str | None, str | None, bytes | None]]:
    named = {what: batch.column(batch.schema.get_field_index(name)) for what, name in columns.items()}
    repos: Sequence[str | None] = texts(named["repo"]) if "repo" in named else [None] * batch.num_rows
    return zip(repos, texts(named["path"]), contents(named["content"]))


def together(rows: Iterator[tuple[str | None, Row]]) -> Iterator[Together]:
    """The rows that are checked together: those without a repository alone, those of a large one in pieces."""
    held: list[Row] = []
    of: str | None = None
    size, whole = 0, True
    for repo, row in rows:
        if held and (repo != of or repo is None):
            yield Together(of, held, whole)
            held, size, whole = [], 0, True
        elif repo != of:
            whole, size = True, 0
        of = repo
        held.append(row)
        length = len(row.content or b"")
        size += length if length <= MOST_OF_A_FILE else 0
        if size > MOST_OF_A_REPOSITORY:
            yield Together(of, held, False)
            held, size, whole = [], MOST_OF_A_REPOSITORY, False
    if held:
        yield Together(of, held, whole)
