"""Does the documentation site build without a warning, lead everywhere it says, and work from the file system?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from rnnlint.facts.claims import CLAIMS
from rnnlint.probe.figures import ASKED
from rnnlint.report.rules import reported

pytestmark = pytest.mark.site

ROOT = Path(__file__).resolve().parents[2]
LOADED = {"img": "src", "link": "href", "script": "src", "source": "srcset"}
"""The elements that make a browser load something, with the attribute that names it."""
NOT_LOADED = {"canonical", "next", "prev"}


@dataclass
class Page(HTMLParser):
    """What a page of the site has: the anchors in it, what it links to, and what it loads."""

    path: Path
    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag in LOADED and LOADED[tag] in given and given.get("rel") not in NOT_LOADED:
            self.loaded.append(given[LOADED[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `tox -e docs` builds it. mkdocs ends with an error where it has a warning."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", "docs/site/mkdocs.yml", "-d", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(site.rglob("*.html")) if path.name != "404.html"}


def local(page: Page, link: str) -> tuple[Path, str] | None:
    """The file and the anchor of a link; None if it leads to another host."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    assert not parts.path.startswith("/"), f"{page.path}: {link} begins at the root of a host"
    path = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
    return path, unquote(parts.fragment)


def test_every_link_and_anchor_leads_somewhere(pages: dict[Path, Page]) -> None:
    wrong = []
    for page in pages.values():
        for link in page.links:
            target = local(page, link)
            if target is None:
                continue
            path, anchor = target
            if path.is_dir():
                # A folder opens in a browser as a list of files: each link has to name its page.
                wrong.append(f"{page.path.name}: {link} is a folder")
            elif not path.is_file():
                wrong.append(f"{page.path.name}: {link}")
            elif anchor and path in pages and anchor not in pages[path].anchors:
                wrong.append(f"{page.path.name}: {link} has no such anchor")
    assert wrong == []


def test_links_elsewhere_are_few_and_named(pages: dict[Path, Page]) -> None:
    hosts = {urlsplit(link).netloc for page in pages.values() for link in page.links} - {""}
    assert hosts <= {"github.com", "marketplace.visualstudio.com", "plugins.jetbrains.com", "squidfunk.github.io"}


def test_nothing_is_loaded_from_another_host(pages: dict[Path, Page]) -> None:
    for page in pages.values():
        for link in page.loaded:
            target = local(page, link)
            assert target is not None, f"{page.path.name} loads {link}"
            assert target[0].is_file(), f"{page.path.name} loads {link}"


def test_the_search_works_from_the_file_system(site: Path) -> None:
    """A page that is opened as a file may not fetch the index, so it is in a script as well."""
    index = (site / "search" / "search_index.js").read_text(encoding="utf-8")
    assert "large-static-unroll" in index
    assert (site / "site" / "iframe-worker.js").is_file()


def test_every_rule_and_every_page_of_the_repository_is_there(site: Path) -> None:
    for rule in reported():
        assert (site / "rules" / f"{rule.name}.html").is_file()
    for page in (ROOT / "docs").glob("*.md"):
        assert (site / f"{page.stem}.html").is_file()
    assert {"contributing.html", "changelog.html"} <= {path.name for path in site.iterdir()}


def test_every_page_is_linked_from_the_first(site: Path, pages: dict[Path, Page]) -> None:
    first = pages[site / "index.html"]
    linked = {target[0] for target in (local(first, link) for link in first.links) if target is not None}
    assert {path.name for path in pages if path.resolve() not in linked} == set()


def test_the_page_of_the_claims_has_every_figure_of_the_probe(site: Path) -> None:
    text = (site / "claims.html").read_text(encoding="utf-8")
    for asked in ASKED:
        assert f'id="figure-{asked.id}"' in text
    assert text.count('<div class="panels">') == len(ASKED)


def test_the_page_of_the_probe_is_part_of_the_site_and_links_to_the_rules(site: Path) -> None:
    text = (site / "probe-page.html").read_text(encoding="utf-8")
    assert 'href="probe-page.html"' in (site / "claims.html").read_text(encoding="utf-8")
    assert text.count('<article class="claim"') == len(CLAIMS)
    assert 'href="rules/large-static-unroll.html"' in text


def test_pictures_follow_the_switch_of_the_page(site: Path) -> None:
    for page, name in (("index.html", "check"), ("architecture.html", "architecture")):
        text = (site / page).read_text(encoding="utf-8")
        assert "<picture>" not in text
        for scheme in ("light", "dark"):
            assert text.count(f'src="pictures/{name}-{scheme}.svg#only-{scheme}"') == 1


def test_figures_have_the_colours_of_the_page_of_the_probe() -> None:
    style = (ROOT / "docs" / "site" / "style.css").read_text(encoding="utf-8")
    own = (ROOT / "rnnlint" / "probe" / "page_style.css").read_text(encoding="utf-8")
    # On paper the page is black and white, which the site leaves to its theme.
    colours = re.findall(r"--(?:ink|soft|line|card|series-\d): #\w+;", own.partition("@media print")[0])
    assert len(set(colours)) == 18
    assert [colour for colour in colours if colour not in style] == []
