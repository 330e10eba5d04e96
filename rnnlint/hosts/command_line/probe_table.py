"""How is the comparison of a run with its findings shown? As a table with a summary line, or as JSON."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rnnlint.hosts.command_line.probe_rows import BAD, Row
from rnnlint.probe.watch.record import BROKEN, Record, Run
from rnnlint.report.color import Paint
from rnnlint.report.excerpt import printable
from rnnlint.report.run import counted, path_for_people

_HEADINGS = ("place", "what", "rnnlint says", "ran", "verdict")
_SHORT = ("tf.compat.v1.nn.rnn_cell.", "tf.compat.v1.nn.")
_NAMES = {"python": "Python", "tensorflow": "TensorFlow", "keras": "Keras", "tf_keras": "tf-keras"}


def as_text(rows: Sequence[Row], record: Record, cwd: str, paint: Paint) -> Iterator[str]:
    """The table's lines, each with its newline."""
    cells = [[_place(row, cwd), _what(row), _said(row), _ran(row), _verdict(row)] for row in rows]
    widths = [max(map(len, column)) for column in zip(_HEADINGS, *cells)]
    if cells:
        yield _line(_HEADINGS, widths, lambda text: paint(text, "bold"))
    for row, texts in zip(rows, cells):
        style = "error" if row.verdict in BAD else "good" if row.verdict == "confirmed" else "bold"
        yield _line(texts, widths, lambda text, style=style: paint(text, style))
    yield ("\n" if cells else "") + _summary(rows, record) + "\n"


def _line(texts: Sequence[str], widths: Sequence[int], paint_last: Any) -> str:
    *first, last = texts
    padded = [text.ljust(width) for text, width in zip(first, widths)]
    return "  ".join([*padded, paint_last(last)]) + "\n"


def _place(row: Row, cwd: str) -> str:
    return f"{printable(path_for_people(cwd, row.place.filename))}:{row.place.row}"


def _what(row: Row) -> str:
    name = row.api
    for prefix in _SHORT:
        name = name.removeprefix(prefix)
    if row.sort == "loop":
        return f"loop over {name}" if row.ran else "loop"
    return f"{name}, unrolled" if row.sort == "layer" and row.unrolled else name


def _said(row: Row) -> str:
    if row.said is None:
        return "-"
    if row.sort == "mask":
        return "no mask"
    length = f"{row.said.length} steps" if row.said.length is not None else "reported"
    return length if row.said.ops is None else f"{length}, {row.said.ops:,} ops"


def _ran(row: Row) -> str:
    if not row.ran:
        return "-"
    run = _shown(row)
    parts = [_steps(row)]
    if run.ops is not None:
        parts.append(f"{run.ops:,} ops")
    if row.ran[0].where == "graph":
        parts.append(f"{run.seconds:.2f} s")
    if any(one.masked for one in row.ran):
        parts.append("masked")
    calls = sum(one.calls for one in row.ran)
    return ", ".join(parts) + (f" ({calls} calls)" if calls > 1 else "")


def _shown(row: Row) -> Run:
    """The run whose numbers are shown: the one that matches the finding, else the first ordinary one."""
    wanted = row.said.ops if row.said is not None else None
    ordinary = [run for run in row.ran if not run.made_variables]
    return next((run for run in row.ran if wanted is not None and run.ops == wanted), (ordinary or list(row.ran))[0])


def _steps(row: Row) -> str:
    lengths = sorted({run.steps for run in row.ran if run.steps is not None})
    if not lengths:
        return "any length"
    return f"{lengths[0]} steps" if len(lengths) == 1 else f"{lengths[0]} to {lengths[-1]} steps"


def _verdict(row: Row) -> str:
    library = f" ({row.library})" if row.library else ""
    return row.verdict + library + (f": {row.note}" if row.note else "")


def _summary(rows: Sequence[Row], record: Record) -> str:
    tally = Counter(row.verdict for row in rows)
    listed = ", ".join(f"{number} {verdict}" for verdict, number in tally.most_common())
    names = ", ".join(f"{_NAMES[name]} {version}" for name, version in record.versions.items() if name in _NAMES)
    ended = ""
    if record.raised:
        # A broken installation is not an error of the program.
        raised = record.raised if record.raised.startswith(BROKEN) else f"The program raised {record.raised}"
        ended = f"\n{printable(raised)}; only what it did until then is compared."
    elif record.status:
        ended = f"\nThe program ended with status {record.status}; only what it did until then is compared."
    found = f"{counted(len(rows), 'place')}: {listed}" if rows else "Nothing recurrent ran, and rnnlint has no findings"
    return f"{found}. {names}.{ended}{_processes(record)}"


def _processes(record: Record) -> str:
    """Which processes of the program were recorded, if there was more than one."""
    listed = ""
    if record.children:
        forked = "1 process" if record.children == 1 else f"{record.children} processes"
        listed = f"\n{forked} that the program forked: also watched."
    if record.strangers:
        others = "1 Python process" if record.strangers == 1 else f"{record.strangers} Python processes"
        listed += f"\n{others} that the program started: not watched. To see what they do, run their programs directly."
    return listed


# ---- JSON


def as_json(rows: Sequence[Row], record: Record, run: Mapping[str, Any]) -> dict[str, Any]:
    """The comparison as JSON; field names are stable. ``seconds`` is the duration of the first call.

    ``run`` says when and on what the program ran.
    """
    return {
        "program": {"status": record.status, "raised": record.raised or None},
        "processes": {"watched": 1 + record.children, "not_watched": record.strangers},
        "run": dict(run),
        "environment": {name: record.versions.get(name) for name in _NAMES},
        "rows": [_fields(row) for row in rows],
    }


def _fields(row: Row) -> dict[str, Any]:
    said = row.said
    return {
        "verdict": row.verdict,
        "filename": os.path.abspath(row.place.filename),
        "row": row.place.row,
        "api": row.api,
        "kind": row.sort,
        "unrolled": row.unrolled,
        "library": row.library or None,
        "note": row.note or None,
        "said": None
        if said is None
        else {"codes": list(said.codes), "unroll_length": said.length, "graph_ops": said.ops},
        "ran": _measured(row) if row.ran else None,
    }


def _measured(row: Row) -> dict[str, Any]:
    lengths = [run.steps for run in row.ran if run.steps is not None]
    run = _shown(row)
    return {
        "where": run.where,
        "calls": sum(one.calls for one in row.ran),
        "shortest": min(lengths, default=None),
        "longest": max(lengths, default=None),
        "graph_ops": run.ops,
        "seconds": run.seconds,
        "masked": any(one.masked for one in row.ran),
    }
