"""What becomes of each item of a bulk answer."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from belfry.search.index import IndexWriter
from belfry.search.outcomes import item_outcome
from processors.document import IndexAction, IndexOutcome
from schemas.errors import SearchUnavailableError


def failed(status: int, code: str, reason: str = "why") -> dict[str, Any]:
    return {"index": {"status": status, "error": {"type": code, "reason": reason}}}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"index": {"status": 201}}, IndexOutcome("done")),
        ({"index": {"status": 200}}, IndexOutcome("done")),
        ({"delete": {"status": 200}}, IndexOutcome("done")),
        ({"delete": {"status": 404, "result": "not_found"}}, IndexOutcome("done")),
        (failed(409, "version_conflict_engine_exception"), IndexOutcome("superseded")),
        (failed(429, "es_rejected_execution_exception"), "again"),
        (failed(503, "unavailable_shards_exception"), "again"),
        (failed(500, "out_of_memory_error"), "again"),
        (failed(403, "cluster_block_exception"), "again"),
        (failed(404, "index_not_found_exception"), "no_index"),
        (failed(400, "document_parsing_exception"), IndexOutcome("refused", "document_parsing_exception", "why")),
        (failed(413, "too_large"), IndexOutcome("refused", "too_large", "why")),
        ({"index": {"status": 418}}, IndexOutcome("refused", "status_418", "")),
        ({"index": {}}, IndexOutcome("refused", "status_0", "")),
    ],
)
def test_an_item_has_one_outcome(item: Mapping[str, Any], expected: object) -> None:
    assert item_outcome(item) == expected


def test_a_refusal_tells_the_cause_and_is_cut() -> None:
    item = failed(400, "document_parsing_exception", "failed to parse field [version]")
    item["index"]["error"]["caused_by"] = {"type": "x", "reason": "y" * 5000}

    outcome = item_outcome(item)

    assert isinstance(outcome, IndexOutcome)
    assert outcome.reason.startswith("failed to parse field [version]: yyy")
    assert len(outcome.reason) == 1000


class Answer:
    def __init__(self, body: Any) -> None:
        self.body = body


class ReadyIndices:
    """Every index is there and Belfry's."""

    async def get_mapping(self, index: str) -> Answer:
        return Answer({index: {"mappings": {"_meta": {"belfry": {}}}}})


class ScriptedClient:
    """Answers each bulk request with the next script: one status an item."""

    def __init__(self, *answers: list[int]) -> None:
        self.answers = list(answers)
        self.sent: list[list[bytes]] = []
        self.indices = ReadyIndices()

    def options(self, **options: Any) -> "ScriptedClient":
        return self

    async def bulk(self, operations: list[bytes]) -> dict[str, Any]:
        self.sent.append(operations)
        return {"items": [{"index": {"status": status, "error": {"type": "t"}}} for status in self.answers.pop(0)]}


class Sleeper:
    def __init__(self) -> None:
        self.slept_s: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept_s.append(seconds)


def actions(count: int) -> Sequence[IndexAction]:
    return [IndexAction("i", f"a{number}", {"text": f"t{number}"}, 1) for number in range(count)]


def writer(client: Any, sleep: Sleeper) -> IndexWriter:
    return IndexWriter(client, sleep=sleep)


async def test_only_what_was_turned_away_is_sent_again() -> None:
    client, sleep = ScriptedClient([201, 429, 400, 503], [429, 200], [409]), Sleeper()

    outcomes = await writer(client, sleep).write(actions(4))

    assert [outcome.kind for outcome in outcomes] == ["done", "superseded", "refused", "done"]
    assert [[line.split(b'"_id":"')[1][:2] for line in lines] for lines in client.sent] == [
        [b"a0", b"a1", b"a2", b"a3"],
        [b"a1", b"a3"],
        [b"a1"],
    ]
    assert sleep.slept_s == [0.1, 0.3]


async def test_an_index_that_stays_busy_is_unavailable() -> None:
    client, sleep = ScriptedClient(*[[429]] * 6), Sleeper()

    with pytest.raises(SearchUnavailableError, match="turned 1 of 1 items away"):
        await writer(client, sleep).write(actions(1))

    assert len(client.sent) == 6
