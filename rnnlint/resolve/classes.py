"""What do the classes of the project and literal containers hold? Bases, attributes, elements."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rnnlint.resolve.scopes import Binding
from rnnlint.resolve.values import External, Literal, ProjectClass, Value

if TYPE_CHECKING:
    from rnnlint.resolve.values import Module


def bases(of: ProjectClass) -> Iterator[ProjectClass]:
    """A class and its bases in the project, nearest first."""
    todo, seen = [of], {of.node}
    while todo:
        current = todo.pop(0)
        yield current
        for base in current.node.bases:
            for value in current.module.values(base):
                if isinstance(value, ProjectClass) and value.node not in seen:
                    seen.add(value.node)
                    todo.append(value)


def library_bases(of: ProjectClass) -> Iterator[str]:
    """The paths of the library classes that a class derives from, also through classes of the project."""
    for current in bases(of):
        for base in current.node.bases:
            yield from (value.path for value in current.module.values(base) if isinstance(value, External))


def class_bindings(of: ProjectClass, name: str) -> Iterator[tuple[Module, Binding]]:
    """The bindings of an attribute of a class: written through ``self``, in its body, or by a base in the project."""
    for current in bases(of):
        module = current.module
        body = module.tree.scope_of(current.node).body
        assert body is not None
        found = [*module.writes_of(current.node, name), *module.flow.at_end(body, name)[0]]
        if found:
            yield from ((module, binding) for binding in found)
            return


def elements(value: Value, index: ast.expr | int | str | None) -> Iterator[Value]:
    """What indexing or unpacking a literal container may return; every element if the index is not a literal."""
    if not isinstance(value, Literal):
        return
    node = value.node
    key = index.value if isinstance(index, ast.Constant) else index
    if isinstance(node, ast.Dict):
        keys = [k.value if isinstance(k, ast.Constant) else None for k in node.keys]
        exact = [item for k, item in zip(keys, node.values) if key is not None and k == key]
        for item in exact or node.values:
            yield from value.module.values(item)
    elif isinstance(node, ast.ListComp):
        yield from value.module.values(node.elt)
    elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        if isinstance(key, int) and -len(node.elts) <= key < len(node.elts):
            yield from value.module.values(node.elts[key])
        else:
            for item in node.elts:
                yield from value.module.values(item)


def is_property(node: ast.AST) -> bool:
    """Whether a function is a property."""
    decorators = getattr(node, "decorator_list", [])
    return any(isinstance(d, ast.Name) and d.id == "property" for d in decorators)


def method_owner(parameter: Binding) -> ast.ClassDef | None:
    """The class whose method has this first parameter: what ``self`` (or ``cls``) stands for."""
    function = parameter.scope.node
    owner = parameter.scope.enclosing_class()
    if owner is None or not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    arguments = [*function.args.posonlyargs, *function.args.args]
    if not arguments or arguments[0] is not parameter.node:
        return None
    if any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list):
        return None
    return owner.node if isinstance(owner.node, ast.ClassDef) else None
