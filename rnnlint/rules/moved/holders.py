"""Which uses depend on which import, or on which variable that holds a legacy module?"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.sites import Site
from rnnlint.resolve.values import Module
from rnnlint.rules.moved.uses import assigned, root_of


class Holders:
    """The sites of one module by what binds their names."""

    def __init__(self, module: Module, all_sites: Sequence[Site]) -> None:
        sites = [site for site in all_sites if len(site.symbols) == 1]
        self.module = module
        self.imports: dict[ast.AST, Site] = {}
        self.variables: dict[ast.AST, Site] = {}
        self.uses: dict[ast.AST, list[tuple[Site, ast.Name]]] = {}
        """The uses of the name that an import or an assignment binds, by its alias or by the assigned value."""
        self.others: list[tuple[Site, ast.Name, list[Binding]]] = []
        self.shared: dict[ast.AST, list[tuple[Site, ast.Name]]] = {}
        """The same for uses with several bindings, as after a switch."""
        self._sort(sites, all_sites)

    def _sort(self, sites: Sequence[Site], all_sites: Sequence[Site]) -> None:
        for site in sites:
            if isinstance(site.node, ast.alias):
                self.imports[site.node] = site
            elif site.symbol.kind == "module" and assigned(site) is not None:
                self.variables[site.node] = site
        for site in all_sites:
            root = root_of(site.node)
            if root is None or site.node in self.variables:
                continue
            bindings = self.module.bindings(root)
            holders = [self.holder(one) for one in bindings]
            if len(bindings) > 1 and any(holders):
                for holder in holders:
                    if holder is not None:
                        self.shared.setdefault(holder, []).append((site, root))
            elif len(site.symbols) > 1:
                continue
            elif len(bindings) == 1 and holders[0] is not None:
                self.uses.setdefault(holders[0], []).append((site, root))
            elif bindings:
                self.others.append((site, root, bindings))

    def holder(self, binding: Binding) -> ast.AST | None:
        """The import or the assigned legacy module that a binding stands for, if that is a site."""
        if binding.node in self.imports and binding.kind in ("import", "from", "star"):
            return binding.node
        return binding.value if binding.value in self.variables and binding.kind == "assign" else None

    def statements(self) -> Iterator[tuple[ast.Import | ast.ImportFrom, list[Site]]]:
        found: dict[ast.stmt, list[Site]] = {}
        for site in self.imports.values():
            found.setdefault(site.statement, []).append(site)
        for statement, aliases in found.items():
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                yield statement, aliases

    def reads_of(self, holder: ast.AST, names: Mapping[str, Sequence[ast.Name]]) -> list[ast.Name]:
        """The reads of the name that an import or an assignment binds."""
        if isinstance(holder, ast.alias):
            local = holder.asname or holder.name
        else:
            site = self.variables[holder]
            local = assigned(site) or ""
        return [
            name
            for name in names.get(local, ())
            if any(self.holder(binding) is holder for binding in self.module.bindings(name))
        ]
