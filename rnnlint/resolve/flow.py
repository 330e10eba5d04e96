"""Which bindings of a name reach this statement?

The answer is computed backwards and on demand: up through the blocks around the use, branch by branch, until a binding
that certainly ran. Nothing is computed for names that are never looked up.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Callable, Iterable

from rnnlint.resolve.dead_code import constant_truth
from rnnlint.resolve.scope_tree import ScopeTree
from rnnlint.resolve.scopes import Binding, Block, Scope

StarHas = Callable[[Binding, str], bool]
Reaching = tuple[list[Binding], bool]
"""Bindings, and whether one of them certainly ran (otherwise earlier ones reach the use too)."""

_LEAVE = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_MOST_STEPS = 100_000
"""The budget of lookups: a name that is bound 400 times under conditions, and read as often, needs this many."""

_MANY = 8
"""How many bindings of one statement are searched for each lookup."""

_EXITS = {"sys.exit", "exit", "quit", "os._exit"}


class Flow:
    """Reaching bindings in one module. ``star_has(binding, name)`` says whether a star import provides a name."""

    def __init__(self, tree: ScopeTree, star_has: StarHas) -> None:
        self.tree = tree
        self.star_has = star_has
        self._anywhere: dict[tuple[Block, str], list[Binding]] = {}
        self._after: dict[tuple[ast.stmt, str], Reaching] = {}
        self._from_inside: dict[str, Reaching] = {}
        self._names: dict[ast.stmt, tuple[int, dict[str, list[Binding]]]] = {}
        self._tops: dict[ast.stmt, ast.stmt] = {}
        self._steps: dict[str, int] = {}
        """How many statements were visited and bindings found for each name."""

    def lookup(self, name: str, scope: Scope, statement: ast.stmt) -> list[Binding]:
        """The bindings that may reach a read of a name in this statement and scope, by Python's scoping rules.

        If a name is bound and read so often that the budget runs out, it counts as unknown and has no bindings.
        """
        if self._steps.get(name, 0) > _MOST_STEPS:
            return []
        found = self._looked_up(name, scope, statement)
        self._steps[name] = self._steps.get(name, 0) + len(found)
        return found

    def _looked_up(self, name: str, scope: Scope, statement: ast.stmt) -> list[Binding]:
        at: ast.stmt | None = statement
        inside: Scope | None = scope
        later = nested = False  # later: the use runs after its definition, when the function is called
        carried: list[Binding] = []
        while inside is not None and at is not None:
            if inside.kind in ("lambda", "comprehension"):
                if name in inside.given:
                    return [inside.given[name]]
            elif not (inside.kind == "class" and nested):
                found, certain = self._in_scope(name, inside, at, later)
                found = carried + found
                if name in inside.global_names:
                    return found if certain else found + self._of_module(name)
                local = name in inside.bound and name not in inside.nonlocal_names
                if inside.kind == "module" or certain or inside.kind == "function" and local:
                    return found
                carried = found
                later = later or inside.kind == "function"
            # Only code directly in a class body sees its names, not the scopes inside it.
            nested = True
            at = inside.statement
            inside = inside.parent
        return carried

    def _in_scope(self, name: str, scope: Scope, statement: ast.stmt, later: bool) -> Reaching:
        if name not in scope.bound and "*" not in scope.bound:
            return [], False
        return (self.seen_from_inside if later else self.reaching)(name, scope, statement)

    def _of_module(self, name: str) -> list[Binding]:
        return self.seen_from_inside(name, self.tree.module, None)[0]

    def seen_from_inside(self, name: str, scope: Scope, definition: ast.stmt | None) -> Reaching:
        """The bindings of a name of this scope for a function inside it that runs later.

        For a module that is the state at its end. An inner function may run at once, so both the bindings that reach
        its definition and those after it count.
        """
        if scope.kind != "module":
            return self._seen_from_inside(name, scope, definition)
        known = self._from_inside.get(name)
        if known is None:
            known = self._from_inside[name] = self._seen_from_inside(name, scope, None)
        return known

    def _seen_from_inside(self, name: str, scope: Scope, definition: ast.stmt | None) -> Reaching:
        assert scope.body is not None
        remote = scope.remote.get(name, [])
        if scope.kind == "module" or definition is None:
            found, certain = self.at_end(scope.body, name)
            if all(binding.kind == "delete" for binding in found):
                found = self.anywhere(scope.body, name)
            found = _union(found, remote)
        else:
            found, certain = self.reaching(name, scope, definition)
            row = definition.lineno
            later = [b for b in self.anywhere(scope.body, name) if getattr(b.node, "lineno", 0) > row]
            found = _union(found, later, remote)
        return [binding for binding in found if binding.kind != "delete"], certain

    def at_end(self, block: Block, name: str, before: int | None = None) -> Reaching:
        """The bindings in force at the end of a block (or before its statement number ``before``)."""
        found: dict[Binding, None] = {}
        indexes = block.binders.get(name, [])
        stars = block.binders.get("*")
        if stars:
            indexes = sorted({*indexes, *stars})
        last = len(indexes) if before is None else bisect_left(indexes, before)
        for position in range(last - 1, -1, -1):
            index = indexes[position]
            self._steps[name] = self._steps.get(name, 0) + 1
            more, certain = self.after(block.statements[index], name)
            found.update(dict.fromkeys(more))
            if certain:
                return list(found), True
        return list(found), False

    def anywhere(self, block: Block, name: str) -> list[Binding]:
        """Every binding of a name in a block and the blocks inside it, in source order."""
        known = self._anywhere.get((block, name))
        if known is None:
            known = self._anywhere[block, name] = self._found_anywhere(block, name)
        return known

    def _found_anywhere(self, block: Block, name: str) -> list[Binding]:
        found: list[Binding] = [b for b in block.header if b.name == name]
        todo = [block]
        while todo:
            inside = todo.pop()
            for index in inside.binders.get(name, []):
                statement = inside.statements[index]
                found.extend(b for b in self.tree.headers.get(statement, []) if b.name == name)
                todo.extend(b for b in self.tree.blocks.get(statement, []) if b.scope is block.scope)
        return sorted(found, key=_row)

    def after(self, statement: ast.stmt, name: str) -> Reaching:
        """The bindings in force after a statement."""
        blocks = self.tree.blocks.get(statement, [])
        if not blocks or isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            own = self._own(statement, name)
            return own, bool(own)
        known = self._after.get((statement, name))
        if known is None:
            known = self._after[statement, name] = self._after_blocks(statement, blocks, name)
        return known

    def _after_blocks(self, statement: ast.stmt, blocks: list[Block], name: str) -> Reaching:
        own = self._own(statement, name)
        if isinstance(statement, (ast.For, ast.AsyncFor, ast.While)):
            return self._after_loop(statement, blocks, name, own)
        if isinstance(statement, (ast.With, ast.AsyncWith)):
            found, certain = self.at_end(blocks[0], name)
            return (found, True) if certain else (found + own, bool(own))
        if isinstance(statement, (ast.If, ast.Match)):
            return self._after_branches(statement, name, own)
        return self._after_try(blocks, name)

    def _own(self, statement: ast.stmt, name: str) -> list[Binding]:
        headers = self.tree.headers.get(statement, [])
        if len(headers) > _MANY:
            headers = self._by_name(statement, headers, name)
        return [b for b in headers if b.name == name or b.kind == "star" and self.star_has(b, name)]

    def _by_name(self, statement: ast.stmt, headers: list[Binding], name: str) -> list[Binding]:
        """The bindings of a statement with many bindings that may be of a name."""
        count, found = self._names.get(statement, (0, {}))
        if count != len(headers):
            found = {}
            for binding in headers:
                found.setdefault(binding.name, []).append(binding)
            self._names[statement] = len(headers), found
        return found.get(name, []) + (found.get("*", []) if name != "*" else [])

    def _after_loop(self, statement: ast.stmt, blocks: list[Block], name: str, own: list[Binding]) -> Reaching:
        found: list[Binding] = []
        certain = False
        for block in blocks:
            more, sure = self.at_end(block, name)
            if block.role == "loop" and _jumps(block.statements):
                # Bindings before a break or continue leave the loop, too.
                more = self.anywhere(block, name)
            found = _union(found, more)
            certain = certain or sure and block.role == "orelse"
        forever = isinstance(statement, ast.While) and isinstance(statement.test, ast.Constant)
        if forever and found:
            return self.anywhere(blocks[0], name), True
        return found + own, certain or bool(own) and isinstance(statement, ast.While)

    def _after_branches(self, statement: ast.stmt, name: str, own: list[Binding]) -> Reaching:
        """The union over the branches that continue. A long ``elif`` chain is one level here, without recursion."""
        reached: dict[Binding, None] = {}
        certain = True
        exhaustive = not isinstance(statement, ast.Match)
        todo: list[ast.stmt] = [statement]
        while todo:
            node = todo.pop()
            for block in self.tree.blocks.get(node, []):
                statements = block.statements
                if isinstance(node, ast.If) and block.role == "orelse" and len(statements) == 1:
                    if isinstance(statements[0], ast.If):
                        todo.append(statements[0])
                        continue
                if isinstance(node, ast.If):
                    holds = constant_truth(node.test)
                    if holds is not None and holds != (block.role == "body"):
                        continue
                if leaves(block):
                    continue
                more, sure = self.at_end(block, name)
                more = more + [b for b in block.header if b.name == name and not sure]
                reached.update(dict.fromkeys(more))
                certain = certain and (sure or bool(more and block.header))
        if isinstance(statement, ast.Match):
            exhaustive = any(_irrefutable(case) for case in statement.cases)
        found = list(reached)
        if certain and exhaustive and (found or not own):
            return found, bool(found)
        return found + own, bool(own)

    def _after_try(self, blocks: list[Block], name: str) -> Reaching:
        by_role: dict[str, list[Block]] = {}
        for block in blocks:
            by_role.setdefault(block.role, []).append(block)
        final, sure = self.at_end(by_role["finalbody"][0], name)
        if sure:
            return final, True
        reached: dict[Binding, None] = dict.fromkeys(final)
        certain = True
        body = by_role["body"][0]
        tried, tried_all = self.at_end(body, name)
        extra, extra_all = self.at_end(by_role["orelse"][0], name)
        if not leaves(body) and not leaves(by_role["orelse"][0]):
            reached.update(dict.fromkeys(extra if extra_all else extra + tried))
            certain = extra_all or tried_all
        for handler in by_role.get("handler", []):
            if leaves(handler):
                continue
            more, sure = self.at_end(handler, name)
            if not sure:
                more = more + self.anywhere(body, name)
            reached.update(dict.fromkeys(more))
            certain = certain and sure
        return list(reached), certain and bool(reached)

    def reaching(self, name: str, scope: Scope, statement: ast.stmt) -> Reaching:
        """The bindings of this scope that reach one of its statements, and whether one of them certainly ran."""
        found: dict[Binding, None] = {}

        def add(more: list[Binding]) -> None:
            found.update(dict.fromkeys(more))

        # A walrus may precede the use in the same statement; the order within a statement is not analyzed.
        add([b for b in self._own(statement, name) if _is_walrus(b)])
        at: ast.stmt | None = statement
        while at is not None:
            block, index = self.tree.positions[at]
            if block.scope is not scope:
                break
            more, certain = self.at_end(block, name, index)
            add(more)
            if certain:
                return _sorted(found), True
            head = [b for b in block.header if b.name == name]
            if head:
                add(head)
                return _sorted(found), True
            owner = block.owner
            if owner is None:
                break
            more, certain = self._entering(block, owner, name)
            add(more)
            if certain:
                return _sorted(found), True
            at = owner if self.tree.has_walrus else self._top_of_chain(owner)
        if name in scope.given:
            add([scope.given[name]])
            return _sorted(found), True
        return _sorted(found), False

    def _top_of_chain(self, statement: ast.stmt) -> ast.stmt:
        """The ``if`` that an ``elif`` belongs to: nothing is bound between the two, unless a condition binds."""
        links = []
        at = statement
        while isinstance(at, ast.If) and at not in self._tops:
            links.append(at)
            block = self.tree.positions[at][0]
            is_link = block.role == "orelse" and len(block.statements) == 1 and isinstance(block.owner, ast.If)
            if not is_link or block.owner is None:
                break
            at = block.owner
        top = self._tops.get(at, at)
        self._tops.update(dict.fromkeys(links, top))
        return top

    def _entering(self, block: Block, owner: ast.stmt, name: str) -> Reaching:
        """The bindings that the owner of a block makes before the block runs."""
        own = self._own(owner, name)
        if block.role == "loop":
            if own:
                return own, True
            return self.anywhere(block, name), False
        if block.role == "handler":
            return self.anywhere(next(b for b in self.tree.blocks[owner] if b.role == "body"), name), False
        if block.role == "finalbody":
            return [x for b in self.tree.blocks[owner] if b is not block for x in self.anywhere(b, name)], False
        if block.role == "orelse" and not isinstance(owner, (ast.If, ast.For, ast.AsyncFor, ast.While)):
            return self.at_end(self.tree.blocks[owner][0], name)
        if block.role == "orelse" and not isinstance(owner, ast.If):
            more = self.anywhere(self.tree.blocks[owner][0], name)
            return more + own, False
        return own, bool(own)


def leaves(block: Block) -> bool:
    """Whether control never reaches the end of a block."""
    todo = [block.statements]
    while todo:
        statements = todo.pop()
        last = statements[-1] if statements else None
        if isinstance(last, _LEAVE) or isinstance(last, ast.Expr) and _is_exit(last.value):
            continue
        if isinstance(last, ast.If):
            todo += [last.body, last.orelse]
            continue
        if isinstance(last, (ast.With, ast.AsyncWith)):
            todo.append(last.body)
            continue
        return False
    return True


def _jumps(statements: list[ast.stmt]) -> bool:
    """Whether a ``break`` or ``continue`` belongs to the loop with this body."""
    todo: list[ast.AST] = list(statements)
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.Break, ast.Continue)):
            return True
        is_loop = isinstance(node, (ast.For, ast.AsyncFor, ast.While))
        for part in ("orelse",) if is_loop else ("body", "orelse", "handlers", "finalbody", "cases"):
            todo += getattr(node, part, [])
    return False


def _is_exit(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in _EXITS


def _irrefutable(case: ast.match_case) -> bool:
    return case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def _is_walrus(binding: Binding) -> bool:
    return (
        isinstance(binding.node, ast.Name)
        and binding.kind == "assign"
        and not isinstance(binding.statement, (ast.Assign, ast.AnnAssign))
    )


def _row(binding: Binding) -> tuple[int, int]:
    return getattr(binding.node, "lineno", 0), getattr(binding.node, "col_offset", 0)


def _sorted(found: Iterable[Binding]) -> list[Binding]:
    return sorted(found, key=_row)


def _union(*found: Iterable[Binding]) -> list[Binding]:
    """Each binding once, in order of first occurrence."""
    return list(dict.fromkeys(binding for some in found for binding in some))
