"""Which edits make a call mean the same for the replacement function?"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import NamedTuple

from rnnlint.facts.symbols import Signature, Symbol
from rnnlint.finding import Edit
from rnnlint.read.source import Source
from rnnlint.rules.argument_removal import removal
from rnnlint.rules.edits import edit_of, end_of, start_of, text_between

_NOISE = re.compile(r"\s+|#[^\n]*|\\\n")

_UNUSED = frozenset({"input_size"})
"""Parameters that cells accepted but did not use."""


class Adapted(NamedTuple):
    """The edits of the arguments of a call."""

    edits: tuple[Edit, ...] = ()
    doubt: str = ""
    """Why the arguments may mean something else; empty if they do not."""


def adapted(old: Symbol, new: Symbol, call: ast.Call | None, source: Source) -> Adapted | None:
    """The edits, or None if the new function cannot be called like this.

    ``call`` is None if the function is passed on and called elsewhere.
    """
    orders, wanted = _orders(old.arguments), _newest(new)
    if not orders or not wanted:
        return Adapted() if old.path == new.path else Adapted((), "the order of its arguments is not on record")
    if call is None:
        # Passed on, and called elsewhere with the newest parameter order.
        return Adapted() if any(_begins(wanted, one) for one in orders) else Adapted((), _ANOTHER_ORDER)
    named = {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    stars = any(isinstance(one, ast.Starred) for one in call.args) or len(named) < len(call.keywords)
    plain = [one for one in call.args if not isinstance(one, ast.Starred)]
    possible = [one for one in orders if len(one) >= len(plain) and named <= {*one, *_ALWAYS}] or orders
    # Every layer accepts the arguments that any layer accepts beyond its own (input_shape and the like).
    dropped = () if old.family == "cudnn" else _dropped(call, wanted, source)
    if dropped is None:
        return None
    if stars and not all(_begins(wanted, one) for one in possible):
        known = {name for one in possible for name in one} <= {*wanted, *_ALWAYS, *_UNUSED}
        if any(isinstance(one, ast.Starred) for one in call.args) or not known:
            return Adapted(dropped, "the arguments in * or ** are not visible here")
    starts = {one[: len(plain)] for one in possible}
    if starts == {wanted[: len(plain)]}:
        return Adapted(dropped)
    if len(starts) == 1:
        renamed = _by_name(call, next(iter(starts)), wanted, source)
        return None if renamed is None else Adapted((*renamed, *dropped))
    if wanted[: len(plain)] in starts:
        return Adapted(dropped, _ANOTHER_ORDER)
    return None


_ANOTHER_ORDER = "older releases had another order of arguments"

_ALWAYS = frozenset({"name", "dtype", "trainable"})
"""Arguments that every layer accepts, whether its signature lists them or not."""


@lru_cache(maxsize=512)
def _orders(signatures: tuple[Signature, ...]) -> list[tuple[str, ...]]:
    """The recorded parameter orders, oldest first; ``*args`` gives no information."""
    orders = (tuple(name for name in one.names if not name.startswith("*")) for one in signatures)
    return list(dict.fromkeys(order for order in orders if order))


def _newest(symbol: Symbol) -> tuple[str, ...]:
    orders = _orders(symbol.arguments)
    return orders[-1] if orders else ()


def _begins(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the shorter of two orders is a prefix of the longer."""
    return one[: len(other)] == other[: len(one)]


def _dropped(call: ast.Call, wanted: tuple[str, ...], source: Source) -> tuple[Edit, ...] | None:
    """The edits that remove arguments the new function does not accept; None if that would change something."""
    edits: list[Edit] = []
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in wanted or keyword.arg in _ALWAYS:
            continue
        if keyword.arg not in _UNUSED or not isinstance(keyword.value, (ast.Constant, ast.Name, ast.Attribute)):
            return None
        found = removal(source, call, keyword)
        if found is None:
            return None
        edits += found
    return tuple(edits)


def _by_name(
    call: ast.Call, order: tuple[str, ...], wanted: tuple[str, ...], source: Source
) -> tuple[Edit, ...] | None:
    """The edits that pass arguments by name, from the first whose position changed."""
    first = next(at for at, name in enumerate(order) if at >= len(wanted) or wanted[at] != name)
    edits: list[Edit] = []
    before = end_of(source, call.func)
    for at, (argument, name) in enumerate(zip(call.args, order)):
        start = start_of(source, argument)
        if at >= first:
            # `None` for a parameter that was never used cannot be passed by name to a function without it.
            if name not in wanted:
                return None
            between = _NOISE.sub("", text_between(source, before, start))
            edit = edit_of(source, start, start, f"{name}=")
            if between not in ("(", ",") or edit is None:
                return None
            edits.append(edit)
        before = end_of(source, argument)
    return tuple(edits)
