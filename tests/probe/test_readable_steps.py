"""What would make an unroll unreadable, and is it seen?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from rnnlint.probe.claims.readable_steps import STEPS, _unreadable
from rnnlint.probe.steps import Body, Operation, Step, Unroll

BODY = Body("body", "cell/", (Operation("Const", "index"), Operation("MatMul", "cell/a"), Operation("Tanh", "cell/b")))


def step(at: int) -> Step:
    state = f"rnn/cell/b_{at - 1}" if at else "rnn/zeros"
    return Step(
        (Operation("MatMul", f"rnn/cell/a_{at}"), Operation("Tanh", f"rnn/cell/b_{at}")), (f"inputs:{at}", state)
    )


READABLE = Unroll("rnn/cell/", tuple(step(at) for at in range(STEPS)))


def with_third(changed: Step) -> Unroll:
    return replace(READABLE, steps=(*READABLE.steps[:2], changed, *READABLE.steps[3:]))


def test_a_readable_unroll_has_no_faults() -> None:
    assert list(_unreadable(READABLE, BODY)) == []


@pytest.mark.parametrize(
    ("unrolled", "body", "said"),
    [
        (replace(READABLE, steps=READABLE.steps[:-1]), BODY, "3 steps were found"),
        (with_third(replace(step(2), operations=step(2).operations[::-1])), BODY, "or in the order"),
        (replace(READABLE, scope=""), BODY, "share no name scope"),
        (with_third(replace(step(2), reads=("inputs:1", "rnn/cell/b_1"))), BODY, "step 3 reads ['inputs:1']"),
        (with_third(replace(step(2), reads=("inputs:2", "rnn/cell/b_0"))), BODY, "do not come from the previous step"),
        (with_third(replace(step(2), reads=("inputs:2",))), BODY, "do not come from the previous step"),
        (READABLE, replace(BODY, operations=BODY.operations[:-1]), "the loop differs from a step"),
    ],
)  # fmt: skip
def test_what_breaks_the_reading_is_reported(unrolled: Unroll, body: Body, said: str) -> None:
    faults = list(_unreadable(unrolled, body))
    assert any(said in fault for fault in faults), faults
