"""Did the program do what the findings say? Compares a record of a run with its findings, with a verdict per place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rnnlint.hosts.command_line.probe_said import Said, Statement
from rnnlint.probe.watch.record import Place, Record, Run, Sort, Watched

Verdict = Literal[
    "confirmed",
    "wrong length",
    "wrong operations",
    "missed",
    "not reached",
    "length unknown",
    "in a library",
    "no unroll",
    "masked",
]

BAD: tuple[Verdict, ...] = ("wrong length", "wrong operations", "missed", "masked")
_OLD_CELLS = "tf.compat.v1.nn.rnn_cell."


@dataclass(frozen=True, slots=True)
class Row:
    """One place. ``said`` is None if there is no finding, and ``ran`` is empty if nothing ran there."""

    verdict: Verdict
    sort: Sort
    place: Place
    api: str
    said: Said | None
    ran: tuple[Run, ...]
    """The calls that count: those in graphs if there are any, else those on Keras inputs, else the eager ones."""
    unrolled: bool = True
    library: str = ""
    note: str = ""


def rows(record: Record, statement: Statement) -> list[Row]:
    """A row for each place that has a finding or where something ran, in the order of files and lines."""
    claimed: dict[int, list[Watched]] = {}
    alone: list[Watched] = []
    for watched in record.calls:
        found = _said_of(watched, statement.said)
        for number in found:
            claimed.setdefault(number, []).append(watched)
        if not found:
            alone.append(watched)
    ended = record.raised or record.status
    judged = [
        _with_mask(said, record.calls, bool(ended))
        if said.sort == "mask"
        else _judged(said, claimed.get(number, []), bool(ended))
        for number, said in enumerate(statement.said)
    ]
    judged += [row for watched in alone for row in _unsaid(watched, statement)]
    return sorted(judged, key=lambda row: (row.place.filename, row.place.row, row.place.column or 0))


def _said_of(watched: Watched, said: Sequence[Said]) -> list[int]:
    """The numbers of the finding at a place that was reached."""
    if watched.library:
        return []
    mine = [(number, one) for number, one in enumerate(said) if one.sort == watched.sort]
    if watched.sort == "layer":
        return [number for place in watched.places for number in _at(place, watched, mine)]
    for place in watched.places:
        if watched.sort == "loop":
            around = [item for item in mine if _has(item[1], place)]
            if around:
                return [max(around, key=lambda item: (item[1].row, item[1].column))[0]]
        elif found := _at(place, watched, mine):
            return found
    return []


def _at(place: Place, watched: Watched, said: Sequence[tuple[int, Said]]) -> list[int]:
    """The finding at a line: the one for the exact call, else the first with this length.

    If the column is unknown (AutoGraph, an old Python), the line may be the first of the statement.
    """
    here = [item for item in said if item[1].filename == place.filename and item[1].row == place.row]
    if not here and place.column is None:
        here = [item for item in said if _has(item[1], place) and item[1].first == place.row]
    if len(here) > 1:
        exact = [item for item in here if item[1].column == place.column and item[1].row == place.row]
        alike = [item for item in here if item[1].length in {run.steps for run in watched.runs}]
        here = exact or alike or here
    return [number for number, _ in here[:1]]


def _has(said: Said, place: Place) -> bool:
    return said.filename == place.filename and said.first <= place.row <= said.last


# ---- the verdict


def _judged(said: Said, watched: Sequence[Watched], ended: bool) -> Row:
    place = Place(said.filename, said.row, said.column)
    api = watched[0].api if watched else said.api
    ran = _that_count(run for one in watched for run in one.runs)
    if not ran:
        raised = any(one.runs for one in watched)
        note = "the call raised" if raised else "the program ended before" if ended else ""
        return Row("not reached", said.sort, place, api, said, (), note=note)
    if said.sort == "dynamic":
        return Row("confirmed", said.sort, place, api, said, ran, unrolled=False)
    unrolled = [one for one in watched if one.unrolled]
    if not unrolled:
        return Row("wrong length", said.sort, place, api, said, ran, unrolled=False, note="it ran in a graph loop")
    if said.sort == "loop" and ran[0].where != "graph":
        return Row("wrong length", said.sort, place, api, said, ran, note="it ran eagerly, without a graph")
    if said.length is None:
        return Row("length unknown", said.sort, place, api, said, ran)
    if not _is_length(said, ran):
        times = _times(said.length, ran) if said.nested else 0
        note = f"{times} times, in the loop around it"
        return Row(
            "confirmed" if times else "wrong length", said.sort, place, api, said, ran, note=note if times else ""
        )
    return _with_operations(said, place, api, ran)


def _with_mask(said: Said, calls: Sequence[Watched], ended: bool) -> Row:
    """Whether a call that is reported for padding did get a mask or lengths.

    A layer is reported where it is made or where it is called; the record does not show which.
    """
    place = Place(said.filename, said.row, said.column)
    api, found = said.api, []
    for watched in calls:
        if watched.library or watched.sort == "loop":
            continue
        here = any(_has(said, one) for one in watched.places)
        mine = [run for run in watched.runs if here or (run.called is not None and _has(said, run.called))]
        api = watched.api if mine else api
        found += mine
    ran = _that_count(found)
    if not ran:
        note = "the call raised" if found else "the program ended before" if ended else ""
        return Row("not reached", "mask", place, api, said, (), note=note)
    masked, all_calls = (sum(run.calls for run in runs) for runs in ([run for run in ran if run.masked], ran))
    if masked == all_calls:
        return Row("masked", "mask", place, api, said, ran, note="each call had a mask or lengths")
    note = f"{masked} of {all_calls} calls had a mask" if masked else "it had no mask"
    return Row("confirmed", "mask", place, api, said, ran, note=note)


def _that_count(runs: Iterable[Run]) -> tuple[Run, ...]:
    found = list(runs)
    for where in ("graph", "symbolic", "eager"):
        if of_kind := tuple(run for run in found if run.where == where):
            return of_kind
    return ()


def _is_length(said: Said, ran: Sequence[Run]) -> bool:
    """The length to show: the longest of all uses of a layer; for anything else the length that all calls share."""
    lengths = [run.steps for run in ran if run.steps is not None]
    if not lengths:
        return False
    return max(lengths) == said.length if said.sort == "layer" else set(lengths) == {said.length}


def _times(length: int, ran: Sequence[Run]) -> int:
    """How often a loop ran within the loop around it, which the record cannot separate; 0 if that is no explanation."""
    times = {divmod(run.steps or 0, length) for run in ran} if length else set()
    number, rest = times.pop() if len(times) == 1 else (0, 0)
    return 0 if rest else number


def _with_operations(said: Said, place: Place, api: str, ran: tuple[Run, ...]) -> Row:
    counted = [run for run in ran if run.ops is not None and run.steps == said.length]
    if ran[0].where != "graph":
        note = "it ran eagerly, without a graph" if ran[0].where == "eager" else "called on a Keras input only"
        return Row("confirmed", said.sort, place, api, said, ran, note=note)
    if said.ops is None or said.ops in operations(counted):
        return Row("confirmed", said.sort, place, api, said, ran)
    # The numbers for Keras layers apply to built layers.
    if said.sort != "static" and not api.startswith(_OLD_CELLS):
        counted = [run for run in counted if not run.made_variables]
        if not counted:
            return Row(
                "confirmed", said.sort, place, api, said, ran, note="created its variables: operations not compared"
            )
    # The code of a model does not show the fixed batch size of an array that its graph is made for.
    if said.sort == "layer" and all(run.batch_known for run in counted):
        return Row("confirmed", said.sort, place, api, said, ran, note="in a graph with a fixed batch size")
    return Row("wrong operations", said.sort, place, api, said, ran)


def operations(runs: Sequence[Run]) -> set[int]:
    """The operations that the graph got: of each run, and of all together, since an iteration may run several cells."""
    known = [(run.ops, run.calls) for run in runs if run.ops is not None]
    return {ops for ops, _ in known} | {sum(ops * calls for ops, calls in known)}


def _unsaid(watched: Watched, statement: Statement) -> Iterator[Row]:
    """A row without a finding: fine for a layer that does not unroll, and for a single call of a cell."""
    place = watched.places[0]
    ran = _that_count(watched.runs)
    passes = max((run.steps or 0 for run in ran), default=0)
    if not ran or watched.sort == "loop" and watched.unrolled and (ran[0].where != "graph" or passes < 2):
        return
    if watched.library:
        verdict: Verdict = "in a library"
    elif watched.sort in ("layer", "loop") and not watched.unrolled:
        verdict = "no unroll"
    elif _is_named(watched, statement):
        verdict = "length unknown" if watched.sort == "static" else "confirmed"
    else:
        verdict = "missed"
    yield Row(verdict, watched.sort, place, watched.api, None, ran, watched.unrolled, watched.library)


def _is_named(watched: Watched, statement: Statement) -> bool:
    """Whether the legacy function is reported where its name is bound: a call through a variable has no separate
    finding."""
    name = watched.api.rsplit(".", 1)[-1]
    files = {place.filename for place in watched.places}
    return watched.sort in ("static", "dynamic") and any(
        filename in files and api.rsplit(".", 1)[-1] == name for filename, api in statement.named
    )
