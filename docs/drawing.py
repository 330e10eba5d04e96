"""Which part of rnnlint imports from which? A drawing as SVG, on a light or a dark background.

`tests/test_rooms.py` compares the arrows with the import statements.
"""

from __future__ import annotations

from typing import NamedTuple

from picture import Ground


class Box(NamedTuple):
    """A rectangle with the name of a part, in pixels; ``inner`` for a room of infer/."""

    left: int
    right: int
    top: int
    high: int = 38
    inner: bool = False


BOXES = {
    "hosts": Box(12, 462, 12),
    "weights": Box(474, 568, 12),
    "report": Box(12, 212, 78),
    "engine": Box(224, 424, 78),
    "probe": Box(436, 568, 78),
    "rules": Box(12, 424, 144),
    "infer": Box(12, 424, 210, 264),
    "unrolls": Box(24, 98, 246, inner=True),
    "loops": Box(104, 170, 246, inner=True),
    "padding": Box(176, 254, 246, inner=True),
    "pitfalls": Box(260, 332, 246, inner=True),
    "libraries": Box(338, 412, 246, inner=True),
    "keras": Box(24, 412, 306, inner=True),
    "tensorflow": Box(24, 412, 366, inner=True),
    "values": Box(24, 412, 426, inner=True),
    "resolve": Box(12, 212, 502),
    "settings": Box(224, 424, 502),
    "read": Box(12, 212, 568),
    "finding": Box(12, 100, 634),
    "facts": Box(112, 568, 634),
}
"""An arrow goes straight down, so each part is above the parts that it imports from."""

ARROWS = (
    ("hosts", "report"), ("hosts", "engine"), ("hosts", "probe"), ("weights", "probe"), ("report", "rules"),
    ("engine", "rules"), ("rules", "infer"), ("unrolls", "keras"), ("loops", "keras"), ("padding", "keras"),
    ("pitfalls", "keras"), ("libraries", "keras"), ("keras", "tensorflow"), ("tensorflow", "values"),
    ("infer", "resolve"), ("infer", "settings"), ("resolve", "read"), ("read", "finding"), ("read", "facts"),
    ("settings", "facts"), ("probe", "facts"),
)  # fmt: skip
"""Who imports from whom, directly or through the parts in between."""

_WIDE, _HIGH, _HEAD = 580, 684, 6
_FILLS = {"light": ("#f6f8fa", "#ffffff"), "dark": ("#1f252b", "#2b323a")}


def drawing(name: str, ground: Ground) -> str:
    """The drawing on a background; ``name`` is light or dark."""
    text = ", ".join(f"{one} imports from {other}" for one, other in ARROWS)
    boxes = "\n".join(_box(part, box, name, ground) for part, box in BOXES.items())
    arrows = "\n".join(_arrow(BOXES[one], BOXES[other], ground) for one, other in ARROWS)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" width="{_WIDE}" height="{_HIGH}" role="img">
<title>{text}</title>
<style>text {{ font: 600 16px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }}</style>
<rect x="0.5" y="0.5" width="{_WIDE - 1}" height="{_HIGH - 1}" rx="8" fill="{ground.paper}" stroke="{ground.frame}"/>
{boxes}
{arrows}
</svg>
"""


def across(one: Box, other: Box) -> float:
    """The horizontal position of the arrow between two boxes: the middle of their overlap."""
    return (max(one.left, other.left) + min(one.right, other.right)) / 2


def _box(name: str, box: Box, scheme: str, ground: Ground) -> str:
    wide, middle = box.right - box.left, (box.left + box.right) / 2
    # The name is in the middle of a small box, and at the top of the box that contains others.
    style = ' style="font-size: 14px; font-weight: 400"' if box.inner else ""
    return (
        f'<rect x="{box.left}" y="{box.top}" width="{wide}" height="{box.high}" rx="5" '
        f'fill="{_FILLS[scheme][box.inner]}" stroke="{ground.faint}"/>\n'
        f'<text x="{middle:g}" y="{box.top + 25}" text-anchor="middle" fill="{ground.ink}"{style}>{name}</text>'
    )


def _arrow(one: Box, other: Box, ground: Ground) -> str:
    x, start, end = across(one, other), one.top + one.high, other.top
    return (
        f'<path d="M{x:g} {start}V{end - _HEAD}" stroke="{ground.faint}" stroke-width="1.5"/>'
        f'<path d="M{x - _HEAD + 1:g} {end - _HEAD - 2}L{x:g} {end - 1}L{x + _HEAD - 1:g} {end - _HEAD - 2}Z" '
        f'fill="{ground.faint}"/>'
    )
