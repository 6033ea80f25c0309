"""The texts that are learnt from, each sentence as chunks: (text, IOB2 tag). A chunk is a token of its corpus."""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from processors.mentions import field_words
from processors.ner.tokens import Token, tokens
from tools.check_corpus import Sentence as MarkedSentence
from tools.check_corpus import articles, parsed

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "models" / "corpus"
SHARED = ROOT.parent / "shared" / "data" / "ner"

LEFT_OUT = {"nl_cdb": (range(7136, 8213), range(8543, 9291))}
"""Sentences whose texts have no licence that lets them be used here (README.md beside the files)."""
GERMAN_HELD_BACK = 1_100
"""The last sentences of de_germeval_test: German is measured on them, so they are never learnt from."""

Quality = Literal["own", "gold", "silver"]
Chunks = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence with its labels."""

    chunks: Chunks
    language: str
    quality: Quality
    source: str


def spans(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """The names that IOB2 tags mark: first, one after the last, type."""
    found: list[tuple[int, int, str]] = []
    start, kind = -1, ""
    for place, tag in enumerate([*tags, "O"]):
        if start >= 0 and (tag[0] in "OB" or tag[2:] != kind):
            found.append((start, place, kind))
            start = -1
        if tag != "O" and start < 0:
            start, kind = place, tag[2:]
    return found


def read_conll(path: Path) -> list[Chunks]:
    """The sentences of a gzipped file of `token TAB tag` lines."""
    sentences: list[Chunks] = []
    sentence: Chunks = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                token, tag = line.rstrip("\n").split("\t")
                sentence.append((token, tag))
            elif sentence:
                sentences.append(sentence)
                sentence = []
    return [*sentences, sentence] if sentence else sentences


def shared(name: str) -> list[Labelled]:
    """A file beside the checkout. Raises FileNotFoundError where the folder isn't there."""
    language, quality = name[:2], "silver" if name.startswith("nl_") else "gold"
    gaps = LEFT_OUT.get(name, ())
    return [
        Labelled(_with_genitives(chunks) if language == "en" else chunks, language, quality, name)
        for place, chunks in enumerate(read_conll(SHARED / f"{name}.conll.gz"))
        if not any(place in gap for gap in gaps)
    ]


def _with_genitives(chunks: Chunks) -> Chunks:
    """English `Mayor` `'s` as one chunk, as it stands in a text."""
    joined: Chunks = []
    for text, tag in chunks:
        if text in ("'s", "'") and joined and joined[-1][0][-1:].isalnum():
            joined[-1] = (joined[-1][0] + text, joined[-1][1])
        else:
            joined.append((text, tag))
    return joined


def german_held_back() -> list[Labelled]:
    """German sentences to measure on."""
    return shared("de_germeval_test")[-GERMAN_HELD_BACK:]


def own_files(part: str = "train") -> list[Path]:
    """The files of a part of Belfry's own corpus."""
    return sorted((OWN / part).glob("*.txt"))


def own(path: Path, language: str = "nl") -> Iterator[list[Labelled]]:
    """The articles of a file of Belfry's own corpus."""
    for article in articles(path.read_text(encoding="utf-8")):
        sentences: list[Labelled] = []
        for line in article:
            sentence = parsed(line)
            words = field_words(sentence.text)
            found = list(tokens(words, language))
            edges = [(words[token.first].start, words[token.last].end) for token in found]
            sentences.append(Labelled(_chunks(sentence, found, edges), language, "own", path.stem))
        yield sentences


def _chunks(sentence: MarkedSentence, found: Sequence[Token], edges: Sequence[tuple[int, int]]) -> Chunks:
    tags = ["O"] * len(found)
    for name in sentence.names:
        inside = [place for place, (start, end) in enumerate(edges) if start < name.end and end > name.start]
        for place in inside:
            tags[place] = f"{'B' if place == inside[0] else 'I'}-{name.kind}"
    return [(token.text, tag) for token, tag in zip(found, tags, strict=True)]
