"""Which fix names a legacy function where it still runs, as ``tf.compat.v1.nn.dynamic_rnn``?

Only what is certain: a dotted name that is written out, from a plain import of TensorFlow, outside of code that tells
releases apart, whose arguments mean the same under every order that the function ever had.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rnnlint.finding import Edit, Fix
from rnnlint.rules.edits import edit_of, end_of, start_of, text_between
from rnnlint.rules.release_switch import tells_releases_apart

if TYPE_CHECKING:
    from rnnlint.facts.symbols import Symbol
    from rnnlint.resolve.module import Module
    from rnnlint.resolve.scopes import Binding
    from rnnlint.resolve.sites import Site


def compat_fix(site: Site, module: Module, target: str) -> Fix | None:
    """The fix for a site that does not run on the target, where the same function runs there under another name."""
    kept = _kept(site, target)
    if kept is None or tells_releases_apart(site.statement, site.node, module):
        return None
    if isinstance(site.node, ast.alias):
        return _of_import(site, kept, module)
    dotted = _dotted(site.node)
    if dotted is None:
        return None
    root, names = dotted
    if not _is_plain_import(root, module) or _is_replaced(root.id, names[-1], module):
        return None
    if ".".join(["tf", *names]) != site.symbol.path or not _means_the_same(site.symbol, kept, site.node, module):
        return None
    source, written = module.source, kept.path.replace("tf.", f"{root.id}.", 1)
    start, end = start_of(source, site.node), end_of(source, site.node)
    if text_between(source, start, end) != ".".join([root.id, *names]):
        return None
    return _fix(f"Name it `{written}`", site.symbol, kept, edit_of(source, start, end, written))


def _fix(message: str, old: Symbol, kept: Symbol, edit: Edit | None) -> Fix | None:
    if edit is None:
        return None
    why = _difference(old, kept)
    return Fix(f"{message} ({why})", "unsafe", (edit,)) if why else Fix(message, "safe", (edit,))


def _kept(site: Site, target: str) -> Symbol | None:
    """The symbol that does the same and works on the target; None where there is none, or no need."""
    from rnnlint.facts import symbols

    old = site.symbol
    if len(site.symbols) != 1 or old.kind not in ("function", "class") or not old.still_at:
        return None
    if symbols.state_on(old, target) != "removed":
        return None
    kept = _named(old.still_at)
    if kept is None or kept.kind != old.kind:
        return None
    imported = isinstance(site.node, ast.alias) and kept.import_works
    return kept if imported or symbols.state_on(kept, target) == "works" else None


@lru_cache(maxsize=256)
def _named(still_at: str) -> Symbol | None:
    """The symbol that a row names, also as an import."""
    from rnnlint.facts import symbols

    found = re.fullmatch(r"from tensorflow\.([\w.]+) import (\w+)", still_at)
    return symbols.find(f"tf.{found[1]}.{found[2]}" if found else still_at)


def _difference(old: Symbol, kept: Symbol) -> str:
    """Why it may not be the very same thing; empty where both names were once those of one function."""
    renamed = old.path.rpartition(".")[2] != kept.path.rpartition(".")[2]
    if renamed or _numbers(old.removed) <= _numbers(kept.since):
        return f"what it was before TensorFlow {old.removed} may have differed"
    return "that the class, which has moved, computes the same was not measured" if old.kind == "class" else ""


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split(".")[:2])


def _means_the_same(old: Symbol, kept: Symbol, node: ast.expr, module: Module) -> bool:
    """Whether the arguments of a call mean the same under every order of parameters that either ever had."""
    orders = _orders(old, kept)
    if not orders:
        return False
    call = module.tree.call_of(node)
    if call is None:
        # It is called elsewhere, nobody knows how.
        return len(orders) == 1
    named = {keyword.arg for keyword in call.keywords}
    if len(orders) > 1 and (None in named or any(isinstance(one, ast.Starred) for one in call.args)):
        return False
    agreed = next((at for at, names in enumerate(zip(*orders)) if len(set(names)) > 1), min(map(len, orders)))
    return len(call.args) <= agreed and named - {None} <= {name for names in _orders(kept) for name in names}


def _orders(*of: Symbol) -> set[tuple[str, ...]]:
    """The orders of parameters that are on record; ``*args`` says nothing of any."""
    if not all(symbol.arguments for symbol in of):
        return set()
    return {order for symbol in of for signature in symbol.arguments if (order := _plain(signature.names))}


@lru_cache(maxsize=1024)
def _plain(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if not name.startswith("*"))


# ---- where it stands


def _dotted(node: ast.expr) -> tuple[ast.Name, list[str]] | None:
    """The name at the root of a plain dotted expression that is read, and the names behind it."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        if not isinstance(node.ctx, ast.Load):
            return None
        names.insert(0, node.attr)
        node = node.value
    return (node, names) if isinstance(node, ast.Name) and names else None


def _is_plain_import(root: ast.Name, module: Module) -> bool:
    """Whether a name can only be the module ``tensorflow`` itself."""
    reaching = module.bindings(root)
    if not reaching or "*" in module.tree.module.bound:
        return False
    bound = [*reaching]
    for scope in {binding.scope for binding in reaching}:
        if scope.body is not None:
            bound += module.flow.anywhere(scope.body, root.id)
        bound += scope.remote.get(root.id, [])
    return all(_imports_tensorflow(binding) for binding in bound)


def _is_replaced(root: str, name: str, module: Module) -> bool:
    """Whether the module puts something of its own in the place of the function."""
    return any(ast.unparse(write.node).startswith(f"{root}.") for write in module.tree.writes_of(name))


def _imports_tensorflow(binding: Binding) -> bool:
    alias = binding.node
    return binding.kind == "import" and isinstance(alias, ast.alias) and alias.name == "tensorflow"


# ---- imports


def _of_import(site: Site, kept: Symbol, module: Module) -> Fix | None:
    """``from tensorflow.nn import dynamic_rnn`` alone on its row, and used in calls that mean the same."""
    statement, alias = site.statement, site.node
    if not isinstance(statement, ast.ImportFrom) or not isinstance(alias, ast.alias) or len(statement.names) != 1:
        return None
    old_module, new_module = statement.module or "", "tensorflow" + kept.path.rpartition(".")[0][len("tf") :]
    if kept.path.rpartition(".")[2] != alias.name or not _uses_mean_the_same(site.symbol, kept, alias, module):
        return None
    source = module.source
    row = source.rows[statement.lineno - 1]
    column = row.find(f"from {old_module} import ")
    if column < 0 or row.count("from ") != 1:
        return None
    start = start_of(source, alias)._replace(row=statement.lineno, column=column + len("from "))
    end = start._replace(column=start.column + len(old_module))
    return _fix(f"Import it from `{new_module}`", site.symbol, kept, edit_of(source, start, end, new_module))


def _uses_mean_the_same(old: Symbol, kept: Symbol, alias: ast.alias, module: Module) -> bool:
    name = alias.asname or alias.name
    nodes = [node for node in ast.walk(module.source.tree) if isinstance(node, ast.Name) and node.id == name]
    same = bool(nodes) and all(_means_the_same(old, kept, node, module) for node in nodes)
    return same or len(_orders(old, kept)) == 1
