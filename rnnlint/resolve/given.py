"""Which argument does a call of a legacy symbol pass for one of its parameters?"""

from __future__ import annotations

import ast

from rnnlint.facts import symbols
from rnnlint.facts.symbols import Symbol


def argument(call: ast.Call, symbol: Symbol, name: str, target: str) -> ast.expr | None:
    """The argument for a parameter, by name or by its position on the target; None if it is not passed."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    names = parameters(symbol, target)
    position = names.index(name) if name in names else len(call.args)
    return call.args[position] if position < len(call.args) else None


def parameters(symbol: Symbol, target: str) -> tuple[str, ...]:
    """The parameters in order, on the target or, if it has none of them, as they were before."""
    names = symbols.arguments_at(symbol, target)
    if not names or not names[0].startswith("*"):
        return names
    return next((one.names for one in reversed(symbol.arguments) if not one.names[0].startswith("*")), ())


def hides(call: ast.Call) -> bool:
    """Whether a call has arguments that are not visible, as in ``dynamic_rnn(**options)``."""
    return any(k.arg is None for k in call.keywords) or any(isinstance(a, ast.Starred) for a in call.args)
