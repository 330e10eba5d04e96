"""How do you start a rule? `python -m rnnlint.rules.new RNN107 some-bad-name` writes its file and its fixture."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from rnnlint import __version__
from rnnlint.rules import all_rules

_RULE = '''"""{code}: what is bad, in one line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.rules.rule import rule
from rnnlint.rules.watch import Report, sites_of

if TYPE_CHECKING:
    from rnnlint.resolve.sites import Site
    from rnnlint.rules.context import Context


def judge(site: Site, context: Context) -> Iterator[Report]:
    """Yield a report for a site that is bad; the engine formats, locates and filters it."""
    # yield Report(site.node, {{"api": site.symbol.path}}, api=site.symbol.path)
    yield from ()


{variable} = rule(
    code="{code}",
    name="{name}",
    since="{since}",
    summary="What it reports, as a noun with its article",
    why="""
        What goes wrong with such code, and how the good code avoids it.
    """,
    message="{{api}} is ...; use ...",
    watches=sites_of(),
    judge=judge,
    bad="""
        import tensorflow as tf

        tf.bad_thing()
    """,
    good="""
        import tensorflow as tf

        tf.good_thing()
    """,
)
'''

_FIXTURE = '''"""{code} {name}: what it reports, and similar code that is good."""
import tensorflow as tf

tf.bad_thing()  # want {code} "a part of the message"
tf.good_thing()
'''


def main(argv: Sequence[str] | None = None) -> int:
    """Write both files into a checkout of rnnlint and print their paths; return an exit code."""
    parser = argparse.ArgumentParser(prog="python -m rnnlint.rules.new", description="Start a new rule.")
    parser.add_argument("code", help="an unused code, such as RNN107")
    parser.add_argument("name", help="the bad thing in lower case, such as some-bad-name")
    parser.add_argument("--root", type=Path, default=Path(), help="the checkout (default: the current folder)")
    arguments = parser.parse_args(argv)
    problem = _problem(arguments.code, arguments.name, arguments.root)
    if problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    for path, text in _files(arguments.code, arguments.name, arguments.root):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path)
    print("Write the rule and the fixture, then: python docs/make_pages.py && python -m pytest")
    return 0


def _problem(code: str, name: str, root: Path) -> str | None:
    if not re.fullmatch(r"RNN[1-9]\d\d", code):
        return f"{code!r} is not a code such as RNN107"
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", name):
        return f"{name!r} is not a name such as some-bad-name"
    for rule in all_rules():
        if code == rule.code or name == rule.name:
            return f"{rule.code} {rule.name} already exists"
    if not (root / "rnnlint" / "rules").is_dir():
        return f"{root} is not a checkout of rnnlint"
    return next((f"{path} already exists" for path, _ in _files(code, name, root) if path.exists()), None)


def _files(code: str, name: str, root: Path) -> list[tuple[Path, str]]:
    variable = name.replace("-", "_")
    blanks = {"code": code, "name": name, "variable": variable, "since": ".".join(__version__.split(".")[:2])}
    file = f"{code.lower()}_{variable}.py"
    return [
        (root / "rnnlint" / "rules" / file, _RULE.format(**blanks)),
        (root / "tests" / "fixtures" / "rules" / file, _FIXTURE.format(**blanks)),
    ]


if __name__ == "__main__":
    sys.exit(main())
