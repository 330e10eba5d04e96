"""Does `rnnlint completion` give scripts that shells take, and that offer what there is?"""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from rnnlint.hosts.command_line import BELOW, COMMANDS, completion, main

SHELLS = [
    pytest.param(shell, marks=pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed"))
    for shell in ("bash", "zsh", "fish")
]


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


def offered(text: str, *words: str) -> list[str]:
    """What bash offers behind these words, the last of which may be begun only."""
    program = f"""
        {text}
        COMP_WORDS=({shlex.join(words)})
        COMP_CWORD={len(words) - 1}
        _rnnlint
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_reads_its_script(shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "script"
    file.write_text(script(shell, capsys), encoding="utf-8")
    done = subprocess.run([shell, "-n", str(file)], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "some"),
    [
        (["rnnlint", ""], set(COMMANDS)),
        (["rnnlint", "co"], {"config", "completion"}),
        (["rnnlint", "check", "--fi"], {"--fix"}),
        (["rnnlint", "check", "--output-format", "sa"], {"sarif"}),
        (["rnnlint", "check", "src", "--select", "RNN20"], {"RNN201", "RNN206"}),
        (["rnnlint", "rule", "large-s"], {"large-static-unroll"}),
        (["rnnlint", "probe", ""], {"run", "inspect"}),
        (["rnnlint", "probe", "inspect", "--cell", ""], {"lstm", "gru"}),
        (["rnnlint", "completion", ""], {"bash", "zsh", "fish"}),
        (["rnnlint", "-"], {"--help", "--version"}),
    ],
)
def test_bash_offers_what_there_is(words: list[str], some: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    found = offered(script("bash", capsys), *words)
    assert some <= set(found)
    assert all(word.startswith(words[-1]) for word in found)


@pytest.mark.parametrize("words", [["check", ""], ["check", "-o", ""], ["weights", "mod"], ["probe", "run", "tra"]])
def test_bash_leaves_files_to_the_shell(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert offered(script("bash", capsys), "rnnlint", *words) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_command_and_flag_is_in_each_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = script(shell, capsys)
    found = completion.flags()
    assert set(found) == set(COMMANDS) | {name for below in BELOW.values() for name in below}
    for own in found.values():
        for flag in own:
            for word in flag.spellings:
                assert (word if shell != "fish" else word.lstrip("-")) in text


def test_an_unknown_shell_is_an_error_of_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "tcsh"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
