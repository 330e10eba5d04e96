"""What is a figure of the page? Panels with their series, and the same numbers as a table. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Figure", "Panel", "Results", "Series"]

Results = Mapping[str, Mapping[str, Any]]
"""`measured` of each claim that has numbers, by its id."""


@dataclass(frozen=True, slots=True)
class Series:
    """One set of points with its name in the legend."""

    name: str
    points: tuple[tuple[float, float], ...]
    """For bars and dots: the value, and the number of the row from the top."""
    color: int
    """An index into the style's palette."""
    style: Literal["solid", "dashed"] = "solid"
    marked: tuple[float, ...] = ()
    """The x values of the measurements; the other points are on the law."""
    ranges: tuple[tuple[float, float], ...] = ()
    """For each point the range of its value; empty if it was counted or has no recorded range."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes."""

    kind: Literal["lines", "bars", "dots"]
    title: str
    x: str
    y: str
    series: tuple[Series, ...]
    log: bool = False
    rows: tuple[str, ...] = ()
    """The labels of the rows of bars and dots."""
    line: float | None = None
    """A limit that the values are compared with."""
    line_name: str = ""
    crossings: tuple[tuple[float, float, str, int], ...] = ()
    """Points where lines meet, each with its label and the index of its color."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Panels that belong together, their numbers as a table, and the sentence that they show."""

    caption: str
    panels: tuple[Panel, ...]
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
