"""How much memory does a graph take until it has run once?"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from rnnlint.probe.measurement import Here, Outcome, judged, measures, not_measurable
from rnnlint.probe.processes import answer_of

RUNNERS = ("static_rnn", "dynamic_rnn")
QUICK, FULL = (50, 100), (50, 100, 200)
Footprint = Mapping[str, float]
"""``build`` and ``first_run`` (including the building): megabytes by which the peak of the process rose."""


@measures("unroll-takes-memory", seconds=14)
def unroll_takes_memory(here: Here) -> Outcome:
    """Measure the peak memory of both runners, each graph in a separate process."""
    if importlib.util.find_spec("resource") is None:
        return not_measurable("this system does not report the peak memory of a process; Linux and macOS do")
    lengths = FULL if here.full else QUICK
    found = dict(zip(keys := [(runner, steps) for runner in RUNNERS for steps in lengths], footprints(keys)))
    static, loop = ({steps: found[runner, steps]["first_run"] for steps in lengths} for runner in RUNNERS)
    first, last = lengths[0], lengths[-1]
    failures = []
    if not static[last] > 1.4 * static[first] > 0:
        failures.append(f"static_rnn takes {static[first]} MB at {first} steps and {static[last]} MB at {last}")
    failures += [
        f"at {steps} steps static_rnn takes {static[steps]} MB, dynamic_rnn {loop[steps]} MB"
        for steps in lengths
        if steps >= QUICK[-1] and not static[steps] > 4 * loop[steps]
    ]
    listed = "; ".join(
        f"{runner} {', '.join(f'{of[steps]:,.0f} MB at {steps}' for steps in lengths)} steps"
        for runner, of in zip(RUNNERS, (static, loop))
    )
    rows = [{"runner": runner, "steps": steps, **of} for (runner, steps), of in found.items()]
    return judged({"megabytes": rows}, f"peak of memory until the first result: {listed}", failures)


def footprints(asked: Sequence[tuple[str, int]]) -> list[Footprint]:
    """For each runner and number of steps, two processes at a time. Raises RuntimeError if one does not answer."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda one: answer_of("footprint", list(one)), asked))
