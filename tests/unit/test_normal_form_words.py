"""Where words begin and end: in texts, and in queries just the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.matching.parse import parse
from processors.matching.terms import QUOTES
from processors.matching.tree import Exact, Phrase
from schemas.errors import QueryError
from schemas.text import cleaned_text
from tests.normal_form import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("De NAVO-Ruslandraad kwam bijeen.", ["De", "NAVO-Ruslandraad", "kwam", "bijeen"]),
        ("l'OTAN, d’Israël et aujourd'hui", ["l'OTAN", "d’Israël", "et", "aujourd'hui"]),
        ("'NATO's' “‘plan’”", ["NATO's", "plan"]),
        ("'s-Hertogenbosch, 's morgens, rock 'n' roll", ["s-Hertogenbosch", "s", "morgens", "rock", "n", "roll"]),
        ("In the U.S. He said. In U.S.-led talks", ["In", "the", "U.S.", "He", "said", "In", "U.S.-led", "talks"]),
        ("z.B. i.p.v. a.m.-uur", ["z.B.", "i.p.v.", "a.m.-uur"]),
        ("J.F.Kennedy", ["J.F.", "Kennedy"]),
        ("Hij ging.Zij bleef nu.nl", ["Hij", "ging", "Zij", "bleef", "nu", "nl"]),
        (
            "130.000, 130,000. 130'000 130\u00a0000 130 000",
            ["130.000", "130,000", "130'000", "130\u00a0000", "130", "000"],
        ),
        ("3,5% of 1.2bn, 12.50", ["3,5", "of", "1.2bn", "12.50"]),
        ("24.02.2022 192.168.1.1 1,2,3", ["24", "02", "2022", "192", "168", "1", "1", "1", "2", "3"]),
        ("1.234.567,89 1,234,567.89", ["1.234.567,89", "1,234,567.89"]),
        ("1234\u00a0567 2021\u00a0130\u00a0000", ["1234", "567", "2021", "130\u00a0000"]),
        ("10.000-20.000 2021-2022", ["10.000-20.000", "2021-2022"]),
        ("NAVO–Rusland — top", ["NAVO", "Rusland", "top"]),
        ("Wit\u2011Rusland Wit\u2010Rusland --- -x- a--b", ["Wit\u2011Rusland", "Wit\u2010Rusland", "x", "a", "b"]),
        ("snake_case _x_ __", ["snake_case", "x"]),
        (
            "@jan_de_wit #StandWithUkraine https://nu.nl/a-b?x=1",
            ["jan_de_wit", "StandWithUkraine", "https", "nu", "nl", "a-b", "x", "1"],
        ),
        ("AT&T CD&V C++ km/h 50+'er", ["AT", "T", "CD", "V", "C", "km", "h", "50", "er"]),
        ("fiance\u0301e ❤️NAVO 1️⃣", ["fiance\u0301e", "NAVO", "1️⃣"]),
        ("北约Nato ไทย", ["北", "约", "Nato", "ไ", "ท", "ย"]),
        ("의 나토는 भारत الناتو", ["의", "나토는", "भारत", "الناتو"]),
        ("", []),
        ("… — !?", []),
    ],
)
def test_a_text_is_cut_into_words(text: str, expected: list[str]):
    assert words("und", text) == expected


_CHARACTERS = st.sampled_from("aBé7130.,'’-\u2011\u00a0 _&/北้\u0301") | st.characters(exclude_categories=("C", "Z"))
_WORDS = st.text(_CHARACTERS, max_size=24).map(cleaned_text).filter(lambda text: not set(text) & {*QUOTES, "\\", "*"})


@given(_WORDS)
def test_what_a_text_has_is_cut_from_a_query_just_the_same(text: str):
    word = text.replace(" ", "").replace("\u00a0", "")
    try:
        node = parse(f'="{word}"')
    except QueryError:
        assert words("und", word) == []
        return
    terms = node.terms if isinstance(node, Phrase) else (node,)

    assert [term.text for term in terms if isinstance(term, Exact)] == words("und", word)
