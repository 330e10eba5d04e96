"""What does the site add to the pages? The pages of the root, links within the site, and the figures.

The pages are also read in the repository, so their links point to its files. A file that is not a page of the site is
named by its path instead.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

from rnnlint.facts.claims import CLAIMS
from rnnlint.probe import page as probe_page
from rnnlint.probe import rows
from rnnlint.report.rule_pages import codes_by_claim
from rnnlint.report.rules import reported

ROOT = Path(__file__).resolve().parents[2]
FROM_ROOT = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Pages of the root, with their names on the site. The start page replaces the README."""

PROBE_PAGE = "probe-page.html"
"""The page that ``rnnlint probe --recorded --report`` writes, with links to the rules."""

FAMILIES = {"1": "Legacy API", "2": "Unrolls and graph size", "3": "Masks and lengths", "4": "Recurrent pitfalls"}

_PICTURE = re.compile(
    r'<picture>\s*<source [^>]*srcset="(?P<dark>[^"]+)">\s*'
    r'<img src="(?P<light>[^"]+)" (?P<rest>[^>]*?) ?/?>\s*</picture>'
)
_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<target>[^)\s#]+)(?P<anchor>#[^)\s]*)?\)")


def on_config(config: Any) -> Any:
    """Add the rules, and pages that are missing there, to the navigation."""
    for section in config.nav:
        for entries in section.values():
            if isinstance(entries, list) and "rules/README.md" in entries:
                entries.extend(_families())
    named = set(re.findall(r"[\w/-]+\.md", str(config.nav)))
    others = sorted(page.name for page in (ROOT / "docs").glob("*.md") if page.name not in named)
    if others:
        config.nav.append({"More": others})
    return config


def _families() -> list[dict[str, Any]]:
    return [
        {title: [{f"{rule.code} {rule.name}": f"rules/{rule.name}.md"} for rule in reported() if rule.code[3] == digit]}
        for digit, title in FAMILIES.items()
    ]


def on_files(files: Files, config: Any) -> Files:
    """Add the pages of the root, and the page of the probe with the recorded results."""
    for source, name in FROM_ROOT.items():
        content = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, name, content=content))
    links = {rule.code: f"rules/{rule.name}.html" for rule in reported()}
    files.append(File.generated(config, PROBE_PAGE, content=probe_page.render(_recorded(), links)))
    return files


def _recorded() -> list[dict[str, Any]]:
    """The output of ``rnnlint probe --recorded``."""
    return rows.recorded([claim.id for claim in CLAIMS], codes_by_claim(reported()))


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """The page with links that work on the site."""
    name = page.file.src_uri
    source = next((root for root, there in FROM_ROOT.items() if there == name), f"docs/{name}")
    return _LINK.sub(lambda link: _led(link, source, name), markdown)


def on_page_content(html: str, page: Any, **_: Any) -> str:
    """The page with pictures that follow its color switch, and the page of the claims with the recorded figures."""
    html = _PICTURE.sub(_switched, html)
    if page.file.src_uri != "claims.md":
        return html
    shown = "".join(probe_page.figures(_recorded()))
    before, heading, after = html.partition('<h2 id="claims">')
    assert heading, "the page of the claims has no list of them"
    whole = f'<p>You can search and filter these results on <a href="{PROBE_PAGE}">one page</a>.</p>'
    return f'<div class="measured">{before}</div>{whole}<div class="figures">{shown}</div>{heading}{after}'


def _switched(picture: re.Match[str]) -> str:
    """Both forms of a picture. The theme shows the one for the page's colors, which may differ from the system's."""
    images = (f'<img src="{picture[name]}#only-{name}" {picture["rest"]}>' for name in ("light", "dark"))
    return f'<div class="picture">{"".join(images)}</div>'


def _led(link: re.Match[str], source: str, name: str) -> str:
    target, anchor = link["target"], link["anchor"] or ""
    if "://" in target:
        return link.group()
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    there = {"README.md": "index.md", **FROM_ROOT}.get(path)
    if there is None and path.startswith("docs/"):
        there = path.removeprefix("docs/")
    if there is None:
        # A file of the repository that is not on the site.
        return f"{link['text']} (`{path}`)" if link["text"].strip("`") != path else f"`{path}`"
    return f"[{link['text']}]({posixpath.relpath(there, posixpath.dirname(name) or '.')}{anchor})"
