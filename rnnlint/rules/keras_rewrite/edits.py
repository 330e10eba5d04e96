"""Which edits write the new texts to the file, and which imports are removed?"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cached_property

from rnnlint.finding import Edit
from rnnlint.resolve.sites import Site
from rnnlint.rules.edits import Point, end_of, start_of
from rnnlint.rules.keras_rewrite.code import Code
from rnnlint.rules.keras_rewrite.layers import Both
from rnnlint.rules.keras_rewrite.refusal import RefusedError
from rnnlint.rules.moved.holders import Holders


class Edits:
    """The edits of one module."""

    def __init__(self, code: Code, sites: list[Site]) -> None:
        self.code, self.source, self.sites = code, code.source, sites
        self.both: dict[tuple[ast.Call, ast.Call, bool], Both] = {}
        self._statements: dict[ast.stmt, str] = {}
        self._deleted: list[ast.stmt] = []
        self._idle: list[ast.stmt] = []
        self._below: dict[ast.stmt, list[str]] = {}
        self._imports: set[ast.AST] = set()
        self._runners: set[ast.AST] = set()

    @cached_property
    def _held(self) -> Holders:
        return Holders(self.code.module, [site for site in self.sites if len(site.symbols) == 1])

    def replace(self, statement: ast.stmt, runner: ast.Call, text: str) -> None:
        """Rewrite a statement, with the replacement of a runner's call."""
        self._statements[statement] = text
        self._runners.add(runner)

    def delete(self, statement: ast.stmt) -> None:
        """Remove a statement."""
        self._deleted.append(statement)

    def below(self, statement: ast.stmt, text: str) -> None:
        """Add a line below a statement."""
        self._below.setdefault(statement, []).append(text)

    def may_be_idle(self, statements: Iterable[ast.stmt]) -> None:
        """Remove assignments that would assign a name to itself."""
        self._idle += statements

    def made(self) -> list[Edit]:
        """All edits. Raises RefusedError if the file differs from what was parsed."""
        code = self.code
        gone = self._with_conditions(set(self._deleted) | {one for one in self._idle if self._is_idle(one)})
        found = [edit for one in sorted(gone, key=lambda one: one.lineno) for edit in self._without(one)]
        found += [code.edit(one, text) for one, text in self._statements.items() if one not in gone]
        inside = gone | set(self._statements)
        for node in list(code.new):
            if isinstance(node, ast.expr) and self._is_outermost(node, inside):
                found.append(code.edit(node, code.new[node]))
        for statement, lines in self._below.items():
            end = self._end_of(statement.end_lineno or statement.lineno)
            indent = code.indent(statement)
            found.append(code.edit_between(end, end, "".join(f"\n{indent}{line}" for line in lines)))
        return [*found, *self._of_imports(inside)]

    def _with_conditions(self, gone: set[ast.stmt]) -> set[ast.stmt]:
        """The statements to remove; an ``if`` that becomes empty is removed completely."""
        whole = {outer for one in gone if isinstance(outer := self.code.parents.get(one), ast.If)}
        whole = {one for one in whole if not one.orelse and all(inner in gone for inner in one.body)}
        return {one for one in gone if self.code.parents.get(one) not in whole} | set(whole)

    def _is_idle(self, statement: ast.stmt) -> bool:
        if not isinstance(statement, ast.Assign) or statement in self._below:
            return False
        return self.code.render(statement.value) == self.code.text(statement.targets[0])

    def _is_outermost(self, node: ast.AST, inside: set[ast.stmt]) -> bool:
        return not any(one in self.code.new or one in inside for one in self.code.above(node))

    def _without(self, statement: ast.stmt) -> list[Edit]:
        """The edit that removes a statement, with its lines."""
        code = self.code
        block = next(
            body for _, body in ast.iter_fields(code.parents[statement]) if isinstance(body, list) and statement in body
        )
        if not code.writer.stands_alone(statement):
            raise RefusedError("a statement that must be removed shares a line with another")
        if all(one in self._deleted or one in self._idle for one in block):
            return [code.edit(statement, "pass")]
        last = statement.end_lineno or statement.lineno
        if last < len(self.source.lines):
            try:
                return [code.edit_between(Point(statement.lineno, 0), Point(last + 1, 0), "")]
            except RefusedError:
                # The next line is in another cell of a notebook.
                pass
        if statement.lineno == 1:
            return [code.edit(statement, "pass")]
        return [code.edit_between(self._end_of(statement.lineno - 1), self._end_of(last), "")]

    def _end_of(self, row: int) -> Point:
        """The point after the last character of a line."""
        return Point(row, len(self.source.row_as_parsed(row).rstrip("\r\n")))

    # ---- imports

    def _of_imports(self, inside: set[ast.stmt]) -> list[Edit]:
        code = self.code
        kept, gone = self._sorted_aliases(inside)
        lines = ["import tensorflow as tf"] if code.needs_tensorflow else []
        if code.defines_state_tuple and not self._has_collections():
            lines.append("import collections")
        top = [one for one in self.source.tree.body if isinstance(one, (ast.Import, ast.ImportFrom))]
        header = self._header()
        found: list[Edit] = []
        anchor: ast.stmt | None = header[-1] if header else None
        for statement in gone:
            remaining = [one for one in statement.names if one in kept.get(statement, ())]
            if remaining:
                assert isinstance(statement, (ast.Import, ast.ImportFrom))
                edit = code.writer.again(statement, remaining, [])
                if edit is None:
                    raise RefusedError("its import cannot be rewritten")
                found.append(edit)
            elif statement in top and (lines or code.defines_state_tuple) and statement is anchor:
                found.append(code.edit(statement, self._new_lines(lines)))
                anchor, lines = None, []
            else:
                found += self._without(statement)
        if (lines or code.defines_state_tuple) and not (anchor is None and header):
            found += self._at_anchor(anchor, lines)
        self._imports |= {alias for one in gone for alias in one.names if alias not in kept.get(one, ())}
        for site in self._idle_variables(inside):
            found += self._without(site.statement)
            self._imports.add(site.node)
        return found

    def _has_collections(self) -> bool:
        """Whether the module imports ``collections`` at its top. Raises RefusedError if the name is something else."""
        held = [alias for one in self._header() for alias in one.names if (alias.asname or alias.name) == "collections"]
        if not held and self.code.is_taken("collections") or any(alias.name != "collections" for alias in held):
            raise RefusedError("`collections` is something else in the module")
        return bool(held)

    def _new_lines(self, lines: list[str]) -> str:
        made = []
        if self.code.defines_state_tuple:
            name = self.code.state_tuple()
            made = ["", f'{name} = collections.namedtuple("{name}", ("c", "h"))']
        return "\n".join([*lines, *made])

    def _at_anchor(self, anchor: ast.stmt | None, lines: list[str]) -> list[Edit]:
        text = self._new_lines(lines)
        if anchor is None:
            raise RefusedError("the module has no import at its top")
        if not self.code.writer.stands_alone(anchor):
            raise RefusedError("an import shares its line with another statement")
        end = self._end_of(anchor.end_lineno or anchor.lineno)
        return [self.code.edit_between(end, end, f"\n{text}")]

    def _header(self) -> list[ast.Import | ast.ImportFrom]:
        """The imports at the top of the module."""
        found: list[ast.Import | ast.ImportFrom] = []
        for statement in self.source.tree.body:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                found.append(statement)
            elif not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                break
        return found

    def _sorted_aliases(
        self, inside: set[ast.stmt]
    ) -> tuple[dict[ast.stmt, list[ast.alias]], list[ast.Import | ast.ImportFrom]]:
        """The parts of import statements that stay, and the statements that lose some."""
        held = self._held
        kept: dict[ast.stmt, list[ast.alias]] = {}
        gone: list[ast.Import | ast.ImportFrom] = []
        for statement, sites in held.statements():
            legacy = {site.node for site in sites}
            stay = []
            for alias in statement.names:
                reads = held.reads_of(alias, self.code.writer.names) if alias in legacy else []
                # An unused import may be meant for other modules, unless it is next to one that is removed.
                is_gone = alias in legacy and all(self._is_written_over(one, inside) for one in reads)
                if not is_gone:
                    stay.append(alias)
            if len(stay) < len(statement.names) and any(
                held.reads_of(one, self.code.writer.names) for one in statement.names if one in legacy
            ):
                kept[statement] = stay
                gone.append(statement)
        return kept, gone

    def _idle_variables(self, inside: set[ast.stmt]) -> list[Site]:
        """The variables for legacy modules that are no longer read."""
        found = []
        for value, site in self._held.variables.items():
            reads = self._held.reads_of(value, self.code.writer.names)
            if reads and all(self._is_written_over(one, inside) for one in reads):
                found.append(site)
        return found

    def _is_written_over(self, name: ast.Name, inside: set[ast.stmt]) -> bool:
        """Whether a new text contains the name of something that is removed."""
        node: ast.AST = name
        while isinstance(self.code.parents.get(node), ast.Attribute):
            node = self.code.parents[node]
        if node in self.code.new:
            return True
        call = self.code.parents.get(node)
        return isinstance(call, ast.Call) and call.func is node and (call in self.code.new or call in self._runners)

    def mended(self) -> set[ast.AST]:
        """The nodes of the sites that no longer exist after the edits."""
        found: set[ast.AST] = set(self._imports)
        for site in self.sites:
            node = site.node
            if isinstance(node, ast.expr):
                call = self.code.module.tree.call_of(node)
                if node in self.code.new or call is not None and (call in self.code.new or call in self._runners):
                    found.add(node)
        return found


__all__ = ["Edits", "end_of", "start_of"]
