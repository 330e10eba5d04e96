"""Do the wheel and the sdist hold what they should, and does each install in a clean environment and work?"""

from __future__ import annotations

import email
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.package

ROOT = Path(__file__).resolve().parents[2]
CODE = "import tensorflow as tf\n\ntf.nn.dynamic_rnn(cell, x)\n"
EXTRAS = ("", "flake8", "pylint", "server")
"""Those that install in seconds; the environments `probe` of tox install the others."""


def run(*command: object, folder: Path = ROOT, codes: tuple[int, ...] = (0,)) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in codes, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist; the wheel is built from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT)
    assert sorted(path.suffix for path in folder.iterdir()) == [".gz", ".whl"]
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    return next(built.glob("*.whl"))


def test_the_metadata_is_right(built: Path) -> None:
    run(sys.executable, "-m", "twine", "check", "--strict", *sorted(built.iterdir()))


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    run(sys.executable, "-m", "check_wheel_contents", wheel)
    names = zipfile.ZipFile(wheel).namelist()
    # Beside the package there is the line of Python that makes `python -m rnnlint` safe.
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"rnnlint", "rnnlint_module_form.pth"}
    ours = {str(path.relative_to(ROOT)) for path in (ROOT / "rnnlint").rglob("*") if path.is_file()}
    ours.remove("rnnlint/hosts/module_form.pth")
    assert {name for name in names if name.startswith("rnnlint/")} == {n for n in ours if "__pycache__" not in n}
    assert "rnnlint/py.typed" in names


def test_the_sdist_has_the_tests_and_the_documentation(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"tox.ini", "README.md", "LICENSE", "CHANGELOG.md", "docs/start.md", "docs/site/mkdocs.yml"} <= names
    assert {"tests/test_docs.py", "docs/steps/by-hand.diff", "docs/pictures/check-dark.svg"} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(("build/", ".venv", ".tox"))]


def test_the_metadata_names_no_address_that_is_not_there(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    name = next(name for name in archive.namelist() if name.endswith("/METADATA"))
    message = email.message_from_bytes(archive.read(name))
    assert message["Project-URL"] is None
    assert message["Home-page"] is None
    extras = set(message.get_all("Provides-Extra", []))
    assert {"flake8", "pylint", "server", "probe", "all"} <= extras


@pytest.mark.parametrize("extra", EXTRAS, ids=lambda extra: extra or "none")
def test_it_installs_in_a_clean_environment_and_works(extra: str, wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    here = tmp_path / "venv" / "bin"
    run(here / "python", "-m", "pip", "install", "-q", f"{wheel}[{extra}]" if extra else wheel)
    (tmp_path / "model.py").write_text(CODE, encoding="utf-8")
    out = run(here / "rnnlint", "check", "model.py", "--output-format", "concise", folder=tmp_path, codes=(1,))
    assert out.startswith("model.py:3:1: RNN102")
    if extra == "flake8":
        assert "model.py:3:1: RNN102" in run(here / "flake8", "model.py", folder=tmp_path, codes=(1,))
    elif extra == "pylint":
        out = run(here / "pylint", "--load-plugins=rnnlint", "model.py", folder=tmp_path, codes=tuple(range(1, 32)))
        assert "legacy-dynamic-runner" in out
    elif extra == "server":
        # Its standard input ends at once, and so does it.
        run(here / "rnnlint", "server", folder=tmp_path, codes=(0, 1))
    packages = run(here / "python", "-m", "pip", "list", "--format=freeze")
    assert not re.search(r"^(tensorflow|keras|numpy)\b", packages, flags=re.MULTILINE)


def test_an_extra_of_what_is_installed_is_found_without_a_release(wheel: Path, tmp_path: Path) -> None:
    """Messages of an installed rnnlint say `pip install 'rnnlint[server]'`."""
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    here = tmp_path / "venv" / "bin"
    run(here / "python", "-m", "pip", "install", "-q", wheel)
    out = run(here / "python", "-m", "pip", "install", "--dry-run", "rnnlint[server]", folder=tmp_path)
    assert re.search(r"Would install .*pygls", out)
