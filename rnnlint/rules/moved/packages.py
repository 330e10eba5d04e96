"""Which imports of ``tf.contrib`` itself can be removed, because everything used from it is elsewhere on the target?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from rnnlint.facts import symbols
from rnnlint.finding import Edit
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import External, Module
from rnnlint.rules.edits import edit_of, end_of, start_of
from rnnlint.rules.moved.destinations import destination
from rnnlint.rules.moved.holders import Holders
from rnnlint.rules.moved.switches import Switches
from rnnlint.rules.moved.uses import Sites, Use
from rnnlint.rules.moved.writing import Wanted, Writer

_PACKAGES = frozenset({"tf.contrib"})


class Gone(NamedTuple):
    """An import to remove."""

    uses: list[Use]
    module: str
    """The new module of the names; the first of several."""
    edits: list[Edit]


def gone(module: Module, held: Holders, sites: Sites, writer: Writer, switches: Switches) -> Iterator[Gone]:
    """Each import, or variable, of the package that is no longer needed."""
    bound: dict[Binding, list[Use | None]] = {}
    for site, _, bindings in held.others:
        if len(bindings) == 1 and _is_package(bindings[0], module):
            is_removed = symbols.state_on(site.symbol, sites.target) == "removed"
            use = sites.use(site, destination(site.symbol, sites.target)) if is_removed else None
            bound.setdefault(bindings[0], []).append(use)
    for binding, found in bound.items():
        uses = [use for use in found if use is not None and not switches.may_hide(use.site.statement, use.site.node)]
        reads = [one for one in writer.names.get(binding.name, ()) if binding in module.bindings(one)]
        if len(uses) == len(found) == len(reads):
            made = _without(binding, uses, sites, writer, switches)
            if made is not None:
                yield made


def _is_package(binding: Binding, module: Module) -> bool:
    if binding.kind == "assign":
        values = module.values(binding.value) if binding.value is not None and not binding.path else ()
    elif binding.kind in ("import", "from") and getattr(binding.node, "asname", None) or binding.kind == "from":
        values = module.imported(binding, binding.name)
    else:
        return False
    return {value.path if isinstance(value, External) else "" for value in values} == _PACKAGES


def _without(binding: Binding, uses: list[Use], sites: Sites, writer: Writer, switches: Switches) -> Gone | None:
    statement, wanted, edits = binding.statement, [], []
    for use in uses:
        one = Wanted(use.to.module, use.to.name, writer.local_name(use.to.module, use.to.name))
        wanted.append(one)
        edit = sites.replaced(use.site.node, None, one.local)
        if edit is None:
            return None
        edits += [edit, *use.edits]
    again = None
    if isinstance(statement, (ast.Import, ast.ImportFrom)) and isinstance(binding.node, ast.alias):
        if not switches.may_hide(statement, binding.node):
            kept = [one for one in statement.names if one is not binding.node]
            again = writer.again(statement, kept, wanted)
    elif isinstance(statement, ast.Assign) and len(statement.targets) == 1 and writer.stands_alone(statement):
        value = statement.value
        if isinstance(statement.targets[0], ast.Name) and not switches.may_hide(statement, value):
            rows = writer.rows(statement, wanted)
            again = edit_of(sites.source, start_of(sites.source, statement), end_of(sites.source, statement), rows)
    return Gone(uses, wanted[0].module, [again, *edits]) if again is not None else None
