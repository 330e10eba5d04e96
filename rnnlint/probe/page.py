"""What is on the page of a probe's run? One self-contained HTML file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from rnnlint.facts.statements import STATEMENTS
from rnnlint.probe import plots
from rnnlint.probe.answers import answers
from rnnlint.probe.figures import ASKED, Asked, figure
from rnnlint.probe.panels import Figure, Series
from rnnlint.probe.table import runs

__all__ = ["INSTALL_MATPLOTLIB", "render", "style"]

INSTALL_MATPLOTLIB = "pip install matplotlib"

Row = Mapping[str, Any]

_VERDICTS = {
    "confirmed": ("✓", "confirmed"),
    "refuted": ("✗", "refuted"),
    "undecided": ("~", "not decidable here"),
    "not-measurable": ("?", "not measurable here"),
}
_LAW = {
    "cell": "cell", "runner": "runner", "gradients": "gradients", "sequence_length": "sequence_length",
    "control_flow": "control flow", "batch_known": "batch known", "a": "a", "b": "b", "exact": "exact",
}  # fmt: skip
_MANY = 4
"""A summary with at least this many parts becomes a list."""


def render(results: Sequence[Row], links: Mapping[str, str] | None = None) -> str:
    """The page; `results` are the dictionaries that ``--output-format json`` prints, `links` the pages of rules."""
    return "".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f"<title>rnnlint probe</title>\n<style>\n{style()}</style>\n</head>\n<body>\n<main>\n",
            *_head(results),
            *_answers(results),
            *_people_say(results),
            *figures(results),
            '<section class="claims">\n<h2 id="claims">Claims</h2>\n',
            _search(results),
            *(part for row in results for part in _claim(row, links or {})),
            f"</section>\n</main>\n<script>\n{_beside('page_script.js')}</script>\n</body>\n</html>\n",
        )
    )


def style() -> str:
    """The style of our pages."""
    return _beside("page_style.css")


@lru_cache(maxsize=2)
def _beside(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _search(results: Sequence[Row]) -> str:
    """The search and filter form; hidden without scripts, since it would do nothing."""
    counted = Counter(row["verdict"] for row in results)
    verdicts = [f'<option value="{one}">{words} ({counted[one]})</option>' for one, (_, words) in _VERDICTS.items()
                if counted[one]]  # fmt: skip
    return (
        '<form class="search" role="search" hidden>\n<label>Search <input type="search" name="text"></label>\n'
        f'<label>Verdict <select name="verdict"><option value="">all ({len(results)})</option>{"".join(verdicts)}'
        '</select></label>\n<output aria-live="polite"></output>\n</form>\n'
    )


def _head(results: Sequence[Row]) -> Iterator[str]:
    claims = "1 claim" if len(results) == 1 else f"{len(results)} claims"
    yield "<header>\n<h1>What TensorFlow really does</h1>\n"
    yield f'<p class="lead"><code>rnnlint probe</code> measured {claims} on the installed TensorFlow.</p>\n'
    counted = Counter(row["verdict"] for row in results)
    yield '<ul class="counts">\n'
    for verdict, (mark, words) in _VERDICTS.items():
        if verdict == "undecided" and not counted[verdict]:
            continue
        quiet = verdict if counted[verdict] else "not-measurable"
        yield f'<li class="{quiet}"><b>{counted[verdict]}</b>{mark} {words}</li>\n'
    yield "</ul>\n"
    for versions in dict.fromkeys(_versions(row["environment"]) for row in results):
        listed = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(release)}</dd></div>" for name, release in versions)
        yield f"<dl>{listed}</dl>\n"
    for run in runs(results):
        yield f'<p class="soft">{escape(run)}</p>\n'
    refuted = [row["claim"] for row in results if row["verdict"] == "refuted"]
    if refuted:
        listed = ", ".join(f'<a href="#{escape(one)}">{escape(one)}</a>' for one in refuted)
        yield f"<p>Refuted: {listed}.</p>\n"
    yield _contents(results)
    yield "</header>\n"


def _answers(results: Sequence[Row]) -> Iterator[str]:
    """Both questions with the answers of this run, in large print; empty if it measured none."""
    found = answers({row["claim"]: row["measured"] for row in results})
    if not found:
        return
    yield '<section class="answers">\n<h2 id="answers">Answers from this run</h2>\n'
    for one in found:
        lines = "".join(
            f'<li><b>{escape(listed)}</b> <a href="#{escape(claim)}">{escape(of)}</a></li>\n'
            for listed, of, claim in one.lines
        )
        yield f"<div>\n<h3>{escape(one.question)}</h3>\n<ul>\n{lines}</ul>\n</div>\n"
    yield "</section>\n"


def _people_say(results: Sequence[Row]) -> Iterator[str]:
    """The common statements, each with the claims of this run that decide it."""
    verdicts = {row["claim"]: row["verdict"] for row in results}
    said = [(one, [claim for claim in one.claims if claim in verdicts]) for one in STATEMENTS]
    if not any(claims for _, claims in said):
        return
    yield '<section>\n<h2 id="people">What people say</h2>\n<ul class="people">\n'
    for one, claims in said:
        if claims:
            opened = ", ".join(
                f'<a href="#{escape(claim)}">{_VERDICTS[verdicts[claim]][0]} {escape(claim)}</a>' for claim in claims
            )
            yield f"<li><b>{escape(one.text)}</b> {escape(one.verdict)}. <span>{opened}</span></li>\n"
    yield "</ul>\n</section>\n"


def _contents(results: Sequence[Row]) -> str:
    """Links to the sections, and to the claims of each verdict."""
    measured = {row["claim"]: row["measured"] for row in results}
    parts = ['<a href="#answers">Answers</a>'] if answers(measured) else []
    spoken = {claim for one in STATEMENTS for claim in one.claims}
    parts += ['<a href="#people">What people say</a>'] if spoken & measured.keys() else []
    parts += ['<a href="#figures">Figures</a>', '<a href="#claims">Claims</a>']
    return f'<nav aria-label="Contents">{" ".join(parts)}</nav>\n'


def _versions(environment: Row) -> tuple[tuple[str, str], ...]:
    names = {"tensorflow": "TensorFlow", "keras": "Keras", "tf_keras": "tf-keras", "python": "Python"}
    return tuple((name, str(environment[key] or "not installed")) for key, name in names.items())


def figures(results: Sequence[Row]) -> Iterator[str]:
    """The section with the figures for which these results have numbers, as HTML."""
    drawn, by_claim = plots.available(), {row["claim"]: row for row in results}
    measured = {claim: row["measured"] for claim, row in by_claim.items()}
    found = [(asked, figure(asked, measured)) for asked in ASKED]
    yield '<section>\n<h2 id="figures">Figures</h2>\n'
    if not drawn and any(one for _, one in found):
        yield f'<p class="soft">For plots instead of these tables: <code>{INSTALL_MATPLOTLIB}</code></p>\n'
    for asked, one in found:
        if one:
            yield from _figure(asked, one, drawn)
    for asked, one in found:
        if not one:
            yield _absent(asked, by_claim)
    yield "</section>\n"


def _figure(asked: Asked, one: Figure, drawn: bool) -> Iterator[str]:
    yield f'<figure id="figure-{asked.id}">\n<h3>{escape(asked.title)}</h3>\n'
    numbers = _table(one.columns, one.table)
    if drawn:
        yield _legend(one)
        yield '<div class="panels">\n'
        for number, panel in enumerate(one.panels):
            yield f"{plots.svg(panel, f'{asked.id}-{number}')}\n"
        yield "</div>\n"
        numbers = f"<details>\n<summary>The numbers</summary>\n{numbers}</details>\n"
    yield f"<figcaption>{escape(one.caption)}</figcaption>\n{numbers}</figure>\n"


def _legend(one: Figure) -> str:
    """The names of all series, once each."""
    series = {item.name: (item, panel.kind) for panel in one.panels for item in panel.series}
    return f'<ul class="legend">\n{"".join(_key(*item) for item in series.values())}</ul>\n'


_DOTS = ("M10 6a5 5 0 1 0 10 0a5 5 0 1 0-10 0", "M10.5 1.5h9v9h-9z", "M15 0l4.5 6l-4.5 6l-4.5-6z")


def _key(series: Series, kind: str) -> str:
    color = f"var(--series-{series.color})"
    dashes = ' stroke-dasharray="6 3"' if series.style == "dashed" else ""
    mark = (
        f'<path d="{_DOTS[series.color]}" fill="{color}"></path>'
        if kind == "dots"
        else f'<path d="M1 6H29" stroke="{color}" stroke-width="3"{dashes}></path>'
    )
    return f'<li><svg viewBox="0 0 30 12" aria-hidden="true">{mark}</svg>{escape(series.name)}</li>\n'


def _absent(asked: Asked, by_claim: Mapping[str, Row]) -> str:
    """Which claims the figure needs, and why they are missing."""
    chosen = " ".join(f"--claim {claim}" for claim in asked.claims)
    why = [f"{claim}: {by_claim[claim]['why']}" for claim in asked.claims if by_claim.get(claim, {}).get("why")]
    reason = f" {escape('; '.join(why))}" if why else ""
    command = f"<code>rnnlint probe {chosen} --report FILE.html</code>"
    return (
        f'<p class="soft absent">{escape(asked.title)}: no numbers in this run.{reason} To get it, run {command}.</p>\n'
    )


def _claim(row: Row, links: Mapping[str, str]) -> Iterator[str]:
    """A card: its verdict and statement in a line or two, and everything else when it is opened."""
    mark, words = _VERDICTS[row["verdict"]]
    name, verdict = escape(row["claim"]), escape(row["verdict"])
    # Confirmed claims are folded and others are open, since nobody would scroll through 60 open cards.
    shown = "" if verdict == "confirmed" else " open"
    yield f'<article class="claim" id="{name}" data-verdict="{verdict}">\n<details{shown}>\n<summary>'
    yield f'<span class="badge {verdict}">{mark} {words}</span> <strong>{escape(row["statement"])}</strong></summary>\n'
    yield f"<h4>{name}</h4>\n"
    if row["rules"]:
        yield f'<p class="rules">{" ".join(_rule(code, links) for code in row["rules"])}</p>\n'
    if row["why"]:
        lead = "Failed" if row["verdict"] == "refuted" else "Because"
        yield f'<p class="why {verdict}">{lead}: {escape(row["why"])}</p>\n'
    if row["summary"]:
        yield _summary(row["summary"])
    yield from _folded(row["measured"])
    measured = "".join(f" Measured {escape(run)}." for run in runs([row]))
    again = f"To measure it again, run <code>rnnlint probe --claim {name}</code>."
    yield f'<p class="soft">{again}{measured}</p>\n</details>\n</article>\n'


def _rule(code: str, links: Mapping[str, str]) -> str:
    return f'<a href="{escape(links[code])}">{escape(code)}</a>' if code in links else f"<span>{escape(code)}</span>"


def _summary(text: str) -> str:
    parts = text.split("; ")
    if len(parts) < _MANY:
        return f'<p class="numbers">Measured: {escape(text)}</p>\n'
    lead, colon, first = parts[0].partition(": ")
    if colon:
        parts[0] = first
    listed = f"Measured: {escape(lead + colon)}" if colon else "Measured:"
    return f'<div class="numbers">{listed}<ul>{"".join(f"<li>{escape(part)}</li>" for part in parts)}</ul></div>\n'


def _folded(measured: Row) -> Iterator[str]:
    laws = measured.get("laws")
    if laws:
        rows = [tuple(_cell(law.get(key)) for key in _LAW) for law in laws]
        table = _table(tuple(_LAW.values()), rows)
        yield f"<details>\n<summary>Operations, a + b·T: {len(laws)} laws</summary>\n{table}</details>\n"
    rest = {key: value for key, value in measured.items() if key != "laws"}
    if rest:
        text = escape(json.dumps(rest, indent=1, ensure_ascii=False))
        yield f'<details>\n<summary>All measurements</summary>\n<pre tabindex="0">{text}</pre>\n</details>\n'


def _cell(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    numeric = [all(row[at].strip()[:1].isdigit() for row in rows) for at in range(len(columns))]
    kinds = [' class="n"' if one else "" for one in numeric]
    head = "".join(f'<th scope="col"{kind}>{escape(name)}</th>' for name, kind in zip(columns, kinds))
    body = "".join(
        f"<tr>{''.join(f'<td{kind}>{escape(cell)}</td>' for cell, kind in zip(row, kinds))}</tr>\n" for row in rows
    )
    scroll = '<div class="scroll" tabindex="0">'
    return f"{scroll}<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table></div>\n"
