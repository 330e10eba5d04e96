"""Which RNN cell is this object, by the call that made it, and what does it cost?"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnnlint.facts import graph_cost
    from rnnlint.infer.values.frames import Frame
    from rnnlint.resolve.values import Module


class RnnCell:
    """A cell object, by the call that made it. Its cost is computed on first use, since most are never needed."""

    __slots__ = ("_cost", "_describe", "_of", "made_by", "made_in")

    def __init__(
        self,
        made_by: ast.Call | None = None,
        made_in: Module | None = None,
        of: tuple[str, Frame | None] = ("", None),
        describe: Callable[[], graph_cost.Cell | None] | None = None,
    ) -> None:
        self.made_by, self.made_in = made_by, made_in
        self._of = of
        """The path of its class, and the frame of the call."""
        self._cost: graph_cost.Cell | None = None
        self._describe = describe

    @property
    def cost(self) -> graph_cost.Cell | None:
        """The cell in the terms of the graph-cost table; None if it is not in the table."""
        if self._describe is not None:
            self._cost = self._describe()
            self._describe = None
        return self._cost

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RnnCell) or self.made_by is not other.made_by:
            return False
        is_same = self._describe is not None and other._describe is not None and self._of == other._of
        return is_same or self.cost == other.cost

    def __hash__(self) -> int:
        return hash(self.made_by)
