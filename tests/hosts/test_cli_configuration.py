"""Do the settings of pyproject.toml and the flags meet as they should?"""

from __future__ import annotations

import json

import pytest

from rnnlint.hosts.configuration import Configurations, project_root
from rnnlint.report.formats import FORMATS
from rnnlint.settings import OPTIONS, Settings


@pytest.fixture
def table(project):
    """Write [tool.rnnlint] of a folder."""

    def write(text, folder="."):
        path = project / folder
        path.mkdir(exist_ok=True, parents=True)
        (path / "pyproject.toml").write_text(f"[tool.rnnlint]\n{text}\n")

    return write


def places(result):
    """The places and codes of a concise report."""
    return [line.split(" ")[0] + line.split(" ")[1] for line in result.out.splitlines()]


@pytest.fixture
def check(run):
    """The findings of a check."""
    return lambda *argv: places(run("check", "-q", "--output-format", "concise", *argv))


def test_a_table_is_used_and_flags_win(check, table, project):
    (project / "a.py").write_text("legacy()\ncell()\n")
    table('select = ["RNN102"]')
    assert check() == ["a.py:1:1:RNN102"]
    assert check("--select", "RNN103") == ["a.py:2:1:RNN103"]
    assert check("--extend-select", "RNN103") == ["a.py:1:1:RNN102", "a.py:2:1:RNN103"]
    assert check("--isolated") == ["a.py:1:1:RNN102", "a.py:2:1:RNN103"]


def test_a_flag_that_extends_adds_to_the_table(check, table, project):
    for name in ("a", "b"):
        (project / name).mkdir()
        (project / name / "x.py").write_text("legacy()\n")
    table('extend-exclude = ["a"]')
    assert check() == ["b/x.py:1:1:RNN102"]
    assert check("--extend-exclude", "b") == []


def test_each_file_has_the_nearest_table(check, table, project):
    (project / "a.py").write_text("legacy()\ncell()\n")
    table('select = ["RNN102"]')
    table('select = ["RNN103"]', "inner")
    (project / "inner" / "deep").mkdir()
    (project / "inner" / "deep" / "b.py").write_text("legacy()\ncell()\n")
    assert check() == ["a.py:1:1:RNN102", "inner/deep/b.py:2:1:RNN103"]


def test_a_pyproject_without_our_table_is_passed_over(check, table, project):
    table('select = ["RNN103"]')
    inner = project / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[project]\nname = 'inner'\n")
    (inner / "a.py").write_text("legacy()\ncell()\n")
    assert check() == ["inner/a.py:2:1:RNN103"]


def test_patterns_begin_at_the_folder_of_their_file(check, table, project, monkeypatch):
    table('per-file-ignores = {"old/*" = ["RNN102"]}\nexclude = ["gone/a.py"]')
    for name in ("old/a.py", "gone/a.py", "src/old/a.py", "src/gone/a.py"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("legacy()\n")
    assert check() == ["src/gone/a.py:1:1:RNN102", "src/old/a.py:1:1:RNN102"]
    monkeypatch.chdir(project / "src")
    assert check("..") == ["gone/a.py:1:1:RNN102", "old/a.py:1:1:RNN102"]
    monkeypatch.chdir(project / "old")
    assert check() == []


def test_a_folder_with_brackets_in_its_name_is_no_pattern(check, table, project, monkeypatch):
    odd = project / "v[1]"
    table('per-file-ignores = {"old/*" = ["RNN102"]}\nextend-exclude = ["gone/*"]', "v[1]")
    for name in ("old", "gone"):
        (odd / name).mkdir()
        (odd / name / "a.py").write_text("legacy()\n")
    monkeypatch.chdir(odd)
    assert check() == []


def test_one_file_can_be_named_for_everything(check, table, project):
    (project / "a.py").write_text("legacy()\ncell()\n")
    table('select = ["RNN102"]')
    (project / "ci.toml").write_text('[tool.rnnlint]\nselect = ["RNN103"]\n')
    assert check("--config", "ci.toml") == ["a.py:2:1:RNN103"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('selct = ["RNN101"]', "pyproject.toml [tool.rnnlint]: unknown option 'selct' (did you mean 'select'?)"),
        ('select = ["RNN999"]', "pyproject.toml [tool.rnnlint]: select: unknown rule 'RNN999'"),
        ('per-file-ignores = {"a.py" = ["x"]}', "pyproject.toml [tool.rnnlint]: per-file-ignores: unknown rule 'x'"),
        ('per-file-ignores = ["a"]', "pyproject.toml [tool.rnnlint]: per-file-ignores must be a table"),
        ("select = 3", "pyproject.toml [tool.rnnlint]: select must be a list of strings, not 3"),
        ("target-tensorflow = 2.1", "pyproject.toml [tool.rnnlint]: target-tensorflow must be a version in quotation"),
        ('respect-gitignore = "no"', "pyproject.toml [tool.rnnlint]: respect-gitignore must be true or false"),
        ("select = [", "pyproject.toml: is not TOML: "),
    ],
)
def test_a_wrong_table_is_one_line_and_gives_two(run, table, project, text, message):
    (project / "a.py").write_text("legacy()\n")
    table(text)
    result = run("check")
    assert result.code == 2
    (line,) = result.err.splitlines()
    assert message in line
    assert result.out == ""
    assert run("check", "--isolated").code == 1


