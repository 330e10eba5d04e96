"""What does an editor show? Diagnostics, hover text, and code actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from lsprotocol import types

from rnnlint.finding import Edit, Finding
from rnnlint.hosts.server.check import Page, Report
from rnnlint.hosts.server.places import Places, contains, meet
from rnnlint.read.aligned import aligned_in
from rnnlint.report import noqa, rule_pages, unused_noqa
from rnnlint.report.applying import compatible, edits_of
from rnnlint.report.excerpt import printable
from rnnlint.report.rules import reported
from rnnlint.report.run import is_hidden, is_offered
from rnnlint.rules.rule import Rule

SOURCE = "rnnlint"
QUICK_FIX = types.CodeActionKind.QuickFix.value
FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.{SOURCE}"
FIX_NOTEBOOK = f"notebook.{FIX_ALL}"
"""The kinds of the code actions that apply all safe fixes of a page, or of all cells of a notebook."""
KINDS = (QUICK_FIX, FIX_ALL, FIX_NOTEBOOK)


_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}
_ORDER = tuple(_SEVERITIES)
"""The most severe first."""


def diagnostics(report: Report, uri: str, places: Places) -> list[types.Diagnostic]:
    """The findings of one page as diagnostics."""
    return [_diagnostic(finding, report, places) for finding in report.findings_on(uri)]


def _diagnostic(finding: Finding, report: Report, places: Places) -> types.Diagnostic:
    related = [
        types.DiagnosticRelatedInformation(location=places.of_origin(origin, report), message=origin.text)
        for origin in finding.because
    ]
    return types.Diagnostic(
        range=places.of(finding, report.page_of(finding)),
        message=finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        source=SOURCE,
        tags=_tags(finding.code) or None,
        related_information=related or None,
    )


def _tags(code: str) -> list[types.DiagnosticTag]:
    if code == unused_noqa.RULE.code:
        return [types.DiagnosticTag.Unnecessary]
    return [types.DiagnosticTag.Deprecated] if code.startswith("RNN1") else []


def hover(report: Report, page: Page, position: types.Position, places: Places, markdown: bool) -> types.Hover | None:
    """The hover text at a position: findings with the origin of their numbers, and the pages of their rules."""
    here = [finding for finding in report.findings_on(page.uri) if contains(places.of(finding, page), position)]
    said = [_explained(finding, report, places, markdown) for finding in here]
    by_code = {rule.code: rule for rule in reported()}
    # Only the page of the most severe finding is shown; each message links to its own.
    shown = sorted(here, key=lambda finding: _ORDER.index(finding.severity))[:1]
    rules = {finding.code: by_code[finding.code] for finding in shown}
    if not rules:
        rules = {rule.code: rule for rule in _named_in_noqa(page, position, places)}
    if not rules:
        return None
    # Without a blank line, a rule (---) would turn the previous line into a heading.
    text = "\n\n---\n\n".join([*said, *map(rule_pages.page, rules.values())])
    kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
    return types.Hover(types.MarkupContent(kind, text if markdown else rule_pages.as_text(text)))


def _explained(finding: Finding, report: Report, places: Places, markdown: bool) -> str:
    """The message, and below it each line that it depends on, as a link."""
    lines = [f"**{finding.code}** {finding.message}" if markdown else f"{finding.code} {finding.message}"]
    if finding.because:
        is_length = finding.unroll_length is not None and not finding.code.startswith("RNN1")
        lines.append(f"The length {finding.unroll_length} comes from:" if is_length else "Because:")
        rows = []
        for origin in finding.because:
            location = places.of_origin(origin, report)
            name = location.uri.rpartition("/")[2].partition("#")[0]
            rows.append(f"- [{_safe(name)}:{origin.row}]({_safe(location.uri)}#L{origin.row}): {_code(origin.text)}")
        lines.append("\n".join(rows))
    return "\n\n".join(lines)


def _safe(uri: str) -> str:
    """An editor's URI, without the characters that would end a link."""
    return "".join(char if char.isprintable() and char not in " ()<>[]\\`" else quote(char, safe="") for char in uri)


def _code(text: str) -> str:
    """A code span for text that may contain backquotes: delimited by more of them than any run in it."""
    text = printable(text)
    if "`" not in text:
        return f"`{text}`"
    longest = max(len(run) for run in "".join(char if char == "`" else " " for char in text).split())
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}"


