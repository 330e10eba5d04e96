"""What does the text of a module say of a name, as far as that can be told without parsing it?

A module beside the one that is checked is parsed only where its text leaves a question open.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

OWN_LIBRARIES = frozenset({"tensorflow", "keras", "tf_keras", "tensorflow_addons"})
"""The packages whose symbols we know."""

LIBRARIES = OWN_LIBRARIES | {"sonnet", "tensorlayer"}
"""The packages whose names can be legacy symbols or cells."""

# What may stand before the word "import" in its row.
_FROM = re.compile(rb"(?:^|[;:])[ \t\f]*from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]+$")
_PLAIN = re.compile(rb"(?:^|[;:])[ \t\f]*$")
_BEFORE_ROOT = re.compile(
    rb"(?:^|[;:])[ \t\f]*(?:from[ \t]+|import[ \t]+(?:[\w.]+(?:[ \t]+as[ \t]+\w+)?[ \t]*,[ \t]*)*)$"
)
_LISTED = re.compile(rb"[ \t]*(\([^)]*\)?|[^\n;#\\]*)")
_DEFINES = re.compile(rb"\b(?:def|class)[ \t]*$")
# What follows a name that is not bound there. A dot may follow one that is: in ``import name.part``.
_USED = re.compile(rb"""[ \t]*(?:(?!(?:in|if)\b)\w|[('"`\[{}<>!?/*%&|@$+-]|==)""")
_COMMENT = re.compile(r"#[^\n]*")
_BY_NAME = (b"import_module", b"importorskip", b"__import__", b"lazy", b"Lazy")
_STAR = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t]*from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]+import[ \t(]*\*", re.MULTILINE)
# A row of an import, or of one that goes on over several rows: nothing but names and commas.
_IMPORT_ROW = re.compile(rb"[ \t]*(?:from\b|import\b|.*;)|[ \t]*[(\\]?[\w, \t.]*\)?[ \t\\]*(?:#|$)")


class Import(NamedTuple):
    """One import statement as its text has it."""

    module: str
    level: int
    """The dots before the module."""
    names: tuple[str, ...] = ()
    """What ``from`` takes of the module."""


def imports(text: bytes) -> Iterator[Import]:
    """The imports of a text, as far as they are written on one row or in parentheses."""
    for at in _places(text, b"import"):
        before = _row_before(text, at)
        source = _FROM.search(before)
        if source is None and _PLAIN.search(before) is None:
            continue
        found = _LISTED.match(text, at + len(b"import"))
        listed = _COMMENT.sub("", found[1].decode("ascii", "ignore")).strip("() \t\r\n") if found is not None else ""
        names = [words[0] for part in listed.split(",") if (words := part.split())]
        if source is not None:
            yield Import(source[2].decode(), len(source[1]), tuple(names))
        else:
            yield from (Import(name, 0) for name in names)


def imports_root(text: bytes, root: bytes) -> bool:
    """Whether a text imports a package, or from one, by its absolute name."""
    return any(_BEFORE_ROOT.search(_row_before(text, at)) for at in _places(text, root))


def imports_by_name(text: bytes) -> bool:
    """Whether a text may import a library by a name in a string."""
    return any(way in text for way in _BY_NAME) and any(library.encode() in text for library in LIBRARIES)


def holds(text: bytes, name: bytes) -> bool:
    """Whether a name stands in the text, and not only as a part of a longer one."""
    return next(_places(text, name), None) is not None


def may_bind(text: bytes, name: bytes) -> bool:
    """Whether a text may bind a name: not where it is only an attribute, is called or computed with, or is prose."""
    for at in _places(text, name):
        if text[at - 1 : at] == b".":
            continue
        if _DEFINES.search(text, max(at - 20, 0), at) or not _USED.match(text, at + len(name)):
            return True
    return False


def calls(text: bytes, name: bytes) -> bool:
    """Whether a text calls something by this name, which is more than to define it."""
    for at in _places(text, name):
        after = text[at + len(name) : at + len(name) + 2]
        if after[:1] == b"(" or after == b" (":
            if not text[max(at - 6, 0) : at].endswith((b"def ", b"class ")):
                return True
    return False


def may_import(text: bytes, name: bytes) -> bool:
    """Whether a text may bind a name by an import."""
    for at in _places(text, name):
        start = text.rfind(b"\n", 0, at) + 1
        end = text.find(b"\n", at)
        row = text[start : end if end >= 0 else len(text)].rstrip(b"\r")
        if _IMPORT_ROW.match(row):
            return True
    return False


def may_assign(text: bytes, name: bytes) -> bool:
    """Whether a text may bind a name by anything but a definition: an assignment, ``as``, a star import."""
    if stars(text):
        return True
    for at in _places(text, name):
        after = text[at + len(name) : at + len(name) + 3].lstrip(b" \t")
        if after[:1] in (b"=", b",", b":") and after[:2] != b"==" or text[max(at - 4, 0) : at].endswith(b" as "):
            return True
    return False


@lru_cache(maxsize=1024)
def stars(text: bytes) -> tuple[tuple[str, int], ...]:
    """The modules that star imports take everything from, each with the dots before its name."""
    if b"*" not in text:
        return ()
    return tuple((found[2].decode(), len(found[1])) for found in _STAR.finditer(text))


def _row_before(text: bytes, at: int) -> bytes:
    """What stands before a place in its row, without a byte order mark."""
    before = text[text.rfind(b"\n", 0, at) + 1 : at]
    if b"\r" in before:
        before = before[before.rfind(b"\r") + 1 :]
    return before.removeprefix(BOM_UTF8)


def _places(text: bytes, name: bytes) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not _is_part(text[at - 1 : at] if at else b"") and not _is_part(text[end : end + 1]):
            yield at
        at = text.find(name, end)


def _is_part(character: bytes) -> bool:
    return character.isalnum() or character == b"_"
