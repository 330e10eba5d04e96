"""What was measured last for each claim, and on which release?

``evidence.jsonl`` holds one record a line, for a claim and a pair of releases of TensorFlow and Keras.
``rnnlint probe --record`` writes it; nobody edits it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["FILE", "Record", "as_text", "merged", "of_claim", "records"]

FILE = Path(__file__).with_name("evidence.jsonl")


@dataclass(frozen=True, slots=True)
class Record:
    """What one run of the probe measured for one claim. What it refutes is never recorded."""

    claim: str
    tensorflow: str
    keras: str
    """The one that ``tf.keras`` was when this was measured."""
    tf_keras: str | None
    python: str
    platform: str
    """System and processor, such as ``linux-x86_64``."""
    full: bool
    """Whether all sizes were measured, or the quick ones."""
    verdict: str
    """``confirmed`` or ``not-measurable``."""
    summary: str
    """The numbers that matter, as one line for people."""
    why: str
    measured: Mapping[str, Any]


@lru_cache(maxsize=1)
def records() -> tuple[Record, ...]:
    """All records, in the order of the file."""
    return tuple(Record(**json.loads(line)) for line in FILE.read_text(encoding="utf-8").splitlines())


def of_claim(claim: str) -> tuple[Record, ...]:
    """The records of one claim, the newest release first."""
    return tuple(record for record in records() if record.claim == claim)


def merged(old: Iterable[Record], new: Iterable[Record]) -> tuple[Record, ...]:
    """Both; a new record replaces the old one of the same claim and releases, unless it could measure less.

    Sorted by claim, the newest release first.
    """
    kept: dict[tuple[str, str, str], Record] = {}
    for one in [*old, *new]:
        key = (one.claim, one.tensorflow, one.keras)
        if key not in kept or one.verdict == "confirmed" or kept[key].verdict != "confirmed":
            kept[key] = one
    return tuple(sorted(kept.values(), key=_order))


def _order(one: Record) -> tuple[str, list[int], list[int]]:
    return one.claim, [-part for part in _version(one.tensorflow)], [-part for part in _version(one.keras)]


def _version(text: str) -> list[int]:
    return [int(part) if part.isdigit() else 0 for part in text.split(".")]


def as_text(rows: Iterable[Record]) -> str:
    """The file that holds these records."""
    return "".join(json.dumps(asdict(row), ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
