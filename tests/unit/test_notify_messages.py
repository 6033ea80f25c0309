"""What messages say, in four languages, whatever articles and templates hold."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from belfry.notify.message import Bell, bell_message, digest_id
from belfry.notify.notices import failing_notice, flood_notice
from belfry.notify.phrases import _PHRASES, LANGUAGES, language_name, message_language, time_text
from belfry.notify.sample import template_faults
from belfry.notify.templates import SHIPPED_NAMES, rendered
from belfry.notify.view import MAX_BELLS, MAX_COPIES, clean, message_view, pause_command, safe_link
from schemas.alerts import Alert, Excerpt
from schemas.spans import ExplainedSpan
from tests.unit.notify_examples import NOW, alert, article, bell, digest, notice, subscription

ROOT = Path(__file__).resolve().parents[2]
SUMMER = datetime(2026, 7, 1, 9, 7, tzinfo=UTC)


def test_every_language_says_everything_that_another_does():
    assert set(_PHRASES) == set(LANGUAGES)
    shapes = [
        {name: sorted(field for _, field, _, _ in Formatter().parse(text) if field) for name, text in phrases.items()}
        for phrases in _PHRASES.values()
    ]
    assert all(shape == shapes[0] for shape in shapes)
    assert [message_language(code) for code in ("fr", "es", None)] == ["fr", "en", "en"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nl", "woensdag 1 juli 2026, 11:07 (CEST)"),
        ("en", "Wednesday 1 July 2026, 11:07 (CEST)"),
        ("de", "Mittwoch, 1. Juli 2026, 11:07 Uhr (CEST)"),
        ("fr", "mercredi 1er juillet 2026 à 11 h 07 (CEST)"),
    ],
)
def test_times_are_the_readers_own_in_their_way_of_writing(language: str, expected: str):
    assert time_text(SUMMER, "Europe/Brussels", language) == expected


def test_a_zone_without_letters_is_named_and_an_unknown_one_is_utc():
    assert time_text(SUMMER, "America/Sao_Paulo", "en").endswith("06:07 (America/Sao_Paulo)")
    assert time_text(SUMMER, "Nowhere/Land", "en").endswith("09:07 (UTC)")
    assert time_text(datetime.min.replace(tzinfo=UTC), "America/New_York", "nl").endswith("(UTC)")
    assert [language_name(code, "nl") for code in ("de", "xx", "und", None)] == ["Duits", "XX", "", ""]
    assert [language_name("hi", language) for language in LANGUAGES] == ["Hindi", "Hindi", "Hindi", "hindi"]
    assert [language_name("he", language) for language in LANGUAGES] == ["Hebreeuws", "Hebrew", "Hebräisch", "hébreu"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "make", [bell, lambda **changes: digest(2, **changes), lambda **changes: notice("Zeg!", **changes)]
)
def test_every_kind_of_message_can_be_made_in_every_language(language: str, make: object):
    assert callable(make)
    made = rendered(message_view(make(language=language)))
    assert made.subject.startswith("Troepenopbouw")
    for body in (made.text, made.html):
        assert "belfry subscriptions pause build-up" in body
    assert f'<html lang="{language}">' in made.html


def test_copies_and_a_digests_rest_are_counted_beyond_what_is_shown():
    copies = tuple(article(source=f"paper{number}", title=f"Copy {number}") for number in range(MAX_COPIES + 5))
    made = rendered(message_view(bell_message(subscription(), Bell(alert(), copies), NOW)))
    for body in (made.text, made.html):
        assert "paper19" in body
        assert "paper20" not in body
        assert "and 5 more" in body


def test_a_long_digest_shows_what_mail_programs_show_and_counts_the_rest():
    made = rendered(message_view(digest(MAX_BELLS + 7)))
    assert made.subject == f"Troepenopbouw: {MAX_BELLS + 7} alerts"
    assert made.html.count("<article") == MAX_BELLS
    assert "There are 7 more alerts" in made.text


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", "Er is nog 1 "), ("en", "There is 1 "), ("de", "1 weitere Meldung;"), ("fr", "1 autre alerte ")],
)
def test_one_bell_more_is_no_plural(language: str, said: str):
    assert said in rendered(message_view(digest(MAX_BELLS + 1, language=language))).text


def test_a_headline_and_its_sentences_are_written_in_their_own_direction():
    one = alert(
        shown=article(title="الكابل مقطوع"), excerpts=(Excerpt(field="text", text="ان الكابل مقطوع", marks=((3, 9),)),)
    )
    page = rendered(message_view(bell_message(subscription(), Bell(one), NOW))).html
    assert page.count('dir="auto"') == 2


def test_what_a_source_calls_its_language_commands_nothing():
    shown = article().model_copy(update={"language": "\u202egnp\x1b\r\nx"})
    made = rendered(message_view(bell_message(subscription(), Bell(alert(shown=shown)), NOW)))
    for body in (made.text, made.html):
        assert not {"\u202e", "\x1b", "\r"} & set(body)


def test_a_filters_bell_says_which_query_it_satisfies():
    one = alert(spans=(), excerpts=(Excerpt(field="text", text="The lead."),))
    view = message_view(bell_message(subscription(query="lang:nl source:belga"), Bell(one), NOW))
    text = rendered(view).text
    assert "The lead." in text
    assert "Satisfies: lang:nl source:belga" in text


def test_an_alert_of_before_makes_a_message_too():
    old = Alert.model_validate(alert().model_dump(exclude={"excerpts", "entities", "passages"}))
    assert "Troepen aan de grens" in rendered(message_view(bell_message(subscription(), Bell(old), NOW))).text


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b=c&d=%20e#f", "http://example.org/", "https://bücher.example/é"]
)
def test_a_link_to_the_web_is_kept(url: str):
    assert safe_link(url) in {url, url.replace("/é", "/%C3%A9")}


@pytest.mark.parametrize(
    "url",
    [
        *(
            "javascript:alert(1)",
            "data:text/html,x",
            "//example.org",
            "ftp://x.org",
            "",
            "https://",
            "file:///etc/passwd",
        ),
        *(
            "https://bank.example@evil.example/",
            "https://x.org/a b",
            "https://x.org/\n",
            "https://[x",
            "h" * 3000,
            None,
        ),
    ],
)
def test_what_is_no_link_to_the_web_is_none(url: str | None):
    assert safe_link(url) is None


@given(st.text(max_size=200))
def test_a_link_can_end_neither_its_attribute_nor_its_line(text: str):
    link = safe_link(f"https://example.org/{text}")
    assert link is None or not set(link) & set('"<>\\\n\r\t `')


@given(st.text(max_size=100))
def test_a_cleaned_text_is_one_line_without_commands(text: str):
    cleaned = clean(text)
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in cleaned)
    assert "\u202e" not in cleaned
    assert len(cleaned.splitlines()) <= 1
    assert clean(cleaned) == cleaned


@example("Cable \u202esabotage\u202c in", {7, 15})
@example("cut\x07here", {0, 3})
@given(
    st.text("ab \u202e\u202c\u2066\ufeff\x07\x1b\n\u2028\u00a0", max_size=12), st.sets(st.integers(0, 12), max_size=4)
)
def test_marks_neither_join_words_nor_part_them(text: str, ends: set[int]):
    """A space between a mark and what turns the writing is still one when that is gone."""
    places = sorted(ends)
    marks = tuple(zip(places[::2], places[1::2], strict=False))
    one = alert(spans=(), excerpts=(Excerpt(field="text", text=text, marks=marks),))
    [passage] = message_view(bell_message(subscription(), Bell(one), NOW)).bells[0].passages
    assert passage.text.split() == clean(text).split()


class Tags(HTMLParser):
    """The tags of a page, with what links lead to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))


