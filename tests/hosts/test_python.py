"""Do `rnnlint.check_source` and `rnnlint.check_paths` return and raise what they say?"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import rnnlint

CODE = "import tensorflow as tf\n\ntf.nn.dynamic_rnn(cell, x)\n"


def test_the_import_of_the_package_imports_nothing_else_of_it() -> None:
    program = "import sys, rnnlint; print([name for name in sys.modules if name.startswith('rnnlint')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "['rnnlint']"


def test_a_source_has_its_findings_in_order() -> None:
    found = rnnlint.check_source(CODE + "tf.nn.static_rnn(cell, x)\n", "model.py")
    assert [(one.filename, one.row, one.code) for one in found] == [
        ("model.py", 3, "RNN102"),
        ("model.py", 4, "RNN101"),
    ]


@pytest.mark.parametrize("source", ["", "x = 1\n", CODE.replace("x)", "x)  # noqa: RNN102")])
def test_a_source_without_findings_gives_none(source: str) -> None:
    assert rnnlint.check_source(source) == ()


def test_a_text_in_a_declared_encoding_is_read_as_it_is() -> None:
    text = "# -*- coding: latin-1 -*-\n" + CODE.replace("cell", "'é', cell")
    (found,) = rnnlint.check_source(text)
    assert found.line == "tf.nn.dynamic_rnn('é', cell, x)"
    assert rnnlint.check_source(text.encode("latin-1"))[0].line == found.line
    with pytest.raises(rnnlint.SourceError, match=r"model\.py: .*(latin|8859)-1"):
        rnnlint.check_source(text.replace("é", "→"), "model.py")


def test_a_notebook_is_known_by_its_name() -> None:
    cell = {"cell_type": "code", "source": CODE, "metadata": {}, "outputs": [], "execution_count": None}
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    (found,) = rnnlint.check_source(text, "model.ipynb")
    assert (found.cell, found.row) == (1, 3)


def test_what_cannot_be_parsed_raises() -> None:
    with pytest.raises(rnnlint.SourceError) as caught:
        rnnlint.check_source("import tensorflow\ntensorflow.nn.dynamic_rnn((\n", "model.py")
    assert (caught.value.filename, caught.value.row) == ("model.py", 2)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"profil": "maintain"}, "options: unknown option 'profil' .did you mean 'profile'"),
        ({"max-unroll": -1}, "options: max-unroll must be"),
        ({"select": ["RNN999"]}, "RNN999"),
    ],
)
def test_wrong_options_raise(options: dict[str, object], text: str, tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(CODE, encoding="utf-8")
    with pytest.raises(rnnlint.SettingsError, match=text):
        rnnlint.check_source(CODE, options=options)
    with pytest.raises(rnnlint.SettingsError, match=text):
        rnnlint.check_paths([tmp_path], options)


def test_paths_have_the_settings_of_their_folder(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.rnnlint]\nignore = ["RNN102"]\n', encoding="utf-8")
    assert rnnlint.check_paths([tmp_path]) == rnnlint.Result((), ())
    assert [one.code for one in rnnlint.check_paths([tmp_path], isolated=True).findings] == ["RNN102"]
    assert [one.code for one in rnnlint.check_paths([tmp_path], {"ignore": []}).findings] == ["RNN102"]
    assert rnnlint.check_source(CODE, str(tmp_path / "model.py"))


def test_files_that_cannot_be_checked_are_errors_beside_the_findings(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text(CODE, encoding="utf-8")
    bad.write_text(CODE + "(\n", encoding="utf-8")
    result = rnnlint.check_paths([bad, good, tmp_path / "none.py", good])
    assert {Path(one.filename).name for one in result.findings} == {"bad.py", "good.py"}
    assert [Path(one.filename).name for one in result.errors] == ["bad.py", "none.py"]
    assert [one.filename for one in result.findings].count(str(good)) == 1


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'check_file'"):
        _ = rnnlint.check_file  # type: ignore[attr-defined]
    assert {"check_source", "check_paths", "Result", "Finding"} <= set(dir(rnnlint))
