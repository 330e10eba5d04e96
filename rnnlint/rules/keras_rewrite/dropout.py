"""What computes the same as a DropoutWrapper, before and after the layer?"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rnnlint.resolve.given import argument
from rnnlint.rules.keras_rewrite.cells import Dropout, Taken
from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.refusal import RefusedError

_KEEP = ("input_keep_prob", "output_keep_prob", "state_keep_prob")


def check_dropouts(taken: Taken, code: Code, target: str, at: ast.stmt) -> None:
    """Raise RefusedError if a wrapper does something that no function around the layer does, or that is unknown."""
    told = {tuple(ast.dump(node) for node in _nodes(each, target)) for each in taken.inner_dropouts}
    if len(told) > 1:
        raise RefusedError("the cells of its stack drop different parts")
    for one in (*taken.dropouts, *_inner(taken)):
        _check_variational(one, target)
        if _kept(one, "state_keep_prob", target) is not None:
            raise RefusedError("its DropoutWrapper drops parts of the state")
        for name in _KEEP[:2]:
            node = _kept(one, name, target)
            if node is not None:
                _check_moved(node, code, at)
                if one.condition is not None:
                    _check_moved(one.condition, code, at)


def _nodes(dropouts: Sequence[Dropout], target: str) -> Iterator[ast.expr]:
    """What wrappers are given, with the condition in front of it."""
    for one in dropouts:
        given = [(name, _kept(one, name, target)) for name in _KEEP]
        for name, node in given:
            if node is not None:
                yield from (ast.Constant(name), node, one.condition or ast.Constant(True))


def _inner(taken: Taken) -> Sequence[Dropout]:
    """The wrappers around each cell of a stack, which are alike."""
    return taken.inner_dropouts[0] if taken.inner_dropouts else ()


def drops_between(taken: Taken, target: str) -> bool:
    """Whether something is dropped between the cells of a stack."""
    return any(True for each in taken.inner_dropouts for _ in _nodes(each, target))


def _check_variational(dropout: Dropout, target: str) -> None:
    node = argument(dropout.call, dropout.symbol, "variational_recurrent", target)
    if node is not None and not (isinstance(node, ast.Constant) and not node.value):
        raise RefusedError("its DropoutWrapper uses one mask for all steps")
    if argument(dropout.call, dropout.symbol, "dropout_state_filter_visitor", target) is not None:
        raise RefusedError("its DropoutWrapper drops parts of the state")


class Drop(NamedTuple):
    """Dropout before or after a layer, as written."""

    rate: str
    condition: str = ""

    def of(self, text: str, tf: str) -> str:
        """The tensor after the dropout."""
        dropped = f"{tf}.nn.dropout({text}, rate={self.rate})"
        return f"({dropped} if {self.condition} else {text})" if self.condition else dropped


def drops(taken: Taken, code: Code, target: str, name: str, *, is_inner: bool = False) -> list[Drop]:
    """The dropout of the inputs or outputs, outermost wrapper first; with `is_inner`, of each cell of a stack."""
    found = []
    for one in _inner(taken) if is_inner else taken.dropouts:
        node = _kept(one, name, target)
        if node is not None:
            found.append(Drop(_rate(node, code), code.render(one.condition) if one.condition is not None else ""))
    return found


def _kept(dropout: Dropout, name: str, target: str) -> ast.expr | None:
    """The keep probability; None if nothing is dropped."""
    node = argument(dropout.call, dropout.symbol, name, target)
    if node is None or isinstance(node, ast.Constant) and node.value in (1, 1.0, None):
        return None
    return node


def _rate(node: ast.expr, code: Code) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return f"{1 - node.value:.10g}"
    text = code.render(node)
    return f"1 - {text}" if isinstance(node, (ast.Name, ast.Attribute)) else f"1 - ({text})"


def _check_moved(node: ast.expr, code: Code, at: ast.stmt) -> None:
    """Check the names in the rate: it is written where the layer is called, so they must mean the same there."""
    allowed = (ast.Name, ast.Attribute, ast.Constant, ast.BinOp, ast.operator, ast.expr_context, ast.IfExp, ast.UnaryOp)
    for one in ast.walk(node):
        if not isinstance(
            one, (*allowed, ast.unaryop, ast.Subscript, ast.Slice, ast.Compare, ast.cmpop, ast.BoolOp, ast.boolop)
        ):
            raise RefusedError("its dropout is not a plain number or name")
        if isinstance(one, ast.Attribute) and len(code.module.tree.writes_of(one.attr)) > 1:
            raise RefusedError("its dropout is set in more than one place")
        if isinstance(one, ast.Name) and not _means_the_same(one, code, at):
            raise RefusedError("its dropout is set in a different function from the one that runs the cell")


def _means_the_same(name: ast.Name, code: Code, at: ast.stmt) -> bool:
    block = code.module.tree.positions.get(at)
    if block is None:
        code.module.tree.at_row(at.lineno)
        block = code.module.tree.positions.get(at)
    if block is None:
        return False
    there = code.module.flow.lookup(name.id, block[0].scope, at)
    here = code.module.bindings(name)
    if name.id == "self":
        return bool(there) and len({code.function_of(one.scope.node) for one in (*here, *there)}) == 1
    return bool(here) and set(map(id, here)) == set(map(id, there))
