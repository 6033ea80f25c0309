"""Where articles go, as the rest of the code sees it."""

from typing import Protocol

from producers.articles import ReadArticle
from schemas.errors import InputProblem


class ArticleSink(Protocol):
    """Takes articles and confirms each. Both methods give what was refused since the last call, in the order sent.

    Both raise KafkaUnavailableError when nothing has been confirmed for the sink's deadline; what was confirmed until
    then stays confirmed. Not for several threads.
    """

    @property
    def confirmed(self) -> int:
        """How many articles are written for certain. Never more than that."""
        ...

    @property
    def unconfirmed(self) -> tuple[ReadArticle, ...]:
        """What was sent and is neither confirmed nor refused yet, in the order sent; it may have been written or not."""
        ...

    def send(self, article: ReadArticle) -> list[InputProblem]:
        """Send one; waits where too much is under way already."""
        ...

    def settle(self) -> list[InputProblem]:
        """Wait until everything that was sent is confirmed or refused."""
        ...
