"""Does `rnnlint probe` report what happened, and errors in one line? A package of ours replaces TensorFlow."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import rnnlint
from rnnlint.facts import claims, evidence
from rnnlint.hosts.command_line import main
from rnnlint.probe import driver, processes
from rnnlint.probe.driver import Result
from rnnlint.probe.measurement import measurements
from rnnlint.probe.rows import circumstances, rows

ROOT = Path(rnnlint.__file__).resolve().parent.parent
SCHEMA = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))

# As much of TensorFlow as a worker looks at before it measures. What it does when it measures is the test's.
FAKE = """
import logging, os, sys
__version__ = "2.99.0"
print("noise of the import")
os.write(2, b"noise from C\\n")

class Layer:
    pass

Layer.__module__ = "keras.src"

class keras:
    class layers:
        Layer = Layer

def get_logger():
    return logging.getLogger("tensorflow")

def __getattr__(name):
    if name == "compat":
        {broken}
    raise AttributeError(name)
"""

BROKEN = "raise RuntimeError('no\\nrunners')"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the command with the fake as TensorFlow: `broken` is the statement that every measurement meets."""

    def command(*arguments: str, broken: str | None = BROKEN, stdout: Any = subprocess.PIPE, **environment: str) -> Any:
        place = tmp_path / "fake"
        info = place / "keras-3.99.0.dist-info"
        info.mkdir(parents=True, exist_ok=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: keras\nVersion: 3.99.0\n")
        package = place / "tensorflow"
        package.mkdir(exist_ok=True)
        if broken is not None:
            (package / "__init__.py").write_text(FAKE.replace("{broken}", broken))
        path = os.pathsep.join([str(place), str(ROOT)])
        return subprocess.run(
            [sys.executable, "-m", "rnnlint.probe", *arguments],
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": path, **environment}, stdout=stdout,
            stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip

    return command


def only_line(text: str) -> str:
    lines = text.splitlines()
    assert len(lines) == 1, text
    return lines[0]


def test_without_tensorflow_one_line_shows_how_to_install_it(run: Run) -> None:
    done = run(broken=None)
    if "needs TensorFlow" not in done.stderr:
        pytest.skip("TensorFlow is installed beside the tests")
    assert done.returncode == 2
    line = "error: rnnlint probe needs TensorFlow: pip install 'rnnlint[probe]'; --recorded shows the recorded results"
    assert only_line(done.stderr) == line
    assert done.stdout == ""


def test_a_tensorflow_that_cannot_be_imported_is_reported_in_one_line(run: Run, tmp_path: Path) -> None:
    run()
    (tmp_path / "fake" / "tensorflow" / "__init__.py").write_text("raise ImportError('wrong\\nlibc')")
    done = run(broken=None)
    assert done.returncode == 2
    assert only_line(done.stderr) == "error: TensorFlow cannot be used: ImportError: wrong libc"


def test_a_tensorflow_that_dies_while_it_is_imported_is_reported_in_one_line(run: Run, tmp_path: Path) -> None:
    run()
    (tmp_path / "fake" / "tensorflow" / "__init__.py").write_text(
        "import os; os.write(2, b'cannot map\\n'); os._exit(9)"
    )
    done = run(broken=None)
    assert done.returncode == 2
    assert only_line(done.stderr) == "error: importing TensorFlow: the process ended with exit code 9: cannot map"


def test_a_measurement_that_breaks_is_not_measurable_and_the_others_go_on(run: Run) -> None:
    done = run("--claim", "graph-ops-exact", "--claim", "loop-graph-flat", "--output-format", "json")
    assert done.returncode == 2
    found = json.loads(done.stdout)
    jsonschema.validate(found, SCHEMA)
    assert [row["claim"] for row in found] == ["loop-graph-flat", "graph-ops-exact"]
    for row in found:
        assert row["verdict"] == "not-measurable"
        assert row["why"] == "the measurement stopped with RuntimeError: no runners"
        assert row["environment"]["tensorflow"] == "2.99.0"
        assert row["environment"]["keras"] == "3.99.0"
    # A line for each as it is done, and one for each that broke.
    assert len(done.stderr.splitlines()) == 4
    assert "Traceback" not in done.stderr and "noise" not in done.stderr + done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
def test_a_worker_that_is_killed_takes_down_one_claim_only(run: Run) -> None:
    killed = "os.kill(os.getpid(), 9) if 'sizes' in str(sys._getframe(4).f_code.co_filename) else exec('raise OSError')"
    done = run("--claim", "graph-ops-exact", "--claim", "loop-graph-flat", broken=killed)
    assert done.returncode == 2
    told = sorted(line for line in done.stderr.splitlines() if line.startswith("error: "))
    assert told[0].startswith("error: graph-ops-exact could not be measured: ")
    assert told[1].startswith("error: loop-graph-flat could not be measured: ")
    assert "2 claims: 2 not measurable here." in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
def test_an_interrupted_run_ends_its_workers_and_says_so(run: Run, tmp_path: Path) -> None:
    run("--list", broken="open('pid', 'a').write(str(os.getpid()) + ' '); __import__('time').sleep(600)")
    path = os.pathsep.join([str(tmp_path / "fake"), str(ROOT)])
    started = subprocess.Popen(
        [sys.executable, "-m", "rnnlint.probe", "--claim", "graph-ops-exact", "--claim", "loop-graph-flat"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    pids: list[str] = []
    while len(pids) < min(2, os.cpu_count() or 1):
        assert started.poll() is None
        time.sleep(0.05)
        pids = (tmp_path / "pid").read_text().split() if (tmp_path / "pid").exists() else []
    started.send_signal(signal.SIGINT)
    out, errors = started.communicate(timeout=30)
    assert (started.returncode, out, errors) == (130, "", "interrupted\n")
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
def test_an_interrupted_run_shows_and_reports_what_is_measured(run: Run, tmp_path: Path) -> None:
    path = os.pathsep.join([str(tmp_path / "fake"), str(ROOT)])
    claims_of_run = ["--claim", "graph-ops-exact", "--claim", "first-run-grows"]
    # The first measurement breaks at once, the second never ends.
    slow = "__import__('time').sleep(600) if sys._getframe(3).f_code.co_name == 'warm' else exec('raise OSError')"
    run("--list", broken=slow)
    started = subprocess.Popen(
        [sys.executable, "-m", "rnnlint.probe", *claims_of_run, "--report", "page.html"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert started.stderr is not None
    assert started.stderr.readline().startswith("1 of 2: graph-ops-exact not measurable here, about ")
    started.send_signal(signal.SIGINT)
    out, errors = started.communicate(timeout=30)
    assert started.returncode == 130
    assert errors.splitlines()[-2:] == ["1 of 2 claims were measured before the run ended", "interrupted"]
    assert "\n1 claim: 1 not measurable here.\n" in out
    assert 'id="graph-ops-exact"' in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_what_is_recorded_is_shown_without_tensorflow(run: Run, tmp_path: Path) -> None:
    done = run("--recorded", "--output-format", "json", "--report", "page.html", broken="os._exit(1)")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    jsonschema.validate(found, SCHEMA)
    assert [row["claim"] for row in found] == list(claims.by_id())
    assert {row["verdict"] for row in found} == {"confirmed"}
    assert (tmp_path / "page.html").read_text(encoding="utf-8").count("<article") == len(found)


def test_each_result_says_when_and_on_what_it_was_measured(run: Run) -> None:
    done = run("--claim", "graph-ops-exact", "--output-format", "json")
    (row,) = json.loads(done.stdout)
    jsonschema.validate([row], SCHEMA)
    assert row["run"]["rnnlint"] == rnnlint.__version__
    assert row["run"]["full"] is False
    assert set(row["run"]) == {"date", "rnnlint", "full", "cpu", "cores", "load", "device"}


@pytest.mark.parametrize("subcommand", [(), ("inspect",)])
def test_a_broken_tensorflow_is_named_by_each_subcommand(run: Run, tmp_path: Path, subcommand: tuple[str, ...]) -> None:
    run()
    (tmp_path / "fake" / "tensorflow" / "__init__.py").write_text("raise ImportError('wrong libc')")
    done = run(*subcommand, broken=None)
    assert done.returncode == 2
    assert "TensorFlow cannot be used: ImportError: wrong libc" in only_line(done.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_no_verdict(run: Run) -> None:
    with open("/dev/full", "w") as full:
        done = run("--recorded", stdout=full)
    assert done.returncode == 2
    assert only_line(done.stderr) == "error: cannot write the output: No space left on device"


def test_a_worker_that_takes_too_long_is_ended(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("--list", broken="__import__('time').sleep(600)")
    monkeypatch.syspath_prepend(str(tmp_path / "fake"))
    monkeypatch.setattr(driver, "QUICK_TIMEOUT", 1.0)
    (result,) = driver.measure([measurements()["graph-ops-exact"]], False, lambda _: None)
    assert result.failed
    assert result.why == "the process took longer than 1 s and was killed"


def test_what_changes_tensorflow_does_not_reach_the_workers(run: Run) -> None:
    broken = "raise RuntimeError(str(sorted(n for n in os.environ if n.startswith(('TF_', 'KERAS', 'XLA', 'CUDA')))))"
    done = run(
        "--claim", "graph-ops-exact", broken=broken, TF_USE_LEGACY_KERAS="1", XLA_FLAGS="x", TF_XLA_FLAGS="y"
    )  # fmt: skip
    for name in (
        "CUDA_VISIBLE_DEVICES",
        "KERAS_BACKEND",
        "KERAS_HOME",
        "TF_CPP_MIN_LOG_LEVEL",
        "TF_ENABLE_ONEDNN_OPTS",
    ):
        assert name in done.stderr
    assert "LEGACY" not in done.stderr and "XLA" not in done.stderr


def test_a_file_of_the_current_folder_hides_no_module_from_the_workers(run: Run, tmp_path: Path) -> None:
    for name in ("json.py", "random.py", "keras.py"):
        (tmp_path / name).write_text("raise RuntimeError('the wrong one')")
    (tmp_path / "start.py").write_text(
        "import sys; sys.path.remove(sys.path[0]); from rnnlint.hosts.command_line import main; sys.exit(main())"
    )
    run()
    path = os.pathsep.join([str(tmp_path / "fake"), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "start.py", "probe", "--claim", "graph-ops-exact"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "the wrong one" not in done.stderr + done.stdout
    assert "no runners" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--claim", "static-graph-grow"), "error: unknown claim 'static-graph-grow' (did you mean"),
        (("--claim", "qqq"), "error: unknown claim 'qqq'; see rnnlint probe --list"),
        (("--ful",), "error: unknown option '--ful' (did you mean '--full'?)"),
        (("--report", "nowhere/page.html"), "error: nowhere/page.html: cannot be written: no such folder"),
        (("--report", "."), "error: .: cannot be written: is a folder"),
    ],
)  # fmt: skip
def test_bad_input_is_reported_in_one_line(run: Run, arguments: tuple[str, ...], line: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert only_line(done.stderr).startswith(line)
    assert done.stdout == ""


def test_the_list_shows_every_claim_and_its_rules_without_tensorflow(run: Run) -> None:
    done = run("--list", broken="os._exit(1)")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()[::2]] == list(claims.by_id())
    assert "static-graph-grows  RNN201 RNN204" in done.stdout
    listed = json.loads(run("--list", "--output-format", "json", "--claim", "static-graph-grows").stdout)
    assert [one["id"] for one in listed] == ["static-graph-grows"]


def test_what_broke_is_not_recorded(run: Run) -> None:
    before = evidence.FILE.read_bytes()
    done = run("--claim", "graph-ops-exact", "--record")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "error: nothing was recorded, because not every claim was confirmed"
    assert evidence.FILE.read_bytes() == before


def test_a_report_is_written_and_shows_the_claim(run: Run, tmp_path: Path) -> None:
    run("--claim", "graph-ops-exact", "--report", "page.html")
    assert "graph-ops-exact" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_recorded_results_have_the_shape_that_json_promises() -> None:
    for record in evidence.records():
        versions = {"tensorflow": record.tensorflow, "keras": record.keras, "tf_keras": None, "python": record.python}
        result = Result(record.claim, record.verdict, dict(record.measured), record.summary, record.why, versions)
        jsonschema.validate(rows([result], {record.claim: ["RNN201"]}, circumstances("0.1.0", record.full)), SCHEMA)


def test_measurements_are_found_without_tensorflow() -> None:
    assert len(measurements()) > 10
    assert "tensorflow" not in sys.modules or os.environ.get("TF_CPP_MIN_LOG_LEVEL")


def test_what_is_confirmed_is_recorded_beside_what_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = [one for one in evidence.records() if one.verdict == "confirmed"][:2]
    versions = {"tensorflow": "9.9.9", "keras": "9.9.9", "tf_keras": None, "python": old[0].python}
    result = Result(old[0].claim, "confirmed", dict(old[0].measured), old[0].summary, old[0].why, versions)
    file = tmp_path / "evidence.jsonl"
    file.write_text(evidence.as_text(old), encoding="utf-8")
    monkeypatch.setattr(evidence, "FILE", file)
    monkeypatch.setattr(evidence, "records", lambda: tuple(old))
    monkeypatch.setattr(processes, "installed", lambda _: True)
    monkeypatch.setattr(driver, "measure", lambda *_: iter([result]))
    assert main(["probe", "--claim", old[0].claim, "--record"]) == 0
    written = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(written) == 3
    assert "9.9.9" in {one["tensorflow"] for one in written}
    assert f"recorded 1 claims in {file}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "said"), [(["--record", "--device", "gpu"], "--device gpu"), (["--recorded", "--record"], "--record")]
)
def test_what_would_record_nothing_is_refused(
    flags: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(processes, "installed", lambda _: True)
    assert main(["probe", *flags]) == 2
    assert said in capsys.readouterr().err
