"""Where does the code loop over an object of this class, and so get what its ``__iter__`` gives?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice

from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import Instance, Module

ITERATING = frozenset(("__iter__", "__next__", "__getitem__"))
_MOST_MODULES = 8


def loops_over(owner: ast.ClassDef, module: Module) -> Iterator[tuple[ast.expr, Module]]:
    """The expressions that a ``for`` goes through, and that are objects of the class."""
    others = module.project.mentioning(module, owner.name, whole=True)
    for inside in (module, *islice(others, _MOST_MODULES)):
        for loop in surroundings_of(inside).of(ast.For, ast.AsyncFor, ast.comprehension):
            if isinstance(loop, (ast.For, ast.AsyncFor, ast.comprehension)):
                iterated = _behind_enumerate(loop.iter)
                values = inside.values(iterated)
                if any(isinstance(one, Instance) and one.of.node is owner for one in values):
                    yield iterated, inside


def _behind_enumerate(iterated: ast.expr) -> ast.expr:
    match iterated:
        case ast.Call(func=function, args=[inner, *_]) if leaf(function) in ("enumerate", "tqdm"):
            return inner
    return iterated
