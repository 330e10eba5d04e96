"""What did a program do? The observed calls of a run, as values and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

BROKEN = "TensorFlow cannot be used"
"""The beginning of the error of a program that failed when importing TensorFlow."""

Sort = Literal["static", "dynamic", "layer", "loop", "mask"]
"""A runner that unrolls, one that loops in the graph, a Keras layer, or a cell that a Python loop calls.

``mask`` applies to calls only: whether a mask or lengths were passed.
"""

Where = Literal["graph", "eager", "symbolic", "raised"]
"""``symbolic``: a Keras layer called on a Keras input, before its graph is made. ``raised``: the call failed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the user's code. ``column`` is that of the call, in bytes from 1, if Python knows it."""

    filename: str
    row: int
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Calls at one place with the same result. ``seconds`` is the duration of the first."""

    steps: int | None
    """Time steps of a sequence, calls of a cell in a loop; None if the length is undefined."""
    ops: int | None
    """Operations that one call added to the graph, counted as in facts.graph_cost; None outside a graph."""
    where: Where
    masked: bool
    """Whether a mask or sequence_length was passed."""
    made_variables: bool
    batch_known: bool
    """Whether the graph had a fixed batch size; for layers only."""
    calls: int
    seconds: float
    called: Place | None = None
    """Where a layer was called; None for anything else, whose place is the call."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Everything that happened at one place. ``unrolled`` is False if the graph contains the cell only once."""

    sort: Sort
    api: str
    unrolled: bool
    places: tuple[Place, ...]
    """The place in the user's code: the nearest line first, then other lines for the same call."""
    library: str
    """A package between the user's code and the call; empty if the user's code calls directly."""
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A whole run. ``raised`` is the error that ended it, in one line; ``status`` its exit status."""

    calls: tuple[Watched, ...] = ()
    files: tuple[str, ...] = ()
    """The user's files that were run or imported."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Releases of ``python``, ``tensorflow``, ``keras`` and ``tf_keras``, as far as they were imported."""
    keras: int = 0
    """The generation of Keras that the program used, 2 or 3; 0 if it used none."""
    status: int = 0
    raised: str = ""
    children: int = 0
    """Forked processes of the program, which were observed too."""
    strangers: int = 0
    """Python processes that it started, or that left no record: what they did is unknown."""


def to_json(record: Record) -> dict[str, Any]:
    """The record as lists and dicts."""
    return {**asdict(record), "versions": dict(record.versions)}


def from_json(data: Mapping[str, Any]) -> Record:
    """The record from its JSON form. Raises KeyError or TypeError for anything else."""
    calls = tuple(
        Watched(
            **{
                **call,
                "places": tuple(Place(**place) for place in call["places"]),
                "runs": tuple(Run(**{**run, "called": _place(run["called"])}) for run in call["runs"]),
            }
        )
        for call in data["calls"]
    )
    return Record(**{**data, "calls": calls, "files": tuple(data["files"])})


def _place(data: Mapping[str, Any] | None) -> Place | None:
    return None if data is None else Place(**data)


def merged(main: Record, children: Sequence[Record]) -> Record:
    """The record of a program merged with those of the processes that it forked."""
    every = (main, *children)
    seen: dict[Watched, dict[Run, tuple[int, float]]] = {}
    for watched in (watched for record in every for watched in record.calls):
        mine = seen.setdefault(replace(watched, runs=()), {})
        for run in watched.runs:
            same = replace(run, calls=0, seconds=0.0)
            calls, first = mine.get(same, (0, run.seconds))
            mine[same] = (calls + run.calls, first)
    lost = sum(record.children for record in every) - len(children)
    return replace(
        main,
        calls=tuple(
            replace(place, runs=tuple(replace(run, calls=n, seconds=first) for run, (n, first) in mine.items()))
            for place, mine in seen.items()
        ),
        files=tuple(sorted({file for record in every for file in record.files})),
        children=len(children),
        strangers=sum(record.strangers for record in every) + max(0, lost),
        keras=max(record.keras for record in every),
        versions={name: text for record in (*children, main) for name, text in record.versions.items()},
    )
