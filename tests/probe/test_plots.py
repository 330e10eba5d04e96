"""Are the plots part of the page: its colours, its font, and words for those who cannot see them?"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from rnnlint.probe import plots
from rnnlint.probe.panels import Panel, Series

pytest.importorskip("matplotlib", reason="matplotlib draws the plots; tox -e browser has it")

LINE = Series("a < b", ((1.0, 10.0), (10.0, 100.0)), 0, marked=(1.0,))
RISING = Series("a", ((1.0, 1.0), (3.0, 3.0)), 0, ranges=((0.5, 1.5), (2.5, 3.5)))
RANGED = Series("bars", ((0.5, 0),), 1, ranges=((0.4, 0.7),))
BARS = Series("bars", ((0.5, 0), (1.0, 1)), 1)
PANELS = [
    Panel("lines", "Even", "steps", "operations", (LINE,)),
    Panel("lines", "Logarithmic", "steps", "operations", (LINE,), True, (), 20.0, "limit"),
    Panel("bars", "Bars", "times", "", (BARS,), False, ("one", "two"), 1.0, "limit"),
    Panel("bars", "Bars", "calls", "", (BARS,), True, ("one", "two")),
    Panel("lines", "Crossing", "steps", "operations", (RISING,), crossings=((2.0, 2.0, "T = 2", 0),)),
    Panel("bars", "Ranges", "times", "", (RANGED,), False, ("one",), 1.0, "limit"),
    Panel("dots", "Dots", "difference", "", (Series("dots", ((0.0, 0), (1e-7, 1)), 2),), True, ("one", "two")),
]


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: f"{panel.kind}-{panel.log}")
def test_colors_are_variables_of_the_page(panel: Panel) -> None:
    text = plots.svg(panel, "p")
    assert set(re.findall(r"#[0-9a-f]{6}\b", text)) == set()
    assert f"var(--series-{panel.series[0].color})" in text and "var(--soft)" in text


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: f"{panel.kind}-{panel.log}")
def test_a_plot_is_the_same_each_time_and_shows_no_date(panel: Panel) -> None:
    text = plots.svg(panel, "p")
    assert text == plots.svg(panel, "p")
    assert "metadata" not in text and "<style" not in text and "http" not in text


def test_a_plot_is_reported_in_words() -> None:
    text = plots.svg(PANELS[0], "p")
    label = "Even: operations over steps. a &lt; b from 10 to 100."
    assert f'role="img" aria-label="{label}">\n<title>{label}</title>' in text


def test_ids_begin_with_the_prefix() -> None:
    text = plots.svg(PANELS[0], "p")
    assert all(one.startswith("p-") for one in re.findall(r'\bid="([^"]*)"', text))
    assert all(one.startswith("p-") for one in re.findall(r'(?:href="|url\()#([^")]*)', text))


def test_crossings_are_named_and_ranges_drawn() -> None:
    crossing, ranges = (next(panel for panel in PANELS if panel.title == title) for title in ("Crossing", "Ranges"))
    assert ">T = 2</text>" in plots.svg(crossing, "p")
    for panel in (crossing, ranges):
        (series,) = panel.series
        bare = replace(panel, series=(replace(series, ranges=()),))
        assert plots.svg(panel, "p").count("<path") > plots.svg(bare, "p").count("<path")
