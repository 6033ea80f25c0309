"""What the alert language means: the definition, as directly as it can be written, and therefore slow.

It is what the compiled matcher and the candidate query are tested against. Nothing here looks at how a query could be
answered fast.

**Points.** A field is a row of words at positions 0, 1, 2 …; each hyphen part is a word with a position of its own. The
compound parts of a word stand at its position, in the order of their rank. So a mention begins and ends at a *point*:
(position, rank), where a whole word (or hyphen part) begins before and ends after all of its parts.

**Mention.** A field, a first and a last point, and the places (spans) of the terms it is made of. Mentions with the same
field and points are the very same mention, however they were found: their places are joined.

- A word, wildcard or `=form` is a mention of each *unit* of a token that it fits: the whole, a hyphen part, a compound
  part. Where it fits a unit and parts of that unit, it is one mention: of the widest one.
- A phrase's terms stand one after another: each begins at the position after the last of the one before, or up to `slop`
  words later, all extra words counted together. A term may fit a hyphenated whole or a part of it there; a compound part
  stands at its word's position, and where both fit, the word counts. So `"russische troepen"` is found in *Russische
  troepenopbouw*, and `"troepen opbouw"` isn't in *troepenopbouw*. A phrase is one place: from its first to its last word.
- A hyphenated word's spaced form is found like the phrase of its parts.
- `entity:` is a mention of the words that an entity of the article, of one of the ids, stands on; its place is its own.
- `concept:` is each mention of the concept's `mention` in the article's language, if `where` holds for the whole article
  (a field scope around it limits the mentions, not `where`). It is one place, from the first to the last word.
- OR has the mentions of its operands. A field scope keeps those in its field.
- NEAR pairs each left with each right mention of the same field with at most n words between; BEFORE those where the left
  one ends before the right one begins. Between mentions that overlap, or are parts of one word, are 0 words. The very same
  mention is never both sides. A pair is a mention from the first to the last point of both.
- UNLESS keeps the left mentions with no right mention in their field with at most n words between, on either side. A left
  mention that is itself a mention of the right has one at distance 0 (`wapen* UNLESS/3 wapenstilstand`).

**Conditions.** A mention as a condition holds where there is one. AND, OR, NOT and filters are what they say. A field scope
limits all inside it but filters. ATLEAST/n holds where n mentions can be chosen that don't overlap, in title and text
together; two mentions overlap where they share a position.

**Spans.** The places of all mentions in the conditions that hold: of OR's operands those that hold, none of NOT, none of the
right of UNLESS, of ATLEAST the mentions that n non-overlapping ones can be chosen with. Sorted by field (title first),
start and end; of several with the same place, the one whose term comes first in the query.
"""

from collections.abc import Iterator, Sequence
from itertools import product

from processors.matching.articles import MatchArticle
from processors.matching.checks import children
from processors.matching.meanings import Meanings
from processors.matching.naive_mentions import Mention, Place, choosable, each_once, is_near, pair
from processors.matching.naive_units import Row, Standing, fits, rows, singles, standing_units
from processors.matching.show import show
from processors.matching.tree import (
    And,
    AtLeast,
    Before,
    ConceptTerm,
    EntityTerm,
    Exact,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Published,
    Scoped,
    Term,
    Unless,
    Wildcard,
    Word,
)
from schemas.spans import ExplainedSpan, Field

FIELDS: tuple[Field, ...] = ("title", "text")


def naive_spans(node: Node, article: MatchArticle, meanings: Meanings) -> tuple[ExplainedSpan, ...] | None:
    """The spans for which the query accepts the article, in reading order; None where it doesn't accept it.

    A query of filters alone has no spans. The tree must be one that `parse` could return.
    """
    reading = _Reading(node, article, meanings)
    places = reading.places(node, FIELDS)
    if places is None:
        return None
    shown: dict[tuple[bool, int, int], Place] = {}
    for place in sorted(places, key=lambda place: place.term):
        shown.setdefault((place.field != "title", place.start, place.end), place)
    return tuple(reading.explained(shown[order]) for order in sorted(shown))


