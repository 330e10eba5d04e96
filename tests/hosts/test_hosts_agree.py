"""Do the engine, flake8, pylint and the command line find the same? On every fixture, and on packages of others.

flake8 and pylint cannot read Python 2 sources and notebooks, nor a newer Python than the one they run on: there the
command line alone is compared with the engine.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("flake8", reason="needs flake8, one of the hosts")
pytest.importorskip("pylint", reason="needs pylint, one of the hosts")

import fixture_files
from flake8.main.application import Application
from pylint.lint import PyLinter
from pylint.reporters import CollectingReporter

import rnnlint
from rnnlint import engine, rules
from rnnlint.hosts import flake8 as flake8_host
from rnnlint.hosts import pylint as pylint_host
from rnnlint.hosts.command_line import main as command_line
from rnnlint.read.source import SourceError
from rnnlint.settings import OPTIONS, from_mapping

Options = Mapping[str, Any]
Said = tuple[str, int, int, str, str]
"""The path, the row and the column from 1, the code and the text."""
Ends = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Job:
    """Files of one project that are checked with the same options."""

    files: tuple[str, ...]
    options: Options


# ---- four ways to check; each returns the findings in any order, with their ends if the host has them


def _place(file: str, cell: int | None) -> str:
    return file if cell is None else f"{file} cell {cell}"


def by_engine(job: Job) -> list[tuple[Said, Ends]]:
    project = engine.Project()
    settings = from_mapping({**job.options, "select": ["ALL"]}, "test")
    found = []
    for file in job.files:
        with contextlib.suppress(SourceError):
            for f in engine.check_file(file, settings, project).findings:
                found.append(((_place(file, f.cell), f.row, f.column, f.code, f.message), (f.end_row, f.end_column)))
    return found


def _flag(name: str, value: object) -> str:
    return f"--{name}={value}" if not isinstance(value, bool) else f"--{name}" if value else f"--no-{name}"


def by_command_line(job: Job) -> list[tuple[Said, Ends]]:
    flags = [_flag(name, value) for name, value in job.options.items()]
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        command_line(
            ["check", *job.files, "--isolated", "--no-cache", "--ignore-noqa", "--output-format=json", "--jobs=1",
             "--select=ALL", *flags]
        )  # fmt: skip
    return [
        (
            (_place(row["filename"], row["cell"]), *row["location"].values(), row["code"], row["message"]),
            tuple(row["end_location"].values()),
        )
        for row in json.loads(out.getvalue())
    ]


def by_pylint(job: Job) -> list[tuple[Said, Ends]]:
    linter = PyLinter(reporter=CollectingReporter())
    rnnlint.register(linter)
    linter.disable("all")
    for rule in rules.all_rules():
        linter.enable(rule.name)
    for name, value in job.options.items():
        linter.set_option(f"rnn-{name}", value)
    linter.check(job.files)
    codes = {pylint_host.message_id(rule.code, one): rule.code for rule in rules.all_rules() for one in rule.severities}
    return [
        ((m.abspath, m.line, m.column + 1, codes[m.msg_id], m.msg), (m.end_line, m.end_column + 1))
        for m in linter.reporter.messages
        if m.msg_id in codes
    ]


def by_flake8(job: Job) -> list[tuple[Said, None]]:
    flags = [f"--rnn-{name}={str(value).lower()}" for name, value in job.options.items()]
    shape = "--format=%(path)s\t%(row)d\t%(col)d\t%(code)s\t%(text)s"
    out, settings = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), flake8_host.Plugin.settings
    flake8_host.Plugin.project = None
    try:
        with contextlib.redirect_stdout(out), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Application().run(
                ["--isolated", "--select=RNN", "--ignore=E999", "--disable-noqa", "-j1", shape, *flags, *job.files]
            )
    finally:
        flake8_host.Plugin.settings = settings
    out.seek(0)
    lines = [line.rstrip("\n").split("\t", 4) for line in out]
    return [((path, int(row), int(column), code, text), None) for path, row, column, code, text in lines]


HOSTS: dict[str, Callable[[Job], Sequence[tuple[Said, Ends | None]]]] = {
    "command line": by_command_line,
    "flake8": by_flake8,
    "pylint": by_pylint,
}


def differences(host: str, jobs: Iterable[Job]) -> list[str]:
    """A line for each finding that only the engine or only the host has."""
    told = []
    for job in jobs:
        if host != "command line":
            job = Job(tuple(filter(readable, job.files)), job.options)
        if not job.files:
            continue
        ends = host != "flake8"
        expected = {(said, end if ends else None) for said, end in by_engine(job)}
        found = HOSTS[host](job)
        assert len(set(found)) == len(found), f"{host} says the same twice: {sorted(found)}"
        told += [f"only the engine: {only}" for only in sorted(expected - set(found))]
        told += [f"only {host}: {only}" for only in sorted(set(found) - expected)]
    return told


def readable(file: str) -> bool:
    """Whether the Python that runs here can parse a file, without which flake8 and pylint say nothing of ours."""
    if file.endswith(".ipynb"):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(Path(file).read_bytes(), file, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


# ---- on fixtures


def fixture_jobs() -> list[Job]:
    """The files of each fixture that have the same options. Every rule runs, so what they select does not matter."""
    jobs = []
    offered = {option.name for option in OPTIONS if option.in_hosts}
    for fixture in fixture_files.fixtures():
        by_options: dict[str, list[str]] = {}
        for path in fixture_files.files_of(fixture):
            options = {name: value for name, value in fixture_files.read(path).options.items() if name in offered}
            by_options.setdefault(json.dumps(options), []).append(str(path))
        jobs += [Job(tuple(files), json.loads(options)) for options, files in by_options.items()]
    return jobs


@pytest.mark.parametrize("host", HOSTS)
def test_hosts_agree_on_every_fixture(host: str) -> None:
    jobs = fixture_jobs()
    if host == "flake8":
        # It does not care what is beside what, and a start of it takes long.
        together: dict[str, list[str]] = {}
        for job in jobs:
            together.setdefault(json.dumps(job.options), []).extend(job.files)
        jobs = [Job(tuple(files), json.loads(options)) for options, files in together.items()]
    assert differences(host, jobs) == []


def test_there_are_findings_to_agree_on() -> None:
    jobs = fixture_jobs()
    codes = {said[3] for job in jobs for said, _ in by_engine(Job(tuple(filter(readable, job.files)), job.options))}
    assert codes >= {"RNN101", "RNN102", "RNN103", "RNN104"}


def test_a_difference_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text("import tensorflow as tf\n\ntf.nn.dynamic_rnn(None, None, [1])\n", encoding="utf-8")
    job = Job((str(path),), {})
    (said, end) = by_engine(job)[0]
    other = (*said[:2], said[2] + 1, *said[3:])
    monkeypatch.setitem(HOSTS, "pylint", lambda _: [(other, end)])
    assert [line.split(":")[0] for line in differences("pylint", [job])] == ["only the engine", "only pylint"]


# ---- on packages of others

PACKAGES = {
    "dm-sonnet 1.36": (
        "dm_sonnet-1.36-py3-none-any.whl",
        "afe292a5f2eaed5c3e2be4b30f2a14b67425422457b9a51579d616af6f075dac",
    ),
    "malaya 1.2.5": (
        "malaya-1.2.5-py3-none-any.whl",
        "a04ea38364043703193442abf19a2b548b270919a4022a56c1542f8d4bd29aaf",
    ),
    "OpenNMT-tf 1.25.3": (
        "OpenNMT_tf-1.25.3-py2.py3-none-any.whl",
        "21cbd041b91493663c35a7e3768478f83b99d9a2d1aca90d5396880505358413",
    ),
}
"""Name and version, the wheel and its sha256. Wheels, so that nothing of theirs runs when they are fetched."""


def fetch(requirement: str, folder: Path) -> Path:
    """The wheel of a package, downloaded unless it was already. Fails where that is not possible."""
    archive, digest = PACKAGES[requirement]
    wheel = folder / archive
    if not wheel.exists():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        done = subprocess.run(
            [*pip, "--ignore-requires-python", f"--dest={folder}", requirement.replace(" ", "==")],
            capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip
        assert done.returncode == 0, f"{requirement} cannot be downloaded:\n{done.stderr}"
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() == digest, f"{wheel} is not the archive that was looked at"
    return wheel


@pytest.fixture(scope="module", params=PACKAGES)
def package(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The Python files of a package, unpacked."""
    assert request.config.cache is not None
    folder = tmp_path_factory.mktemp(request.param.split()[0])
    with zipfile.ZipFile(fetch(request.param, request.config.cache.mkdir("corpus"))) as archive:
        archive.extractall(folder)
    return tuple(str(path) for path in sorted(folder.rglob("*.py")))


@pytest.mark.corpus
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_what_is_not_parsed_has_nothing_to_find(package: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job(package, {"max-unroll": 0})
    filtered = by_engine(job)
    monkeypatch.setattr(engine, "may_matter", lambda _: True)
    monkeypatch.setattr(engine.Project, "may_name_library", lambda *_: (True, frozenset()))
    assert by_engine(job) == filtered


@pytest.mark.corpus
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("host", HOSTS)
def test_hosts_agree_on_packages_of_others(package: tuple[str, ...], host: str) -> None:
    # Without a limit every known length is reported, so that more is compared.
    job = Job(package, {"max-unroll": 0})
    assert len(by_engine(job)) >= 5
    assert differences(host, [job]) == []
