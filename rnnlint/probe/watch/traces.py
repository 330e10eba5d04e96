"""What would the program's traceback be if nobody watched? The same without the frames that are ours."""

from __future__ import annotations

import sys
from types import TracebackType

from rnnlint.probe.watch.record import BROKEN

_OWN = __name__.rpartition(".")[0]


def show(error: BaseException) -> None:
    """Show an error as Python shows what ends a program, by the hook that the program may have put in."""
    seen: set[int] = set()
    cleaned: BaseException | None = error
    while cleaned is not None and id(cleaned) not in seen:
        seen.add(id(cleaned))
        cleaned.__traceback__ = without_ours(cleaned.__traceback__)
        cleaned = cleaned.__cause__ or cleaned.__context__
    sys.excepthook(type(error), error, error.__traceback__)


def without_ours(trace: TracebackType | None) -> TracebackType | None:
    """The frames of a traceback that are the program's and its libraries'."""
    kept = []
    while trace is not None:
        if not trace.tb_frame.f_globals.get("__name__", "").startswith(_OWN):
            kept.append(trace)
        trace = trace.tb_next
    while kept and kept[0].tb_frame.f_code.co_filename == "<frozen runpy>":
        kept.pop(0)
    for one, following in zip(kept, [*kept[1:], None]):
        one.tb_next = following
    return kept[0] if kept else None


def in_one_line(error: BaseException) -> str:
    """Its type and the first line of what it says; of one at the import of TensorFlow that this is what failed."""
    said = str(error).strip().split("\n")[0].strip()
    told = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return f"{BROKEN}: {told}" if _at_import(error) else told


def _at_import(error: BaseException) -> bool:
    """Whether it came from TensorFlow while that was imported: then Python has taken the module away again."""
    trace = error.__traceback__
    while trace is not None and "tensorflow" not in sys.modules:
        if trace.tb_frame.f_globals.get("__name__", "").split(".")[0] == "tensorflow":
            return True
        trace = trace.tb_next
    return False
