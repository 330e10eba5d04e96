"""What is the program's own traceback? The frames of the watcher are removed."""

from __future__ import annotations

import sys
from types import TracebackType

from rnnlint.probe.watch.record import BROKEN

_OWN = __name__.rpartition(".")[0]


def show(error: BaseException) -> None:
    """Show a fatal error as Python does, with the hook that the program may have installed."""
    seen: set[int] = set()
    cleaned: BaseException | None = error
    while cleaned is not None and id(cleaned) not in seen:
        seen.add(id(cleaned))
        cleaned.__traceback__ = without_ours(cleaned.__traceback__)
        cleaned = cleaned.__cause__ or cleaned.__context__
    sys.excepthook(type(error), error, error.__traceback__)


def without_ours(trace: TracebackType | None) -> TracebackType | None:
    """The frames of a traceback that belong to the program and its libraries."""
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
    """Its type and the first line of its message; an error at the import of TensorFlow is marked as such."""
    said = str(error).strip().split("\n")[0].strip()
    listed = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return f"{BROKEN}: {listed}" if _at_import(error) else listed


def _at_import(error: BaseException) -> bool:
    """Whether TensorFlow raised it while it was imported, so that Python has removed the module again."""
    trace = error.__traceback__
    while trace is not None and "tensorflow" not in sys.modules:
        if trace.tb_frame.f_globals.get("__name__", "").split(".")[0] == "tensorflow":
            return True
        trace = trace.tb_next
    return False
