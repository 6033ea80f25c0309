"""What becomes of a report on its way through other hands: the kinds of copies, each made from a seed."""

import random
import re
from collections.abc import Callable
from functools import cache

from eval.stories.material import Report, themes

_NUMBER = re.compile(r"\d+")
_TAILS = {
    "nl": [
        "Dit bericht is door het persagentschap verspreid. Overname zonder toestemming is niet toegestaan. Alle rechten voorbehouden.",
        "Lees ook onze andere berichten en schrijf u in op de nieuwsbrief, elke ochtend in uw mailbox. Meer nieuws op onze site.",
        "(Belga/ANP) Meldingen en reacties: redactie van dienst, telefoon 02 555 01 01, dag en nacht bereikbaar voor abonnees.",
    ],
    "en": [
        "Reporting by our correspondents; editing by the news desk. All rights reserved. No part of this report may be republished.",
        "Sign up for our morning newsletter and never miss what matters. Read more on our site, or follow us everywhere.",
    ],
    "de": [
        "Diese Meldung wurde von der Agentur verbreitet. Alle Rechte vorbehalten, Nachdruck nur mit Genehmigung der Redaktion."
    ],
    "fr": [
        "Dépêche diffusée par l'agence. Tous droits réservés, reproduction interdite sans l'accord écrit de la rédaction."
    ],
}


def text_of(sentences: tuple[str, ...] | list[str], per_paragraph: int = 3) -> str:
    """The sentences in paragraphs."""
    paragraphs = [sentences[start : start + per_paragraph] for start in range(0, len(sentences), per_paragraph)]
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)


def _as_it_is(report: Report, _rng: random.Random) -> str:
    return text_of(report[1])


def _cut(share: float) -> Callable[[Report, random.Random], str]:
    def cut(report: Report, _rng: random.Random) -> str:
        words = list(re.finditer(r"\S+", text := text_of(report[1])))
        return text[: words[max(1, round(share * len(words))) - 1].end()]

    return cut


def _with_tail(report: Report, rng: random.Random) -> str:
    return f"{text_of(report[1])}\n\n{rng.choice(_TAILS[report[0]])}"


def _cut_with_tail(report: Report, rng: random.Random) -> str:
    return f"{_cut(0.5)(report, rng)}\n\n{rng.choice(_TAILS[report[0]])}"


def _in_capitals(report: Report, _rng: random.Random) -> str:
    return text_of(report[1]).upper()


def _reordered(report: Report, rng: random.Random) -> str:
    paragraphs = text_of(report[1], rng.choice((2, 3))).split("\n\n")
    rng.shuffle(paragraphs)
    return "\n\n".join(paragraphs)


def _edited(report: Report, rng: random.Random) -> str:
    words = text_of(report[1]).split(" ")
    others = _words_of(report[0]) or words
    for place in rng.sample(range(len(words)), round(0.15 * len(words))):
        how = rng.random()
        other = rng.choice(words if how < 0.35 else others).strip('.,"') or "en"
        words[place] = other if how < 0.7 else f"{words[place]} {other}" if how < 0.85 else ""
    return " ".join(word for word in words if word)


@cache
def _words_of(language: str) -> list[str]:
    """Words of all reports on themes in a language, names and numbers among them; none where it has no themes."""
    return [word for own, some in themes().values() if own == language for line in some for word in line.split()]


def _corrected(report: Report, rng: random.Random) -> str:
    text = text_of(report[1])
    found = rng.choice(list(_NUMBER.finditer(text)))
    return f"{text[: found.start()]}{int(found[0][:9]) + rng.randint(1, 40)}{text[found.end() :]}"


KINDS: dict[str, Callable[[Report, random.Random], str]] = {
    "new headline": _as_it_is,
    "first 30 % kept": _cut(0.3),
    "first 50 % kept": _cut(0.5),
    "first 70 % kept": _cut(0.7),
    "agency tail added": _with_tail,
    "first 50 % kept, agency tail added": _cut_with_tail,
    "paragraphs reordered": _reordered,
    "15 % of words edited": _edited,
    "one number corrected": _corrected,
    "all in capitals": _in_capitals,
}
