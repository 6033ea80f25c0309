"""The language of an article: the source's word, the detector, and when the one overrules the other."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.language import (
    OVERRULE_CONFIDENCE,
    OVERRULE_LETTERS,
    decide_language,
    detected_language,
    normalised_language,
)

DUTCH = (
    "De burgemeester maakte gisteren bekend dat het nieuwe zwembad pas volgend jaar opengaat. De aannemer heeft "
    "vertraging opgelopen doordat er te weinig bakstenen geleverd werden. Omwonenden reageren teleurgesteld, maar de "
    "gemeente belooft dat de toegangsprijs in het eerste jaar lager zal liggen."
)
GERMAN = (
    "Die Bürgermeisterin teilte gestern mit, dass das neue Schwimmbad erst im kommenden Jahr öffnet. Der Bauunternehmer "
    "ist in Verzug geraten, weil zu wenige Ziegel geliefert wurden. Die Anwohner reagieren enttäuscht, doch die Gemeinde "
    "verspricht, dass der Eintritt im ersten Jahr billiger sein wird."
)
OPENINGS = {
    "nl": DUTCH,
    "de": GERMAN,
    "en": "The mayor said yesterday that the new swimming pool won't open before next year, as bricks are in short supply.",
    "fr": "Le maire a annoncé hier que la nouvelle piscine n'ouvrira que l'année prochaine, faute de briques.",
    "af": "Die burgemeester het gister gesê dat die nuwe swembad eers volgende jaar sal oopmaak, want daar is nie genoeg bakstene nie.",
    "fy": "It kabinet hat juster bekend makke dat de nije wet takom jier ynfierd wurdt, mar de opposysje is net tefreden.",
    "es": "El alcalde anunció ayer que la nueva piscina no abrirá hasta el año que viene por falta de ladrillos.",
    "pl": "Burmistrz ogłosił wczoraj, że nowy basen zostanie otwarty dopiero w przyszłym roku z powodu braku cegieł.",
    "uk": "Мер учора повідомив, що новий басейн відкриють лише наступного року через нестачу цегли.",
    "ru": "Мэр вчера сообщил, что новый бассейн откроют только в следующем году из-за нехватки кирпича.",
    "ar": "أعلن رئيس البلدية أمس أن المسبح الجديد لن يفتح قبل العام المقبل",
    "zh": "市长昨天宣布新游泳池要到明年才能开放",
}


@pytest.mark.parametrize(
    "text", ["De minister zegt dat hij niet weet wat er is gebeurd.", "Die minister sê hy weet nie wat gebeur het nie."]
)
def test_dutch_and_afrikaans_are_told_apart(text: str) -> None:
    assert decide_language("", text, None)[0] == ("nl" if text.startswith("De") else "af")


@pytest.mark.parametrize("language", OPENINGS)
def test_an_opening_is_enough_to_tell_the_language(language: str) -> None:
    read, confidence = decide_language("", OPENINGS[language], None)
    assert (read, confidence > 0.4) == (language, True)


@pytest.mark.parametrize(
    ("language", "headline"),
    [
        ("nl", "Treinverkeer ligt plat door storing"),
        ("nl", "Minister wil meer agenten op straat"),
        ("en", "Storm leaves thousands without power"),
        ("en", "Mayor resigns after vote"),
        ("de", "Bahnverkehr liegt nach Sturm still"),
        ("de", "Preise steigen wieder"),
        ("fr", "Grève des trains : ce qu'il faut savoir"),
        ("fr", "Les discussions piétinent"),
        ("nl", "TREINVERKEER LIGT PLAT DOOR STORING"),
    ],
)
def test_a_headline_is_enough_where_it_has_words_of_its_language(language: str, headline: str) -> None:
    assert decide_language(headline, "", None)[0] == language


@pytest.mark.parametrize(
    ("language", "headline"),
    [
        ("af", "Munisipaliteit se rekening skok inwoners"),
        ("af", "Skoolkinders sing vir ouma"),
        ("fy", "Stoarmskea oan de seedyk"),
        ("fy", "Rjochter jout doarp gelyk"),
        ("nl", "Gemeentelijke belastingen stijgen fors"),
        ("nl", "Premier op bezoek in Kaapstad"),
        ("de", "Merkel trifft Macron"),
        ("da", "Efter branden: Naboer hjælper"),
        ("no", "Etter brannen: Naboer hjelper"),
        ("sv", "Efter branden: grannar hjälper"),
        ("es", "Macron visita Madrid"),
        ("uk", "Мер Києва звернувся до мешканців"),
        ("ru", "Мэр Киева обратился к жителям"),
        ("be", "Мэр Мінска звярнуўся да жыхароў"),
        ("lb", "Zwee Doudeger bei Accident zu Esch"),
        ("ca", "Dos morts en un incendi a Barcelona"),
        ("bg", "Двама загинаха при катастрофа край София"),
        ("sl", "V nesreči pri Mariboru umrla dva človeka"),
    ],
)
def test_neighbours_are_told_apart_by_a_headline(language: str, headline: str) -> None:
    assert decide_language(headline, "", None)[0] == language


@pytest.mark.parametrize(
    "text",
    ["", " \n", "Biden", "2022-01-31 12:30", "!!!", "🙂🙂🙂", "https://example.com/the/page", "a\u0301", "NATO 3-1"],
)
def test_what_says_nothing_is_undetermined(text: str) -> None:
    assert decide_language(text, "", None)[0] == "und"
    assert decide_language("", text, None)[0] == "und"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("nl", "nl"),
        ("NL", "nl"),
        ("nl-BE", "nl"),
        ("nl_BE.UTF-8", "nl"),
        ("dut", "nl"),
        ("nld", "nl"),
        ("vls", "nl"),
        ("Nederlands", "nl"),
        ("Dutch (Belgium)", "nl"),
        ("Dutch; Flemish", "nl"),
        ("nl, fr", "nl"),
        ("[de]", "de"),
        ("ger", "de"),
        ("de-AT", "de"),
        ("fre", "fr"),
        ("Français", "fr"),
        ("en-GB", "en"),
        ("zh-Hant", "zh"),
        ("iw", "he"),
        ("nb", "no"),
        ("am", "am"),
        ("und", None),
        ("mul", None),
        ("xx", None),
        ("", None),
        ("  ", None),
        ("not in the list", None),
        ("no language", None),
        ("unknown", None),
        ("日本語", None),
        ("x" * 1_000_000, None),
    ],
)
def test_what_sources_write_for_a_language_is_brought_to_one_code(stated: str, expected: str | None) -> None:
    assert normalised_language(stated) == expected


def test_what_the_source_states_stands_on_a_short_text() -> None:
    assert decide_language("", GERMAN[: OVERRULE_LETTERS - 20], "nl-BE") == ("nl", 1.0)


def test_a_long_text_overrules_the_source_where_the_detector_is_sure() -> None:
    read, confidence = decide_language("", GERMAN, "nl")
    assert (read, confidence > OVERRULE_CONFIDENCE) == ("de", True)


def test_it_is_the_letters_of_the_text_that_count() -> None:
    body = GERMAN[: OVERRULE_LETTERS - 20]
    assert decide_language(GERMAN, body, "nl")[0] == "nl", "a long title is no text"
    assert decide_language("", body + " 1.234,56 -" * 200, "nl")[0] == "nl", "digits are no letters"


def test_exactly_two_hundred_letters_are_enough() -> None:
    places = [place for place, character in enumerate(GERMAN) if character.isalpha()]
    end = places[OVERRULE_LETTERS - 1] + 1
    assert decide_language("", GERMAN[: end - 1], "nl")[0] == "nl"
    assert decide_language("", GERMAN[:end], "nl")[0] == "de"


def test_a_detector_that_is_not_sure_overrules_nothing() -> None:
    mixed = " ".join(f"{dutch} {german}" for dutch, german in zip(DUTCH.split(), GERMAN.split(), strict=False))
    assert decide_language("", mixed, None)[1] <= OVERRULE_CONFIDENCE
    assert decide_language("", mixed, "fr") == ("fr", 1.0)


def test_what_is_no_language_counts_as_not_stated() -> None:
    assert decide_language("", DUTCH, "xx")[0] == "nl"
    assert decide_language("", "12", "xx")[0] == "und"


def test_web_addresses_say_nothing_about_the_language() -> None:
    address = "https://www.example.com/the-mayor-has-said-this-and-that-about-the-new-pool "
    assert decide_language("", address * 3 + "Het zwembad gaat volgend jaar pas open", None)[0] == "nl"


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=())), st.text(max_size=80), st.none() | st.text(max_size=12))
def test_any_text_has_one_language_and_always_the_same(title: str, text: str, stated: str | None) -> None:
    language, confidence = decide_language(title, text, stated)
    assert language == "und" or len(language) == 2
    assert 0.0 <= confidence <= 1.0
    assert decide_language(title, text, stated) == (language, confidence)


@pytest.mark.parametrize(
    "text",
    ["a" * 2_000_000, "\n" * 2_000_000, "1 " * 1_000_000, "\ud800 abc " * 250_000, "שלום " * 400_000, DUTCH * 7_000],
)
def test_the_time_does_not_grow_with_the_text(text: str) -> None:
    decide_language("", "warm", None)
    began = time.process_time()
    decide_language(text, text, "nl")
    assert time.process_time() - began < 0.1


def test_threads_get_the_same_answer() -> None:
    texts = list(OPENINGS.values()) * 20
    alone = [detected_language(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(detected_language, texts)) == alone


def test_detection_needs_no_network_and_warns_of_nothing() -> None:
    """In a process of its own: its first use loads the model, and nothing may be fetched for that."""
    program = (
        "import socket, sys\n"
        "def refuse(*_): raise SystemExit('went to the network')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n"
        "from processors.language import decide_language\n"
        f"print(decide_language('', {DUTCH!r}, None)[0])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "HOME": "/nonexistent"},
    )  # fmt: skip
    assert (ran.stdout, ran.stderr, ran.returncode) == ("nl\n", "", 0)
