"""What do other tools find in the same snippets? Installs them in environments under a temporary folder, and counts.

    python tests/benchmarks/other_tools.py [--tensorflow PYTHON]

Prints a Markdown table: of the lines that are wrong, how many each tool reports, by group, and how many lines it
reports that are fine. With --tensorflow, that Python's TensorFlow is used; without it one is installed too. ruff and
semgrep get rules for every public name that rnnlint knows to be removed; semgrep gets rules for unrolls as well.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from snippets import GROUPS  # noqa: E402 - beside this file

from rnnlint.facts import symbols  # noqa: E402 - found by the line above

Lines = set[tuple[str, int]]
"""Names of files, and numbers of lines in them."""

TARGET = "2.21"
ENVIRONMENTS = {
    "ruff": ("ruff",),
    "pylint": ("pylint",),
    "TorchFix": ("torchfix",),
    "semgrep": ("semgrep",),
}
PYLINT = "no-member,no-name-in-module,deprecated-method,deprecated-class,deprecated-module"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tensorflow", type=Path, metavar="PYTHON", help="a Python that has TensorFlow 2.21")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as top:
        work = Path(top)
        folder = work / "snippets"
        bad, lines = written(folder)
        tensorflow = arguments.tensorflow or installed(work / "tensorflow", ("tensorflow-cpu==2.21.*",))
        pythons = {name: installed(work / name, packages) for name, packages in ENVIRONMENTS.items()}
        tools: Mapping[str, Callable[[], Lines]] = {
            "rnnlint": lambda: rnnlint(folder),
            f"tf_upgrade_v2 {version(tensorflow, 'tensorflow')}": lambda: upgrade(tensorflow, folder, work),
            f"ruff {version(pythons['ruff'], 'ruff')}, banned-api": lambda: ruff(pythons["ruff"], folder),
            f"pylint {version(pythons['pylint'], 'pylint')}": lambda: pylint(pythons["pylint"], folder, tensorflow),
            f"semgrep {version(pythons['semgrep'], 'semgrep')}, custom rules": lambda: semgrep(
                pythons["semgrep"], folder, work
            ),
            f"TorchFix {version(pythons['TorchFix'], 'torchfix')}": lambda: torchfix(pythons["TorchFix"], folder),
        }
        print(table(tools, bad, lines))


def written(folder: Path) -> tuple[dict[str, Lines], Lines]:
    """Write the snippets; the bad lines of each group, and all lines with code."""
    bad: dict[str, Lines] = {}
    lines: Lines = set()
    folder.mkdir()
    for group, programs in GROUPS.items():
        bad[group] = set()
        for name, program in programs.items():
            file = f"{group}_{name}.py"
            text = textwrap.dedent(program).strip() + "\n"
            for number, line in enumerate(text.splitlines(), 1):
                lines.add((file, number))
                if line.endswith("# bad"):
                    bad[group].add((file, number))
            # Tools see the code without the answers.
            (folder / file).write_text(text.replace("  # bad", ""), encoding="utf-8")
    return bad, lines


def table(tools: Mapping[str, Callable[[], Lines]], bad: Mapping[str, Lines], lines: Lines) -> str:
    groups = [group for group in bad if bad[group]]
    fine = lines - {line for group in groups for line in bad[group]}
    rows = [
        f"| Tool | {' | '.join(f'{group} ({len(bad[group])})' for group in groups)} | fine ({len(fine)}) |",
        "|---" * (len(groups) + 2) + "|",
    ]
    for name, run in tools.items():
        found = run()
        counts = [str(len(found & bad[group])) for group in groups]
        rows.append(f"| {name} | {' | '.join(counts)} | {len(found & fine)} |")
    return "\n".join(rows)


def installed(folder: Path, packages: Sequence[str]) -> Path:
    """The Python of a new environment with these packages."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages], check=True)
    return python


