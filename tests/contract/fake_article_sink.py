"""A sink in memory: an article is confirmed when it is settled, or when more than `under_way` are waiting."""

from producers.articles import ReadArticle
from schemas.errors import InputProblem
from schemas.topics import MAX_MESSAGE_BYTES


class FakeArticleSink:
    """Keeps articles in the order sent. `fail_after` raises `error` instead of confirming more than so many."""

    def __init__(self, under_way: int = 3, fail_after: int | None = None, error: Exception | None = None) -> None:
        self.written: list[ReadArticle] = []
        self._waiting: list[ReadArticle] = []
        self._under_way = under_way
        self._fail_after = fail_after
        self._error = error or RuntimeError()

    @property
    def confirmed(self) -> int:
        return len(self.written)

    @property
    def unconfirmed(self) -> tuple[ReadArticle, ...]:
        return tuple(self._waiting)

    def send(self, article: ReadArticle) -> list[InputProblem]:
        self._waiting.append(article)
        return self._settle(self._under_way)

    def settle(self) -> list[InputProblem]:
        return self._settle(0)

    def _settle(self, left: int) -> list[InputProblem]:
        refused: list[InputProblem] = []
        while len(self._waiting) > left:
            if len(self.written) == self._fail_after:
                raise self._error
            article = self._waiting.pop(0)
            if len(article.raw.encode()) > MAX_MESSAGE_BYTES:
                refused.append(article.place.problem("too_large", "too large for the topic", "Split it."))
            else:
                self.written.append(article)
        return refused
