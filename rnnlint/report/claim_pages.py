"""What is on the page of the claims? Text made from statements, claims and evidence, so that they cannot disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rnnlint.facts import evidence, statements
from rnnlint.facts.claims import CLAIMS, Claim
from rnnlint.facts.statements import Statement

__all__ = ["page"]


def page(rules: Mapping[str, Sequence[str]]) -> str:
    """The page in Markdown; `rules` are the codes that rest on each claim, by its id."""
    return "\n\n".join(_sections(rules)) + "\n"


def _sections(rules: Mapping[str, Sequence[str]]) -> Iterator[str]:
    releases = sorted({one.tensorflow for one in evidence.records()}, key=_version)
    yield "# What people say, and what TensorFlow does"
    yield "`python docs/make_pages.py` generates this page from the recorded evidence."
    yield (
        f"There are recorded results for TensorFlow {', '.join(releases[:-1])} and {releases[-1]}. The table shows"
        " those for the latest release, measured on a CPU. Times are ratios within one process. To repeat a measurement"
        " on your TensorFlow, run the command in its row; see [the probe](probe.md)."
    )
    yield "\n".join(_rows())
    yield "## Claims"
    yield (
        "Each claim that the probe measures: its statement, when it holds, the rules that depend on it, and the latest"
        " results for each release."
    )
    for claim in CLAIMS:
        yield "\n".join(_claim(claim, rules.get(claim.id, ())))


def _rows() -> Iterator[str]:
    yield "| What people say | Verdict | What was measured | Measure it |"
    yield "|---|---|---|---|"
    for one in statements.STATEMENTS:
        yield f"| {_cell(one.text)} | {one.verdict} | {_cell(one.said())} | {_command(one)} |"


def _command(one: Statement) -> str:
    return f"`rnnlint probe {' '.join(f'--claim {claim}' for claim in one.claims)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _claim(claim: Claim, rules: Sequence[str]) -> Iterator[str]:
    yield f"### {claim.id}\n\n{claim.statement}\n"
    yield f"- Measured: {claim.measured}."
    yield f"- Holds for: {claim.holds_when}."
    if rules:
        yield f"- Rules: {', '.join(rules)}."
    listed: dict[str, list[str]] = {}
    for record in evidence.of_claim(claim.id):
        text = record.summary if record.verdict == "confirmed" else f"not measurable: {record.why}"
        listed.setdefault(text.rstrip("."), []).append(f"{record.tensorflow} (Keras {record.keras})")
    for text, releases in listed.items():
        yield f"- TensorFlow {', '.join(releases)}: {text}."


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())
