"""Does the documentation say what the code does? Made parts, links, commands and numbers."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from xml.etree import ElementTree

import make_pages
import picture
import pytest

from rnnlint.facts import claims
from rnnlint.hosts.command_line.flags import check_parser
from rnnlint.hosts.command_line.probe import probe_parser
from rnnlint.hosts.command_line.probe_inspect import inspect_parser
from rnnlint.hosts.command_line.weights import weights_parser
from rnnlint.report.rules import reported
from rnnlint.settings import OPTIONS

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def anchors(path: Path) -> set[str]:
    """The anchors of a page, as forges make them from headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def test_what_is_made_from_the_code_is_up_to_date() -> None:
    names = [str(path.relative_to(ROOT)) for path in make_pages.outdated()]
    assert names == [], "run: python docs/make_pages.py"


def test_every_made_part_stands_somewhere() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    assert set(re.findall(r"<!-- begin ([\w-]+) -->", text)) == set(make_pages.PARTS)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        assert path.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(path), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_codes_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace("RNN199", "")
    codes = [rule.code for rule in reported()]
    for word in re.findall(r"\bRNN\d+\b", text):
        assert any(code.startswith(word) for code in codes), f"{page.name}: {word}"


def test_flags_of_the_command_that_are_named_exist() -> None:
    flags = {flag for action in check_parser()._actions for flag in action.option_strings}
    for page in PAGES:
        # A pattern such as `--rnn-...` or another program's flag stands elsewhere than behind our command.
        for command in re.findall(r"rnnlint check[^`\n|]*", page.read_text(encoding="utf-8")):
            named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", command))
            assert named <= flags, f"{page.name}: {command}"


@pytest.mark.parametrize(
    "name", ["README.md", "docs/configuration.md", "docs/hosts.md", "docs/probe.md", "docs/weights.md"]
)
def test_flags_that_are_named_alone_exist(name: str) -> None:
    flags = {flag for action in check_parser()._actions for flag in action.option_strings}
    flags |= {f"--rnn-{option.name}" for option in OPTIONS if option.in_hosts}
    for parser in (probe_parser(), inspect_parser(), weights_parser()):
        flags |= {flag for action in parser._actions for flag in action.option_strings}
    flags |= {"--all", "--extend-ignore"}  # of `rnnlint rule` and of flake8
    named = set(re.findall(r"`(--[a-z][a-z-]+)", (ROOT / name).read_text(encoding="utf-8")))
    assert named <= flags


def test_claims_that_are_named_behind_the_probe_exist() -> None:
    for page in PAGES:
        named = re.findall(r"--claim ([a-z][\w-]+)", page.read_text(encoding="utf-8"))
        assert set(named) <= set(claims.by_id()), page.name


def test_the_readme_has_the_two_commands_that_ci_runs() -> None:
    commands = [line for block in blocks(README, "sh") for line in block.splitlines() if "-m venv" in line]
    assert len(commands) == 2
    assert all(command.startswith("python3 -m venv ") for command in commands)
    check, test = commands
    assert check.endswith("/bin/rnnlint check docs/example --exit-zero")
    assert test.endswith("/bin/python -m pytest -q")
    for command in commands:
        environment = shlex.split(command)[3]
        assert command.count(environment + "/bin/") == 2
        assert environment + "/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_readme_names_extras_that_there_are() -> None:
    extras = set(re.findall(r"^(\w+) = \[", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for page in (README, (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")):
        for group in re.findall(r"'\.\[([\w,]+)\]'", page):
            assert set(group.split(",")) <= extras


def test_modules_and_scripts_that_are_named_exist() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for module in re.findall(r"python -m (rnnlint[\w.]*)", text):
            place = ROOT / module.replace(".", "/")
            assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file(), f"{page.name}: {module}"
        for script in re.findall(r"python (docs/\w+\.py)", text):
            assert (ROOT / script).is_file(), f"{page.name}: {script}"


def test_the_example_shows_every_family_of_runner_and_cell() -> None:
    shown = make_pages.run("check", "docs/example", "--isolated", "--no-cache", "--output-format=concise")
    assert set(re.findall(r"RNN\d+", shown)) >= {"RNN101", "RNN102", "RNN103", "RNN104", "RNN106"}


def test_the_changelog_names_the_version() -> None:
    from rnnlint import __version__

    assert f"## {__version__} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_rule_is_in_the_changelog() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for first, last in re.findall(r"(RNN\d+) to (RNN\d+)", text):
        text += " ".join(f"RNN{number}" for number in range(int(first[3:]), int(last[3:]) + 1))
    assert [rule.code for rule in reported() if rule.code not in text] == []


@pytest.mark.parametrize("ground", sorted(picture.GROUNDS))
def test_the_picture_shows_all_that_is_printed_within_its_frame(ground: str) -> None:
    printed = "\x1b[1;31mRNN201\x1b[0m \x1b[1mwide\x1b[0m <&> " + "x" * 250 + "\n\nFound 1 finding.\n"
    svg = ElementTree.fromstring(picture.picture("rnnlint check", printed, picture.GROUNDS[ground]))
    wide = float(svg.attrib["width"])
    rows = svg.findall("{*}text")
    text = "".join("".join(row.itertext()) for row in rows)
    assert text == "$ rnnlint check" + "RNN201wide <&> " + "x" * 250 + "Found 1 finding."
    for piece in svg.iterfind(".//{*}tspan"):
        assert float(piece.attrib["x"]) + float(piece.attrib["textLength"]) < wide
        assert piece.attrib["fill"] != picture.GROUNDS[ground].paper
    assert float(rows[-1].attrib["y"]) < float(svg.attrib["height"])


def test_the_readme_shows_the_picture_in_both_forms() -> None:
    shown = set(re.findall(r"\"docs/(pictures/[\w-]+\.svg)\"", README))
    assert shown == {f"pictures/check-{ground}.svg" for ground in picture.GROUNDS}
