"""What can a rule find out about a module? Each answer is computed on first use."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from rnnlint.resolve import sites
from rnnlint.resolve.prospects import prospects_of
from rnnlint.resolve.sites import Site
from rnnlint.resolve.values import Module
from rnnlint.settings import Settings

if TYPE_CHECKING:
    from rnnlint.finding import Fix
    from rnnlint.infer.loops.time_loops import TimeLoop
    from rnnlint.infer.padding.backward_ends import BackwardEnd
    from rnnlint.infer.padding.evidence import Evidence
    from rnnlint.infer.padding.last_outputs import LastOutput
    from rnnlint.infer.padding.lost_masks import Unmasked
    from rnnlint.infer.padding.padded_runs import PaddedRun
    from rnnlint.infer.padding.runs import Run
    from rnnlint.infer.pitfalls.constant_dropout import ConstantDropout
    from rnnlint.infer.pitfalls.layouts import SwappedAxes
    from rnnlint.infer.pitfalls.shared_cells import SharedCell
    from rnnlint.infer.pitfalls.stacks import LastOutputInStack
    from rnnlint.infer.pitfalls.stateful import StatefulLayer
    from rnnlint.infer.unrolls.static_runners import Unroll
    from rnnlint.infer.unrolls.unrolled_layers import UnrolledLayer

    # Inference is imported only for modules that need it: most do not, and the import takes longer than checking them.
    from rnnlint.infer.values.interface import Evaluator
    from rnnlint.rules.keras_rewrite.plan import Rewrites


class Context:
    """What a rule can find out besides its subject; each answer is computed on first use."""

    def __init__(self, module: Module, settings: Settings) -> None:
        self.module = module
        self.settings = settings

    @property
    def is_over_budget(self) -> bool:
        """Whether a value is unknown because it takes more looking than a module may spend."""
        return "evaluator" in self.__dict__ and self.evaluator.is_over_budget

    def forget(self) -> None:
        """Drop all cached results, at the end of the check."""
        if "evaluator" in self.__dict__:
            self.evaluator.forget()
        self.__dict__.clear()

    @cached_property
    def evaluator(self) -> Evaluator:
        """Infers the numbers and tensors of the module."""
        from rnnlint.infer import libraries

        return libraries.evaluator(self.settings.keras)

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """The imports and uses of legacy symbols."""
        return tuple(sites.find(self.module))

    @cached_property
    def renamings(self) -> Mapping[ast.AST, Fix]:
        """The fixes that replace legacy names by those that the target still has, by the node of each site."""
        from rnnlint.rules.moved import plan

        return plan.fixes(self.module, self.sites, self.settings.platform)

    @cached_property
    def rewrites(self) -> Rewrites:
        """The fixes that replace legacy cells by Keras layers, or the reasons why there are none."""
        from rnnlint.rules.keras_rewrite import plan

        return plan.rewrites(self.module, self.sites, self.settings.target_tensorflow, self._least_length)

    def _least_length(self, node: ast.expr) -> int:
        """The least number of items of a list; 0 if unknown."""
        from rnnlint.infer.values.domain import Sequence

        value = self.evaluator.query(node, self.module)
        return int(value.length.low) if isinstance(value, Sequence) else 0

    @cached_property
    def _dead_rows(self) -> tuple[tuple[int, int], ...]:
        from rnnlint.resolve.dead_code import dead_rows

        return dead_rows(self.module.tree)

    def never_runs(self, row: int) -> bool:
        """Whether a line is under a constant condition that is false."""
        return any(first <= row <= last for first, last in self._dead_rows)

    @cached_property
    def unrolls(self) -> Mapping[ast.AST, Unroll]:
        """The unrolling calls by the expression that is called, and by the call."""
        if not prospects_of(self.module).unrolling_calls:
            return {}
        from rnnlint.infer.unrolls import static_runners

        found = tuple(static_runners.find(self.evaluator, self.module, self.settings.target))
        return {node: one for one in found for node in (one.call.func, one.call)}

    @cached_property
    def loops(self) -> tuple[TimeLoop, ...]:
        """The Python loops over time steps."""
        if not prospects_of(self.module).loops_in_calls and not prospects_of(self.module).looped_calls:
            return ()
        from rnnlint.infer.loops import time_loops

        return tuple(time_loops.find(self.evaluator, self.module, self.settings.target, self.settings.keras))

    @cached_property
    def layers(self) -> tuple[UnrolledLayer, ...]:
        """The Keras layers with ``unroll=True``."""
        if not prospects_of(self.module).constructions:
            return ()
        from rnnlint.infer.unrolls import unrolled_layers

        return tuple(unrolled_layers.find(self.evaluator, self.module, keras=self.settings.keras))

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The calls of legacy runners that take ``sequence_length``."""
        from rnnlint.infer.padding import runs

        return tuple(runs.find(self.module, self.sites, self.settings.target_tensorflow))

    @cached_property
    def evidence(self) -> Evidence:
        """What pads sequences, and where the padding goes."""
        from rnnlint.infer.padding.evidence import Evidence

        return Evidence(self.evaluator, self.module, self.runs)

    @cached_property
    def padded_runs(self) -> tuple[PaddedRun, ...]:
        """The runs that treat padding as data and whose affected results are used."""
        if all(run.lengths is not None for run in self.runs):
            return ()
        from rnnlint.infer.padding import padded_runs

        return tuple(
            padded_runs.find(self.evaluator, self.module, self.runs, self.evidence, self.settings.target_tensorflow)
        )

    @cached_property
    def last_outputs(self) -> tuple[LastOutput, ...]:
        """The expressions that take the last output of a padded batch, which is zero for each shorter sequence."""
        if all(run.lengths is None for run in self.runs):
            return ()
        from rnnlint.infer.padding import last_outputs

        return tuple(
            last_outputs.find(
                self.evaluator, self.module, self.runs, self.evidence.feeds, self.settings.target_tensorflow
            )
        )

    @cached_property
    def backward_ends(self) -> tuple[BackwardEnd, ...]:
        """The expressions that take the last step of bidirectional outputs."""
        if not self.module.tree.mentions.of_word("Bidirectional") and not any(r.is_bidirectional for r in self.runs):
            return ()
        from rnnlint.infer.padding import backward_ends

        taken = {found.node for found in self.last_outputs}
        found = backward_ends.find(self.evaluator, self.module, self.runs, self.settings)
        return tuple(one for one in found if one.node not in taken)

    @cached_property
    def unmasked(self) -> tuple[Unmasked, ...]:
        """The Keras layers that treat padding as data, because a mask was dropped or is missing."""
        if not prospects_of(self.module).may_lose_masks:
            return ()
        from rnnlint.infer.padding import lost_masks

        return tuple(lost_masks.find(self.evaluator, self.module, self.evidence, self.settings.keras))

    @cached_property
    def stacks(self) -> tuple[LastOutputInStack, ...]:
        """The recurrent Keras layers that pass only their last output to another one."""
        if not prospects_of(self.module).may_stack_layers:
            return ()
        from rnnlint.infer.pitfalls import stacks

        return tuple(stacks.find(self.evaluator, self.module, self.settings.keras))

    @cached_property
    def shared_cells(self) -> tuple[SharedCell, ...]:
        """The stacks and bidirectional runners that use one cell object several times."""
        text = self.module.tree.mentions.text
        if not any(word in text for word in ("MultiRNNCell", "StackedRNNCells", "RNN(", "bidirectional")):
            return ()
        from rnnlint.infer.pitfalls import shared_cells

        return tuple(shared_cells.find(self.evaluator, self.module, self.sites, self.settings.target_tensorflow))

    @cached_property
    def stateful(self) -> tuple[StatefulLayer, ...]:
        """The stateful Keras layers without a fixed batch size, and those that nothing resets."""
        if not self.module.tree.mentions.of_word("stateful") or not prospects_of(self.module).may_stack_layers:
            return ()
        from rnnlint.infer.pitfalls import stateful

        return tuple(stateful.find(self.evaluator, self.module, self.settings.keras))

    @cached_property
    def constant_dropout(self) -> tuple[ConstantDropout, ...]:
        """The dropout wrappers and functions that are active in each run of a graph that also evaluates."""
        if not self.sites or not any(word in self.module.tree.mentions.text for word in ("DropoutWrapper", "dropout(")):
            return ()
        from rnnlint.infer.pitfalls import constant_dropout

        return tuple(constant_dropout.find(self.evaluator, self.module, self.sites, self.settings.target_tensorflow))

    @cached_property
    def swapped_axes(self) -> tuple[SwappedAxes, ...]:
        """The runners and layers whose input has its batch and time axes swapped."""
        text = self.module.tree.mentions.text
        runs = any(site.symbol.family in ("static", "dynamic") for site in self.sites)
        if not runs and not any(word in text for word in ("time_major", "transpose", "swapaxes", "permute_dimensions")):
            return ()
        from rnnlint.infer.pitfalls import layouts

        return tuple(layouts.find(self.evaluator, self.module, self.sites, self.settings.target_tensorflow))
