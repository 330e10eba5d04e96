"""Which of the modules around a file contain a word? Their texts are searched at first, and indexed after many
queries."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate

from rnnlint.read.neighbours import around
from rnnlint.read.tree import Files
from rnnlint.resolve import outline

_FEW_QUESTIONS, _FEW_FILES = 30, 30
"""After this many queries an index is worth its cost; more if the texts are small."""

_WORD = re.compile(rb"\w+")


class Neighbourhood:
    """The Python files and notebooks in a folder and below, nearest first. ``read`` returns the text of one of them."""

    def __init__(self, top: str, read: Callable[[str], bytes], files: Files) -> None:
        self.top = top
        self.paths, folders = around(top, files)
        self._folders = frozenset(folders)
        self._numbers = {path: number for number, path in enumerate(self.paths)}
        self._read = read
        self._known: dict[tuple[str, tuple[bytes, ...]], tuple[str, ...]] = {}
        self._words: _Words | None = None
        self._questions = 0

    def saying(self, *needles: bytes, whole: bool = False) -> tuple[str, ...]:
        """The files whose text contains one of these; with ``whole``, only as whole words."""
        return self._answer("name" if whole else "say", needles)

    def calling(self, name: bytes) -> tuple[str, ...]:
        """The files whose text calls something by this name."""
        return self._answer("call", (name,))

    def covers(self, path: str) -> bool:
        """Whether a path belongs to the neighborhood, or would if it existed."""
        return path in self._numbers or os.path.dirname(path) in self._folders and path.endswith((".py", ".ipynb"))

    def changed(self, path: str) -> None:
        """Drop what is known about the texts after a file was written."""
        if path in self._numbers:
            self._known.clear()
            if self._words is not None:
                self._words.replace(self._numbers[path], self._read(path))

    def _answer(self, how: str, needles: tuple[bytes, ...]) -> tuple[str, ...]:
        key = (how, needles)
        if key not in self._known:
            chosen = self._may_hold(needles, how != "say")
            if how == "call":
                chosen = (number for number in chosen if outline.calls(self._text(number), needles[0]))
            self._known[key] = tuple(self.paths[number] for number in chosen)
        return self._known[key]

    def _may_hold(self, needles: tuple[bytes, ...], as_names: bool) -> Iterable[int]:
        """The numbers of the files that contain one of these, in order."""
        self._questions += 1
        few = _FEW_QUESTIONS if len(self.paths) > _FEW_FILES else 4 * _FEW_QUESTIONS
        if self._words is None and self._questions > few:
            self._words = _Words(self._text(number) for number in range(len(self.paths)))
        if self._words is None:
            texts = ((number, self._text(number)) for number in range(len(self.paths)))
            says = outline.holds if as_names else bytes.__contains__
            return [number for number, text in texts if any(says(text, needle) for needle in needles)]
        return sorted({number for needle in needles for number in self._holding(needle, self._words, as_names)})

    def _holding(self, needle: bytes, words: _Words, as_name: bool) -> set[int]:
        parts = _WORD.findall(needle)
        if as_name and parts == [needle]:
            return words.with_word(needle)
        numbers = words.holding(max(parts, key=len)) if parts else set(range(len(self.paths)))
        says = outline.holds if as_name else bytes.__contains__
        return numbers if parts == [needle] else {number for number in numbers if says(self._text(number), needle)}

    def _text(self, number: int) -> bytes:
        return self._read(self.paths[number])


class _Words:
    """The words of some texts, and which texts contain each."""

    def __init__(self, texts: Iterable[bytes]) -> None:
        self._texts_of: dict[bytes, set[int]] = {}
        self._all: bytes | None = None
        self._of_text: dict[int, frozenset[bytes]] = {}
        for number, text in enumerate(texts):
            self.replace(number, text)

    def replace(self, number: int, text: bytes) -> None:
        """Enter the words of a text, replacing those that it had."""
        for word in self._of_text.get(number, ()):
            self._texts_of[word].discard(number)
        words = self._of_text[number] = frozenset(_WORD.findall(text))
        for word in words:
            if word not in self._texts_of:
                self._texts_of[word] = set()
                self._all = None
            self._texts_of[word].add(number)

    def with_word(self, word: bytes) -> set[int]:
        """The texts with exactly this word."""
        return self._texts_of.get(word, set())

    def holding(self, needle: bytes) -> set[int]:
        """The texts with a word that contains this."""
        if self._all is None:
            self._listed = [*self._texts_of]
            self._ends = [*accumulate(len(word) + 1 for word in self._listed)]
            self._all = b"\n".join(self._listed)
        found: set[int] = set()
        at = self._all.find(needle)
        while at >= 0:
            index = bisect_right(self._ends, at)
            found |= self._texts_of[self._listed[index]]
            at = self._all.find(needle, self._ends[index])
        return found
