"""How does a call get more stack than its thread has?"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

_STACK = 512 * 1024 * 1024
"""Bytes of address space; only used parts become memory."""

_FRAMES = 150_000


def with_room(ask: Callable[[], Answer], deep: bool = False) -> Answer:
    """The result of a call that may recurse much deeper than usual; raises what the call raises.

    Objects that are too deep for the stack of this thread must be freed in the other one as well. ``deep`` means that
    Python's own functions recurse, so that the recursion limit has to be higher too.
    """
    answers: list[Answer] = []
    problems: list[Exception] = []

    def work() -> None:
        try:
            answers.append(ask())
        except Exception as error:
            problems.append(error.with_traceback(None) if isinstance(error, RecursionError) else error)

    usual, limit = threading.stack_size(_STACK), sys.getrecursionlimit()
    try:
        thread = threading.Thread(target=work)
        if deep:
            sys.setrecursionlimit(max(limit, _FRAMES))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(usual)
        sys.setrecursionlimit(limit)
    if problems:
        raise problems[0]
    return answers[0]
