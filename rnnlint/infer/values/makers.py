"""Which code makes an instance of a class of the project, or of one that derives from it?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from rnnlint.infer.values.call_forms import parents
from rnnlint.infer.values.uses import MOST, Site, calls
from rnnlint.resolve.classes import bases
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.values import Instance, Module, ProjectClass

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

_CLASS = re.compile(rb"class(?<!\wclass)\s")
MOST_SUBCLASSES = 6
"""A base of more classes belongs to a framework: its instances have little in common."""

CALLED_BY_FRAMEWORKS = ("__call__", "call", "_build", "forward")
"""The methods that calling an instance runs."""


def calls_of_instances(evaluator: Evaluator, own: ProjectClass) -> Iterator[Site]:
    """``net(x)``, which runs the ``__call__``, ``call`` or ``_build`` of the class of ``net``."""
    for made in makers(evaluator, own):
        statement = made.module.tree.home_of(made.at)[1]
        parent = parents(statement, made.module).get(made.at)
        if isinstance(parent, ast.Call) and parent.func is made.at:
            yield Site(parent, made.module)
        elif isinstance(statement, ast.Assign):
            for name in filter(None, map(leaf, statement.targets)):
                for call in made.module.calls_of(name):
                    made_of = [v.of for v in made.module.values(call.func) if isinstance(v, Instance)]
                    if any(cls.node is own.node for of in made_of for cls in bases(of)):
                        yield Site(call, made.module)


def makers(evaluator: Evaluator, of: ProjectClass) -> list[Site]:
    """The calls that make an instance of a class, or of one that derives from it."""
    key = ("makers", of.node)
    if key not in evaluator.memo:
        evaluator.memo[key] = []
        derived = subclasses(evaluator, of)
        found = [
            Site(site.call, site.module, site.frame, cls, site.at)
            for cls in (of, *(derived if len(derived) <= MOST_SUBCLASSES else ()))
            for site in calls(evaluator, cls.node, cls.module)
        ]
        evaluator.memo[key] = found[:MOST]
    sites: list[Site] = evaluator.memo[key]  # type: ignore[assignment]
    return sites


def subclasses(evaluator: Evaluator, of: ProjectClass) -> list[ProjectClass]:
    """The classes of the project that derive from a class."""
    key = ("subclasses", of.node)
    if key not in evaluator.memo:
        evaluator.memo[key] = _derived(of)
    return cast("list[ProjectClass]", evaluator.memo[key])


def _derived(of: ProjectClass) -> list[ProjectClass]:
    found: list[ProjectClass] = []
    todo, seen = [of], {of.node}
    while todo:
        base = todo.pop(0)
        project = base.module.project
        around = (m for m in project.mentioning(base.module, base.node.name, whole=True) if _may_derive(m, base))
        for inside in (base.module, *around):
            if len(found) > MOST_SUBCLASSES:
                return found
            for statement in inside.tree.holding(base.node.name):
                if isinstance(statement, ast.ClassDef) and statement not in seen:
                    if any(v == base for one in statement.bases for v in inside.values(one)):
                        seen.add(statement)
                        found.append(ProjectClass(statement, inside))
                        todo.append(found[-1])
    return found


def _may_derive(module: Module, base: ProjectClass) -> bool:
    derives = re.compile(rb"\w+\s*\([^)]*\b%s\b" % base.node.name.encode())
    # Each class is read up to the next one, so a text with many unclosed classes takes no longer.
    found = any(derives.match(piece.lstrip()) for piece in _CLASS.split(module.text)[1:])
    return found and module.project.reach.may_have(module, base.node.name, base.module)
