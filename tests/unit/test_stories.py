"""Which texts are copies of one report, and which are not."""

import random
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.stories.copies import KINDS
from eval.stories.forms import forms
from eval.stories.generate import generated
from eval.stories.material import Reporters, themes
from eval.stories.score import Outcome, outcome
from processors.stories.likeness import copy_score, likeness
from processors.stories.remembered import Remembered
from processors.stories.signature import CHARS_AT_MOST, FACTS_KEPT, KEPT, Signature, signature
from processors.stories.signature_table import LOOKED_AT, SignatureTable
from processors.stories.stories import Sighting, Stories

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORDS = [f"woord{number}" for number in range(600)]
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "near-duplicates"


def text(seed: int, words: int = 120) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def sighting(name: str, content: str, language: str = "nl", published_at: datetime = NOW) -> Sighting:
    return Sighting(name, signature(content, language), published_at)


@pytest.fixture(scope="module")
def some() -> Outcome:
    return outcome(generated(0.07))


@pytest.mark.parametrize("kind", KINDS)
def test_copies_of_each_kind_are_found(some: Outcome, kind: str) -> None:
    (recall, count), (precision, _) = some.recall(kind), some.precision(kind)
    assert count >= 12
    assert recall >= 0.9  # of twelve, one may be missed
    assert precision == 1


@pytest.mark.parametrize("kind", ["event", "theme"])
def test_other_reports_on_the_same_topic_are_stories_of_their_own(some: Outcome, kind: str) -> None:
    assert some.kept_apart(f"other report of the {kind}")[0] >= 0.98


def test_forms_filled_in_anew_are_stories_of_their_own(some: Outcome) -> None:
    assert some.kept_apart("other form filled in")[0] == 1


def test_twenty_copies_of_one_report_are_one_story_named_by_the_first() -> None:
    rng = random.Random(3)
    report, stories = Reporters(rng).report(), Stories()
    kinds = [*KINDS.values()] * 3
    placed = [stories.place(sighting(f"a{n}", kinds[n](report, rng)), NOW).story_id for n in range(20)]
    assert set(placed) == {"a0"}


def test_a_correction_is_the_same_story_and_the_next_days_markets_are_not() -> None:
    monday, tuesday = forms(random.Random(1), 24)[4], forms(random.Random(2), 24)[4]
    first, corrected = " ".join(monday[1]), KINDS["one number corrected"](monday, random.Random(1))
    stories = Stories()
    placed = [
        stories.place(sighting(name, content, monday[0]), NOW).story_id
        for name, content in (("monday", first), ("corrected", corrected), ("tuesday", " ".join(tuesday[1])))
    ]
    assert placed == ["monday", "monday", "tuesday"]


REPORT = (
    "Op een akker bij Wijk bij Duurstede hebben amateurs een helm gevonden die aan een Romeinse ruiter toebehoorde. Het stuk "
    "lag op 30 centimeter diepte en was door de ploeg gedeukt. De vinders meldden het nog dezelfde avond bij de gemeente, zoals "
    "het hoort. Volgens conservator Heleen Dijkgraaf zijn er in het hele land maar 4 vergelijkbare exemplaren, en geen van die "
    "4 is zo gaaf. De boer op wiens grond hij lag krijgt de helft van de waarde. Of het museum in Leiden of dat in Nijmegen hem "
    "mag tonen, moet de provincie beslissen. Eerst gaat de helm naar een atelier, waar foto's worden gemaakt."
)
TAIL = "(Redactie: Joris Wouters; met medewerking van Persbureau Delta.) © 2026 Delta, Postbus 12 in Zwolle. Alle rechten voorbehouden."


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(
            f"{REPORT[: len(REPORT) // 2]}\n\n{TAIL}",
            id="half of it, and names and numbers of the paper's own below it",
        ),
        pytest.param(REPORT.upper(), id="all in capitals"),
        pytest.param(f"{REPORT[:60].upper()}{REPORT[60:]}", id="its first words in capitals"),
        pytest.param(REPORT.replace("4", "5"), id="a number corrected wherever it stands"),
        pytest.param(REPORT.replace(" ", "\n", 90).replace("\n", " ", 20), id="its lines wrapped"),
        pytest.param(
            f"Lezers vroegen er Karel Mulder van onze krant al 3 keer naar. {REPORT}", id="an opening of its own"
        ),
    ],
)
def test_a_copy_is_known_whatever_else_stands_in_it(copy: str) -> None:
    assert copy != REPORT
    stories = Stories()
    stories.place(sighting("first", REPORT), NOW)
    assert stories.place(sighting("copy", copy), NOW).story_id == "first"


