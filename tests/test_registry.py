"""Are the rules sound as a set? Codes, names, files, pages and examples agree, and nothing is ever reused."""

from __future__ import annotations

import importlib
import importlib.util
import re
import string
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from rnnlint import __version__, engine, rules
from rnnlint.read.source import from_text
from rnnlint.report.rules import reported
from rnnlint.rules.rule import Rule
from rnnlint.settings import Settings

FOLDER = Path(rules.__file__).parent
ROOT = Path(__file__).resolve().parent.parent

TOMBSTONES: dict[str, str] = {}
"""The codes of removed rules, with their names: neither is ever used again."""

SETTINGS = Settings(select=("ALL",))


def of_rule(function: object) -> object:
    return pytest.mark.parametrize("rule", reported(), ids=lambda rule: rule.code)(function)  # type: ignore[operator]


def codes_in(text: str) -> list[str]:
    source = from_text(text, "example.py")
    return [finding.code for finding in engine.check_source(source, SETTINGS, engine.Project()).findings]


def test_there_are_rules() -> None:
    assert len(rules.all_rules()) >= 6


def test_codes_and_names_are_given_once() -> None:
    for words in ([r.code for r in reported()] + [*TOMBSTONES], [r.name for r in reported()] + [*TOMBSTONES.values()]):
        assert [word for word, times in Counter(words).items() if times > 1] == []


def test_to_know_the_rules_takes_neither_resolution_nor_inference() -> None:
    # Hosts ask for all rules where nothing has to be checked.
    code = "import sys; from rnnlint.rules import all_rules; all_rules(); print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    floors = ("rnnlint.resolve", "rnnlint.infer", "rnnlint.engine")
    assert [name for name in loaded if name.startswith(floors)] == []


@of_rule
def test_a_code_and_a_name_have_their_shape(rule: Rule) -> None:
    assert re.fullmatch(r"RNN[1-9]\d\d", rule.code)
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", rule.name)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("rnn*.py")), ids=lambda path: path.stem)
def test_a_file_holds_the_one_rule_that_it_is_named_after(path: Path) -> None:
    module = importlib.import_module(f"rnnlint.rules.{path.stem}")
    own = [value for value in vars(module).values() if isinstance(value, Rule)]
    assert [f"{rule.code.lower()}_{rule.name.replace('-', '_')}" for rule in own] == [path.stem]
    assert (module.__doc__ or "").startswith(f"{own[0].code}: ")
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 160


@of_rule
def test_a_rule_says_all_that_its_page_needs(rule: Rule) -> None:
    for text in (rule.summary, rule.why, rule.message, rule.bad, rule.good):
        assert text.strip()
    assert "\n" not in rule.summary
    assert not rule.summary.endswith(".")
    assert [int(n) for n in rule.since.split(".")] <= [int(n) for n in __version__.split(".")]
    blanks = [name for _, name, _, _ in string.Formatter().parse(rule.message) if name]
    assert blanks, "a message without blanks says the same everywhere"


@of_rule
def test_a_rule_has_a_page(rule: Rule) -> None:
    assert (ROOT / "docs" / "rules" / f"{rule.name}.md").is_file()


@pytest.mark.parametrize("rule", rules.all_rules(), ids=lambda rule: rule.code)
def test_the_bad_example_is_reported_and_the_good_one_is_not(rule: Rule) -> None:
    assert rule.code in codes_in(rule.bad)
    assert rule.code not in codes_in(rule.good)


@of_rule
def test_no_good_example_is_bad_for_another_rule(rule: Rule) -> None:
    assert codes_in(rule.good) == []


def test_rules_on_what_tensorflow_does_rest_on_claims() -> None:
    assert [rule.code for rule in reported() if rule.code[3] in "23" and not rule.rests_on] == []


def test_a_prefix_is_a_family_and_a_name_is_a_rule() -> None:
    assert rules.chosen(["RNN1"], "test") == {r.code for r in rules.all_rules() if r.code.startswith("RNN1")}
    for rule in rules.all_rules():
        assert rules.chosen([rule.name], "test") == rules.chosen([rule.code], "test") == {rule.code}


def test_a_rule_is_a_value() -> None:
    rule = rules.all_rules()[0]
    for name in rule._fields:
        with pytest.raises(AttributeError):
            setattr(rule, name, None)
