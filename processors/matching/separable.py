"""Dutch and German separable verbs: what to write for a verb that comes apart in a sentence.

`samentrekken` is found where it stands as one word, and not in "zij trekken de troepen samen". A verb that doesn't come
apart (`voorspellen`, `wiederholen`) and a German noun (`Abkommen`) must not be taken for one: a false alarm is worse than
a miss.
"""

from functools import cache
from typing import NamedTuple

from processors.matching.dutch_verbs import separable_verbs

_DE_PREFIXES = (
    "ab an auf aus auseinander bei ein empor entgegen fest fort frei her herab heran herauf heraus herein herum hervor "
    "hin hinaus hinein hinzu los mit nach nieder statt um vor voran voraus vorbei vorüber weg weiter wieder zu zurück "
    "zusammen"
)
_DE_VERBS = (
    "arbeiten bauen bieten binden bleiben brechen brennen bringen decken drehen dringen drohen drücken fahren fallen "
    "fangen feuern finden fliegen fliehen fordern führen geben gehen greifen halten hängen heben holen kaufen kehren "
    "klagen kommen kündigen laden lassen laufen legen lehnen leiten liefern machen melden nehmen packen reißen reisen "
    "richten rufen rücken rüsten sagen schaffen schalten schicken schießen schlagen schließen schneiden schreiben "
    "sehen senden setzen sprechen springen stehen steigen stellen stimmen stoßen stürzen suchen teilen tragen treffen "
    "treiben treten weisen weichen wenden werfen ziehen"
)
# Dutch nouns and verbs; German verbs with the stress on the verb, and nouns that queries often write in small letters.
_NEVER_APART = (
    "inkomen optreden aanzien opzien voornemen herstellen "
    "umarmen umfangen umfassen umfahren umgeben umgehen umklammern umkreisen umreißen umringen umrunden umschreiben "
    "umsegeln umstellen umzingeln wiederholen widersprechen abkommen ansehen aufkommen aufsehen aufnehmen einkommen "
    "nachsehen vorkommen vorgehen"
)
_VOWELS = frozenset("aeiouy")


class Separated(NamedTuple):
    """A verb that has come apart; `query` finds it there: `trek* NEAR/6 samen`."""

    particle: str
    query: str


def separated(word: str) -> Separated | None:
    """A separable verb in its parts; None for another word. As it is written: with a capital it is a noun or a name."""
    parts = _verbs().get(word)
    return None if parts is None else Separated(parts[0], f"{_looked_for(parts[1])} NEAR/6 {parts[0]}")


@cache
def _verbs() -> dict[str, tuple[str, str]]:
    """Separable verbs as particle and verb: Dutch ones from lexicon/words, German ones from the two lists above."""
    german = {prefix + verb: (prefix, verb) for prefix in _DE_PREFIXES.split() for verb in _DE_VERBS.split()}
    dutch = {"".join(pair): pair for pair in separable_verbs()}
    never = frozenset(_NEVER_APART.split())
    return {verb: parts for verb, parts in (german | dutch).items() if verb not in never}


def _looked_for(verb: str) -> str:
    """A wildcard where the stem stays as it is written in most forms, else the verb, whose inflections are found."""
    stem = verb.removesuffix("en")
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
        return f"{stem[:-1]}*"
    return verb
