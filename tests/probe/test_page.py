"""Does the page hold what was measured, in one file of HTML? What is on record plays the results."""

from __future__ import annotations

import re
import sys
from html import escape
from html.parser import HTMLParser
from typing import Any

import pytest

from rnnlint.facts import claims, evidence
from rnnlint.facts.statements import STATEMENTS
from rnnlint.probe.figures import ASKED
from rnnlint.probe.page import INSTALL_MATPLOTLIB, render

LINKS = {"RNN201": "https://rnnlint.readthedocs.io/en/stable/rules/a-rule/"}
RELEASES = sorted({one.tensorflow for one in evidence.records()})
VOID = {"meta", "br", "hr", "img", "link", "input", "use"}


def recorded(release: str = "2.21.0") -> list[dict[str, Any]]:
    """What ``--output-format json`` would have printed on this release."""
    return [
        {
            "claim": one.claim,
            "statement": claims.by_id()[one.claim].statement,
            "verdict": one.verdict,
            "summary": one.summary,
            "why": one.why,
            "measured": dict(one.measured),
            "rules": ["RNN201", "RNN202"],
            "environment": {n: getattr(one, n) for n in ("tensorflow", "keras", "tf_keras", "python")},
        }
        for one in evidence.records()
        if one.tensorflow == release
    ]


def row(**more: Any) -> dict[str, Any]:
    return {**recorded()[0], "summary": "5 a step", "measured": {"number": 5}, **more}


class Page(HTMLParser):
    """Which elements are open where another closes, all ids, and all that refers to something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.tags: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("src", "href", "xlink:href", "srcset", "action", "data"):
                self.refers.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.fixture
def no_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import of a module that is None in sys.modules fails."""
    for name in ("matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.parametrize("release", RELEASES)
def test_elements_are_balanced_and_ids_unique(release: str) -> None:
    page = Page(render(recorded(release), LINKS))
    assert (page.open, page.wrong) == ([], [])
    assert len(page.ids) == len(set(page.ids))


def test_the_page_needs_no_other_file() -> None:
    text = render(recorded(), LINKS)
    page = Page(text)
    inside = {f"#{one}" for one in page.ids}
    assert {one for one in page.refers if one not in inside} == set(LINKS.values())
    assert "@import" not in text and not {"link", "iframe", "img"} & set(page.tags) and "<script src" not in text
    assert not re.findall(r"url\((?!#)", text)


@pytest.mark.parametrize("release", RELEASES)
def test_every_claim_is_there_with_its_verdict_in_words(release: str) -> None:
    rows = recorded(release)
    text = render(rows)
    for one in rows:
        card = text[text.index(f'<article class="claim" id="{one["claim"]}" ') :].partition("</article>")[0]
        assert {"confirmed": "✓ confirmed", "not-measurable": "? not measurable here"}[one["verdict"]] in card
    assert text.count("<article") == len(rows)


def test_what_was_refuted_says_why_and_is_named_at_the_top() -> None:
    text = render([row(verdict="refuted", why="it is 6")])
    head = text.partition("</header>")[0]
    assert f'<a href="#{row()["claim"]}">' in head and "<b>1</b>✗ refuted" in head
    assert "Failed: it is 6" in text


def test_all_text_is_escaped() -> None:
    bad = '<b>&"x"'
    more = {"statement": bad, "summary": bad, "why": bad, "measured": {bad: bad}, "rules": [bad], "claim": bad}
    text = render([row(**more, verdict="refuted")], {bad: bad})
    assert "<b>&" not in text and Page(text).wrong == []
    assert "&lt;b&gt;&amp;&quot;x&quot;" in text


def test_rules_are_linked_where_their_page_is_known() -> None:
    text = render([row(rules=["RNN201", "RNN202"])], LINKS)
    assert f'<a href="{LINKS["RNN201"]}">RNN201</a> <span>RNN202</span>' in text


def test_a_figure_without_numbers_is_named_with_the_command_that_brings_it() -> None:
    text = render([row()])
    assert "<figure" not in text and text.count('<p class="soft absent">') == len(ASKED)
    assert "rnnlint probe --claim build-time-grows --report FILE.html" in text


def test_a_figure_whose_claim_was_not_measurable_says_why() -> None:
    gone = row(claim="build-time-grows", verdict="not-measurable", measured={}, summary="", why="needs a clock")
    absent = [line for line in render([gone]).splitlines() if line.startswith('<p class="soft absent">')]
    assert any("build-time-grows: needs a clock" in line for line in absent)


def test_laws_are_a_table() -> None:
    text = render(recorded())
    assert "<summary>Operations, a + b·T: 24 laws</summary>" in text
    assert "<td>LSTMCell</td><td>static_rnn</td><td>no</td><td>no</td>" in text


def test_the_same_results_give_the_same_page() -> None:
    assert render(recorded(), LINKS) == render(recorded(), LINKS)


@pytest.mark.usefixtures("no_matplotlib")
def test_without_matplotlib_the_numbers_stand_in_for_the_plots() -> None:
    text = render(recorded(), LINKS)
    assert text.count("<figure") == len(ASKED) and "<svg" not in text
    assert text.count(INSTALL_MATPLOTLIB) == 1
    assert "<td>LSTMCell</td><td" in text and "43 + 17·T" in text
    assert Page(text).wrong == []


def test_the_answers_stand_first_and_open_their_claims() -> None:
    text = render(recorded(), LINKS)
    order = [text.index(f'id="{one}"') for one in ("answers", "people", "figures", "claims")]
    assert order == sorted(order)
    first = text[order[0] : order[1]]
    assert "Is a static unroll faster?" in first and "How long is too long?" in first
    assert '<a href="#build-time-grows">' in first


def test_what_people_say_opens_the_claims_of_the_run_with_their_verdicts() -> None:
    text = render(recorded())
    people = text[text.index('id="people"') : text.index('id="figures"')]
    for one in STATEMENTS:
        assert escape(one.text) in people
    assert '<a href="#build-time-grows">✓ build-time-grows</a>' in people


def test_a_card_is_folded_where_its_claim_is_confirmed_and_open_where_not() -> None:
    assert '<details>\n<summary><span class="badge confirmed">' in render([row()])
    undecided = render([row(verdict="undecided", why="it scatters")])
    assert '<details open>\n<summary><span class="badge undecided">~ not decidable here' in undecided


def test_the_search_offers_the_verdicts_of_the_run_and_hides_where_no_script_runs() -> None:
    text = render([row(), row(claim="another", verdict="refuted", why="it is 6")])
    form = text[text.index('<form class="search"') :].partition("</form>")[0]
    assert 'role="search" hidden' in form
    assert re.findall(r'<option value="([^"]*)">([^<]*)', form) == [
        ("", "all (2)"), ("confirmed", "confirmed (1)"), ("refuted", "refuted (1)"),
    ]  # fmt: skip
    assert text.count('data-verdict="refuted"') == 1


def test_runs_that_differ_in_time_and_load_alone_are_one_line_and_each_card_has_its_own() -> None:
    run = {"rnnlint": "0.1.0", "full": True, "cpu": "a CPU", "cores": 2}
    runs = [{**run, "date": f"2026-01-0{day}", "load": float(day)} for day in (2, 1)]
    text = render([row(claim=f"claim-{run['load']}", run=run) for run in runs])
    head, _, rest = text.partition("</header>")
    assert "2026-01-01 to 2026-01-02, rnnlint 0.1.0, all sizes, a CPU, 2 cores, load 1.0 to 2.0" in head
    assert "Measured 2026-01-02, rnnlint 0.1.0, all sizes, a CPU, 2 cores, load 2.0." in rest
