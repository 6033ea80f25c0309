"""The forms of inhabitants' names and of adjectives made from countries, in nl, en, de and fr.

`lexicon/entities/demonyms.tsv` holds base forms only; here they are inflected by rule. A rule may also make a form that
nobody writes (harmless: it is never met), but none that is another word.
"""

import re
from collections.abc import Iterator

LANGUAGES = ("nl", "en", "de", "fr")

_DUTCH_ADJECTIVE = re.compile(r"(?:isch|aans|ees)$")
_GERMAN_ENDINGS = ("", "e", "er", "en", "es", "em")


def _dutch(base: str, *, first: bool) -> Iterator[str]:
    yield base
    if first or _DUTCH_ADJECTIVE.search(base):
        yield f"{base[:-3]}ese" if base.endswith("ees") else f"{base}e"


def _german(base: str) -> Iterator[str]:
    if base.endswith("sch"):
        yield from (base + ending for ending in _GERMAN_ENDINGS)
    elif base.endswith("er"):
        yield from (base, f"{base}s", f"{base}n", f"{base}in", f"{base}innen")
    elif base.endswith("e"):
        yield from (base, f"{base}n", f"{base[:-1]}in", f"{base[:-1]}innen")
    else:
        yield base


def _french(base: str) -> Iterator[str]:
    yield base
    if not base.endswith(("s", "x")):
        yield f"{base}s"
    if base.endswith(("e", "es", "c")):
        return
    feminine = f"{base}ne" if base.endswith("en") else f"{base}e"
    yield from (feminine, f"{feminine}s")


def demonym_forms(language: str, bases: tuple[str, ...]) -> tuple[str, ...]:
    """Every form of a country's demonyms in a language, without duplicates, in a stable order.

    Args:
        language: one of `LANGUAGES`.
        bases: as in the table: the adjective first (nl: `Russisch`, de: `russisch`, fr: `russe` in the masculine), then nouns.

    Raises:
        ValueError: for another language.
    """
    forms: list[str] = []
    for place, base in enumerate(bases):
        match language:
            case "nl":
                forms.extend(_dutch(base, first=place == 0))
            case "de":
                forms.extend(_german(base))
            case "fr":
                forms.extend(_french(base))
            case "en":
                forms.append(base)
            case _:
                raise ValueError(f"no demonyms in {language!r}, only in {', '.join(LANGUAGES)}")
    return tuple(dict.fromkeys(forms))
