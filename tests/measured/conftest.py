"""How does what the tests of the claims measure become evidence? By the option ``--record-evidence``."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from collections.abc import Callable
from typing import Any

import pytest

from rnnlint.facts import claims, evidence
from rnnlint.report.atomic import write_atomically

OPTION = "record_evidence"
MEASURED = pytest.StashKey[dict[str, str]]()
NOTE = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--record-evidence",
        action="store_true",
        help="write what the tests of the claims measure to rnnlint/facts/evidence.tsv, if they all pass",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MEASURED] = {}


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes what a test measured for the claim that it proves, once all its assertions hold."""
    (claim,) = [one for one in claims.CLAIMS if one.proved_by.endswith(f"::{request.node.name}")]

    def tell(text: str) -> None:
        print(f"{claim.id}: {text}")
        request.config.stash.setdefault(MEASURED, {})[claim.id] = text

    return tell


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    if not config.getoption(OPTION, default=False):
        return
    measured = config.stash[MEASURED]
    missing = [claim.id for claim in claims.CLAIMS if claim.id not in measured]
    if exitstatus != pytest.ExitCode.OK or missing:
        config.stash[NOTE] = f"no evidence was recorded: tests failed, or nothing was measured for {missing}"
        session.exitstatus = exitstatus or pytest.ExitCode.TESTS_FAILED
        return
    here = (*versions(), platform.python_version(), f"{sys.platform}-{platform.machine()}".lower())
    new = [evidence.Record(claim.id, measured[claim.id], *here) for claim in claims.CLAIMS]
    old = evidence.records() if evidence.FILE.exists() else ()
    # A claim that is gone takes its evidence along.
    rows = [row for row in evidence.merged(old, new) if row.claim in claims.by_id()]
    write_atomically(str(evidence.FILE), evidence.as_text(rows))
    config.stash[NOTE] = f"recorded evidence for {len(new)} claims on TensorFlow {here[0]}, Keras {here[1]}"


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if note := config.stash.get(NOTE, ""):
        terminalreporter.write_line(note)


def versions() -> tuple[str, str]:
    """The releases of TensorFlow and of the Keras that ``tf.keras`` is."""
    tensorflow = sys.modules["tensorflow"]
    package = tensorflow.keras.layers.Layer.__module__.split(".")[0]
    return tensorflow.__version__, importlib.metadata.version(package.replace("_", "-"))
