"""Where sentences end: abbreviations, quotes, lines, in four languages; and what an excerpt shows."""

import textwrap
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.excerpts import MAX_ENTITIES, MAX_EXCERPT_CHARS, MAX_EXCERPTS, ArticleExcerpts
from processors.sentences import Sentences
from schemas.articles import EnrichedArticle
from schemas.spans import Span

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

# Each text with its sentences parted by a bar.
CASES = [
    ("nl", "Volgens dr. Jansen is het klaar.| De heer J. de Vries ontkent."),
    ("nl", "Het gaat om o.a. Duitsland, d.w.z. Berlijn.| 's Avonds vertrok hij."),
    ("nl", "Minister mr. Piet de Boer kwam op 3 feb. 2022 aan.| Hij sprak met gen. Smit."),
    ("nl", "“We gaan door!” zei hij.| “Stop daarmee.”| Daarna werd het stil."),
    ("nl", "Zij kochten tanks, schepen, enz.| De regering zweeg."),
    ("nl", "Waarom?| Omdat het moet…| Zo gaat dat."),
    ("en", "Gen. Mark Smith met Sen. Jones in the U.S. Capitol.| He left at 5 p.m.| The meeting failed."),
    ("en", "The army of the U.S. moved.| It stayed in the U.S.| The rest went home."),
    ("en", "He paid No. 5 of the list.| He said no.| They left."),
    ("en", '"We will not stop," he said.| "Never!"| (That was in May.)| Then came silence.'),
    ("en", "Apple Inc. bought it for 3.5 million.| Mr. Smith agreed."),
    ("en", "It didn't.| Born in Vernon, N.J.| He left with J.K. Rowling of the N.Y. Times.| John F. Kennedy came."),
    ("de", "Am 3. Mai kam Dr. Weber nach Berlin.| Er sprach u.a. mit der Ministerin."),
    ("de", "Die Zahl stieg auf 50.| Das ist viel."),
    ("de", "„Wir gehen nicht.“| Danach schwieg er, z.B. Fragen gab es viele."),
    ("de", "»Nein.«| Der Mann ging."),
    ("fr", "Selon l'art. Dupont n'a rien dit, J.-C. Dubois non plus.| Après, rien."),
    ("fr", "M. Macron a reçu Mme. Dupont.| L'OTAN a réagi le 3 févr. 2022."),
    ("fr", "« Nous restons. »| Il est parti.| Pourquoi ?| Personne ne sait."),
    ("fr", "Des chars, des avions, etc.| L'armée avance."),
    ("und", "U.S. troops moved.| Nobody knew."),
]


def sentences(text: str, language: str) -> list[str]:
    found = Sentences(text, language)
    places = sorted({found.around(place, place + 1) for place in range(len(text)) if not text[place].isspace()})
    return [text[first:last] for first, last in places]


@pytest.mark.parametrize(("language", "marked"), CASES)
def test_sentences_end_where_a_reader_ends_them(language: str, marked: str):
    assert sentences(marked.replace("|", ""), language) == [part.strip() for part in marked.split("|")]


def test_a_line_is_a_paragraph_unless_lines_are_broken_at_a_width():
    assert sentences("Kop zonder punt\nTweede regel.\n\nEen alinea", "nl") == [
        "Kop zonder punt",
        "Tweede regel.",
        "Een alinea",
    ]
    long = (
        "The agency reports that Russian troops were seen near the border of Ukraine on Monday, and that no one knows"
    )
    wrapped = textwrap.fill(long, 50)
    assert sentences(wrapped, "en") == [wrapped]
    assert sentences("Troops were seen near\nthe border.\nNobody knows.", "en") == [
        "Troops were seen near\nthe border.",
        "Nobody knows.",
    ]


@given(st.text(alphabet="aB.!? \n'\"“”«»1é…", max_size=80), st.sampled_from(["nl", "en", "de", "fr", "und"]))
def test_every_place_is_in_one_sentence_that_begins_and_ends_with_text(text: str, language: str):
    found = Sentences(text, language)
    for place, character in enumerate(text):
        if not character.isspace():
            first, last = found.around(place, place + 1)
            assert first <= place < last
            assert text[first:last] == text[first:last].strip()


