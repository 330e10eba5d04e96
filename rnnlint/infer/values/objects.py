"""What is an attribute of an instance of a project class, and what does calling the class make?"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from rnnlint.infer.values import agreement, call_forms, guards, keyword_classes, makers, project_functions, uses
from rnnlint.infer.values.domain import UNKNOWN, Abstract, Constant, Object, chosen, join
from rnnlint.infer.values.frames import Argument, Frame, enter
from rnnlint.infer.values.given import value
from rnnlint.resolve.calls_by import calls_in, calls_in_class
from rnnlint.resolve.classes import bases, class_bindings
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import Module, ProjectClass, ProjectFunction

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator

_MOST_INSTANCES = 12


def attribute(evaluator: Evaluator, base: Object, name: str) -> Abstract:
    """An attribute of an instance: written by ``__init__``, then by other methods, the class body, the bases."""
    if base.frame is None and _has_relatives(evaluator, base.of):
        sites = [site for site in makers.makers(evaluator, base.of) if _runs(site.of or base.of, base.method)]
        if sites and len(sites) <= _MOST_INSTANCES:
            return agreement.of(evaluator, [attribute(evaluator, of_site(evaluator, site), name) for site in sites])
        if not sites:
            return _of_unmade(evaluator, base, name)
    found = _looked_up(evaluator, base, name)
    return UNKNOWN if found is None else found


def _looked_up(evaluator: Evaluator, base: Object, name: str) -> Abstract | None:
    """An attribute of the class of an instance, or of the first of its bases that has it."""
    for of in bases(base.of):
        frame = init_frame(evaluator, base, of)
        found = _own_attribute(evaluator, of, name, frame, base)
        if found is not None:
            return found
    return None


def _of_unmade(evaluator: Evaluator, base: Object, name: str) -> Abstract:
    """An attribute if nothing makes an instance, of this class or any subclass: computed with the defaults."""
    derived = makers.subclasses(evaluator, base.of)
    classes = [base.of, *(derived if len(derived) <= makers.MOST_SUBCLASSES else ())]
    found: list[Abstract] = []
    for of in classes:
        if _runs(of, base.method):
            made = _made(of, partial(_with_defaults, of)) or Object(of, None)
            one = _looked_up(evaluator, made, name)
            found += [] if one is None else [one]
    return join(found)


def _with_defaults(of: ProjectClass, init: ast.FunctionDef) -> Frame:
    return Frame(init, {}, of)


def methods(receiver: Object, name: str) -> tuple[ProjectFunction, ...]:
    """The method of this name in the class of an object."""
    module, binding = next(class_bindings(receiver.of, name), (receiver.of.module, None))
    if binding is None or not isinstance(binding.node, ast.FunctionDef):
        return ()
    return (ProjectFunction(binding.node, module, receiver.of.node),)


def dispatched(evaluator: Evaluator, function: ProjectFunction, receiver: Object | None) -> list[ProjectFunction]:
    """The methods that a call runs: those of the instantiated classes that override it."""
    if receiver is None or not isinstance(function.node, ast.FunctionDef) or function.owner is None:
        return [function]
    classes = [receiver.of]
    if receiver.frame is None and _has_relatives(evaluator, receiver.of):
        sites = makers.makers(evaluator, receiver.of)
        classes = [site.of for site in sites if site.of is not None and _runs(site.of, receiver.method)] or classes
    found: dict[ProjectFunction, None] = {}
    for of in classes:
        module, binding = next(class_bindings(of, function.node.name), (function.module, None))
        if binding is not None and isinstance(binding.node, ast.FunctionDef):
            found[ProjectFunction(binding.node, module, of.node)] = None
        else:
            found[function] = None
    return list(found)


def _has_relatives(evaluator: Evaluator, of: ProjectClass) -> bool:
    key = ("relatives", of.node)
    if key not in evaluator.memo:
        derived = makers.subclasses(evaluator, of)
        few = len(derived) <= makers.MOST_SUBCLASSES
        evaluator.memo[key] = few and (bool(derived) or len(list(bases(of))) > 1)
    return bool(evaluator.memo[key])


def _runs(of: ProjectClass, method: ast.AST | None) -> bool:
    """Whether instances of a class run this method, and do not override it."""
    if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return True
    found = next(class_bindings(of, method.name), None)
    if found is None or found[1].node is method:
        return True
    module, overriding = found[0], found[1].node
    if not isinstance(overriding, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        return False
    inside = calls_in(module, method.name, module.tree.scope_of(overriding))
    return any(isinstance(call.func, ast.Attribute) for call in inside)


def of_site(evaluator: Evaluator, site: uses.Site) -> Object:
    """The instance that a call of its class makes."""
    assert site.of is not None
    return make(evaluator, site.of, site.call, site.module, site.frame)


def init_frame(evaluator: Evaluator, base: Object, of: ProjectClass) -> Frame | None:
    """The call of the ``__init__`` of a class, or of a base, that made an instance."""
    if base.frame is None:
        return None
    if base.frame.function is of.node or _init_of(of) is None:
        return base.frame if base.frame.function is of.node else None
    key = ("init", base.frame, of.node)
    if key not in evaluator.memo:
        evaluator.memo[key] = _chained(base, of)
    return cast("Frame | None", evaluator.memo[key])


def _chained(base: Object, of: ProjectClass) -> Frame | None:
    wanted = _init_of(of)
    at: Frame | None = base.frame
    for current in bases(base.of):
        if at is None or at.function is wanted:
            break
        if _init_of(current) is at.function:
            at = _next_init(current, at, base.of)
    return at if at is not None and at.function is wanted else None


def _next_init(of: ProjectClass, frame: Frame, made: ProjectClass) -> Frame | None:
    """The call of a base's ``__init__`` within the ``__init__`` of a class."""
    module = of.module
    for call in calls_in(module, "__init__", module.tree.scope_of(frame.function)):
        if not isinstance(call.func, ast.Attribute):
            continue
        if call_forms.is_super(call.func.value):
            found = next((init for cls in list(bases(of))[1:] if (init := _init_of(cls)) is not None), None)
            bound = True
        else:
            owners = [v for v in module.values(call.func.value) if isinstance(v, ProjectClass)]
            found = next((init for v in owners for cls in bases(v) if (init := _init_of(cls)) is not None), None)
            bound = False
        if found is not None:
            return enter(found, call, module, frame, bound, made)
    return None


