"""The fake sink keeps the contract."""

import pytest

from schemas.articles import RawArticle
from tests.contract.article_sink_contract import ArticleSinkContract
from tests.contract.fake_article_sink import FakeArticleSink


class FakeDesk:
    def __init__(self) -> None:
        self.sink = FakeArticleSink()

    def articles(self) -> list[tuple[str, RawArticle]]:
        return [(one.raw.article_id, one.raw) for one in self.sink.written]


class TestFakeArticleSink(ArticleSinkContract):
    @pytest.fixture
    def desk(self) -> FakeDesk:
        return FakeDesk()
