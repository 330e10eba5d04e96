"""Does a stream, a number or a folder that cannot be used end in one line and exit code 2, in every command?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CODE = "import tensorflow as tf\ntf.nn.dynamic_rnn(c, x)\n"
COMMAND = f"{sys.executable} -m rnnlint"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="asks a POSIX shell")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "m.py").write_text(CODE, encoding="utf-8")
    return tmp_path


def shell(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    return subprocess.run(
        ["sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


NUMBERS = ["²", "٣", "1" * 5000, "-1", "1e3", "0x10", "", " ", "1_0", "+5"]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda text: text[:10] or "nothing")
@pytest.mark.parametrize("option", ["check --max-unroll", "config --max-graph-ops", "check --jobs"])
def test_a_number_that_is_none_is_reported_in_one_line(folder: Path, option: str, number: str) -> None:
    done = shell(folder, f"{COMMAND} {option} '{number}'")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert len(done.stderr) < 400


@pytest.mark.parametrize("target", ["2." + "9" * 5000, "3.0", "2.²", "2", "two", "2.15.1.1.1"], ids=lambda t: t[:12])
def test_a_target_that_is_none_is_reported_in_one_line(folder: Path, target: str) -> None:
    done = shell(folder, f"{COMMAND} check --target-tensorflow '{target}' m.py")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert len(done.stderr) < 600


COMMANDS = ["check -n m.py", "check -n --output-format sarif m.py", "rule --all", "--version", "--help", "config"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="asks a device that is always full")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_reported_and_ends_with_2(folder: Path, command: str) -> None:
    done = shell(folder, f"{COMMAND} {command} > /dev/full")
    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_a_closed_output_is_reported_and_ends_with_2(folder: Path, command: str) -> None:
    done = shell(folder, f"{COMMAND} {command} >&-")
    assert (done.returncode, done.stderr.strip()) == (2, "error: standard output is closed")


def test_a_closed_input_is_reported_and_ends_with_2(folder: Path) -> None:
    done = shell(folder, f"{COMMAND} check -n - <&-")
    assert (done.returncode, done.stderr.strip()) == (2, "error: standard input is closed")


@pytest.mark.parametrize("options", ["", "--diff", "--fix"])
def test_an_input_without_an_end_is_reported_and_ends_with_2(folder: Path, options: str) -> None:
    done = shell(folder, f"{COMMAND} check -n {options} - < /dev/zero")
    assert (done.returncode, done.stderr) == (2, "error: standard input is larger than 128 MiB\n")


def test_without_a_place_for_errors_the_exit_code_says_it(folder: Path) -> None:
    assert shell(folder, f"{COMMAND} check -n nope.py 2>&-").returncode == 2
    assert shell(folder, f"{COMMAND} check -n nope.py >&- 2>&- <&-").returncode == 2


def test_a_folder_that_is_gone_is_reported(folder: Path) -> None:
    done = shell(folder, f"mkdir gone; cd gone; rmdir ../gone; {COMMAND} check -n ../m.py")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "the current folder does not exist" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda number: number.name)
def test_a_run_that_is_passed_to_end_leaves_no_process(folder: Path, number: signal.Signals) -> None:
    many = "\n".join(f"tf.nn.static_rnn(c, tf.unstack(x, num={n}))" for n in range(400))
    for index in range(60):
        (folder / f"m{index}.py").write_text(CODE + many, encoding="utf-8")
    command = [sys.executable, "-m", "rnnlint", "check", "-n", "-q", "--jobs", "2", "--isolated", str(folder)]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        for _ in range(200):
            if len(group(process.pid)) > 1:
                break
            time.sleep(0.05)
        else:
            pytest.skip("it was done before it had help")
        os.kill(process.pid, number)
        process.communicate(timeout=20)
        assert process.returncode != 0
        for _ in range(100):
            if not group(process.pid):
                break
            time.sleep(0.05)
        left = group(process.pid)
        for one in left:
            os.kill(one, signal.SIGKILL)
        assert left == []


def group(leader: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(entry.name))
    return found
