"""What can a rule look at? The subjects that the engine offers, and the reports that rules return."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from rnnlint.finding import Fix, Severity

if TYPE_CHECKING:
    from rnnlint.resolve.values import Module

Subject = Literal[
    "sites", "unrolls", "loops", "layers", "runs", "padded_runs", "last_outputs", "unmasked", "backward_ends",
    "stacks", "shared_cells", "stateful", "constant_dropout",
    "swapped_axes",
]  # fmt: skip
"""``sites``: imports and uses of legacy symbols. ``unrolls``: calls that copy a cell into the graph for each step.
``loops``: Python loops over time steps. ``layers``: Keras layers with ``unroll=True``. ``runs``: calls of legacy
runners that take ``sequence_length``, and ``padded_runs`` those that treat padding as data. ``last_outputs``: where the
last output of such a call is used. ``unmasked``: Keras layers that get no mask: it was dropped or never made.
``backward_ends``: where the last step of the outputs of a bidirectional runner or layer is used. ``stacks``: Keras
layers that pass only their last output to another one that expects a sequence. ``shared_cells``: stacks and
bidirectional runners that use one cell object several times. ``stateful``: stateful Keras layers without a fixed batch
size, or that nothing resets. ``constant_dropout``: dropout that is active in each run of a graph that evaluates.
``swapped_axes``: runners and layers whose input has its batch and time axes swapped."""


class Watch(NamedTuple):
    """The subjects that a rule is called with."""

    subject: Subject
    families: frozenset[str] = frozenset()
    """For sites: the families of facts.symbols."""
    others: tuple[Watch, ...] = ()
    """More subjects, for a rule that reports several kinds."""


def sites_of(*families: str) -> Watch:
    """Imports and uses of symbols of these families."""
    return Watch("sites", frozenset(families))


UNROLLS = Watch("unrolls")
LOOPS = Watch("loops")
LAYERS = Watch("layers")
RUNS = Watch("runs")
PADDED_RUNS = Watch("padded_runs")
LAST_OUTPUTS = Watch("last_outputs")
UNMASKED = Watch("unmasked")
BACKWARD_ENDS = Watch("backward_ends")
STACKS = Watch("stacks")
SWAPPED_AXES = Watch("swapped_axes")
CONSTANT_DROPOUT = Watch("constant_dropout")
STATEFUL = Watch("stateful")
SHARED_CELLS = Watch("shared_cells")


class Report(NamedTuple):
    """What a rule reports: the node and the blanks of the message. The engine does the rest.

    ``help`` is the advice, with which the message ends. ``severity`` is one of the rule's; None means its last.
    ``imported_by`` are the aliases of import statements in the same module that may have imported the name.
    """

    node: ast.AST
    blanks: Mapping[str, object]
    api: str | None = None
    unroll_length: int | None = None
    graph_ops: int | None = None
    because: tuple[tuple[Module, ast.AST], ...] = ()
    fix: Fix | None = None
    help: str = ""
    severity: Severity | None = None
    is_import: bool = False
    imported_by: tuple[ast.alias, ...] = ()
