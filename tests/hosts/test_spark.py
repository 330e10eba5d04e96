"""Does Apache Spark find what `rnnlint check` finds, on this machine and on a cluster, and after a kill?"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from repository_files import FILES, found_on_disk, without_repo, write
from repository_tables import BAD, REPOS, TABLE, Line, sort, store

from rnnlint.hosts.command_line import main

pyspark = pytest.importorskip("pyspark", reason="needs pyspark: pip install 'rnnlint[spark]'")
pq = pytest.importorskip("pyarrow.parquet")
if shutil.which("java") is None:
    pytest.skip("needs Java", allow_module_level=True)

from rnnlint.hosts import spark  # noqa: E402
from rnnlint.hosts.fleet import repository  # noqa: E402

SMALL = {"spark.sql.shuffle.partitions": "6", "spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1"}
SPARK_CLASS = Path(pyspark.__file__).parent / "bin" / "spark-class"
SECONDS = 180


@pytest.fixture(scope="module", autouse=True)
def environment() -> Iterator[None]:
    """Sessions of these tests stay on this machine, and are small."""
    options = " ".join(f"--conf {name}={value}" for name, value in SMALL.items())
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYSPARK_SUBMIT_ARGS", f"{options} --driver-memory 1g pyspark-shell")
        patched.setenv("PYSPARK_PYTHON", sys.executable)
        patched.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        yield


@pytest.fixture
def session() -> Iterator[Any]:
    """Spark in this process, which tries a task again after its worker was killed."""
    from pyspark.sql import SparkSession

    made = SparkSession.builder.master("local[2,4]").getOrCreate()
    made.sparkContext.setLogLevel("OFF")
    yield made
    made.stop()


@pytest.fixture
def wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What check finds in one repository."""
    return found_on_disk(write(tmp_path / "checkout"), capsys)


def rows(frame: Any) -> list[dict[str, Any]]:
    return [row.asDict(recursive=True) for row in frame.collect()]