def test_a_file_that_is_no_table_is_reported(run, project):
    (project / "pyproject.toml").write_text("[tool]\nrnnlint = 1\n")
    assert "[tool.rnnlint] must be a table" in run("check").err
    (project / "pyproject.toml").write_bytes(b"[tool.rnnlint]\n# \xff\n")
    assert "pyproject.toml: is not UTF-8" in run("check").err
    (project / "other.toml").write_text("[tool.other]\n")
    assert run("check", "--config", "other.toml").err == "error: other.toml: has no [tool.rnnlint] table\n"


def test_config_lists_every_option_with_its_value_and_source(run, table):
    table('target-tensorflow = "2.10"')
    text = run("config", "--profile", "maintain").out
    assert 'target-tensorflow = "2.10"  (pyproject.toml)' in text
    assert 'profile = "maintain"  (--profile)' in text
    assert "respect-gitignore = true  (default)" in text
    assert all(f"{option.name} = " in text for option in OPTIONS)


def test_config_shows_one_option(run, table):
    table('per-file-ignores = {"a.py" = ["RNN101"]}')
    assert run("config", "per-file-ignores").out.startswith(
        'per-file-ignores = {"a.py" = ["RNN101"]}  (pyproject.toml)'
    )
    (row,) = json.loads(run("config", "profile", "--output-format", "json").out)
    assert (row["value"], row["default"], row["source"]) == ("migrate", "migrate", "default")


def test_without_files_and_flags_the_settings_are_the_defaults(project):
    assert Configurations({}, str(project)).for_file("a.py").settings == Settings()


def test_the_root_is_the_nearest_project_or_else_the_current_folder(project, tmp_path_factory):
    (project / "a" / "b").mkdir(parents=True)
    assert project_root(str(project / "a" / "b")) == str(project)
    (project / "a" / "pyproject.toml").touch()
    assert project_root(str(project / "a" / "b")) == str(project / "a")


# ---- what a file takes over from another, and what it says of the run


def test_a_table_takes_over_the_one_that_it_extends_and_its_keys_win(check, table, project):
    (project / "a.py").write_text("legacy()\ncell()\n")
    (project / "shared").mkdir()
    (project / "shared" / "base.toml").write_text('[tool.rnnlint]\nselect = ["RNN102"]\nprofile = "maintain"\n')
    table('extend = "shared/base.toml"')
    assert check() == ["a.py:1:1:RNN102"]
    table('extend = "shared/base.toml"\nselect = ["RNN103"]')
    assert check() == ["a.py:2:1:RNN103"]


