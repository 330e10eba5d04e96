"""Does the page answer both questions with the numbers of its run, and no others?"""

from __future__ import annotations

import pytest

from rnnlint.probe.answers import answers

LAW = {"gradients": False, "sequence_length": False, "control_flow": 2, "batch_known": False, "cell": "LSTMCell"}
STATIC = {"laws": [{**LAW, "runner": "static_rnn", "a": 43, "b": 17}]}
LOOP = {"laws": [{**LAW, "runner": "dynamic_rnn", "a": 130, "b": 0}]}


def test_a_run_without_numbers_answers_nothing() -> None:
    assert answers({}) == []


def test_the_graph_is_larger_from_the_first_step_at_which_it_is() -> None:
    (answer,) = answers({"static-graph-grows": STATIC, "loop-graph-flat": LOOP})
    assert answer.question == "How long is too long?"
    assert [line[0] for line in answer.lines] == ["from T = 6"]
    assert 43 + 17 * 5 <= 130 < 43 + 17 * 6


def test_a_ratio_has_its_range_and_a_break_even_no_digits() -> None:
    lead = {"ratios": {"static_rnn, tiny": 0.33}, "ranges": {"static_rnn, tiny": [0.31, 0.35]}}
    paid = {
        "break_even_calls": {"static_rnn": 310, "static_rnn with sequence_length": None},
        "break_even_ranges": {"static_rnn": [63, 702]},
    }
    (answer,) = answers({"unroll-lead-shrinks-with-size": lead, "static-start-pays-back-late": paid})
    assert [line[0] for line in answer.lines] == [
        "0.33 of the loop's time (0.31 to 0.35)", "after 60 to 700 calls", "never",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ratios", "words"), [((0.5, 0.9, 1.1), "from T = 50"), ((0.5, 0.9, 1.02), "not up to T = 50")]
)
def test_a_call_takes_longer_from_the_length_that_was_measured(ratios: tuple[float, ...], words: str) -> None:
    rows = [
        {"variant": "static_rnn", "size": "tiny", "mode": "training", "steps": steps, "ratio_to_loop": ratio}
        for steps, ratio in zip((5, 10, 50), ratios, strict=True)
    ]
    (answer,) = answers({"unroll-lead-shrinks-with-size": {"timings": rows}})
    assert [line[0] for line in answer.lines] == [words]
