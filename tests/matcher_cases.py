"""Queries and articles at random, in four languages, in which much matches: for the matcher against the definition."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from processors.matching.articles import MatchArticle
from processors.matching.checks import refuse_meaningless
from processors.matching.matcher import Match, Matcher
from processors.matching.meanings import shipped_meanings
from processors.matching.naive import naive_spans
from processors.matching.parse import parse
from processors.matching.show import show
from schemas.entities import Entity
from schemas.errors import QueryError

LANGUAGES = ("nl", "en", "de", "fr", "und")

WORDS = {
    "nl": "troepen troep opbouw troepenopbouw Russische NAVO NAVO-Ruslandraad raad schip schepen raket raketopslag opslag de van "
    "build-up buildup e-mail VS vs. troepenterugtrekking terugtrekking 130.000 130000 kabinetscrisis crisis zo'n Wit-Rusland",
    "en": "troops troop massing of build-up buildup build up NATO nato NATO's U.S. US us NATO-Russia Council sanctions sanction "
    "package packages the a e-mail 3.5 1,000 1000 café cafe ships ship Wit-Rusland isn't well-known-fact",
    "de": "Waffenlieferungen Waffe Waffen Lieferung Lieferungen Straße Strasse Häuser Haus haus Truppen Truppenabzug Abzug der die "
    "NATO NATO-Gipfel Gipfel z.B. U-Boot Ukraine-Krieg Krieg Kriegs 1.000 Fuß groß GROSS",
    "fr": "l'OTAN OTAN d'Ukraine Ukraine chevaux cheval troupes troupe l'UE porte-avions avions avion estime-t-il de la été ete 3,5 "
    "10\u00a0000 10000 aujourd'hui qu'il",
    "und": "troepen troops 北约 ไทย build-up НАТО Москва NATO x y-z 12.5 a_b foo.bar U.S.",
}
_PATTERNS = "troep* *opbouw* schep* *liefer* waf* *boot nat* ukr* cheva* mass* s*ps *raad build* otan* 130* *lieferung* ter*trek*"
_ENTITIES = ("Q7184", "Q159", "Q212")


class Cases:
    """Everything follows from the seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def query(self) -> str:
        """A query that can be used, as text."""
        while True:
            query = self._condition(self._random.choice((0, 1, 1, 2, 2, 3)))
            try:
                tree = parse(query)
                refuse_meaningless(tree)
            except QueryError:
                continue
            return show(tree)

    def article(self) -> MatchArticle:
        """An article of a few dozen words of its language, now and then of another."""
        pick = self._random
        language = pick.choice(LANGUAGES)
        title = self._text(language, pick.choice((0, 0, 3, 6)))
        text = self._text(language, pick.choice((1, 5, 12, 30, 60)))
        entities = [entity for _ in range(pick.choice((0, 1, 3))) for entity in self._entity(title, text)]
        return MatchArticle(
            title=title,
            text=text,
            language=language,
            source=pick.choice(("belga", "afp")),
            published_at=datetime(2022, 1, 18, 12, tzinfo=UTC) + timedelta(days=pick.choice((-20, 0, 30))),
            story_id=pick.choice((None, "s1")),
            entities=tuple(entities),
        )

    def _text(self, language: str, words: int) -> str:
        pick = self._random
        vocabulary = WORDS[language].split(" ")
        some = pick.sample(vocabulary, min(len(vocabulary), pick.choice((2, 4, 8, 30))))
        out: list[str] = []
        for _ in range(words):
            word = pick.choice(some) if pick.random() < 0.9 else pick.choice(WORDS[pick.choice(LANGUAGES)].split(" "))
            if pick.random() < 0.1:
                word = pick.choice((word.upper(), word.lower(), word.capitalize(), word + "s", f"({word}", f"“{word}”"))
            out.append(word + pick.choice(("", "", "", "", ",", ".", "'s", "-", "…")))
        return pick.choice((" ", " ", " ", "\n", "  ")).join(out)

    def _entity(self, title: str, text: str) -> list[Entity]:
        pick = self._random
        field = pick.choice(("title", "text"))
        content = title if field == "title" else text
        if not content:
            return []
        start = pick.randrange(len(content))
        end = min(len(content), start + pick.choice((1, 4, 12)))
        id_ = pick.choice((*_ENTITIES, None))
        return [Entity(field=field, start=start, end=end, text=content[start:end], type="ORG", id=id_, name="x")]

    def _word(self) -> str:
        return self._random.choice(WORDS[self._random.choice(LANGUAGES)].split(" "))

    def _term(self) -> str:
        pick = self._random
        kind = pick.random()
        if kind < 0.5:
            return self._word()
        if kind < 0.65:
            return pick.choice(_PATTERNS.split(" "))
        if kind < 0.72:
            return "=" + self._word()
        if kind < 0.88:
            terms = [pick.choice((self._word, self._word, lambda: pick.choice(_PATTERNS.split(" "))))() for _ in "ab"]
            exact = pick.choice(("", "", "", "="))
            return f'{exact}"{" ".join(terms)}"' + pick.choice(("", "", "~1", "~3"))
        if kind < 0.95:
            return "entity:" + pick.choice(_ENTITIES)
        return pick.choice(("concept:troop-buildup", "concept:nato-russia-council"))

    def _mention(self, depth: int) -> str:
        pick = self._random
        if depth == 0 or pick.random() < 0.2:
            return self._term()
        kind = pick.random()
        if kind < 0.35:
            return f"({' OR '.join(self._mention(depth - 1) for _ in range(pick.choice((2, 2, 3))))})"
        if kind < 0.42:
            return f"{pick.choice(('title', 'text'))}:({self._mention(0)})"
        operator = pick.choice(("NEAR", "NEAR", "BEFORE", "UNLESS"))
        return f"({self._mention(depth - 1)} {operator}/{pick.choice((0, 1, 3, 8))} {self._mention(depth - 1)})"

    def _condition(self, depth: int) -> str:
        pick = self._random
        kind = pick.random()
        if depth == 0 or kind < 0.35:
            return self._mention(depth)
        if kind < 0.55:
            return f"({self._condition(depth - 1)} {self._condition(depth - 1)})"
        if kind < 0.7:
            return f"({self._condition(depth - 1)} OR {self._condition(depth - 1)})"
        if kind < 0.8:
            return f"({self._condition(depth - 1)} NOT {self._condition(depth - 1)})"
        if kind < 0.88:
            return f"ATLEAST/{pick.choice((1, 2, 3))} ({self._mention(depth)})"
        if kind < 0.93:
            return f"{pick.choice(('title', 'text'))}:({self._mention(depth)} {self._mention(0)})"
        return pick.choice(("lang:nl", "lang:en", "source:belga", "story:s1", "published:[2022-01-01 TO 2022-01-31]"))


