"""What is the content of a file after edits? Everything outside the edits stays the same, byte for byte."""

from __future__ import annotations

from rnnlint.read.edited_notebook import edited_notebook
from rnnlint.read.encoding import decoded
from rnnlint.read.splices import Edits, rewritten, splices_of


def edited(data: bytes, filename: str, edits: Edits) -> bytes:
    """The content after the edits. Raises SourceError if the rest could not be written back unchanged."""
    if filename.endswith(".ipynb"):
        return edited_notebook(data, filename, edits)
    mark, codec, text = decoded(data, filename)
    return rewritten(data, filename, text, splices_of(text, edits.get(None, ()), filename), codec, mark)
