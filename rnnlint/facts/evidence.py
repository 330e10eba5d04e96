"""What was measured last for each claim, and on which release?

``evidence.tsv`` holds one row for a claim and a pair of releases of TensorFlow and Keras. The tests of the
claims write it when they are run with the option ``--record-evidence``; nobody edits it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from functools import lru_cache
from pathlib import Path

__all__ = ["FILE", "Record", "as_text", "merged", "of_claim", "records"]

FILE = Path(__file__).with_name("evidence.tsv")


@dataclass(frozen=True, slots=True)
class Record:
    """What one run of a claim's test measured. The test passed, else there is no record."""

    claim: str
    measured: str
    """The numbers, as text for people."""
    tensorflow: str
    keras: str
    python: str
    platform: str
    """System and processor, such as ``linux-x86_64``."""


_COLUMNS = tuple(one.name for one in fields(Record))


@lru_cache(maxsize=1)
def records() -> tuple[Record, ...]:
    """All records, in the order of the file."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return tuple(Record(*line.split("\t")) for line in lines[1:])


def of_claim(claim: str) -> tuple[Record, ...]:
    """The records of one claim, the newest release first."""
    return tuple(record for record in records() if record.claim == claim)


def merged(old: Iterable[Record], new: Iterable[Record]) -> tuple[Record, ...]:
    """Both, where a new record replaces the old one of the same claim and releases; newest release first."""
    kept = {(one.claim, one.tensorflow, one.keras): one for one in [*old, *new]}
    return tuple(sorted(kept.values(), key=lambda one: (one.claim, [-part for part in _version(one.tensorflow)])))


def _version(text: str) -> list[int]:
    return [int(part) if part.isdigit() else 0 for part in text.split(".")]


def as_text(rows: Iterable[Record]) -> str:
    """The file that holds these records."""
    lines = ["\t".join(_COLUMNS), *("\t".join(astuple(row)) for row in rows)]
    if any(line.count("\t") != len(_COLUMNS) - 1 or "\n" in line for line in lines):
        raise ValueError("a record is one line, and its columns hold no tabs")
    return "\n".join(lines) + "\n"
