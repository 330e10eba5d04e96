"""What is on a rule's page? Text made from the rule alone, so that pages, help texts and hosts cannot disagree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rnnlint.facts import claims
from rnnlint.rules.rule import Rule
from rnnlint.settings import OPTIONS, Option


def page(rule: Rule, known_gaps: Sequence[str] = ()) -> str:
    """The page in Markdown. ``known_gaps`` are known false negatives, as Markdown."""
    return "\n\n".join(_sections(rule, known_gaps)) + "\n"


def _sections(rule: Rule, known_gaps: Sequence[str]) -> Iterator[str]:
    yield f"# {rule.name} ({rule.code})"
    yield f"{rule.summary.rstrip('.')}."
    yield " ".join(_remarks(rule))
    yield f"## Why is this a problem?\n\n{rule.why.strip()}"
    yield f"## Example\n\n{_code(rule.bad)}\n\nUse instead:\n\n{_code(rule.good)}"
    if rule.rests_on:
        stated = "\n".join(f"- `{claim}`: {claims.by_id()[claim].statement}" for claim in rule.rests_on)
        yield f"## Evidence\n\nThese claims were measured on TensorFlow, and the tests measure them again:\n\n{stated}"
    options = options_of(rule)
    if options:
        yield "## Options\n\n" + "\n".join(f"- `{option.name}`: {option.help}" for option in options)
    if known_gaps:
        gaps = "\n".join(f"- {gap}" for gap in known_gaps)
        yield f"## Known gaps\n\nKnown false negatives:\n\n{gaps}"


def codes_by_claim(rules: Sequence[Rule]) -> dict[str, list[str]]:
    """The codes of the rules that rest on each claim, by its id."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        for claim in rule.rests_on:
            found.setdefault(claim, []).append(rule.code)
    return found


def _remarks(rule: Rule) -> Iterator[str]:
    yield f"Added in {rule.since}."
    if rule.opt_in:
        yield "Off by default."
    if rule.fixable:
        yield "Some findings come with a fix."
    yield f"Severity: {' or '.join(rule.severities)}."


def _code(example: str) -> str:
    return f"```python\n{example.strip()}\n```"


def options_of(rule: Rule) -> list[Option]:
    """The options that the rule's texts name in backquotes."""
    text = f"{rule.why} {rule.message}"
    return [option for option in OPTIONS if f"`{option.name}`" in text]


def table(rules: Sequence[Rule], link: str) -> str:
    """The rules as a Markdown table; ``link`` may use {name} and {code}."""
    rows = ["| Code | Name | What it reports | Default |", "|---|---|---|---|"]
    for rule in rules:
        target = link.format(name=rule.name, code=rule.code)
        rows.append(f"| {rule.code} | [{rule.name}]({target}) | {_cell(rule.summary)} | {_state(rule)} |")
    return "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return text.rstrip(".").replace("|", "\\|")


def _state(rule: Rule) -> str:
    return ("opt-in" if rule.opt_in else "on") + (", fix" if rule.fixable else "")


def row(rule: Rule) -> dict[str, Any]:
    """The rule as JSON; the field names are stable."""
    return {
        "code": rule.code,
        "name": rule.name,
        "summary": rule.summary,
        "opt_in": rule.opt_in,
        "fixable": rule.fixable,
        "severities": list(rule.severities),
        "claims": list(rule.rests_on),
        "since": rule.since,
        "message": rule.message,
        "why": rule.why,
        "bad": rule.bad,
        "good": rule.good,
    }


def as_text(markdown: str) -> str:
    """The page for a terminal: examples are indented instead of fenced, headings lose their signs."""
    lines, in_code = [], False
    for line in markdown.splitlines():
        if line.startswith("```"):
            in_code = not in_code
        elif in_code:
            lines.append(f"    {line}".rstrip())
        else:
            lines.append(line.lstrip("#").strip() if line.startswith("#") else line)
    return "\n".join(lines) + "\n"
