"""Which fixes make the legacy names of a module run on its target, and which sites does each fix?

Names that depend on one import statement, or on one variable that holds a legacy module, are fixed together: fixing
only some would leave a module that still fails.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from rnnlint.facts import symbols
from rnnlint.finding import Edit, Fix
from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.sites import Site
from rnnlint.resolve.values import Module
from rnnlint.rules.edits import edit_of, end_of, start_of, text_between
from rnnlint.rules.moved import packages
from rnnlint.rules.moved.destinations import Destination, destination, homes_of
from rnnlint.rules.moved.holders import Holders
from rnnlint.rules.moved.switches import Switches
from rnnlint.rules.moved.uses import Moved, Sites, Use, are_keras, assigned, that_are_something
from rnnlint.rules.moved.writing import Wanted, Writer

_CELLS = "tensorflow.compat.v1.nn.rnn_cell"
_RUNNERS = "tensorflow.compat.v1.nn"


def fixes(module: Module, sites: Iterable[Site], target: str) -> Mapping[ast.AST, Fix]:
    """The fixes, by the node of the site that each resolves."""
    return _Plan(module, sites, target).made


class _Plan:
    """The fixes of one module."""

    def __init__(self, module: Module, sites: Iterable[Site], target: str) -> None:
        self.module, self.source, self.target = module, module.source, target
        self.sites = Sites(module, target)
        self.writer = Writer(module)
        self.made: dict[ast.AST, Fix] = {}
        self.held = Holders(module, tuple(sites))
        self.switches = Switches(module, target, self.held)
        for statement, aliases in self.held.statements():
            self._statement(statement, aliases)
        for value, site in self.held.variables.items():
            self._variable(value, site)
        for gone in packages.gone(module, self.held, self.sites, self.writer, self.switches):
            doubts = [use.doubt for use in gone.uses]
            self._make([use.site.node for use in gone.uses], f"Import from `{gone.module}`", doubts, gone.edits)
        for site, root, bindings in self.held.others:
            if site.node not in self.made:
                self._other(site, root, bindings)

    # ---- imports

    def _statement(self, statement: ast.Import | ast.ImportFrom, sites: list[Site]) -> None:
        """Rewrite an import statement with everything that depends on it; a doubtful change only if there is no
        other."""
        if self.switches.may_hide(statement, statement.names[0]):
            return
        moved = {site.node: found for site in sites if (found := self._alias(statement, site)) is not None}
        if not any(self._is_needed(site) for site in sites if site.node in moved):
            return
        sure = {alias: found for alias, found in moved.items() if not any(found.doubts)}
        for some in filter(None, (moved, sure)):
            self._write_again(statement, some)

    def _write_again(self, statement: ast.Import | ast.ImportFrom, moved: Mapping[ast.expr | ast.alias, Moved]) -> None:
        new = [wanted for found in moved.values() for wanted in found.wanted]
        again = self.writer.again(statement, [one for one in statement.names if one not in moved], new)
        if again is not None:
            modules = " and ".join(f"`{one}`" for one in sorted({one.module for one in new}))
            self._make(
                [node for alias, found in moved.items() for node in (alias, *found.mended)],
                f"Import from {modules}",
                [doubt for found in moved.values() for doubt in found.doubts],
                (again, *(edit for found in moved.values() for edit in found.edits)),
            )

    def _is_needed(self, site: Site) -> bool:
        """Whether a site, or what is used of it, fails on the target, or is private although there is a public name."""
        used = (use.symbol for use, _ in self.held.uses.get(site.node, ()))
        return (
            any(symbols.state_on(one, self.target) == "removed" for one in (site.symbol, *used))
            or symbols.is_private(site.symbol.path)
            or site.node in self.held.variables
            and any(self.sites.fails(use) for use, _ in self.held.uses.get(site.node, ()))
        )

    def _alias(self, statement: ast.Import | ast.ImportFrom, site: Site) -> Moved | None:
        alias = site.node
        assert isinstance(alias, ast.alias)
        if isinstance(statement, ast.ImportFrom) and alias.name == "*":
            return self._star(site)
        if site.symbol.kind != "module":
            return self._name(site, alias)
        if isinstance(statement, ast.Import) and alias.asname is None:
            # `import tensorflow.contrib.rnn` binds `tensorflow`, and loads the module.
            is_tensorflow = site.symbol.path.startswith("tf.")
            found = Moved([Wanted("tensorflow", "", "")], [], [], []) if is_tensorflow else None
        else:
            found = self._module(site, alias.asname or alias.name, alias)
        if found is None or not found.wanted[0].local:
            # The other members used of the module exist nowhere; they do not prevent fixing the rest.
            for use, root in self.held.uses.get(alias, ()):
                self._other(use, root, self.module.bindings(root))
        return found

    def _name(self, site: Site, alias: ast.alias) -> Moved | None:
        """``from m import Name``: the local name stays."""
        to = destination(site.symbol, self.target)
        if to is None:
            return None
        if site.symbol.family == "cudnn":
            return self._renamed(site, alias, to)
        local = alias.asname or alias.name
        moved = Moved([Wanted(to.module, to.name, local)], [], [], [to.doubt])
        for use, _ in self.held.uses.get(alias, ()):
            one = self.sites.use(use, to)
            if one is None:
                return None
            moved = moved.with_use(one)
        return moved

    def _renamed(self, site: Site, alias: ast.alias, to: Destination) -> Moved | None:
        """``from keras.layers import CuDNNLSTM``: the name no longer describes the layer, so it is replaced."""
        local = alias.asname or self.writer.local_name(to.module, to.name)
        moved = Moved([Wanted(to.module, to.name, local)], [], [], [to.doubt])
        for use, root in self.held.uses.get(alias, ()):
            one = self.sites.use(use, to)
            if one is None or alias.asname is None and not isinstance(use.node, ast.Name):
                return None
            moved = moved.with_use(one)
            if alias.asname is None:
                edit = self.sites.replaced(root, root.id, local)
                if edit is None:
                    return None
                moved.edits.append(edit)
        reads = self.writer.names.get(alias.asname or alias.name, [])
        return moved if alias.asname or len(reads) == len(self.held.uses.get(alias, ())) else None

    def _star(self, site: Site) -> Moved | None:
        """``from m import *``: all cells, since others may take them from here, and the runners that are used."""
        moved = Moved([], [], [], [])
        if _CELLS in homes_of(site.symbol, self.target):
            moved.wanted.append(Wanted(_CELLS, "*", "*"))
        for use, root in self.held.uses.get(site.node, ()):
            one = self.sites.use(use, destination(use.symbol, self.target))
            if one is None or use.node is not root:
                return None
            moved = moved.with_use(one)
            if one.to.module != _CELLS or one.to.name != root.id:
                moved.wanted.append(Wanted(one.to.module, one.to.name, root.id))
        return moved._replace(wanted=list(dict.fromkeys(moved.wanted))) if moved.wanted else None

    # ---- a variable or an import that stands for a legacy module

    def _module(self, site: Site, local: str, holder: ast.AST) -> Moved | None:
        """The module that contains what is used of the old one, under the same local name."""
        moved = Moved([], [], [], [])
        uses: list[Use] = []
        others = 0
        for use, root in self.held.uses.get(holder, ()):
            if use.node is root:
                # The module itself is passed on.
                continue
            to = destination(use.symbol, self.target)
            one = self.sites.use(use, to)
            if one is not None:
                uses.append(one)
                moved = moved.with_use(one)
                continue
            left = self.sites.left(use, root) if to is None else None
            if left is None:
                return None
            moved.edits.append(left)
            others += 1
        if others and not uses:
            return None
        shared = self._shared(holder)
        if shared is None:
            return None
        homes = {one.to.module for one in (*uses, *shared)} or homes_of(site.symbol, self.target)
        if len(homes) == 1 and homes <= {"keras.layers", "tensorflow.keras.layers"}:
            return moved.with_package(next(iter(homes)), local, bool(self.held.uses.get(holder)))
        if not homes or not homes <= {_CELLS, _RUNNERS}:
            return None
        home = _CELLS if _CELLS in homes else _RUNNERS
        # The other branch of a switch must provide the same names under its local name.
        there = (one.to.module == home and one.to.name == getattr(one.site.node, "attr", "") for one in shared)
        if any(one.edits for one in shared) or not all(there):
            return None
        moved.doubts.extend(one.doubt for one in shared)
        for one in uses:
            edit = self._reached(one, local, home, moved)
            if edit is None:
                return None
            moved.edits.extend(edit)
        # `nn` cannot be imported as a module by its path: `from tensorflow.compat.v1 import nn`.
        moved.wanted.insert(
            0, Wanted(_CELLS, "", local) if home == _CELLS else Wanted("tensorflow.compat.v1", "nn", local)
        )
        seen = {id(root) for _, root in self.held.shared.get(holder, ())}
        reads = [one for one in self.held.reads_of(holder, self.writer.names) if id(one) not in seen]
        if len(reads) > len(uses) + others:
            moved.doubts.append(f"not every use of `{local}` is visible here")
        return moved

    def _shared(self, holder: ast.AST) -> list[Use] | None:
        """The uses of what this holder and others bind, in the form that each needs; None if one is impossible."""
        found: list[Use] = []
        for site, root in self.held.shared.get(holder, ()):
            for symbol in site.symbols:
                to = destination(symbol, self.target)
                if site.node is root or to is None:
                    continue
                one = self.sites.use(site._replace(symbols=(symbol,)), to)
                if one is None:
                    return None
                found.append(one)
        return found

    def _reached(self, use: Use, local: str, home: str, moved: Moved) -> list[Edit] | None:
        """The edits that rename a member of a module whose other members are elsewhere."""
        node = use.site.node
        assert isinstance(node, ast.expr)
        written = text_between(self.source, start_of(self.source, node), end_of(self.source, node))
        if use.to.module == home and written == f"{local}.{use.to.name}":
            return []
        if use.to.module == home:
            edit = self.sites.replaced(node, None, f"{local}.{use.to.name}")
        else:
            root = self.sites.tensorflow_at(use.root)
            if root is not None:
                edit = self.sites.replaced(node, None, f"{root}{use.to.name}")
            else:
                name = self.writer.local_name(use.to.module, use.to.name)
                moved.wanted.append(Wanted(use.to.module, use.to.name, name))
                edit = self.sites.replaced(node, None, name)
        return [edit] if edit is not None else None

    def _variable(self, value: ast.AST, site: Site) -> None:
        """``rnn = tf.contrib.rnn``: the statement becomes an import."""
        local, statement = assigned(site), site.statement
        if local is None or self.switches.may_hide(statement, site.node) or not self._is_needed(site):
            return
        moved = self._module(site, local, value)
        if moved is None:
            for use, root in self.held.uses.get(value, ()):
                self._other(use, root, self.module.bindings(root))
        if moved is None or not self.writer.stands_alone(statement):
            return
        rows = self.writer.rows(statement, list(dict.fromkeys(moved.wanted)))
        edit = edit_of(self.source, start_of(self.source, statement), end_of(self.source, statement), rows)
        if edit is not None:
            self._make(
                [site.node, *moved.mended], f"Import `{moved.wanted[0].module}`", moved.doubts, (edit, *moved.edits)
            )

    # ---- names that are reached from TensorFlow itself, or through another module of the project

    def _other(self, site: Site, root: ast.Name, bindings: list[Binding]) -> None:
        one = self.sites.use(site, destination(site.symbol, self.target))
        if one is None or not self.sites.fails(site) or self.switches.may_hide(site.statement, site.node):
            return
        bindings, path = that_are_something(bindings), self.sites.between(bindings, root.id)
        if path is not None and not self.sites.is_settled(root.id, bindings):
            return
        if path is not None and one.to.by_attribute and one.to.module.startswith("tensorflow.compat.v1."):
            written = f"{root.id}.{path}{one.to.module[len('tensorflow.compat.v1.') :]}.{one.to.name}"
            self._rename(one, written, f"Name it `{written}`", ())
        elif path == "compat.v1." and site.symbol.family in ("cudnn", "layer"):
            written = f"{root.id}.keras.layers.{one.to.name}"
            self._rename(one, written, f"Name it `{written}`", ())
        elif one.to.module == "keras.layers" and are_keras(bindings):
            written = f"{root.id}.layers.{one.to.name}"
            self._rename(one, written, f"Name it `{written}`", ())
        elif len(bindings) == 1 and bindings[0].statement is not None and site.node is not root:
            if bindings[0].kind not in ("import", "from", "assign", "star"):
                return
            is_there = self.sites.is_there(one, self.made)
            local = one.to.name if is_there else self.writer.local_name(one.to.module, one.to.name)
            wanted = Wanted(one.to.module, one.to.name, local)
            below = None if is_there else self.writer.below(bindings[0].statement, wanted)
            if is_there or below is not None:
                message = f"Import `{one.to.name}` from `{one.to.module}`"
                self._rename(one, local, message, () if below is None else (below,))

    def _rename(self, use: Use, written: str, message: str, more: tuple[Edit, ...]) -> None:
        edit = self.sites.replaced(use.site.node, None, written)
        if edit is not None:
            self._make([use.site.node], message, [use.doubt], (edit, *use.edits, *more))

    def _make(self, nodes: Iterable[ast.AST], message: str, doubts: Iterable[str], edits: Iterable[Edit]) -> None:
        why = next((doubt for doubt in doubts if doubt), "")
        unique = tuple(sorted(set(edits)))
        fix = Fix(f"{message} ({why})", "unsafe", unique) if why else Fix(message, "safe", unique)
        self.made.update(dict.fromkeys(nodes, fix))
