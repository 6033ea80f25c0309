"""Names that no table has: persons by titles and first names, bodies named after places, and how all hands are merged."""

from collections.abc import Sequence

import pytest

from processors.gazetteer import default_gazetteer
from processors.mentions import field_words
from processors.merge import Mention, merged, united
from processors.ner.choice import NameModels
from processors.proposals import FieldSeen, Proposal
from processors.recognise import Recogniser, recognise
from processors.surnames import surnames_of


def found(text: str, language: str) -> list[tuple[str, str, str | None, str]]:
    return [(one.text, one.type, one.id, one.name) for one in recognise("", text, language, NameModels(on=False))]


@pytest.mark.parametrize(
    ("language", "text", "person"),
    [
        ("nl", "Volgens woordvoerder Tom Van de Vreken is het laat.", "Tom Van de Vreken"),
        ("nl", "Dat zegt burgemeester Quaghebeur.", "Quaghebeur"),
        ("nl", "De winnares heet Marijke D'Haene-Wuyts.", "Marijke D'Haene-Wuyts"),
        ("en", "Prime Minister Edmund J. Crowthorpe resigned.", "Edmund J. Crowthorpe"),
        ("en", "Mr. Crowthorpe said nothing.", "Crowthorpe"),
        ("de", "Gestern sprach Frau Wirsching lange.", "Wirsching"),
        ("de", "Auch Karin Wirsching Anwältin sagte zu.", "Karin Wirsching"),
        ("fr", "La ministre Sandrine Lefaucheux est partie.", "Sandrine Lefaucheux"),
        ("fr", "Le maire Paul-Henri de la Tourette l'a dit.", "Paul-Henri de la Tourette"),
    ],
)
def test_a_title_or_a_first_name_makes_a_person(language: str, text: str, person: str) -> None:
    assert found(text, language) == [(person, "PER", None, person)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "De minister van Justitie zweeg."),
        ("nl", "De president zei: Nee."),
        ("en", "The Prime Minister of the day. The Minister Monday said."),
        ("de", "Der Sprecher Anfragen beantwortet. Der General Krieg führt."),
        ("fr", "Le président de la République."),
        ("nl", "Jan zei niets. Hij belde Anna."),
        ("nl", "Hij sprak met de premier. De Bruggen zijn dicht."),
    ],
)
def test_a_title_or_a_first_name_alone_makes_none(language: str, text: str) -> None:
    assert found(text, language) == []


def test_somebody_unknown_is_one_person_throughout_the_article() -> None:
    text = "Dries Van Acker-Pauwels won. Volgens Van Acker-Pauwels was het zwaar. Mevrouw Van Acker-Pauwels straalde."
    assert [(shown, name) for shown, _, _, name in found(text, "nl")] == [
        ("Dries Van Acker-Pauwels", "Dries Van Acker-Pauwels"),
        ("Van Acker-Pauwels", "Dries Van Acker-Pauwels"),
        ("Van Acker-Pauwels", "Dries Van Acker-Pauwels"),
    ]
    text = "Anna Wirsching und Karl Wirsching kamen. Wirsching lachte."
    assert found(text, "de")[-1] == ("Wirsching", "PER", None, "Wirsching"), "who of the two?"
    text = "Karin Essen kam. Essen sprach lange."
    assert [name for *_, name in found(text, "de")] == ["Karin Essen", "Karin Essen"]


@pytest.mark.parametrize(
    ("language", "text", "body"),
    [
        ("nl", "Een student van de Universiteit Gent viel.", "Universiteit Gent"),
        ("nl", "Gisteren won KV Mechelen.", "KV Mechelen"),
        ("en", "She works at the University of Oxford.", "University of Oxford"),
        ("de", "Das Landgericht Essen verurteilte ihn.", "Landgericht Essen"),
        ("fr", "Il étudie à l'Université de Lille.", "Université de Lille"),
        ("en", "Then Manchester United lost.", "Manchester United"),
    ],
)
def test_a_body_called_after_a_place_is_not_the_place(language: str, text: str, body: str) -> None:
    assert found(text, language) == [(body, "ORG", None, body)]


def test_a_capital_that_is_only_a_sentences_makes_no_body() -> None:
    assert [(shown, entity_id) for shown, _, entity_id, _ in found("Politie van Gent zoekt hem.", "nl")] == [
        ("Gent", "Q1296")
    ]


@pytest.mark.parametrize(
    ("name", "surnames"),
    [
        ("Anna Maria van der Berg", {"maria van der berg", "van der berg"}),
        ("Jean-Luc Godard", {"godard"}),
        ("J. R. Smith", {"smith"}),
        ("Edmund J. Crowthorpe", {"crowthorpe"}),
        ("Jan D'Hondt", {"d ' hondt"}),
        ("Tom Van de Vreken", {"van de vreken"}),
        ("Jansen", set[str]()),
        ("", set[str]()),
    ],
)
def test_what_may_stand_for_a_full_name(name: str, surnames: set[str]) -> None:
    assert {" ".join(words) for words in surnames_of(name)} == surnames


