"""Does a rule's page say all that the rule knows?"""

import json

import pytest

from rnnlint.facts import claims
from rnnlint.report import rule_pages
from rnnlint.report.rules import named, reported, url_of
from rnnlint.rules.rule import rule
from rnnlint.rules.watch import sites_of
from rnnlint.settings import SettingsError

RULE = rule(
    code="RNN901",
    name="bad-thing",
    since="0.9",
    summary="A bad | thing",
    why="Because of `target-tensorflow`.",
    message="{thing} is bad",
    watches=sites_of(),
    judge=lambda subject, context: iter(()),
    bad="bad()",
    good="good()",
    rests_on=("static-graph-grows",),
    opt_in=True,
    fixable=True,
)


def test_a_page_has_every_section_that_the_rule_has_something_for():
    page = rule_pages.page(RULE, ["aliases in `exec`"])
    assert page.startswith("# bad-thing (RNN901)\n\nA bad | thing.\n\nAdded in 0.9. Off by default.")
    assert "## Why is this a problem?\n\nBecause of" in page
    assert "```python\nbad()\n```\n\nUse instead:\n\n```python\ngood()\n```" in page
    assert f"- `static-graph-grows`: {claims.by_id()['static-graph-grows'].statement}" in page
    assert "## Options\n\n- `target-tensorflow`: " in page
    assert "## Known gaps\n\nKnown false negatives:\n\n- aliases in `exec`" in page
    assert page.endswith("\n")


def test_a_page_leaves_out_sections_without_content():
    assert "## Known gaps" not in rule_pages.page(RULE)
    assert "## Evidence" not in rule_pages.page(named("RNN100"))


def test_a_terminal_gets_the_page_without_markdown():
    text = rule_pages.as_text(rule_pages.page(RULE))
    assert "    bad()\n" in text
    assert "```" not in text
    assert "#" not in text


def test_the_table_links_every_rule_and_says_what_is_opt_in():
    table = rule_pages.table([RULE, *reported()], link="rules/{name}.md")
    assert "| RNN901 | [bad-thing](rules/bad-thing.md) | A bad \\| thing | opt-in, fix |" in table
    assert all(rule.code in table for rule in reported())


def test_a_row_is_json_with_the_promised_fields():
    row = json.loads(json.dumps(rule_pages.row(RULE)))
    assert {"code", "name", "summary", "opt_in", "fixable", "claims"} <= set(row)
    assert row["claims"] == ["static-graph-grows"]


def test_rules_are_found_by_code_and_name_in_any_case():
    assert named("rnn102") is named("Legacy-Dynamic-Runner")
    assert named("RNN100").name == "unused-noqa"


def test_an_unknown_rule_brings_the_nearest():
    with pytest.raises(SettingsError, match="did you mean 'RNN102'"):
        named("rn102")
    with pytest.raises(SettingsError, match="did you mean 'legacy-cell'"):
        named("legacy-cel")


def test_a_rule_has_an_address_only_where_its_pages_are_hosted():
    assert url_of("legacy-cell", "") is None
    assert url_of("legacy-cell", "https://docs.example.org/rules/") == "https://docs.example.org/rules/legacy-cell"
