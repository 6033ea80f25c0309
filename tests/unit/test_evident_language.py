"""A text that is evidently in the language its source states needs no detector, and nothing else is said to be."""

import pytest

from processors.evident_language import is_evidently
from processors.language import READ_CHARACTERS, decide_language, detected_language

TEXTS = {
    "nl": "De minister zei dinsdag dat de gesprekken over de grens nog niet zijn afgelopen en dat er deze week een nieuwe "
    "ronde komt. Volgens hem hebben beide landen toegezegd dat ze de troepen voorlopig niet zullen verplaatsen.",
    "en": "The minister said on Tuesday that the talks about the border have not ended and that a new round will be held this "
    "week. He told reporters that both of the countries had promised to leave their troops where they are for now.",
    "de": "Der Minister sagte am Dienstag, dass die Gespräche über die Grenze noch nicht beendet sind und dass es in dieser "
    "Woche eine neue Runde gibt. Beide Länder haben ihm zugesagt, dass sie ihre Truppen vorerst nicht verlegen.",
    "fr": "Le ministre a dit mardi que les discussions sur la frontière ne sont pas terminées et qu'une nouvelle session aura "
    "lieu cette semaine. Les deux pays lui ont promis de ne pas déplacer leurs troupes pour le moment.",
    "es": "El ministro dijo el martes que las conversaciones sobre la frontera no han terminado y que esta semana habrá una "
    "nueva ronda. Los dos países le prometieron que no moverán a sus tropas de la zona por el momento.",
    "af": "Die minister het Dinsdag gesê dat die gesprekke oor die grens nog nie verby is nie en dat daar hierdie week 'n nuwe "
    "ronde sal wees. Albei lande het hom beloof dat hulle nie die troepe van die grens af sal verskuif nie.",
    "da": "Ministeren sagde tirsdag, at samtalerne om grænsen ikke er slut, og at der kommer en ny runde i denne uge. Begge "
    "lande har lovet ham, at de ikke vil flytte deres tropper fra grænsen for øjeblikket, siger han til avisen.",
}


@pytest.mark.parametrize("language", ["nl", "en", "de", "fr"])
def test_prose_is_evidently_in_its_own_language_and_in_no_other(language: str):
    evident = [other for other, text in TEXTS.items() if is_evidently(language, text)]
    assert evident == [language]


@pytest.mark.parametrize("stated", ["nl", "en", "de", "fr"])
@pytest.mark.parametrize("language", sorted(TEXTS))
def test_the_answer_is_the_one_that_the_detector_would_give(language: str, stated: str):
    text = f"{TEXTS[language]} {TEXTS[language]}"  # 200 letters are needed to overrule
    read, confidence = detected_language(text[:READ_CHARACTERS])
    overruled = read != stated and confidence > 0.95
    assert decide_language("", text, stated)[0] == (read if overruled else stated)


@pytest.mark.parametrize("text", ["", "NATO", "the of and", "1 2 3 " * 100, "München Berlin Köln " * 20])
def test_nothing_is_said_of_what_has_no_small_words(text: str):
    assert not any(is_evidently(language, text) for language in ("nl", "en", "de", "fr", "es", "und", ""))