HOSTILE = st.lists(
    st.sampled_from(
        [
            "<script>",
            "</p>",
            "<!--",
            "-->",
            "]]>",
            '"',
            "'",
            ">",
            "&lt;",
            "&",
            "{{ 1 }}",
            "{% if %}",
            "é",
            "a",
            "\n",
            "\x00",
        ]
    )
).map(lambda parts: f"x{''.join(parts)}x")


@given(HOSTILE)
def test_no_text_of_an_article_or_a_query_becomes_markup(text: str):
    def page(words: str) -> str:
        one = alert(
            shown=article(title=words, source=words),
            excerpts=(Excerpt(field="text", text=words, marks=((0, 1),)),),
            entities=(words,),
            spans=(ExplainedSpan(field="text", start=0, end=1, text=words, part=words),),
        )
        named = subscription(name=words, query=words)
        return rendered(message_view(bell_message(named, Bell(one, (article(title=words, source=words),)), NOW))).html

    assert Tags(page(text)).found == Tags(page("xyx")).found


def test_an_id_is_quoted_for_the_shell():
    assert pause_command("a;b") == "belfry subscriptions pause 'a;b'"
    assert pause_command("-x") == "belfry subscriptions pause -- -x"
    notice = failing_notice(subscription(id="-a;b"), "mailto:a@b.c", "refused")
    assert notice.endswith("belfry alerts list --subscription '-a;b'")
    assert flood_notice(subscription(id="-a;b"), 9).endswith("belfry subscriptions edit -- '-a;b'")


