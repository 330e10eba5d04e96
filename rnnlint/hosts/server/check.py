"""What are the findings in text that an editor shows? The pages of one module, checked as they are, saved or not."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from rnnlint import engine
from rnnlint.finding import Finding
from rnnlint.hosts.checking import after_comments
from rnnlint.hosts.configuration import Configurations, project_root
from rnnlint.read.exclusion import DEFAULT_EXCLUDES, Exclusion
from rnnlint.read.notebook import read_notebook
from rnnlint.read.prefilter import may_matter
from rnnlint.read.problem import SourceError
from rnnlint.read.rows import split_rows
from rnnlint.read.source import Source, from_text
from rnnlint.report.noqa_edit import NoqaEdits
from rnnlint.settings import Settings

_MARK = "\N{BYTE ORDER MARK}"


@dataclass(frozen=True, slots=True)
class Page:
    """A text that an editor shows separately: a document, or a cell of a notebook."""

    uri: str
    text: str
    version: int | None = None
    language: str = "python"
    is_code: bool = True
    lines: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(split_rows(self.text)))


@dataclass(frozen=True, slots=True)
class Module:
    """Pages that are checked together: the page of a document, or all pages of a notebook."""

    filename: str
    pages: tuple[Page, ...]
    is_notebook: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The findings in a module, and the other files that they depend on."""

    module: Module
    findings: Sequence[Finding] = ()
    consulted: frozenset[str] = frozenset()
    _by_uri: dict[str, list[Finding]] = field(init=False, repr=False, default_factory=dict)
    _noqa_edits: dict[str, NoqaEdits] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for finding in self.findings:
            self._by_uri.setdefault(self.page_of(finding).uri, []).append(finding)

    def page_of(self, finding: Finding) -> Page:
        """The page that contains the finding."""
        return self.page(finding.cell)

    def page(self, cell: int | None) -> Page:
        """The page of a cell, or the only page."""
        return self.module.pages[(cell or 1) - 1]

    def findings_on(self, uri: str) -> list[Finding]:
        """The findings of one page."""
        return self._by_uri.get(uri, [])

    def noqa_edits(self, page: Page) -> NoqaEdits:
        """The object that adds comments to a page; its comments are read once."""
        if page.uri not in self._noqa_edits:
            self._noqa_edits[page.uri] = NoqaEdits(page.lines)
        return self._noqa_edits[page.uri]


def check(module: Module, configurations: Configurations, judge_noqa: bool) -> Report:
    """Check a module. If it does not parse while it is being typed, the rest is checked, as on the command line.

    Nothing is kept from one check to the next, so changed files and configurations are seen. Raises SettingsError if
    the configuration cannot be used.
    """
    settings = configurations.for_file(module.filename).settings
    if _is_left_out(module.filename, settings):
        return Report(module)
    if not judge_noqa and not any(_may_matter(page) for page in module.pages):
        return Report(module)
    try:
        source = _source(module)
        checked = engine.check_source(source, settings, engine.Project())
    except SourceError:
        return Report(module)
    outcome = after_comments(checked, lambda: source.cells, settings, judge_noqa, module.filename)
    return Report(module, sorted([*outcome.findings, *outcome.unused_noqa]), checked.consulted)


def _may_matter(page: Page) -> bool:
    return page.is_code and may_matter(page.text.encode("utf-8", "surrogatepass"))


def _source(module: Module) -> Source:
    if not module.is_notebook:
        return from_text(module.pages[0].text.removeprefix(_MARK), module.filename, in_part=True)
    cells = [
        {"cell_type": "code" if page.is_code else "markdown", "source": page.text, "language": page.language}
        for page in module.pages
    ]
    return read_notebook(json.dumps({"cells": cells}), module.filename)


def _is_left_out(filename: str, settings: Settings) -> bool:
    """Whether a pattern excludes the file or a folder between it and the project's root, as in ruff."""
    root = project_root(os.path.dirname(os.path.abspath(filename)))
    patterns = DEFAULT_EXCLUDES if settings.exclude is None else settings.exclude
    exclusion = Exclusion([*patterns, *settings.extend_exclude], root)
    path = os.path.abspath(filename)
    while path != root and os.path.dirname(path) != path:
        if exclusion.leaves_out(os.path.basename(path), path):
            return True
        path = os.path.dirname(path)
    return False
