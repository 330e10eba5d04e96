"""What is a placeholder fed with? The dicts with placeholders as keys, in this module and in those that use it."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from rnnlint.resolve.surroundings import surroundings_of
from rnnlint.resolve.values import Made, Module

_PLACEHOLDERS = ("placeholder", "placeholder_with_default", "sparse_placeholder")
_MOST_MODULES = 8
_MOST_KEYS = 300


class Fed(NamedTuple):
    """A value that a placeholder is fed with."""

    value: ast.expr
    module: Module


class Feeds:
    """The feeds of a module and of the modules around it, each found once."""

    def __init__(self, module: Module) -> None:
        self._module = module

    @cached_property
    def of(self) -> dict[ast.Call, list[Fed]]:
        """The values by the call that makes the placeholder."""
        found: dict[ast.Call, list[Fed]] = {}
        for made, fed in self._every:
            found.setdefault(made.call, []).append(fed)
        return found

    @cached_property
    def _every(self) -> list[tuple[Made, Fed]]:
        module = self._module
        # Code that feeds the placeholders of a module gets them from it.
        others = (one for one in module.project.mentioning(module, "feed_dict") if one.may_hold(stem_of(module)))
        return [
            (made, Fed(value, inside))
            for inside in (module, *islice(others, _MOST_MODULES))
            for key, value in _pairs(inside)
            for made in placeholders(key, inside)
        ]


def stem_of(module: Module) -> str:
    """The name under which others import a module."""
    return os.path.splitext(os.path.basename(module.filename))[0]


def placeholders(node: ast.expr, module: Module) -> list[Made]:
    """The placeholders that an expression may be."""
    values = module.values(node)
    return [one for one in values if isinstance(one, Made) and one.path.rpartition(".")[2] in _PLACEHOLDERS]


def _pairs(module: Module) -> Iterator[tuple[ast.expr, ast.expr]]:
    count = 0
    for node in surroundings_of(module).of(ast.Dict, ast.Assign):
        found: list[tuple[ast.expr | None, ast.expr]] = []
        if isinstance(node, ast.Dict):
            found = list(zip(node.keys, node.values))
        elif isinstance(node, ast.Assign):
            found = [(t.slice, node.value) for t in node.targets if isinstance(t, ast.Subscript)]
        for key, value in found:
            if isinstance(key, (ast.Name, ast.Attribute, ast.Subscript)) and count < _MOST_KEYS:
                count += 1
                yield key, value
