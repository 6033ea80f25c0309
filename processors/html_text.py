"""Title and text of a web page. Pure.

trafilatura leaves out what isn't the article. Where it finds none (a notice of one sentence, a page nested too deeply
for it), all text of the page's body is taken, less scripts, navigation and forms: better some words too many than an
article lost.
"""

from typing import Any, cast

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


def html_content(html: str) -> tuple[str, str]:
    """The text of a page and its title, each empty where there is none. Never raises on any page."""
    text, title = _by_trafilatura(html)
    if not text.strip():
        text, plain_title = plain_content(html)
        title = title or plain_title
    return _without_headline(text, title), title


def plain_content(html: str) -> tuple[str, str]:
    """All text of a page's body, a line for each block, and what its title element says. Linear on any page."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType] - it has no types

    page = _Page()
    parser = cast("Any", etree).HTMLParser(target=page, huge_tree=True, encoding="utf-8")
    parser.feed(html.encode("utf-8", "replace"))
    parser.close()
    lines = (folded_space(line) for line in "".join(page.parts).split("\n"))
    return "\n".join(line for line in lines if line), folded_space("".join(page.title))


class _Page:
    """What the parser tells its events to: collects text, without ever making a tree of it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.title: list[str] = []
        self._skipped: list[str] = []

    def start(self, tag: str, _attributes: object) -> None:
        if tag in _SKIPPED:
            self._skipped.append(tag)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def end(self, tag: str) -> None:
        if self._skipped and self._skipped[-1] == tag:
            self._skipped.pop()
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def data(self, data: str) -> None:
        if not self._skipped:
            self.parts.append(data.replace("\n", " "))
        elif self._skipped[-1] == "title" and "svg" not in self._skipped:
            self.title.append(data)

    def close(self) -> None:
        """Nothing is left to do at the end."""


def _by_trafilatura(html: str) -> tuple[str, str]:
    import trafilatura  # heavy, and plain articles don't need it

    try:
        document: object = trafilatura.bare_extraction(html, include_comments=False, with_metadata=True)
    except Exception:  # noqa: BLE001 - whatever a page does to it, the page's text can still be had
        return "", ""
    text, title = (str(getattr(document, name, None) or "") for name in ("text", "title"))
    return text, title


def _without_headline(text: str, title: str) -> str:
    """The text without a first line that only repeats the title: what stands there twice would be found twice."""
    first, _, rest = text.lstrip("\n").partition("\n")
    return rest if title.strip() and folded_space(first) == folded_space(title) and rest.strip() else text
