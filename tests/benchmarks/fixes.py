"""How much of old code do the safe fixes make run, and how much tf_upgrade_v2?

Copies a folder, fixes the copy and prints, for rnnlint and for TensorFlow's own upgrade script on the same files:
changed files, those that parse, and in how many every RNN name resolves. Names are looked up in the TensorFlow of
``--tensorflow``, one process a file, by running their imports; no other code of the folder is run.

    python tests/benchmarks/fixes.py FOLDER --tensorflow VENV/bin/python
"""

from __future__ import annotations

import argparse
import ast
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rnnlint.facts import symbols

RULES = ("RNN101", "RNN102", "RNN103", "RNN105")
LARGEST = 4_000_000

LOOK_UP = """
import importlib, json, os, sys
import tensorflow

def resolves(imports, chains):
    names = {}
    try:
        for line in imports:
            exec(line, names)
        for chain in chains:
            eval(chain, names)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"[:200]
    return ""

found = {}
for file, (imports, chains) in json.load(sys.stdin).items():
    reading, writing = os.pipe()
    if not os.fork():
        os.write(writing, resolves(imports, chains).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        found[file] = stream.read()
    os.wait()
print(json.dumps(found))
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tensorflow", type=Path, help="a Python with TensorFlow; without it names are not looked up")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as top:
        work = Path(top)
        copied(arguments.folder, work / "rnnlint")
        before = findings(work / "rnnlint")
        files = sorted({row["filename"] for row in before})
        for name in files:
            there = work / "upgrade" / Path(name).relative_to(work / "rnnlint")
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(name, there)
        originals = {name: Path(name).read_bytes() for name in files}
        run_rnnlint(work / "rnnlint", "--fix", "--exit-zero", "--quiet")
        by_rule(before, findings(work / "rnnlint"))
        once = {name: Path(name).read_bytes() for name in files}
        run_rnnlint(work / "rnnlint", "--fix", "--exit-zero", "--quiet")
        again = sum(Path(name).read_bytes() != once[name] for name in files)
        print(f"changed by a second run: {again} files")
        tell("rnnlint --fix", originals, once, arguments.tensorflow)
        if arguments.tensorflow:
            tell("tf_upgrade_v2", originals, upgraded(work, files, arguments.tensorflow), arguments.tensorflow)


def copied(folder: Path, to: Path) -> None:
    """The Python files and notebooks of a folder, without links and what is very large."""
    for path in folder.rglob("*"):
        if path.suffix in (".py", ".ipynb") and path.is_file() and not path.is_symlink():
            if path.stat().st_size <= LARGEST:
                there = to / path.relative_to(folder)
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, there)


def run_rnnlint(folder: Path, *more: str) -> str:
    command = [sys.executable, "-m", "rnnlint", "check", "--isolated", "--no-cache", "--no-respect-gitignore", *more]
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)
    if "Traceback" in done.stderr or done.returncode not in (0, 2):
        raise SystemExit(done.stderr)
    return done.stdout


def findings(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(run_rnnlint(folder, "--exit-zero", "--output-format", "json"))
    return rows


def by_rule(before: Iterable[dict[str, Any]], after: Iterable[dict[str, Any]]) -> None:
    """How many sites failed on the target that exist there under another name, and how many of them still do."""
    counts = [collections.Counter(row["code"] for row in rows if may_run(row)) for rows in (before, after)]
    print("rule     sites  fixed")
    for rule in RULES:
        there, left = counts[0][rule], counts[1][rule]
        print(f"{rule}  {there:6}  {there - left:5}  {(there - left) / max(there, 1):.0%}")


def may_run(row: dict[str, Any]) -> bool:
    symbol = symbols.find(row["api"] or "")
    if row["code"] not in RULES or row["severity"] != "error" or symbol is None:
        return False
    return bool(symbol.still_at) or symbol.path.rpartition(".")[2] in ("CuDNNLSTM", "CuDNNGRU")


def upgraded(work: Path, files: Sequence[str], python: Path) -> dict[str, bytes]:
    """What tf_upgrade_v2 makes of the files."""
    script = python.parent / "tf_upgrade_v2"
    command = [script, "--intree", work / "upgrade", "--outtree", work / "upgraded", "--reportfile", work / "report"]
    subprocess.run(command, capture_output=True, check=False, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"})
    found = {}
    for name in files:
        path = work / "upgraded" / Path(name).relative_to(work / "rnnlint")
        found[name] = path.read_bytes() if path.exists() else Path(name).read_bytes()
    return found


def tell(who: str, before: dict[str, bytes], after: dict[str, bytes], python: Path | None) -> None:
    """What became of the files, and in how many of them every RNN name resolves."""
    parsed = {name: (tree(before[name]), tree(after[name])) for name in after if name.endswith(".py")}
    changed = [name for name in after if before[name] != after[name]]
    broken = sum(one is not None and other is None for one, other in parsed.values())
    print(f"{who}: {len(changed)} of {len(before)} files changed, {broken} no longer parse")
    if python is None:
        return
    asked = {name: named(other) for name, (_, other) in parsed.items() if other is not None}
    asked = {name: one for name, one in asked.items() if any(one)}
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    done = subprocess.run(
        [str(python), "-I", "-c", LOOK_UP],
        input=json.dumps(asked), capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"{who}: every RNN name resolves in {sum(not one for one in found.values())} of {len(found)} files")
    for reason, count in collections.Counter(filter(None, found.values())).most_common(5):
        print(f"{count:6} {reason}")


def tree(data: bytes) -> ast.Module | None:
    try:
        return ast.parse(data)
    except (SyntaxError, ValueError, RecursionError):
        return None


def named(module: ast.Module) -> tuple[list[str], list[str]]:
    """The imports of TensorFlow and Keras that bring RNN names or their roots, and the dotted RNN names in use."""
    words = symbols.last_names()
    imports: list[str] = []
    roots: set[str] = set()
    for node in ast.walk(module):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        for alias in node.names:
            path = alias.name if isinstance(node, ast.Import) else f"{node.module}.{alias.name}"
            if getattr(node, "level", 0) or path.split(".")[0] not in ("tensorflow", "keras") or alias.name == "*":
                continue
            if path.count(".") == 0 or alias.name.split(".")[-1] in words or path.startswith("tensorflow.compat"):
                line = (
                    f"import {alias.name}"
                    if isinstance(node, ast.Import)
                    else f"from {node.module} import {alias.name}"
                )
                imports.append(line + (f" as {alias.asname}" if alias.asname else ""))
                roots.add(alias.asname or alias.name.split(".")[0])
    chains = []
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr in words:
            root: ast.expr = node
            while isinstance(root, ast.Attribute):
                root = root.value
            if isinstance(root, ast.Name) and root.id in roots:
                chains.append(ast.unparse(node))
    return imports, sorted(set(chains))


if __name__ == "__main__":
    main()
