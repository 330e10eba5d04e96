"""How does pylint use rnnlint? As a checker that reads the module's source; pylint enables, silences and shows
findings."""

from __future__ import annotations

import os
import sys
import sysconfig
from argparse import Namespace
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from astroid import modutils, nodes
from pylint.checkers import BaseChecker
from pylint.constants import WarningScope
from pylint.message import MessageDefinition

from rnnlint.finding import Finding, Severity
from rnnlint.hosts.kept import Kept
from rnnlint.read.content import read_bytes
from rnnlint.read.prefilter import may_matter
from rnnlint.read.problem import SourceError
from rnnlint.rules import all_rules
from rnnlint.rules.rule import Rule
from rnnlint.settings import OPTIONS, Option, Settings, SettingsError, from_mapping

if TYPE_CHECKING:
    from pylint.lint import PyLinter

    from rnnlint.engine import Checked, Project

_OFFERED = tuple(option for option in OPTIONS if option.in_hosts)
_ALL = ("ALL",)
"""Run every rule; pylint and comments in the code decide what is enabled."""

_USAGE_ERROR = 32
_PYTHON = ("stdlib", "platstdlib", "purelib", "platlib", "scripts")
_TYPES = {"int": "int", "bool": "yn", "list": "csv", "codes": "csv", "choice": "choice"}


def register(linter: PyLinter) -> None:
    """Register the checker; pylint calls this for a plugin that it loads."""
    # The first releases of pylint 3 load plugins a second time in each of several processes.
    if not any(isinstance(checker, Checker) for checker in linter.get_checkers()):
        linter.register_checker(Checker(linter))


def load_configuration(linter: PyLinter) -> None:
    """Read the options; pylint calls this after it has read its configuration. An unusable value ends the run."""
    try:
        _settings(linter.config)
    except SettingsError as error:
        print(f"pylint: error: {error}", file=sys.stderr)
        sys.exit(_USAGE_ERROR)


_LETTERS = {"error": "E", "warning": "W", "note": "R"}


def message_id(code: str, severity: Severity) -> str:
    """W6723 for RNN203, a warning: pylint ids have four digits, of which the first two belong to the checker."""
    return f"{_LETTERS[severity]}67{code[3]}{code[5]}"


def symbol(rule: Rule, severity: Severity) -> str:
    """The rule's name. A rule with several severities has one message for each, since pylint has one letter per
    message."""
    return rule.name if len(rule.severities) == 1 else f"{rule.name}-{severity}"


def _messages(rule: Rule) -> Iterator[tuple[str, tuple[str, str, str, dict[str, Any]]]]:
    # pylint still accepts old names, and one may mean several messages: so the codes of the other hosts work here too,
    # and the name of a rule whatever the severity.
    digits = f"67{rule.code[3]}{rule.code[5]}"
    also = [(f"C{digits}", rule.code)] + ([(f"I{digits}", rule.name)] if len(rule.severities) > 1 else [])
    more = {"old_names": also, "default_enabled": not rule.opt_in}
    for severity in rule.severities:
        page = f"{rule.summary.rstrip('.')}."
        yield message_id(rule.code, severity), ("%s", symbol(rule, severity), page, more)


def _described(option: Option) -> dict[str, Any]:
    """The arguments that pylint needs for an option."""
    kind = _TYPES.get(option.kind, "string")
    metavar = option.metavar or {"yn": "y or n", "csv": "comma separated values"}.get(kind, option.name)
    described = {"default": option.default, "type": kind, "help": option.help, "metavar": f"<{metavar.lower()}>"}
    return {**described, "choices": list(option.choices)} if option.choices else described


def _settings(config: Namespace) -> Settings:
    chosen = {option.name: getattr(config, f"rnn_{option.key}") for option in _OFFERED}
    return from_mapping({**chosen, "select": _ALL}, "rnnlint's options")


class Message(MessageDefinition):
    """A message whose help is the page of its rule with its layout; pylint would join its lines."""

    def format_help(self, checkerref: bool = False) -> str:
        """The page for ``--help-msg``, which asks for a reference to the checker; one sentence in lists."""
        head = f":{self.symbol} ({self.msgid}):\n"
        if not checkerref:
            return f"{head}  {self.description}"
        from rnnlint.report import rule_pages

        (rule,) = (rule for rule in all_rules() if self.symbol in (symbol(rule, one) for one in rule.severities))
        return head + rule_pages.as_text(rule_pages.page(rule))


