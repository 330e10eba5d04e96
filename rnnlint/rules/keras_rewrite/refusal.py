"""Why is a call not rewritten? Raised where the reason is found, and shown in the finding."""

from __future__ import annotations


class RefusedError(Exception):
    """The code cannot be rewritten; the text is the reason."""
