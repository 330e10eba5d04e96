"""Is every claim used, measured by one function of the probe, and on record?

And does the page that explains the limit say what is?
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import pytest
from sabotage import CASES

from rnnlint.facts import claims, evidence, graph_cost, keras_cost, keras_masks, symbols
from rnnlint.facts.claims import CLAIMS, Claim
from rnnlint.facts.evidence import Record
from rnnlint.facts.graph_cost import Cell, Law
from rnnlint.facts.statements import STATEMENTS
from rnnlint.probe.measurement import measurements
from rnnlint.report.rules import reported
from rnnlint.rules.rule import Rule
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
    said = [one.text for one in STATEMENTS if claim.id in one.claims]
    pages = [path.name for path, text in TEXTS.items() if path.name != "claims.md" and f"`{claim.id}`" in text]
    assert rules or said or pages


def test_every_rule_about_unrolls_and_masks_rests_on_claims() -> None:
    families = [rule for rule in reported() if rule.code[3] in "23"]
    assert families
    assert [rule.code for rule in families if not rule.rests_on] == []


def test_each_claim_has_one_measurement_and_each_measurement_one_claim() -> None:
    assert {one.claim: one.name for one in measurements().values()} == {one.id: one.proved_by for one in CLAIMS}


def test_each_claim_meets_a_tensorflow_in_which_it_is_false() -> None:
    """The marked tests of test_refutations ask that each of these cases is refuted."""
    sabotaged = {measure for measure, _ in CASES}
    assert {one.function for one in measurements().values()} == sabotaged


def test_the_table_says_of_each_layer_what_every_release_on_record_does_with_a_mask() -> None:
    records = evidence.of_claim("keras-mask-table")
    assert {record.keras.partition(".")[0] for record in records} == {"2", "3"}
    for record in records:
        generation = int(record.keras.partition(".")[0])
        measured = record.measured["mask_behind"]
        assert len(measured) > 90
        for layer, found in measured.items():
            assert (found == "keeps") is keras_masks.keeps(layer, generation), layer


def test_no_layer_of_the_table_was_left_out_of_what_was_measured() -> None:
    measured = {name for record in evidence.of_claim("keras-mask-table") for name in record.measured["mask_behind"]}
    assert measured == set(keras_masks.table())


@pytest.mark.parametrize(("claim", "kept"), [("keras-layers-keep-mask", True), ("keras-layers-drop-mask", False)])
def test_a_layer_that_a_result_was_measured_of_does_in_the_table_what_it_did_there(claim: str, kept: bool) -> None:
    for record in evidence.of_claim(claim):
        names = {name.partition("(")[0] for name in record.measured["largest_absolute_difference"]}
        # What is no layer is written as an expression.
        layers = {name for name in names if re.fullmatch(r"[A-Z]\w+", name)}
        assert len(layers) > 9
        assert {keras_masks.keeps(name, 3) for name in layers} == {kept}


def test_a_statement_rests_on_claims_and_has_its_row_on_the_page() -> None:
    page = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    for one in STATEMENTS:
        assert one.claims and set(one.claims) <= set(claims.by_id()), one.text
        assert f"| {one.text} | {one.verdict} |" in page


# Numbers


NUMBER = re.compile(r"(?<![\w.=])\d[\d,]*(?:\.\d+)?(?![\w.]*\()")
NOT_MEASURED = re.compile(
    r"`[^`]*`"  # code
    r"|\bRNN\d+|\b(?:TensorFlow|Keras|Python)(?: before)? \d[\d.]*(?: (?:and|to) \d[\d.]*)?"  # codes and releases
    r"|\(\d+ steps by default[^)]*\)|[Tt]he limit 0|\b0 reports"  # what a limit is
)


RELEASES = {text for symbol in symbols.table().values() for text in (symbol.since, symbol.removed) if text}
"""The releases of TensorFlow that brought a symbol or removed one."""


def numbers_said(text: str) -> set[str]:
    """The numbers in a text that only a measurement can give."""
    found = {found.replace(",", "") for found in NUMBER.findall(NOT_MEASURED.sub(" ", text))}
    return found - RELEASES


def numbers_measured(ids: Iterable[str]) -> set[str]:
    """The numbers in the evidence of these claims, and in what is said of how they are measured."""
    found: set[str] = set()
    for claim in ids:
        for record in evidence.of_claim(claim):
            text = f"{json.dumps(record.measured)} {record.summary}"
            found |= {one.replace(",", "") for one in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}
        of = claims.by_id()[claim]
        found |= set(re.findall(r"\d+(?:\.\d+)?", f"{of.statement} {of.measured} {of.holds_when}"))
    return found


@pytest.mark.parametrize("rule", reported(), ids=lambda rule: rule.code)
def test_no_text_of_a_rule_shows_a_number_that_is_not_in_the_evidence(rule: Rule) -> None:
    said = numbers_said(f"{rule.summary} {rule.message} {rule.why}")
    assert said - numbers_measured(rule.rests_on) == set()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("at 500 it takes 3.5 times as long", {"500", "3.5"}),
        ("adds 1,234 operations", {"1234"}),
        ("TensorFlow 2.16 and later, `range(200)`, RNN201 and (50 steps by default)", set()),
        ("in Keras 2 the limit 0 means none", set()),
    ],
)
def test_what_counts_as_a_number_that_was_measured(text: str, numbers: set[str]) -> None:
    assert numbers_said(text) == numbers


# Evidence


@of_claim
def test_a_claim_is_on_record_as_confirmed(claim: Claim) -> None:
    assert "confirmed" in {record.verdict for record in evidence.of_claim(claim.id)}


@of_claim
def test_a_claim_about_both_generations_of_keras_was_measured_on_both(claim: Claim) -> None:
    named = set(re.findall(r"Keras (\d)", claim.holds_when))
    confirmed = [record for record in evidence.of_claim(claim.id) if record.verdict == "confirmed"]
    assert named <= {record.keras.split(".")[0] for record in confirmed}


def test_every_record_is_of_a_claim_and_complete() -> None:
    for record in evidence.records():
        assert record.claim in claims.by_id()
        for version in (record.tensorflow, record.keras, record.python):
            assert re.fullmatch(r"\d+\.\d+\.\d+\w*", version), record
        assert re.fullmatch(r"[a-z0-9]+-[a-z0-9_]+", record.platform)
        assert record.verdict in ("confirmed", "not-measurable")
        assert (record.summary and record.measured) if record.verdict == "confirmed" else record.why


def test_no_record_shows_the_folders_of_whoever_measured() -> None:
    for record in evidence.records():
        text = json.dumps([record.measured, record.summary, record.why])
        assert not re.search(r"""(^|[\s'"])(/\w|~/|[A-Z]:\\)|site-packages|File \\?\"""", text), record


def test_the_releases_that_the_probe_supports_are_on_record() -> None:
    minors = {".".join(record.tensorflow.split(".")[:2]) for record in evidence.records()}
    assert {"2.12", "2.15", "2.19", "2.21"} <= minors


def test_a_run_leaves_all_of_its_records() -> None:
    runs: dict[str, set[str]] = {}
    for record in evidence.records():
        runs.setdefault(record.tensorflow, set()).add(record.claim)
    missing = {release: set(claims.by_id()) ^ found for release, found in runs.items()}
    assert {release: ids for release, ids in missing.items() if ids} == {}


def test_the_file_is_as_it_would_be_written() -> None:
    text = evidence.FILE.read_text(encoding="utf-8")
    assert evidence.as_text(evidence.records()) == text
    assert evidence.as_text(evidence.merged(evidence.records(), ())) == text


def record_of(claim: str, tensorflow: str, keras: str, verdict: str = "confirmed", number: int = 1) -> Record:
    return Record(
        claim=claim, tensorflow=tensorflow, keras=keras, tf_keras=None, python="3.11.7", platform="linux-x86_64",
        full=False, verdict=verdict, summary=str(number), why="", measured={"number": number},
    )  # fmt: skip


def test_a_new_record_replaces_that_of_the_same_releases() -> None:
    old, newer = record_of("b", "2.9.1", "2.9.0"), record_of("b", "2.21.0", "3.15.1")
    again, other = record_of("b", "2.9.1", "2.9.0", number=2), record_of("a", "2.9.1", "2.9.0")
    assert evidence.merged([old, newer], [again, other]) == (other, newer, again)


def test_a_run_that_could_measure_less_does_not_replace_what_was_confirmed() -> None:
    confirmed, less = record_of("b", "2.9.1", "2.9.0"), record_of("b", "2.9.1", "2.9.0", "not-measurable")
    assert evidence.merged([confirmed], [less]) == (confirmed,)
    assert evidence.merged([less], [confirmed]) == (confirmed,)
    assert evidence.merged([less], [less]) == (less,)


def test_a_quick_record_never_replaces_a_full_one() -> None:
    quick = record_of("b", "2.9.1", "2.9.0")
    full = Record(**{**asdict(quick), "full": True})
    assert evidence.merged([full], [quick]) == (full,)
    assert evidence.merged([quick], [full]) == (full,)


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


def test_the_page_shows_the_claims_behind_the_limit_as_they_are() -> None:
    limited = [rule for rule in reported() if "`max-unroll`" in rule.why]
    assert limited
    for claim in {one for rule in limited for one in rule.rests_on}:
        assert f"- `{claim}`: {claims.by_id()[claim].statement}" in PAGE


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


def test_the_ratios_that_the_page_mentions_are_those_of_the_run() -> None:
    ratios = re.findall(r"(\d+\.\d+) \((\d+\.\d+) to (\d+\.\d+)\)", "\n".join(map(" ".join, RUN)))
    shown = {middle for middle, _, _ in ratios}
    assert len(ratios) == 2 * len(RUN)
    assert all(float(low) <= float(middle) <= float(high) for middle, low, high in ratios)
    said = re.findall(r"(\d+\.\d+) times", PAGE)
    assert said
    assert set(said) <= shown
    for row, (middle, _, _) in zip(RUN, ratios[::2]):
        # A median of ratios is near the ratio of the medians.
        assert float(middle) == pytest.approx(float(row[3]) / float(row[4]), rel=0.4)


def test_the_page_mentions_the_limit_that_there_is() -> None:
    (default,) = [option.default for option in OPTIONS if option.name == "max-unroll"]
    assert f"The limit is {default} steps" in PAGE
    assert str(default) in {row[0] for row in RUN}


def test_no_page_and_no_rule_says_more_than_was_measured() -> None:
    strong = re.compile(r"(static|unroll)\w*( \w+){0,3} (is|are) (\w+ )?(slow|slower)\b", re.IGNORECASE)
    texts = {str(path): text for path, text in TEXTS.items()}
    texts |= {rule.code: f"{rule.why} {rule.message} {rule.summary}" for rule in reported()}
    texts |= {claim.id: claim.statement for claim in CLAIMS}
    denied = re.compile(r"does not\s+claim that [^:.]*")
    assert [name for name, text in texts.items() if strong.search(denied.sub("", text))] == []