def _init_of(of: ProjectClass) -> ast.FunctionDef | None:
    body = of.module.tree.scope_of(of.node).body
    assert body is not None
    nodes = (binding.node for binding in of.module.flow.at_end(body, "__init__")[0])
    return next((node for node in nodes if isinstance(node, ast.FunctionDef)), None)


def _own_attribute(
    evaluator: Evaluator, of: ProjectClass, name: str, frame: Frame | None, base: Object
) -> Abstract | None:
    module = of.module
    writes = module.writes_of(of.node, name)
    init = [w for w in writes if getattr(w.scope.node, "name", "") == "__init__"]
    if not init:
        table = keyword_classes.stored(evaluator, of, _init_of(of), frame)
        if table is not None and name in table.entries:
            return table.entries[name]
    others = list(_in_methods(evaluator, of, [w for w in writes if w not in init], frame))
    if init:
        scope = init[0].scope
        assert scope.body is not None and isinstance(init[0].node, ast.Attribute)
        first = getattr(init[0].node.value, "id", "self")
        at_end, certain = module.flow.at_end(scope.body, f"{first}.{name}")
        inherited = None if certain else _class_attribute(evaluator, of, name, base)
        if inherited is not None and at_end:
            default = evaluator.overridden(inherited, at_end, module, frame, None)
        else:
            default = evaluator.settle(at_end or init, module, frame, None)
        if others and isinstance(default, Constant) and default.value is None:
            return join(others)
        return chosen(default, others) if others else default
    if writes:
        return join(others)
    return _class_attribute(evaluator, of, name, base)


def _in_methods(
    evaluator: Evaluator, of: ProjectClass, writes: list[Binding], frame: Frame | None
) -> Iterator[Abstract]:
    """What methods other than ``__init__`` write, except those that a flag disables."""
    module = of.module
    for write in writes:
        method = write.scope.node
        states = []
        for call in calls_in_class(module, method.name, of.node) if isinstance(method, ast.FunctionDef) else ():
            scope, statement = module.tree.home_of(call)
            at = frame if frame is not None and frame.function is scope.node else None
            states.append(guards.taken(evaluator, statement, None, module, at))
        if not states or any(state is not False for state in states):
            yield evaluator.settle([write], module, None, None)


def _class_attribute(evaluator: Evaluator, of: ProjectClass, name: str, base: Object) -> Abstract | None:
    module = of.module
    body = module.tree.scope_of(of.node).body
    assert body is not None
    bindings = module.flow.at_end(body, name)[0]
    if isinstance(base.frame, Frame) and base.frame.function is of.node and name in base.frame.arguments:
        return value(evaluator, base.frame.arguments[name])
    if not bindings:
        return None
    node = bindings[0].node
    if isinstance(node, ast.FunctionDef) and any(
        isinstance(d, ast.Name) and d.id in ("property", "cached_property") for d in node.decorator_list
    ):
        return project_functions.returned(evaluator, ProjectFunction(node, module), Frame(node, {}, base))
    return evaluator.settle(bindings, module, None, None)


def make(evaluator: Evaluator, of: ProjectClass, call: ast.Call, module: Module, frame: Frame | None) -> Object:
    """An instance of a class of the project."""
    key = ("instance", of.node, call, frame)
    if key not in evaluator.memo:
        evaluator.memo[key] = _instance(of, call, module, frame)
    return cast("Object", evaluator.memo[key])


def _instance(of: ProjectClass, call: ast.Call, module: Module, frame: Frame | None) -> Object:
    found = _made(of, lambda init: enter(init, call, module, frame, True, of))
    if found is not None:
        return found
    arguments = {k.arg: Argument(k.value, module, frame) for k in call.keywords if k.arg}
    arguments |= {n: Argument(a, module, frame) for n, a in zip(_fields(of), call.args)}
    return Object(of, Frame(of.node, arguments, None, frame.depth + 1 if frame else 1))


def _fields(of: ProjectClass) -> list[str]:
    """What the positional arguments of a dataclass or named tuple set: fields of bases first."""
    line = [one.node for one in bases(of)][::-1]
    # Annotations of a plain class are not fields.
    line = [node for node in line if node.decorator_list] or line
    bodies = (statement for node in line for statement in node.body)
    targets = (statement.target for statement in bodies if isinstance(statement, ast.AnnAssign))
    return list(dict.fromkeys(target.id for target in targets if isinstance(target, ast.Name)))


def _made(of: ProjectClass, entered: Callable[[ast.FunctionDef], Frame]) -> Object | None:
    for base in bases(of):
        init = _init_of(base)
        if init is not None:
            return Object(of, entered(init))
    return None
