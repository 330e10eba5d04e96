"""Source in, findings out: what does rnnlint report about this module? The only entry point for hosts."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

from rnnlint import rules
from rnnlint.finding import Finding, Fix, Origin
from rnnlint.read import source as reading
from rnnlint.read.content import read_bytes
from rnnlint.read.prefilter import may_matter
from rnnlint.read.source import Place, Source, SourceError
from rnnlint.resolve.project import Project
from rnnlint.resolve.values import Module
from rnnlint.rules import uses
from rnnlint.rules.context import Context
from rnnlint.rules.pointing import end_of, start_of
from rnnlint.rules.rule import Rule
from rnnlint.rules.watch import Report, Watch
from rnnlint.settings import Settings

__all__ = ["Checked", "Project", "check_bytes", "check_file", "check_read", "check_source", "codes_for", "fault"]


class Checked(NamedTuple):
    """The result of checking one file."""

    findings: Sequence[Finding] = ()
    problems: Sequence[SourceError] = ()
    lines: Sequence[str] = ()
    consulted: frozenset[str] = frozenset()
    """The paths of all other files that the findings rest on, as `Project.consulted` gives them."""
    broken: SourceError | None = None
    """Python's syntax error, if only part of the file could be parsed."""
    is_python2: bool = False
    """Whether the file is valid Python 2 but not Python 3."""
    failed: SourceError | None = None
    """Which rules failed on this file because of a bug in rnnlint; the findings of the other rules are kept."""
    is_over_budget: bool = False
    """Whether some values are unknown because following them would take too long."""


def check_file(filename: str, settings: Settings, project: Project) -> Checked:
    """Check a file. Raises SourceError if it cannot be read or parsed."""
    return check_bytes(read_bytes(filename), filename, settings, project)


def check_bytes(
    data: bytes,
    filename: str,
    settings: Settings,
    project: Project,
    with_lines: bool = False,
    matters: bool | None = None,
) -> Checked:
    """Check the content of a file. Raises SourceError if it cannot be decoded or parsed.

    Content that cannot have a finding is not parsed, unless ``with_lines`` asks for the lines of any file.
    ``matters`` is the answer of the pre-filter for this content, if it is known already.
    """
    matters, consulted = may_matter(data) if matters is None else matters, frozenset[str]()
    if matters:
        matters, consulted = project.may_name_library(filename, data)
    if not matters and not with_lines:
        return Checked([], consulted=consulted)
    source = project.parsed_source(filename, data) or reading.from_bytes(data, filename, in_part=True)
    if not matters:
        return Checked([], source.problems, source.lines, consulted, source.broken, source.dialect == "python2")
    checked = check_source(source, settings, project)
    if source.filename != filename:
        # Another file imported it earlier, under another spelling of its path.
        checked = checked._replace(findings=[_renamed(one, source.filename, filename) for one in checked.findings])
    return checked


def _renamed(finding: Finding, before: str, now: str) -> Finding:
    because = tuple(one._replace(filename=now) if one.filename == before else one for one in finding.because)
    fix = finding.fix
    if fix is not None:
        edits = tuple(one._replace(filename=now) if one.filename == before else one for one in fix.edits)
        fix = fix._replace(edits=edits)
    return finding._replace(filename=now, because=because, fix=fix)


def check_read(data: bytes, filename: str, settings: Settings, project: Project, read: Callable[[], Source]) -> Checked:
    """Check content that passed the pre-filter. ``read`` parses it, and is called only if that is needed.

    Raises SourceError if the content cannot be read.
    """
    matters, consulted = project.may_name_library(filename, data)
    return check_source(read(), settings, project) if matters else Checked([], consulted=consulted)


def check_source(source: Source, settings: Settings, project: Project) -> Checked:
    """Check a parsed module. A rule that fails loses its findings; `Checked.failed` names it."""
    codes, is_python2 = codes_for(settings, source.filename), source.dialect == "python2"
    if not codes:
        return Checked([], source.problems, source.lines, broken=source.broken, is_python2=is_python2)
    module = project.open(source)
    judged = _judged(module, settings, codes)
    return Checked(
        sorted(set(uses.without_repeats(judged.found, settings.report_uses))),
        source.problems,
        source.lines,
        project.consulted(module),
        source.broken,
        is_python2,
        judged.failed,
        judged.is_over_budget,
    )


def codes_for(settings: Settings, filename: str) -> frozenset[str]:
    """The codes that are checked in a file. Raises SettingsError if the settings name an unknown rule."""
    codes = _selected(settings.select, settings.extend_select, (*settings.ignore, *settings.extend_ignore))
    if not settings.per_file_ignores:
        return codes
    for pattern, words in settings.per_file_ignores.items():
        if _matches(filename, pattern):
            codes -= rules.chosen(words, "per-file-ignores")
    return codes


