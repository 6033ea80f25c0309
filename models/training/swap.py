"""Other names in the same places, so that the network learns what stands around a name rather than names by heart.

All names come from Belfry's gazetteer and from the labels that are learnt from; persons are put together anew.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable

from models.training.corpora import Chunks, Labelled, spans
from processors.gazetteer import Gazetteer
from processors.names import name_key

TRUSTED = 4
"""So often must a silver label say what a name is; a gold one says it once."""
_CITY_SHARE = 0.5
_LETTERS = "ABCDEFGHIJKLMNOPRSTUVW"
_ORG_FORMS = (
    "FC {place}", "{place} United", "SV {place}", "Universiteit {place}", "Universiteit van {place}", "{name} NV", "{name} Group", "{name} BV",
    "{name} & Co", "{name} en Zonen", "Bank {place}", "Stichting {name}", "{name} Energy", "{name} Pharma", "Radio {place}", "Theater {name}",
    "Société {name}", "Groupe {name}", "{name} GmbH", "{name} AG", "Université de {place}", "Universität {place}", "{name} Ltd", "{name} Holdings",
)  # fmt: skip


class Names:
    """Names to put in. Deterministic for a seed."""

    def __init__(self, gazetteer: Gazetteer, learnt: Iterable[Labelled], seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 no secret
        by_kind: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
        for sentence in learnt:
            for start, end, kind in spans([tag for _, tag in sentence.chunks]):
                shown = tuple(text for text, _ in sentence.chunks[start:end])
                if shown[0][0].isupper() and not shown[-1].endswith(("'s", "’s")):
                    by_kind[kind][shown] += 1 if sentence.quality == "silver" else TRUSTED
        persons = [gazetteer.surnames(place) for place, one in enumerate(gazetteer.entities) if one.type == "PER"]
        self._given = sorted(
            {name[0] for name in by_kind["PER"] if len(name) > 1 and name[0].lower() in gazetteer.given_names}
            | {name.capitalize() for name in gazetteer.given_names if len(name) > 2}
        )
        self._surnames = sorted(
            {form for forms in persons for form in forms[:1]} | {" ".join(n[1:]) for n in by_kind["PER"] if len(n) > 1}
        )
        self._learnt_places = sorted(name for name, times in by_kind["LOC"].items() if times >= TRUSTED)
        self._cities = sorted({one.name for one in gazetteer.entities if one.kind == "city" and " " not in one.name})
        self._countries = frozenset(
            reading.written
            for sentence in by_kind["LOC"]
            for reading in gazetteer.readings(name_key(" ".join(sentence)))
            if gazetteer.entities[reading.entity].kind == "country"
        )
        self._orgs = sorted(name for name, times in by_kind["ORG"].items() if times >= TRUSTED)
        self._known_orgs = sorted({one.name for one in gazetteer.entities if one.type == "ORG" and len(one.name) < 40})

    def swapped(self, sentence: Labelled) -> Chunks:
        """The sentence with other names in the same places; sometimes in capitals, as in headlines and datelines."""
        share = 0.35 if sentence.quality == "own" else 0.5
        chunks = self._with_others(sentence.chunks) if self._random.random() < share else list(sentence.chunks)
        chance = self._random.random()
        if chance < 0.02:
            return [(text.upper(), tag) for text, tag in chunks]
        if chance < 0.04:
            return [(text[:1].upper() + text[1:], tag) for text, tag in chunks]
        return chunks

    def _with_others(self, chunks: Chunks) -> Chunks:
        result: Chunks = []
        at = 0
        for start, end, kind in spans([tag for _, tag in chunks]):
            result += chunks[at:start]
            shown = [text for text, _ in chunks[start:end]]
            other = shown if any(not text[0].isupper() for text in shown[:1]) else self._other(shown, kind)
            result += [(text, f"{'I' if place else 'B'}-{kind}") for place, text in enumerate(other)]
            at = end
        return result + chunks[at:]

    def _other(self, shown: list[str], kind: str) -> list[str]:
        chance = self._random.random()
        if kind == "PER" and chance < 0.7:
            return self._person(len(shown))
        if kind == "LOC" and chance < 0.6:
            return self._place(shown)
        if kind == "ORG" and chance < 0.5:
            return self._organisation()
        return shown

    def _person(self, length: int) -> list[str]:
        given, surname = self._random.choice(self._given), self._random.choice(self._surnames)
        if length == 1:
            return surname.split() if self._random.random() < 0.7 else [given]
        if self._random.random() < 0.08:
            return [f"{self._random.choice(_LETTERS)}.", *surname.split()]
        return [*given.split(), *surname.split()]

    def _place(self, shown: list[str]) -> list[str]:
        if len(shown) > 2 or " ".join(shown) in self._countries:
            return shown
        return self._town()

    def _town(self) -> list[str]:
        if self._random.random() < _CITY_SHARE:
            return [self._random.choice(self._cities)]
        return list(self._random.choice(self._learnt_places))

    def _organisation(self) -> list[str]:
        chance = self._random.random()
        if chance < 0.5:
            return list(self._random.choice(self._orgs))
        if chance < 0.6:
            return self._random.choice(self._known_orgs).split()
        if chance < 0.75:
            return ["".join(self._random.choices(_LETTERS, k=self._random.choice([2, 3, 3, 3, 4])))]
        form = self._random.choice(_ORG_FORMS)
        return form.format(place=" ".join(self._town()), name=self._random.choice(self._surnames)).split()
