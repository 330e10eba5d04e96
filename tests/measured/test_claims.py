"""Does the probe confirm every claim on the installed TensorFlow, with the numbers that are on record?"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Any

import pytest

from rnnlint.facts import claims, evidence
from rnnlint.facts.evidence import Record
from rnnlint.probe import driver
from rnnlint.probe.driver import Result
from rnnlint.probe.measurement import measurements

pytestmark = pytest.mark.tensorflow

_spec = importlib.util.find_spec("tensorflow")
# A folder of this name that happens to be on the path counts as a package without an origin.
if _spec is None or _spec.origin is None:
    pytest.skip("needs TensorFlow", allow_module_level=True)

LOOSE = 10
"""How many times as large or small a ratio of times may be, on another machine, under another load, in quick form."""


@pytest.fixture(scope="module")
def results() -> Mapping[str, Result]:
    """What the quick measurements find here, by the id of the claim."""
    chosen = [measurements()[claim] for claim in claims.by_id()]
    return {result.claim: result for result in driver.measure(chosen, False, lambda _: None)}


@pytest.mark.parametrize("claim", claims.by_id())
def test_a_claim_is_confirmed_with_the_numbers_on_record(claim: str, results: Mapping[str, Result]) -> None:
    result = results[claim]
    assert not result.failed, result.why
    if result.verdict == "not-measurable":
        # Then it says what would make it measurable, and was confirmed elsewhere.
        assert "pip install" in result.why, result.why
        return
    if result.verdict == "undecided":
        # A timed claim on a machine that is too busy to decide; the decision itself is tested with made-up times.
        pytest.skip(result.why)
    assert result.verdict == "confirmed", f"{result.why}; measured {result.measured}"
    assert result.summary
    record = on_record(result)
    if record is not None:
        assert differences(result.measured, record.measured) == []


def on_record(result: Result) -> Record | None:
    """What was confirmed before on the same releases of TensorFlow and Keras."""
    here = [result.environment[name] for name in ("tensorflow", "keras")]
    found = [one for one in evidence.of_claim(result.claim) if [one.tensorflow, one.keras] == here]
    return next((one for one in found if one.verdict == "confirmed"), None)


def differences(measured: Mapping[str, Any], recorded: Mapping[str, Any]) -> list[str]:
    """Where the operations are others than those on record, or the ratios of times far from them."""
    found = [f"{law} is not on record" for law in measured.get("laws", ()) if law not in recorded["laws"]]
    ratios, before = measured.get("ratios", {}), recorded.get("ratios", {})
    if isinstance(ratios, Mapping):
        for name in ratios.keys() & before.keys():
            if not 1 / LOOSE < ratios[name] / before[name] < LOOSE:
                found.append(f"{name} is {ratios[name]}, on record is {before[name]}")
    return found


def test_another_law_and_a_far_ratio_are_differences() -> None:
    law = {"cell": "LSTMCell", "a": 43, "b": 17}
    recorded = {"laws": [law], "ratios": {"static_rnn": 4.0}}
    assert differences({"laws": [law], "ratios": {"static_rnn": 6.0}}, recorded) == []
    assert len(differences({"laws": [law | {"b": 18}], "ratios": {"static_rnn": 40.0}}, recorded)) == 2
