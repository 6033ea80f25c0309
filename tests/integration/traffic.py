"""Articles of every kind, and what must become of each: for tests that count."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from schemas.articles import RawArticle
from tests.integration.line import Line, article

REFUSED_MONTH = "2019-02"
"""Whose index refuses every article: see `refuse_month`."""


def refuse_month(line: Line) -> None:
    """Make the index of REFUSED_MONTH one that refuses whatever is written to it."""
    line.elasticsearch.options(ignore_status=400).indices.create(
        index=line.names.month(REFUSED_MONTH), settings={"index.default_pipeline": "one-that-is-not-there"}
    )


@dataclass
class Traffic:
    """What was made so far. `latest`: text by article id, or None where the article was canceled last."""

    word: str = field(default_factory=lambda: f"bel{uuid.uuid4().hex[:8]}")
    sent: int = 0
    repeated: int = 0
    held: int = 0
    dead: int = 0
    indexed: int = 0
    bells: int = 0
    latest: dict[str, str | None] = field(default_factory=dict[str, "str | None"])

    def records(self, count: int, seed: int) -> Iterator[tuple[bytes, bytes]]:
        """(key, value) of so many records, in the order in which they are to be sent."""
        chance = random.Random(seed)
        known: list[RawArticle] = []
        for number in range(count):
            self.sent += 1
            kind = chance.choices(
                ("new", "repeat", "version", "cancel", "held", "broken", "mismatch", "refused"),
                (70, 10, 6, 2, 4, 4, 2, 2),
            )[0]
            if kind in ("repeat", "version", "cancel") and not known:
                kind = "new"
            text = f"Bericht {number} over {self.word} en {chance.choice(('troepen', 'regen', 'de NAVO'))}."
            if kind == "new":
                each = article(body=text)
                known.append(each)
                yield self._sent_on(each)
            elif kind == "repeat":
                self.repeated += 1
                each = chance.choice(known)
                yield _record(each)
            elif kind in ("version", "cancel"):
                place = chance.randrange(len(known))
                status = "canceled" if kind == "cancel" else "usable"
                each = known[place].model_copy(update={"body": text, "status": status})
                known[place] = each
                yield self._sent_on(each)
            elif kind == "held":
                self.held += 1
                later = datetime.now(UTC) + timedelta(hours=1)
                yield _record(article(body=text, **chance.choice(({"status": "withheld"}, {"embargoed_until": later}))))
            elif kind == "refused":
                self.dead += 1
                self.bells += 1  # the index has nothing to do with bells
                yield _record(article(body=text, published_at=datetime(2019, 2, 3, tzinfo=UTC)))
            else:
                self.dead += 1
                each = article(body=text)
                broken = each.encode()[: chance.randrange(1, 60)]
                yield (each.article_id.encode(), broken) if kind == "broken" else (b"another key", each.encode())

    def _sent_on(self, each: RawArticle) -> tuple[bytes, bytes]:
        self.indexed += 1
        usable = each.status == "usable"
        self.bells += usable
        self.latest[each.article_id] = each.body if usable else None
        return _record(each)


def _record(each: RawArticle) -> tuple[bytes, bytes]:
    return each.article_id.encode(), each.encode()
