"""The matches of articles as JSON lines: what `belfry match` prints."""

from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from processors.matching.articles import MatchArticle
from processors.matching.compiled.lines import write_lines
from processors.matching.compiled.store import Rows
from processors.matching.matcher import Matcher

_ROOM_BYTES: Final = 1 << 16


class JsonLines:
    """A line for each subscription that matches: `article_id`, `subscription_id`, `spans` as Span's fields.

    The lines are those that orjson would write, made by a kernel: where an article has a thousand spans, writing them took
    twice the time of finding them. Not safe for threads, as little as the matcher.
    """

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._heads = Rows(room=_ROOM_BYTES, dtype=np.uint8)
        self._head_places = Rows(2, dtype=np.int64)
        self._written: NDArray[np.int64] = np.zeros((1024, 2), np.int64)
        self._out: NDArray[np.uint8] = np.zeros(_ROOM_BYTES, np.uint8)

    @property
    def cut_short(self) -> bool:
        """See Matcher."""
        return self._matcher.cut_short

    def put(self, subscription_id: str, query: str) -> None:
        """Add a subscription, or replace its query. Raises QueryError, and then nothing is changed."""
        number = self._matcher.put(subscription_id, query)
        head = b',"subscription_id":' + orjson.dumps(subscription_id) + b',"spans":['
        at = self._heads.extend(_bytes(head))
        self._head_places.reserve(number + 1)
        self._head_places.array[number] = at, len(head)

    def lines(self, article_id: str, article: MatchArticle) -> bytes:
        """A line for each subscription that matches, in the order in which they were last put."""
        matches, places, codes = self._matcher.answer(article)
        if not len(matches):
            return b""
        if len(places) > len(self._written):
            self._written = np.zeros((2 * len(places), 2), np.int64)
        start = _bytes(b'{"article_id":' + orjson.dumps(article_id))
        while True:
            size: int = write_lines(
                matches,
                places,
                codes,
                len(article.title),
                start,
                _read_only(self._heads.array),
                self._head_places.array,
                self._written,
                self._out,
            )
            if size >= 0:
                return self._out[:size].tobytes()
            self._out = np.zeros(2 * len(self._out), np.uint8)


def _bytes(value: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(value, np.uint8)


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view
