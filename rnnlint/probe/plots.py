"""How does a panel become SVG that uses the colors and the font of the page? Drawn by matplotlib."""

from __future__ import annotations

import io
import re
from html import escape
from typing import Any

from rnnlint.probe.panels import Panel, Series

__all__ = ["available", "svg"]

_VARIABLES = {"#010203": "--ink", "#010204": "--soft", "#010205": "--line", "#010206": "--card"} | {
    f"#0a0b0{number}": f"--series-{number}" for number in range(5)
}
"""Placeholder colors, and the CSS variable of the page that replaces each."""
_INK, _SOFT, _LINE, _CARD, *_SERIES = _VARIABLES
_MARKERS = "osD^v"
_SIZE = (4.0, 2.9)

_SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "rnnlint",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": _INK,
    "axes.edgecolor": _SOFT,
    "axes.labelcolor": _SOFT,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.formatter.useoffset": False,
    "grid.color": _LINE,
    "grid.linewidth": 0.7,
    "xtick.color": _SOFT,
    "ytick.color": _SOFT,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
}


def available() -> bool:
    """Whether matplotlib can be imported."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError:
        return False
    return True


def svg(panel: Panel, prefix: str) -> str:
    """The panel as an HTML element; `prefix` keeps its ids distinct from those of others. Needs matplotlib."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.add_subplot()
        {"lines": _lines, "bars": _bars, "dots": _dots}[panel.kind](axes, panel)
        axes.set_title(panel.title, pad=10)
        axes.set_xlabel(panel.x)
        axes.set_ylabel(panel.y)
        axes.tick_params(length=0, which="both")
        text = io.StringIO()
        figure.savefig(text, format="svg", transparent=True)
    return _inlined(text.getvalue(), panel, prefix)


def _lines(axes: Any, panel: Panel) -> None:
    for series in panel.series:
        x, y = zip(*series.points)
        marked = [at for at, one in enumerate(x) if one in series.marked]
        axes.plot(
            x, y, color=_SERIES[series.color], linestyle="-" if series.style == "solid" else (0, (4, 2)),
            marker=_MARKERS[series.color] if marked else None, markevery=marked or None,
        )  # fmt: skip
        for at, (low, high) in zip(x, series.ranges):
            # Next to each other if several series were measured at the same steps.
            beside = at * (1 + 0.04 * series.color) if panel.log else at
            axes.plot([beside] * 2, [low, high], color=_SERIES[series.color], linewidth=1, alpha=0.75)
    _mark_crossings(axes, panel)
    if panel.line is not None:
        axes.axhline(panel.line, color=_SOFT, linewidth=1, linestyle=(0, (1, 2)))
        axes.annotate(
            panel.line_name, (1, panel.line), xycoords=("axes fraction", "data"), xytext=(0, 4),
            textcoords="offset points", ha="right", color=_SOFT, fontsize=9,
        )  # fmt: skip
    if panel.log:
        axes.set_xscale("log")
        axes.set_yscale("log")
        _plain_numbers(axes.xaxis)
        _plain_numbers(axes.yaxis)
    else:
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(_few())
            axis.set_major_formatter("{x:,g}")


def _mark_crossings(axes: Any, panel: Panel) -> None:
    """A ring with a label at each point: above the first and below the others, so that neighbors do not collide."""
    found = sorted(panel.crossings)
    for number, (x, y, text, color) in enumerate(found):
        axes.plot([x], [y], "o", markersize=9, markerfacecolor="none", markeredgecolor=_INK, markeredgewidth=1.2)
        below = number > 0
        shift, side = ((9, -17), "left") if below else ((-9, 12), "right")
        axes.annotate(text, (x, y), xytext=shift, textcoords="offset points", ha=side, fontsize=9,
                      color=_SERIES[color])  # fmt: skip


def _few() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(5, steps=[1, 2, 2.5, 5, 10])


