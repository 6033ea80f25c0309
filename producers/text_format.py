"""Plain text files: one article each, as people and archives keep them. Pure.

    an optional prefix ` date 2022-01` (or `date 2022-01-14`), then the text: paragraphs, sub-headings as lines of their own

The prefix, the white space before it and the one space or line end after it are no part of the text; all else is.
Only what is written like a date is a prefix: "date limite" and "date 2022" begin a text. There is no title, so that
one is made from the lead sentence.
"""

import re

from producers.articles import Draft, Place, ReadArticle, Rules, finished_article, too_large
from producers.dates import GivenDate, given_date
from producers.encodings import decoded
from schemas.errors import InputProblem

_PREFIX = re.compile(r"\s*date[ \t]+(?P<date>\d{4}[-/]\d{1,2}\S{0,40})(?:[ \t]*\r?\n|\s|\Z)", re.IGNORECASE)
_ONE_DIGIT = re.compile(r"(?<=[-/])\d(?=[-/T]|\Z)")


def article_of_text(data: bytes, place: Place, rules: Rules) -> ReadArticle | InputProblem:
    """The article that a text file's bytes are, or why they are none."""
    if len(data) > rules.max_article_bytes:
        return too_large(place, rules)
    text = decoded(data, place)
    if isinstance(text, InputProblem):
        return text
    if not text.strip():
        return place.problem("empty", "nothing is in it", "Leave it out, or put the article's text into it.")
    published, body = parted(text)
    raw = finished_article(Draft(body=body, published=published), place, rules, len(data))
    return raw if isinstance(raw, InputProblem) else ReadArticle(raw, place)


def parted(text: str) -> tuple[tuple[str, GivenDate] | None, str]:
    """The date of the prefix, as written and as understood (None where there is no prefix), and the text after it."""
    prefix = _PREFIX.match(text)
    if prefix is None:
        return None, text
    written = prefix["date"]
    date = given_date(_ONE_DIGIT.sub(r"0\g<0>", written).replace("/", "-"))
    return (None, text) if date is None else ((written, date), text[prefix.end() :])
