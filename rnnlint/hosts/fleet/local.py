"""How is a fleet checked on this machine? In parts, by several processes; an interrupted run can be continued."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from rnnlint import __version__
from rnnlint.hosts import parallel
from rnnlint.hosts.collecting import SELDOM, seldom_collecting
from rnnlint.hosts.fleet.columns import ERRORS, FINDINGS, table
from rnnlint.hosts.fleet.folder import check_checkout
from rnnlint.hosts.fleet.parts import Part, parts_of, rows_of, together
from rnnlint.hosts.fleet.repository import Came, check_alone, check_repository, too_large
from rnnlint.settings import Settings, SettingsError

_PLAN = "plan.json"
_RECORDS_AT_ONCE = 5_000
_MERGED_ROWS = 100_000
_FILES_AT_ONCE = 500
"""After this many files, garbage is collected explicitly; Python would do so too rarely."""
_MOST_BREAKS = 3
"""How often a process may be killed without any part being finished in between."""


class Task(NamedTuple):
    """The settings of a run, which every process gets."""

    settings: Settings
    columns: Mapping[str, str]
    folder: str
    """The folder that keeps finished parts until all are done."""


class Done(NamedTuple):
    """The numbers of files, findings and errors of a part."""

    findings: int
    errors: int
    files: int


class Outputs(NamedTuple):
    """The files that a run writes."""

    findings: str
    errors: str


def run(
    sources: Sequence[str],
    columns: Mapping[str, str],
    settings: Settings,
    outputs: Outputs,
    jobs: int,
    step: Callable[[int, int], None],
) -> Done:
    """Check the sources and write each output at once at the end.

    ``step`` is called after each part, with the number of finished parts and of all parts. Raises SettingsError if that
    fails; finished parts are kept for the next run.
    """
    folder = f"{outputs.findings}.parts"
    task = Task(settings, columns, folder)
    plan = _plan(sources, columns, settings)
    parts = _resumed(folder, plan, sources, columns)
    try:
        total = _all(parts, task, jobs, step)
        numbers = [part.number for part in parts]
        for kind, schema, target in (("findings", FINDINGS, outputs.findings), ("errors", ERRORS, outputs.errors)):
            _merge(folder, numbers, kind, schema, target)
    except (OSError, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise SettingsError(f"{getattr(error, 'filename', None) or folder}: {reason}") from None
    _clear(folder)
    return total


# ---- the plan, and what an earlier run did of it


def _plan(sources: Sequence[str], columns: Mapping[str, str], settings: Settings) -> dict[str, Any]:
    files = []
    for source in sources:
        status = os.stat(source)
        files.append([os.path.abspath(source), status.st_size, status.st_mtime_ns])
    return {"rnnlint": __version__, "sources": files, "columns": dict(columns), "settings": repr(settings)}


def _resumed(folder: str, plan: dict[str, Any], sources: Sequence[str], columns: Mapping[str, str]) -> list[Part]:
    """The parts of a plan. Finished parts of an earlier run with the same plan are reused."""
    place = os.path.join(folder, _PLAN)
    try:
        with open(place, encoding="utf-8") as stream:
            known = json.load(stream)
    except FileNotFoundError:
        known = None
    except (OSError, ValueError):
        raise SettingsError(f"{folder}: cannot be read; delete it, or choose another --out") from None
    if known is not None:
        if known.get("plan") != plan:
            raise SettingsError(
                f"{folder}: contains parts of a run with other sources or settings; delete it, or choose another --out"
            )
        return [Part(*part) for part in known["parts"]]
    if os.path.lexists(folder) and (not os.path.isdir(folder) or not _is_begun(folder)):
        raise SettingsError(f"{folder}: already exists, but rnnlint needs this path for its parts during a run")
    os.makedirs(folder, exist_ok=True)
    if all(os.path.isdir(source) for source in sources):
        found = [Part(number, source, -1) for number, source in enumerate(sources)]
    else:
        found = parts_of(sources, columns, lambda: folder)
    temporary = f"{place}.new"
    with open(temporary, "w", encoding="utf-8") as stream:
        json.dump({"plan": plan, "parts": found}, stream)
    os.replace(temporary, place)
    return found


def _is_begun(folder: str) -> bool:
    """Whether a folder without a plan contains only files of a run that was interrupted before it wrote one."""
    return all(name.startswith(("bucket-", _PLAN)) for name in os.listdir(folder))


def _clear(folder: str) -> None:
    """Remove the files of this run, and nothing else."""
    for name in os.listdir(folder):
        if name.startswith(("bucket-", "part-", _PLAN)):
            os.unlink(os.path.join(folder, name))
    with contextlib.suppress(OSError):
        os.rmdir(folder)


# ---- the parts


def _all(parts: Sequence[Part], task: Task, jobs: int, step: Callable[[int, int], None]) -> Done:
    """Check the unfinished parts; return the sums of all parts."""
    done: dict[int, Done] = {}
    for part in parts:
        known = _known(part, task)
        if known is not None:
            done[part.number] = known
    step(len(done), len(parts))
    left = [part for part in parts if part.number not in done]
    for part, came in _each(left, task, jobs):
        done[part.number] = came
        step(len(done), len(parts))
    return Done(*(sum(column) for column in zip(*done.values()))) if done else Done(0, 0, 0)


def _known(part: Part, task: Task) -> Done | None:
    try:
        with open(_name(task.folder, part.number, "done"), encoding="utf-8") as stream:
            return Done(*json.load(stream))
    except (OSError, ValueError, TypeError):
        return None


def _each(parts: Sequence[Part], task: Task, jobs: int) -> Iterator[tuple[Part, Done]]:
    if jobs == 1 or len(parts) < 2:
        with seldom_collecting():
            yield from ((part, do(part, task)) for part in parts)
        return
    left, breaks = {part.number: part for part in parts}, 0
    # Imported once here if processes are forked, instead of in each of them.
    import rnnlint.engine  # noqa: F401

    with parallel.ended_with_us():
        while left:
            pool = ProcessPoolExecutor(min(jobs, len(left)), initializer=_start, initargs=(os.getpid(),))
            waiting: dict[Future[Done], Part] = {pool.submit(do, part, task): part for part in left.values()}
            try:
                for future in as_completed(waiting):
                    part = waiting[future]
                    came = future.result()
                    del left[part.number]
                    breaks = 0
                    yield part, came
            except BrokenProcessPool:
                # A process was killed, or memory ran out: unfinished parts are started again.
                breaks += 1
                if breaks >= _MOST_BREAKS:
                    raise SettingsError(
                        f"a process was killed {breaks} times (too little memory?); what is done is kept: run it again"
                        " with fewer --jobs"
                    ) from None
            except KeyboardInterrupt:
                parallel.kill_helpers()
                raise
            finally:
                pool.shutdown(cancel_futures=True)


def _start(parent: int) -> None:
    parallel.begin(parent)
    gc.set_threshold(*SELDOM)


def do(part: Part, task: Task) -> Done:
    """Check a part, write its results, and mark it as done."""
    counts = Done(0, 0, 0)
    with (
        _Writer(task.folder, part.number, "findings", FINDINGS) as findings,
        _Writer(task.folder, part.number, "errors", ERRORS) as errors,
    ):
        for came in _came(part, task):
            findings.write(came.findings)
            errors.write(came.errors)
            found = (len(came.findings), len(came.errors), came.files)
            before, counts = counts, Done(*(one + more for one, more in zip(counts, found)))
            if counts.files // _FILES_AT_ONCE > before.files // _FILES_AT_ONCE:
                gc.collect()
    gc.collect()
    place = _name(task.folder, part.number, "done")
    with open(f"{place}.new", "w", encoding="utf-8") as stream:
        json.dump(counts, stream)
    os.replace(f"{place}.new", place)
    return counts


def _came(part: Part, task: Task) -> Iterator[Came]:
    if os.path.isdir(part.file):
        yield from check_checkout(part.file, task.settings)
        return
    said: str | None = None
    for repo, rows, whole in together(rows_of(part, task.columns)):
        if whole:
            yield check_repository(repo, rows, task.settings)
            continue
        came = check_alone(repo, rows, task.settings)
        if said != repo:
            came.errors.append(too_large(repo))
            said = repo
        yield came


class _Writer:
    """Writes one output of a part incrementally."""

    def __init__(self, folder: str, number: int, kind: str, schema: pa.Schema) -> None:
        self._place = _name(folder, number, kind)
        self._schema = schema
        self._held: list[dict[str, Any]] = []
        self._writer = pq.ParquetWriter(f"{self._place}.new", schema)

    def write(self, records: Sequence[dict[str, Any]]) -> None:
        self._held += records
        if len(self._held) >= _RECORDS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            self._writer.write_table(table(self._held, self._schema))
            self._held = []

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._flush()
        self._writer.close()
        if kind is None:
            os.replace(f"{self._place}.new", self._place)


def _name(folder: str, number: int, kind: str) -> str:
    return os.path.join(folder, f"part-{number:07}.{kind}")


def _merge(folder: str, numbers: Sequence[int], kind: str, schema: pa.Schema, target: str) -> None:
    """Merge the parts into one file, which replaces the output atomically."""
    merged = os.path.join(folder, f"part-all.{kind}")
    held: list[pa.Table] = []
    with pq.ParquetWriter(merged, schema) as writer:
        for number in numbers:
            with pq.ParquetFile(_name(folder, number, kind)) as parquet:
                for batch in parquet.iter_batches(_MERGED_ROWS):
                    held.append(pa.Table.from_batches([batch], schema))
                    if sum(one.num_rows for one in held) >= _MERGED_ROWS:
                        writer.write_table(pa.concat_tables(held))
                        held = []
        if held:
            writer.write_table(pa.concat_tables(held))
    shutil.move(merged, target)
