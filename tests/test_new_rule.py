"""Does the scaffold make a rule that imports, and a fixture that passes once the rule is written?"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import fixture_files
import pytest

from rnnlint import engine, rules
from rnnlint.rules import new
from rnnlint.rules.rule import Rule
from rnnlint.settings import Settings


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "rnnlint" / "rules").mkdir(parents=True)
    return tmp_path


def begin(checkout: Path, code: str = "RNN198", name: str = "bad-thing") -> int:
    return new.main([code, name, f"--root={checkout}"])


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new_text in changes:
        assert old in text
        text = text.replace(old, new_text)
    path.write_text(text, encoding="utf-8")


def load(path: Path) -> Rule:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (rule,) = (value for value in vars(module).values() if isinstance(value, Rule))
    return rule


def test_the_rule_imports_and_is_quiet_until_it_is_written(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert begin(checkout) == 0
    path = checkout / "rnnlint" / "rules" / "rnn198_bad_thing.py"
    rule = load(path)
    assert (rule.code, rule.name) == ("RNN198", "bad-thing")
    # Hosts import all rules before they know whether anything has to be resolved (tests/test_registry.py).
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("from rnnlint.resolve")] == []
    assert str(path) in capsys.readouterr().out


def test_the_fixture_passes_once_the_rule_is_written(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(checkout)
    path = checkout / "rnnlint" / "rules" / "rnn198_bad_thing.py"
    edit(path, ("    yield from ()\n", ""), ("    # yield", "    yield"), ("bad_thing()", "nn.rnn()"))
    edit(path, ("sites_of()", 'sites_of("static")'), ("is ...", "is bad"))
    fixture = checkout / "tests" / "fixtures" / "rules" / "rnn198_bad_thing.py"
    edit(fixture, ("bad_thing()", "nn.rnn()"), ("a part of the message", "tf.nn.rnn is bad"))

    rule = load(path)
    monkeypatch.setattr(rules, "all_rules", lambda: (rule,))
    engine._selected.cache_clear()
    try:
        expected = fixture_files.read(fixture)
        findings = engine.check_source(expected.source, Settings(), engine.Project()).findings
    finally:
        engine._selected.cache_clear()
    assert [(f.row, f.code) for f in findings] == [(e.row, e.code) for e in expected.findings]
    assert all(e.text in f.message for e, f in zip(expected.findings, findings))


@pytest.mark.parametrize(
    ("code", "name", "reason"),
    [
        ("RNN1", "bad-thing", "not a code"),
        ("X101", "bad-thing", "not a code"),
        ("RNN198", "Bad", "not a name"),
        ("RNN101", "bad-thing", "RNN101 legacy-static-runner already exists"),
        ("RNN198", "legacy-cell", "RNN103 legacy-cell already exists"),
    ],
)
def test_what_cannot_be_a_rule_is_refused(
    checkout: Path, code: str, name: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert begin(checkout, code, name) == 2
    assert reason in capsys.readouterr().err
    assert not (checkout / "tests").exists()


def test_nothing_is_overwritten(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begin(checkout)
    assert begin(checkout) == 2
    assert "already exists" in capsys.readouterr().err
