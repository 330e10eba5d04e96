"""What does TensorFlow 2 say about the legacy runners, and where do they stop working?"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rnnlint.probe import tensorflow_2_programs as programs
from rnnlint.probe.isolated import Question, ask
from rnnlint.probe.measurement import Here, Outcome, judged, measures

SENT_TO = {
    "static_rnn": "keras.layers.RNN(cell, unroll=True)",
    "dynamic_rnn": "keras.layers.RNN(cell)",
    "static_bidirectional_rnn": "keras.layers.Bidirectional(keras.layers.RNN(cell, unroll=True))",
    "bidirectional_dynamic_rnn": "keras.layers.Bidirectional(keras.layers.RNN(cell))",
}
"""Each runner that TensorFlow calls deprecated, and the replacement that it recommends."""

_CALLS = {
    "static_rnn": "nn.static_rnn(cell(), steps, dtype='float32')",
    "dynamic_rnn": "nn.dynamic_rnn(cell(), whole, dtype='float32')",
    "static_bidirectional_rnn": "nn.static_bidirectional_rnn(cell(), cell(), steps, dtype='float32')",
    "bidirectional_dynamic_rnn": "nn.bidirectional_dynamic_rnn(cell(), cell(), whole, dtype='float32')",
}


@measures("runners-called-deprecated", seconds=1, alone=True)
def runners_called_deprecated(here: Here) -> Outcome:
    """Call each runner and read what TensorFlow logs."""
    said = {runner: notice(here, runner) for runner in SENT_TO}
    failures = [
        f"{runner}: {text or 'no notice'}"
        for runner, text in said.items()
        if "deprecated" not in text or f"`{SENT_TO[runner]}`" not in text
    ]
    sent = [runner for runner, text in said.items() if f"`{SENT_TO[runner]}`" in text]
    deprecated = sum("deprecated" in text for text in said.values())
    summary = (
        f"{deprecated} of {len(said)} runners log that they are deprecated, {len(sent)} of them with"
        f" keras.layers.RNN as what to use: {', '.join(sent) or 'none'}"
    )
    return judged({"notices": said}, summary, failures)


def notice(here: Here, runner: str) -> str:
    """What TensorFlow logs about a called runner, in one line; empty if it logs nothing.

    It logs once per process, whatever line calls, so its memory is cleared first.
    """
    getattr(here.module("tensorflow.python.util.deprecation"), "_PRINTED_WARNING", {}).clear()
    heard: list[str] = []

    class Hears(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(" ".join(record.getMessage().split()))

    logger, handler = here.tf.get_logger(), Hears()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel("WARNING")
    try:
        with here.v1.Graph().as_default():
            whole = here.v1.placeholder(here.tf.float32, [None, 2, 4])
            names: dict[str, Any] = {
                "nn": here.v1.nn, "whole": whole, "steps": here.tf.unstack(whole, axis=1),
                "cell": lambda: here.rnn_cell.BasicRNNCell(4),
            }  # fmt: skip
            eval(_CALLS[runner], names)
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)
    # The text after the place in the code.
    return next((text.partition(": ")[2] for text in heard if f"{runner} (from " in text), "")


@measures("legacy-runners-in-tensorflow-2", seconds=8)
def legacy_runners_in_tensorflow_2(here: Here) -> Outcome:
    """Run the programs that use a runner in the places of TensorFlow 2 programs."""
    answers = _errors()
    failures = [
        f"{name} {answers[name] or 'runs'}"
        for name, (_, error) in programs.PROGRAMS.items()
        if bool(answers[name]) != bool(error) or not answers[name].startswith(error)
    ]
    raising = [name for name, said in answers.items() if said]
    summary = (
        f"{len(answers) - len(raising)} programs run and {len(raising)} raise; raise: {', '.join(raising) or 'none'}"
    )
    return judged({"programs": {name: said or "runs" for name, said in answers.items()}}, summary, failures)


@lru_cache(maxsize=1)
def _errors() -> Mapping[str, str]:
    """The error of each program, in a separate process: two devices must be created before anything runs."""
    texts = [programs.PROGRAMS[name][0] for name in programs.PROGRAMS]
    found = ask([Question("program", (text,)) for text in texts])
    return {name: answer[text] for name, text, answer in zip(programs.PROGRAMS, texts, found)}