@lru_cache(maxsize=16)
def _selected(select: tuple[str, ...], extend: tuple[str, ...], ignore: tuple[str, ...]) -> frozenset[str]:
    """As in ruff, the longer of two prefixes wins: ``--select RNN2 --ignore RNN`` keeps RNN2."""
    chosen = set(rules.chosen(select, "select")) if select else {r.code for r in rules.all_rules() if not r.opt_in}
    chosen |= rules.chosen(extend, "extend-select")
    wanted = {code: max((_weight(word) for word in (*select, *extend) if code in rules.chosen([word], "")), default=0)
              for code in chosen}  # fmt: skip
    for word in ignore:
        chosen -= {code for code in rules.chosen([word], "ignore") if _weight(word) >= wanted.get(code, 0)}
    return frozenset(chosen)


def _weight(word: str) -> int:
    return 0 if word == "ALL" else len(word)


def _matches(filename: str, pattern: str) -> bool:
    """Whether a pattern matches a file, by its name or by the end of its path."""
    from fnmatch import fnmatch

    path = os.path.abspath(filename).replace(os.sep, "/")
    return fnmatch(os.path.basename(filename), pattern) or fnmatch(path, "*/" + pattern) or fnmatch(path, pattern)


def _subjects(watch: Watch, context: Context) -> Iterable[Any]:
    """The subjects that a rule is called with, one by one."""
    if watch.subject == "sites":
        return (site for site in context.sites if site.symbol.family in watch.families)
    if watch.subject == "unrolls":
        return (found for call, found in context.unrolls.items() if call is found.call)
    subjects: Iterable[Any] = getattr(context, watch.subject)
    return subjects


class _Judged(NamedTuple):
    found: list[tuple[Report, Finding]]
    failed: SourceError | None
    is_over_budget: bool


def _judged(module: Module, settings: Settings, codes: frozenset[str]) -> _Judged:
    """What the rules find, and which rules failed: one that fails must not affect the others."""
    context, is_roomy = Context(module, settings), False
    found: list[tuple[Report, Finding]] = []
    failures: dict[str, list[str]] = {}
    for rule in rules.all_rules():
        if rule.code in codes:
            try:
                try:
                    found += _judged_by(rule, context)
                except RecursionError:
                    from rnnlint.read.room import with_room

                    # The cached answers may be incomplete where the code was nested too deeply.
                    context, is_roomy = context if is_roomy else Context(module, settings), True
                    found += with_room(partial(_judged_by, rule, context), deep=True)
            except Exception as error:
                if os.environ.get("RNNLINT_DEBUG"):
                    raise
                failures.setdefault(fault(error), []).append(rule.code)
    is_over_budget = context.is_over_budget
    context.forget()
    if not failures:
        return _Judged(found, None, is_over_budget)
    reasons = "; ".join(f"{', '.join(failed)}: {reason}" for reason, failed in failures.items())
    failed = SourceError(module.source.filename, 0, 0, f"some rules failed on this file: {reasons}")
    return _Judged(found, failed, is_over_budget)


def _judged_by(rule: Rule, context: Context) -> list[tuple[Report, Finding]]:
    return [(report, _finding(rule, report, context)) for report in _reports(rule, context)]


def fault(error: Exception) -> str:
    """The message for a bug in rnnlint: where it is, and how to see more."""
    if isinstance(error, RecursionError):
        return "the code is nested too deeply"
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}:{last.lineno}"
    return f"rnnlint has a bug, please report it: {type(error).__name__} in {place} (RNNLINT_DEBUG=1 shows details)"


def _reports(rule: Rule, context: Context) -> Iterator[Report]:
    for watch in (rule.watches, *rule.watches.others):
        for subject in _subjects(watch, context):
            for report in rule.judge(subject, context):
                if not context.never_runs(start_of(report.node)[0]):
                    yield report


def _finding(rule: Rule, report: Report, context: Context) -> Finding:
    source = context.module.source
    place = source.place(*start_of(report.node))
    end = source.place(*end_of(report.node, source))
    return Finding(
        filename=source.filename,
        cell=place.cell,
        row=place.row,
        column=place.column,
        end_row=end.row,
        end_column=end.column,
        code=rule.code,
        name=rule.name,
        message=rule.message.format_map(report.blanks) + (f"; {report.help}" if report.help else ""),
        api=report.api,
        unroll_length=report.unroll_length,
        graph_ops=report.graph_ops,
        because=_because(report, source.filename, place),
        # The parts that could not be parsed may change what the rest means.
        fix=None if source.broken or source.problems else _own(report.fix, source.filename),
        line=source.line_at(place),
        severity=report.severity or rule.severities[-1],
        help=report.help,
        is_import=report.is_import,
    )


def _own(fix: Fix | None, filename: str) -> Fix | None:
    """The fix, if it changes this file and no other: a finding of one file never writes to another."""
    return fix if fix is not None and all(edit.filename in (filename, None) for edit in fix.edits) else None


def _because(report: Report, filename: str, at: Place) -> tuple[Origin, ...]:
    """The lines that a report rests on, without the line of the finding, which is shown anyway."""
    origins = dict.fromkeys(_origin(module, node) for module, node in report.because)
    return tuple(one for one in origins if (one.filename, one.cell, one.row) != (filename, at.cell, at.row))


def _origin(module: Module, node: ast.AST) -> Origin:
    place = module.source.place(*start_of(node))
    # The current name of the file: another file may have imported it earlier by its full path.
    return Origin(module.source.filename, place.row, module.source.line_at(place).strip(), place.cell)
