"""From a raw article to an enriched one: the order of the steps, and what each is shown."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from processors.enrich import enriched_article
from processors.extract import content
from processors.first_version import enriched_first_version
from processors.matching.articles import MatchArticle
from processors.models import shipped_models
from processors.proposals import NEW_NAMES_CHARACTERS
from schemas.articles import Concept, EnrichedArticle, RawArticle
from schemas.entities import Entity
from schemas.errors import EnrichError
from schemas.identity import content_hash
from schemas.spans import Span

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ENTITY = Entity(field="text", start=0, end=4, text="NAVO", type="ORG", id="Q7184", name="NATO")
CONCEPT = Concept(id="c", spans=(Span(field="text", start=0, end=4, text="NAVO"),))


class FakeModels:
    """Notes what it is shown, and finds the same in everything."""

    def __init__(self) -> None:
        self.shown: list[object] = []

    def language(self, title: str, text: str, stated: str | None) -> tuple[str, float]:
        self.shown.append(("language", title, text, stated))
        return "nl", 0.98765

    def entities(self, title: str, text: str, language: str) -> tuple[Entity, ...]:
        self.shown.append(("entities", title, text, language))
        return (ENTITY,)

    def finds_new_names(self, language: str) -> bool:
        return language != "sw"

    def concepts(self, article: MatchArticle) -> tuple[Concept, ...]:
        self.shown.append(article)
        return (CONCEPT,)


def raw(**fields: object) -> RawArticle:
    return RawArticle.model_validate(
        {"article_id": "a", "source": "s", "published_at": NOW, "fetched_at": NOW} | fields
    )


def ticks() -> Iterator[float]:
    time_s = 0.0
    while True:
        yield time_s
        time_s += 0.25


def enriched(article: RawArticle, models: FakeModels) -> EnrichedArticle:
    clock = ticks()
    return enriched_article(
        article, content(article), models, content_hash="h", version=7, month="2022-01", clock=lambda: next(clock)
    )


def test_each_step_is_shown_what_the_one_before_found() -> None:
    models = FakeModels()
    article = enriched(raw(title="Titel", body="NAVO", language="fr", tags=["t"], guid="g"), models)
    assert models.shown == [
        ("language", "Titel", "NAVO", "fr"),
        ("entities", "Titel", "NAVO", "nl"),
        MatchArticle(title="Titel", text="NAVO", language="nl", source="s", published_at=NOW, entities=(ENTITY,)),
    ]
    assert (article.language, article.language_confidence) == ("nl", 0.9877)
    assert (article.entities, article.concepts) == ((ENTITY,), (CONCEPT,))
    assert (article.content_hash, article.version, article.month) == ("h", 7, "2022-01")
    assert (article.tags, article.guid, article.source, article.text) == (("t",), "g", "s", "NAVO")
    assert article.timings_ms == {"language": 250.0, "entities": 250.0, "concepts": 250.0}


def test_a_title_made_from_the_text_is_stored_but_searched_by_no_step() -> None:
    models = FakeModels()
    article = enriched(raw(body="De NAVO overlegt. Morgen weer.", meta={"language_given": "x"}), models)
    assert (article.title, article.searched_title) == ("De NAVO overlegt.", "")
    assert article.meta == {"language_given": "x", "title_from_text": True}
    assert [step[1] for step in models.shown[:2] if isinstance(step, tuple)] == ["", ""]
    assert isinstance(models.shown[2], MatchArticle)
    assert models.shown[2].title == ""


class SwahiliModels(FakeModels):
    """Reads all as a language in which no new names are found."""

    def language(self, title: str, text: str, stated: str | None) -> tuple[str, float]:
        return "sw", 0.9


def test_where_only_the_gazetteer_finds_names_that_is_said() -> None:
    assert enriched(raw(title="Kichwa", body="NAVO"), SwahiliModels()).meta == {"entities_by": "gazetteer"}
    assert enriched(raw(title="Titel", body="NAVO"), FakeModels()).meta == {}


def test_how_far_new_names_are_looked_for_in_a_very_long_text_is_said() -> None:
    assert enriched(raw(title="Titel", body="a" * NEW_NAMES_CHARACTERS), FakeModels()).meta == {}
    long = raw(title="Titel", body="a" * (NEW_NAMES_CHARACTERS + 1))
    assert enriched(long, FakeModels()).meta == {"new_names_until": NEW_NAMES_CHARACTERS}
    assert enriched(long, SwahiliModels()).meta == {"entities_by": "gazetteer"}


def test_a_canceled_article_is_not_looked_into() -> None:
    models = FakeModels()
    article = enriched(raw(title="Titel", body="NAVO", language="nl", status="canceled"), models)
    assert models.shown == []
    assert (article.status, article.language, article.entities, article.concepts) == ("canceled", "nl", (), ())


def test_a_first_version_is_dated_as_the_role_does() -> None:
    article = enriched_first_version(
        raw(title="Titel", body="tekst", published_at=datetime(2022, 1, 9, tzinfo=UTC)), FakeModels()
    )
    assert (article.version, article.month) == (int(NOW.timestamp() * 1000), "2022-01")
    assert article.content_hash == content_hash("Titel", "tekst")


def test_an_update_is_versioned_by_its_own_time_and_the_old_share_one_month() -> None:
    updated = datetime(2022, 1, 9, tzinfo=UTC)
    article = enriched_first_version(
        raw(body="tekst", updated_at=updated, published_at=datetime(1987, 1, 9, tzinfo=UTC)), FakeModels()
    )
    assert (article.version, article.month) == (int(updated.timestamp() * 1000), "old")
    assert article.content_hash == content_hash("", "tekst"), "a title made from the text is no content"


def test_nothing_to_enrich_is_refused() -> None:
    with pytest.raises(EnrichError) as refused:
        enriched_first_version(raw(body=" "), FakeModels())
    assert refused.value.code == "no_text"


def test_the_shipped_models_find_language_entities_and_concepts() -> None:
    body = "De NAVO waarschuwt voor een opbouw van Russische troepen bij Charkov in Oekraïne, zegt Jens Stoltenberg."
    article = enriched_first_version(raw(body=body), shipped_models())
    assert article.language == "nl"
    assert [one.id for one in article.entities] == ["Q7184", "Q159", "Q42308", "Q212", "Q57665"]
    assert {one.id: [span.text for span in one.spans] for one in article.concepts} == {
        "troop-buildup": ["opbouw van Russische troepen"]
    }
    for span in (*article.entities, *(span for one in article.concepts for span in one.spans)):
        assert body[span.start : span.end] == span.text


def test_enriching_twice_gives_the_same() -> None:
    article = raw(title="Kiev", body="President Zelensky met NATO's Stoltenberg in Kyiv. Troops massed near Kharkiv.")
    one, other = (enriched_first_version(article, shipped_models()) for _ in range(2))
    assert one.model_copy(update={"timings_ms": {}}) == other.model_copy(update={"timings_ms": {}})


def test_what_is_enriched_can_travel() -> None:
    article = enriched_first_version(raw(title="🙂 Kiev", body="a\u0301\ud800b"), shipped_models())
    assert EnrichedArticle.decode(article.encode()) == article
    assert json.loads(article.encode())["text"] == "á\ufffdb"


@pytest.mark.parametrize(
    "text", ["a" * 300_000, "\n" * 100_000, "שלום 俄罗斯 NAVO 🙂 " * 2_000, "\x07\u202e\u200b" * 5_000]
)
def test_any_text_is_enriched(text: str) -> None:
    article = enriched_first_version(raw(title="Titel", body=text), shipped_models())
    assert all(article.text[one.start : one.end] == one.text for one in article.entities if one.field == "text")
