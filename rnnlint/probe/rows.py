"""What does the probe report about a claim? One dictionary, the same for JSON, the table and the page."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rnnlint.facts import claims, evidence
from rnnlint.probe.driver import Result

__all__ = ["circumstances", "recorded", "row", "rows"]


def rows(results: Iterable[Result], rules: Mapping[str, Sequence[str]], run: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The results in the order of the claims; `rules` are the codes that rest on each claim, by its id.

    `run` says when and where they were measured: see `circumstances`.
    """
    order = list(claims.by_id())
    return [row(one, rules.get(one.claim, ()), run) for one in sorted(results, key=lambda one: order.index(one.claim))]


def circumstances(version: str, full: bool | None = None) -> dict[str, Any]:
    """When, with which version of rnnlint and on what the run measures; computed before our own work loads the machine.

    `full` is None if there is no quick run.
    """
    return {
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "rnnlint": version,
        **({} if full is None else {"full": full}),
        "cpu": _cpu(),
        "cores": os.cpu_count() or 1,
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def _cpu() -> str:
    """The processor's name as the system reports it, else its type."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def recorded(chosen: Sequence[str], rules: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """The recorded results of this rnnlint for these claims: for each the record of the newest release that
    confirmed it."""
    found = []
    for claim in chosen:
        records = evidence.of_claim(claim)
        one = next((record for record in records if record.verdict == "confirmed"), next(iter(records), None))
        if one is None:
            continue
        releases = {name: getattr(one, name) for name in ("tensorflow", "keras", "tf_keras", "python")}
        result = Result(claim, one.verdict, dict(one.measured), one.summary, one.why, releases)
        found.append(row(result, rules.get(claim, ()), {"full": one.full, **one.run}))
    return found


def row(result: Result, rules: Sequence[str], run: Mapping[str, Any]) -> dict[str, Any]:
    """One claim; the field names are stable."""
    return {
        "claim": result.claim,
        "statement": claims.by_id()[result.claim].statement,
        "verdict": result.verdict,
        "summary": result.summary,
        "why": result.why,
        "measured": result.measured,
        "rules": list(rules),
        "environment": result.environment,
        "run": dict(run),
    }
