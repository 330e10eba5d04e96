"""Do the recipes for CI work as they stand in the documentation? Each that can be run is run."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
CODE = "import tensorflow as tf\n\ntf.nn.static_rnn(cell, xs)\n"


def block(language: str, word: str) -> str:
    (found,) = (b for b in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if word in b)
    return str(found)


def run(folder: Path, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command of the page, by the Python of this environment."""
    program, *arguments = shlex.split(command)
    return subprocess.run(
        [sys.executable, "-m", program, *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def commands(text: str) -> list[str]:
    """The commands of rnnlint in a block, in YAML or as they stand."""
    return re.findall(r"^(?:[ -]*run: |[ -]*)(rnnlint .*)$", text, re.MULTILINE)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "model.py").write_text(CODE, encoding="utf-8")
    return tmp_path


@dataclass(frozen=True)
class Annotation:
    """A workflow command, read as GitHub's runner reads it."""

    command: str
    properties: dict[str, str]
    message: str


def read_annotation(line: str) -> Annotation:
    """What the runner makes of a line: the command up to a space, properties between commas, the message behind ::."""
    assert line.startswith("::")
    head, found, message = line[2:].partition("::")
    assert found
    command, _, listed = head.partition(" ")
    properties = {}
    for pair in filter(None, listed.split(",")):
        key, found, value = pair.partition("=")
        assert found
        for escape, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            value = value.replace(escape, sign)
        properties[key.strip()] = value
    for escape, sign in (("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        message = message.replace(escape, sign)
    return Annotation(command, properties, message)


def test_github_annotations_are_read_as_they_were_meant(project: Path) -> None:
    (command,) = commands(block("yaml", "--output-format github"))
    name = "src/odd, 100%25: é.py"
    (project / name).write_text("'é😀'; " + CODE.replace("\n\n", "; "), encoding="utf-8")
    done = run(project / "src", command, GITHUB_WORKSPACE=str(project))
    assert done.returncode == 1, done.stderr
    told = json.loads(run(project / "src", "rnnlint check --output-format json").stdout)
    annotations = [read_annotation(line) for line in done.stdout.splitlines()]
    assert len(annotations) == len(told) == 2
    assert {a.properties["file"] for a in annotations} == {"src/model.py", name}
    for annotation, finding in zip(annotations, told, strict=True):
        assert annotation.command == "error"
        # What the annotation commands document, and no more.
        assert set(annotation.properties) == {"title", "file", "line", "endLine", "col", "endColumn"}
        assert annotation.properties["title"] == f"rnnlint ({finding['code']})"
        assert annotation.message == f"{finding['code']} {finding['message']}"
        place, end = finding["location"], finding["end_location"]
        assert annotation.properties["line"] == str(place["row"])
        assert annotation.properties["col"] == str(place["column"])
        assert annotation.properties["endLine"] == str(end["row"])
        assert annotation.properties["endColumn"] == str(end["column"])
        # The runner drops columns of an annotation over several lines.
        assert annotation.properties["line"] == annotation.properties["endLine"]


def test_the_sarif_recipe_writes_what_it_uploads(project: Path) -> None:
    text = block("yaml", "upload-sarif")
    (command,) = commands(text)
    done = run(project, command)
    assert done.returncode == 0, done.stderr
    (name,) = re.findall(r"sarif_file: (\S+)", text)
    (result,) = json.loads((project / name).read_text(encoding="utf-8"))["runs"][0]["results"]
    assert result["ruleId"] == "RNN101"
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "src/model.py"


def test_the_gitlab_recipe_writes_the_report_that_it_names(project: Path) -> None:
    text = block("yaml", "codequality")
    (command,) = commands(text)
    assert run(project, command).returncode == 1
    (name,) = re.findall(r"codequality: (\S+)", text)
    (issue,) = json.loads((project / name).read_text(encoding="utf-8"))
    # The fields that GitLab asks for.
    assert issue["description"].startswith("RNN101: ")
    assert issue["check_name"] == "RNN101"
    assert re.fullmatch(r"[0-9a-f]{32}", issue["fingerprint"])
    assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
    assert issue["location"]["path"] == "src/model.py"
    assert issue["location"]["lines"]["begin"] == 3


def test_a_baseline_hides_what_was_there(project: Path) -> None:
    write, check = commands(block("sh", "--write-baseline"))
    assert run(project, write).returncode == 0
    done = run(project, check)
    assert done.returncode == 0
    assert "1 known finding hidden" in done.stderr
    (project / "src" / "new.py").write_text(CODE, encoding="utf-8")
    done = run(project, check)
    assert done.returncode == 1
    assert "new.py" in done.stdout and "model.py" not in done.stdout


@pytest.mark.editors
def test_workflows_are_yaml_of_the_right_shape() -> None:
    import yaml  # comes with pre-commit

    for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL):
        document: Any = yaml.safe_load(text)
        steps = document if isinstance(document, list) else document.get("steps", [])
        hooks = [step for step in steps if "id" in step]
        assert all(set(hook) <= {"id", "args"} for hook in hooks)
        assert all(set(step) <= {"run", "uses", "with"} for step in steps if step not in hooks)


@pytest.mark.editors
def test_tox_runs_the_recipe(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    recipe = configparser.ConfigParser(interpolation=None)
    recipe.read_string(block("ini", "testenv:lint"))
    assert recipe["testenv:lint"]["deps"] == "git+URL-OF-THE-REPOSITORY"
    # Not the one of a registry: what stands here.
    wheels = tmp_path_factory.mktemp("wheels")
    built = run(ROOT, f"pip wheel -q --no-deps --wheel-dir {shlex.quote(str(wheels))} .")
    assert built.returncode == 0, built.stderr
    recipe["testenv:lint"]["deps"] = str(next(wheels.glob("*.whl")))
    with (project / "tox.ini").open("w", encoding="utf-8") as file:
        recipe.write(file)
    done = run(project, "tox -e lint", PIP_DISABLE_PIP_VERSION_CHECK="1")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "--> src/model.py:3:1" in done.stdout
    (project / "src" / "model.py").write_text("x = 1\n", encoding="utf-8")
    done = run(project, "tox -e lint")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.editors
def test_ruff_leaves_our_comments_alone_where_it_is_reported(project: Path) -> None:
    path = project / "src" / "model.py"
    path.write_text(CODE.replace("xs)", "xs)  # noqa: RNN101"), encoding="utf-8")
    check = "ruff check --no-cache --select RUF100,RUF102 --output-format json src"
    untold = run(project, check)
    assert {row["code"] for row in json.loads(untold.stdout)} & {"RUF100", "RUF102"}, untold.stderr
    (project / "pyproject.toml").write_text(block("toml", "external"), encoding="utf-8")
    told = run(project, check)
    assert json.loads(told.stdout) == [], told.stderr
    assert run(project, "rnnlint check").returncode == 0
