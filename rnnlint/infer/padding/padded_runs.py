"""Which runs without lengths return results that padding has changed?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from rnnlint.infer.padding.evidence import Evidence
from rnnlint.infer.padding.results import Results
from rnnlint.infer.padding.runs import Run
from rnnlint.infer.padding.sources import Source
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.values import Module

Used = Literal["first", "backwards", "state", "last", "pooled"]
"""Why padding affects the used result: it comes first, one half runs backwards, the final state or last output is
used, or all outputs are combined into one vector."""


class PaddedRun(NamedTuple):
    """A run that treats padding as data."""

    run: Run
    padding: Source
    used: Used
    takes_last: bool
    """Whether the last output is used."""


def find(
    evaluator: Evaluator, module: Module, runs: Sequence[Run], evidence: Evidence, target: str
) -> Iterator[PaddedRun]:
    """The padded runs of a module, in source order.

    Outputs that are used step by step are right up to the padding, if the padding comes last.
    """
    for run in runs:
        if run.lengths is not None:
            continue
        results = Results.of(run, module, evaluator, target)
        may_count = run.is_bidirectional or results.state_is_used or results.last or results.is_pooled
        may_count = may_count or evidence.pads_first
        padding = evidence.of_run(run, target) if may_count else None
        if padding is None:
            continue
        used = _used(run, padding, results)
        if used is not None:
            yield PaddedRun(run, padding, used, bool(results.last))


def _used(run: Run, padding: Source, results: Results) -> Used | None:
    if run.is_bidirectional:
        return "backwards"
    if padding.first:
        return "first"
    if results.state_is_used:
        return "state"
    if results.last:
        return "last"
    return "pooled" if results.is_pooled else None
