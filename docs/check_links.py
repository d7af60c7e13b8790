"""Check every link of the built pages: ``python docs/check_links.py build/docs [REPOSITORY]``.

Links to pages, files and places within pages must lead somewhere, and nothing may be loaded from
the network. With a repository named, the links of its Markdown files are checked, too. Addresses
of other sites are not called.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}
"""Elements that load something when the page opens."""


class Page(HTMLParser):
    """The links and the places of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a tag links to, loads and is called."""
        given = {name: value or "" for name, value in attrs}
        self.places |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in LOADS and LOADS[tag] in given:
            self.loaded.append(given[LOADS[tag]])
        if tag == "link" and given.get("rel") in ("stylesheet", "preload", "icon"):
            self.loaded.append(given.get("href", ""))


def outside(address: str) -> bool:
    """Tell whether an address is not of a file beside the page."""
    parts = urlsplit(address)
    return bool(parts.scheme or parts.netloc)


def dead_links(folder: Path) -> Iterator[str]:
    """Yield each link of the pages of a folder that leads nowhere, and each load from afar."""
    found = [path for path in sorted(folder.rglob("*.html")) if "_static" not in path.parts]
    pages = {path.resolve(): Page(path.read_text("utf-8")) for path in found}
    for path, page in pages.items():
        name = path.relative_to(folder.resolve()).as_posix()
        for address in page.loaded:
            if outside(address) and urlsplit(address).scheme != "data":
                yield f"{name}: loads {address} from the network"
        for address in page.links + page.loaded:
            if outside(address) or not address:
                continue
            parts = urlsplit(address)
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.exists():
                yield f"{name}: {address} leads to no file"
            elif (
                parts.fragment
                and target in pages
                and unquote(parts.fragment) not in pages[target].places
            ):
                yield f"{name}: {address} leads to no place of that page"


_FENCED = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
_LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")


def anchors(text: str) -> set[str]:
    """Return the places of a Markdown page, named as GitHub and MyST name headings."""
    heads = re.findall(r"^#{1,6}\s+(.+?)\s*$", _FENCED.sub("", text), re.M)
    plain = [re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", head).lower() for head in heads]
    return {re.sub(r"[^\w\- ]", "", head).strip().replace(" ", "-") for head in plain}


def dead_markdown_links(folder: Path, skip: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield each link of the Markdown files of a folder that leads nowhere in it."""
    for path in sorted(folder.rglob("*.md")):
        name = path.relative_to(folder).as_posix()
        if name.startswith((".", "build/", "out/", *skip)):
            continue
        for found in _LINK.findall(_FENCED.sub("", path.read_text("utf-8"))):
            address = found[0] or found[1]
            if outside(address):
                continue
            parts = urlsplit(address)
            target = path.parent / unquote(parts.path) if parts.path else path
            if not target.exists():
                yield f"{name}: {address} leads to no file"
            elif (
                parts.fragment
                and target.suffix == ".md"
                and unquote(parts.fragment) not in anchors(target.read_text("utf-8"))
            ):
                yield f"{name}: {address} leads to no heading"


def main(arguments: list[str]) -> int:
    """Print dead links; 1 where there are any, or no page at all."""
    folder = Path(arguments[0])
    found = list(dead_links(folder))
    if len(arguments) > 1:
        found += dead_markdown_links(Path(arguments[1]))
    pages = sum(1 for _ in folder.rglob("*.html"))
    for line in found:
        print(line, file=sys.stderr)
    print(f"{pages} pages, {len(found)} dead links")
    return int(bool(found) or pages == 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
