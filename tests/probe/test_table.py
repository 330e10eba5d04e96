"""Can a person read what was measured? The table of the terminal, and the line of the progress."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from rnnlint.hosts.command_line.progress import Left, Progress
from rnnlint.probe import table

HERE = {"tensorflow": "2.21.0", "keras": "3.15.1", "tf_keras": "2.21.0", "python": "3.11.7"}


def row(claim: str, verdict: str, **more: Any) -> dict[str, Any]:
    found = {
        "claim": claim,
        "verdict": verdict,
        "statement": "It is so.",
        "summary": "5 a step",
        "why": "",
        "rules": [],
    }
    return {**found, "environment": HERE, **more}


def shown(rows: list[dict[str, Any]], width: int = 80) -> str:
    return "".join(table.render(rows, width, lambda text, style: f"[{text}|{style}]"))


def test_each_claim_shows_its_verdict_numbers_and_rules() -> None:
    text = shown([row("one-two", "confirmed", rules=["RNN201", "RNN202"])])
    assert "[one-two|bold]  [confirmed|good]  RNN201 RNN202\n    It is so.\n    Measured: 5 a step\n" in text
    assert text.endswith("\n1 claim: 1 confirmed.\n")


def test_what_failed_and_what_could_not_be_measured_says_why() -> None:
    text = shown([
        row("one-two", "refuted", why="it is 6"),
        row("three-four", "not-measurable", summary="", why="needs tf-keras: pip install tf-keras"),
    ])  # fmt: skip
    assert "[REFUTED|error]\n" in text and "    Failed: it is 6\n" in text
    assert "    Because: needs tf-keras: pip install tf-keras\n" in text
    assert "2 claims: 1 refuted, 1 not measurable here." in text


def test_the_releases_that_measured_are_reported_once_each() -> None:
    other = {**HERE, "keras": "2.21.0"}
    lines = shown([row("a-b", "confirmed"), row("c-d", "confirmed"), row("e-f", "confirmed", environment=other)])
    heads = [line for line in lines.splitlines() if line.startswith("TensorFlow")]
    assert heads == [
        "TensorFlow 2.21.0, Keras 3.15.1 (tf-keras 2.21.0 is installed), Python 3.11.7, on the CPU",
        "TensorFlow 2.21.0, Keras 2.21.0, Python 3.11.7, on the CPU",
    ]


def test_long_lines_are_wrapped_to_the_terminal() -> None:
    text = shown([row("one-two", "confirmed", statement="word " * 60 + "end.")], 50)
    assert max(map(len, text.splitlines()[2:])) <= 50


class Terminal(io.StringIO):
    """Where somebody looks."""

    def isatty(self) -> bool:
        return True


def test_what_takes_seconds_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    with Progress(3, False, stream, what="claims") as progress:
        progress.doing("one-two")
        assert stream.getvalue().endswith("0 of 3 claims: one-two")
    assert stream.getvalue().endswith("\r\x1b[K")


def test_a_log_gets_one_line_a_claim_with_an_estimate() -> None:
    left = Left({"one-two": 1.0, "three-four": 9.0})
    assert left.more == ", about 10 s left"
    left.done("one-two")
    line = left.line("one-two", "confirmed")
    assert re.fullmatch(r"1 of 2: one-two confirmed, about \d+ s left", line)
    left.done("three-four")
    assert left.line("three-four", "refuted") == "2 of 2: three-four refuted"


def test_when_and_on_what_was_measured_is_reported_above_the_claims() -> None:
    run = {"date": "2026-01-02T03:04:05Z", "rnnlint": "0.1.0", "full": False, "cpu": "A1", "cores": 2, "load": 0.5}
    text = shown([row("one-two", "confirmed", run=run), row("three-four", "undecided", run=run, why="it scatters")])
    assert text.count("2026-01-02T03:04:05Z, rnnlint 0.1.0, quick, A1, 2 cores, load 0.5\n") == 1
    assert "[not decidable here|bold]" in text and "    Because: it scatters\n" in text