class _Reading:
    """One article read for one query. `fields` are those that may be looked at: one inside a field scope."""

    def __init__(self, query: Node, article: MatchArticle, meanings: Meanings) -> None:
        self._article = article
        self._meanings = meanings
        self._normaliser = meanings.normaliser(article.language)
        self._contents = {"title": article.title, "text": article.text}
        self._standing = {field: standing_units(self._normaliser, self._contents[field]) for field in FIELDS}
        self._terms = list(_terms(query))

    def explained(self, place: Place) -> ExplainedSpan:
        """A place as a span."""
        field, start, end, term = place
        text = self._contents[field][start:end]
        return ExplainedSpan(field=field, start=start, end=end, text=text, part=show(self._terms[term]))

    def places(self, node: Node, fields: Sequence[Field]) -> frozenset[Place] | None:
        """The places for which the condition holds; None where it doesn't."""
        match node:
            case And(operands) | Or(operands):
                found = [self.places(operand, fields) for operand in operands]
                holding = [places for places in found if places is not None]
                holds = len(holding) == len(found) if isinstance(node, And) else bool(holding)
                return frozenset[Place]().union(*holding) if holds else None
            case Not(operand):
                return frozenset() if self.places(operand, fields) is None else None
            case Scoped(scope, operand):
                return self.places(operand, [field for field in fields if field == scope])
            case Filter() | Published():
                return frozenset() if passes(node, self._article) else None
            case AtLeast(operand, count):
                mentions = choosable(self.mentions(operand, fields), count)
            case _:
                mentions = self.mentions(node, fields)
        return frozenset[Place]().union(*(mention.places for mention in mentions)) if mentions else None

    def mentions(self, node: Node, fields: Sequence[Field]) -> list[Mention]:
        """The mentions of a node that is one, each once."""
        match node:
            case Or(operands):
                found = [mention for operand in operands for mention in self.mentions(operand, fields)]
            case Scoped(scope, operand):
                found = self.mentions(operand, [field for field in fields if field == scope])
            case Near(left, right, distance) | Before(left, right, distance):
                found = [
                    pair(a, b)
                    for a, b in product(self.mentions(left, fields), self.mentions(right, fields))
                    if a.key != b.key and is_near(a, b, distance) and (isinstance(node, Near) or a.last < b.first)
                ]
            case Unless(left, right, distance):
                unwanted = self.mentions(right, fields)
                found = [
                    mention
                    for mention in self.mentions(left, fields)
                    if not any(is_near(mention, other, distance) for other in unwanted)
                ]
            case And() | Not() | AtLeast() | Filter() | Published():
                raise TypeError(f"no mention: {show(node)}")
            case _:
                found = [mention for field in fields for mention in self._of_term(node, field)]
        return each_once(found)

    def _of_term(self, term: Term, field: Field) -> Iterator[Mention]:
        match term:
            case Word() | Wildcard() | Exact():
                fitting = self._fitting(term, field)
                for standing in fitting:
                    if not any(whole in fitting for whole in standing.wholes()):
                        yield self._mention(term, field, (standing,))
                for sequence in self._spaced_forms(term, field):
                    yield self._mention(term, field, sequence)
            case Phrase(terms, slop):
                for sequence in rows([self._steps(each, field) for each in terms], slop):
                    yield self._mention(term, field, sequence)
            case EntityTerm():
                yield from self._of_entity(term, field)
            case ConceptTerm():
                yield from self._of_concept(term, field)

    def _fitting(self, term: Word | Wildcard | Exact, field: Field) -> list[Standing]:
        """The units that a term fits."""
        match term:
            case Word(text):
                stems = set(self._normaliser.query_word(text).stems)
                return [one for one in self._standing[field] if not stems.isdisjoint(one.unit.stems)]
            case Wildcard(pattern):
                pieces = [self._normaliser.fold_form(piece) for piece in pattern.split("*")]
                return [one for one in self._standing[field] if any(fits(pieces, form) for form in one.unit.forms)]
            case Exact(text):
                exact = self._normaliser.exact_form(text)
                return [one for one in self._standing[field] if one.unit.exact == exact]

    def _spaced_forms(self, term: Word | Wildcard | Exact, field: Field) -> Iterator[Row]:
        """Where the parts of a hyphenated word stand in a row."""
        if isinstance(term, Word):
            parts = [set(stems) for stems in self._normaliser.query_word(term.text).sequence]
            fitting = [
                [one for one in self._standing[field] if not stems.isdisjoint(one.unit.stems)] for stems in parts
            ]
            if fitting:
                yield from rows([singles(units) for units in fitting], 0)

    def _steps(self, term: Word | Wildcard | Exact, field: Field) -> list[Row]:
        """What a term of a phrase may be there: one unit, or the parts of a hyphenated word in a row."""
        fitting = self._fitting(term, field)
        words = [one for one in fitting if not any(whole in fitting and whole.stands_at(one) for whole in one.wholes())]
        return [*singles(words), *self._spaced_forms(term, field)]

    def _mention(self, term: Term, field: Field, standing: Row) -> Mention:
        first, last = standing[0], standing[-1]
        place = Place(field, first.start, last.end, self._terms.index(term))
        return Mention(field, first.first, last.last, frozenset([place]))

    def _of_entity(self, term: EntityTerm, field: Field) -> Iterator[Mention]:
        ids = set(self._meanings.entity_ids(term.name))
        words = [
            one for one in self._standing[field] if one.unit.kind != "compound" and one.unit.first == one.unit.last
        ]
        for entity in self._article.entities:
            if entity.field == field and entity.id in ids:
                covered = [one for one in words if one.start < entity.end and entity.start < one.end]
                if covered:
                    place = Place(field, entity.start, entity.end, self._terms.index(term))
                    yield Mention(field, covered[0].first, covered[-1].last, frozenset([place]))

    def _of_concept(self, term: ConceptTerm, field: Field) -> Iterator[Mention]:
        known = self._meanings.concept(term.id, self._article.language)
        if known is None:
            return
        mention, where = known
        if where is not None and naive_spans(where, self._article, self._meanings) is None:
            return
        number = self._terms.index(term)
        for found in _Reading(mention, self._article, self._meanings).mentions(mention, [field]):
            start, end = min(place.start for place in found.places), max(place.end for place in found.places)
            yield Mention(field, found.first, found.last, frozenset([Place(field, start, end, number)]))


def passes(node: Filter | Published, article: MatchArticle) -> bool:
    """Whether an article has the property."""
    match node:
        case Published(since, until):
            published = article.published_at
            return (since is None or since <= published) and (until is None or published < until)
        case Filter("lang", value):
            return article.language == value
        case Filter("source", value):
            return article.source == value
        case Filter(_, value):
            return article.story_id == value


def _terms(node: Node) -> Iterator[Term]:
    """The terms of a query in order; a phrase is one."""
    if isinstance(node, Term):
        yield node
    for child in children(node):
        yield from _terms(child)
