"""Which module or attribute does a call name by a string?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rnnlint.resolve.scope_tree import leaf
from rnnlint.resolve.values import External

if TYPE_CHECKING:
    from rnnlint.resolve.values import Module

IMPORTING = ("import_module", "__import__", "importorskip")
"""The last names of functions that import a module by name."""

_PATHS = {"importlib.import_module", "__import__", "pytest.importorskip"}


def import_path(call: ast.Call, module: Module) -> str | None:
    """The dotted module that a call imports by a literal name: import_module, importorskip, lazy loaders."""
    name = leaf(call.func) or ""
    if name not in IMPORTING and "lazy" not in name.lower():
        return None
    literals = [a.value for a in [*call.args, *(k.value for k in call.keywords)] if isinstance(a, ast.Constant)]
    words = [word for word in literals if isinstance(word, str)]
    if not words:
        return None
    if "lazy" in name.lower():
        return next((w for w in reversed(words) if w.split(".")[0] in ("tensorflow", "keras")), None)
    if name != "__import__" and not any(
        isinstance(value, External) and value.path in _PATHS for value in module.values(call.func)
    ):
        return None
    if name == "__import__" and not _has_fromlist(call):
        return words[0].split(".")[0]
    return words[0] if isinstance(call.args[0] if call.args else None, ast.Constant) else None


def getattr_parts(call: ast.Call, module: Module) -> tuple[ast.expr, str] | None:
    """The object and the name of a ``getattr`` with a literal name."""
    if isinstance(call.func, ast.Name) and call.func.id == "getattr" and len(call.args) >= 2:
        name = call.args[1]
        if isinstance(name, ast.Constant) and isinstance(name.value, str) and not module.bindings(call.func):
            return call.args[0], name.value
    return None


def _has_fromlist(call: ast.Call) -> bool:
    return len(call.args) > 3 or any(keyword.arg == "fromlist" for keyword in call.keywords)
