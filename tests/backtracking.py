"""How many steps does a backtracking matcher take for a pattern? A model of Python's that counts instead of measuring.

It knows the parts of a pattern that the project uses, and raises NotImplementedError for any other. Python's own
matcher does the same steps in the same order, or leaves some out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

try:
    from re import _constants as codes
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_constants as codes  # type: ignore[no-redef]
    import sre_parse as parser

ALPHABET = frozenset(map(chr, range(256))) | frozenset("\u0131\u017f\u4e2d\u0663\ufeff\U0001d7d8")
"""The characters that stand for all others."""
MAXREPEAT = codes.MAXREPEAT
REPEATS = tuple(
    getattr(codes, name) for name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") if hasattr(codes, name)
)
SINGLE = (codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY)


class TooManySteps(Exception):
    """The pattern takes more steps than it was given."""


class Pattern(NamedTuple):
    """A pattern as a tree, and the characters of its items as far as they have been asked for."""

    items: Any
    flags: int
    sets: dict[tuple[int, int], frozenset[str]]


def parsed(pattern: str | bytes, flags: int) -> Pattern:
    """The tree of a pattern. Classes such as ``\\w`` match ASCII only where it is one of bytes, as in `re`."""
    tree = parser.parse(pattern, flags)
    return Pattern(tree, tree.state.flags | (re.ASCII if isinstance(pattern, bytes) else 0), {})


def characters(item: Any, flags: int) -> frozenset[str]:
    """The characters of the alphabet that an item for one character matches."""
    code, argument = item
    if code is codes.ANY:
        return ALPHABET if flags & re.DOTALL else ALPHABET - {"\n"}
    if code is codes.IN:
        parts = [one for one in argument if one[0] is not codes.NEGATE]
        found = frozenset(char for char in ALPHABET if any(_holds(one, char, flags) for one in parts))
        return found if len(parts) == len(argument) else ALPHABET - found
    found = frozenset(char for char in ALPHABET if _holds((codes.LITERAL, argument), char, flags))
    return found if code is codes.LITERAL else ALPHABET - found


def _holds(part: Any, char: str, flags: int) -> bool:
    code, argument = part
    if code is codes.CATEGORY:
        return _in_category(str(argument), char, flags)
    low, high = argument if code is codes.RANGE else (argument, argument)
    forms = {char, char.lower(), char.upper()} if flags & re.IGNORECASE else {char}
    return any(low <= ord(form) <= high for form in forms if len(form) == 1)


def _in_category(name: str, char: str, flags: int) -> bool:
    letter = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[name.rpartition("_")[2]]
    is_in = re.match(letter, char, flags & re.ASCII) is not None
    return is_in is not ("_NOT_" in name)


class Matcher:
    """Matches texts with one pattern, and counts the steps of them all."""

    def __init__(self, pattern: Pattern, most: int) -> None:
        self.steps = 0
        self._pattern = pattern
        self._most = most

    def match(self, text: str, at: int, is_whole: bool = False) -> int | None:
        """Where the first match that begins there ends."""
        self._groups: dict[int, str] = {}
        for end in self._sequence(list(self._pattern.items), 0, text, at, self._pattern.flags):
            if not is_whole or end == len(text):
                return end
        return None

    def find_all(self, text: str) -> None:
        """All matches, one behind the other, as ``finditer`` looks for them."""
        at = 0
        while at <= len(text):
            end = self.match(text, at)
            at = at + 1 if end is None or end == at else end

    def _count(self) -> None:
        self.steps += 1
        if self.steps > self._most:
            raise TooManySteps(self.steps)

    def _sequence(self, items: list[Any], index: int, text: str, at: int, flags: int) -> Iterator[int]:
        # What matches one character and cannot do otherwise needs no generator of its own.
        while index < len(items) and items[index][0] in SINGLE:
            self._count()
            if at >= len(text) or text[at] not in self._set(items[index], flags):
                return
            index, at = index + 1, at + 1
        if index == len(items):
            yield at
            return
        for end in self._item(items[index], text, at, flags):
            yield from self._sequence(items, index + 1, text, end, flags)

    def _set(self, item: Any, flags: int) -> frozenset[str]:
        sets, key = self._pattern.sets, (id(item), flags)
        if key not in sets:
            sets[key] = characters(item, flags)
        return sets[key]

    def _item(self, item: Any, text: str, at: int, flags: int) -> Iterator[int]:
        self._count()
        code, argument = item
        if code in REPEATS:
            yield from self._repeat(code, argument, text, at, flags)
        elif code is codes.BRANCH:
            for one in argument[1]:
                yield from self._sequence(list(one), 0, text, at, flags)
        elif code is codes.SUBPATTERN:
            group, added, removed, inside = argument
            for end in self._sequence(list(inside), 0, text, at, (flags | added) & ~removed):
                if group is not None:
                    self._groups[group] = text[at:end]
                yield end
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            if self._asserted(argument, text, at, flags) is (code is codes.ASSERT):
                yield at
        elif code is codes.GROUPREF:
            if text.startswith(self._groups.get(argument, "\0\0"), at):
                yield at + len(self._groups[argument])
        elif code is codes.AT:
            if _stands(str(argument), text, at, flags):
                yield at
        else:
            raise NotImplementedError(str(code))

    def _asserted(self, argument: Any, text: str, at: int, flags: int) -> bool:
        direction, inside = argument
        if direction > 0:
            return next(self._sequence(list(inside), 0, text, at, flags), None) is not None
        width = inside.getwidth()[0]
        return at >= width and at in self._sequence(list(inside), 0, text, at - width, flags)

    def _repeat(self, code: Any, argument: Any, text: str, at: int, flags: int) -> Iterator[int]:
        least, most, inside = argument
        body = list(inside)
        if len(body) == 1 and body[0][0] in SINGLE:
            yield from self._repeat_one(code, least, most, self._set(body[0], flags), text, at)
            return
        is_lazy = code is codes.MIN_REPEAT
        # Where each repetition began, and where it may end: a list, for texts are longer than Python nests.
        frames = [(at, self._sequence(body, 0, text, at, flags))]
        if is_lazy and least == 0:
            yield at
        while frames:
            self._count()
            start, ends = frames[-1]
            done = len(frames) - 1
            found = next((end for end in ends if end > start or done < least), None) if done < most else None
            if found is not None:
                frames.append((found, self._sequence(body, 0, text, found, flags)))
                if is_lazy and done + 1 >= least:
                    yield found
                continue
            frames.pop()
            if not is_lazy and done >= least:
                yield start

    def _repeat_one(self, code: Any, least: int, most: int, held: frozenset[str], text: str, at: int) -> Iterator[int]:
        end = at
        if code is codes.MIN_REPEAT:
            while True:
                if end - at >= least:
                    yield end
                self._count()
                if end >= len(text) or text[end] not in held or end - at >= most:
                    return
                end += 1
        while end < len(text) and text[end] in held and end - at < most:
            self._count()
            end += 1
        while end - at >= least:
            yield end
            if code not in REPEATS[:2]:
                return
            self._count()
            end -= 1


_PLACES: dict[str, Callable[[str, int, bool], bool]] = {
    "AT_BEGINNING": lambda text, at, rows: at == 0 or rows and text[at - 1] == "\n",
    "AT_BEGINNING_STRING": lambda text, at, _: at == 0,
    "AT_END": lambda text, at, rows: at == len(text) or text[at:] == "\n" or rows and text[at] == "\n",
    "AT_END_STRING": lambda text, at, _: at == len(text),
    "AT_BOUNDARY": lambda text, at, _: _is_word(text, at - 1) is not _is_word(text, at),
    "AT_NON_BOUNDARY": lambda text, at, _: _is_word(text, at - 1) is _is_word(text, at),
}


def _stands(place: str, text: str, at: int, flags: int) -> bool:
    return _PLACES[place](text, at, bool(flags & re.MULTILINE))


def _is_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and re.match(r"\w", text[at]) is not None
