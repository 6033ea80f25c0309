"""The index of the index role: the writer, with the indices' templates made sure of before the first write."""

from collections.abc import Sequence

from belfry.search.client import connect
from belfry.search.index import IndexWriter
from processors.agents.index import Written
from processors.document import IndexOutcome
from schemas.alerts import Alert
from schemas.articles import EnrichedArticle
from schemas.dead_letters import DeadLetter
from schemas.errors import IndexRefusedError
from schemas.pipeline import PipelineMinute


class ElasticsearchIndex:
    """The Index of the index role, on the Elasticsearch at `url`."""

    def __init__(self, url: str, prefix: str) -> None:
        self._prefix = prefix
        self._client = connect(url)
        self._writer: IndexWriter | None = None

    async def prepare(self) -> None:
        """See Index."""
        await self._ready()

    async def write_articles(self, articles: Sequence[EnrichedArticle]) -> Sequence[Written]:
        """See Index."""
        return _written(await (await self._ready()).write_articles(articles))

    async def write_alerts(self, alerts: Sequence[Alert]) -> Sequence[Written]:
        """See Index."""
        return _written(await (await self._ready()).write_alerts(alerts))

    async def write_dead_letters(self, letters: Sequence[DeadLetter]) -> Sequence[Written]:
        """See Index."""
        return _written(await (await self._ready()).write_dead_letters(letters))

    async def write_pipeline(self, minutes: Sequence[PipelineMinute]) -> Sequence[Written]:
        """See Index."""
        return _written(await (await self._ready()).write_pipeline(minutes))

    async def close(self) -> None:
        """See Index."""
        await self._client.close()

    async def _ready(self) -> IndexWriter:
        if self._writer is None:
            writer = IndexWriter(self._client, self._prefix)
            await writer.ensure()
            self._writer = writer
        return self._writer


def _written(outcomes: Sequence[IndexOutcome]) -> Sequence[Written]:
    return [
        IndexRefusedError(f"{outcome.code}: {outcome.reason}", code="refused_by_index")
        if outcome.kind == "refused"
        else outcome.kind
        for outcome in outcomes
    ]
