"""How are the findings of a fleet summed up? They are counted while they are read, so they need not fit into memory."""

from __future__ import annotations

import heapq
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from rnnlint.report.fleet_page import MOST, STEPS, Fleet, Unroll
from rnnlint.settings import SettingsError

_READ = ["repo", "path", "code", "name", "api", "severity", "unroll_length", "graph_ops", "location"]


def summary(findings: str) -> Fleet:
    """The summary of a file, or of a folder written by Spark. Raises SettingsError if it cannot be read."""
    found = Fleet(Counter(), Counter(), Counter(), Counter(), Counter(), [])
    try:
        for rows in _batches(findings):
            _count(found, rows)
    except (OSError, pa.ArrowException) as error:
        raise SettingsError(f"{findings}: cannot be read for the report: {str(error).splitlines()[0]}") from None
    return found


def _batches(findings: str) -> Iterator[list[dict[str, Any]]]:
    files = [findings]
    if os.path.isdir(findings):
        files = sorted(one.path for one in os.scandir(findings) if one.name.endswith(".parquet"))
    for file in files:
        with pq.ParquetFile(file) as parquet:
            for batch in parquet.iter_batches(10_000, columns=_READ):
                yield batch.to_pylist()


def _count(found: Fleet, rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        found.rules[row["code"], row["name"]] += 1
        found.severities[row["severity"]] += 1
        found.repositories[row["repo"] or "(none)"] += 1
        if row["api"]:
            found.apis[row["api"]] += 1
        if row["unroll_length"] is not None:
            length = row["unroll_length"]
            found.lengths[next((step for step in STEPS if length <= step), 0)] += 1
            place = f"{row['repo'] or ''}:{row['path']}:{row['location']['row']}"
            one = Unroll(row["graph_ops"] or 0, length, row["api"] or "", place)
            if one not in found.unrolls:
                # The call of a legacy runner has one finding for its name and one for its length.
                heapq.heappush(found.unrolls, one)
            if len(found.unrolls) > MOST:
                heapq.heappop(found.unrolls)
