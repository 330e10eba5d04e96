"""What does parsing an empty command line return? The defaults of argparse's arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.infer.values import configurations, uses
from rnnlint.infer.values.domain import ANY, UNKNOWN, Abstract, Constant, Sequence, Table, chosen, exactly
from rnnlint.infer.values.frames import Frame, enter
from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.values import Made, Module

if TYPE_CHECKING:
    from rnnlint.infer.values.interface import Evaluator


def parsed(evaluator: Evaluator, call: ast.Call, module: Module, frame: Frame | None) -> Abstract | None:
    """The value of ``parser.parse_args()``: the defaults of the arguments added in the module that made the parser."""
    assert isinstance(call.func, ast.Attribute)
    home = module
    made = [value for value in module.values(call.func.value) if isinstance(value, Made)]
    if made:
        home = made[0].module
    entries: dict[object, Abstract] = {}
    for adding, entered in _additions(evaluator, home):
        name = _destination(evaluator, adding, home, entered)
        if name is not None:
            value = _argument(evaluator, adding, home, entered)
            entries[name] = chosen(entries[name], [value]) if name in entries and entries[name] != value else value
    for setting in home.calls_of("set_defaults"):
        entries |= {k.arg: evaluator.value(k.value, home, None) for k in setting.keywords if k.arg}
    if not entries:
        return None
    table = Table(entries, True, call)
    if call.func.attr == "parse_known_args":
        return Sequence(exactly(2), (table, UNKNOWN))
    return table


def _additions(evaluator: Evaluator, module: Module) -> Iterator[tuple[ast.Call, Frame | None]]:
    """The calls of ``add_argument``, also under another name, and through a wrapper function, for each call of that."""
    calls = [*module.calls_of("add_argument")]
    for statement in module.tree.holding("add_argument"):
        value = statement.value if isinstance(statement, ast.Assign) else None
        if isinstance(value, ast.Attribute) and value.attr == "add_argument":
            assert isinstance(statement, ast.Assign)
            calls += [call for name in statement.targets for call in module.calls_of(leaf(name) or "")]
    for call in calls:
        function = module.tree.home_of(call)[0].node
        first = call.args[0] if call.args else None
        is_handed_on = isinstance(first, (ast.Name, ast.Starred, ast.BinOp))
        if is_handed_on and isinstance(function, (ast.FunctionDef, ast.Lambda)):
            for site in uses.calls(evaluator, function, module):
                yield call, enter(function, site.call, site.module, site.frame, False)
        else:
            yield call, None


def _destination(evaluator: Evaluator, call: ast.Call, module: Module, frame: Frame | None) -> str | None:
    for keyword in call.keywords:
        if keyword.arg == "dest" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    named: list[Abstract] = []
    for argument in call.args:
        if isinstance(argument, ast.Starred):
            whole = evaluator.value(argument.value, module, frame)
            named += whole.items or () if isinstance(whole, Sequence) else ()
        else:
            named.append(evaluator.value(argument, module, frame))
    words = [one.value for one in named if isinstance(one, Constant) and isinstance(one.value, str)]
    long = [word for word in words if word.startswith("--")]
    name = long[0] if long else words[0] if words else None
    return name.lstrip("-").replace("-", "_") if name else None


def _argument(evaluator: Evaluator, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    action = keywords.get("action")
    kind = keywords.get("type")
    is_number = isinstance(kind, ast.Name) and kind.id == "int"
    if isinstance(action, ast.Constant) and action.value in ("store_true", "store_false"):
        return Constant(action.value == "store_false", sure=False)
    if "default" not in keywords:
        return ANY if is_number else UNKNOWN
    value = configurations.unsure(evaluator.value(keywords["default"], module, frame))
    if is_number and isinstance(value, Constant) and isinstance(value.value, str) and value.value.isdigit():
        return exactly(int(value.value))
    return value
