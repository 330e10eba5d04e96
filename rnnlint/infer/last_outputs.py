"""Where is the last output of a padded batch taken, which is zero for each shorter sequence?

With ``sequence_length`` a runner gives zeros past the end of a sequence, so that ``outputs[:, -1]`` is the last output
of the longest sequences only.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rnnlint.infer.runs import Run
from rnnlint.resolve.classes import method_owner
from rnnlint.resolve.module import Module
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.walking import below

LAST = re.compile(r"\[\s*(?::\s*,\s*)?-\s*1\s*[\],]")
"""The text of an index that may take the last step."""

_SAME_FOR_ALL = frozenset(("fill", "ones", "full", "ones_like", "tile", "repeat"))
"""What makes lengths that do not differ."""

_CONVERTING = frozenset(("cast", "to_int32", "to_int64", "constant", "convert_to_tensor"))

_ELEMENTWISE = frozenset(("dropout", "identity", "relu", "tanh", "sigmoid"))
_FURTHEST = 6


class LastOutput(NamedTuple):
    """An expression that takes the last step of what a run with ``sequence_length`` gave."""

    node: ast.Subscript
    run: Run


class _Outputs(NamedTuple):
    """What a run gave for each step: ``axis`` is that of time. ``pair`` where it is one tensor for each direction."""

    run: Run
    axis: int
    pair: bool


def find(module: Module, runs: Sequence[Run], target: str) -> Iterator[LastOutput]:
    """All such expressions of a module, in source order."""
    by_call = {run.call: run for run in runs if run.lengths is not None and _may_differ(run.lengths, module)}
    if not by_call:
        return
    follow = _Follower(module, by_call, target)
    for node in _last_indices(module):
        found = follow.outputs(node.value, 0)
        if found is not None and not found.pair and found.axis == _axis_of(node):
            yield LastOutput(node, found.run)


def _last_indices(module: Module) -> Iterable[ast.Subscript]:
    tree = module.tree
    rows = sorted({tree.mentions.row_of(found.start()) for found in LAST.finditer(tree.mentions.text)})
    nodes = {
        node: None
        for statement in tree.on_rows(rows)
        for node in below(statement)
        if isinstance(node, ast.Subscript) and _axis_of(node) is not None
    }
    return sorted(nodes, key=lambda node: (node.lineno, node.col_offset))


def _axis_of(node: ast.Subscript) -> int | None:
    """The axis of which an index takes the last entry: 0 for ``x[-1]``, 1 for ``x[:, -1]`` and ``x[:, -1, :]``."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for axis, part in enumerate(parts[:2]):
        if _is_minus_one(part):
            return axis
        if not (isinstance(part, ast.Slice) and part.lower is part.upper is part.step is None):
            return None
    return None


def _is_minus_one(node: ast.expr) -> bool:
    is_minus = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    return is_minus and isinstance(node.operand, ast.Constant) and node.operand.value == 1  # type: ignore[attr-defined]


def _may_differ(lengths: ast.expr, module: Module) -> bool:
    """Whether sequences surely have lengths that are not said to be the same: else perhaps none is padded."""
    for _ in range(_FURTHEST):
        if isinstance(lengths, (ast.Name, ast.Attribute)):
            bindings = _bindings(lengths, module)
            if any(isinstance(one.value, ast.Constant) and one.value.value is None for one in bindings):
                return False
            if len(bindings) != 1 or bindings[0].value is None or bindings[0].path or bindings[0].kind != "assign":
                return True
            lengths = bindings[0].value
        elif isinstance(lengths, ast.BinOp):
            lengths = lengths.left if isinstance(lengths.left, (ast.List, ast.Call)) else lengths.right
        elif isinstance(lengths, ast.Call) and leaf(lengths.func) in _CONVERTING and lengths.args:
            lengths = lengths.args[0]
        else:
            break
    if isinstance(lengths, (ast.List, ast.Tuple)):
        return len({ast.dump(element) for element in lengths.elts}) != 1
    if isinstance(lengths, (ast.IfExp, ast.BoolOp)):
        return False
    return not (isinstance(lengths, ast.Call) and leaf(lengths.func) in _SAME_FOR_ALL)


