"""Which stack of one cell object certainly raises, because its weights do not fit the second layer?"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from rnnlint.infer.pitfalls.sameness import origin
from rnnlint.infer.pitfalls.shared_cells import SharedCell
from rnnlint.infer.values.domain import Abstract, Int, Sequence, Tensor
from rnnlint.infer.values.interface import Evaluator
from rnnlint.resolve.given import argument, hides
from rnnlint.resolve.sites import Site
from rnnlint.resolve.values import Module

_WITH_UNITS = frozenset({"BasicLSTMCell", "BasicRNNCell", "GRUCell", "LSTMCell"})
_RUNNERS = frozenset({"dynamic_rnn", "static_rnn", "rnn"})


def never_fits(
    evaluator: Evaluator, module: Module, found: SharedCell, sites: Iterable[Site], target: str
) -> ast.Call | None:
    """The call that makes the cell, if a runner passes a number of features that differs from its units.

    None if that is not certain.
    """
    made = origin(found.cell, module)
    if not isinstance(made, ast.Call):
        return None
    cells, runners = _looked_up(module, sites, target)
    site = cells.get(made)
    if site is None or argument(made, site.symbol, "num_proj", target) is not None:
        return None
    units = _exact(evaluator, argument(made, site.symbol, "num_units", target), module)
    features = {_features(evaluator, module, inputs) for inputs in runners.get(found.call, ())}
    fits_nowhere = units is not None and features and None not in features and units not in features
    return made if fits_nowhere else None


def _looked_up(
    module: Module, sites: Iterable[Site], target: str
) -> tuple[dict[ast.Call, Site], dict[ast.AST, list[ast.expr]]]:
    """The calls that make cells, and the inputs of runners by the call that made their cell."""
    known: dict[str, tuple[dict[ast.Call, Site], dict[ast.AST, list[ast.expr]]]] = module.memo.setdefault("fits", {})
    if target not in known:
        cells, runners = known[target] = {}, {}
        for site in sites:
            call = None if isinstance(site.node, ast.alias) else module.tree.call_of(site.node)
            name = site.symbol.path.rpartition(".")[2]
            if call is None or hides(call):
                continue
            if name in _WITH_UNITS:
                cells[call] = site
            elif name in _RUNNERS:
                cell, inputs = (argument(call, site.symbol, one, target) for one in ("cell", "inputs"))
                made = origin(cell, module) if cell is not None else None
                if made is not None and inputs is not None:
                    runners.setdefault(made, []).append(inputs)
    return known[target]


def _features(evaluator: Evaluator, module: Module, inputs: ast.expr) -> int | None:
    """The number of features that a runner passes to a stack."""
    value = evaluator.value(inputs, module, None)
    if isinstance(value, Sequence):
        value = value.items[0] if value.items else value.item
    return _last(value)


def _last(value: Abstract) -> int | None:
    if isinstance(value, Tensor) and value.shape and isinstance(value.shape[-1], Int):
        return value.shape[-1].exact
    return None


def _exact(evaluator: Evaluator, node: ast.expr | None, module: Module) -> int | None:
    value = evaluator.value(node, module, None) if node is not None else None
    return value.exact if isinstance(value, Int) else None
