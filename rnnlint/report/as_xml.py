"""What do Jenkins and similar servers read? JUnit and Checkstyle XML."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rnnlint.finding import Finding
from rnnlint.report.excerpt import printable
from rnnlint.report.run import Run, message_with_cell, path_from, place_in_file

_SEVERITIES = {"error": "error", "warning": "warning", "note": "info"}
"""Checkstyle's names for the severities."""


def junit(run: Run) -> Iterator[str]:
    """A test suite for each file, a failed test for each finding; without findings one test that passed."""
    suites = Element("testsuites", name="rnnlint", tests=_count(run), failures=str(len(run.findings)), errors="0")
    for filename, findings in _by_file(run):
        path = _legal(path_from(run.root, filename))
        number = str(len(findings))
        suite = SubElement(
            suites, "testsuite", name=path, tests=number, disabled="0", errors="0", failures=number, package="rnnlint"
        )
        for finding in findings:
            _test_case(suite, finding, path)
    if not run.findings:
        suite = SubElement(suites, "testsuite", name="rnnlint", tests="1", disabled="0", errors="0", failures="0")
        SubElement(suite, "testcase", name="No findings", classname="rnnlint")
    yield _document(suites)


def checkstyle(run: Run) -> Iterator[str]:
    """An ``error`` element for each finding, below its file."""
    top = Element("checkstyle", version="4.3")
    for filename, findings in _by_file(run):
        file = SubElement(top, "file", name=_legal(path_from(run.root, filename)))
        for finding in findings:
            row, column, _, _ = place_in_file(finding)
            SubElement(
                file,
                "error",
                line=str(row),
                column=str(column),
                severity=_SEVERITIES[finding.severity],
                message=_legal(f"{finding.code} {message_with_cell(finding)}"),
                source=f"rnnlint.{finding.name}",
            )
    yield _document(top)


def _test_case(suite: Element, finding: Finding, path: str) -> None:
    row, column, _, _ = place_in_file(finding)
    case = SubElement(
        suite,
        "testcase",
        name=f"rnnlint.{finding.code}",
        classname=os.path.splitext(path)[0],
        line=str(row),
        column=str(column),
    )
    message = _legal(message_with_cell(finding))
    SubElement(
        case, "failure", message=message, type=finding.severity
    ).text = f"line {row}, col {column}, {finding.code} {message}"


def _count(run: Run) -> str:
    return str(len(run.findings) or 1)


def _by_file(run: Run) -> Iterator[tuple[str, list[Finding]]]:
    for filename, findings in groupby(run.findings, key=lambda finding: finding.filename):
        yield filename, list(findings)


def _legal(text: str) -> str:
    """Replace characters that XML 1.0 cannot contain, even escaped: most control characters and lone surrogates."""
    return printable(text)


def _document(top: Element) -> str:
    indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(top, encoding="unicode") + "\n"