def test_a_users_template_comes_before_the_shipped_one(tmp_path: Path):
    (tmp_path / "subject.txt.j2").write_text("[{{ message.name }}]\n{{ bell is defined }}")
    (tmp_path / "bell.html.j2").write_text("<b>{{ bell.headline.text }}</b>")
    one = bell_message(subscription(), Bell(alert(shown=article(title="<x>"))), NOW)
    made = rendered(message_view(one), tmp_path)
    assert (made.subject, made.fault) == ("[Troepenopbouw] False", None)
    assert "<b>&lt;x&gt;</b>" in made.html


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ message.nothing }}", "line 1: UndefinedError"),
        ("x\n{% if %}", "line 2: TemplateSyntaxError"),
        ("\n\n{{ 1 // 0 }}", "line 3: ZeroDivisionError"),
        ("{{ ''.__class__.__mro__ }}", "line 1: SecurityError"),
        ("{% for n in range(99999) %}{{ 'x' * 1000 }}{% endfor %}", "more than 2,000,000 characters"),
        ("{% include '../../etc/passwd' %}", "line 1: TemplateNotFound"),
        ("{{ phrase('nothing') }}", "KeyError"),
    ],
)
def test_a_template_that_cannot_be_used_is_named_and_the_message_goes_out_all_the_same(
    tmp_path: Path, template: str, said: str
):
    (tmp_path / "message.txt.j2").write_text(template)
    made = rendered(message_view(bell()), tmp_path)
    assert made.text == rendered(message_view(bell())).text
    assert made.fault is not None
    assert said in made.fault
    assert "message.txt.j2" in made.fault


def test_a_template_that_is_no_utf_8_is_named_with_its_line(tmp_path: Path):
    """It is another one that takes it in."""
    (tmp_path / "marks.txt.j2").write_bytes(
        "{# caf\u00e9 #}\n{# caf\u00e9 #}".encode("utf-8").replace(b"#}\n", b"#}\n\xff")
    )
    made = rendered(message_view(bell()), tmp_path)
    assert made.text == rendered(message_view(bell())).text
    assert "marks.txt.j2, line 2: TemplateSyntaxError: not UTF-8: byte 0xFF" in (made.fault or "")


def test_a_folder_that_is_not_there_is_a_fault_too(tmp_path: Path):
    made = rendered(message_view(bell()), tmp_path / "nowhere")
    assert made.html == rendered(message_view(bell())).html
    assert "nowhere is no folder" in (made.fault or "")


def test_templates_are_tried_with_every_kind_of_message_before_one_comes(tmp_path: Path):
    assert template_faults(tmp_path, NOW) == ()
    assert {path.name for path in (ROOT / "belfry/notify/shipped_templates").iterdir()} == SHIPPED_NAMES
    (tmp_path / "mesage.txt.j2").write_text("")
    (tmp_path / "bell.txt.j2").write_text("{{ bell.also_in[0].source }}")
    misnamed, least = template_faults(tmp_path, NOW)
    assert "mesage.txt.j2: no template has this name" in misnamed
    assert "bell.txt.j2, line 1: UndefinedError" in least
    assert "is no folder" in template_faults(tmp_path / "nowhere", NOW)[0]


def test_the_id_of_a_digest_is_that_of_its_bells():
    assert digest_id("s", "2026-11-24", ["a", "b"]) == digest_id("s", "2026-11-24", ["a", "b"])
    assert (
        len(
            {
                digest_id("s", "d", ["a"]),
                digest_id("t", "d", ["a"]),
                digest_id("s", "e", ["a"]),
                digest_id("s", "d", []),
            }
        )
        == 4
    )