PLACE = Mention(2, 2, "LOC", entity=1, bare_place="gent")
IRAN = Mention(2, 2, "LOC", entity=1, bare_place="iran", prior=95)


@pytest.mark.parametrize(
    ("known", "proposal", "kept"),
    [
        (PLACE, Proposal(1, 2, "ORG"), [(1, 2, "ORG")]),
        (PLACE, Proposal(1, 2, "PER"), [(1, 2, "PER")]),
        (PLACE, Proposal(2, 2, "PER"), [(2, 2, "PER")]),
        (PLACE, Proposal(2, 2, "ORG"), [(2, 2, "LOC")]),
        (PLACE, Proposal(0, 0, "ORG"), [(0, 0, "ORG"), (2, 2, "LOC")]),
        (IRAN, Proposal(2, 2, "PER"), [(2, 2, "LOC")]),
        (IRAN, Proposal(1, 2, "PER"), [(1, 2, "PER")]),
        (IRAN, Proposal(2, 3, "PER"), [(2, 2, "LOC")]),
        (IRAN, Proposal(1, 2, "PER", sure=True), [(1, 2, "PER")]),
        (IRAN, Proposal(1, 2, "ORG"), [(1, 2, "ORG")]),
        (Mention(2, 2, "LOC", entity=1, genitive=True), Proposal(2, 3, "ORG"), [(2, 2, "LOC")]),
        (PLACE, Proposal(2, 4, "ORG"), [(2, 4, "ORG")]),
        (PLACE, Proposal(2, 5, "ORG"), [(2, 5, "ORG")]),
        (Mention(4, 4, "LOC", entity=1), Proposal(4, 5, "ORG"), [(4, 4, "LOC")]),
        (Mention(2, 2, "ORG", entity=1), Proposal(1, 3, "ORG"), [(2, 2, "ORG")]),
        (Mention(1, 3, "ORG", entity=1), Proposal(2, 2, "ORG"), [(1, 3, "ORG")]),
        (Mention(2, 2, "PER", entity=1), Proposal(1, 2, "PER"), [(2, 2, "PER")]),
        (Mention(1, 2, "ORG", entity=1), Proposal(2, 3, "ORG"), [(1, 2, "ORG")]),
        (Mention(1, 1, "MISC", entity=1, demonym=True), Proposal(1, 2, "ORG"), [(1, 2, "ORG")]),
        (Mention(1, 1, "MISC", entity=1, demonym=True), Proposal(1, 2, "PER"), [(1, 1, "MISC"), (2, 2, "PER")]),
        (Mention(1, 1, "MISC", entity=1, demonym=True), Proposal(1, 2, "LOC"), [(1, 1, "MISC")]),
    ],
)
def test_what_stays_of_a_known_name_and_a_proposal(
    known: Mention, proposal: Proposal, kept: list[tuple[int, int, str]]
) -> None:
    words = field_words("Een Twee Drie Vier en vijf Zes")
    assert [(one.first, one.last, one.type) for one in merged([known], [proposal], words, "nl")] == kept


def test_two_known_names_are_never_one() -> None:
    words = field_words("Sjojgoe en Loekasjenko")
    known = [Mention(0, 0, "PER", entity=1), Mention(2, 2, "PER", entity=2)]
    assert merged(known, [Proposal(0, 2, "PER")], words, "nl") == known


def test_of_two_proposals_for_the_same_words_the_first_hands_stays() -> None:
    first, second = [Proposal(1, 2, "PER")], [Proposal(0, 0, "ORG"), Proposal(2, 3, "ORG"), Proposal(4, 4, "LOC")]
    assert united(first, second) == [Proposal(0, 0, "ORG"), Proposal(1, 2, "PER"), Proposal(4, 4, "LOC")]
    assert united(first, [Proposal(2, 3, "PER")]) == [Proposal(1, 2, "PER", sure=True)]
    assert united(first, [Proposal(1, 3, "ORG")]) == [Proposal(1, 3, "ORG")], "a body takes what is inside its name"


class LastWords:
    """A proposer that takes every field's last word for a body, and keeps how often it was asked."""

    asked = 0

    def proposals(
        self, articles: Sequence[Sequence[FieldSeen]], languages: Sequence[str]
    ) -> list[list[list[Proposal]]]:
        self.asked += 1
        assert len(articles) == len(languages)
        return [[[Proposal(len(seen.words) - 1, len(seen.words) - 1, "ORG")] for seen in fields] for fields in articles]


def test_a_trained_pipeline_is_asked_once_for_a_batch_and_its_names_are_merged() -> None:
    proposer = LastWords()
    recogniser = Recogniser(default_gazetteer(), proposer)
    batch = recogniser.recognise_batch([("", "Kiev en Zomeruur", "nl"), ("Rain", "In Kyiv", "en")])
    assert [[(one.text, one.type, one.id) for one in found] for found in batch] == [
        [("Kiev", "LOC", "Q1899"), ("Zomeruur", "ORG", None)],
        [("Rain", "ORG", None), ("Kyiv", "LOC", "Q1899")],
    ]
    assert proposer.asked == 1
