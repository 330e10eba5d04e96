"""How much memory does one graph take until it has run once? Measured in a separate process."""

from __future__ import annotations

import json
import sys

__all__ = ["main"]


def main() -> int:
    """Answer ``[runner, steps]`` with the megabytes by which the peak rose, for building and until the first result."""
    import resource

    from rnnlint.probe.claims.first_runs import build, run_once
    from rnnlint.probe.worker import open_here

    runner, steps = json.load(sys.stdin)
    here = open_here(full=False)
    # What the first graph of a process loads does not belong to the graph.
    run_once(here, build(here, runner, 2))
    # Linux counts kilobytes, macOS bytes.
    unit = 1 if sys.platform == "darwin" else 1024

    def peak() -> float:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6

    before = peak()
    graph = build(here, runner, steps)
    after_building = peak()
    run_once(here, graph)
    print(json.dumps({"build": round(after_building - before, 1), "first_run": round(peak() - before, 1)}))
    return 0
