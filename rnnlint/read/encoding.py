"""Which text do these bytes contain? Byte order marks and PEP 263 declarations, as Python reads them."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from rnnlint.read.problem import SourceError

_DECLARATION = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
_NEWLINE = re.compile(rb"\r\n|\r|\n")

# The UTF-32 mark begins with the UTF-16 one, so the order matters.
_FOREIGN_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def decode(data: bytes, filename: str) -> str:
    """The text of a Python file, without its byte order mark and with unchanged newlines."""
    return decoded(data, filename).text


class Decoded(NamedTuple):
    """The text of a file, and how to encode it again."""

    mark: bytes
    codec: str
    text: str


def decoded(data: bytes, filename: str) -> Decoded:
    """The text of a Python file without its byte order mark, with that mark and the codec."""
    for mark, name in _FOREIGN_MARKS:
        if data.startswith(mark):
            raise SourceError(filename, 1, 1, f"the file is {name}, which Python cannot read")
    marked = data.startswith(codecs.BOM_UTF8)
    if marked:
        data = data[len(codecs.BOM_UTF8) :]
    row, declared = _declaration(data)
    name = _normal_name(declared)
    if marked and name not in ("utf-8", "utf-8-sig"):
        reason = f"a UTF-8 byte order mark, but the declared encoding is {declared}"
        raise SourceError(filename, row, 1, reason)
    return Decoded(codecs.BOM_UTF8 if marked else b"", name, _decode_as(data, name, row, filename))


def _declaration(data: bytes) -> tuple[int, str]:
    """The line and the encoding that one of the first two lines declares; line 0 for the default."""
    for row, line in enumerate(_NEWLINE.split(data[:4096], maxsplit=2)[:2], 1):
        found = _DECLARATION.match(line)
        if found:
            return row, found[1].decode("ascii", "replace")
        if not _BLANK.match(line):
            break
    return 0, "utf-8"


def _normal_name(name: str) -> str:
    """Normalize the name of an encoding: Emacs writes utf-8-unix and latin-1-dos, of which Python reads the
    beginning."""
    plain = name[:12].lower().replace("_", "-")
    if plain == "utf-8" or plain.startswith("utf-8-"):
        return "utf-8"
    latin = ("latin-1", "iso-8859-1", "iso-latin-1")
    if plain in latin or plain.startswith(tuple(f"{start}-" for start in latin)):
        return "iso-8859-1"
    return name


def _decode_as(data: bytes, name: str, row: int, filename: str) -> str:
    try:
        if b"coding".decode(name) != "coding":
            # An encoding that is not ASCII-compatible cannot have been declared in itself: UTF-16, EBCDIC.
            raise LookupError(name)
        return data.decode(name)
    except LookupError:
        reason = f"the declared encoding {name} is not valid for Python files"
        raise SourceError(filename, row, 1, reason) from None
    except UnicodeDecodeError as error:
        start = error.start if error.object == data else 0
        raise _bad_byte(data, start, name, row > 0, filename) from None
    except (ValueError, AssertionError) as error:
        # Codecs that are not meant for files (idna, undefined) raise errors without a position.
        reason = f"not readable in the declared encoding {name}: {error}"
        raise SourceError(filename, row, 1, reason) from None


def _bad_byte(data: bytes, start: int, name: str, declared: bool, filename: str) -> SourceError:
    before = _NEWLINE.split(data[:start])
    try:
        column = len(before[-1].decode(name)) + 1
    except ValueError:  # the line begins within a character, or the codec counts by labels
        column = len(before[-1]) + 1
    why = "the declared encoding" if declared else "the default encoding of Python files"
    reason = f"byte 0x{data[start]:02x} is not {name}, {why}"
    return SourceError(filename, len(before), column, reason)
