"""Which arguments does a function get? Frames of known calls, and the calls of a function in the whole project."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rnnlint.resolve.scopes import FunctionNode, Scope
from rnnlint.resolve.values import Module, Partial, ProjectClass, ProjectFunction

DEEPEST = 8
"""The depth to which calls are followed; beyond it nothing is known."""

MOST_CALLERS = 40


@dataclass(frozen=True, slots=True, eq=False)
class Argument:
    """An argument as written, with the place to evaluate it."""

    expression: ast.expr
    module: Module
    frame: Frame | None
    part: int | str | None = None
    """The element of ``*expression``, or the key of ``**expression``, that is passed."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One call of a function of the project: its arguments by parameter name."""

    function: ast.AST
    arguments: Mapping[str, Argument]
    receiver: object = None
    """The object that a method was called on, if known."""
    depth: int = 0
    complete: bool = True
    """False if some arguments may not be visible."""
    rest: tuple[Argument, ...] = ()
    """The positional arguments beyond the parameters."""
    tables: tuple[Argument, ...] = ()
    """The arguments passed by ``**``, for a parameter that takes the remaining keywords."""


def parameters(function: FunctionNode | ast.Lambda) -> list[str]:
    """The positional parameters of a function, in order."""
    return [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)]


def enter(
    function: FunctionNode | ast.Lambda,
    call: ast.Call,
    module: Module,
    frame: Frame | None,
    bound: bool,
    receiver: object = None,
) -> Frame:
    """The frame of a call; ``bound`` means that the first parameter is implicit."""
    arguments: dict[str, Argument] = {}
    rest: list[Argument] = []
    complete = True
    names = parameters(function)[1 if bound else 0 :]
    for position, expression in enumerate(call.args):
        if isinstance(expression, ast.Starred):
            # Later arguments may belong to any parameter.
            complete = position == len(call.args) - 1
            for number, name in enumerate(names[position:] if complete else ()):
                arguments[name] = Argument(expression.value, module, frame, number)
            break
        if position < len(names):
            arguments[names[position]] = Argument(expression, module, frame)
        else:
            rest.append(Argument(expression, module, frame))
    tables = []
    for keyword in call.keywords:
        if keyword.arg is None:
            tables.append(Argument(keyword.value, module, frame))
        else:
            arguments[keyword.arg] = Argument(keyword.value, module, frame)
    for table in tables:
        for name in (*names, *(arg.arg for arg in function.args.kwonlyargs)):
            arguments.setdefault(name, Argument(table.expression, module, frame, name))
    depth = frame.depth + 1 if frame else 1
    return Frame(function, arguments, receiver, depth, complete, tuple(rest), tuple(tables))


def joined(first: ast.Call, skipped: int, then: ast.Call) -> ast.Call:
    """The call of ``f`` that ``partial(f, …)(…)`` makes: the arguments of both, except the first ``skipped``."""
    said = {keyword.arg for keyword in then.keywords}
    before = [keyword for keyword in first.keywords if keyword.arg not in said]
    return ast.Call(then.func, [*first.args[skipped:], *then.args], [*before, *then.keywords])


@dataclass(frozen=True, slots=True, eq=False)
class Caller:
    """A call of a function somewhere in the project."""

    call: ast.Call
    module: Module


def callers(function: FunctionNode, module: Module, owner: ast.ClassDef | None) -> list[Caller]:
    """The calls of a function, or of the class whose ``__init__`` it is. Tests count only if there are no other
    calls."""
    known: dict[tuple[FunctionNode, ast.ClassDef | None], list[Caller]] = module.memo.setdefault("callers", {})
    if (function, owner) not in known:
        known[function, owner] = _found(function, module, owner)
    return known[function, owner]


def _found(function: FunctionNode, module: Module, owner: ast.ClassDef | None) -> list[Caller]:
    name = owner.name if owner is not None and function.name == "__init__" else function.name
    tests: list[Caller] = []
    others: list[Caller] = []
    test_modules: list[Module] = []
    for inside in _modules_that_say(name, module, owner, function.name == "__init__"):
        if is_test_module(inside):
            test_modules.append(inside)
            continue
        for caller in _calls_in(inside, name, function, module, owner):
            (tests if is_in_test(caller.call, caller.module) else others).append(caller)
    if not others:
        # Only now are test modules worth reading.
        tests += (one for inside in test_modules for one in _calls_in(inside, name, function, module, owner))
    return (others or tests)[:MOST_CALLERS]


def _calls_in(
    inside: Module, name: str, function: FunctionNode, module: Module, owner: ast.ClassDef | None
) -> Iterator[Caller]:
    for call in inside.calls_of(name):
        if _may_call(inside, call, function, module, owner):
            yield Caller(call, inside)


def _modules_that_say(name: str, module: Module, owner: ast.ClassDef | None, makes: bool) -> Iterator[Module]:
    """The modules that may call a function, a method, or, with ``makes``, a class."""
    yield module
    project = module.project
    stem = os.path.splitext(os.path.basename(module.filename))[0]
    for inside in project.calling(name, module):
        if owner is None or makes:
            if project.reach.may_have(inside, name, module):
                yield inside
        # A caller of a method gets the object from its class or from the module of the class.
        elif inside.may_hold(owner.name) or inside.may_hold(stem):
            yield inside


def _may_call(
    inside: Module, call: ast.Call, function: FunctionNode, module: Module, owner: ast.ClassDef | None
) -> bool:
    for value in inside.values(call.func):
        while isinstance(value, Partial):
            value = value.of
        if isinstance(value, ProjectFunction) and value.node is function:
            return True
        if isinstance(value, ProjectClass) and owner is not None and value.module is module and value.node is owner:
            return function.name == "__init__"
    return False


def is_test_module(module: Module) -> bool:
    """Whether a module contains only tests: it shows what works, not what is run."""
    *folders, name = module.filename.split(os.sep)
    return name.startswith("test_") or name.endswith(("_test.py", "tests.py")) or "tests" in folders


def is_in_test(call: ast.Call, module: Module) -> bool:
    """Whether a call is in a test function."""
    scope: Scope | None = module.tree.home_of(call)[0]
    while scope is not None:
        if "test" in getattr(scope.node, "name", "").lower().split("_"):
            return True
        scope = scope.parent
    return False
