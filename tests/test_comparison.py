"""Does rnnlint find in the snippets what the table of other tools says, and are its lines the ones of the program?"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
import snippets

import rnnlint

ROOT = Path(__file__).resolve().parent.parent
PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/comparison.md")}
PROGRAMS = [(f"{group}_{name}", text) for group, programs in snippets.GROUPS.items() for name, text in programs.items()]


def bad(program: str) -> list[int]:
    lines = textwrap.dedent(program).strip().splitlines()
    return [number for number, line in enumerate(lines, 1) if line.endswith("# bad")]


@pytest.mark.parametrize(("name", "program"), PROGRAMS, ids=[name for name, _ in PROGRAMS])
def test_rnnlint_reports_the_bad_lines_and_no_other(name: str, program: str) -> None:
    text = textwrap.dedent(program).strip() + "\n"
    found = rnnlint.check_source(text, f"{name}.py", {"profile": "maintain", "target-tensorflow": "2.21"})
    assert sorted({one.row for one in found}) == bad(program)


@pytest.mark.parametrize("page", PAGES)
def test_the_tables_count_what_there_is(page: str) -> None:
    counts = [
        sum(len(bad(program)) for program in snippets.GROUPS[group].values())
        for group in ("legacy", "unroll", "padding")
    ]
    lines = sum(len(textwrap.dedent(program).strip().splitlines()) for _, program in PROGRAMS)
    (head,) = re.findall(
        r"\| Legacy names \((\d+)\) \| Long unrolls \((\d+)\) \| Padding \((\d+)\) \| False alarms \((\d+)\) \|",
        PAGES[page],
    )
    assert [int(number) for number in head] == [*counts, lines - sum(counts)]
    (own,) = re.findall(r"\| rnnlint \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", PAGES[page])
    assert [int(number) for number in own] == [*counts, 0]
