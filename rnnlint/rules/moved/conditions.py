"""Is a condition on the release of TensorFlow true on the target?"""

from __future__ import annotations

import ast
import re
from typing import Any

from rnnlint.facts import symbols
from rnnlint.resolve.dead_code import COMPARISONS
from rnnlint.resolve.values import External, Module

_VERSIONS = frozenset({"tf.__version__", "tf.VERSION", "tf.version.VERSION", "tf.compat.v1.__version__"})
_PARSERS = frozenset({"LooseVersion", "StrictVersion", "Version", "parse", "parse_version"})
_PATCHES = (0, 9)
"""Patch numbers to try: a target has none, so a condition must be true for the first patch release and for late
ones."""

_DEEPEST = 6
_MOST_NODES = 200
"""The limit on names read for one condition: literals with many names would be read again for each."""
_GONE = "2.0"
"""The first release without ``tf.contrib``."""


def holds(test: ast.expr, module: Module, target: str) -> bool | None:
    """Whether a condition is true on a target such as "2.21"; None if unknown."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        found = holds(test.operand, module, target)
        return None if found is None else not found
    if isinstance(test, ast.BoolOp):
        each = [holds(one, module, target) for one in test.values]
        decides = isinstance(test.op, ast.Or)
        return decides if decides in each else None if None in each else not decides
    answers = {_holds(test, module, target, patch) for patch in _PATCHES}
    return answers.pop() if len(answers) == 1 else None


def _holds(test: ast.expr, module: Module, target: str, patch: int) -> bool | None:
    try:
        found = _Reader(module, target, patch).value(test, 0)
    except (TypeError, ValueError, IndexError):
        return None
    return found if isinstance(found, bool) else None


class _Reader:
    """Evaluates expressions with the version of one release; None stands for unknown."""

    def __init__(self, module: Module, target: str, patch: int) -> None:
        self.module, self.target = module, target
        major, minor = re.findall(r"\d+", target)[:2]
        self.version = f"{major}.{minor}.{patch}"
        self.left = _MOST_NODES

    def value(self, node: ast.expr, depth: int) -> Any:
        self.left -= 1
        if depth > _DEEPEST or self.left < 0:
            return None
        match node:
            case ast.Constant(value=str() | int() as value):
                return value
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                values = [self.value(part, depth + 1) for part in parts]
                return None if None in values else values if isinstance(node, ast.List) else tuple(values)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                one, other = self.value(left, depth + 1), self.value(right, depth + 1)
                compare = COMPARISONS.get(type(op))
                return None if one is None or other is None or compare is None else bool(compare(one, other))
            case ast.Subscript(value=inner, slice=index):
                return self._part(self.value(inner, depth + 1), index, depth)
            case ast.Call(func=func, args=arguments, keywords=[]):
                return self._call(func, arguments, depth)
            case ast.Attribute() | ast.Name():
                return self._name(node, depth)
        return None

    def _name(self, node: ast.Attribute | ast.Name, depth: int) -> Any:
        paths = {value.path if isinstance(value, External) else "" for value in self.module.values(node)}
        if paths and paths <= _VERSIONS:
            return self.version
        bindings = self.module.bindings(node) if isinstance(node, ast.Name) else []
        if len(bindings) == 1 and bindings[0].kind == "assign" and not bindings[0].path:
            value = bindings[0].value
            return None if value is None else self.value(value, depth + 1)
        return None

    def _part(self, whole: Any, index: ast.expr, depth: int) -> Any:
        if not isinstance(whole, (str, list, tuple)):
            return None
        if isinstance(index, ast.Slice):
            ends = [None if end is None else self.value(end, depth + 1) for end in (index.lower, index.upper)]
            is_known = index.step is None and all(isinstance(end, int) or end is None for end in ends)
            written = [end for end in (index.lower, index.upper) if end is not None]
            return whole[ends[0] : ends[1]] if is_known and len(written) == 2 - ends.count(None) else None
        at = self.value(index, depth + 1)
        return whole[at] if isinstance(at, int) else None

    def _call(self, func: ast.expr, arguments: list[ast.expr], depth: int) -> Any:
        name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
        if name == "hasattr" and len(arguments) == 2:
            return self._has(*arguments)
        values = [self.value(one, depth + 1) for one in arguments]
        if len(values) != 1 or values[0] is None:
            return None
        (value,) = values
        if name in _PARSERS and isinstance(value, str):
            # Only the numbers of `2.0.0rc1`; a release comes long after its candidates.
            return (*map(int, re.findall(r"\d+", value)), 0, 0)[:3]
        if isinstance(func, ast.Name):
            return int(value) if name == "int" and isinstance(value, str) else None
        text = self.value(func.value, depth + 1) if isinstance(func, ast.Attribute) else None
        if isinstance(text, str) and isinstance(value, str):
            if name == "split" and value:
                return text.split(value)
            return text.startswith(value) if name == "startswith" else None
        return None

    def _has(self, owner: ast.expr, name: ast.expr) -> bool | None:
        paths = {value.path if isinstance(value, External) else "" for value in self.module.values(owner)}
        if len(paths) != 1 or not isinstance(name, ast.Constant) or not isinstance(name.value, str):
            return None
        path = f"{paths.pop()}.{name.value}"
        if path == "tf.contrib":
            return symbols.is_before(self.target, _GONE)
        symbol = symbols.find(path)
        if symbol is None or symbol.path not in symbols.table():
            return None
        state = symbols.state_on(symbol, self.target)
        return {"removed": False, "not yet": False, "works": True}.get(state)