def version(python: Path, package: str) -> str:
    program = (
        "import importlib.metadata as m, sys\n"
        "names = {d.metadata['Name'].lower().replace('_', '-'): d.version for d in m.distributions()}\n"
        f"print(names.get({package!r}) or names[{package!r} + '-cpu'])"
    )
    return subprocess.run([python, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def run(command: Sequence[object], folder: Path, **environment: str) -> str:
    """What a command prints on both streams; tools end with many codes where they find something."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if "Traceback" in done.stderr:
        raise SystemExit(f"{command[0]} failed:\n{done.stderr}")
    return done.stdout + done.stderr


def places(text: str) -> Lines:
    """The places in a text that names them as file:line."""
    return {(file, int(row)) for file, row in re.findall(r"^\s*(?:\./)?([\w]+\.py):(\d+)", text, flags=re.MULTILINE)}


def rnnlint(folder: Path) -> Lines:
    command = [sys.executable, "-P", "-m", "rnnlint", "check", "--isolated", "--no-cache", "--profile", "maintain"]
    options = ["--target-tensorflow", TARGET, "--output-format", "concise", "--no-respect-gitignore"]
    return places(run([*command, *options], folder, PYTHONPATH=str(ROOT)))


def upgrade(python: Path, folder: Path, work: Path) -> Lines:
    """The lines that tf_upgrade_v2 changes so that they run, or warns of."""
    out = work / "upgraded"
    script = python.parent / "tf_upgrade_v2"
    text = run(
        [script, "--intree", ".", "--outtree", out, "--reportfile", work / "report.txt"],
        folder,
        TF_CPP_MIN_LOG_LEVEL="3",
    )
    found = {(file, int(row)) for file, row in re.findall(r"(\w+\.py):(\d+):\d+: (?:WARNING|ERROR)", text)}
    for path in folder.glob("*.py"):
        before, after = path.read_text().splitlines(), (out / path.name).read_text().splitlines()
        found |= {(path.name, row) for row, (old, new) in enumerate(zip(before, after), 1) if old != new}
    return found


def names() -> list[str]:
    """Every public name of TensorFlow that the target no longer has, or that raises there as an attribute."""
    found = []
    for path, symbol in symbols.table().items():
        state = symbols.state_on(symbol, TARGET)
        if path.startswith("tf.") and ".python." not in path and state in ("removed", "works with tf-keras"):
            found.append("tensorflow" + path[2:])
    return found


def ruff(python: Path, folder: Path) -> Lines:
    banned = "".join(f'"{name}".msg = "removed"\n' for name in names())
    (folder / "ruff.toml").write_text(
        'lint.select = ["TID251"]\n[lint.flake8-tidy-imports.banned-api]\n' + banned, encoding="utf-8"
    )
    text = run([python.parent / "ruff", "check", "--no-cache", "--output-format", "concise", "."], folder)
    (folder / "ruff.toml").unlink()
    return places(text)


def pylint(python: Path, folder: Path, tensorflow: Path) -> Lines:
    """With TensorFlow on its path, since it infers names by reading what is installed."""
    program = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run([tensorflow, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    command = [python, "-m", "pylint", "--disable=all", f"--enable={PYLINT}", "--score=n"]
    hook = f"--init-hook=import sys; sys.path.append({packages!r})"
    files = sorted(path.name for path in folder.glob("*.py"))
    text = run([*command, hook, "--msg-template={path}:{line}: {symbol}", *files], folder)
    return places(text)


UNROLL_RULES = """
  - id: long-keras-unroll
    languages: [python]
    severity: WARNING
    message: unroll
    pattern: $LAYER(..., unroll=True, ...)
  - id: long-static-unroll
    languages: [python]
    severity: WARNING
    message: unroll
    patterns:
      - pattern: tensorflow.compat.v1.nn.static_rnn($CELL, $X, ...)
      - pattern-inside: |
          $X = tensorflow.unstack(..., num=$N, ...)
          ...
      - metavariable-comparison: {comparison: $N > 50}
  - id: long-loop
    languages: [python]
    severity: WARNING
    message: unroll
    patterns:
      - pattern: |
          for $T in range($N):
              ...
              $OUT, $STATE = $CELL(...)
              ...
      - metavariable-comparison: {comparison: $N > 50}
"""


def semgrep(python: Path, folder: Path, work: Path) -> Lines:
    patterns = "".join(f"      - pattern: {name}\n" for name in names())
    rules = "rules:\n  - id: removed\n    languages: [python]\n    severity: ERROR\n    message: removed\n"
    file = work / "rules.yml"
    file.write_text(f"{rules}    pattern-either:\n{patterns}{UNROLL_RULES}", encoding="utf-8")
    options = ["--metrics=off", "--disable-version-check", "--no-git-ignore", "--json", "--quiet"]
    command = [python.parent / "semgrep", "scan", "--config", file, *options, "."]
    text = run(command, folder, SEMGREP_SEND_METRICS="off", PATH=f"{python.parent}{os.pathsep}{os.environ['PATH']}")
    rows = json.loads(text[text.index("{") :])["results"]
    return {(Path(row["path"]).name, row["start"]["line"]) for row in rows}


def torchfix(python: Path, folder: Path) -> Lines:
    """All of its rules; they are about PyTorch."""
    return places(run([python.parent / "torchfix", "--select", "ALL", "."], folder))


if __name__ == "__main__":
    main()
