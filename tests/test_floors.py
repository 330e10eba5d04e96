"""Does every import point the right way? The floors, and who may know which host or library."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import rnnlint

PACKAGE = Path(rnnlint.__file__).parent

FLOORS = (
    ("facts",),
    # What a finding is and what a user may choose: values that every floor above passes on.
    ("settings", "finding"),
    ("read",),
    ("resolve",),
    ("infer",),
    ("rules",),
    ("engine",),
    ("report",),
    ("hosts",),
)
"""An import may only point to the left, or stay on its floor. `infer` may be absent."""

GUESTS = {
    "flake8": ("hosts/flake8.py",),
    "pylint": ("hosts/pylint.py",),
    "astroid": ("hosts/pylint.py",),
    "pygls": ("hosts/server/",),
    "lsprotocol": ("hosts/server/",),
    "tensorflow": ("probe/",),
    "keras": ("probe/",),
    "tf_keras": ("probe/",),
    "numpy": ("probe/",),
    "matplotlib": ("probe/",),
    "pyarrow": ("hosts/fleet/", "hosts/spark.py", "hosts/command_line/fleet.py"),
    "pyspark": ("hosts/spark.py", "hosts/fleet/"),
    "py4j": ("hosts/fleet/",),
}
"""Who may import what is not ours; a folder ends in a slash."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement of ours: where it stands and the module that it names."""

    file: str
    row: int
    module: str


def imports(file: str, text: str) -> Iterator[Import]:
    """Every import in a source of the package, also those that wait inside a function."""
    package = ["rnnlint", *Path(file).parent.parts]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (Import(file, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) + "." if node.level else ""
            module = (base + (node.module or "")).rstrip(".")
            yield Import(file, node.lineno, module)
            if module == "rnnlint":
                yield from (Import(file, node.lineno, f"rnnlint.{alias.name}") for alias in node.names)


def offence(found: Import) -> str | None:
    """What is wrong with an import, or None."""
    where = f"{found.file}:{found.row}"
    top, *rest = found.module.split(".")
    if top in GUESTS:
        allowed = found.file.startswith(GUESTS[top])
        return None if allowed else f"{where}: {top} may be imported in {' and '.join(GUESTS[top])} only"
    if top != "rnnlint" or not rest:
        return None
    own, other = floor_of(found.file.split("/")[0].removesuffix(".py")), floor_of(rest[0])
    if found.file == "probe/__main__.py" and found.module == "rnnlint.hosts.command_line":
        return None
    if rest[0] == "probe":
        lazy = found.file.startswith(("hosts/command_line/", "probe/")) or found.file == "weights.py"
        return None if lazy else f"{where}: only the command line and weights.py may import the probe"
    if own is None or other is None or other <= own:
        return None
    return f"{where}: {FLOORS[own][0]} imports {found.module}, which is a floor above it"


def floor_of(name: str) -> int | None:
    return next((number for number, names in enumerate(FLOORS) if name in names), None)


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_imports_point_to_the_left_only() -> None:
    found = [
        complaint
        for path in sources()
        for item in imports(path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8"))
        if (complaint := offence(item))
    ]
    assert found == []


def test_every_module_lies_on_a_floor() -> None:
    names = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in sources()}
    assert names - {name for names in FLOORS for name in names} <= {"__init__", "__main__", "probe", "weights"}


def test_facts_are_data_and_know_nothing_of_us() -> None:
    for path in (PACKAGE / "facts").rglob("*.py"):
        own = [i for i in imports(f"facts/{path.name}", path.read_text("utf-8")) if i.module.startswith("rnnlint.")]
        assert all(i.module.startswith("rnnlint.facts") for i in own), own


def test_the_probe_rests_on_facts_alone() -> None:
    for path in (PACKAGE / "probe").rglob("*.py"):
        file = path.relative_to(PACKAGE).as_posix()
        if file == "probe/__main__.py":
            # `python -m rnnlint.probe` is the command: it calls the door and holds nothing else.
            continue
        own = [i for i in imports(file, path.read_text("utf-8")) if i.module.startswith("rnnlint.")]
        assert all(i.module.startswith(("rnnlint.facts", "rnnlint.probe")) for i in own), own


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("rules/x.py", "from rnnlint.engine import Checked", "rules/x.py:1: rules imports rnnlint.engine"),
        ("rules/x.py", "from rnnlint import engine", "rules/x.py:1: rules imports rnnlint.engine"),
        ("rules/x.py", "\n\ndef f():\n    from .. import hosts", "rules/x.py:4: rules imports rnnlint.hosts"),
        ("facts/x.py", "import rnnlint.settings", "facts/x.py:1: facts imports rnnlint.settings"),
        ("engine.py", "import rnnlint.report.text", "engine.py:1: engine imports rnnlint.report.text"),
        ("rules/x.py", "import flake8.api", "rules/x.py:1: flake8 may be imported in hosts/flake8.py only"),
        ("hosts/flake8.py", "import astroid", "hosts/flake8.py:1: astroid may be imported in hosts/pylint.py only"),
        ("hosts/x.py", "import tensorflow as tf", "hosts/x.py:1: tensorflow may be imported in probe/ only"),
        (
            "report/x.py",
            "from rnnlint import probe",
            "report/x.py:1: only the command line and weights.py may import the probe",
        ),
        ("hosts/flake8.py", "import flake8", None),
        ("probe/x.py", "import tensorflow", None),
        ("probe/__main__.py", "from rnnlint.hosts.command_line import main", None),
        ("report/x.py", "import matplotlib", "report/x.py:1: matplotlib may be imported in probe/ only"),
        ("hosts/command_line/x.py", "from rnnlint.probe import run", None),
        ("hosts/x.py", "from rnnlint import __version__, engine", None),
        ("report/x.py", "from .text import full", None),
    ],
)
def test_an_offender_is_named(file: str, text: str, complaint: str | None) -> None:
    complaints = [found for item in imports(file, text) if (found := offence(item))]
    assert [c.startswith(complaint or "-") for c in complaints] == ([True] if complaint else [])
