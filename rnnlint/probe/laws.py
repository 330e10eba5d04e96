"""On which straight line are the operations of calls? Rows in the form of ``measured.laws``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rnnlint.facts.graph_cost import Cell

__all__ = ["Law", "fit", "name", "rows", "words"]


@dataclass(frozen=True, slots=True)
class Law:
    """Operations of a call with or without its gradients: `a` + `b` for each step."""

    cell: str
    runner: str
    gradients: bool
    sequence_length: bool
    control_flow: int
    batch_known: bool
    a: int
    b: int
    exact: bool
    """Whether every measured length is on the line."""

    @property
    def text(self) -> str:
        """``43 + 17·T``, or the constant alone."""
        return f"{self.a} + {self.b}·T" if self.b else str(self.a)


def fit(lengths: Sequence[int], operations: Callable[[int], int]) -> tuple[int, int, bool]:
    """a, b and whether all lengths are on the line through the first two. Each length is evaluated once."""
    counts = [operations(steps) for steps in lengths]
    b, rest = divmod(counts[1] - counts[0], lengths[1] - lengths[0])
    a = counts[0] - b * lengths[0]
    return a, b, rest == 0 and all(count == a + b * steps for steps, count in zip(lengths, counts))


def name(cell: Cell) -> str:
    """The cell as text: ``LSTMCell(peepholes)``, ``MultiRNNCell(LSTMCell, LSTMCell)``."""
    inside = ", ".join([*map(name, cell.inner), *sorted(cell.options)])
    return f"{cell.kind}({inside})" if inside else cell.kind


def words(law: Law) -> str:
    """The subject of the law, for an error: ``static_rnn of LSTMCell with gradients``."""
    found = [f"{law.runner} of {law.cell}"]
    found += ["with gradients"] if law.gradients else []
    found += ["with sequence_length"] if law.sequence_length else []
    found += ["with control flow v1"] if law.control_flow == 1 else []
    found += ["with the batch size known"] if law.batch_known else []
    return " ".join(found)


def rows(laws: Iterable[Law]) -> list[dict[str, Any]]:
    """As JSON."""
    return [asdict(law) for law in laws]
