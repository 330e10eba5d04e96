"""Which zero initial states can be removed, since layers start from zeros?"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.runs import Run
from rnnlint.rules.keras_rewrite.states import zero_state_call


@dataclass
class Dropped:
    """The code to remove."""

    arguments: set[ast.AST] = field(default_factory=set)
    """Initial states of calls."""
    reads: set[ast.AST] = field(default_factory=set)
    """Names of cells on which the state is requested."""
    statements: list[ast.stmt] = field(default_factory=list)
    """Assignments of zero states to names that are not read elsewhere."""


def dropped_states(runs: list[Run], code: Code) -> Dropped:
    """The zero states that only these runs start from."""
    found = Dropped()
    given = {node for run in runs for node in run.states if node is not None}
    for node in given:
        asked = zero_state_call(node, code)
        if asked is not None:
            found.arguments.add(node)
            found.reads.add(asked.value)
        elif isinstance(node, ast.Name):
            _drop_named(node, given, found, code)
    return found


def _drop_named(node: ast.Name, given: set[ast.expr], found: Dropped, code: Code) -> None:
    bindings = code.module.bindings(node)
    if len(bindings) != 1 or bindings[0].path or not isinstance(bindings[0].statement, ast.Assign):
        return
    statement = bindings[0].statement
    asked = zero_state_call(bindings[0].value, code)
    if asked is None or len(statement.targets) != 1 or not isinstance(statement.targets[0], ast.Name):
        return
    if isinstance(code.function_of(statement), (ast.Module, ast.ClassDef)):
        # Another module may read the name.
        return
    if all(read in given and len(code.module.bindings(read)) == 1 for read in code.reads(bindings[0])):
        found.arguments.add(node)
        found.reads.add(asked.value)
        if statement not in found.statements:
            found.statements.append(statement)
