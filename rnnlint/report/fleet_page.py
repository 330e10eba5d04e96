"""What is on the page about a fleet's findings? One self-contained HTML file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

MOST = 30
"""The most rows of a table; the findings file has the rest."""

STEPS = (10, 20, 50, 100, 200, 500, 1000)
"""Lengths are counted up to each of these; 0 stands for longer ones."""


class Unroll(NamedTuple):
    """An unroll, by its cost."""

    graph_ops: int
    """0 if unknown."""
    length: int
    api: str
    place: str


class Fleet(NamedTuple):
    """The findings of a fleet, counted."""

    rules: Counter[tuple[str, str]]
    """By code and name."""
    severities: Counter[str]
    repositories: Counter[str]
    apis: Counter[str]
    lengths: Counter[int]
    unrolls: list[Unroll]


def render(fleet: Fleet, style: str) -> str:
    """The HTML page, with the given style."""
    rules = ((f"{code} {name}", count) for (code, name), count in fleet.rules.most_common())
    return "".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f"<title>rnnlint fleet</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n",
            *_head(fleet),
            *_section("rules", "By rule", ("Rule", "Findings"), rules),
            *_section("apis", "By API", ("API", "Findings"), fleet.apis.most_common(MOST), len(fleet.apis)),
            *_section(
                "repositories",
                "By repository",
                ("Repository", "Findings"),
                fleet.repositories.most_common(MOST),
                len(fleet.repositories),
            ),
            *_section("lengths", "Unroll lengths", ("Time steps", "Findings"), _lengths(fleet.lengths)),
            *_section(
                "unrolls",
                "Most expensive unrolls",
                ("Place", "API", "Time steps", "Operations"),
                ((one.place, one.api, one.length, one.graph_ops or "unknown") for one in sorted(fleet.unrolls)[::-1]),
            ),
            "</main>\n</body>\n</html>\n",
        )
    )


def _head(fleet: Fleet) -> Iterator[str]:
    yield "<header>\n<h1>Recurrent code in many repositories</h1>\n"
    yield '<p class="lead"><code>rnnlint fleet</code> counted these findings in all checked repositories.</p>\n'
    counts = (
        ("not-measurable", sum(fleet.rules.values()), "findings"),
        ("refuted", fleet.severities["error"], "errors: the code fails on the target"),
        ("not-measurable", len(fleet.repositories), "repositories with findings"),
    )
    listed = "".join(f'<li class="{kind}"><b>{count}</b>{words}</li>\n' for kind, count, words in counts)
    yield f'<ul class="counts">\n{listed}</ul>\n'
    names = {
        "rules": "Rules",
        "apis": "APIs",
        "repositories": "Repositories",
        "lengths": "Lengths",
        "unrolls": "Unrolls",
    }
    links = " ".join(f'<a href="#{to}">{name}</a>' for to, name in names.items())
    yield f'<nav aria-label="Contents">{links}</nav>\n</header>\n'


def _section(
    to: str, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], all_rows: int = 0
) -> Iterator[str]:
    yield f'<section>\n<h2 id="{to}">{title}</h2>\n<figure>\n'
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>\n" for row in rows)
    if body:
        head = "".join(f"<th>{name}</th>" for name in columns)
        yield f'<div class="scroll"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table></div>\n'
    else:
        yield '<p class="soft">None were found.</p>\n'
    if all_rows > MOST:
        yield f"<figcaption>The first {MOST} of {all_rows}.</figcaption>\n"
    yield "</figure>\n</section>\n"


def _cell(value: object) -> str:
    return f'<td class="n">{value}</td>' if isinstance(value, int) else f"<td>{escape(str(value))}</td>"


def _lengths(counted: Counter[int]) -> Iterator[tuple[str, int]]:
    """The number of unrolls by length, shortest first."""
    if not counted:
        return
    before = 0
    for step in STEPS:
        yield f"{before + 1} to {step}" if before else f"up to {step}", counted[step]
        before = step
    yield f"more than {before}", counted[0]
