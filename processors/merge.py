"""The mentions of a field from several hands, as one list without overlaps.

Rules, in this order:
1. A name of the gazetteer that covers a proposal stays as it is; so does a known body or person inside one (*NAVO-top*), and
   whatever a proposal only lengthens by small words (*du Bénin*). Two known names are never one,
   unless both are lesser places that make somebody's name (*Virginia Lincoln*).
2. A body that is proposed takes the places and demonyms inside its name (*Universiteit Gent* is not in the table, but isn't
   Ghent), and so does a person the places; countries and capitals only where a rule is sure of the person (*Jack London*).
3. A demonym before a proposed person isn't part of the name (*Amerikaan Jake Sullivan*).
4. What overlaps otherwise is dropped: a part of a known place (*Noord-Syrië*) is read as that place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from processors.mentions import STRONG_PRIOR, Word
from processors.proposals import Proposal
from schemas.entities import EntityType

LARGE_PLACE_PRIOR = 60
"""A city of a million that stands alone isn't somebody, whatever a model proposes."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention: words `first` to `last` (inclusive) of its field.

    entity: its place in the gazetteer where one is meant, None where it isn't known which. demonym: it points at its country.
    bare_place: the folded word, where it is a place's and nothing around vouches for that. prior: the place's. genitive: with a
    bare -s (*Ruslands*). name: the fuller name that it stands for, where one is known.
    """

    first: int
    last: int
    type: EntityType
    entity: int | None = None
    demonym: bool = False
    bare_place: str = ""
    prior: int = 0
    genitive: bool = False
    name: str = ""


def merged(
    known: Sequence[Mention], proposals: Iterable[Proposal], words: Sequence[Word], language: str
) -> list[Mention]:
    """The mentions of a field in order, without overlaps. Both inputs are in order and without overlaps in themselves."""
    kept = list(known)
    added: list[Mention] = []
    begin = 0
    for proposed in proposals:
        while begin < len(kept) and kept[begin].last < proposed.first:
            begin += 1
        end = begin
        while end < len(kept) and kept[end].first <= proposed.last:
            end += 1
        inside = kept[begin:end]
        proposal = _without_demonym(proposed, inside)
        if proposal is not proposed:
            begin, inside = begin + 1, inside[1:]
        several = sum(mention.entity is not None and not _may_be_somebody(mention, proposal) for mention in inside) > 1
        if not several and all(_gives_way(mention, proposal, words, language) for mention in inside):
            kept[begin:end] = []
            added.append(Mention(proposal.first, proposal.last, proposal.type))
    return sorted([*kept, *added], key=lambda mention: mention.first)


def _may_be_somebody(mention: Mention, proposal: Proposal) -> bool:
    """Whether this is a lesser place, and part of what is proposed as somebody's name (*Virginia Lincoln*)."""
    return (
        proposal.type == "PER" and mention.type == "LOC" and bool(mention.bare_place) and mention.prior < STRONG_PRIOR
    )


def united(first: Sequence[Proposal], second: Sequence[Proposal]) -> list[Proposal]:
    """The proposals of a pipeline and of the rules, in order.

    Of two that overlap that of the pipeline, sure where both are of one type; but a body that a rule is sure of takes what
    lies inside it (*Manchester United*).
    """
    kept, place = list(first), 0
    for proposal in second:
        while place < len(kept) and kept[place].last < proposal.first:
            place += 1
        end = place
        while end < len(kept) and kept[end].first <= proposal.last:
            end += 1
        inside = kept[place:end]
        if all(proposal.type == "ORG" and proposal.first <= one.first and one.last <= proposal.last for one in inside):
            kept[place:end] = [proposal]
        else:
            same = (one._replace(sure=True) if one.type == proposal.type else one for one in inside)
            kept[place:end] = list(same)
    return kept


def _without_demonym(proposal: Proposal, inside: Sequence[Mention]) -> Proposal:
    """A proposed person without the demonym before the name."""
    if proposal.type != "PER" or not inside or not inside[0].demonym:
        return proposal
    before, last = inside[0].first == proposal.first, inside[0].last
    return proposal._replace(first=last + 1) if before and last < proposal.last else proposal


def _gives_way(mention: Mention, proposal: Proposal, words: Sequence[Word], language: str) -> bool:
    """Whether a mention that overlaps a proposal is dropped for it."""
    if not (proposal.first <= mention.first and mention.last <= proposal.last):
        return False
    if (proposal.first, proposal.last) == (mention.first, mention.last):
        small = mention.type == "LOC" and bool(mention.bare_place) and mention.prior < LARGE_PLACE_PRIOR
        return proposal.type == "PER" and small
    more = [*words[proposal.first : mention.first], *words[mention.last + 1 : proposal.last + 1]]
    if not any(word.text[0].isupper() for word in more):
        return False
    if mention.demonym:
        return proposal.type == "ORG" and (proposal.sure or language != "en")  # where every adjective has its capital
    if mention.entity is None:
        return proposal.type != "MISC"
    if mention.type != "LOC" or mention.genitive:
        return False
    # *Denzel Washington*, but *Präsident Brasilien* is no name.
    ends_name = mention.last == proposal.last and language != "de"
    surname = proposal.sure or ends_name or mention.prior < STRONG_PRIOR
    return proposal.type == "ORG" or (proposal.type == "PER" and surname)
