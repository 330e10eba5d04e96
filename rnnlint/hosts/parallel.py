"""How are many files checked in parallel? In processes that each keep their own configurations and parsed modules."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rnnlint.hosts.checking import Checker
from rnnlint.hosts.collecting import SELDOM, seldom_collecting
from rnnlint.hosts.outcome import Outcome
from rnnlint.settings import SettingsError

_FILES_A_JOB = 20
"""Fewer files are checked faster than another process can start."""

PATIENCE = 0.2
"""Files are checked in this process for so many seconds before others are started, which costs a tenth of that."""

_MOST_JOBS = 4
"""The most processes: each reads the modules that its files import, so more of them repeat each other's work."""

_MOST_A_CHUNK = 32
_CHUNKS_A_JOB = 16
"""Files are passed on in chunks: most have no findings, and passing them one by one takes longer than checking. The
chunks are small enough that no process waits long for the last one of another."""

MakeChecker = Callable[[], Checker]


def default_jobs(files: int) -> int:
    """How many processes are worthwhile for this many files on this machine."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        cores = os.cpu_count() or 1
    return max(1, min(cores, _MOST_JOBS, files // _FILES_A_JOB))


def outcomes(files: Sequence[str], make_checker: MakeChecker, jobs: int | None) -> Iterator[Outcome]:
    """The outcome of each file, in order. With ``jobs=None`` the number of processes depends on the remaining work."""
    checker = make_checker()
    with seldom_collecting():
        try:
            done = 0
            until = time.monotonic() + PATIENCE
            while done < len(files) and (jobs == 1 or time.monotonic() < until):
                yield checker.check_file(files[done])
                done += 1
            left = files[done:]
            processes = min(jobs or default_jobs(len(left)), len(left))
            yield from map(checker.check_file, left) if processes < 2 else _in_processes(left, make_checker, processes)
        finally:
            # The process ends soon, so collecting garbage is a waste of time.
            gc.freeze()


def _in_processes(files: Sequence[str], make_checker: MakeChecker, jobs: int) -> Iterator[Outcome]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # Imported once here if processes are forked, instead of in each of them.
    import rnnlint.engine  # noqa: F401

    chunk = max(1, min(_MOST_A_CHUNK, len(files) // (jobs * _CHUNKS_A_JOB)))
    with ended_with_us():
        pool = ProcessPoolExecutor(jobs, initializer=_start, initargs=(make_checker, os.getpid()))
        try:
            yield from pool.map(_check, files, chunksize=chunk)
        except KeyboardInterrupt:
            # They do not get the interrupt, and may have long to run.
            kill_helpers()
            raise
        except BrokenProcessPool:
            raise SettingsError("a worker process was killed (too little memory?); try --jobs 1") from None
        finally:
            pool.shutdown(cancel_futures=True)


def kill_helpers() -> None:
    """Kill the processes that this one started."""
    import multiprocessing

    for process in multiprocessing.active_children():
        process.kill()


@contextmanager
def ended_with_us() -> Iterator[None]:
    """Kill the other processes when this one is terminated: they would live on and keep its output open."""
    import signal

    def end(number: int, _frame: object) -> None:
        kill_helpers()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, end) for number in numbers}
    # A new Python process puts the working folder first on its import path by default.
    safe = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if safe is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = safe


_checker: list[Checker] = []
"""The checker of a worker process: a pool passes one object to many calls this way."""


def _start(make_checker: MakeChecker, parent: int) -> None:
    begin(parent)
    gc.set_threshold(*SELDOM)
    _checker.append(make_checker())


def begin(parent: int) -> None:
    """Make this process one that its parent ends, and that ends with its parent."""
    import signal

    # An interrupt goes to all processes of a terminal; the parent handles it and ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    # A parent that is killed, or that ends while this process starts, cannot end it.
    threading.Thread(target=_end_without, args=(parent,), daemon=True).start()


def _end_without(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _check(filename: str) -> Outcome:
    return _checker[0].check_file(filename)
