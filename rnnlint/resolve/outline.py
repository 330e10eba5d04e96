"""What does the text of a module show about a name, without parsing it?

A module other than the checked one is parsed only if its text leaves a question open.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import NamedTuple

from rnnlint.read.remembered import remembered

OWN_LIBRARIES = frozenset({"tensorflow", "keras", "tf_keras", "tensorflow_addons", "tensorflow_core"})
"""The packages whose symbols are in the facts."""

LIBRARIES = OWN_LIBRARIES | {"sonnet", "tensorlayer"}
"""The packages whose names can be legacy symbols or cells."""

_FAR = 4096
"""A statement with more bytes before a name is not one of the imports that are searched."""
# What may precede a package's name in its statement, and follow the word "import".
_BEFORE_ROOT = re.compile(rb"\s*(?:from[ \t]+|import[ \t]+(?:[\w.]+(?:[ \t]+as[ \t]+\w+)?[ \t]*,[ \t]*)*)")
_LISTED = re.compile(rb"[ \t]*(\([^()]*\)?|(?:[^\n:;#\\ \t(][^\n:;#\\]*)?)")
_SOURCE = re.compile(rb"(\.*)((?:\w[\w.]*)?)")
_DEFINES = re.compile(rb"\b(?:def|class)[ \t]*$")
# What follows a name that is not bound there. A dot may follow one that is: in ``import name.part``.
_USED = re.compile(rb"""[ \t]*(?:(?!(?:in|if)\b)\w|[('"`\[{}<>!?/*%&|@$+-]|==)""")
_COMMENT = re.compile(r"#[^\n]*")
# The surroundings of a name that is not read there: prose, an import, a definition, a base of a class.
_NOT_READ_BEFORE = re.compile(
    rb"[ \t]*(?:from|import)\b[^;]*|[ \t]*class[ \t]+\w+[ \t]*\([\w., \t]*|[^'\"#]*#.*|(?:.*[^\w%!.])?"
    rb"(?!(?:and|as|assert|await|case|del|elif|else|exec|for|from|if|in|is|not|or|print|raise|return|while|with|yield)"
    rb"[ \t])[A-Za-z_]\w*[ \t]+"
)
_NOT_READ_AFTER = re.compile(rb"[ \t]*(?:\.|=(?!=)|(?<=[ \t])(?!(?:and|as|else|for|from|if|in|is|not|or)\b)\w)")
_BY_NAME = (b"import_module", b"importorskip", b"__import__", b"lazy", b"Lazy")
_EVERYTHING = re.compile(rb"import[ \t(]*\*")
_STAR = re.compile(rb"(?:\xef\xbb\xbf)?[ \t]*from[ \t]([\w. \t]*)[ \t]import[ \t(]*\*")
# A line of an import, or of one that continues over several lines: only names and commas.
_IMPORT_ROW = re.compile(rb"[ \t]*(?:from|import)\b|(?:[ \t]*[(\\])?[\w, \t.]*(?:[)\\][ \t\\]*)?(?:#|$)")


class Import(NamedTuple):
    """One import statement, as far as its text shows."""

    module: str
    level: int
    """The dots before the module."""
    names: tuple[str, ...] = ()
    """The names that ``from`` imports."""


def imports(text: bytes) -> Iterator[Import]:
    """The imports of a text that are on one line or in parentheses."""
    for at in _places(text, b"import"):
        before = _statement_before(text, at)
        words = before.split() if before is not None else [b"?"]
        source = _source(words[1:]) if words[:1] == [b"from"] else None
        if source is None and words:
            continue
        found = _LISTED.match(text, at + len(b"import"))
        listed = _COMMENT.sub("", found[1].decode("ascii", "ignore")).strip("() \t\r\n") if found is not None else ""
        names = [said[0] for part in listed.split(",") if (said := part.split())]
        if source is not None:
            yield Import(*source, tuple(names))
        else:
            yield from (Import(name, 0) for name in names)


def imports_root(text: bytes, root: bytes) -> bool:
    """Whether a text imports a package, or from one, by its absolute name."""
    statements = (_statement_before(text, at) for at in _places(text, root))
    return any(before is not None and _BEFORE_ROOT.fullmatch(before) for before in statements)


def imports_by_name(text: bytes) -> bool:
    """Whether a text may import a library by a name in a string."""
    return any(way in text for way in _BY_NAME) and any(library.encode() in text for library in LIBRARIES)


def holds(text: bytes, name: bytes) -> bool:
    """Whether the text contains a name as a whole word."""
    return next(_places(text, name), None) is not None


def may_bind(text: bytes, name: bytes) -> bool:
    """Whether a text may bind a name: not if it is only an attribute, is called or computed with, or is prose."""
    for at in _places(text, name):
        if text[at - 1 : at] == b".":
            continue
        if _DEFINES.search(text, max(at - 20, 0), at) or not _USED.match(text, at + len(name)):
            return True
    return False


def calls(text: bytes, name: bytes) -> bool:
    """Whether a text calls something by this name, besides defining it."""
    for at in _places(text, name):
        after = text[at + len(name) : at + len(name) + 2]
        if after[:1] == b"(" or after == b" (":
            if not text[max(at - 6, 0) : at].endswith((b"def ", b"class ")):
                return True
    return False


def may_read(text: bytes, name: bytes) -> bool:
    """Whether a text may read a name, or an attribute of this name, and not only what lies in it."""
    for at in _places(text, name):
        end = at + len(name)
        quote = text[at - 1 : at]
        if quote in (b"'", b'"', b"`") and text[end : end + 1] == quote or _NOT_READ_AFTER.match(text, end):
            continue
        start = max(text.rfind(b"\n", 0, at) + 1, at - _FAR)
        if not _NOT_READ_BEFORE.fullmatch(text, start, at):
            return True
    return False


def may_import(text: bytes, name: bytes) -> bool:
    """Whether a text may bind a name by an import."""
    end, newline = 0, _newline(text)
    for at in _places(text, name):
        if at < end:
            continue  # the line was already checked
        start = text.rfind(newline, 0, at) + 1
        end = text.find(newline, at) % (len(text) + 1)
        row = text[start:end].rstrip(b"\r")
        if b";" in row or _IMPORT_ROW.match(row):
            return True
    return False


def may_assign(text: bytes, name: bytes) -> bool:
    """Whether a text may bind a name other than by a definition: an assignment, ``as``, a star import."""
    if stars(text):
        return True
    for at in _places(text, name):
        after = text[at + len(name) : at + len(name) + 3].lstrip(b" \t")
        if after[:1] in (b"=", b",", b":") and after[:2] != b"==" or text[max(at - 4, 0) : at].endswith(b" as "):
            return True
    return False


@remembered(1024)
def stars(text: bytes) -> tuple[tuple[str, int], ...]:
    """The modules of star imports, each with the dots before its name."""
    if b"*" not in text:
        return ()
    newline = _newline(text)
    rows = (text.rfind(newline, 0, found.start()) + 1 for found in _EVERYTHING.finditer(text))
    sources = (_source(found[1].split()) for row in rows if (found := _STAR.match(text, row)) is not None)
    return tuple(source for source in sources if source is not None)


def _newline(text: bytes) -> bytes:
    """The end of a line; a text may have carriage returns only."""
    return b"\n" if b"\n" in text else b"\r"


def _source(words: list[bytes]) -> tuple[str, int] | None:
    """The module that ``from`` names, with the dots before its name, which may be separated by space."""
    if not words or any(word.strip(b".") for word in words[:-1]):
        return None
    found = _SOURCE.fullmatch(b"".join(words))
    return (found[2].decode(), len(found[1])) if found is not None else None


def _statement_before(text: bytes, at: int) -> bytes | None:
    """The text before a place in its statement, without a byte order mark; None if that is too long."""
    before = text[max(at - _FAR, 0) : at]
    start = max(map(before.rfind, (b"\n", b"\r", b";", b":"))) + 1
    if not start and at > _FAR:
        return None
    return before[start:].removeprefix(BOM_UTF8)


def _places(text: bytes, name: bytes) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not _is_part(text[at - 1 : at] if at else b"") and not _is_part(text[end : end + 1]):
            yield at
        at = text.find(name, end)


def _is_part(character: bytes) -> bool:
    return character.isalnum() or character == b"_"
