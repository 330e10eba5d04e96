"""What are the latest results for each claim, and on which release?

``evidence.jsonl`` has one record per line, for a claim and a pair of TensorFlow and Keras releases. ``rnnlint probe
--record`` writes it; do not edit it by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["FILE", "Record", "as_text", "merged", "of_claim", "records"]

FILE = Path(__file__).with_name("evidence.jsonl")


@dataclass(frozen=True, slots=True)
class Record:
    """The result of one run of the probe for one claim. Refuted claims are never recorded."""

    claim: str
    tensorflow: str
    keras: str
    """The Keras that ``tf.keras`` was during the measurement."""
    tf_keras: str | None
    python: str
    platform: str
    """System and processor, such as ``linux-x86_64``."""
    full: bool
    """Whether all sizes were measured, or only the quick ones."""
    verdict: str
    """``confirmed`` or ``not-measurable``."""
    summary: str
    """The most important numbers, as one line for people."""
    why: str
    measured: Mapping[str, Any]
    run: Mapping[str, Any] = field(default_factory=dict)
    """When and where: date, rnnlint, cpu, cores and load (other running programs); empty for older records."""


@lru_cache(maxsize=1)
def records() -> tuple[Record, ...]:
    """All records, in the order of the file."""
    return tuple(Record(**json.loads(line)) for line in FILE.read_text(encoding="utf-8").splitlines())


def of_claim(claim: str) -> tuple[Record, ...]:
    """The records of one claim, the newest release first."""
    return tuple(record for record in records() if record.claim == claim)


def merged(old: Iterable[Record], new: Iterable[Record]) -> tuple[Record, ...]:
    """Merge old and new records: a new one replaces the old one of the same claim and releases, unless it measured
    less.

    A quick run measures less than a confirmed full one, and "not measurable" less than a measurement. The result is
    sorted by claim, the newest release first.
    """
    kept: dict[tuple[str, str, str], Record] = {}
    for one in [*old, *new]:
        key = (one.claim, one.tensorflow, one.keras)
        if key not in kept or _says(one) >= _says(kept[key]):
            kept[key] = one
    return tuple(sorted(kept.values(), key=_order))


def _says(one: Record) -> int:
    return 0 if one.verdict != "confirmed" else 2 if one.full else 1


def _order(one: Record) -> tuple[str, list[int], list[int]]:
    return one.claim, [-part for part in _version(one.tensorflow)], [-part for part in _version(one.keras)]


def _version(text: str) -> list[int]:
    return [int(part) if part.isdigit() else 0 for part in text.split(".")]


def as_text(rows: Iterable[Record]) -> str:
    """The text of the file for these records."""
    fields = ({name: value for name, value in asdict(row).items() if name != "run" or value} for row in rows)
    return "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in fields)
