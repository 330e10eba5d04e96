"""Where does a module pad sequences, by a library function or by hand?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from rnnlint.infer.padding.padded_batches import is_of_one, padded_parts
from rnnlint.infer.padding.row_lengths import is_length
from rnnlint.infer.values.behind import bindings_of, bound_behind
from rnnlint.resolve.prospects import prospects_of
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.surroundings import Surroundings, surroundings_of
from rnnlint.resolve.values import External, Made, Module, Value

_FILLED = frozenset(("zeros", "full", "ones", "empty", "zeros_like", "full_like"))
_JOINING = frozenset(("concatenate", "concat", "vstack", "hstack", "append", "stack", "row_stack"))
_MOST_CLIMBS = 6
_BY_HAND = "this code"


class Source(NamedTuple):
    """A place that pads sequences, and the expressions that hold the result."""

    node: ast.expr
    module: Module
    first: bool
    """Whether the padding precedes the data."""
    name: str
    """The name of what pads, for a message."""
    does: str = "adds"
    """The verb for the message: what it does with padding."""
    holding: tuple[ast.expr, ...] = ()
    """The expressions that hold the result; empty if it is the expression itself."""

    parts: tuple[int, ...] = ()
    """Which parts of the tuples of a dataset are padded, if the code shows it."""
    length: ast.expr | None = None
    """The number of steps that sequences are padded to, if the code names it."""

    @property
    def is_row(self) -> bool:
        """Whether only one sequence is padded, not a batch."""
        return self.name == _BY_HAND and isinstance(self.node, ast.BinOp)


def of(module: Module) -> list[Source]:
    """All sources of a module: calls first, in source order, then padding by hand."""
    found: list[Source] | None = module.memo.get("padding sources")
    if found is None:
        found = module.memo["padding sources"] = list(_find(module))
    return found


def _find(module: Module) -> Iterator[Source]:
    prospects = prospects_of(module)
    for call in prospects.padding_calls:
        of_data_set = leaf(call.func) == "padded_batch"
        if of_data_set and is_of_one(call, module):
            continue
        parts = padded_parts(call) if of_data_set else ()
        yield Source(call, module, prospects.pads_at_the_start(call), leaf(call.func) or "", parts=parts)
    yield from _Hand(module).find()


class _Hand:
    """Padding by hand: ``row + [PAD] * (longest - len(row))``, zeros that are filled row by row."""

    def __init__(self, module: Module) -> None:
        self._module = module

    @property
    def _around(self) -> Surroundings:
        return surroundings_of(self._module)

    def find(self) -> Iterator[Source]:
        for node in self._around.of(ast.BinOp, ast.Assign, ast.While, ast.Call):
            match node:
                case ast.BinOp(op=ast.Sub(), right=right) if is_length(right, self._module):
                    yield from (one._replace(length=node.left) for one in self._by_amount(node))
                case ast.Assign(targets=[ast.Subscript() as target]):
                    yield from self._filled(target, node)
                case ast.While(test=ast.Compare(ast.Call(args=[row]) as left, [ast.Lt() | ast.NotEq()], [longest])):
                    if leaf(left.func) == "len":
                        yield from (one._replace(length=longest) for one in self._grown(node, row))
                case ast.Call(func=ast.Attribute(value=receiver, attr="to_tensor")) if self._is_ragged(receiver):
                    yield Source(node, self._module, False, "to_tensor")

    # ---- the amount of padding

    def _by_amount(self, amount: ast.BinOp) -> Iterator[Source]:
        """The expressions that are padded by this amount, here or where a name holds the amount."""
        todo: list[ast.expr] = [amount]
        parent = self._around.parent.get(amount)
        if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
            name = parent.targets[0].id
            todo = [
                read
                for read in self._around.names.get(name, ())
                if any(one.value is amount for one in self._module.bindings(read))
            ]
        for one in todo:
            yield from self._climbed(one, amount)

    def _climbed(self, node: ast.expr, amount: ast.BinOp) -> Iterator[Source]:
        child: ast.AST = node
        path: list[ast.AST] = []
        for _ in range(_MOST_CLIMBS):
            parent = self._around.parent.get(child)
            if parent is None or isinstance(parent, ast.stmt):
                if isinstance(parent, ast.For) and parent.iter is child:
                    yield from self._appended_in(parent, amount)
                return
            path.append(child)
            match parent:
                case ast.BinOp(op=ast.Mult()) if _is_filling(parent.left) or _is_filling(parent.right):
                    yield from self._repeated(parent)
                    return
                case ast.Call(func=function) if leaf(function) == "pad":
                    if self._is_of(function, ("numpy.", "tf.", "keras.")) and child is not parent.args[0]:
                        yield Source(parent, self._module, _pads_first(path), "pad")
                    return
                case ast.Call(func=function) if leaf(function) in _FILLED or leaf(function) == "repeat":
                    yield from self._joined(parent)
                    return
            child = parent

    def _repeated(self, padding: ast.expr) -> Iterator[Source]:
        """``[PAD] * amount``, which is added, used in ``extend``, or written after the data."""
        parent = self._around.parent.get(padding)
        match parent:
            case ast.BinOp(op=ast.Add(), left=left):
                yield Source(parent, self._module, left is padding, _BY_HAND)
            case ast.Call(func=ast.Attribute(value=receiver, attr="extend")):
                yield from self._into(receiver, padding, False)
            case ast.AugAssign(target=ast.Name() as target):
                reads = self._around.names.get(target.id, ())
                bound = [one for one in reads if any(b.statement is parent for b in self._module.bindings(one))]
                yield Source(padding, self._module, False, _BY_HAND, holding=tuple(bound))

    def _joined(self, filled: ast.Call) -> Iterator[Source]:
        """``np.concatenate([row, np.zeros([amount, depth])])``"""
        listed = self._around.parent.get(filled)
        elements = listed.elts if isinstance(listed, (ast.List, ast.Tuple)) else []
        call = self._around.parent.get(listed) if listed is not None and elements else listed
        if isinstance(call, ast.Call) and leaf(call.func) in _JOINING and self._is_of(call.func, ("numpy.", "tf.")):
            first = bool(elements) and elements[0] is filled or not elements and call.args[:1] == [filled]
            yield Source(call, self._module, first, _BY_HAND)

    def _appended_in(self, loop: ast.For, amount: ast.BinOp) -> Iterator[Source]:
        """``for _ in range(longest - len(row)): row.append(PAD)``"""
        if isinstance(amount.right, ast.Call) and amount.right.args:
            yield from self._grown(loop, amount.right.args[0])

    def _grown(self, loop: ast.For | ast.While, row: ast.expr) -> Iterator[Source]:
        for statement in loop.body:
            match statement:
                case ast.Expr(
                    value=ast.Call(func=ast.Attribute(value=receiver, attr="append" | "insert" as how)) as call
                ):
                    if ast.dump(receiver) == ast.dump(row):
                        yield from self._into(receiver, call, how == "insert")

    # ---- matrices

    def _filled(self, target: ast.Subscript, statement: ast.Assign) -> Iterator[Source]:
        """``batch[i, :len(row)] = row`` in an array created with zeros."""
        base: ast.expr = target
        parts: list[ast.expr] = []
        while isinstance(base, ast.Subscript):
            parts = [*_parts(base), *parts]
            base = base.value
        rows = self._rows_with(base) if len(parts) == 1 else None
        if rows is not None:
            base, parts = rows, [*parts, *parts]
        if len(parts) < 2 or not self._is_filled(base):
            return
        where = parts[1]
        first = False
        if isinstance(where, ast.Slice):
            end = where.upper if where.lower is None or _is_zero(where.lower) else where.lower
            first = end is where.lower and end is not None
            if first and isinstance(end, ast.UnaryOp):
                end = end.operand
            if end is None or not is_length(end, self._module):
                return
        elif not any(map(self._counts_in_row, parts[:2])) or not self._has_longest(base):
            return
        yield from self._into(base, target, first)

    def _rows_with(self, row: ast.expr) -> ast.expr | None:
        """The array whose rows a loop iterates over: ``for row, sequence in zip(batch, sequences)``."""
        bindings = bindings_of(row, self._module)
        if len(bindings) != 1 or bindings[0].kind != "loop":
            return None
        value, path = bindings[0].value, bindings[0].path
        if isinstance(value, ast.Call) and leaf(value.func) == "enumerate" and path[:1] == (1,) and value.args:
            value, path = value.args[0], path[1:]
        if isinstance(value, ast.Call) and leaf(value.func) == "zip" and path and isinstance(path[0], int):
            value, path = value.args[path[0]] if 0 <= path[0] < len(value.args) else None, path[1:]
        return value if isinstance(value, ast.Name) and not path else None

    def _is_filled(self, base: ast.expr) -> bool:
        values = [one.value for one in bindings_of(base, self._module)]
        # np.ones([rows, steps]) * PAD_ID
        sides = [side for one in values if isinstance(one, ast.BinOp) for side in (one.left, one.right)]
        calls = [one for one in (*values, *sides) if isinstance(one, ast.Call)]
        return any(
            leaf(call.func) in _FILLED and self._is_of(call.func, ("numpy.",)) or self._holds_zeros(call)
            for call in calls
        )

    def _has_longest(self, base: ast.expr) -> bool:
        """Whether an array has as many steps as the longest row, so that rows have different lengths."""
        for binding in bindings_of(base, self._module):
            for node in bound_behind(binding.value, self._module) if binding.value is not None else ():
                if isinstance(node, ast.Call) and leaf(node.func) in ("max", "amax"):
                    if any(leaf(one) == "len" for one in ast.walk(node) if isinstance(one, (ast.Name, ast.Attribute))):
                        return True
        return False

    def _holds_zeros(self, call: ast.Call) -> bool:
        """``np.zeros(...).astype(...)``"""
        inner = call.func.value if isinstance(call.func, ast.Attribute) else None
        return isinstance(inner, ast.Call) and leaf(inner.func) in _FILLED

    def _counts_in_row(self, index: ast.expr) -> bool:
        """Whether an index counts the elements of a row, which are written one by one."""
        if not isinstance(index, ast.Name):
            return False
        for binding in self._module.bindings(index):
            iterated = binding.value
            if binding.kind == "loop" and isinstance(iterated, ast.Call) and leaf(iterated.func) == "enumerate":
                row = iterated.args[0] if iterated.args else None
                if binding.path == (0,) and isinstance(row, ast.Name) and self._is_element(row):
                    return True
        return False

    def _is_element(self, row: ast.Name) -> bool:
        """Whether a name is an element of an iterated value, so that rows may have different lengths."""
        return any(one.kind == "loop" for one in self._module.bindings(row))

    def _into(self, receiver: ast.expr, node: ast.expr, first: bool) -> Iterator[Source]:
        found: list[ast.expr] = []
        own = set(bindings_of(receiver, self._module))
        for one in [*own]:
            if one.kind == "loop" and not one.path and isinstance(one.value, ast.Name):
                # A change of an element of a list changes the list.
                own |= set(self._module.bindings(one.value))
                found += [read for read in self._around.names.get(one.value.id, ()) if read is not one.value]
        named = receiver.id if isinstance(receiver, ast.Name) else None
        for read in self._around.names.get(named or "", ()):
            if read is not receiver and own & set(self._module.bindings(read)):
                found.append(read)
        if isinstance(receiver, ast.Attribute):
            found += [one for one in self._around.attributes.get(receiver.attr, ()) if one is not receiver]
        yield Source(node, self._module, first, _BY_HAND, holding=tuple(found))

    # ---- what names mean

    def _is_ragged(self, receiver: ast.expr) -> bool:
        values = self._module.values(receiver)
        if not values and isinstance(receiver, ast.Name):
            # Only a ragged tensor has such a method: dataset.map(lambda rows, labels: (rows.to_tensor(), labels))
            bindings = self._module.bindings(receiver)
            return bool(bindings) and all(one.kind == "parameter" for one in bindings)
        return any(_is_ragged(value) for value in values)

    def _is_of(self, function: ast.expr, roots: tuple[str, ...]) -> bool:
        values = self._module.values(function)
        return any(isinstance(one, External) and one.path.startswith(roots) for one in values)


def _is_ragged(value: Value) -> bool:
    if not isinstance(value, Made):
        return False
    return "ragged" in value.path.lower() or value.path in ("tf.strings.split", "tf.compat.v1.strings.split")


def _is_filling(node: ast.expr) -> bool:
    return isinstance(node, ast.List) and len(node.elts) == 1


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0


def _parts(target: ast.Subscript) -> list[ast.expr]:
    return list(target.slice.elts) if isinstance(target.slice, ast.Tuple) else [target.slice]


def _pads_first(path: list[ast.AST]) -> bool:
    """Whether the amount comes first in its pair, ``np.pad(row, (amount, 0))``, or alone, which pads both sides."""
    for inner, outer in pairwise(path):
        if isinstance(outer, (ast.Tuple, ast.List)) and len(outer.elts) > 1:
            return outer.elts[0] is inner and len(outer.elts) == 2
    return True
