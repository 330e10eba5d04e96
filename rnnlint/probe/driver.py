"""How are claims measured without importing TensorFlow in this process? In worker processes.

Two run at a time unless something is timed. If a worker dies, only the claim that it was measuring is lost: the rest of
its batch goes to a new one.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from rnnlint.probe.measurement import Device, Measurement
from rnnlint.probe.processes import Batch, command, environment, lanes

__all__ = ["CannotMeasure", "Result", "measure"]

QUICK_TIMEOUT = 240.0
"""The timeout in seconds for one claim, and for the import of TensorFlow."""
FULL_TIMEOUT = 3600.0

_SIDE_BY_SIDE = 2
"""The most workers; each uses half a gigabyte."""

Watcher = Callable[[str], None]
"""Called with the id of each claim when its measurement begins."""


class CannotMeasure(Exception):
    """Nothing can be measured, for example because TensorFlow cannot be imported; the text is one line."""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one claim."""

    claim: str
    verdict: str
    """A verdict of `rnnlint.probe.measurement`."""
    measured: dict[str, Any]
    summary: str
    why: str
    environment: dict[str, Any]
    """tensorflow, keras, tf_keras (or None) and python: the releases of the measurement."""
    failed: bool = False
    """Whether the measurement itself failed: then it is not measurable, and `why` says what happened."""


def measure(chosen: Sequence[Measurement], full: bool, watch: Watcher, device: Device = "cpu") -> Iterator[Result]:
    """Measure each claim, in any order. Raises CannotMeasure, also if there is no such device."""
    timeout = FULL_TIMEOUT if full else QUICK_TIMEOUT
    counted = lanes([one for one in chosen if not one.timed], min(_SIDE_BY_SIDE, os.cpu_count() or 1))
    timed = lanes([one for one in chosen if one.timed], 1)
    with tempfile.TemporaryDirectory(prefix="rnnlint-probe-") as folder:
        for together in (counted, timed):
            yield from _together(together, _Job(full, device, folder, timeout), watch)


_Event = Result | CannotMeasure | str | None
"""A message of a lane: a result, why nothing can be measured, the claim that begins, or the end."""


@dataclass(frozen=True, slots=True)
class _Job:
    """The state shared by all workers of a run."""

    full: bool
    device: Device
    folder: str
    timeout: float
    workers: list[_Worker] = field(default_factory=list)
    """All started workers, so that those still running can be killed when the run is aborted."""
    given_up: threading.Event = field(default_factory=threading.Event)
    """Once set, no further worker is started."""


def _together(together: Sequence[list[Batch]], job: _Job, watch: Watcher) -> Iterator[Result]:
    """The results of parallel lanes, as they arrive."""
    events: queue.Queue[_Event] = queue.Queue()
    threads = [threading.Thread(target=_run, args=(lane, job, events), daemon=True) for lane in together]
    for thread in threads:
        thread.start()
    try:
        left = len(threads)
        while left:
            event = events.get()
            if isinstance(event, CannotMeasure):
                raise event
            if event is None:
                left -= 1
            elif isinstance(event, str):
                watch(event)
            else:
                yield event
    except BaseException:
        job.given_up.set()
        raise
    finally:
        for worker in job.workers:
            worker.end()
        for thread in threads:
            thread.join()


def _run(lane: Sequence[Batch], job: _Job, events: queue.Queue[_Event]) -> None:
    try:
        for batch in lane:
            left = list(batch)
            while left and not job.given_up.is_set():
                with _Worker(tuple(left), job) as worker:
                    for event in worker.events():
                        if isinstance(event, Result):
                            left.pop(0)
                        events.put(event)
    except CannotMeasure as error:
        events.put(error)
    except OSError as error:
        events.put(CannotMeasure(f"no process can be started: {error.strerror}"))
    finally:
        events.put(None)


class _Worker:
    """One process that measures a batch, until it is done or dies."""

    def __init__(self, batch: Sequence[Measurement], job: _Job) -> None:
        self._batch = batch
        self._job = job
        # Closed when the worker is left.
        self._errors: IO[bytes] = tempfile.TemporaryFile(dir=job.folder)  # noqa: SIM115
        self._process = subprocess.Popen(
            command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment(os.environ, batch[0].environment, job.folder, job.device),
            text=True,
            encoding="utf-8",
        )
        job.workers.append(self)
        self._answers: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        request = json.dumps({"claims": [one.claim for one in batch], "full": job.full, "device": job.device})
        # A dead worker is noticed by its silence.
        with contextlib.suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.write(request)
            self._process.stdin.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put(None)

    def end(self) -> None:
        """Kill it, whatever it is doing."""
        self._process.kill()

    def events(self) -> Iterator[Result | str]:
        """Each claim when it begins, and its outcome; ends when the worker dies. Raises CannotMeasure."""
        yield self._batch[0].claim
        first = self._next()
        if isinstance(first, str):
            raise CannotMeasure(f"importing TensorFlow: {first}")
        if "error" in first:
            raise CannotMeasure(first["error"])
        for one in self._batch:
            yield one.claim
            answer = self._next()
            if isinstance(answer, str):
                yield _failed(one.claim, answer, first["environment"])
                return
            yield _result(one.claim, answer, first["environment"])

    def _next(self) -> dict[str, Any] | str:
        """The next answer, or what happened to the process."""
        try:
            line = self._answers.get(timeout=self._job.timeout)
        except queue.Empty:
            return f"the process took longer than {self._job.timeout:.0f} s and was killed"
        if line is not None:
            answer: dict[str, Any] = json.loads(line)
            return answer
        return self._death()

    def _death(self) -> str:
        code = self._process.wait()
        if code < 0:
            with contextlib.suppress(ValueError):
                name = signal.Signals(-code).name
                memory = ", for example because memory ran out" if name == "SIGKILL" else ""
                return f"the process was killed by {name}{memory}"
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return f"the process ended with exit code {code}{': ' + said[-1].strip()[:300] if said else ''}"

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: object) -> None:
        # A worker that is done exits by itself; its cleanup is not awaited for long.
        deadline = time.monotonic() + 2
        while self._process.poll() is None and self._answers.empty() and time.monotonic() < deadline:
            time.sleep(0.02)
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._errors.close()


def _result(claim: str, answer: dict[str, Any], environment: dict[str, Any]) -> Result:
    if "error" in answer:
        return _failed(claim, answer["error"], environment)
    return Result(claim, answer["verdict"], answer["measured"], answer["summary"], answer["why"], environment)


def _failed(claim: str, why: str, environment: dict[str, Any]) -> Result:
    return Result(claim, "not-measurable", {}, "", why, environment, failed=True)
