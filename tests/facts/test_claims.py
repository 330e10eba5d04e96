"""Is every claim used, measured by one test, and on record? And does the page that explains the limit say what is?"""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from rnnlint.facts import claims, evidence, graph_cost, keras_cost
from rnnlint.facts.claims import CLAIMS, Claim
from rnnlint.facts.evidence import Record
from rnnlint.facts.graph_cost import Cell, Law
from rnnlint.report.rules import reported
from rnnlint.settings import OPTIONS

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "how-long-is-too-long.md").read_text(encoding="utf-8")
# The pages of the rules are made from the rules; what people wrote is the rest.
TEXTS = {path: path.read_text(encoding="utf-8") for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]}

of_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)


# Claims


def test_ids_are_given_once_and_have_their_shape() -> None:
    assert [one for one, times in Counter(claim.id for claim in CLAIMS).items() if times > 1] == []
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", claim.id) for claim in CLAIMS)
    assert dict(claims.by_id()) == {claim.id: claim for claim in CLAIMS}


@of_claim
def test_a_claim_says_what_is_measured_and_when_it_holds(claim: Claim) -> None:
    assert claim.statement.endswith(".")
    for text in (claim.statement, claim.measured, claim.holds_when):
        assert text.strip() == text != ""


def test_what_rules_rest_on_is_claimed() -> None:
    unknown = {rule.code: set(rule.rests_on) - set(claims.by_id()) for rule in reported()}
    assert {code: ids for code, ids in unknown.items() if ids} == {}


@of_claim
def test_a_claim_is_of_use(claim: Claim) -> None:
    rules = [rule.code for rule in reported() if claim.id in rule.rests_on]
    pages = [path.name for path, text in TEXTS.items() if path.parent.name != "rules" and f"`{claim.id}`" in text]
    assert rules or pages


def test_each_claim_has_one_test_and_each_test_one_claim() -> None:
    files = {claim.proved_by.split("::")[0] for claim in CLAIMS}
    tests = [f"{file}::{name}" for file in files for name in proofs_in(ROOT / file)]
    assert sorted(claim.proved_by for claim in CLAIMS) == sorted(tests)


