"""The mentions of a field from several hands, as one list without overlaps.

Rules, in this order:
1. A name of the gazetteer that covers a proposal stays as it is.
2. A body or a person that is proposed takes the places inside its name (*Universiteit Gent* is not in the table, but isn't
   Ghent), and demonyms and shorter bodies without an id; a known body or person inside stays, since it is what readers
   look for (*NAVO-top*), unless a surname alone is part of somebody's longer name.
3. A place that is proposed takes lesser places inside its name (*Zuid-Limburg*).
4. What overlaps otherwise is dropped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from processors.proposals import Proposal
from schemas.entities import EntityType


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention: words `first` to `last` (inclusive) of its field.

    entity: its place in the gazetteer where one is meant, None where it isn't known which. demonym: it points at its country. bare_place: the folded word, where it is a place's and nothing around vouches for
    that. strong: a place that is known everywhere. name: the fuller name that it stands for, where one is known.
    """

    first: int
    last: int
    type: EntityType
    entity: int | None = None
    demonym: bool = False
    bare_place: str = ""
    strong: bool = False
    name: str = ""


def merged(known: Sequence[Mention], proposals: Iterable[Proposal]) -> list[Mention]:
    """The mentions of a field in order, without overlaps. Both inputs are in order and without overlaps in themselves."""
    kept = list(known)
    added: list[Mention] = []
    begin = 0
    for proposal in proposals:
        while begin < len(kept) and kept[begin].last < proposal.first:
            begin += 1
        end = begin
        while end < len(kept) and kept[end].first <= proposal.last:
            end += 1
        if all(_gives_way(mention, proposal) for mention in kept[begin:end]):
            kept[begin:end] = []
            added.append(Mention(proposal.first, proposal.last, proposal.type))
    return sorted([*kept, *added], key=lambda mention: mention.first)


def united(first: Sequence[Proposal], second: Sequence[Proposal]) -> list[Proposal]:
    """The proposals of both, in order; of two that overlap that of the first."""
    kept, place = list(first), 0
    for proposal in second:
        while place < len(first) and first[place].last < proposal.first:
            place += 1
        if place == len(first) or first[place].first > proposal.last:
            kept.append(proposal)
    return sorted(kept)


def _gives_way(mention: Mention, proposal: Proposal) -> bool:
    """Whether a mention that overlaps a proposal is dropped for it."""
    inside = proposal.first <= mention.first and mention.last <= proposal.last
    longer = inside and (proposal.first < mention.first or mention.last < proposal.last)
    if not inside:
        return False
    if not longer:
        return proposal.type == "PER" and mention.type == "LOC" and bool(mention.bare_place) and not mention.strong
    if mention.demonym or mention.entity is None:
        return proposal.type != "MISC"
    match mention.type:
        case "LOC":
            return proposal.type in ("ORG", "PER") or (proposal.type == "LOC" and not mention.strong)
        case "PER":
            return proposal.type == "PER" and mention.first == mention.last
        case _:
            return False
