"""What the tests of reading share: fixed rules, streams that arrive in crumbs, and how a result is written down."""

import io
from datetime import UTC, datetime

from producers.articles import ReadArticle, Rules
from schemas.errors import InputProblem

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULES = Rules(lambda: NOW, "desk", max_article_bytes=10_000)


class Dribble(io.BytesIO):
    """Gives at most `at_once` bytes a read, as a pipe may."""

    def __init__(self, data: bytes, at_once: int) -> None:
        super().__init__(data)
        self._at_once = at_once

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self._at_once if size is None or size < 0 else min(size, self._at_once))


def shown(one: ReadArticle | InputProblem) -> str:
    """The title of an article; place and code of a refusal."""
    if isinstance(one, ReadArticle):
        return one.raw.title
    assert one.remedy.endswith(".")
    return f"{one.path}:{one.line} {one.code}"
