"""Does a rule that fails keep the others, other files and other plugins from their findings?"""

from __future__ import annotations

from typing import Any

import pytest

from rnnlint import engine, rules
from rnnlint.hosts.checking import Checker
from rnnlint.hosts.configuration import Configurations
from rnnlint.hosts.kept import Kept
from rnnlint.rules.rule import Rule
from rnnlint.settings import Settings

CODE = b"import tensorflow as tf\ntf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(4), tf.unstack(x, 60))\n"

ERRORS = [ValueError("x"), RecursionError("x"), MemoryError(), AssertionError(), OverflowError("x"), KeyError("x")]


@pytest.fixture(params=ERRORS, ids=lambda error: type(error).__name__)
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """RNN103 fails; what it says of that."""

    def judge(*_: Any) -> Any:
        raise request.param

    changed = tuple(one._replace(judge=judge) if one.code == "RNN103" else one for one in rules.all_rules())
    monkeypatch.setattr(rules, "all_rules", lambda: changed)
    monkeypatch.delenv("RNNLINT_DEBUG", raising=False)
    name = type(request.param).__name__
    return "the code is nested too deeply" if name == "RecursionError" else f"please report it: {name} in"


def codes(found: Any) -> set[str]:
    return {finding.code for finding in found}


def test_the_other_rules_are_checked_and_the_failure_is_named(broken: str) -> None:
    checked = engine.check_bytes(CODE, "m.py", Settings(), engine.Project())
    assert codes(checked.findings) == {"RNN101", "RNN201"}
    assert checked.failed is not None
    assert "RNN103" in checked.failed.reason
    assert broken in checked.failed.reason


def test_the_command_line_shows_the_rest_and_an_error(broken: str) -> None:
    checker = Checker(Configurations({}, ".", None, True), judge_noqa=False, cache_folder=None)
    outcome = checker.check_bytes(CODE, "m.py")
    assert codes(outcome.findings) == {"RNN101", "RNN201"}
    assert outcome.error is not None and broken in outcome.error.reason


def test_a_host_goes_on_with_one_line(broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(cache=False)
    found = Kept("test").findings(
        "m\x1b.py", CODE, settings, lambda: engine.check_bytes(CODE, "m.py", settings, engine.Project())
    )
    assert codes(found) == {"RNN101", "RNN201"}
    (line,) = capsys.readouterr().err.splitlines()
    assert "\x1b" not in line
    assert ".py: some rules failed on this file: RNN103: " in line
    assert broken in line


def test_a_host_goes_on_where_all_of_the_engine_fails(capsys: pytest.CaptureFixture[str]) -> None:
    def check() -> engine.Checked:
        raise ZeroDivisionError

    assert list(Kept("test").findings("m.py", CODE, Settings(cache=False), check)) == []
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_the_rules_are_as_they_were() -> None:
    assert all(isinstance(one, Rule) for one in rules.all_rules())
