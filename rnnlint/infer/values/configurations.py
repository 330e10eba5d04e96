"""What did the user write as configuration? Flags, argparse, HParams, named tuples: defaults by name."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rnnlint.infer.values.domain import ANY, UNKNOWN, Abstract, Constant, Sequence, Table, chosen, exactly, join
from rnnlint.resolve.values import Made

if TYPE_CHECKING:
    from rnnlint.infer.values.frames import Frame
    from rnnlint.infer.values.interface import Evaluator
    from rnnlint.resolve.values import Module

_DEFINERS = ("DEFINE_integer", "DEFINE_string", "DEFINE_boolean", "DEFINE_bool", "DEFINE_float", "DEFINE_enum",
             "DEFINE_list", "DEFINE_multi_integer")  # fmt: skip
_BUILDERS = {"HParams", "Namespace", "SimpleNamespace", "AttrDict", "EasyDict", "Munch", "Bunch", "OrderedDict", "dict"}


def is_flags(path: str) -> bool:
    """Whether a path is the object that holds the values of command-line flags."""
    return path.endswith("flags.FLAGS") or path in ("gflags.FLAGS", "absl.flags.FLAGS")


def flag(evaluator: Evaluator, name: str, module: Module) -> Abstract:
    """The default of a flag, looked for in this file, then in the rest of the project."""
    for inside in (module, *module.project.mentioning(module, "DEFINE_")):
        found = list(_definitions(evaluator, name, inside)) if inside.may_hold(name) else []
        if found:
            return join(found)
    return UNKNOWN


def all_flags(evaluator: Evaluator, module: Module) -> Table:
    """Every flag of the project with its default, as a dict (``FLAGS.__flags``)."""
    entries: dict[object, Abstract] = {}
    for inside in (module, *module.project.mentioning(module, "DEFINE_")):
        for definer in _DEFINERS:
            for call in inside.calls_of(definer):
                name, default = _keyword(call, "name", 0), _keyword(call, "default", 1)
                if isinstance(name, ast.Constant) and default is not None:
                    value = _unsure(evaluator.value(default, inside, None))
                    entries[name.value] = join([entries[name.value], value]) if name.value in entries else value
    return Table(entries, True)


def copied(evaluator: Evaluator, key: ast.expr, value: ast.expr, module: Module, frame: Frame | None) -> Table | None:
    """The dict whose items a loop takes the key and the value from."""
    if isinstance(value, ast.Attribute) and value.attr == "value":
        value = value.value  # The flags of absl are objects that hold their value.
    if not isinstance(key, ast.Name) or not isinstance(value, ast.Name):
        return None
    sources = [b for name in (key, value) for b in module.bindings(name)]
    items = {b.value for b in sources if b.kind == "loop"}
    call = next(iter(items)) if len(items) == 1 and len(sources) == 2 else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    if call.func.attr not in ("items", "iteritems"):
        return None
    table = evaluator.value(call.func.value, module, frame)
    return table if isinstance(table, Table) else None


def agreed(values: list[Table], settle: Callable[[list[Abstract]], Abstract]) -> Table:
    """Tables that stand for one another, with each entry settled on its own."""
    keys = list(dict.fromkeys(key for table in values for key in table.entries))
    found = {key: settle([table.entries.get(key, UNKNOWN) for table in values]) for key in keys}
    made = {table.made for table in values}
    return Table(found, True, made.pop() if len(made) == 1 else None)


def _definitions(evaluator: Evaluator, name: str, module: Module) -> Iterator[Abstract]:
    for definer in _DEFINERS:
        for call in module.calls_of(definer):
            words = [_keyword(call, "name", 0), _keyword(call, "default", 1)]
            if isinstance(words[0], ast.Constant) and words[0].value == name and words[1] is not None:
                yield _unsure(evaluator.value(words[1], module, None))


def _unsure(value: Abstract) -> Abstract:
    """A default that somebody may change: a text or switch can be anything else."""
    return Constant(value.value, sure=False) if isinstance(value, Constant) else value


def _keyword(call: ast.Call, name: str, position: int) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[position] if len(call.args) > position else None


def parsed(evaluator: Evaluator, call: ast.Call, module: Module, frame: Frame | None) -> Abstract | None:
    """What ``parser.parse_args()`` gives: the defaults of the arguments added in the module that made the parser."""
    assert isinstance(call.func, ast.Attribute)
    home = module
    made = [value for value in module.values(call.func.value) if isinstance(value, Made)]
    if made:
        home = made[0].module
    entries: dict[object, Abstract] = {}
    for adding in home.calls_of("add_argument"):
        name = _destination(adding)
        if name is not None:
            value = _argument(evaluator, adding, home)
            entries[name] = chosen(entries[name], [value]) if name in entries and entries[name] != value else value
    for setting in home.calls_of("set_defaults"):
        entries |= {k.arg: evaluator.value(k.value, home, None) for k in setting.keywords if k.arg}
    if not entries:
        return None
    table = Table(entries, True, call)
    if call.func.attr == "parse_known_args":
        return Sequence(exactly(2), (table, UNKNOWN))
    return table


def _destination(call: ast.Call) -> str | None:
    for keyword in call.keywords:
        if keyword.arg == "dest" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    words = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    long = [word for word in words if word.startswith("--")]
    name = long[0] if long else words[0] if words else None
    return name.lstrip("-").replace("-", "_") if name else None


def _argument(evaluator: Evaluator, call: ast.Call, module: Module) -> Abstract:
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    action = keywords.get("action")
    kind = keywords.get("type")
    is_number = isinstance(kind, ast.Name) and kind.id == "int"
    if isinstance(action, ast.Constant) and action.value in ("store_true", "store_false"):
        return Constant(action.value == "store_false", sure=False)
    if "default" not in keywords:
        return ANY if is_number else UNKNOWN
    value = _unsure(evaluator.value(keywords["default"], module, None))
    if is_number and isinstance(value, Constant) and isinstance(value.value, str) and value.value.isdigit():
        return exactly(int(value.value))
    return value


def is_builder(path: str) -> bool:
    """Whether a function makes a namespace or dict of its keywords."""
    return path.rsplit(".", 1)[-1] in _BUILDERS


def built(evaluator: Evaluator, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
    """A namespace or dict made from keywords, from a dict, or from ``**dict``."""
    entries: dict[object, Abstract] = {}
    is_open = False
    for source in [*call.args, *(k.value for k in call.keywords if k.arg is None)]:
        inner = evaluator.value(source, module, frame)
        if isinstance(inner, Table):
            entries |= inner.entries
            is_open = is_open or inner.open
        else:
            is_open = True
    entries |= {k.arg: evaluator.value(k.value, module, frame) for k in call.keywords if k.arg}
    return Table(entries, is_open, call)


def named_tuple(evaluator: Evaluator, made: Made, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
    """An instance of a ``namedtuple``: its fields by the names that the factory was given."""
    table = built(evaluator, ast.Call(call.func, [], call.keywords), module, frame)
    assert isinstance(table, Table)
    entries = dict(table.entries)
    if len(made.call.args) > 1:
        fields = evaluator.value(made.call.args[1], made.module, None)
        entries |= {name: evaluator.value(argument, module, frame) for name, argument in zip(_words(fields), call.args)}
    return Table(entries, table.open)


def _words(value: Abstract) -> list[str]:
    if isinstance(value, Constant) and isinstance(value.value, str):
        return value.value.replace(",", " ").split()
    if isinstance(value, Sequence) and value.items is not None:
        return [str(item.value) for item in value.items if isinstance(item, Constant)]
    return []
