"""Which single words of Python 2 are written differently in Python 3? Numbers, strings, names, tabs."""

from __future__ import annotations

import re
from itertools import pairwise

from rnnlint.read.lexer import Token, significant

_OLD_OCTAL = re.compile(r"0+[1-7][0-7]*[lL]?")
_BAD_ESCAPE = re.compile(
    r"\\(?:(?P<bad>N(?!\{[^{}]+\})|u(?![0-9a-fA-F]{4})|U(?!000[0-9a-fA-F]{5}|0010[0-9a-fA-F]{4}))"
    r"|(?s:.))"
)
_CONSTANTS = frozenset(("True", "False", "None"))
_NAMES_ONCE = frozenset(("async", "await", "nonlocal"))
# After these words and signs comes a name, not a keyword that Python added later.
_BEFORE_NAMES = frozenset((".", "def", "class", "import", "global"))
_AFTER_NAMES = frozenset(("=", ".", ",", ")", "]", "}", ":", ";", "in", "is", "and", "or", "as"))


def respell(tokens: list[Token]) -> None:
    """Change what can be decided from a word and its neighbors."""
    for token in tokens:
        if token.kind == "number":
            token.new = _number(token.text)
        elif token.kind == "string":
            token.new = _string(token.text)
        elif token.text == "<>":
            token.new = "!="
    _respell_backquotes(tokens)
    _respell_names(tokens)
    _expand_tabs(tokens)


def renamed(name: str) -> str:
    """Another name of the same length, unlikely to occur in any program."""
    return name[:-1] + "_"


def _number(text: str) -> str:
    if _OLD_OCTAL.fullmatch(text):
        text = "0o" + text[1:]
    return text[:-1] + " " if text[-1] in "lL" else text


def _string(text: str) -> str:
    quote = min(text.find(sign) % (len(text) + 1) for sign in "'\"")
    prefix, body = text[:quote].lower(), text[quote:]
    if prefix == "ur":
        return text[1:]
    if "b" in prefix:
        return text if text.isascii() else re.sub(r"[^\x00-\x7f]", "?", text)
    if "\\" in body and "r" not in prefix:
        return text[:quote] + _BAD_ESCAPE.sub(_literal_backslash, body)
    return text


def _literal_backslash(found: re.Match[str]) -> str:
    """Python 2 read a backslash that begins no escape literally; here it only has to parse."""
    return "-" + found["bad"] if found["bad"] else found.group()


def _respell_backquotes(tokens: list[Token]) -> None:
    open_depths: list[int] = []
    for token in tokens:
        if token.text == "`":
            closes = open_depths[-1:] == [token.depth]
            token.new = ")" if closes else "("
            if closes:
                open_depths.pop()
            else:
                open_depths.append(token.depth)


def _respell_names(tokens: list[Token]) -> None:
    order = significant(tokens)
    words = ["", *(tokens[at].text for at in order), ""]
    coroutines = any(pair == ("async", "def") for pair in pairwise(words))
    for number, at in enumerate(order, 1):
        token = tokens[at]
        if token.kind != "name":
            continue
        before, after = words[number - 1], words[number + 1]
        if token.text in _NAMES_ONCE:
            plain = before in _BEFORE_NAMES or _is_name_here(token.text, after, coroutines)
        else:
            plain = token.text in _CONSTANTS and before == "."
        if plain:
            token.new = renamed(token.text)


def _is_name_here(word: str, after: str, coroutines: bool) -> bool:
    if word == "async":
        return after not in ("def", "for", "with")
    if not after.strip() or after in _AFTER_NAMES:
        return True
    if word == "nonlocal":
        return not (after[0].isalpha() or after[0] == "_")
    return not coroutines


def _expand_tabs(tokens: list[Token]) -> None:
    """Python 2 expanded a tab to the next multiple of 8; Python 3 refuses to mix tabs and spaces."""
    indents = [
        token
        for before, token in zip([None, *tokens], tokens, strict=False)
        if token.kind == "space" and (before is None or before.kind == "newline") and not token.text.strip(" \t")
    ]
    signs = {sign for token in indents for sign in token.text}
    if len(signs) > 1:
        for token in indents:
            token.new = token.text.expandtabs(8)
