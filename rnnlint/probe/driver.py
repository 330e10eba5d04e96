"""How are claims measured without importing TensorFlow here? In workers, one after the other.

One after the other, because some measure time. A worker that dies takes down the claim that it was measuring and no
other: the rest of its batch goes to a new one.
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
from dataclasses import dataclass
from typing import IO, Any

from rnnlint.probe.measurement import Measurement
from rnnlint.probe.processes import batches, command, environment

__all__ = ["CannotMeasure", "Result", "measure"]

QUICK_TIMEOUT = 240.0
"""Seconds for one claim, and for the import of TensorFlow."""
FULL_TIMEOUT = 3600.0

Watcher = Callable[[str], None]
"""Is told the id of each claim when its measurement begins."""


class CannotMeasure(Exception):
    """Nothing can be measured at all, such as where TensorFlow cannot be imported; the text is one line."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one claim."""

    claim: str
    verdict: str
    """A verdict of `rnnlint.probe.measurement`."""
    measured: dict[str, Any]
    summary: str
    why: str
    environment: dict[str, Any]
    """tensorflow, keras, tf_keras (or None) and python: the releases that measured."""
    failed: bool = False
    """Whether the measurement itself broke: then it is not measurable, and `why` says what happened."""


def measure(chosen: Sequence[Measurement], full: bool, watch: Watcher) -> Iterator[Result]:
    """Measure each claim, in the order of the batches. Raises CannotMeasure."""
    timeout = FULL_TIMEOUT if full else QUICK_TIMEOUT
    with tempfile.TemporaryDirectory(prefix="rnnlint-probe-") as folder:
        for batch in batches(chosen):
            left = list(batch)
            while left:
                with _Worker(tuple(left), full, folder, timeout) as worker:
                    for result in worker.results(watch):
                        left.pop(0)
                        yield result


class _Worker:
    """One process that measures a batch, until it is through or dies."""

    def __init__(self, batch: Sequence[Measurement], full: bool, folder: str, timeout: float) -> None:
        self._batch = batch
        self._timeout = timeout
        # Closed when the worker is left.
        self._errors: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._process = subprocess.Popen(
            command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment(os.environ, batch[0].environment, folder),
            text=True,
            encoding="utf-8",
        )
        self._answers: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        request = json.dumps({"claims": [one.claim for one in batch], "full": full})
        # A worker that is dead already is told by its silence.
        with contextlib.suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.write(request)
            self._process.stdin.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put(None)

    def results(self, watch: Watcher) -> Iterator[Result]:
        """What it tells; ends after the claim during which it died. Raises CannotMeasure."""
        watch(self._batch[0].claim)
        first = self._next()
        if isinstance(first, str):
            raise CannotMeasure(f"importing TensorFlow: {first}")
        if "error" in first:
            raise CannotMeasure(first["error"])
        for one in self._batch:
            watch(one.claim)
            answer = self._next()
            if isinstance(answer, str):
                yield _failed(one.claim, answer, first["environment"])
                return
            yield _result(one.claim, answer, first["environment"])

    def _next(self) -> dict[str, Any] | str:
        """The next answer, or what became of the process."""
        try:
            line = self._answers.get(timeout=self._timeout)
        except queue.Empty:
            return f"the process took longer than {self._timeout:.0f} s and was ended"
        if line is not None:
            answer: dict[str, Any] = json.loads(line)
            return answer
        return self._death()

    def _death(self) -> str:
        code = self._process.wait()
        if code < 0:
            with contextlib.suppress(ValueError):
                name = signal.Signals(-code).name
                memory = ", as it is when memory runs out" if name == "SIGKILL" else ""
                return f"the process was ended by {name}{memory}"
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return f"the process ended with exit code {code}{': ' + said[-1].strip()[:300] if said else ''}"

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: object) -> None:
        # One that has told everything ends by itself; what it still clears away is not waited for long.
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
