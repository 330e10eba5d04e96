"""What did a program do? The calls that were watched while it ran, as values and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Sort = Literal["static", "dynamic", "layer", "loop"]
"""A runner that unrolls, one that loops in the graph, a Keras layer, or a cell that Python calls again and again."""

Where = Literal["graph", "eager", "symbolic", "raised"]
"""``symbolic``: a Keras layer called on a Keras input, before its graph is made. ``raised``: the call failed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the user's code. ``column`` is that of the call in it, in bytes from 1, where Python tells it."""

    filename: str
    row: int
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Calls of one place that came to the same. ``seconds`` is what the first of them took."""

    steps: int | None
    """Time steps of a sequence, calls of a cell in a loop; None where the length is left open."""
    ops: int | None
    """Operations that one call added to the graph, as facts.graph_cost counts them; None outside of a graph."""
    where: Where
    masked: bool
    """Whether a mask or sequence_length came with the call."""
    made_variables: bool
    batch_known: bool
    """Whether the graph knew the size of the batch; said of layers only."""
    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Watched:
    """All that happened at one place. ``unrolled`` is False where the cell is in the graph but once."""

    sort: Sort
    api: str
    unrolled: bool
    places: tuple[Place, ...]
    """Where the user's code is at it: the nearest line first, then others that stand for the same."""
    library: str
    """A package between the user's code and the call; empty where the user's code calls itself."""
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A whole run. ``raised`` is the error that ended it, in one line; ``status`` what it ended with."""

    calls: tuple[Watched, ...] = ()
    files: tuple[str, ...] = ()
    """The user's files that were run or imported."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Releases of ``python``, ``tensorflow``, ``keras`` and ``tf_keras``, as far as they were imported."""
    keras: int = 0
    """The generation of the Keras that the program used, 2 or 3; 0 where it used none."""
    status: int = 0
    raised: str = ""


def to_json(record: Record) -> dict[str, Any]:
    """The record in lists and dicts."""
    return {**asdict(record), "versions": dict(record.versions)}


def from_json(data: Mapping[str, Any]) -> Record:
    """The record again. Raises KeyError or TypeError for anything else."""
    calls = tuple(
        Watched(
            **{
                **call,
                "places": tuple(Place(**place) for place in call["places"]),
                "runs": tuple(Run(**run) for run in call["runs"]),
            }
        )
        for call in data["calls"]
    )
    return Record(**{**data, "calls": calls, "files": tuple(data["files"])})
