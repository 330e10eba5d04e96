"""When is output colored, and how? The flag decides, then NO_COLOR and FORCE_COLOR, then the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Paint = Callable[[str, str], str]
"""(text, style) -> text, where the style is a key of STYLES."""

STYLES = {"bold": "1", "code": "1;31", "frame": "1;34", "place": "1", "help": "1;36", "error": "1;31", "good": "32"}


def wanted(when: str, is_terminal: bool, environ: Mapping[str, str]) -> bool:
    """Whether to use color; ``when`` is auto, always or never."""
    if when != "auto":
        return when == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return is_terminal and environ.get("TERM") != "dumb"


def painter(enabled: bool) -> Paint:
    """A function that wraps text in the escape codes of a style, or returns it unchanged."""
    if not enabled:
        return lambda text, _style: text
    return lambda text, style: f"\x1b[{STYLES[style]}m{text}\x1b[0m"
