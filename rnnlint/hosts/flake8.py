"""How does flake8 use rnnlint? As a plugin that reuses flake8's tree and lines; flake8 selects and silences."""

from __future__ import annotations

import ast
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from flake8.exceptions import ExecutionError
from flake8.options.manager import OptionManager

from rnnlint import __version__
from rnnlint.hosts.kept import Kept
from rnnlint.read.prefilter import may_matter
from rnnlint.read.problem import SourceError
from rnnlint.rules import all_rules
from rnnlint.settings import OPTIONS, Option, Settings, SettingsError, from_mapping

if TYPE_CHECKING:
    from rnnlint.engine import Checked, Project

_OFFERED = tuple(option for option in OPTIONS if option.in_hosts)
_ALL = ("ALL",)
"""Run every rule; flake8 decides what is selected."""


class Plugin:
    """The plugin that flake8 makes for each file; class attributes apply to the whole process."""

    name = "rnnlint"
    version = __version__

    settings: ClassVar[Settings] = Settings(select=_ALL)
    kept: ClassVar[Kept] = Kept("flake8")
    project: ClassVar[Project | None] = None

    def __init__(self, tree: ast.Module, lines: list[str], filename: str) -> None:
        self._tree = tree
        self._lines = lines
        self._filename = filename

    @classmethod
    def add_options(cls, manager: OptionManager) -> None:
        """Register the options that change the analysis, and disable opt-in rules by default."""
        for option in _OFFERED:
            manager.add_option(f"--rnn-{option.name}", **_described(option))
        manager.extend_default_ignore([rule.code for rule in all_rules() if rule.opt_in])

    @classmethod
    def parse_options(cls, options: Namespace) -> None:
        """Read the options; flake8 shows the one line of an ExecutionError and exits."""
        chosen = {option.name: getattr(options, f"rnn_{option.key}") for option in _OFFERED}
        try:
            cls.settings = from_mapping({**chosen, "select": _ALL}, "flake8: --rnn options")
        except SettingsError as error:
            raise ExecutionError(str(error)) from None

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Line, column from 0, and text of each finding. For a file that cannot be parsed, flake8 reports E999."""
        data = "".join(self._lines).encode("utf-8", "surrogatepass")
        if not may_matter(data):
            return
        try:
            findings = self.kept.findings(self._filename, data, self.settings, partial(self._check, data))
        except SourceError:
            return
        for finding in findings:
            yield finding.row, finding.column - 1, f"{finding.code} {finding.message}", type(self)

    def _check(self, data: bytes) -> Checked:
        from rnnlint import engine
        from rnnlint.read.source import from_tree

        here = type(self)
        here.project = here.project or engine.Project()
        here.project.let_go()
        read = partial(from_tree, self._tree, self._lines, self._filename)
        return engine.check_read(data, self._filename, self.settings, here.project, read)


def _described(option: Option) -> dict[str, Any]:
    """The arguments that flake8 and argparse need for an option."""
    described: dict[str, Any] = {"default": option.default, "help": option.help, "parse_from_config": True}
    # Numbers have no type here: flake8 would convert values from a file itself, and fail with a traceback.
    if option.kind == "bool":
        described.update(type=_truth, metavar="{true,false}")
    elif option.kind in ("list", "codes"):
        described["comma_separated_list"] = True
    if option.choices:
        described["choices"] = option.choices
    elif option.metavar:
        described["metavar"] = option.metavar
    return described


def _truth(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ArgumentTypeError(f"must be true or false, not {text!r}")
    return text.lower() == "true"
