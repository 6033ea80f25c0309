"""What Belfry's own lists say of each token: two features beside its letters.

The *word* feature is one of the word alone: its class in lexicon/cues, and, with a capital, whether it is a first name, a
surname or an ordinary word. The *name* feature says where a name of the gazetteer stands, and of what kind: what it says is a
hint to the model, which has seen names that are listed and names that aren't.
"""

from collections.abc import Sequence
from functools import lru_cache

from processors.gazetteer import Gazetteer, KnownEntity
from processors.matching.lemmas import lemmas
from processors.mentions import Candidate
from processors.names import folded_word
from processors.ner.cues import LANGUAGES, cue, organisations
from processors.ner.tokens import Token, text_tokens

STRONG_PRIOR = 75
WEAK_PRIOR = 50
NOTHING = "-"
LISTED, LISTED_INSIDE = "BQ", "IQ"
_BETTER = frozenset(["BO", "IO", "BP", "IP", LISTED, LISTED_INSIDE])
"""The gazetteer knows these by more than their letters."""

_MAX_KEPT = 100_000


class Marks:
    """The features, by one gazetteer. Keeps the words that it has seen: not for two threads at a time."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._surnames = frozenset(
            folded_word(form)
            for place in range(len(gazetteer))
            for form in gazetteer.surnames(place)
            if " " not in form and len(form) > 2
        )
        self._kept: dict[tuple[str, str], str] = {}
        self._listed: dict[str, list[tuple[str, ...]]] = {}
        for name in sorted(organisations(), key=len, reverse=True):
            written = tuple(token.text for token in text_tokens(name))
            self._listed.setdefault(written[0], []).append(written)

    def words(self, sentence: Sequence[Token], language: str) -> list[str]:
        """The word feature of each token."""
        marks: list[str] = []
        for token in sentence:
            key = (language, token.text)
            mark = self._kept.get(key)
            if mark is None:
                if len(self._kept) >= _MAX_KEPT:
                    self._kept.clear()
                mark = self._kept[key] = self._word(token.text, language)
            marks.append(mark)
        return marks

    def _word(self, text: str, language: str) -> str:
        small = text.lower()
        code = cue(small, language, capital=text[0].isupper()) or NOTHING
        if not text[0].isupper():
            return code
        folded = folded_word(text)
        parts = folded.split("-") if "-" in folded else [folded]
        given = self._gazetteer.given_names
        return "".join(
            (
                code,
                "G" if any(part in given for part in parts) else "",
                "S" if any(part in self._surnames for part in parts) else "",
                "O" if is_ordinary(small, language) else "",
                "X" if len(text) > 1 and text.isupper() else "x",
            )
        )

    def names(self, sentence: Sequence[Token], kinds: dict[int, tuple[Candidate, str]]) -> list[str]:
        """The name feature of each token. kinds: for each word of a candidate, that candidate and its kind's code."""
        marks = [self._name(token, kinds) for token in sentence] if kinds else [NOTHING] * len(sentence)
        for place, token in enumerate(sentence):
            for written in self._listed.get(token.text, ()):
                end = place + len(written)
                if self._stands(written, sentence[place:end]) and not any(m in _BETTER for m in marks[place:end]):
                    marks[place:end] = [LISTED, *[LISTED_INSIDE] * (len(written) - 1)]
                    break
        return marks

    @staticmethod
    def _stands(written: Sequence[str], tokens: Sequence[Token]) -> bool:
        return len(tokens) == len(written) and all(w == token.text for w, token in zip(written, tokens, strict=True))

    def _name(self, token: Token, kinds: dict[int, tuple[Candidate, str]]) -> str:
        found = kinds.get(token.first)
        if found is None:
            for place in range(token.first + 1, token.last + 1):
                if place in kinds:
                    return f"h{kinds[place][1]}"
            return NOTHING
        candidate, kind = found
        if candidate.first < token.first:
            return f"I{kind}"
        if candidate.last < token.last and token.text[-2:] not in ("'s", "’s"):
            return f"h{kind}"
        return f"B{kind}"

    def kinds(self, candidates: Sequence[Candidate]) -> dict[int, tuple[Candidate, str]]:
        """For each word of a candidate, that candidate and the code of what it is likeliest to be."""
        found: dict[int, tuple[Candidate, str]] = {}
        for candidate in candidates:
            code = self._code(candidate)
            for place in range(candidate.first, candidate.last + 1):
                found[place] = (candidate, code)
        return found

    def _code(self, candidate: Candidate) -> str:
        role = candidate.readings[0].role
        if role == "demonym":
            return "D"
        if role == "bare":
            return "b"
        entities = self._gazetteer.entities
        best: KnownEntity = max((entities[one.entity] for one in candidate.readings), key=lambda one: one.prior)
        if best.type != "LOC":
            return best.type[0]
        return "C" if best.prior >= STRONG_PRIOR else "L" if best.prior >= WEAK_PRIOR else "l"


@lru_cache(maxsize=50_000)
def is_ordinary(small: str, language: str) -> bool:
    """Whether a word is one without its capital too. In German, where nouns have one, whether it is a listed word."""
    if language not in LANGUAGES:
        return False
    listed = lemmas(language).listed(small)
    return bool(listed) and (listed[0][0].islower() or language == "de")