def test_a_frame_of_files_gives_findings_and_errors(
    session: Any, tmp_path: Path, wanted: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    large: list[Line] = [("large", path, text.encode()) for path, text in FILES.items()]
    large.append(("large", "more.txt", b"-" * 4000))
    monkeypatch.setattr(repository, "MOST_OF_A_REPOSITORY", 4000)
    lines = [line for line in (*TABLE, *BAD, *large) if line[1] != "large.py"]
    files = session.read.parquet(str(store(tmp_path / "in.parquet", lines)))
    both = spark.checked(files).persist()
    found, errors = rows(spark.findings_in(both)), rows(spark.errors_in(both))
    for repo in REPOS:
        assert without_repo([one for one in found if one["repo"] == repo]) == wanted
    assert {one["path"] for one in found if one["repo"] is None} == {"alone.py"}
    assert {one["path"] for one in found if one["repo"] == "large"} == {"net/cells.py", "run"}
    bad = {(repo, path) for repo, path, _ in BAD if path not in ("alone.py", "large.py")}
    assert {(one["repo"], one["path"]) for one in errors} == {*bad, ("large", None)}
    assert [one["repo"] for one in errors if one["kind"] == "note"] == ["large"]


def test_without_repositories_each_file_is_alone(session: Any) -> None:
    files = session.createDataFrame([(text, name) for name, text in FILES.items()], "code string, file string")
    found = rows(spark.findings(files, repo=None, path="file", content="code"))
    assert {one["path"] for one in found} == {"net/cells.py", "run"}
    assert rows(spark.errors(files, repo=None, path="file", content="code")) == []


# ---- the command

MANY: list[Line] = [
    (f"owner/{at}", path, text.encode() + b"\n" * at) for at in range(60) for path, text in FILES.items()
]


def by_spark(master: str, source: Path, out: Path) -> list[str]:
    assert main(["fleet", str(source), "--out", str(out), "--isolated", "-q", "--spark", master]) == 0
    return sort(pq.read_table(out).to_pylist())


def locally(source: Path, out: Path) -> list[str]:
    assert main(["fleet", str(source), "--out", str(out), "--isolated", "-q", "-j", "1"]) == 0
    return sort(pq.read_table(out).to_pylist())


def test_the_command_writes_what_it_writes_without_spark(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = store(tmp_path / "in.parquet", [*TABLE, *BAD])
    assert by_spark("local[2]", source, tmp_path / "spark") == locally(source, tmp_path / "local.parquet")
    errors = [pq.read_table(tmp_path / name).to_pylist() for name in ("spark.errors.parquet", "local.errors.parquet")]
    assert sort(errors[0]) == sort(errors[1])
    # What is there is never written over.
    assert main(["fleet", str(source), "--out", str(tmp_path / "spark"), "--isolated", "--spark", "local[2]"]) == 2
    assert "already exists" in capsys.readouterr().err.splitlines()[-1]


def test_after_a_worker_is_killed_nothing_is_missing_or_doubled(tmp_path: Path) -> None:
    source = store(tmp_path / "in.parquet", MANY, 100)
    with killing(lambda: descendants(os.getpid(), "pyspark.daemon", leaves=True)) as killed:
        found = by_spark("local[2,4]", source, tmp_path / "spark")
    assert killed
    assert found == locally(source, tmp_path / "local.parquet")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[int]]]:
    """A master with two workers on this machine: its address, and the numbers of the workers' processes."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> Path:
        log = tmp_path / f"log{len(started)}"
        with log.open("wb") as stream:
            command = [str(SPARK_CLASS), *arguments]
            environment = {**os.environ, "SPARK_WORKER_DIR": str(tmp_path / "work")}
            started.append(subprocess.Popen(command, stdout=stream, stderr=stream, env=environment))
        return log

    try:
        name = "org.apache.spark.deploy"
        log = start(f"{name}.master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        address = _said(log, r"(spark://127\.0\.0\.1:\d+)")
        for _ in range(2):
            where = ["--host", "127.0.0.1", "--webui-port", "0", "--cores", "1", "--memory", "1g"]
            _said(start(f"{name}.worker.Worker", *where, address), "Successfully registered")
        yield address, [process.pid for process in started[1:]]
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(30)


def _said(log: Path, pattern: str) -> str:
    for _ in range(SECONDS * 5):
        found = re.search(pattern, log.read_text(errors="replace"))
        if found is not None:
            return found[found.re.groups]
        time.sleep(0.2)
    raise AssertionError(log.read_text(errors="replace")[-2000:])


def test_a_cluster_whose_executor_is_killed_loses_and_doubles_nothing(
    cluster: tuple[str, list[int]], tmp_path: Path
) -> None:
    source = store(tmp_path / "in.parquet", MANY, 100)
    address, workers = cluster
    wanted = locally(source, tmp_path / "local.parquet")
    assert by_spark(address, source, tmp_path / "whole") == wanted

    def executors() -> list[int]:
        # One that checks files has processes of Python below it.
        found = (one for worker in workers for one in descendants(worker, "CoarseGrainedExecutorBackend"))
        return [one for one in found if descendants(one, "pyspark.daemon", leaves=True)]

    with killing(executors) as killed:
        found = by_spark(address, source, tmp_path / "spark")
    assert killed
    assert found == wanted


class killing:
    """Kills the first process that ``find`` gives while the block runs; the value lists what was killed."""

    def __init__(self, find: Callable[[], list[int]]) -> None:
        self._find, self._killed, self._over = find, [], threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            for process in self._find():
                os.kill(process, signal.SIGKILL)
                self._killed.append(process)
                return

    def __enter__(self) -> list[int]:
        self._thread.start()
        return self._killed

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def descendants(of: int, word: str, leaves: bool = False) -> list[int]:
    """The processes below one of ours whose command has a word; ``leaves`` only those without processes below."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        children.setdefault(parent, []).append(int(folder.name))
    found, todo = [], list(children.get(of, ()))
    while todo:
        process = todo.pop()
        below = children.get(process, [])
        todo += below
        try:
            command = Path(f"/proc/{process}/cmdline").read_text(errors="replace")
        except OSError:
            continue
        # The daemon forks its workers, and has their command.
        is_worker = not below and any(process in some for parent, some in children.items() if _is_daemon(parent))
        if word in command and (is_worker or not leaves):
            found.append(process)
    return found


def _is_daemon(process: int) -> bool:
    try:
        return "pyspark.daemon" in Path(f"/proc/{process}/cmdline").read_text(errors="replace")
    except OSError:
        return False