def _named_in_noqa(page: Page, position: types.Position, places: Places) -> Iterator[Rule]:
    """The rules that a noqa comment at the position names."""
    if position.line >= len(page.lines) or "noqa" not in page.lines[position.line].lower():
        return
    for directive in noqa.directives(page.lines):
        for word in directive.words:
            if contains(places.range(page, word.row, word.column, word.row, word.end_column), position):
                yield from (r for r in reported() if word.text.upper() == r.code or word.text.lower() == r.name)


def actions(report: Report, page: Page, wanted: types.Range, places: Places, versioned: bool) -> list[types.CodeAction]:
    """For each finding in the range: its fix, and a noqa comment that silences it."""
    return [
        action
        for finding in report.findings_on(page.uri)
        if meet(places.of(finding, page), wanted)
        for action in _actions(finding, report, page, places, versioned)
    ]


def _actions(
    finding: Finding, report: Report, page: Page, places: Places, versioned: bool
) -> Iterator[types.CodeAction]:
    changes: list[tuple[str, tuple[Edit, ...], bool]] = []
    fix = finding.fix
    # "display" fixes are only shown.
    if fix is not None and fix.applicability != "display":
        warning = " (unsafe)" if is_hidden(finding) else ""
        changes.append((f"{fix.message}{warning}", fix.edits, not warning))
    if finding.code != unused_noqa.RULE.code:
        comment = tuple(report.noqa_edits(page).of([finding]))
        changes.append((f"Add # noqa: {finding.code}", comment, False))
    for title, edits, preferred in changes:
        yield types.CodeAction(
            title=f"{SOURCE} ({finding.code}): {title}",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[_diagnostic(finding, report, places)],
            is_preferred=preferred,
            edit=_workspace_edit(_by_page(edits, report, page), places, versioned),
        )


def fix_all(
    report: Report, kind: str, pages: Sequence[Page], places: Places, versioned: bool
) -> Iterator[types.CodeAction]:
    """All safe fixes of some pages at once, if there are any. Those that touch each other wait for the next time."""
    uris = {page.uri for page in pages}
    found = [finding for page in pages for finding in report.findings_on(page.uri) if is_offered(finding, unsafe=False)]
    wanted = [finding for finding in found if _pages_of(finding, report) <= uris]
    changes = [
        (report.page(cell), tuple(edits)) for cell, edits in sorted(edits_of(compatible(wanted)).items(), key=_cell)
    ]
    if changes:
        yield types.CodeAction(
            title=f"{SOURCE}: Apply all safe fixes",
            kind=kind,
            edit=_workspace_edit(changes, places, versioned),
        )


def _by_page(edits: Iterable[Edit], report: Report, page: Page) -> list[tuple[Page, tuple[Edit, ...]]]:
    """The edits with the pages that they change; an edit without a cell changes the page of its finding."""
    found: dict[str, tuple[Page, list[Edit]]] = {}
    for edit in edits:
        its = page if edit.cell is None else report.page(edit.cell)
        found.setdefault(its.uri, (its, []))[1].append(edit)
    return [(its, tuple(some)) for its, some in found.values()]


def _pages_of(finding: Finding, report: Report) -> set[str]:
    """The pages that a fix changes."""
    edits = finding.fix.edits if finding.fix is not None else ()
    return {report.page(finding.cell if edit.cell is None else edit.cell).uri for edit in edits}


def _cell(change: tuple[int | None, Sequence[Edit]]) -> int:
    return change[0] or 0


def _workspace_edit(
    changes: Sequence[tuple[Page, tuple[Edit, ...]]], places: Places, versioned: bool
) -> types.WorkspaceEdit:
    """The edits, tied to the versions of the pages if the editor can detect that they have changed."""
    changed = {
        page.uri: [
            types.TextEdit(places.range(page, edit.row, edit.column, edit.end_row, edit.end_column), edit.content)
            for edit in aligned_in(page.text, page.uri, edits)
        ]
        for page, edits in changes
    }
    if not versioned:
        return types.WorkspaceEdit(changes=changed)
    identifiers = [
        types.OptionalVersionedTextDocumentIdentifier(uri=page.uri, version=page.version) for page, _ in changes
    ]
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(one, changed[one.uri]) for one in identifiers])
