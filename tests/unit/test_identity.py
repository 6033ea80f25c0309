"""Canonical URLs, article ids and content hashes. The golden values hold all history: they never change."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.identity import MAX_URL_CHARS, InvalidUrlError, article_id, canonical_url, content_hash

PLAIN = "https://example.org/nieuws/a?id=7"


@pytest.mark.parametrize(
    "variation",
    [
        "HTTPS://EXAMPLE.org/nieuws/a?id=7",
        "http://example.org/nieuws/a?id=7",
        "http://example.org:80/nieuws/a?id=7",
        "https://example.org:443/nieuws/a?id=7",
        "https://example.org./nieuws/a?id=7",
        "https://reader:secret@example.org/nieuws/a?id=7",
        "https://example.org/nieuws/a?id=7#reacties",
        "https://example.org/nieuws/a/?id=7",
        "https://example.org/nieuws/a//?id=7",
        "https://example.org/x/../nieuws/./a?id=7",
        "https://example.org/x/%2E%2e/nieuws/a?id=7",
        "https://example.org/%6eieuws/%61?%69d=%37",
        "https://www.example.org/nieuws/a?id=7",
        "https://m.example.org/nieuws/a?id=7",
        "https://mobile.example.org/nieuws/a?id=7",
        "https://amp.example.org/nieuws/a?id=7",
        "https://www.m.example.org/nieuws/a?id=7",
        "https://example.org/nieuws/a/amp?id=7",
        "https://example.org/nieuws/a/amp/?id=7",
        "https://example.org/nieuws/a?id=7&amp",
        "https://example.org/nieuws/a?amp=1&id=7",
        "https://example.org/nieuws/a?&&id=7&=&",
        "https://example.org/nieuws/a?utm_source=x&utm_Campaign=y&id=7&utm_anything=z",
        "https://example.org/nieuws/a?id=7&fbclid=1&gclid=2&msclkid=3&igshid=4&mc_cid=5&mc_eid=6&xtor=7",
        "https://example.org/nieuws/a?id=7&ocid=1&cmpid=2&smid=3&ref_src=4&sfmc_id=5&mibextid=6&_branch_match_id=7",
        "https://example.org/nieuws/a?id=7&FBCLID=1&%75tm_source=2",
        "  https://example.org/nieuws/a?id=7\n",
        "https://example.org\\nieuws\\a?id=7",
        "https://www.google.com/amp/s/www.example.org/nieuws/a/amp?id=7&usqp=mq331",
        "https://www.google.be/amp/example.org/nieuws/a?id=7",
        "https://google.co.uk/amp/s/example.org/nieuws/a?id=7",
        "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/nieuws/a?id=7",
        "https://example-org.cdn.ampproject.org/v/s/amp.example.org/nieuws/a?amp_js_v=0.1&id=7",
        "https://cdn.ampproject.org/c/example.org/nieuws/a?id=7",
        "https://www.bing.com/amp/s/example.org/nieuws/a?id=7",
        "https://www-example-org.bing-amp.com/c/s/www.example.org/nieuws/a/amp?id=7",
        "https://www.google.com/amp/s/www.bing.com/amp/s/example.org/nieuws/a?id=7",
    ],
)
def test_variations_of_an_address_are_one(variation: str) -> None:
    assert canonical_url(variation) == PLAIN


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://example.org", "https://example.org"),
        ("https://example.org/?", "https://example.org"),
        ("https://example.org/amp", "https://example.org"),
        ("https://example.org/a?b=2&a=1&a=0&c", "https://example.org/a?a=0&a=1&b=2&c"),
        ("https://example.org/a?b=", "https://example.org/a?b="),
        ("https://example.org/a%2fb%3fc%25d%2be", "https://example.org/a%2Fb%3Fc%25d%2Be"),
        ("https://example.org/a?q=%2f%3f%25%2b", "https://example.org/a?q=%2F%3F%25%2B"),
        ("https://example.org/a?q=/?&r=x=y", "https://example.org/a?q=/?&r=x=y"),
        ("https://example.org/a?q=a+b", "https://example.org/a?q=a%20b"),
        ("https://example.org/a+b", "https://example.org/a+b"),
        ("https://example.org/a%26b%3Dc%28d%29", "https://example.org/a&b=c(d)"),
        ("https://example.org/a?b%3Dc=d%26e", "https://example.org/a?b%3Dc=d%26e"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/%zz%4", "https://example.org/%25zz%254"),
        ("https://example.org/%252e%252e/x", "https://example.org/%252e%252e/x"),
        ("https://example.org/a%23b%5Cc%20d", "https://example.org/a%23b%5Cc%20d"),
        ("https://example.org/é?é=É", "https://example.org/%C3%A9?%C3%A9=%C3%89"),
        ("https://example.org/%c3%a9", "https://example.org/%C3%A9"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
        ("https://XN--BCHER-KVA.example/", "https://xn--bcher-kva.example"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("http://example.org:8080/a", "https://example.org:8080/a"),
        ("https://example.org:80/a", "https://example.org:80/a"),
        ("http://[2001:DB8:0::1]:80/a", "https://[2001:db8::1]/a"),
        ("http://127.1/a", "https://127.0.0.1/a"),
        ("https://mobile.de/a", "https://mobile.de/a"),
        ("https://www.m.be/a", "https://m.be/a"),
        ("https://mexample.org/amp/x", "https://mexample.org/amp/x"),
        ("https://example.org/ampere", "https://example.org/ampere"),
        ("https://example.org/a?ampere=1", "https://example.org/a?ampere=1"),
        ("https://www.google.com/amp/x", "https://google.com/amp/x"),
        ("https://www.google.com/amp/s/b%20d.org/x", "https://google.com/amp/s/b%20d.org/x"),
        ("https://notgoogle.com/amp/s/example.org/x", "https://notgoogle.com/amp/s/example.org/x"),
        ("https://example.org/\x01a", "https://example.org/%01a"),
        ("https://exa\nmple.org/a\tb", "https://example.org/ab"),
    ],
)
def test_the_rules_one_by_one(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "example.org/a",
        "//example.org/a",
        "/a",
        "http://",
        "https:///",
        "https://./",
        "https://www..example.org/",
        "https://example.org../",
        "https://.example.org/",
        "http://80../",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@example.org",
        "ftp://example.org/a",
        "file:///etc/passwd",
        "urn:newsml:example.org:1",
        "https://example.org:99999/",
        "https://example.org:port/",
        "https://exam ple.org/",
        "https://[::1/",
        "https://1.2.3.4.5/",
        "https://\ud800.org/",
        "https://example.org/\udfff",
        "https://example.org/" + "a" * 1_000_000,
    ],
)
def test_what_is_no_address_of_an_article_is_refused(url: str) -> None:
    with pytest.raises(InvalidUrlError):
        canonical_url(url)


@pytest.mark.parametrize("tail", ["/", "/amp", "/amp/x", "%2f", "&", "&amp", "?", "../", "%", "%25", "."])
def test_a_repetitive_address_takes_no_time(tail: str) -> None:
    url = ("https://example.org/a?b" if tail[0] == "&" else "https://example.org/a") + tail * 4000
    began = time.perf_counter()
    canonical_url(url[:MAX_URL_CHARS])
    assert time.perf_counter() - began < 0.5


def test_nested_cache_addresses_take_no_time() -> None:
    url = "https://google.com/amp/" + "google.com/amp/" * 500 + "example.org/x"
    began = time.perf_counter()
    assert canonical_url(url) == "https://example.org/x"
    assert time.perf_counter() - began < 0.5


URL_PARTS = (
    "http:// https:// HTTP:// www. m. amp. mobile. example.org EXAMPLE google.com bing.com x.cdn.ampproject.org "
    "/amp/s/ /amp/ /c/s/ /amp / // .. . /../ ? & = amp utm_source=1 fbclid a=1 b=%2F %2f %3F %25 %2B %41 %e9 % %zz + "
    "é ß İ # : 80 443 8080 @ user [::1] \\ ; , ' \t \n \x01 \u00ad \u3002 \ud800 x xn-- 1.2.3.4 %00 %2e %252e"
)
PARTS = st.sampled_from(URL_PARTS.split(" "))
MADE_URLS = st.builds(
    lambda scheme, parts: scheme + "".join(parts),
    st.sampled_from(["https://", "http://", "https://example.org/", "https://google.com/amp/s/", ""]),
    st.lists(PARTS, max_size=12),
)


@given(st.one_of(MADE_URLS, st.text(st.characters(exclude_categories=()))))
@example("https://google.com/amp/s/amp")
@example("https://www..org/")
@example("http://80..")
@example("http://%3D1.2.3.4..")
@example("http://example.org:443/")
def test_applying_it_twice_changes_nothing_and_only_its_own_error_is_raised(url: str) -> None:
    try:
        once = canonical_url(url)
    except InvalidUrlError:
        return
    assert once.isascii()
    assert once.startswith("https://")
    assert "#" not in once
    assert canonical_url(once) == once


SEGMENTS = st.lists(
    st.text("abcXYZ019-_~é ()%+&", min_size=1, max_size=6).filter(lambda s: s.strip("%") != ""), max_size=4
)
PAIRS = st.lists(
    st.tuples(st.sampled_from(["id", "p", "q"]), st.sampled_from(["1", "b", "x%2Fy", "a%2Bb", ""])), max_size=4
)


@given(SEGMENTS, PAIRS, st.data())
def test_an_address_and_its_variations_have_one_form(
    segments: list[str], pairs: list[tuple[str, str]], data: st.DataObject
) -> None:
    path = "".join("/" + segment.replace("%", "%25").replace(" ", "%20") for segment in segments)
    query = [f"{name}={value}" for name, value in pairs]
    plain = f"https://example.org{path}?{'&'.join(query)}"
    scheme = data.draw(st.sampled_from(["http://", "https://", "HTTPS://user@"]))
    host = data.draw(st.sampled_from(["www.example.org", "EXAMPLE.ORG", "m.example.org.", "amp.example.org"]))
    noise = data.draw(st.lists(st.sampled_from(["utm_medium=x", "fbclid=1", "amp", ""]), max_size=3))
    shuffled = data.draw(st.permutations([*query, *noise]))
    end = data.draw(st.sampled_from(["", "/", "/amp", "/amp/"]))
    start = data.draw(st.sampled_from(["", "/.", "/x/.."]))
    assert canonical_url(f"{scheme}{host}{start}{path}{end}?{'&'.join(shuffled)}#f") == canonical_url(plain)


NOW = datetime(2022, 1, 18, 9, 30, tzinfo=UTC)


def test_golden_values_never_change() -> None:
    assert article_id(url="http://www.example.org/a/?utm_source=x") == "b01cd94167a5bd884ffd5dd8a9d70cfb"
    assert article_id(source="belga", guid="tag:example.org,2022:1") == "45b7662d880a370a36d5500752c8b82e"
    assert (
        article_id(source="belga", title="Blinken naar  Kiev", published_at=NOW) == "fc4bba3dc9605acfcb18b709b915b0ff"
    )
    assert article_id(source="belga", title="Blinken naar Kiev") == "ba8b3f8163a20d21dfed2f02a2e12a44"
    assert content_hash("Oekraïne", "Een tekst.\n\nEn nog een.") == "c712f13faea99085215e60d9ac9eae57"


def test_an_id_is_of_the_url_first_then_of_the_guid() -> None:
    assert article_id(url=PLAIN, source="a", guid="1", title="x") == article_id(url=PLAIN + "#f", source="b", guid="2")
    assert article_id(source="a", guid="1", title="x") == article_id(source="a", guid="1", title="y", published_at=NOW)


def test_ids_differ_by_source_guid_title_and_date() -> None:
    keys = [
        article_id(url=PLAIN),
        article_id(source="a", guid="1"),
        article_id(source="b", guid="1"),
        article_id(source="a", guid="2"),
        article_id(source="a1", guid="1"),
        article_id(source="a", title="1"),
        article_id(source="a", title="1", published_at=NOW),
        article_id(source="a", title="1", published_at=NOW + timedelta(seconds=1)),
        article_id(guid=PLAIN),
    ]
    assert len(set(keys)) == len(keys)


def test_neighbouring_fields_do_not_run_into_each_other() -> None:
    assert article_id(source='a","b', guid="c") != article_id(source="a", guid='b","c')


def test_an_id_does_not_depend_on_the_time_zone_in_which_the_date_is_written() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=5)))
    assert article_id(source="a", title="x", published_at=there) == article_id(source="a", title="x", published_at=NOW)


def test_an_id_is_refused_for_a_url_that_is_none() -> None:
    with pytest.raises(InvalidUrlError):
        article_id(url="javascript:alert(1)", guid="1")


def test_content_is_the_same_for_other_white_space_and_normal_forms() -> None:
    assert content_hash(" Oekrai\u0308ne ", "a\r\n\r\nb") == content_hash("Oekraïne", "a b")


def test_content_differs_by_a_word_by_case_and_by_what_is_title() -> None:
    hashes = [
        content_hash(*pair) for pair in (("a", "b"), ("a", "c"), ("a", "B"), ("a b", ""), ("", "a b"), ("a", "b b"))
    ]
    assert len(set(hashes)) == len(hashes)


@given(st.text(st.characters(exclude_categories=())), st.text(st.characters(exclude_categories=())))
def test_any_content_has_a_hash(title: str, text: str) -> None:
    assert content_hash(title, text) == content_hash(f" {title}\n", f"{text}\t")
    assert len(article_id(source=title, guid=text)) == 32
