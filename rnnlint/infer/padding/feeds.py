"""What is a placeholder fed with? The dicts with placeholders for keys, in this module and in those that use it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from rnnlint.resolve.values import Made, Module

_PLACEHOLDERS = ("placeholder", "placeholder_with_default", "sparse_placeholder")
_MOST_MODULES = 8
_MOST_KEYS = 300


class Fed(NamedTuple):
    """A value that a placeholder is fed with."""

    value: ast.expr
    module: Module


class Feeds:
    """The feeds of a module and of the modules around it that feed anything, each found once."""

    def __init__(self, module: Module) -> None:
        self.of: dict[ast.Call, list[Fed]] = {}
        """The values by the call that makes the placeholder."""
        self.into: dict[ast.expr, list[Made]] = {}
        """The placeholders by the value that they are fed with."""
        others = module.project.mentioning(module, "feed_dict")
        for inside in (module, *(one for _, one in zip(range(_MOST_MODULES), others))):
            for key, value in _pairs(inside):
                for made in placeholders(key, inside):
                    self.of.setdefault(made.call, []).append(Fed(value, inside))
                    self.into.setdefault(value, []).append(made)


def placeholders(node: ast.expr, module: Module) -> list[Made]:
    """The placeholders that an expression may be."""
    values = module.values(node)
    return [one for one in values if isinstance(one, Made) and one.path.rpartition(".")[2] in _PLACEHOLDERS]


def _pairs(module: Module) -> Iterator[tuple[ast.expr, ast.expr]]:
    count = 0
    for node in ast.walk(module.source.tree):
        found: list[tuple[ast.expr | None, ast.expr]] = []
        if isinstance(node, ast.Dict):
            found = list(zip(node.keys, node.values))
        elif isinstance(node, ast.Assign):
            found = [(t.slice, node.value) for t in node.targets if isinstance(t, ast.Subscript)]
        for key, value in found:
            if isinstance(key, (ast.Name, ast.Attribute, ast.Subscript)) and count < _MOST_KEYS:
                count += 1
                yield key, value
