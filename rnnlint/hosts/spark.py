"""How does a cluster check a fleet? A DataFrame of files in, one of findings out, on Apache Spark.

    from rnnlint.hosts import spark
    found = spark.findings(files, repo="repo", path="path", content="content")

The rows of one repository are seen together, so that names and constants resolve across its modules.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema

from rnnlint.hosts.collecting import seldom_collecting
from rnnlint.hosts.fleet import columns, repository
from rnnlint.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["checked", "errors", "errors_in", "findings", "findings_in"]

_FINDING = "finding"
_BOTH = pa.schema(
    [
        ("kind", pa.string()),
        *columns.FINDINGS,
        *(field for field in columns.ERRORS if field.name not in ("kind", *columns.FINDINGS.names)),
    ]
)
"""The columns that `checked` returns: ``kind`` says whether a row is a finding, an error or a note."""


def findings(
    df: DataFrame,
    repo: str | None = "repo",
    path: str = "path",
    content: str = "content",
    settings: Settings = Settings(),  # noqa: B008 - a value
) -> DataFrame:
    """The findings in the files of a DataFrame; the columns are `columns.FINDINGS`, whatever columns ``df`` has.

    ``repo=None`` checks each row separately. Workers need rnnlint and pyarrow. No row fails the job: `errors` has those
    that could not be checked. If you want both, persist the result of `checked` and pass it to each.
    """
    return findings_in(checked(df, repo, path, content, settings))


def errors(
    df: DataFrame,
    repo: str | None = "repo",
    path: str = "path",
    content: str = "content",
    settings: Settings = Settings(),  # noqa: B008 - a value
) -> DataFrame:
    """The rows that could not be checked, or only with restrictions; the columns are `columns.ERRORS`."""
    return errors_in(checked(df, repo, path, content, settings))


def findings_in(both: DataFrame) -> DataFrame:
    """The findings in the result of `checked`."""
    return both.where(F.col("kind") == _FINDING).select(*columns.FINDINGS.names)


def errors_in(both: DataFrame) -> DataFrame:
    """The errors and notes in the result of `checked`."""
    return both.where(F.col("kind") != _FINDING).select(*columns.ERRORS.names)


def checked(
    df: DataFrame,
    repo: str | None = "repo",
    path: str = "path",
    content: str = "content",
    settings: Settings = Settings(),  # noqa: B008 - a value
) -> DataFrame:
    """Findings, errors and notes in one DataFrame, so that each file is checked once for all of them."""
    schema = from_arrow_schema(_BOTH)
    source = F.col(content).cast("binary").alias("content")
    name = F.lit(None).cast("string") if repo is None else F.col(repo).cast("string")
    rows = df.select(name.alias("repo"), F.col(path).cast("string").alias("path"), source)
    alone = partial(_alone, settings)
    if repo is None:
        return rows.mapInArrow(alone, schema)
    length = F.length("content")
    counts = F.when(length <= repository.MOST_OF_A_FILE, length).otherwise(0)
    named = rows.where(F.col("repo").isNotNull())
    sizes = named.groupBy("repo").agg(F.sum(counts).alias("size"))
    # They would not fit into the memory of a worker. There are few of them.
    large = F.broadcast(sizes.where(F.col("size") > repository.MOST_OF_A_REPOSITORY).select("repo"))

    # Spark reads the types of the arguments from the annotations.
    def whole(of: pa.Table) -> pa.Table:
        return _whole(settings, of)

    together = named.join(large, "repo", "left_anti").groupBy("repo").applyInArrow(whole, schema)
    apart = rows.where(F.col("repo").isNull()).unionByName(named.join(large, "repo", "left_semi"))
    return together.unionByName(apart.mapInArrow(alone, schema)).unionByName(large.mapInArrow(_notes, schema))


def _whole(settings: Settings, rows: pa.Table) -> pa.Table:
    """The results for the rows of one repository."""
    rows = rows.sort_by("path").combine_chunks()
    files = [row for batch in rows.to_batches() for row in _rows(batch)]
    with seldom_collecting():
        return _table(repository.check_repository(files[0][0], [row for _, row in files], settings))


def _alone(settings: Settings, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The results for each row separately."""
    for batch in batches:
        for repo, row in _rows(batch):
            with seldom_collecting():
                came = repository.check_alone(repo, [row], settings)
            if came.findings or came.errors:
                yield from _table(came).to_batches()


def _notes(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The notes about repositories that are too large."""
    for batch in batches:
        notes = [repository.too_large(repo) for repo in columns.texts(batch.column("repo"))]
        yield from _table(repository.Came([], notes, 0)).to_batches()


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[str | None, repository.Row]]:
    parts = (columns.texts(batch.column("repo")), columns.texts(batch.column("path")))
    for repo, path, content in zip(*parts, columns.contents(batch.column("content"))):
        yield repo, repository.Row(path, content)


def _table(came: repository.Came) -> pa.Table:
    records: list[dict[str, Any]] = [{"kind": _FINDING, **one} for one in came.findings]
    return columns.table([*records, *came.errors], _BOTH)
