"""One article's names made consistent: one type for one name, found also where the model missed it.

Rules, in this order:
1. Every name that the model found votes for its type, over all fields of the article. A full name of a person also speaks for
   its surname alone, with and without particles.
2. A name has the type with the most votes wherever it stands.
3. A name that was found once stands for itself elsewhere in the article too, where its capital tells. Nothing overlaps.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from processors.ner.tokens import Token
from schemas.entities import EntityType

SURNAME_VOTE = 0.9
PARTICLE_VOTE = 0.6
MIN_LETTERS = 3
"""Of a name of one word that is looked for elsewhere, unless it is in capitals."""
_PARTICLE_WORDS = "van de den der von di el le la du da dos al ten ter"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())

Key = tuple[str, ...]


class Found(NamedTuple):
    """Tokens `first` to one before `end` of a sentence."""

    first: int
    end: int
    type: EntityType


Sentence = Sequence[Token]


def consistent(
    sentences: Sequence[Sentence], found: Sequence[Sequence[Found]], tells: Callable[[str], bool]
) -> list[list[Found]]:
    """The names of an article's sentences, in order, not overlapping. Linear in the tokens.

    tells: whether the capital of a word says that it is a name.
    """
    best = _types(sentences, found)
    if not best:
        return [list(here) for here in found]
    longest: dict[str, int] = {}
    for key in best:
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return [
        sorted(_completed(sentence, here, best, longest, tells))
        for sentence, here in zip(sentences, found, strict=True)
    ]


def _types(sentences: Sequence[Sentence], found: Sequence[Sequence[Found]]) -> dict[Key, EntityType]:
    """The type of each name of the article."""
    votes: defaultdict[Key, dict[EntityType, float]] = defaultdict(dict)
    for sentence, here in zip(sentences, found, strict=True):
        for one in here:
            key = _key(sentence[one.first : one.end])
            votes[key][one.type] = votes[key].get(one.type, 0) + 1
            if one.type == "PER":
                for surname, weight in _surnames(key):
                    votes[surname]["PER"] = votes[surname].get("PER", 0) + weight
    return {key: max(counts, key=counts.__getitem__) for key, counts in votes.items()}


def _key(tokens: Sequence[Token]) -> Key:
    """What two mentions of one name share: their tokens without a genitive."""
    words = [token.text for token in tokens]
    if words[-1][-2:] in ("'s", "’s") and len(words[-1]) > 2:
        words[-1] = words[-1][:-2]
    return tuple(words)


def _surnames(key: Key) -> Iterator[tuple[Key, float]]:
    if len(key) < 2:
        return
    if key[-1][0].isupper() and len(key[-1]) >= MIN_LETTERS:
        yield key[-1:], SURNAME_VOTE
    for place in range(1, len(key) - 1):
        if key[place].lower() in _PARTICLES:
            yield key[place:], PARTICLE_VOTE
            yield (key[place].capitalize(), *key[place + 1 :]), PARTICLE_VOTE
            break


def _completed(
    sentence: Sentence,
    here: Sequence[Found],
    best: dict[Key, EntityType],
    longest: dict[str, int],
    tells: Callable[[str], bool],
) -> Iterator[Found]:
    taken: set[int] = set()
    for one in here:
        taken.update(range(one.first, one.end))
        yield one._replace(type=best[_key(sentence[one.first : one.end])])
    place = 0
    while place < len(sentence):
        first = sentence[place].text
        most = longest.get(first) or longest.get(_key(sentence[place : place + 1])[0], 0)
        end = 0 if place in taken or not most else _end(sentence, place, most, best, taken, tells)
        if end:
            yield Found(place, end, best[_key(sentence[place:end])])
        place = end or place + 1


def _end(
    sentence: Sentence,
    place: int,
    most: int,
    best: dict[Key, EntityType],
    taken: set[int],
    tells: Callable[[str], bool],
) -> int:
    """One after the last token of the longest known name at a place; 0 where none stands there."""
    for count in range(min(most, len(sentence) - place), 0, -1):
        key = _key(sentence[place : place + count])
        if key not in best or any(at in taken for at in range(place, place + count)):
            continue
        if count > 1 and any(word[0].isupper() for word in key):
            return place + count
        word = key[0]
        is_name = word[0].isupper() and (len(word) >= MIN_LETTERS or word.isupper())
        if count == 1 and is_name and tells(word):
            return place + count
    return 0
