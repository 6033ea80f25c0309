"""Title, text and facts of a web page. Pure.

In order:
1. The whole page is read once, event by event: what it says about itself for machines (processors.page_facts), and all its text
   less scripts, navigation and forms.
2. trafilatura finds the article and leaves out what isn't; captions are shown to it as paragraphs, or it would drop them.
3. What pages say on behalf of their site goes (processors.boilerplate).
4. Where nothing is left (a notice of one sentence, a page nested too deeply for trafilatura) the text of 1 is taken, with the same
   lines gone: better some words too many than an article lost. A page that is nothing but a wall has no text and no title.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from processors.boilerplate import Wall, without_boilerplate
from processors.page_facts import PageNotes
from schemas.text import folded_space

_SKIPPED_TAGS = """
script style noscript template svg math iframe object nav footer aside form button select textarea head title
"""
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_BLOCK_TAGS = """
address article blockquote body br center dd div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 header hr html li main ol p
pre section table td th tr ul
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())


_CAPTION = re.compile(r"<(/?)fig(ure|caption)\b[^<>]{0,1000}>", re.IGNORECASE)
# A title that is never closed swallows the page.
_OPEN_TITLE = re.compile(r"(<title\b[^<>]{0,200}>[^<]{0,1000})", re.IGNORECASE)
_CLOSED_TITLE = re.compile(r"</title", re.IGNORECASE)
_TABLE_RULE = re.compile(r"\|(?:-+\|)+")
# What browsers make of the characters and references that Windows-1252 has in place of control characters.
_WINDOWS = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds. text, title: empty where there is none; wall: what stood before the article, if anything."""

    text: str
    title: str
    wall: Wall = ""
    notes: PageNotes = field(default_factory=PageNotes)


def html_page(html: str) -> Page:
    """What a page holds. Never raises on any page."""
    html = _OPEN_TITLE.sub(r"\1</title>", html, count=1) if _CLOSED_TITLE.search(html) is None else html
    plain = plain_page(html)
    text, title = _by_trafilatura(html)
    told = without_boilerplate(_with_plain_tables(text))
    if not told.text.strip():
        told_plain = without_boilerplate(plain.text)
        told = told_plain if told_plain.text.strip() or not told.wall else told
        title = title or plain.title
    if told.wall and not told.text.strip():
        return Page("", "", told.wall, plain.notes)
    return Page(
        _without_headline(told.text, title).translate(_WINDOWS), title.translate(_WINDOWS), told.wall, plain.notes
    )


def plain_page(html: str) -> Page:
    """All text of a page's body, a line for each block, what its title element says, and its notes. Linear on any page."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType] - it has no types

    page = _Page()
    parser = cast("Any", etree).HTMLParser(target=page, huge_tree=True, encoding="utf-8")
    parser.feed(html.encode("utf-8", "replace"))
    parser.close()
    lines = (folded_space(line) for line in "".join(page.parts).split("\n"))
    return Page("\n".join(line for line in lines if line), folded_space("".join(page.title)), "", page.notes)


class _Page:
    """What the parser tells its events to: collects text, without ever making a tree of it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.title: list[str] = []
        self.notes = PageNotes()
        self._skipped: list[str] = []
        self._script: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.notes.note(tag, attributes)
        if tag == "script" and "ld+json" in attributes.get("type", "").lower():
            self._script = []
        if tag in _SKIPPED:
            self._skipped.append(tag)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def end(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            self.notes.scripts.append("".join(self._script))
            self._script = None
        if self._skipped and self._skipped[-1] == tag:
            self._skipped.pop()
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def data(self, data: str) -> None:
        if not self._skipped:
            self.parts.append(data.replace("\n", " "))
        elif self._script is not None:
            self._script.append(data)
        elif self._skipped[-1] == "title" and "svg" not in self._skipped:
            self.title.append(data)

    def close(self) -> None:
        """Nothing is left to do at the end."""


def _by_trafilatura(html: str) -> tuple[str, str]:
    import trafilatura  # heavy, and plain articles don't need it

    try:
        document: object = trafilatura.bare_extraction(
            _CAPTION.sub(_as_paragraph, html), include_comments=False, with_metadata=True
        )
    except Exception:  # noqa: BLE001 - whatever a page does to it, the page's text can still be had
        return "", ""
    text, title = (str(getattr(document, name, None) or "") for name in ("text", "title"))
    return text, title


def _as_paragraph(found: re.Match[str]) -> str:
    return f"<{found[1]}{'p' if found[2].lower() == 'caption' else 'div'}>"


def _with_plain_tables(text: str) -> str:
    """The text with the cells of tables apart by tabs: trafilatura draws them with bars."""
    if "|" not in text:
        return text
    lines: list[str] = []
    for line in text.split("\n"):
        if line.startswith("|") and line.rstrip().endswith("|"):
            if _TABLE_RULE.fullmatch(line.strip()):
                continue
            lines.append("\t".join(cell.strip() for cell in line.strip().strip("|").split("|")))
        else:
            lines.append(line)
    return "\n".join(lines)


def _without_headline(text: str, title: str) -> str:
    """The text without a first line that only repeats the title: what stands there twice would be found twice."""
    first, _, rest = text.lstrip("\n").partition("\n")
    return rest if title.strip() and folded_space(first) == folded_space(title) and rest.strip() else text
