"""Where did Python 2 need fewer or more parentheses? Tuple parameters, loops and generators."""

from __future__ import annotations

from collections.abc import Sequence

from rnnlint.read.lexer import Token, significant
from rnnlint.read.python2_statements import wrap

# The limit on the tokens of a parameter list or of a part of a comprehension; otherwise broken files take very long.
_FAR = 1000


def rewrite_brackets(tokens: list[Token]) -> None:
    """Flatten tuple parameters, and add the parentheses that comprehensions did not need."""
    order = significant(tokens)
    for number, at in enumerate(order):
        token = tokens[at]
        if token.text == "lambda":
            _flatten_parameters([tokens[after] for after in _until_colon(tokens, order, number)])
        elif token.text == "def":
            _flatten_parameters([tokens[after] for after in _until_colon(tokens, order, number + 2)])
        elif token.text == "for" and token.depth:
            if token.within == "[":
                _wrap_bare_tuple(tokens, order, number)
            elif token.within == "(":
                _wrap_bare_generator(tokens, order, number)


def _until_colon(tokens: list[Token], order: list[int], start: int) -> list[int]:
    """The parameters after `lambda`, or between the brackets that open at `start`."""
    if start >= len(order):
        return []
    opens = tokens[order[start]].text == "("
    depth = tokens[order[start]].depth + opens
    lambdas = 0
    for number in range(start + 1, min(start + _FAR, len(order))):
        token = tokens[order[number]]
        colon = token.depth == depth and token.text == ":" and not opens
        if token.depth < depth or (colon and not lambdas):
            return order[start + 1 : number]
        if token.depth == depth and not opens:
            lambdas += (token.text == "lambda") - (token.text == ":")
    return []


def _flatten_parameters(parameters: Sequence[Token]) -> None:
    """Blank the parentheses around parameters: `(k, v)` binds k and v just as `k, v` does."""
    depth = min((token.depth for token in parameters), default=0)
    begins = True
    start = -1
    for number, token in enumerate(parameters):
        if token.depth == depth:
            if token.text == "(" and begins:
                start = number
            elif token.text == ")" and start >= 0:
                _flatten(parameters[start : number + 1], parameters[number + 1 : number + 2])
                start = -1
            begins = token.text == ","


def _flatten(group: Sequence[Token], behind: Sequence[Token]) -> None:
    has_default = bool(behind) and behind[0].text == "="
    for token, after in zip(group, [*group[1:], None], strict=True):
        if token.text in "()" or (token.text == "," and after is not None and after.text == ")"):
            token.new = " "
        elif token.text == "," and has_default:
            # The default stays with the last name, and no name without one may follow one with.
            token.new = "=0,"


def _wrap_bare_tuple(tokens: list[Token], order: list[int], start: int) -> None:
    """`[x for x in 1, 2]`: from after `in` to the next `for`, `if` or the closing bracket."""
    depth = tokens[order[start]].depth
    first, commas = 0, False
    for number in range(start + 1, min(start + _FAR, len(order))):
        token = tokens[order[number]]
        ends = token.depth < depth or (token.depth == depth and token.text in ("for", "if"))
        if ends:
            if first and commas:
                wrap(tokens, first, order[number - 1])
            return
        if token.depth == depth and not first and token.text == "in":
            first = order[min(number + 1, len(order) - 1)]
        elif token.depth == depth and first:
            commas = commas or token.text == ","


def _wrap_bare_generator(tokens: list[Token], order: list[int], start: int) -> None:
    """`f(x for x in y, 1)`, which Python accepted until 3.6."""
    depth = tokens[order[start]].depth
    first, last = start, start + 1
    while first > start - _FAR and not _parts(tokens[order[first - 1]], depth):
        first -= 1
        if tokens[order[first]].depth == depth and tokens[order[first]].text == "for":
            return
    seen_in = False
    while last < min(start + _FAR, len(order)) and not (seen_in and _parts(tokens[order[last]], depth)):
        token = tokens[order[last]]
        seen_in = seen_in or (token.depth == depth and token.text == "in")
        last += 1
    if last in (start + _FAR, len(order)) or first in (start - _FAR, start):
        return
    if "," in (tokens[order[first - 1]].text, tokens[order[last]].text):
        wrap(tokens, order[first], order[last - 1])


def _parts(token: Token, depth: int) -> bool:
    """Whether the token ends an element of the bracket whose content has this depth."""
    return token.depth < depth or (token.depth == depth and token.text == ",")
