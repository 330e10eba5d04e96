"""Which values do configurations have? Flags, argparse, HParams, named tuples: defaults by name."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rnnlint.infer.values.domain import UNKNOWN, Abstract, Constant, Sequence, Table, join
from rnnlint.resolve.classes import bases, class_bindings
from rnnlint.resolve.values import External, Made, ProjectClass

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
    """The default of a flag, searched in this file and then in the rest of the project."""
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
                    value = unsure(evaluator.value(default, inside, None))
                    entries[name.value] = join([entries[name.value], value]) if name.value in entries else value
    return Table(entries, True)


def copied(evaluator: Evaluator, key: ast.expr, value: ast.expr, module: Module, frame: Frame | None) -> Table | None:
    """The dict whose items a loop iterates over."""
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
    """The merge of tables, entry by entry."""
    keys = list(dict.fromkeys(key for table in values for key in table.entries))
    found = {key: settle([table.entries.get(key, UNKNOWN) for table in values]) for key in keys}
    made = {table.made for table in values}
    return Table(found, True, made.pop() if len(made) == 1 else None)


def _definitions(evaluator: Evaluator, name: str, module: Module) -> Iterator[Abstract]:
    for definer in _DEFINERS:
        for call in module.calls_of(definer):
            words = [_keyword(call, "name", 0), _keyword(call, "default", 1)]
            if isinstance(words[0], ast.Constant) and words[0].value == name and words[1] is not None:
                yield unsure(evaluator.value(words[1], module, None))


def unsure(value: Abstract) -> Abstract:
    """A default that the user may change: text and switches can be anything else."""
    return Constant(value.value, sure=False) if isinstance(value, Constant) else value


def _keyword(call: ast.Call, name: str, position: int) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[position] if len(call.args) > position else None


def is_builder(path: str) -> bool:
    """Whether a function makes a namespace or dict from its keywords."""
    return path.rsplit(".", 1)[-1] in _BUILDERS


_DICTS = ("builtins.dict", "collections.OrderedDict", "collections.UserDict")


def is_dict_class(of: ProjectClass) -> bool:
    """Whether a class of the project is only a renamed dict: ``class Config(dict)`` without an ``__init__``."""
    written = [(cls.module, base) for cls in bases(of) for base in cls.node.bases]
    named = (value for module, base in written for value in module.values(base))
    is_dict = any(isinstance(base, ast.Name) and base.id == "dict" for _, base in written) or any(
        isinstance(value, External) and value.path in _DICTS for value in named
    )
    return is_dict and not any(True for _ in class_bindings(of, "__init__"))


def built(evaluator: Evaluator, call: ast.Call, module: Module, frame: Frame | None) -> Abstract:
    """A namespace or dict made from keywords, from a dict, or from ``**dict``."""
    entries: dict[object, Abstract] = {}
    is_open = False
    for source in [*call.args, *(k.value for k in call.keywords if k.arg is None)]:
        inner = evaluator.value(source, module, frame)
        pairs = _pairs(inner)
        if isinstance(inner, Table):
            entries |= inner.entries
            is_open = is_open or inner.open
        elif pairs is not None:
            entries |= pairs
        else:
            is_open = True
    entries |= {k.arg: evaluator.value(k.value, module, frame) for k in call.keywords if k.arg}
    return Table(entries, is_open, call)


def _pairs(value: Abstract) -> dict[object, Abstract] | None:
    """The entries of a dict made from pairs: ``dict([("steps", 4)])``; None if the keys are unknown."""
    if not isinstance(value, Sequence) or value.items is None:
        return None
    entries: dict[object, Abstract] = {}
    for pair in value.items:
        parts = pair.items if isinstance(pair, Sequence) else None
        if parts is None or len(parts) != 2 or not isinstance(parts[0], Constant):
            return None
        entries[parts[0].value] = parts[1]
    return entries


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
