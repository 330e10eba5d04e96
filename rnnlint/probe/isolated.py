"""What does TensorFlow answer in a process that did nothing else before?

Names affect each other: importing ``tensorflow.compat.v1.nn.rnn_cell`` once makes its attributes work for the rest of
the process, and the first access decides which Keras ``tf.keras`` is. So each question gets a separate process; if
possible a fork of one that only ran ``import tensorflow``, because the import takes seconds.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import re
import runpy
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from rnnlint.probe import processes

__all__ = ["Question", "ask", "main"]

_OF_THE_MACHINE = {errno.ENOSPC, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EDQUOT, errno.EROFS}
"""Errors that say nothing about TensorFlow, such as a full disk."""

_CAN_FORK = sys.platform == "linux"
_PACKAGES = {"tf": "tensorflow", "tfa": "tensorflow_addons"}


@dataclass(frozen=True, slots=True)
class Question:
    """A question about several subjects, tried in order in one process."""

    how: Literal["attribute", "import", "program"]
    """``attribute``: looked up from ``tensorflow`` on. ``import``: ``from module import name``. ``program``: run."""
    subjects: tuple[str, ...]
    """Canonical paths, such as ``tf.`` for ``tensorflow.``; or programs, which find ``tf`` imported."""
    environment: Mapping[str, str] = field(default_factory=dict)


def ask(questions: Sequence[Question]) -> list[dict[str, str]]:
    """For each question the error of each subject, as one line, or None. Raises RuntimeError if there is no answer."""
    packs = [questions] if _CAN_FORK else [[one] for one in questions]
    found = [answer for pack in packs for answer in processes.answer_of("isolated", [asdict(one) for one in pack])]
    for answer in found:
        if "" in answer:
            raise RuntimeError(answer[""])
    return found


def main() -> int:
    """Answer the questions on standard input, in a process that does nothing else."""
    questions = [Question(**one) for one in json.load(sys.stdin)]
    warnings.simplefilter("ignore")
    tf = importlib.import_module("tensorflow")
    answers = [_answer_in_fork(tf, one) if _CAN_FORK else _answer(tf, one) for one in questions]
    print(json.dumps(answers))
    return 0


def _answer_in_fork(tf: Any, question: Question) -> dict[str, str]:
    with tempfile.TemporaryFile("w+", encoding="utf-8") as listed:
        child = os.fork()
        if child == 0:
            # The fork must not run its parent's exit handlers.
            try:
                json.dump(_answer(tf, question), listed)
                listed.flush()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        listed.seek(0)
        text = listed.read()
    return json.loads(text) if text else dict.fromkeys(question.subjects, "the process died")


def _answer(tf: Any, question: Question) -> dict[str, str]:
    os.environ.update(question.environment)
    attempt: Callable[[Any, str], object] = {"attribute": _attribute, "import": _imported, "program": _run}[
        question.how
    ]
    answers = {}
    for subject in question.subjects:
        try:
            attempt(tf, subject)
            answers[subject] = ""
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
                return {"": f"{error.strerror} while {subject[:60]!r} was tried"}
            answers[subject] = f"{type(error).__name__}: {_line(str(error))}"
    return answers


def _line(text: str) -> str:
    """An error as one line; TensorFlow's have many, and Keras' are bold."""
    plain = re.sub(r"\x1b\[\d*m", "", text)
    # The actual error follows the lines of the code that AutoGraph converted.
    raised = re.search(r"(?m)^ +\w+(?:Error|Exception): (.+)$", plain) if "in user code:" in plain else None
    return " ".join((raised[1] if raised else plain).split())[:200]


def _attribute(tf: Any, path: str) -> object:
    value = tf
    for name in path.split(".")[1:]:
        value = getattr(value, name)
    return value


def _imported(_: Any, path: str) -> object:
    root, _, rest = path.partition(".")
    full = f"{_PACKAGES.get(root, root)}.{rest}"
    module, _, name = full.rpartition(".")
    try:
        exec(f"from {module} import {name}", {})
        return getattr(importlib.import_module(module), name)
    except ModuleNotFoundError:
        # An alias within a module can only be reached as its attribute.
        return getattr(_imported(None, module), name)


def _run(tf: Any, program: str) -> None:
    # From a file: AutoGraph reads the source of what it converts, and skips code without one.
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(program)
        runpy.run_path(path, {"tf": tf})
