"""Each article's story: that of the article which it is a copy of, else its own. Pure; the state of one language's owner.

The first article names the story. An article that has a story keeps it, whatever its later versions say; where its text
changes, copies of its first and of its last text are known. Stories that exist are never joined: a bell that has rung
can't be taken back.

Only articles within `window` of one another by date of publication are compared (an archive that is read in one day has
many years), and what was not seen for `window` is forgotten, as are the oldest of more than `at_most` articles.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from processors.stories.likeness import SHARED, WORDS_AT_LEAST, copy_score
from processors.stories.remembered import Remembered
from processors.stories.signature import Signature
from processors.stories.signature_table import SignatureTable

WINDOW = timedelta(days=3)
AT_MOST = 200_000


@dataclass(frozen=True, slots=True)
class Sighting:
    """An article as it comes: its text's signature, and when it was published."""

    article_id: str
    signature: Signature
    published_at: datetime


@dataclass(slots=True)
class _Member:
    """An article that has its story. `rows`: its signatures in the table."""

    story_id: str
    seen_at: datetime
    published_at: datetime
    rows: list[int]


class Stories:
    """See the module. Not for several threads."""

    def __init__(self, window: timedelta = WINDOW, at_most: int = AT_MOST) -> None:
        self._window = window
        self._at_most = at_most
        self._table = SignatureTable()
        self._members: dict[str, _Member] = {}
        self._owners: list[_Member] = []

    def __len__(self) -> int:
        return len(self._members)

    @property
    def signature_bytes(self) -> int:
        """What the signatures take, all together."""
        return self._table.size_bytes

    def story_of(self, article_id: str) -> str | None:
        """The story of an article that is known."""
        member = self._members.get(article_id)
        return None if member is None else member.story_id

    def place(self, sighting: Sighting, now: datetime) -> Remembered:
        """The article's story, as it is to be remembered. Placing the same article again gives the same story."""
        member = self._members.get(sighting.article_id)
        if member is None:
            story_id = self._story_of_a_copy(sighting) or sighting.article_id
            member = _Member(story_id, now, sighting.published_at, [])
            self._add(member, sighting.signature)
        else:
            member.seen_at = now
            if not any(self._table.signature(row).is_same(sighting.signature) for row in member.rows):
                self._change(member, sighting.signature)
        self._members.pop(sighting.article_id, None)
        self._members[sighting.article_id] = member  # the last one seen is the last one to be forgotten
        return self._remembered(member)

    def restore(self, article_id: str, remembered: Remembered) -> None:
        """Take in what was remembered; to be called in the order of `seen_at`."""
        self.forget(article_id)
        member = _Member(remembered.story_id, remembered.seen_at, remembered.published_at, [])
        for signature in remembered.signatures:
            self._add(member, signature)
        self._members[article_id] = member

    def forget(self, article_id: str) -> None:
        """Know the article no more. Its story goes on while other articles of it are known."""
        member = self._members.pop(article_id, None)
        for row in member.rows if member is not None else ():
            self._table.drop(row)

    def outdated(self, now: datetime) -> list[str]:
        """The articles that may be forgotten: not seen within the window, or the oldest of too many."""
        too_many = len(self._members) - self._at_most
        found: list[str] = []
        for article_id, member in self._members.items():
            if len(found) >= too_many and member.seen_at >= now - self._window:
                break
            found.append(article_id)
        return found

    def _story_of_a_copy(self, sighting: Sighting) -> str | None:
        """The story of the known article that it is most surely a copy of; of equals the oldest."""
        if sighting.signature.words < WORDS_AT_LEAST:
            return None
        best, story_id = 0.0, None
        for row in self._table.candidates(sighting.signature, SHARED):
            member = self._owners[row]
            if member.story_id == story_id or abs(member.published_at - sighting.published_at) > self._window:
                continue
            score = copy_score(sighting.signature, self._table.signature(row))
            if score > best:
                best, story_id = score, member.story_id
        return story_id

    def _change(self, member: _Member, signature: Signature) -> None:
        """The article's text is another one now: the first is kept, and this one."""
        for row in member.rows[1:]:
            self._table.drop(row)
        del member.rows[1:]
        self._add(member, signature)

    def _add(self, member: _Member, signature: Signature) -> None:
        if self._table.is_full():
            self._make_room()
        member.rows.append(self._table.put(signature))
        self._owners.append(member)

    def _make_room(self) -> None:
        kept = self._table.make_room()
        if kept is None:
            return
        self._owners = [self._owners[row] for row in kept]
        moved = {int(old): new for new, old in enumerate(kept)}
        for member in {id(owner): owner for owner in self._owners}.values():
            member.rows[:] = [moved[row] for row in member.rows]

    def _remembered(self, member: _Member) -> Remembered:
        signatures = tuple(self._table.signature(row) for row in member.rows)
        return Remembered.model_construct(
            story_id=member.story_id,
            seen_at=member.seen_at,
            published_at=member.published_at,
            signatures=signatures,
        )
