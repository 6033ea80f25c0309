"""A condition on indexed documents, between the alert language's tree and Elasticsearch's query: small, and easy to widen.

Conditions simplify as they are built: constants disappear, nested ones flatten, alternatives of one field merge. Two
are equal when they are the same condition written the same way, so they can be grouped.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeAlias

Json = dict[str, Any]

Field = Literal["stems", "forms", "entity_ids", "language", "source", "story_id", "article_id"]

MAX_VALUES = 50_000
"""Of one terms query; Elasticsearch takes 65,536."""


@dataclass(frozen=True, slots=True)
class HasAny:
    """The field holds one of the values."""

    field: Field
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Like:
    """One of the `forms` fits the pattern; only `*` is special."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Published:
    """`published_at`, in whole milliseconds, is in [since, until); None is open."""

    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every operand holds; of none: everything."""

    operands: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One operand holds; of none: nothing."""

    operands: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Lacks:
    """The operand doesn't hold."""

    operand: "Condition"


Leaf: TypeAlias = HasAny | Like | Published
Condition: TypeAlias = Leaf | AllOf | AnyOf | Lacks

EVERYTHING = AllOf(())
NOTHING = AnyOf(())


def all_of(conditions: Iterable[Condition]) -> Condition:
    """That all hold, simplified."""
    operands: dict[Condition, None] = {}
    for condition in conditions:
        for operand in condition.operands if isinstance(condition, AllOf) else (condition,):
            if operand == NOTHING:
                return NOTHING
            operands[operand] = None
    return next(iter(operands)) if len(operands) == 1 else AllOf(tuple(operands))


def any_of(conditions: Iterable[Condition]) -> Condition:
    """That one holds, simplified: alternatives of one field become one."""
    values: dict[Field, set[str]] = {}
    others: dict[Condition, None] = {}
    for condition in conditions:
        for operand in condition.operands if isinstance(condition, AnyOf) else (condition,):
            if operand == EVERYTHING:
                return EVERYTHING
            if isinstance(operand, HasAny):
                values.setdefault(operand.field, set()).update(operand.values)
            else:
                others[operand] = None
    operands = (*(HasAny(field, frozenset(found)) for field, found in values.items()), *others)
    return operands[0] if len(operands) == 1 else AnyOf(operands)


def has_any(field: Field, values: Iterable[str]) -> Condition:
    """That the field holds one of the values; of none: nothing."""
    found = frozenset(values)
    return HasAny(field, found) if found else NOTHING


def lacks(condition: Condition) -> Condition:
    """That it doesn't hold."""
    if isinstance(condition, Lacks):
        return condition.operand
    if condition == EVERYTHING:
        return NOTHING
    return EVERYTHING if condition == NOTHING else Lacks(condition)


def clause_count(condition: Condition) -> int:
    """How many clauses Elasticsearch counts in it. A terms query is one, unless it is too long for one."""
    match condition:
        case AllOf(operands) | AnyOf(operands):
            return 1 + sum(clause_count(operand) for operand in operands)
        case Lacks(operand):
            return 1 + clause_count(operand)
        case HasAny(_, values) if len(values) > MAX_VALUES:
            return len(values)
        case _:
            return 1


def depth(condition: Condition) -> int:
    """How deep it nests; a leaf is 1."""
    match condition:
        case AllOf(operands) | AnyOf(operands):
            return 1 + max((depth(operand) for operand in operands), default=0)
        case Lacks(operand):
            return 1 + depth(operand)
        case _:
            return 1


def elasticsearch_query(condition: Condition) -> Json:
    """The query that finds exactly the documents for which it holds, without scores."""
    match condition:
        case HasAny(field, values):
            return {"terms": {field: sorted(values)}}
        case Like(pattern):
            return {"wildcard": {"forms": {"value": pattern.replace("\\", "\\\\").replace("?", "\\?")}}}
        case Published(since, until):
            bounds = {
                key: bound.isoformat(timespec="milliseconds")
                for key, bound in (("gte", since), ("lt", until))
                if bound is not None
            }
            return {"range": {"published_at": bounds}}
        case AllOf(()):
            return {"match_all": {}}
        case AnyOf(()):
            return {"match_none": {}}
        case AllOf(operands):
            wanted = [elasticsearch_query(operand) for operand in operands if not isinstance(operand, Lacks)]
            unwanted = [elasticsearch_query(operand.operand) for operand in operands if isinstance(operand, Lacks)]
            return {"bool": {"filter": wanted} | ({"must_not": unwanted} if unwanted else {})}
        case AnyOf(operands):
            alternatives = [elasticsearch_query(operand) for operand in operands]
            return {"bool": {"should": alternatives, "minimum_should_match": 1}}
        case Lacks(operand):
            return {"bool": {"must_not": [elasticsearch_query(operand)]}}


def published_bounds(since: datetime | None, until: datetime | None) -> tuple[Condition, Condition]:
    """The widest and the surest condition for [since, until): the index keeps whole milliseconds, rounded down."""
    wide = _published(since and _floor(since), until and _ceiling(until))
    first = since and _ceiling(since)
    if since is not None and first is None:
        return wide, NOTHING
    return wide, _published(first, until and _floor(until))


def _published(since: datetime | None, until: datetime | None) -> Condition:
    return EVERYTHING if since is None and until is None else Published(since, until)


def _ceiling(instant: datetime) -> datetime | None:
    """The first whole millisecond that isn't before `instant`; None beyond the calendar's end."""
    floor = _floor(instant)
    try:
        return floor if floor == instant else floor + timedelta(milliseconds=1)
    except OverflowError:
        return None


def _floor(instant: datetime) -> datetime:
    instant = instant.astimezone(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