class Disagreements(NamedTuple):
    """How many pairs of query and article were compared, how many of them match, and what was wrong."""

    cases: int
    matching: int
    wrong: list[str]


def disagreements(seed: int, *, queries: int, articles: int) -> Disagreements:
    """The matcher with all queries at once against the definition with each."""
    cases = Cases(seed)
    texts = list(dict.fromkeys(cases.query() for _ in range(queries)))
    matcher = Matcher(shipped_meanings())
    for query in texts:
        matcher.put(query, query)
    matching, wrong = 0, list[str]()
    for _ in range(articles):
        article = cases.article()
        found = told(matcher.match(article))
        for query in texts:
            defined = naive_spans(parse(query), article, shipped_meanings())
            expected = (
                None
                if defined is None
                else [(span.field, span.start, span.end, span.text, span.part) for span in defined]
            )
            matching += expected is not None
            if found.get(query) != expected:
                wrong.append(f"{query} in {article}: {found.get(query)}, should be {expected}")
    return Disagreements(len(texts) * articles, matching, wrong)


def told(matches: Sequence[Match]) -> dict[str, list[tuple[str, int, int, str, str]]]:
    """By subscription, its spans as tuples."""
    return {
        match.subscription_id: [(span.field, span.start, span.end, span.text, span.part) for span in match.spans]
        for match in matches
    }
