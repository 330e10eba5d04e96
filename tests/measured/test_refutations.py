"""Would the probe see it if a claim were false? Each measurement meets a TensorFlow that is a bit wrong."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator

import pytest
from sabotage import CASES, Patch, forget

from rnnlint.probe.measurement import Here, Measure
from rnnlint.probe.worker import open_here

pytestmark = [pytest.mark.tensorflow, pytest.mark.filterwarnings("ignore")]

_spec = importlib.util.find_spec("tensorflow")
# A folder of this name that happens to be on the path counts as a package without an origin.
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)


@pytest.fixture(scope="module")
def here() -> Here:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    return open_here(full=False)


@pytest.fixture
def patched(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    forget()


@pytest.mark.parametrize(
    ("measure", "wrong"), CASES, ids=[f"{measure.__name__}-{wrong.__name__}" for measure, wrong in CASES]
)
def test_a_claim_that_is_false_is_refuted(
    measure: Measure, wrong: Patch, here: Here, patched: pytest.MonkeyPatch
) -> None:
    wrong(patched, here)
    found = measure(here)
    if found.verdict == "not-measurable" and "pip install" in found.why:
        pytest.skip(found.why)
    if found.verdict == "undecided":
        # Times on a busy machine; what they decide is tested with made-up ones in test_run_time.py.
        pytest.skip(found.why)
    assert found.verdict == "refuted", (found.verdict, found.why, found.summary)
    assert found.why
