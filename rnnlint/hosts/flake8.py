"""How does flake8 ask? A plugin that takes over flake8's tree and lines; flake8 itself selects and silences."""

from __future__ import annotations

import ast
from argparse import Namespace
from collections.abc import Iterator
from typing import Any, ClassVar

from flake8.exceptions import ExecutionError
from flake8.options.manager import OptionManager

from rnnlint import __version__, engine
from rnnlint.hosts.collecting import seldom_collecting
from rnnlint.read.prefilter import may_matter
from rnnlint.read.source import SourceError, from_tree
from rnnlint.rules import all_rules
from rnnlint.settings import OPTIONS, Option, Settings, SettingsError, from_mapping

_OFFERED = tuple(option for option in OPTIONS if option.in_hosts)
_ALL = ("ALL",)
"""Every rule runs, for what is selected is flake8's to say."""


class Plugin:
    """What flake8 makes for each file; the attributes of the class hold for the whole process."""

    name = "rnnlint"
    version = __version__

    settings: ClassVar[Settings] = Settings(select=_ALL)
    project: ClassVar[engine.Project] = engine.Project()

    def __init__(self, tree: ast.Module, lines: list[str], filename: str) -> None:
        self._tree = tree
        self._lines = lines
        self._filename = filename

    @classmethod
    def add_options(cls, manager: OptionManager) -> None:
        """Offer the options that change the analysis, and leave out opt-in rules until they are asked for."""
        for option in _OFFERED:
            manager.add_option(f"--rnn-{option.name}", **_described(option))
        manager.extend_default_ignore([rule.code for rule in all_rules() if rule.opt_in])

    @classmethod
    def parse_options(cls, options: Namespace) -> None:
        """Take the choices over; flake8 shows the one line of an ExecutionError and stops."""
        chosen = {option.name: getattr(options, f"rnn_{option.key}") for option in _OFFERED}
        try:
            cls.settings = from_mapping({**chosen, "select": _ALL}, "flake8: --rnn options")
        except SettingsError as error:
            raise ExecutionError(str(error)) from None

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Row, column from 0, and text of each finding. What cannot be followed is flake8's E999 or nothing."""
        if not may_matter("".join(self._lines).encode("utf-8", "surrogatepass")):
            return
        try:
            with seldom_collecting():
                source = from_tree(self._tree, self._lines, self._filename)
                findings = engine.check_source(source, self.settings, self.project).findings
        except SourceError:
            return
        for finding in findings:
            yield finding.row, finding.column - 1, f"{finding.code} {finding.message}", type(self)


def _described(option: Option) -> dict[str, Any]:
    """What flake8 and argparse want to know of an option."""
    described: dict[str, Any] = {"default": option.default, "help": option.help, "parse_from_config": True}
    if option.kind == "bool":
        described["action"] = "store_false" if option.default else "store_true"
    elif option.kind in ("list", "codes"):
        described["comma_separated_list"] = True
    elif option.kind == "int":
        described["type"] = int
    if option.choices:
        described["choices"] = option.choices
    elif option.metavar:
        described["metavar"] = option.metavar
    return described
