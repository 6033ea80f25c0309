"""Articles with their names as spans of characters, from Belfry's own test set and from the files beside the checkout."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.training.corpora import OWN, SHARED, Chunks, german_held_back, read_conll, spans
from schemas.entities import Entity
from tools.check_corpus import articles, parsed

YARDSTICK = SHARED / "eval" / "nl_conll2002_testa.conll.gz"
_ARTICLE_SENTENCES = 10

Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Text:
    """An article: a sentence a line. names: start, end, type, in characters of `text`."""

    text: str
    names: frozenset[Span]
    language: str

    def span(self, found: Entity) -> Span:
        """A mention as a span; the genitive 's behind it belongs to it in the corpora, and not in Belfry."""
        after = self.text[found.end : found.end + 3]
        genitive = after[:2] in ("'s", "’s") and not after[2:].isalnum()
        return found.start, found.end + 2 * genitive, found.type


def own_texts(language: str) -> list[Text]:
    """The articles of Belfry's own test set in a language."""
    content = (OWN / "test" / f"{language}.txt").read_text(encoding="utf-8")
    return [_own_text(article, language) for article in articles(content)]


def _own_text(article: Sequence[str], language: str) -> Text:
    sentences = [parsed(line) for line in article]
    return _text([(one.text, [tuple(name) for name in one.names]) for one in sentences], language)


def _text(lines: Sequence[tuple[str, Sequence[Span]]], language: str) -> Text:
    names: set[Span] = set()
    at = 0
    for line, here in lines:
        names.update((at + start, at + end, kind) for start, end, kind in here)
        at += len(line) + 1
    return Text("\n".join(line for line, _ in lines), frozenset(names), language)


def conll_text(sentences: Sequence[Chunks], language: str) -> Text:
    """Tokens with a space between, a sentence a line."""
    lines: list[tuple[str, Sequence[Span]]] = []
    for chunks in sentences:
        starts: list[int] = []
        at = 0
        for token, _ in chunks:
            starts.append(at)
            at += len(token) + 1
        ends = [start + len(token) for start, (token, _) in zip(starts, chunks, strict=True)]
        names = [(starts[a], ends[b - 1], kind) for a, b, kind in spans([tag for _, tag in chunks])]
        lines.append((" ".join(token for token, _ in chunks), names))
    return _text(lines, language)


def german_texts() -> list[Text]:
    """GermEval's held-back sentences, ten in one text: they have no articles."""
    sentences = [one.chunks for one in german_held_back()]
    return [
        conll_text(sentences[at : at + _ARTICLE_SENTENCES], "de") for at in range(0, len(sentences), _ARTICLE_SENTENCES)
    ]


def yardstick_texts() -> Iterator[tuple[Text, frozenset[tuple[int, int]]]]:
    """The private yardstick's articles, and of each the lines (start, end) that are page header: those that every article has."""
    sentences = read_conll(YARDSTICK)
    sizes = [int(n) for n in YARDSTICK.with_name("nl_conll2002_testa.articles.txt").read_text().split()]
    articles_of: dict[tuple[str, ...], int] = {}
    for chunks in sentences:
        key = tuple(token for token, _ in chunks)
        articles_of[key] = articles_of.get(key, 0) + 1
    at = 0
    for size in sizes:
        here = sentences[at : at + size]
        at += size
        headers: set[tuple[int, int]] = set()
        place = 0
        for chunks in here:
            length = sum(len(token) + 1 for token, _ in chunks)
            if articles_of[tuple(token for token, _ in chunks)] == len(sizes):
                headers.add((place, place + length))
            place += length
        yield conll_text(here, "nl"), frozenset(headers)