class Checker(BaseChecker):
    """Legacy TensorFlow RNN APIs, harmful unrolls, padding and recurrent pitfalls."""

    name = "rnnlint"
    msgs: ClassVar[dict[str, Any]] = {
        identity: message for rule in all_rules() for identity, message in _messages(rule)
    }
    options = tuple((f"rnn-{option.name}", _described(option)) for option in _OFFERED)

    def __init__(self, linter: PyLinter) -> None:
        super().__init__(linter)
        self._kept = Kept("pylint")
        self._project: Project | None = None
        self._own = OwnModules()
        self._chosen: dict[str, Settings] = {}

    def create_message_definition_from_tuple(self, msgid: str, msg_tuple: Any) -> MessageDefinition:
        """Our kind of message instead of pylint's."""
        text, symbol, page, more = msg_tuple
        return Message(self, msgid, text, page, symbol, WarningScope.NODE, **more)

    def visit_module(self, node: nodes.Module) -> None:
        """Check a module. pylint calls this only if one of our messages is enabled and the module can be parsed."""
        try:
            data = node.file_bytes if node.file_bytes is not None else read_bytes(node.file)
            if not may_matter(data):
                return
            # The path that pylint has set decides which modules belong to the user.
            path = tuple(sys.path)
            check = partial(self._check, node, data, path)
            findings = self._kept.findings(node.file, data, self._settings(), check, where=repr(list(path)))
        except SourceError:
            return
        for finding in findings:
            self._tell(finding, node)

    def _check(self, node: nodes.Module, data: bytes, path: tuple[str, ...]) -> Checked:
        from rnnlint import engine
        from rnnlint.read.source import from_bytes, from_text

        # Standard input is already decoded, whatever encoding the text declares.
        is_text = node.file_bytes is not None
        read = partial(from_text, data.decode("utf-8"), node.file) if is_text else partial(from_bytes, data, node.file)
        self._own.path = path
        self._project = self._project or engine.Project(self._own)
        self._project.let_go()
        return engine.check_read(data, node.file, self._settings(), self._project, read)

    def _settings(self) -> Settings:
        config = self.linter.config
        key = repr([getattr(config, f"rnn_{option.key}") for option in _OFFERED])
        if key not in self._chosen:
            self._chosen[key] = _settings(config)
        return self._chosen[key]

    def _tell(self, finding: Finding, module: nodes.Module) -> None:
        column = len(finding.line[: finding.column - 1].encode("utf-8", "surrogatepass"))
        for identity in self._identities(finding):
            self.add_message(
                identity,
                line=finding.row,
                node=_innermost(module, (finding.row, column)),
                args=(finding.message,),
                col_offset=finding.column - 1,
                end_lineno=finding.end_row,
                end_col_offset=finding.end_column - 1,
            )

    def _identities(self, finding: Finding) -> list[str]:
        """Add the message of a finding. If a comment silences the whole rule, also add its message of the other
        severity, so that pylint does not call that comment useless."""
        own = message_id(finding.code, finding.severity)
        known = [message_id(finding.code, severity) for severity in ("error", "warning", "note")]
        both = [identity for identity in known if identity in self.msgs]
        silenced = not any(self.linter.is_message_enabled(identity, finding.row) for identity in both)
        return both if silenced else [own]


def _innermost(module: nodes.Module, place: tuple[int, int]) -> nodes.NodeNG:
    """The innermost node around a line and a byte column: pylint names the function or class that contains it."""
    found, todo = module, [module]
    while todo:
        for child in todo.pop().get_children():
            start, end = (child.lineno, child.col_offset), (child.end_lineno, child.end_col_offset)
            if None in start or None in end:
                # Arguments, decorators and other nodes without a place contain nodes that have one.
                todo.append(child)
            elif start <= place < end:
                found, todo = child, [child]
                break
    return found


class OwnModules:
    """Finds modules of the user's project that are not next to the file that imports them.

    astroid searches the folders of pylint's path (the packages it was given, ``source-roots``, folders that an
    init-hook added) except those of Python and of installed packages. It supports namespace packages, and imports
    nothing.
    """

    def __init__(self) -> None:
        self.path: tuple[str, ...] = ()
        """pylint's path while a module is checked."""
        self._folders: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._found: dict[tuple[tuple[str, ...], tuple[str, ...]], str | None] = {}

    def __call__(self, importer: str, name: str, level: int) -> str | None:
        """The file that ``from <level dots>name import …`` in a file refers to; None if it is not the user's own."""
        path = self.path
        if path not in self._folders:
            self._folders[path] = tuple(_own(path))
        folders = self._folders[path]
        parts = tuple(name.split(".")) if name else ()
        if level:
            parts = (*_package(os.path.abspath(importer), level, folders), *parts)
        if (folders, parts) not in self._found:
            self._found[folders, parts] = _look_up(parts, folders)
        return self._found[folders, parts]


def _own(path: Iterable[str]) -> Iterable[str]:
    """The folders of the path that belong to the user, each once."""
    folders = dict.fromkeys(os.path.abspath(entry) for entry in path)
    return (folder for folder in folders if os.path.isdir(folder) and not _is_installed(folder))


def _is_installed(path: str) -> bool:
    parts = path.split(os.sep)
    if "site-packages" in parts or "dist-packages" in parts:
        return True
    return any(path == folder or path.startswith(folder + os.sep) for folder in map(sysconfig.get_path, _PYTHON))


def _package(importer: str, level: int, folders: Iterable[str]) -> list[str]:
    """The package that this many dots refer to in a file; empty if it is outside the folders."""
    folder = os.path.dirname(importer)
    for _ in range(level - 1):
        folder = os.path.dirname(folder)
    roots = [root for root in folders if folder.startswith(root + os.sep)]
    return os.path.relpath(folder, max(roots, key=len)).split(os.sep) if roots else []


def _look_up(parts: tuple[str, ...], folders: tuple[str, ...]) -> str | None:
    # astroid asks Python for names of the standard library, and Python imports the package around them.
    if not folders or not parts or not all(map(str.isidentifier, parts)) or parts[0] in sys.stdlib_module_names:
        return None
    try:
        location = modutils.file_from_modpath(list(parts), path=folders)
    except ImportError:
        return None
    if location is None or _is_installed(location):
        return None
    return os.path.join(location, "__init__.py") if os.path.isdir(location) else location
