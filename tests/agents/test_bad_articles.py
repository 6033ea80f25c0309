"""What nobody would write, through the real enrich step and the real models: each ends, and none keeps the others from it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from processors.agents.enrich import EnrichStep
from processors.agents.enrichment import PooledEnrichment
from processors.agents.records import Record
from processors.enrich import Models
from processors.models import shipped_models
from schemas.articles import EnrichedArticle, RawArticle
from schemas.dead_letters import DeadLetter
from schemas.topics import Topics
from tests.agents.test_enrich_step import FakeLog

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TOPICS = Topics("t.", 2)
LIMIT_S = 20.0
NEWS = "Minister Jansen zei dinsdag in Kiev dat de NAVO geen troepen stuurt. "
SCRIPTS = "Президент приехал в Киев. 北京市政府发言人说。שר הביטחון אמר. رئيس الوزراء قال. प्रधानमंत्री ने कहा। "
SWAHILI = (
    "Waziri mkuu alisema jana kwamba serikali itajenga shule mpya katika mji huo mwaka ujao. "
    "Rais Volodymyr Zelensky alisema kwamba NATO inapaswa kupeleka silaha zaidi."
)
BAD = {
    "one word": "a" * 1_950_000,
    "one word in capitals": "A" * 1_950_000,
    "line breaks": "\n" * 100_000,
    "line breaks and a sentence": NEWS + "\n" * 100_000 + NEWS,
    "scripts": (NEWS + SCRIPTS) * 50,
    "right to left": "\u202eرئيس بلدية كييف قال إن حلف الناتو\u202c " * 500,
    "emoji": "🙂👨‍👩‍👧‍👦🇳🇱 Kiev " * 500,
    "controls": "".join(map(chr, range(32))) * 2_000 + NEWS,
    "accents alone": ("\u0301" * 20 + " s ") * 2_000 + NEWS,
    "brackets": "([{" * 300_000,
    "surrogates": "\ud800 Kiev " * 200,
    "a language nobody covers": SWAHILI,
    "nothing": "",
    "white space": " \n\t ",
}
REFUSED = {"line breaks", "nothing", "white space"}


@pytest.fixture(scope="module")
def models() -> Iterator[PooledEnrichment]:
    enrichment = PooledEnrichment(limit_s=LIMIT_S)
    enrichment.begin().result(120)
    yield enrichment
    enrichment.close()


def record(offset: int, article_id: str, body: str) -> Record:
    encodable = body.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    raw = RawArticle(article_id=article_id, published_at=NOW, fetched_at=NOW, body=encodable)
    return Record(TOPICS.raw, 0, offset, article_id.encode(), raw.encode(), {})


async def test_each_bad_article_ends_enriched_or_as_a_dead_letter_and_the_good_ones_are_enriched(
    models: PooledEnrichment,
):
    log = FakeLog()
    step = EnrichStep(state=log.state(), enrichment=models, sender=log, topics=TOPICS, now=lambda: NOW)
    bodies = {f"{name}, then": NEWS for name in BAD} | BAD
    names = [name for bad in BAD for name in (bad, f"{bad}, then")]
    await step.process([record(offset, name, bodies[name]) for offset, name in enumerate(names)])
    enriched = {one.article_id: one for one in (EnrichedArticle.decode(r.value) for r in log.of(TOPICS.to_group))}
    dead = [DeadLetter.decode(r.value) for r in log.of(TOPICS.dead)]
    assert {letter.reason for letter in dead} == {"no_text"}
    assert len(dead) == len(REFUSED)
    assert set(enriched) == set(names) - REFUSED
    for name, article in enriched.items():
        for entity in article.entities:
            shown = article.title if entity.field == "title" else article.text
            assert shown[entity.start : entity.end] == entity.text, name
    assert all({"Q1899", "Q7184"} <= {one.id for one in enriched[f"{name}, then"].entities} for name in BAD)
    covered = enriched["a language nobody covers"]
    assert (covered.language, covered.meta["entities_by"]) == ("sw", "gazetteer")
    assert {"Q7184", "Q3874799"} <= {one.id for one in covered.entities}


def test_models_say_where_they_find_new_names():
    shipped: Models = shipped_models()
    assert [shipped.finds_new_names(language) for language in ("nl", "en", "de", "fr", "sw", "und")] == [True] * 4 + [
        False
    ] * 2
