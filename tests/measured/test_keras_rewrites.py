"""Does a program compute after its rewriting to Keras layers what it computed before, with the weights carried over?"""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest
from keras_programs import FORGET_BIASES, REWRITTEN
from rewritten_runs import run

from rnnlint import engine
from rnnlint.read.edited import edited
from rnnlint.report.applying import compatible, edits_of
from rnnlint.settings import from_mapping

_spec = importlib.util.find_spec("tensorflow")
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

pytestmark = pytest.mark.tensorflow

ROUNDING = 1e-5


def rewritten(program: str) -> str:
    """The program after its fixes."""
    settings = from_mapping({"migrate-to": "keras"}, "test")
    found = engine.check_bytes(program.encode(), "program.py", settings, engine.Project()).findings
    return edited(program.encode(), "program.py", edits_of(compatible(found))).decode()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    folder = tmp_path_factory.mktemp("variables")
    before = run("before", REWRITTEN, folder, FORGET_BIASES)
    after = run("after", {name: rewritten(program) for name, program in REWRITTEN.items()}, folder, FORGET_BIASES)
    return before, after


@pytest.mark.parametrize("name", REWRITTEN)
def test_a_rewritten_program_computes_the_same(name: str, both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    before, after = both[0][name], both[1][name]
    assert "error" not in before, before
    assert "error" not in after, (after, rewritten(REWRITTEN[name]))
    assert before["parameters"] == after["parameters"]
    for what in ("results", "gradients"):
        assert len(before[what]) == len(after[what])
        for one, other in zip(before[what], after[what]):
            assert one == pytest.approx(other, rel=1e-4, abs=ROUNDING), what