def _bindings(node: ast.expr, module: Module) -> list[Binding]:
    """What a name, or an attribute of the object itself, may be bound to; nothing for any other expression."""
    match node:
        case ast.Name():
            return module.bindings(node)
        case ast.Attribute(value=ast.Name() as receiver, attr=name):
            owners = {method_owner(one) for one in module.bindings(receiver) if one.kind == "parameter"} - {None}
            return [write for owner in owners if owner is not None for write in module.writes_of(owner, name)]
    return []


class _Follower:
    """Follows what a run gave through names, pairs, and functions that keep the steps."""

    def __init__(self, module: Module, runs: dict[ast.Call, Run], target: str) -> None:
        self.module, self.runs, self.target = module, runs, target

    def outputs(self, node: ast.expr, distance: int) -> _Outputs | None:
        """The outputs that an expression surely is; None where it may be anything else."""
        if distance > _FURTHEST:
            return None
        match node:
            case ast.Name() | ast.Attribute():
                return self._bound(_bindings(node, self.module), distance)
            case ast.Subscript(slice=ast.Constant(value=int(index))):
                return self._picked(node.value, index, distance)
            case ast.Call():
                return self._called(node, distance)
        return None

    def _bound(self, bindings: Sequence[Binding], distance: int) -> _Outputs | None:
        if len(bindings) != 1 or bindings[0].kind != "assign" or bindings[0].value is None:
            return None
        value, path = bindings[0].value, bindings[0].path
        if isinstance(value, ast.Call) and value in self.runs:
            return self._of_run(self.runs[value], path)
        found = self.outputs(value, distance + 1)
        if found is not None and found.pair and len(path) == 1:
            return found._replace(pair=False)
        return found if not path else None

    def _of_run(self, run: Run, path: Sequence[object]) -> _Outputs | None:
        """A run gives its outputs first; those of both directions are a pair, or for a static one put together."""
        if not path or path[0] != 0:
            return None
        pair = run.is_bidirectional and not run.is_static and not run.leaf.startswith("stack")
        if len(path) > (2 if pair else 1):
            return None
        major = run.argument("time_major", self.target)
        if major is not None and not isinstance(major, ast.Constant):
            return None
        axis = 0 if run.is_static or major is not None and major.value else 1
        return _Outputs(run, axis, pair and len(path) == 1)

    def _picked(self, node: ast.expr, index: int, distance: int) -> _Outputs | None:
        """``result[0]`` of a run that was not unpacked, or one direction of a pair."""
        if isinstance(node, ast.Name):
            bindings = self.module.bindings(node)
            value = bindings[0].value if len(bindings) == 1 and not bindings[0].path else None
            if isinstance(value, ast.Call) and value in self.runs:
                return self._of_run(self.runs[value], (index,))
        if isinstance(node, ast.Call) and node in self.runs:
            return self._of_run(self.runs[node], (index,))
        found = self.outputs(node, distance + 1)
        return found._replace(pair=False) if found is not None and found.pair and index in (0, 1) else None

    def _called(self, call: ast.Call, distance: int) -> _Outputs | None:
        name = leaf(call.func) or ""
        if name.startswith("concat"):
            return self._joined(call, distance)
        if name not in _ELEMENTWISE and name != "transpose" or not call.args:
            return None
        found = self.outputs(call.args[0], distance + 1)
        if found is None or found.pair or name != "transpose":
            return None if found is not None and found.pair else found
        order = next((k.value for k in call.keywords if k.arg == "perm"), call.args[1] if len(call.args) > 1 else None)
        if isinstance(order, (ast.List, ast.Tuple)):
            numbers = [one.value if isinstance(one, ast.Constant) else None for one in order.elts]
            return found._replace(axis=1 - found.axis) if numbers == [1, 0, 2] else None
        return None

    def _joined(self, call: ast.Call, distance: int) -> _Outputs | None:
        """Both directions put side by side; the axis came first once."""
        for argument in [*call.args, *(k.value for k in call.keywords if k.arg == "values")]:
            if isinstance(argument, (ast.List, ast.Tuple)):
                parts = [self.outputs(element, distance + 1) for element in argument.elts]
                known = [part for part in parts if part is not None and not part.pair]
                if known and len(known) == len(parts) and len({part.axis for part in known}) == 1:
                    return known[0]
                return None
            found = self.outputs(argument, distance + 1)
            if found is not None and found.pair:
                return found._replace(pair=False)
        return None
