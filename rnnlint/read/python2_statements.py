"""Which statements are valid in Python 2 only? print, exec, raise, except, True = 1."""

from __future__ import annotations

from collections.abc import Iterator

from rnnlint.read.lexer import Token, significant
from rnnlint.read.python2_words import renamed

_BLOCKS = frozenset(["if", "elif", "else", "while", "for", "try", "except", "finally", "with", "class", "def", "async"])
# A word that joins or ends expressions cannot begin the printed expression.
_NO_OPERANDS = frozenset(["in", "is", "and", "or", "if", "else", "for", "as", "import", "from"])
_OPERAND_SIGNS = frozenset("[{~-+`") | {">>"}


def rewrite_statements(tokens: list[Token]) -> None:
    """Change every statement that only Python 2 accepts."""
    for statement in _statements(tokens):
        first = tokens[statement[0]].text
        if first in ("print", "exec"):
            _rewrite_print(tokens, statement)
        elif first == "raise":
            if _find(tokens, statement, ","):
                wrap(tokens, statement[1], statement[-1])
        elif first == "except":
            _rewrite_except(tokens, statement)
        elif first in ("True", "False", "None", "("):
            _rename_constants(tokens, statement)


def wrap(tokens: list[Token], first: int, last: int) -> None:
    """Put parentheses around tokens, replacing a space by the opening one if there is one."""
    space = tokens[first - 1]
    if space.kind == "space" and space.new == space.text and space.text[-1] in " \t":
        space.new = space.text[:-1] + "("
    else:
        tokens[first].new = "(" + tokens[first].new
    tokens[last].new += ")"


def _statements(tokens: list[Token]) -> Iterator[list[int]]:
    """The grammar's tokens of each simple statement and of each header, without the token that ends it."""
    statement: list[int] = []
    lambdas = 0
    for at in significant(tokens):
        token = tokens[at]
        if token.depth == 0 and token.text == "lambda":
            lambdas += 1
        ends = token.kind == "newline" or (token.depth == 0 and token.text == ";")
        if token.depth == 0 and token.text == ":" and lambdas:
            lambdas -= 1
        elif token.depth == 0 and token.text == ":" and statement:
            ends = tokens[statement[0]].text in _BLOCKS
        if not ends:
            statement.append(at)
            continue
        if statement:
            yield statement
        statement, lambdas = [], 0
    if statement:
        yield statement


def _find(tokens: list[Token], statement: list[int], text: str) -> int:
    """The first position of a sign in the statement, outside brackets; 0 if it does not occur."""
    for number, at in enumerate(statement):
        if tokens[at].text == text and tokens[at].depth == 0:
            return number
    return 0


def _rewrite_print(tokens: list[Token], statement: list[int]) -> None:
    if len(statement) == 1:
        return
    second = tokens[statement[1]]
    is_sign = second.kind == "operator"
    if (second.text not in _OPERAND_SIGNS) if is_sign else (second.text in _NO_OPERANDS):
        return
    if second.text == ">>":
        second.new = "  "
        if len(statement) == 2:
            return
    wrap(tokens, statement[1], statement[-1])


def _rewrite_except(tokens: list[Token], statement: list[int]) -> None:
    comma = _find(tokens, statement, ",")
    if not comma:
        return
    target = statement[comma + 1 :]
    if len(target) == 1 and tokens[target[0]].kind == "name":
        # The name must stay bound, or a module of the same name would be seen instead.
        glued = tokens[statement[comma] + 1].kind != "space"
        tokens[statement[comma]].new = " as " if glued else " as"
    else:
        wrap(tokens, statement[1], statement[-1])


def _rename_constants(tokens: list[Token], statement: list[int]) -> None:
    """`True, False = 1, 0`: an assignment to names that became keywords."""
    equals = _find(tokens, statement, "=")
    targets = [tokens[at] for at in statement[:equals]]
    if all(token.kind == "name" or token.text in ("(", ")", ",") for token in targets):
        for token in targets:
            if token.text in ("True", "False", "None"):
                token.new = renamed(token.text)