def test_a_flash_is_of_the_story_that_it_grows_into() -> None:
    sentences = [f"{text(seed, 18).capitalize()}." for seed in range(24)]
    stories = Stories()
    placed = [
        stories.place(sighting(f"a{count}", " ".join(sentences[:count])), NOW).story_id for count in (2, 24, 4, 12)
    ]
    assert placed == ["a2"] * 4


@pytest.mark.parametrize(
    ("language", "form", "one", "other"),
    [
        (
            "de",
            (
                "Die Lottozahlen vom Samstag lauten {}, die Superzahl ist die {}. Im Spiel 77 wurde die Nummer {} gezogen, in der "
                "Super 6 die {}. Der Jackpot liegt bei rund 36 Millionen Euro. Alle Angaben sind ohne Gewähr."
            ),
            ("9, 12, 22, 32, 41 und 47", "3", "8162280", "168988"),
            ("2, 16, 20, 34, 41 und 47", "7", "5156430", "723599"),
        ),
        (
            "en",
            (
                "Police are looking for {}-year-old {}, who was last seen in {} on the evening of {} November. He is {} centimetres "
                "tall, with fair hair, and was wearing a blue jacket. Anyone who has information about his whereabouts is asked to "
                "call the police station in Stanmore or any other police station. The family is being supported by officers."
            ),
            ("59", "Lemaire", "Stanmore", "17", "191"),
            ("74", "Janssen", "Denholm", "1", "169"),
        ),
        (
            "nl",
            (
                "In {} is vannacht ingebroken in een woning aan de {}. De daders kwamen rond {} uur binnen via een raam en namen "
                "sieraden en {} euro mee. De bewoner sliep en merkte niets. De politie zoekt getuigen en vraagt beelden van "
                "deurbelcamera's. Wie iets gezien heeft kan bellen met het wijkteam of anoniem tips doorgeven."
            ),
            ("Aalten", "Dekkerstraat", "2.15", "1200"),
            ("Boxtel", "Hansenstraat", "4.40", "350"),
        ),
    ],
)
def test_a_form_is_another_story_each_time_however_few_words_are_new(
    language: str, form: str, one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    stories = Stories()
    stories.place(sighting("one", form.format(*one), language), NOW)
    assert stories.place(sighting("other", form.format(*other), language), NOW).story_id == "other"


def test_a_report_within_a_digest_is_no_copy_of_the_digest() -> None:
    reports = [text(seed, 100) for seed in range(4)]
    stories = Stories()
    stories.place(sighting("digest", "\n\n".join(reports)), NOW)
    assert stories.place(sighting("third", reports[2]), NOW).story_id == "third"


@pytest.mark.parametrize("sentences", [2, 3, 6])
def test_what_a_site_puts_below_each_article_makes_no_story_of_them(sentences: int) -> None:
    rng = random.Random(4)
    news = [sentence for language, some in themes().values() if language == "nl" for sentence in some]
    notice = (
        "Dit artikel is exclusief voor abonnees. Log in of neem een abonnement om verder te lezen en krijg onbeperkt "
        "toegang tot al het nieuws, de podcasts en het archief op al uw toestellen."
    )
    stories, sizes = Stories(), Counter[str]()
    for number in range(100):
        content = f"{' '.join(rng.sample(news, sentences))}\n\n{notice}"
        sizes[stories.place(sighting(f"a{number}", content), NOW).story_id] += 1
    assert len(sizes) >= 90
    assert max(sizes.values()) <= 5


@pytest.mark.parametrize("content", ["", "Meer volgt.", "woord " * 500, "1 2 3"])
def test_too_little_text_is_a_story_of_its_own(content: str) -> None:
    stories = Stories()
    stories.place(sighting("one", content), NOW)
    if content.startswith("woord"):
        assert stories.place(sighting("two", content), NOW).story_id == "one"
    else:
        assert stories.place(sighting("two", content), NOW).story_id == "two"


def test_the_same_words_in_another_language_are_another_story() -> None:
    stories = Stories()
    stories.place(sighting("nl", text(1)), NOW)
    assert stories.place(sighting("de", text(1), "de"), NOW).story_id == "de"


def test_articles_are_compared_within_the_window_of_their_dates() -> None:
    stories = Stories(window=timedelta(days=3))
    stories.place(sighting("old", text(1), published_at=NOW - timedelta(days=4)), NOW)
    assert stories.place(sighting("new", text(1)), NOW).story_id == "new"
    assert stories.place(sighting("between", text(1), published_at=NOW - timedelta(days=2)), NOW).story_id == "old"


def test_a_new_version_keeps_its_story_and_copies_of_both_texts_join_it() -> None:
    stories = Stories()
    stories.place(sighting("a", text(1)), NOW)
    stories.place(sighting("b", text(1)), NOW)
    for seed in (2, 3):
        assert stories.place(sighting("b", text(seed)), NOW).story_id == "a"
    assert stories.place(sighting("c", text(3)), NOW).story_id == "a"
    assert stories.place(sighting("d", text(2)), NOW).story_id == "d"  # in between: neither b's first text nor its last


def test_placing_an_article_again_changes_nothing_but_when_it_was_seen() -> None:
    stories = Stories()
    first = stories.place(sighting("a", text(1)), NOW)
    again = stories.place(sighting("a", text(1)), NOW + HOUR)
    assert (again.story_id, again.seen_at, len(again.signatures)) == (first.story_id, NOW + HOUR, 1)


def test_what_was_not_seen_for_the_window_is_outdated_and_then_forgotten() -> None:
    stories = Stories(window=timedelta(days=1))
    for hour in range(0, 30, 10):
        stories.place(sighting(f"a{hour}", text(hour)), NOW + hour * HOUR)
    outdated = stories.outdated(NOW + 30 * HOUR)
    assert outdated == ["a0"]
    stories.forget("a0")
    assert stories.outdated(NOW + 30 * HOUR) == []
    assert stories.place(sighting("again", text(0)), NOW + 30 * HOUR).story_id == "again"
    assert stories.place(sighting("copy", text(20)), NOW + 30 * HOUR).story_id == "a20"


def test_the_oldest_of_too_many_are_outdated() -> None:
    stories = Stories(at_most=3)
    for number in range(5):
        stories.place(sighting(f"a{number}", text(number)), NOW)
    assert stories.outdated(NOW) == ["a0", "a1"]


def test_restored_stories_place_articles_as_before() -> None:
    cases = [(f"a{n}", text(n // 3)) for n in range(90)]
    before, after = Stories(), Stories()
    for name, content in cases[:60]:
        kept = before.place(sighting(name, content), NOW).encode()
        after.restore(name, Remembered.model_validate_json(kept))
    assert [before.place(sighting(*case), NOW).story_id for case in cases] == [
        after.place(sighting(*case), NOW).story_id for case in cases
    ]


def test_memory_is_bounded_when_articles_come_and_go() -> None:
    stories = Stories(at_most=500)
    sizes: set[int] = set()
    for number in range(3000):
        stories.place(sighting(f"a{number}", text(number % 700, 60)), NOW + number * HOUR / 60)
        for name in stories.outdated(NOW + number * HOUR / 60):
            stories.forget(name)
        if number > 1500:
            sizes.add(stories.signature_bytes)
    assert len(stories) == 500
    assert len(sizes) == 1
    assert max(sizes) <= 1024 * 1024


def test_signatures_are_the_same_in_every_process() -> None:
    code = "from processors.stories.signature import signature as s; print(s('De NAVO telt 130.000 troepen in Kiev.', 'nl').encode().hex())"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert runs == {signature("De NAVO telt 130.000 troepen in Kiev.", "nl").encode().hex() + "\n"}
    assert signature("alpha beta gamma", "und").encode().hex() == "02030300010000004d2209c4"


@given(st.text(max_size=2000), st.sampled_from(["nl", "en", "de", "fr", "und"]))
def test_any_text_has_a_signature_that_survives_its_encoding(content: str, language: str) -> None:
    made = signature(content, language)
    read = Signature.decode(made.encode())
    assert read.is_same(made)
    assert len(made.values) <= KEPT
    assert len(made.facts) <= FACTS_KEPT
    assert bool(np.all(made.values[:-1] < made.values[1:]))
    if len(made.values):
        assert likeness(made, read).jaccard == 1


@given(st.binary(max_size=800))
def test_bytes_that_are_no_signature_are_refused(data: bytes) -> None:
    try:
        assert len(Signature.decode(data).values) <= KEPT
    except ValueError:
        return


@given(st.integers(0, 200), st.integers(0, 200))
def test_being_a_copy_is_mutual(one: int, other: int) -> None:
    first, second = signature(text(one % 3, 40 + one), "nl"), signature(text(other % 3, 40 + other), "nl")
    assert copy_score(first, second) == copy_score(second, first)


def test_of_a_very_long_text_the_beginning_is_looked_at() -> None:
    long = text(1, 20_000)
    assert signature(long, "nl").is_same(signature(long[:CHARS_AT_MOST], "nl"))
    assert signature(long, "nl").words <= 5_000


def test_the_table_finds_what_shares_the_lowest_values_also_after_packing() -> None:
    table = SignatureTable()
    signatures = [signature(text(number, 50), "nl") for number in range(256)]
    rows = [table.put(each) for each in signatures]
    for row in rows[::2]:
        table.drop(row)
    assert table.is_full()
    kept = table.make_room()
    assert kept is not None
    assert kept.tolist() == rows[1::2]
    assert len(table) == 128
    assert all(table.candidates(signatures[old], 0.5)[0] == new for new, old in enumerate(kept.tolist()))
    assert list(table.candidates(signatures[0], 0.5)) == []


def test_what_many_texts_share_is_looked_for_in_the_newest_only() -> None:
    table = SignatureTable()
    notice = signature(text(1, 60), "nl")
    for _ in range(300):
        if table.is_full():
            table.make_room()
        table.put(notice)
    assert len(table.candidates(notice, 0.5)) <= LOOKED_AT


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the near-duplicate sets in shared/data beside the checkout")
@pytest.mark.parametrize("size", [100, 1000])
def test_the_near_duplicate_sets_are_grouped_as_they_should_be(size: int) -> None:
    articles = [line.partition(" ") for line in (SHARED / f"articles_{size}.train").read_text().splitlines()]
    truth = {frozenset(line.split()) for line in (SHARED / f"articles_{size}.truth").read_text().splitlines()}
    stories, of_story = Stories(), dict[str, list[str]]()
    for name, _, content in articles:
        of_story.setdefault(stories.place(sighting(name, content, "en"), NOW).story_id, []).append(name)
    assert {frozenset(group) for group in of_story.values() if len(group) > 1} == truth


@given(st.lists(st.integers(0, 3), min_size=1, max_size=6), st.integers(1, 300))
def test_the_table_estimates_containment_as_likeness_does(seeds: list[int], words: int) -> None:
    table = SignatureTable()
    known = [signature(text(seed, 50 + 60 * place), "nl") for place, seed in enumerate(seeds)]
    for each in known:
        table.put(each)
    new = signature(text(seeds[0], words), "nl")
    if len(new.values):
        found = set(table.candidates(new, 0.5))
        assert all((likeness(new, known[row]).containment >= 0.5) for row in found)
        alike = {row for row, each in enumerate(known) if likeness(new, each).jaccard > 0.5}
        assert alike <= found
