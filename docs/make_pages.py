"""What in the documentation is generated? `python docs/make_pages.py` writes it, `--check` compares.

The pages of the rules are generated as a whole. In other files, a part is generated, between `<!-- begin NAME -->` and
`<!-- end NAME -->`; the rest of such a file is written by hand.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs"), str(ROOT / "tests")]

import drawing  # noqa: E402 - found by the line above
import fixture_files  # noqa: E402
import picture  # noqa: E402
import sessions  # noqa: E402

from rnnlint.facts import words  # noqa: E402
from rnnlint.hosts.command_line import main as rnnlint  # noqa: E402
from rnnlint.report import claim_pages, rule_pages  # noqa: E402
from rnnlint.report.formats import FORMATS  # noqa: E402
from rnnlint.report.rules import reported  # noqa: E402
from rnnlint.settings import OPTIONS, Option  # noqa: E402

SHOWN = ("check", "docs/example", "--select", "RNN201")
"""The command in the picture of the README. It has one finding, so that the picture is small."""

_PART = re.compile(r"(?P<begin><!-- begin (?P<name>[\w-]+) -->)\n.*?(?P<end><!-- end (?P=name) -->)", re.DOTALL)
_RULES_HEAD = """\
# Rules

Rules that are *on* run by default. To enable an *opt-in* rule, use `--extend-select CODE` (for RNN100,
`--report-unused-noqa`). *fix* means that `--fix` can fix some findings of the rule; see [Fixes](../fixes.md).
To read about a rule in the terminal, run `rnnlint rule CODE`. `python docs/make_pages.py` generates this page.

"""


def files() -> dict[Path, str]:
    """Every file that is generated or has a generated part, with its expected content."""
    gaps = fixture_files.known_gaps()
    rules = ROOT / "docs" / "rules"
    made = {rules / f"{r.name}.md": rule_pages.page(r, known_gaps=gaps.get(r.code, ())) for r in reported()}
    made[ROOT / "docs" / "claims.md"] = claim_pages.page(rule_pages.codes_by_claim(reported()))
    made[rules / "README.md"] = _RULES_HEAD + rule_pages.table(reported(), "{name}.md")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        text = path.read_text(encoding="utf-8")
        if path not in made and _PART.search(text):
            made[path] = with_parts(text, PARTS)
        if sessions.is_session(text):
            made[path] = sessions.with_outputs(made.get(path, text))
    for name, ground in picture.GROUNDS.items():
        shown = run(*SHOWN, "--isolated", "--no-cache", "--color=always")
        made[ROOT / "docs" / "pictures" / f"check-{name}.svg"] = picture.picture(
            shlex.join(("rnnlint", *SHOWN)), shown, ground
        )
        made[ROOT / "docs" / "pictures" / f"architecture-{name}.svg"] = drawing.drawing(name, ground)
    made[Path(words.FILE)] = words.as_text()
    return made


def with_parts(text: str, parts: Mapping[str, Callable[[], str]]) -> str:
    """The text with its generated parts updated."""

    def replace(found: re.Match[str]) -> str:
        return f"{found['begin']}\n{parts[found['name']]().strip()}\n{found['end']}"

    return _PART.sub(replace, text)


def run(*arguments: str) -> str:
    """The standard output of a command in the root folder of the project."""
    before = os.getcwd()
    out = io.StringIO()
    os.chdir(ROOT)
    try:
        with contextlib.redirect_stdout(out):
            rnnlint(arguments)
    finally:
        os.chdir(before)
    return out.getvalue()


def option_list() -> str:
    """Each option with its type and default in a configuration file."""
    return "\n\n".join(_option(option) for option in OPTIONS)


def _option(option: Option) -> str:
    flag = f" (`--{option.name}`" + (f", `--no-{option.name}`)" if option.kind == "bool" else ")")
    hosts = f"command line{flag if option.flag else ' (configuration files only)'}"
    hosts += f", flake8 and pylint (`--rnn-{option.name}`)" if option.in_hosts else ""
    facts = f"- Type: {_type_of(option)}\n- Default: {_default_of(option)}\n- Available in: {hosts}"
    return f"### {option.name}\n\n{option.help}.\n\n{facts}"


_TYPES = {
    "int": "whole number",
    "str": "string",
    "path": "path to a file, relative to the file that sets it",
    "list": "list of strings",
    "bool": "`true` or `false`",
    "version": 'version, as a string such as `"2.15"`',
    "codes": "list of codes, code prefixes or rule names; `ALL` means every rule",
    "map": "table that maps patterns to lists of codes",
}


def _type_of(option: Option) -> str:
    choices = ", ".join(f'`"{choice}"`' for choice in option.choices)
    return f"one of {choices}" if choices else _TYPES[option.kind]


def _default_of(option: Option) -> str:
    if option.default is None:
        return "the patterns below" if option.name == "exclude" else "not set"
    shown = {"codes": "[]", "list": "[]", "map": "{}"}.get(option.kind) if not option.default else None
    if shown is None:
        shown = str(option.default).lower() if isinstance(option.default, (bool, int)) else f'"{option.default}"'
    return f"`{shown}`"


def excluded() -> str:
    """The patterns that are excluded by default."""
    from rnnlint.read.exclusion import DEFAULT_EXCLUDES

    return ", ".join(f"`{pattern}`" for pattern in DEFAULT_EXCLUDES)


def formats() -> str:
    """The names of the output formats."""
    return ", ".join(f"`{name}`" for name in FORMATS)


def flake8_options() -> str:
    """The options of the flake8 plugin."""
    return "\n".join(f"- `--rnn-{o.name}` ({_default_of(o)}): {o.help}" for o in OPTIONS if o.in_hosts)


def by_hand() -> str:
    """The manual changes of the example, as a patch."""
    return f"```diff\n{(ROOT / 'docs' / 'steps' / 'by-hand.diff').read_text(encoding='utf-8').strip()}\n```"


def keras_model() -> str:
    """The function that builds the example's model in Keras."""
    text = (ROOT / "docs" / "steps" / "keras_train.py").read_text(encoding="utf-8")
    return f"```python\n{text[text.index('def build(') : text.index('def main(')].strip()}\n```"


PARTS: dict[str, Callable[[], str]] = {
    "options": option_list,
    "excluded": excluded,
    "formats": formats,
    "flake8-options": flake8_options,
    "by-hand": by_hand,
    "keras-model": keras_model,
}


def outdated() -> list[Path]:
    """The files that are out of date, and pages of removed rules."""
    made = files()
    wrong = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    return sorted([*wrong, *(page for page in (ROOT / "docs" / "rules").glob("*.md") if page not in made)])


def main() -> int:
    """Update files that are out of date, or with --check only list them."""
    check = "--check" in sys.argv[1:]
    made = files()
    for path in outdated():
        print(f"{'out of date' if check else 'written'}: {path.relative_to(ROOT)}")
        if check:
            continue
        if path in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], encoding="utf-8")
        else:
            path.unlink()
    return 1 if check and outdated() else 0


if __name__ == "__main__":
    sys.exit(main())
