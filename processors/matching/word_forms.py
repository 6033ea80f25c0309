"""Lemmas that a word of English or French has by its ending, where simplemma's list takes it for another word.

`demande` is listed as a noun alone, and is a form of *demander* too; `fighting`, of *fight*; `nationale`, of *national*.
Nothing is taken for a lemma that isn't listed as one.
"""

from collections.abc import Callable, Iterator, Sequence

Listed = Callable[[str], str | None]
"""The lemma that a list has for a word, None where it doesn't have the word."""

_LIKE_PARTICIPLES = """
according anything beijing building ceiling clothing concerning dwelling during evening everything following including morning
nothing outstanding regarding something sterling wedding
"""
_NO_VERBS = frozenset(_LIKE_PARTICIPLES.split())
_NO_VERB_FORMS = frozenset({"autre", "contre", "entre", "outre", "quatre"})
_FEMININE = (
    *(("elle", "el"), ("ale", "al"), ("ienne", "ien"), ("aine", "ain"), ("ive", "if"), ("euse", "eux"), ("ère", "er")),
    *(("ente", "ent"), ("ante", "ant"), ("oise", "ois"), ("aise", "ais"), ("onne", "on"), ("rice", "eur")),
)
_SHORTEST_ADJECTIVE = 5


def english_lemmas(word: str, lemma: str, listed: Listed) -> Iterator[str]:  # noqa: ARG001
    """The verb of a word in -ing that is listed as a word by itself."""
    if len(word) < 6 or not word.endswith("ing") or word in _NO_VERBS:
        return
    stem = word[:-3]
    doubled = (stem[:-1],) if stem[-1] == stem[-2] else ()
    for verb in doubled or (stem, f"{stem}e"):
        if listed(verb) == verb and listed(f"{verb}s") == verb:
            yield verb


def french_lemmas(word: str, lemma: str, listed: Listed) -> Iterator[str]:
    """The verb of a word in -e or -ant and of a lemma in -é or -i, and the masculine of an adjective in the feminine."""
    singular = word.removesuffix("s")
    yield from _french_verb(singular, ("e", "ant"), listed)
    yield from _french_verb(lemma, ("é",), listed)
    for feminine, masculine in _FEMININE:
        base = singular.removesuffix(feminine)
        if base != singular and len(base) + len(masculine) >= _SHORTEST_ADJECTIVE:
            adjective = base + masculine
            if listed(adjective) == adjective:
                yield adjective


def _french_verb(word: str, endings: Sequence[str], listed: Listed) -> Iterator[str]:
    if word in _NO_VERB_FORMS or len(word) < 4:
        return
    stem = next((word.removesuffix(ending) for ending in endings if word.endswith(ending)), None)
    if stem is not None:
        for written in (stem, "é".join(stem.rsplit("è", 1))):
            past = f"{written[:-1]}ç" if written[-1:] == "c" else f"{written}e" if written[-1:] == "g" else written
            if listed(f"{past}ait") == f"{written}er":
                yield f"{written}er"
                return
    if word.endswith("i") and listed(f"{word}r") == f"{word}r":
        yield f"{word}r"
