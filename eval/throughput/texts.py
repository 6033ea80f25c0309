"""Articles to be fast on: the sentences of Belfry's own corpora, some four hundred words an article."""

import re
from pathlib import Path

_CORPUS = Path(__file__).resolve().parents[2] / "models" / "corpus"
_MARK = re.compile(r"\[([^|\]]*)\|[A-Z]+\]")
WORDS_AN_ARTICLE = 400


def articles() -> list[tuple[str, str]]:
    """(language, text) of each article; no sentence stands in two of them."""
    found: list[tuple[str, str]] = []
    for path in (*sorted((_CORPUS / "train").glob("*.txt")), *sorted((_CORPUS / "test").glob("*.txt"))):
        language = path.stem if path.stem in ("nl", "en", "de", "fr") else "nl"
        sentences: list[str] = []
        words = 0
        for line in path.read_text(encoding="utf-8").splitlines():
            sentence = _MARK.sub(r"\1", line.strip())
            if not sentence or sentence.startswith("#"):
                continue
            sentences.append(sentence)
            words += len(sentence.split())
            if words >= WORDS_AN_ARTICLE:
                found.append((language, "\n".join(sentences)))
                sentences, words = [], 0
        if sentences:
            found.append((language, "\n".join(sentences)))
    return found


def word_count(texts: list[tuple[str, str]]) -> int:
    """By white space."""
    return sum(len(text.split()) for _, text in texts)
