"""What everything that writes articles to an index must do, the fake and the real one alike."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from processors.document import IndexAction, IndexOutcome

MOMENT = datetime(2022, 1, 14, 9, 30, tzinfo=UTC)


class Writer(Protocol):
    async def write(self, batch: Sequence[IndexAction]) -> list[IndexOutcome]: ...


class Store(Protocol):
    """What the contract needs besides the writer: to look."""

    writer: Writer
    prefix: str

    async def document(self, index: str, name: str) -> dict[str, Any] | None: ...


def minimal(**fields: Any) -> dict[str, Any]:
    return {"article_id": "a", "text": "troepen", "language": "nl", "published_at": MOMENT.isoformat()} | fields


class IndexContract:
    """Subclasses give the fixture `store`."""

    def action(self, store: Store, name: str = "a", version: int = 5, **fields: Any) -> IndexAction:
        return IndexAction(f"{store.prefix}articles-v1-2022-01", name, minimal(article_id=name, **fields), version)

    def deletion(self, store: Store, name: str = "a", version: int = 5) -> IndexAction:
        return IndexAction(f"{store.prefix}articles-v1-2022-01", name, None, version)

    async def text(self, store: Store, name: str = "a") -> str | None:
        document = await store.document(f"{store.prefix}articles-v1-2022-01", name)
        return None if document is None else document["text"]

    async def test_an_empty_batch_has_no_outcomes(self, store: Store) -> None:
        assert await store.writer.write([]) == []

    async def test_outcomes_come_in_the_order_of_the_batch(self, store: Store) -> None:
        await store.writer.write([self.action(store, "b", 9)])

        outcomes = await store.writer.write(
            [self.action(store, "a"), self.action(store, "b", 8), self.action(store, "c", no_such_field=1)]
        )

        assert [outcome.kind for outcome in outcomes] == ["done", "superseded", "refused"]

    async def test_a_newer_version_overwrites_an_older_one(self, store: Store) -> None:
        await store.writer.write(
            [self.action(store, version=5, text="oud"), self.action(store, version=6, text="nieuw")]
        )

        assert await self.text(store) == "nieuw"

    async def test_an_older_version_is_superseded_and_changes_nothing(self, store: Store) -> None:
        await store.writer.write([self.action(store, version=6, text="nieuw")])

        assert await store.writer.write([self.action(store, version=5, text="oud")]) == [IndexOutcome("superseded")]
        assert await self.text(store) == "nieuw"

    async def test_the_same_version_may_be_written_twice(self, store: Store) -> None:
        outcomes = [await store.writer.write([self.action(store)]) for _ in range(2)]

        assert outcomes == [[IndexOutcome("done")]] * 2

    async def test_a_deletion_at_its_version_removes_the_article(self, store: Store) -> None:
        await store.writer.write([self.action(store, version=5)])

        assert await store.writer.write([self.deletion(store, version=6)]) == [IndexOutcome("done")]
        assert await self.text(store) is None

    async def test_a_deletion_of_what_is_not_there_is_done(self, store: Store) -> None:
        assert await store.writer.write([self.deletion(store, "never")]) == [IndexOutcome("done")]

    async def test_an_older_deletion_is_superseded(self, store: Store) -> None:
        await store.writer.write([self.action(store, version=6)])

        assert await store.writer.write([self.deletion(store, version=5)]) == [IndexOutcome("superseded")]
        assert await self.text(store) == "troepen"

    async def test_a_late_older_version_does_not_bring_back_what_was_deleted(self, store: Store) -> None:
        await store.writer.write([self.action(store, version=5), self.deletion(store, version=7)])

        assert await store.writer.write([self.action(store, version=6)]) == [IndexOutcome("superseded")]
        assert await self.text(store) is None

    async def test_a_document_with_an_unknown_field_is_refused_alone(self, store: Store) -> None:
        outcomes = await store.writer.write([self.action(store, "a", no_such_field=1), self.action(store, "b")])

        assert [outcome.kind for outcome in outcomes] == ["refused", "done"]
        assert "no_such_field" in outcomes[0].reason
        assert await self.text(store, "b") == "troepen"

    async def test_an_article_without_a_version_is_written_over(self, store: Store) -> None:
        for text in ("eerst", "dan"):
            action = self.action(store, text=text)
            await store.writer.write([IndexAction(action.index, action.id, action.document)])

        assert await self.text(store) == "dan"
