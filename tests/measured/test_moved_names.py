"""Does a program of TensorFlow 1 run after its safe fixes, with the same results, gradients and variables?"""

from __future__ import annotations

import importlib.metadata
import importlib.util

import pytest
from graphs_of_programs import Result, results_of
from moved_programs import PROGRAMS

from rnnlint import engine
from rnnlint.finding import Finding
from rnnlint.hosts.fixing import fixed
from rnnlint.hosts.outcome import Outcome
from rnnlint.report.run import is_offered
from rnnlint.settings import from_mapping

_spec = importlib.util.find_spec("tensorflow")
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

pytestmark = pytest.mark.tensorflow

ROUNDING = 1e-5


def installed() -> str:
    for name in ("tensorflow", "tensorflow-cpu"):
        try:
            return ".".join(importlib.metadata.version(name).split(".")[:2])
        except importlib.metadata.PackageNotFoundError:
            continue
    raise AssertionError("TensorFlow has no version")


def findings(program: bytes) -> list[Finding]:
    settings = from_mapping({"target-tensorflow": installed()}, "test")
    return list(engine.check_bytes(program, "program.py", settings, engine.Project()).findings)


def safely_fixed(program: str) -> str:
    result = fixed(
        program.encode(),
        "program.py",
        lambda data, _: Outcome(findings(data)),
        lambda outcome: [one for one in outcome.findings if is_offered(one, unsafe=False)],
    )
    assert result.problem is None
    return result.data.decode()


@pytest.fixture(scope="module")
def pairs() -> dict[str, tuple[Result, Result]]:
    """Each program before and after its safe fixes."""
    after = {name: safely_fixed(program) for name, program in PROGRAMS.items()}
    asked = [(program, True) for program in PROGRAMS.values()] + [(program, False) for program in after.values()]
    found = results_of(asked)
    return dict(zip(PROGRAMS, zip(found, found[len(PROGRAMS) :])))


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_computes_the_same_after_its_safe_fixes(name: str, pairs: dict[str, tuple[Result, Result]]) -> None:
    before, after = pairs[name]
    assert (before.error, after.error) == ("", "")
    assert after.variables == before.variables
    assert [len(part) for part in after.values] == [len(part) for part in before.values]
    differences = (abs(a - b) for one, other in zip(before.values, after.values) for a, b in zip(one, other))
    assert max(differences) < ROUNDING


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_name_fails_after_the_safe_fixes(name: str) -> None:
    left = [one for one in findings(safely_fixed(PROGRAMS[name]).encode()) if one.severity == "error"]
    assert [(one.row, one.api) for one in left] == []
