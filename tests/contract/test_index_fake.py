"""The fake index keeps the contract."""

from typing import Any

import pytest

from belfry.search.fake import FakeIndex
from tests.contract.index_contract import IndexContract


class FakeStore:
    prefix = ""

    def __init__(self) -> None:
        self.writer = FakeIndex()

    async def document(self, index: str, name: str) -> dict[str, Any] | None:
        return self.writer.documents.get((index, name))


class TestFakeIndex(IndexContract):
    @pytest.fixture
    def store(self) -> FakeStore:
        return FakeStore()
