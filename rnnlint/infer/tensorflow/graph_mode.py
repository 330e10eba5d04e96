"""Which kind of graph does a module build, that of TensorFlow 2 or that of TensorFlow 1?

Control flow and variables use different operations there. `tf.compat.v1.disable_v2_behavior()` and similar calls switch
at run time, mostly in the module that builds the graph.
"""

from __future__ import annotations

from typing import NamedTuple

from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.values import External, Module, Value

_SWITCHES = {
    "disable_v2_behavior": (1, False),
    "enable_v2_behavior": (2, True),
    "disable_control_flow_v2": (1, None),
    "enable_control_flow_v2": (2, None),
    "disable_resource_variables": (None, False),
    "enable_resource_variables": (None, True),
}
"""The functions, and how each switches control flow and variables; None for what it does not change."""


class Mode(NamedTuple):
    """In the form that the graph-cost table takes."""

    control_flow: int = 2
    resource_variables: bool = True
    measured: bool = True
    """Whether operations were counted on a release like the target: none before 2.0 was measured."""


def mode_of(module: Module, target: tuple[int, int]) -> Mode:
    """The mode after all TensorFlow switches of a module, in source order."""
    known: dict[tuple[int, int], Mode] = module.memo.setdefault("modes", {})
    if target not in known:
        known[target] = _switched(module, target)
    return known[target]


def _switched(module: Module, target: tuple[int, int]) -> Mode:
    is_first = target < (2, 0)
    control_flow, resource = (1, False) if is_first else (2, True)
    tree = module.tree
    said = [name for name in _SWITCHES if tree.mentions.has(name)]
    for call in tree.calls_in(dict.fromkeys(statement for name in said for statement in tree.holding(name))):
        name = leaf(call.func)
        if name not in said or not any(_is_of_library(value) for value in module.values(call.func)):
            continue
        flow, variables = _SWITCHES[name]
        control_flow = control_flow if flow is None else flow
        resource = resource if variables is None else variables
    return Mode(control_flow, resource, not is_first)


def _is_of_library(value: Value) -> bool:
    return isinstance(value, External) and value.path.startswith("tf.")