def _plain_numbers(axis: Any) -> None:
    """Label 1, 2, 5, 10 instead of powers."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    low, high = axis.get_view_interval()
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if high / low < 300 else (1.0,)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))


def _bars(axes: Any, panel: Panel) -> None:
    height = 0.7 / len(panel.series)
    for number, series in enumerate(panel.series):
        shift = (number - (len(panel.series) - 1) / 2) * height
        for at, (value, row) in enumerate(series.points):
            axes.barh(row + shift, value, height * 0.88, color=_SERIES[series.color])
            if series.ranges:
                axes.plot(series.ranges[at], [row + shift] * 2, color=_INK, linewidth=1.2)
            # At the bottom, away from the range and the limit.
            axes.annotate(
                f"{value:,.0f}" if value >= 100 else f"{value:.2f}", (0, row + shift), xytext=(5, 0),
                xycoords=("axes fraction", "data"), textcoords="offset points", va="center", fontsize=9, color=_CARD,
            )  # fmt: skip
    _named_rows(axes, panel)
    if panel.log:
        axes.set_xscale("log")
        axes.set_xlim(1, 6 * max(value for series in panel.series for value, _ in series.points))
        _plain_numbers(axes.xaxis)
    else:
        values = [value for series in panel.series for value, _ in series.points]
        values += [high for series in panel.series for _, high in series.ranges]
        axes.set_xlim(0, 1.2 * max(1.0, *values))


def _dots(axes: Any, panel: Panel) -> None:
    # A logarithmic axis has no zero: zeros are drawn at its left end.
    least = min([value for series in panel.series for value, _ in series.points if value > 0], default=1.0) / 10
    for series in panel.series:
        values = [max(value, least) for value, _ in series.points]
        axes.plot(values, [row for _, row in series.points], _MARKERS[series.color], color=_SERIES[series.color],
                  markersize=7)  # fmt: skip
    axes.set_xscale("log")
    _named_rows(axes, panel)


def _named_rows(axes: Any, panel: Panel) -> None:
    axes.set_yticks(range(len(panel.rows)), panel.rows)
    axes.set_ylim(len(panel.rows) - 0.5, -0.5)
    axes.grid(False, axis="y")
    if panel.line is not None:
        axes.axvline(panel.line, color=_SOFT, linewidth=1, linestyle=(0, (1, 2)))
        axes.annotate(
            panel.line_name, (panel.line, 0), xycoords=("data", "axes fraction"), xytext=(4, 4),
            textcoords="offset points", color=_SOFT, fontsize=9,
        )  # fmt: skip


def _inlined(text: str, panel: Panel, prefix: str) -> str:
    """The SVG of matplotlib without prolog, metadata, page-wide style and fixed size."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<!--.*?-->", "", text, flags=re.DOTALL)
    box = re.search(r'viewBox="([^"]+)"', text)
    assert box is not None
    label = escape(_label(panel), quote=True)
    head = f'<svg viewBox="{box[1]}" role="img" aria-label="{label}">\n<title>{label}</title>'
    text = head + text[text.index(">") + 1 :]
    text = re.sub(r'\bid="', f'id="{prefix}-', text)
    text = re.sub(r'(?:xlink:)?href="#', f'href="#{prefix}-', text)
    text = text.replace("url(#", f"url(#{prefix}-")
    for color, variable in _VARIABLES.items():
        text = text.replace(color, f"var({variable})")
    return "\n".join(line for line in text.split("\n") if line.strip()).strip()


def _label(panel: Panel) -> str:
    axes = f"{panel.y} over {panel.x}" if panel.y else panel.x
    return f"{panel.title}: {axes}. {'; '.join(map(_described, panel.series))}."


def _described(series: Series) -> str:
    values = [value for value, _ in series.points] if not series.marked else [value for _, value in series.points]
    return f"{series.name} from {min(values):.3g} to {max(values):.3g}"