@pytest.mark.parametrize("unit", [".", ". ", "'. ", "a.", " ", "\n", "-", ". «", "é"])
def test_a_hostile_text_costs_no_more_than_its_length(unit: str):
    began = time.process_time()
    Sentences(unit * (1_000_000 // len(unit)), "de")
    assert time.process_time() - began < 3


def article(text: str, title: str = "", **changes: object) -> EnrichedArticle:
    values: dict[str, object] = {
        "article_id": "a",
        "title": title,
        "text": text,
        "language": "en",
        "published_at": NOW,
        "fetched_at": NOW,
        "content_hash": "h",
        "version": 1,
        "month": "2026-11",
    }
    return EnrichedArticle.model_validate(values | changes)


def spans_of(article: EnrichedArticle, *words: str) -> list[Span]:
    found: list[Span] = []
    for field, content in (("title", article.title), ("text", article.text)):
        for word in words:
            start = content.find(word)
            while start >= 0:
                found.append(
                    Span.model_validate({"field": field, "start": start, "end": start + len(word), "text": word})
                )
                start = content.find(word, start + 1)
    return found


def marked(article: EnrichedArticle, *words: str) -> list[tuple[str, str]]:
    shown: list[tuple[str, str]] = []
    for excerpt in ArticleExcerpts(article).of(spans_of(article, *words)):
        text = excerpt.text
        for start, end in reversed(excerpt.marks):
            text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
        shown.append((excerpt.field, text))
    return shown


def test_the_title_and_each_sentence_that_matched_are_shown_with_every_match_marked():
    one = article("A ship left. Two tanks met 😀 a tank. Nothing. Then a tank came.", "Tanks on the move: tank")
    assert marked(one, "tank") == [
        ("title", "Tanks on the move: [tank]"),
        ("text", "Two [tank]s met 😀 a [tank]."),
        ("text", "Then a [tank] came."),
    ]


def test_marks_that_overlap_are_one_and_a_match_over_two_sentences_shows_both():
    one = article("He saw tanks. Guns too. The end.")
    assert marked(one, "tanks. Guns", "Guns too") == [("text", "He saw [tanks. Guns too].")]


def test_without_a_match_in_the_text_the_lead_sentence_is_shown_unmarked():
    assert marked(article("\n*** \nBRUSSELS (Reuters) - It rains. More.")) == [
        ("text", "BRUSSELS (Reuters) - It rains.")
    ]
    assert marked(article(" ")) == []


def test_excerpts_are_few_and_short_and_the_first_mark_is_always_in():
    long = "word " * 400 + "tank " + "word " * 400 + "tank."
    one = article(f"{long} " + "A tank. " * 10)
    found = ArticleExcerpts(one).of(spans_of(one, "tank"))
    assert len(found) == MAX_EXCERPTS
    assert (found[0].starts_inside, found[0].ends_inside) == (True, True)
    assert all(len(excerpt.text) <= MAX_EXCERPT_CHARS for excerpt in found)
    assert [excerpt.text[slice(*excerpt.marks[0])] for excerpt in found] == ["tank"] * 3
    unbroken = article("x" * 3000)
    [cut] = ArticleExcerpts(unbroken).of([Span(field="text", start=10, end=2900, text="")])
    assert cut.marks == ((10, MAX_EXCERPT_CHARS),)


@given(
    st.text(alphabet="ab. A\n", max_size=60), st.lists(st.tuples(st.integers(0, 59), st.integers(1, 20)), max_size=6)
)
def test_marks_stand_apart_and_in_order_wherever_spans_are(text: str, places: list[tuple[int, int]]):
    one = article(text)
    spans = [
        Span(field="text", start=start, end=min(start + length, len(text)), text="")
        for start, length in places
        if start < len(text) and not text[start].isspace()
    ]
    for excerpt in ArticleExcerpts(one).of(spans):
        assert excerpt.text in text
        ends = [0]
        for start, end in excerpt.marks:
            assert ends[-1] <= start < end <= len(excerpt.text)
            ends.append(end)


def test_a_passage_keeps_its_key_when_only_case_space_and_punctuation_change():
    before = article("The  tanks, left. No tank.", "Tank!")
    after = article("Added. The TANKS left;\nno tank. A new tank came.", "Tank")
    old = ArticleExcerpts(before).passages(spans_of(before, "tank", "Tank"))
    assert len(old) == 3
    new = ArticleExcerpts(after).passages(spans_of(after, "tank", "Tank", "TANK"))
    assert len(set(new) - set(old)) <= 2
    assert ArticleExcerpts(before).passages(spans_of(before, "tank", "Tank")) == old


def test_entities_are_canonical_names_the_most_mentioned_first():
    names = ["Bob", "NATO", "NAVO", "Ann", *(f"e{number}" for number in range(20))]
    entities = [
        {"field": "text", "start": 0, "end": 1, "text": name, "type": "ORG", "name": "NATO" if name == "NAVO" else name}
        for name in names
    ]
    found = ArticleExcerpts(article("x", entities=entities)).entities
    assert found[:3] == ("NATO", "Bob", "Ann")
    assert len(found) == MAX_ENTITIES