def proofs_in(path: Path) -> list[str]:
    """The tests of a file; it must say that they need TensorFlow, and none may be skipped by a decorator."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    marks = [
        ast.unparse(node.value)
        for node in module.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    ]
    assert len(marks) == 1 and "pytest.mark.tensorflow" in marks[0]
    found = [node for node in module.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    assert [node.name for node in found if node.decorator_list] == []
    for node in found:
        words = {child.attr if isinstance(child, ast.Attribute) else "" for child in ast.walk(node)}
        asserts = [child for child in ast.walk(node) if isinstance(child, ast.Assert)]
        assert asserts or "raises" in words, f"{node.name} cannot fail"
        # What was measured is told at the end, when all of it holds.
        assert "measured(" in ast.unparse(node.body[-1]), node.name
    return [node.name for node in found]


# Evidence


@of_claim
def test_a_claim_is_on_record(claim: Claim) -> None:
    assert evidence.of_claim(claim.id)


@of_claim
def test_a_claim_about_both_generations_of_keras_was_measured_on_both(claim: Claim) -> None:
    named = set(re.findall(r"Keras (\d)", f"{claim.statement} {claim.holds_when}"))
    assert named <= {record.keras.split(".")[0] for record in evidence.of_claim(claim.id)}


def test_every_record_is_of_a_claim_and_complete() -> None:
    for record in evidence.records():
        assert record.claim in claims.by_id()
        for version in (record.tensorflow, record.keras, record.python):
            assert re.fullmatch(r"\d+\.\d+\.\d+\w*", version), record
        assert re.fullmatch(r"[a-z0-9]+-[a-z0-9_]+", record.platform)
        assert record.measured
        # No folder of whoever measured.
        assert not re.search(r"(^|[\s'\"])(/|~|[A-Z]:\\)", record.measured)


def test_a_run_leaves_all_of_its_records() -> None:
    runs: dict[tuple[str, ...], set[str]] = {}
    for record in evidence.records():
        runs.setdefault((record.tensorflow, record.keras), set()).add(record.claim)
    assert all(found == set(claims.by_id()) for found in runs.values())


def test_the_file_is_as_it_would_be_written() -> None:
    text = evidence.FILE.read_text(encoding="utf-8")
    assert evidence.as_text(evidence.records()) == text
    assert evidence.as_text(evidence.merged(evidence.records(), ())) == text


def test_a_new_record_replaces_that_of_the_same_releases() -> None:
    old = Record("b", "1", "2.9.1", "2.9.0", "3.11.7", "linux-x86_64")
    newer = Record("b", "2", "2.21.0", "3.15.1", "3.11.7", "linux-x86_64")
    again = Record("b", "3", "2.9.1", "2.9.0", "3.12.1", "linux-x86_64")
    other = Record("a", "4", "2.9.1", "2.9.0", "3.12.1", "linux-x86_64")
    assert evidence.merged([old, newer], [again, other]) == (other, newer, again)


@pytest.mark.parametrize("text", ["a\tb", "a\nb"])
def test_a_record_that_would_break_the_table_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        evidence.as_text([Record("a", text, "2.9.1", "2.9.0", "3.11.7", "linux-x86_64")])


# The page


def cell(kind: str, *inner: Cell, options: tuple[str, ...] = ()) -> Cell:
    return Cell(kind, frozenset(options), inner, 64 if not inner else None)


LSTM = cell("LSTMCell")
CELLS = {
    "`BasicRNNCell`": cell("BasicRNNCell"),
    "`BasicLSTMCell`": cell("BasicLSTMCell"),
    "`LSTMCell`": LSTM,
    "`GRUCell`": cell("GRUCell"),
    "`MultiRNNCell` of two `LSTMCell`": cell("MultiRNNCell", LSTM, LSTM),
    "`DropoutWrapper` (output) of `LSTMCell`": cell("DropoutWrapper", LSTM, options=("output_keep_prob",)),
}


def law(of: Law | None) -> str:
    assert of is not None and of.exact
    return f"{of.fixed} + {of.per_step}·T" if of.per_step else str(of.fixed)


def crossing(unroll: Law | None, loop: Law | None) -> str:
    assert unroll is not None and loop is not None
    return str(next(steps for steps in range(1, 1000) if unroll.at(steps) > loop.at(steps)))


def forward_laws() -> list[str]:
    rows = []
    for name, of in CELLS.items():
        runs = [
            (
                graph_cost.static(of, batch_known=False, sequence_length=lengths),
                graph_cost.dynamic(of, batch_known=False, sequence_length=lengths),
            )
            for lengths in (False, True)
        ]
        columns = [law(one) for pair in runs for one in pair]
        rows.append(f"| {name} | {' | '.join(columns)} | {crossing(*runs[0])} |")
    return rows


def gradient_laws() -> list[str]:
    rows = []
    for name, of in list(CELLS.items())[:4]:
        columns = [
            law(graph_cost.with_gradients(runner, of, batch_known=False, sequence_length=lengths, depth=64))
            for lengths in (False, True)
            for runner in ("static_rnn", "dynamic_rnn")
        ]
        rows.append(f"| {name} | {' | '.join(columns)} |")
    return rows


def keras_laws() -> list[str]:
    rows = []
    for layer in ("SimpleRNN", "LSTM", "GRU", "Bidirectional(LSTM)"):
        columns = [
            law(of(layer, keras=keras, units=64))
            for keras in (3, 2)
            for of in (keras_cost.keras_unrolled, keras_cost.keras_loop)
        ]
        rows.append(f"| `{layer}` | {' | '.join(columns)} |")
    return rows


def step_laws() -> list[str]:
    rows = [f"| {name} | {graph_cost.loop_step(of)} | {graph_cost.loop_step(of)} |" for name, of in CELLS.items()]
    for name in ("SimpleRNNCell", "LSTMCell", "GRUCell"):
        columns = [str(graph_cost.loop_step(name, keras=keras)) for keras in (3, 2)]
        rows.append(f"| `tf.keras.layers.{name}` | {' | '.join(columns)} |")
    return rows


@pytest.mark.parametrize("rows", [forward_laws, gradient_laws, keras_laws, step_laws])
def test_the_laws_on_the_page_are_those_of_the_table(rows: object) -> None:
    expected = "\n".join(rows())  # type: ignore[operator]
    assert expected in PAGE, expected


def test_the_page_tells_every_claim_as_it_is() -> None:
    missing = [line for claim in CLAIMS if (line := f"- `{claim.id}`: {claim.statement}") not in PAGE]
    assert missing == [], "\n".join(missing)


RUN = [
    line.split()
    for line in PAGE.split("```console")[1].split("```")[0].splitlines()
    if re.fullmatch(r" +\d+ .*[\d.].*", line)
]
"""The rows of the run that the page quotes: those without sequence_length, then those with it."""


def test_the_run_that_the_page_quotes_counts_what_the_table_predicts() -> None:
    assert len(RUN) == 8
    for index, (steps, static, loop, *_) in enumerate(RUN):
        for runner, shown in (("static_rnn", static), ("dynamic_rnn", loop)):
            of = graph_cost.with_gradients(runner, LSTM, batch_known=False, sequence_length=index >= 4, depth=64)
            assert of is not None
            assert f"{of.at(int(steps)):,}" == shown


def test_the_ratios_that_the_page_speaks_of_are_those_of_the_run() -> None:
    shown = {column for row in RUN for column in (row[5], row[8])}
    said = re.findall(r"(\d+\.\d+) times", PAGE)
    assert said
    assert set(said) <= shown
    for row in RUN:
        assert float(row[5]) == pytest.approx(float(row[3]) / float(row[4]), abs=0.06, rel=0.06)


def test_the_page_speaks_of_the_limit_that_there_is() -> None:
    (default,) = [option.default for option in OPTIONS if option.name == "max-unroll"]
    assert f"The limit is {default} steps" in PAGE
    assert str(default) in {row[0] for row in RUN}


def test_no_page_and_no_rule_says_more_than_was_measured() -> None:
    strong = re.compile(r"(static|unroll)\w*( \w+){0,3} (is|are) (\w+ )?(slow|slower)\b", re.IGNORECASE)
    texts = {str(path): text for path, text in TEXTS.items()}
    texts |= {rule.code: f"{rule.why} {rule.message} {rule.summary}" for rule in reported()}
    texts |= {claim.id: claim.statement for claim in CLAIMS}
    assert [name for name, text in texts.items() if strong.search(text)] == []