def test_what_extends_a_list_adds_to_that_of_the_file_below(check, table, project):
    (project / "a.py").write_text("legacy()\ncell()\n")
    (project / "base.toml").write_text('[tool.rnnlint]\nextend-ignore = ["RNN102"]\n')
    table('extend = "base.toml"\nextend-ignore = ["RNN103"]')
    assert check() == []


def test_patterns_of_a_file_that_is_extended_begin_at_its_own_folder(check, table, project):
    (project / "shared" / "gone").mkdir(parents=True)
    (project / "gone").mkdir()
    (project / "shared" / "base.toml").write_text('[tool.rnnlint]\nextend-exclude = ["gone/*"]\n')
    table('extend = "shared/base.toml"')
    for folder in ("gone", "shared/gone"):
        (project / folder / "a.py").write_text("legacy()\n")
    assert check() == ["gone/a.py:1:1:RNN102"]


def test_config_names_the_file_that_a_value_comes_from(run, table, project):
    (project / "base.toml").write_text('[tool.rnnlint]\nprofile = "maintain"\n')
    table('extend = "base.toml"\nmax-unroll = 20')
    text = run("config").out
    assert 'profile = "maintain"  (base.toml)' in text
    assert "max-unroll = 20  (pyproject.toml)" in text


@pytest.mark.parametrize(
    ("extended", "message"),
    [
        ('[tool.rnnlint]\nextend = "pyproject.toml"\n', "base.toml [tool.rnnlint]: circular extend: "),
        ("[tool.other]\n", "pyproject.toml [tool.rnnlint]: extend: base.toml has no [tool.rnnlint] table"),
        (None, "pyproject.toml [tool.rnnlint]: extend: base.toml is not a file"),
        ("[tool.rnnlint]\nselct = 1\n", "base.toml [tool.rnnlint]: unknown option 'selct'"),
    ],
)
def test_a_file_that_cannot_be_extended_is_reported_in_one_line(run, table, project, extended, message):
    if extended is not None:
        (project / "base.toml").write_text(extended)
    table('extend = "base.toml"')
    result = run("check")
    assert result.code == 2
    assert result.err.startswith(f"error: {message}")
    assert len(result.err.splitlines()) == 1


def test_codes_are_left_out_by_ignore_and_by_extend_ignore(check, table, project):
    (project / "a.py").write_text("legacy()\ncell()\n")
    table('ignore = ["RNN102"]')
    assert check() == ["a.py:2:1:RNN103"]
    assert check("--extend-ignore", "RNN103") == []
    assert check("--ignore", "RNN103") == ["a.py:1:1:RNN102"]
    table('extend-ignore = ["RNN102"]')
    assert check() == ["a.py:2:1:RNN103"]


def test_the_output_format_can_stand_in_the_file(run, table, project):
    (project / "a.py").write_text("legacy()\n")
    table('output-format = "concise"')
    assert run("check").out.startswith("a.py:1:1: RNN102 ")
    assert run("check", "--output-format", "pylint").out.startswith("a.py:1: [RNN102] ")
    table('output-format = "sarif"')
    assert run("check", "--statistics").out.startswith("1\tRNN102")
    table('output-format = "pdf"')
    assert "output-format must be one of full, concise, grouped" in run("check").err


def test_the_baseline_can_stand_in_the_file_and_is_meant_from_there(run, table, project, monkeypatch):
    (project / "a.py").write_text("legacy()\n")
    (project / "ci").mkdir()
    table('baseline = "ci/known.json"')
    assert run("check").err == "error: ci/known.json: no such baseline; create it with --write-baseline\n"
    assert run("check", "--write-baseline").code == 0
    assert (project / "ci" / "known.json").exists()
    assert run("check").code == 0
    (project / "inner").mkdir()
    monkeypatch.chdir(project / "inner")
    assert run("check", "..").code == 0
    assert run("check", "..", "--isolated").code == 1


def test_the_formats_of_the_option_are_those_that_there_are():
    (option,) = [option for option in OPTIONS if option.name == "output-format"]
    assert option.choices == tuple(FORMATS)
