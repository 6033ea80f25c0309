"""`name:value`: the fields of the alert language and what each takes."""

import re
from difflib import get_close_matches
from typing import Literal, cast

from processors.matching.limits import refusal, short
from processors.matching.published import published
from processors.matching.source import Source
from processors.matching.terms import unescaped
from processors.matching.tree import ConceptTerm, EntityTerm, Filter, Node

SCOPES = ("title", "text")
FIELDS = (*SCOPES, "lang", "source", "entity", "concept", "story", "published")

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_CONCEPT = re.compile(r"[^\W_][\w.-]*+")
_EXAMPLES = {
    "lang": "Write lang:nl",
    "source": "Write source:belga",
    "story": "Write story: and the id of a story, as alerts show it",
    "entity": 'Write entity:NATO, entity:"Volodymyr Zelenski" or entity:Q7184',
    "concept": "Write concept:troop-buildup",
}
_LANGUAGE_NAMES = {
    "nl": "nld dut dutch nederlands niederländisch néerlandais vlaams flemish",
    "en": "eng english engels englisch anglais",
    "de": "deu ger german duits deutsch allemand",
    "fr": "fra fre french frans französisch français",
}
_LANGUAGE_CODES = {name: code for code, names in _LANGUAGE_NAMES.items() for name in names.split()}
_LIKE = {
    "language": "lang",
    "taal": "lang",
    "headline": "title",
    "titel": "title",
    "body": "text",
    "date": "published",
    "from": "published",
    "site": "source",
    "topic": "concept",
}


def is_scope(name: str) -> bool:
    """Whether `name:` is followed by a part of the query rather than by a value."""
    return name in SCOPES


def refuse_unknown(name: str, given: Source, start: int) -> None:
    """Raise QueryError unless `name` is a field."""
    if name in FIELDS:
        return
    known = _LIKE.get(name.lower()) or next(iter(get_close_matches(name.lower(), FIELDS, 1, 0.75)), None)
    word = re.match(r"[^\s()\"]*", given.text[start:])
    quoted = f'quote it: "{short(word[0].lstrip("=") if word else name)}"'
    raise refusal(
        "unknown_field",
        f"there is no field “{short(name)}”" if name else "a colon follows no field's name",
        column=given.column(start),
        expected=tuple(f"{field}:" for field in FIELDS),
        suggestion=f"Write {known}:, or {quoted}" if known else quoted[0].upper() + quoted[1:],
    )


def field_term(name: str, raw: str, kind: str, column: int, place: int, given: Source) -> Node:
    """The leaf for `name:raw`; `kind` is bare, quote or range, `place` where `raw` begins. Raises QueryError."""
    if name == "published":
        return published(raw, column, given.column(place))
    value = " ".join(unescaped(raw, place, given.column).split())
    if kind == "range" or not any(character.isalnum() for character in value):
        raise _bad_value(name, raw, given.column(place), "a name or an id", _EXAMPLES[name])
    if re.search(r"(?<!\\)(?:\\\\)*+\*", raw):
        raise refusal(
            "bad_value",
            f"{name}: takes no wildcard",
            column=given.column(place),
            suggestion=f"Write ({name}:a OR {name}:b) for several",
        )
    if name == "lang":
        code = value.lower()
        if not _LANGUAGE.fullmatch(code) or code in _LANGUAGE_CODES:
            raise _bad_value(name, raw, given.column(place), "a code such as nl, en, de or fr", _codes(value))
        return Filter("lang", code, column)
    if name == "entity":
        return EntityTerm(value, column)
    if name == "concept":
        if not _CONCEPT.fullmatch(value):
            raise _bad_value(name, raw, given.column(place), "a concept's id such as troop-buildup", _EXAMPLES[name])
        return ConceptTerm(value, column)
    if name == "source" and kind == "bare" and "," in value:
        each = " OR ".join(f"source:{one}" for one in value.split(",") if one)
        raise _bad_value(name, raw, given.column(place), "one source", f"Write ({each}), or quote it if it has a comma")
    return Filter(cast("Literal['source', 'story']", name), value, column)


def _codes(languages: str) -> str:
    """What to write for the languages that were probably meant. Articles carry no region: `nl-BE` is `nl`."""
    found: list[str] = re.findall(r"[^\s,;/+&|]{1,40}", languages[:80])
    words = [word.partition("-")[0].lower() for word in found]
    codes = [_LANGUAGE_CODES.get(word, word) for word in words]
    if not codes or not all(_LANGUAGE.fullmatch(code) for code in codes):
        return _EXAMPLES["lang"]
    each = [f"lang:{code}" for code in dict.fromkeys(codes)]
    return f"Write ({' OR '.join(each)})" if len(each) > 1 else f"Write {each[0]}"


def _bad_value(name: str, raw: str, column: int, expected: str, suggestion: str) -> Exception:
    return refusal(
        "bad_value", f"{name}: can't be “{short(raw)}”", column=column, expected=(expected,), suggestion=suggestion
    )
