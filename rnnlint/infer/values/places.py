"""Do two expressions refer to the same variable, attribute or item?"""

from __future__ import annotations

import ast
from typing import TypeAlias

from rnnlint.resolve.classes import method_owner
from rnnlint.resolve.values import Module

Place: TypeAlias = tuple[object, ...]
"""The scope or class that a name belongs to, the name, and the attributes and keys after it."""


def place(node: ast.expr, module: Module) -> Place | None:
    """The place that an expression refers to: a name, ``self.x``, ``config.x`` or ``table["x"]``; None for anything
    else."""
    steps: list[object] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            steps.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            steps.append(("[]", node.slice.value))
            node = node.value
        else:
            return None
    bindings = module.bindings(node)
    if not bindings:
        return (None, node.id, *reversed(steps))
    owner = method_owner(bindings[0]) if bindings[0].kind == "parameter" else None
    if owner is not None and steps:
        return (owner, *reversed(steps))
    return (bindings[0].scope, node.id, *reversed(steps))


def word(node: ast.expr) -> str:
    """A word that occurs in every reference to the place."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        return key if isinstance(key, str) and key.isidentifier() else word(node.value)
    return node.id if isinstance(node, ast.Name) else ""
