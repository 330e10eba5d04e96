"""Which calls of a module are rewritten to Keras layers, with which edits, and why not the others?

All changes to a module are one fix, because layers and imports are shared.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from rnnlint.finding import Fix
from rnnlint.resolve.given import argument
from rnnlint.resolve.sites import Site
from rnnlint.resolve.values import Module
from rnnlint.rules.keras_rewrite.arguments import arguments_of, check_state_is_tuple
from rnnlint.rules.keras_rewrite.bidirectional import place_both
from rnnlint.rules.keras_rewrite.cells import Cells, Holder, Made
from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.dropout import check_dropouts, drops, drops_between
from rnnlint.rules.keras_rewrite.dtypes import check_dtype, set_dtype
from rnnlint.rules.keras_rewrite.edits import Edits
from rnnlint.rules.keras_rewrite.layers import Layer, layers_of, write_layer
from rnnlint.rules.keras_rewrite.refusal import RefusedError
from rnnlint.rules.keras_rewrite.runners import Written
from rnnlint.rules.keras_rewrite.runs import Run, read_run
from rnnlint.rules.keras_rewrite.safety import check_module, check_places, check_variables
from rnnlint.rules.keras_rewrite.states import ASKED, may_be_none, write_asked
from rnnlint.rules.keras_rewrite.unstacked import unstacked_by, write_unstacked
from rnnlint.rules.keras_rewrite.zero_states import dropped_states

_MESSAGE = (
    "Rewrite to Keras layers (variables get other names, shapes and initial values; `rnnlint weights CHECKPOINT{bias} "
    "--output weights.npz` and `rnnlint.weights.load` carry trained ones over)"
)


MOST_SITES = 200
"""The limit per file: all of its findings carry the one fix with its edits, and each refusal restarts the plan."""

StackLengths: TypeAlias = "Callable[[ast.expr], int]"
"""Returns the least number of items of a list, for an expression."""


class Rewrites(NamedTuple):
    """The results for the sites of a module."""

    fixes: Mapping[ast.AST, Fix]
    reasons: Mapping[ast.AST, str]
    """Why a site has no fix."""


def rewrites(module: Module, sites: Iterable[Site], target: str, lengths: StackLengths) -> Rewrites:
    """The fix of each site, or the reason why there is none."""
    sites = [site for site in sites if site.symbol.family in ("static", "dynamic", "cell", "module")]
    runners = [site for site in sites if site.symbol.family in ("static", "dynamic") and not site.is_import]
    if len(sites) > MOST_SITES:
        return Rewrites({}, {site.node: f"the file has more than {MOST_SITES} legacy names" for site in sites})
    refused: dict[ast.AST, str] = {}
    while True:
        attempt = _Attempt(module, sites, runners, target, refused, lengths)
        if not attempt.more:
            return attempt.result()
        refused |= attempt.more


class _Attempt:
    """The rewriting of a module without the calls that are known to be refused."""

    def __init__(
        self, module: Module, sites: list[Site], runners: list[Site], target: str, refused: dict[ast.AST, str],
        lengths: StackLengths,
    ) -> None:  # fmt: skip
        self.module, self.sites, self.target, self.refused = module, sites, target, refused
        self.lengths = lengths
        self.code = Code(module)
        self.cells = Cells(self.code, target, frozenset(site.node for site in sites))
        self.more: dict[ast.AST, str] = {}
        self.fix: Fix | None = None
        self.gone: set[ast.AST] = set()
        self.runs = [run for site in runners if site.node not in refused and (run := self._read(site)) is not None]
        for step in (self._check, self._check_uses, self._check_layers, self._write):
            if self.more or not self.runs:
                return
            step()

    def result(self) -> Rewrites:
        """The fix for all sites that it resolves, and the reasons for all others."""
        fixes = dict.fromkeys(self.gone, self.fix) if self.fix is not None else {}
        reasons: dict[ast.AST, str] = {site.node: self._reason(site) for site in self.sites if site.node not in fixes}
        return Rewrites(fixes, reasons)

    def _reason(self, site: Site) -> str:
        if site.node in self.refused:
            return self.refused[site.node]
        if len(set(self.refused.values())) == 1 and not self.gone:
            return next(iter(self.refused.values()))
        return "not all that uses it is rewritten" if site.is_import else "no call that is rewritten runs it"

    def _refuse(self, run: Run, reason: str) -> None:
        self.more.setdefault(run.site.node, reason)

    def _read(self, site: Site) -> Run | None:
        try:
            if self.module.source.dialect == "python2":
                raise RefusedError("the file is Python 2")
            if tuple(int(part) for part in self.target.split(".")[:2]) < (2, 4):
                raise RefusedError("it needs TensorFlow 2.4 or later")
            return read_run(site, self.code, self.cells, self.target)
        except RefusedError as error:
            self.more[site.node] = str(error)
            return None

    # ---- what keeps a call from being rewritten

    def _check(self) -> None:
        try:
            check_module(self.code)
            kinds = {made.kind for run in self.runs for one in run.cells for made in (one.made, *one.made.inner)}
            check_variables(self.code, adds_forget_bias="LSTM" in kinds)
            self._check_state_tuples()
        except RefusedError as error:
            self.more |= {run.site.node: str(error) for run in self.runs}
            return
        for run, reason in check_places(self.runs, self.code).items():
            self._refuse(run, reason)
        statements: dict[ast.stmt, Run] = {}
        for run in self.runs:
            other = statements.setdefault(run.statement, run)
            if other is not run:
                self._refuse(run, "its statement has more than one such call")
            try:
                for taken in run.cells:
                    check_dropouts(taken, self.code, self.target, run.statement)
                    for made in taken.made.inner or (taken.made,):
                        arguments_of(made, self.code, self.target, in_config=run.kind == "both")
                self._check_run(run)
            except RefusedError as error:
                self._refuse(run, str(error))

    def _check_state_tuples(self) -> None:
        for site in self.sites:
            if site.symbol.path.rpartition(".")[2] == "LSTMStateTuple" and isinstance(site.node, ast.expr):
                if self.refused and self.module.tree.call_of(site.node) is None:
                    raise RefusedError("the code uses LSTMStateTuple, and not all calls can be rewritten")

    def _check_run(self, run: Run) -> None:
        self.code.tensorflow(run.call)
        check_dtype(run, self.code, self.target)
        if not self.code.writer.stands_alone(run.statement):
            raise RefusedError("its statement shares a line with another")
        for taken in run.cells:
            check_state_is_tuple(taken.made, run.site.symbol, self.target)
            if taken.made.kind == "stack":
                # With a mask, Keras 3 raises for a stack of one cell, and inputs may bring a mask.
                taken.made.is_split |= self._length(taken.made) < 2 or drops_between(taken, self.target)
                if run.kind == "both" and taken.made.is_split:
                    raise RefusedError(
                        "it runs stacks in both directions, and their cells drop parts or may be one cell each"
                    )
        if run.kind == "both":
            if run.cells[0].layer is run.cells[1].layer:
                raise RefusedError("one cell is used in both directions")
            if len([state for state in run.states if state is not None]) == 1:
                raise RefusedError("it has an initial state for one direction only")
            stacks = [taken.made for taken in run.cells if taken.made.kind == "stack"]
            if (
                len(stacks) == 1
                or len({stack.count for stack in stacks}) == 2
                or (stacks and stacks[0].count is None and stacks[0] is not stacks[1])
            ):
                raise RefusedError("its two directions may have different numbers of cells")
            if stacks and any(run.states):
                raise RefusedError("it has an initial state for stacks in both directions")
            names = ("input_keep_prob", "output_keep_prob") if run.is_joined else ("input_keep_prob",)
            if any(drops(taken, self.code, self.target, name) for taken in run.cells for name in names):
                raise RefusedError("a DropoutWrapper drops parts of each direction separately")
            if any(run.states) and len({taken.made.kind == "LSTM" for taken in run.cells}) == 2:
                raise RefusedError("it has initial states for different cells")
            if any(may_be_none(state, self.code) for state in run.states if state is not None):
                raise RefusedError("it may have no initial state")

    def _length(self, stack: Made) -> int:
        if stack.count is not None:
            return stack.count
        cells = argument(stack.call, stack.symbol, "cells", self.target)
        return self.lengths(cells) if cells is not None else 0

    def _check_uses(self) -> None:
        """Check that everything that reads a cell can be rewritten too."""
        self.dropped = dropped_states(self.runs, self.code)
        allowed = {id(node) for run in self.runs for taken in run.cells for node in taken.nodes}
        self.asked: list[tuple[Run, ast.expr, Holder]] = []
        for run in self.runs:
            for taken in run.cells:
                for holder in taken.holders:
                    for read in holder.reads:
                        if id(read) not in allowed:
                            self._check_use(run, holder, read)

    def _check_use(self, run: Run, holder: Holder, read: ast.expr) -> None:
        outer = self.code.parents.get(read)
        is_asked = isinstance(outer, ast.Attribute) and outer.attr in ASKED and isinstance(outer.ctx, ast.Load)
        if is_asked and holder.of is not None and (run.kind != "both" or outer.attr in ("zero_state", "output_size")):  # type: ignore[union-attr]
            self.asked.append((run, read, holder))
            return
        row = self.module.source.place(read.lineno, 0).row
        what = "the function that makes its cell is" if holder.function is not None else "its cell is"
        self._refuse(run, f"{what} also used elsewhere, on line {row}")

    def _check_layers(self) -> None:
        accepted: list[Run] = []
        for run in self.runs:
            try:
                layers_of([*accepted, run])
                accepted.append(run)
            except RefusedError as error:
                self._refuse(run, str(error))

    # ---- what is written

    def _write(self) -> None:
        code = self.code
        layers = layers_of(self.runs)
        code.has_masks = any(run.lengths is not None for run in self.runs)
        edits = Edits(code, self.sites)
        for site in self.sites:
            if site.symbol.path.rpartition(".")[2] == "LSTMStateTuple" and isinstance(site.node, ast.expr):
                code.new[site.node] = code.state_tuple()
        written: list[tuple[Run, Written]] = []
        for run in self.runs:
            run.consumed |= self.dropped.arguments
            own = [layers[taken.layer] for taken in run.cells]
            set_dtype(run, own, code)
            try:
                both = place_both(run, own, code, edits) if run.kind == "both" else None
                one = Written(run, own, both, code, self.target)
                one.choose_names()
                written.append((run, one))
            except RefusedError as error:
                self._refuse(run, str(error))
        self._write_cells(layers, edits)
        if self.more:
            return
        for run, one in written:
            try:
                edits.replace(run.statement, run.call, one.statement())
            except RefusedError as error:
                self._refuse(run, str(error))
        if not self.more:
            self._finish(edits)

    def _write_cells(self, layers: dict[ast.Call, Layer], edits: Edits) -> None:
        code = self.code
        for statement in self.dropped.statements:
            edits.delete(statement)
        for run, read, holder in self.asked:
            if read not in self.dropped.reads:
                try:
                    write_asked(read, holder, code)
                except RefusedError as error:
                    self._refuse(run, str(error))
        for run in self.runs:
            try:
                for taken in run.cells:
                    if taken.layer not in code.new:
                        write_layer(layers[taken.layer], taken.inner_wrapped, code, self.target)
                    for wrapper, inner in reversed(taken.wrapped):
                        code.new.setdefault(wrapper, code.render(inner))
                    edits.may_be_idle(taken.copied)
                if run.is_list:
                    call = unstacked_by(run.inputs, code)
                    if call is not None:
                        write_unstacked(call, code, code.tensorflow(run.call).name)
                        if call is not run.inputs:
                            edits.may_be_idle([code.statement_of(call)])
            except RefusedError as error:
                self._refuse(run, str(error))

    def _finish(self, edits: Edits) -> None:
        try:
            found = edits.made()
        except RefusedError as error:
            self.more |= {run.site.node: str(error) for run in self.runs}
            return
        biases = set()
        for run in self.runs:
            for taken in run.cells:
                for made in taken.made.inner or (taken.made,):
                    bias = arguments_of(made, self.code, self.target, in_config=run.kind == "both").forget_bias
                    biases |= {bias} if bias else set()
        bias = f" --forget-bias {' or '.join(sorted(biases))}" if biases else ""
        self.fix = Fix(_MESSAGE.format(bias=bias), "unsafe", tuple(found))
        self.gone = edits.mended()
