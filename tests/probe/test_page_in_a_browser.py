"""How does the page look in a real browser? Screenshots of a headless Chromium: wide and on a phone, light and dark."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest

from rnnlint.facts import claims, evidence
from rnnlint.probe.figures import ASKED
from rnnlint.probe.page import render

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed: the page is looked at in none"),
]

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
SCHEMES = {"dark": "0", "light": "1"}
BACKGROUNDS = {"dark": (0x14, 0x18, 0x1C), "light": (0xFB, 0xFA, 0xF8)}
# The colour of the first series.
SERIES = {"dark": (0xF0, 0x93, 0x6A), "light": (0xB4, 0x55, 0x2D)}
WIDTHS = (390, 1280)
HEIGHT = 12000

# Tells the page around it, for --dump-dom, how wide the page is and where its plots lie. Windows that take no
# screenshot are never narrower than 500 pixels; a frame is.
MEASURE = """<script>
const boxes = [...document.querySelectorAll(".panels svg")].map(one => one.getBoundingClientRect());
const wide = [...document.querySelectorAll("body *")].filter(
    one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, pre, svg"));
parent.document.title = JSON.stringify({
    window: innerWidth, page: document.documentElement.scrollWidth, wide: wide.map(one => one.outerHTML.slice(0, 80)),
    plots: boxes.map(box => [box.left, box.top, box.right, box.bottom])});
</script>"""

# Types into the search of the page, follows a link and prints, and writes what is shown then into the title.
USE = """<script>
const shown = () => [...document.querySelectorAll(".claim")].filter(one => one.checkVisibility()).map(one => one.id);
const type = (text, verdict) => {
    form.text.value = text; form.verdict.value = verdict; form.dispatchEvent(new Event("input"));
    return shown();
};
const told = {all: shown(), word: type("sequence_length", ""), none: type("xylophone", ""),
    verdict: type("", "refuted"), count: form.querySelector("output").textContent, again: type("", "")};
const folded = [...document.querySelectorAll(".claim > details")].at(-1);
told.folded = folded.open;
dispatchEvent(new Event("beforeprint"));
told.printed = [...document.querySelectorAll(".claim > details")].every(one => one.open);
dispatchEvent(new Event("afterprint"));
told.folded_again = folded.open;
location.hash = folded.parentElement.id;
open_linked();
told.linked = folded.open;
document.title = JSON.stringify(told);
</script>"""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a browser showed and told."""

    image: Any
    told: dict[str, Any]


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, str], Looked]:
    """Opens the page in a window of this width."""
    pytest.importorskip("matplotlib", reason="the plots need matplotlib; tox -e browser has it")
    image = pytest.importorskip("PIL.Image", reason="the pixels are read by Pillow, which comes with matplotlib")
    folder = tmp_path_factory.mktemp("page")
    page = folder / "page.html"
    text = render(results())
    page.write_text(text, encoding="utf-8")
    framed = escape(text.replace("</body>", f"{MEASURE}</body>"))

    def opened(width: int, scheme: str) -> Looked:
        shot = folder / f"{width}-{scheme}.png"
        chromium(folder, width, scheme, f"--screenshot={shot}", page.as_uri())
        measured = folder / f"{width}.html"
        style = f"border:0;width:{width}px;height:{HEIGHT}px"
        frame = f'<body style="margin:0"><iframe style="{style}" srcdoc="{framed}"></iframe>'
        measured.write_text(f"<!doctype html><title></title>{frame}", encoding="utf-8")
        dom = chromium(folder, width, scheme, "--dump-dom", measured.as_uri())
        title = re.search("<title>(.*?)</title>", dom, re.DOTALL)
        assert title is not None
        told = json.loads(unescape(title[1]))
        return Looked(image.open(io.BytesIO(shot.read_bytes())).convert("RGB"), told)

    return opened


def chromium(folder: Path, width: int, scheme: str, *arguments: str) -> str:
    assert BROWSER is not None
    new = folder / f"profile-{len(list(folder.iterdir()))}"
    own = (f"--user-data-dir={new}", f"--window-size={width},{HEIGHT}")
    color = f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}"
    ran = subprocess.run(
        [BROWSER, *FLAGS, *own, color, *arguments], capture_output=True, text=True, timeout=120, check=True
    )
    return ran.stdout


def results() -> list[dict[str, Any]]:
    """Those on record for the newest release, which hold numbers for all figures."""
    newest = max((one.tensorflow for one in evidence.records()), key=lambda text: [*map(int, text.split("."))])
    return [
        {
            "claim": one.claim, "statement": claims.by_id()[one.claim].statement, "verdict": one.verdict,
            "summary": one.summary, "why": one.why, "measured": dict(one.measured), "rules": ["RNN201", "RNN202"],
            "environment": {n: getattr(one, n) for n in ("tensorflow", "keras", "tf_keras", "python")},
        }
        for one in evidence.records()
        if one.tensorflow == newest
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_the_window_and_its_plots_are_drawn(
    look: Callable[[int, str], Looked], width: int, scheme: str
) -> None:
    looked = look(width, scheme)
    assert looked.told["window"] == width
    assert looked.told["wide"] == []
    assert looked.told["page"] <= width
    assert looked.image.size == (width, HEIGHT)
    assert looked.image.getpixel((2, 2)) == BACKGROUNDS[scheme]
    assert len(looked.told["plots"]) >= len(ASKED)
    for box in looked.told["plots"]:
        left, top, right, bottom = map(round, box)
        assert left >= 0 and right <= width and bottom <= HEIGHT, "a plot lies outside of the screenshot"
        assert right - left >= 280, "a plot is too small to read"
        colors = {color: count for count, color in looked.image.crop((left, top, right, bottom)).getcolors(1 << 24)}
        assert len(colors) > 30, "a plot is blank"
        paper = max(colors, key=lambda color: colors[color])
        assert (sum(paper) > 600) == (scheme == "light"), "a plot has a ground of its own"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_lines_have_the_colors_of_the_mode(look: Callable[[int, str], Looked], scheme: str) -> None:
    looked = look(1280, scheme)
    left, top, right, bottom = map(round, looked.told["plots"][0])
    colors = {color for _, color in looked.image.crop((left, top, right, bottom)).getcolors(1 << 24)}
    other = next(name for name in SCHEMES if name != scheme)
    assert SERIES[scheme] in colors and SERIES[other] not in colors


def test_search_filter_links_and_print_show_what_they_should(tmp_path: Path) -> None:
    every = results()
    refuted, named = every[0]["claim"], [one["claim"] for one in every if "sequence_length" in json.dumps(one)]
    every[0]["verdict"] = "refuted"
    page = tmp_path / "page.html"
    page.write_text(render(every).replace("</body>", f"{USE}</body>"), encoding="utf-8")
    title = re.search("<title>(.*?)</title>", chromium(tmp_path, 390, "light", "--dump-dom", page.as_uri()), re.DOTALL)
    assert title is not None
    told = json.loads(unescape(title[1]))
    assert len(told["all"]) == len(every) and told["again"] == told["all"]
    assert set(named) <= set(told["word"]) < set(told["all"])
    assert told["none"] == [] and told["verdict"] == [refuted]
    assert told["count"] == f"1 of {len(every)} claims"
    states = [told[name] for name in ("folded", "printed", "folded_again", "linked")]
    assert states == [False, True, False, True]


def test_the_page_can_be_printed(tmp_path: Path) -> None:
    page, paper = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(render(results()), encoding="utf-8")
    chromium(tmp_path, 1280, "light", f"--print-to-pdf={paper}", page.as_uri())
    sheets = len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes()))
    assert 10 <= sheets <= 60
