"""Can a page of steps be read: aligned, in order, and no wider than the terminal? And what is refused?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rnnlint.hosts.command_line import main
from rnnlint.probe import processes
from rnnlint.probe.inspection import inspect, side_by_side
from rnnlint.probe.steps import Body, Operation, Step, Unroll

BODY = Body(
    "while_body_7",
    "cell/",
    (
        Operation("Const", "TensorArrayRead/TensorListGetItem/element_shape"),
        Operation("MatMul", "cell/MatMul"),
        Operation("Tanh", "cell/Tanh"),
        Operation("AddV2", "add_0"),
    ),
)


def unrolled(steps: int) -> Unroll:
    def name(kind: str, at: int) -> str:
        return f"rnn/cell/{kind}" + (f"_{at}" if at else "")

    def step(at: int) -> Step:
        state = name("Tanh", at - 1) if at else "rnn/ZeroState/zeros"
        operations = tuple(Operation(kind, name(kind, at)) for kind in ("MatMul", "Tanh"))
        return Step(operations, (f"inputs:{at}", state))

    return Unroll("rnn/cell/", tuple(step(at) for at in range(steps)))


def rows(steps: int, width: int) -> list[list[str]]:
    return [line.split() for line in side_by_side("Cell", unrolled(steps), BODY, width).splitlines()]


def test_each_operation_of_a_step_stands_beside_that_of_the_other_steps_and_of_the_loop() -> None:
    found = rows(3, 100)
    assert ["operation", "step", "1", "step", "2", "step", "3", "loop"] in found
    assert ["MatMul", "MatMul", "MatMul_1", "MatMul_2", "MatMul"] in found
    assert ["Tanh", "Tanh", "Tanh_1", "Tanh_2", "Tanh"] in found


def test_what_the_loop_alone_has_stands_in_its_column_alone() -> None:
    page = side_by_side("Cell", unrolled(2), BODY, 100).splitlines()
    (head,) = (line for line in page if line.startswith("operation "))
    for name in ("…/element_shape", "add_0"):
        (line,) = (line for line in page if name in line)
        assert line.index(name) == head.index("loop")


def test_the_input_and_the_state_that_each_step_reads_are_reported() -> None:
    found = rows(3, 100)
    assert ["input", "inputs:0", "inputs:1", "inputs:2"] in found
    assert ["state", "zeros", "Tanh", "Tanh_1"] in found


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("steps", [1, 2, 20])
def test_no_line_is_wider_than_the_terminal_and_no_step_is_lost(steps: int, width: int) -> None:
    lines = side_by_side("Cell", unrolled(steps), BODY, width).splitlines()
    assert max(map(len, lines)) <= width
    shown = [word for line in lines if line.startswith("operation ") for word in line.split() if word.isdigit()]
    assert shown == [str(at + 1) for at in range(steps)]
    assert sum(line.startswith("operation ") and line.endswith("loop") for line in lines) == 1


def test_the_numbers_of_operations_are_those_that_are_shown() -> None:
    page = " ".join(side_by_side("Cell", unrolled(2), BODY, 80).split())
    assert "static_rnn adds 2 operations per step" in page
    assert "the function while_body_7 with 4 operations" in page


@pytest.mark.parametrize(
    ("cell", "steps", "said"),
    [
        ("rnn", 3, "unknown cell 'rnn'; choose from basic_rnn, basic_lstm, lstm, gru"),
        ("lstm", 0, "steps must be from 1 to 20"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_one_line(cell: str, steps: int, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        inspect(cell, steps)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--steps", "21"], "steps must be from 1 to 20, not 21"),
        (["--steps", "many"], "invalid int value"),
        (["--cell", "rnn"], "invalid choice"),
        (["--step", "3"], "unknown option '--step'"),
    ],
)
def test_the_command_shows_bad_input_in_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["probe", "inspect", *arguments]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert said in output.err
    assert output.err.count("\n") == 1


def test_without_tensorflow_the_command_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    absent: Callable[[str], bool] = lambda package: False  # noqa: E731
    monkeypatch.setattr(processes, "installed", absent)
    assert main(["probe", "inspect"]) == 2
    assert capsys.readouterr().err == "error: rnnlint probe needs TensorFlow: pip install 'rnnlint[probe]'\n"
