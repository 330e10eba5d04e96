"""How does Python run a program? A file, a folder or a module as ``__main__``, with its own arguments."""

from __future__ import annotations

import builtins
import importlib.machinery
import importlib.util
import os
import sys
from dataclasses import dataclass
from types import CodeType, ModuleType
from typing import Any


class ProgramError(Exception):
    """A program that cannot be run; the text is one line."""


@dataclass(frozen=True, slots=True)
class Program:
    """The program to run. ``first`` is the folder that Python puts first on ``sys.path``."""

    code: CodeType
    filename: str
    first: str
    argv: tuple[str, ...]
    spec: importlib.machinery.ModuleSpec | None
    loader: Any


def from_file(path: str, arguments: list[str]) -> Program:
    """``python path …``. Raises ProgramError if there is no such file, and SyntaxError."""
    filename = os.path.abspath(path)
    first = os.path.dirname(os.path.realpath(filename))
    if os.path.isdir(filename):
        first, filename = filename, os.path.join(filename, "__main__.py")
    try:
        with open(filename, "rb") as file:
            source = file.read()
    except OSError as error:
        raise ProgramError(f"{path}: {error.strerror or error}") from None
    loader = importlib.machinery.SourceFileLoader("__main__", filename)
    # Our imports from __future__ must not apply to the user's code.
    code = compile(source, filename, "exec", dont_inherit=True)
    return Program(code, filename, first, (path, *arguments), None, loader)


def from_module(name: str, arguments: list[str]) -> Program:
    """``python -m name …``: a package is run by its ``__main__``. Raises ProgramError if there is none."""
    # As in Python, the packages around a module are imported before it is found, from the current folder.
    _put_first(os.getcwd())
    spec = _spec(name)
    if spec.submodule_search_locations is not None:
        spec = _spec(f"{name}.__main__")
    get_code = getattr(spec.loader, "get_code", None)
    code = get_code(spec.name) if get_code is not None else None
    if code is None or spec.origin is None:
        raise ProgramError(f"no code object available for {spec.name}")
    return Program(code, spec.origin, os.getcwd(), (spec.origin, *arguments), spec, spec.loader)


def _spec(name: str) -> importlib.machinery.ModuleSpec:
    try:
        spec = importlib.util.find_spec(name)
    except (ModuleNotFoundError, ValueError) as error:
        raise ProgramError(f"-m {name}: {error}") from None
    if spec is None:
        raise ProgramError(f"-m {name}: no module named {name}")
    return spec


def execute(program: Program) -> None:
    """Run it in this process, as its main program. Raises whatever the program raises."""
    sys.argv[:] = program.argv
    _put_first(program.first)
    main = ModuleType("__main__")
    names: dict[str, Any] = {
        "__builtins__": builtins,
        "__file__": program.filename,
        "__cached__": None,
        "__loader__": program.loader,
        "__spec__": program.spec,
        "__package__": None if program.spec is None else program.spec.parent,
    }
    vars(main).update(names)
    sys.modules["__main__"] = main
    exec(program.code, vars(main))


def _put_first(folder: str) -> None:
    """The entry in ``sys.path`` that Python added for our own start, unless it was told not to."""
    if not getattr(sys.flags, "safe_path", False) and not sys.flags.isolated:
        sys.path[0] = folder
