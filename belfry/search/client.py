"""The driver, and its errors as Belfry's own."""

import io
import logging
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from elastic_transport import AiohttpHttpNode, HttpHeaders, TransportError
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, AsyncElasticsearch

from schemas.errors import SearchUnavailableError, SettingsError

REQUEST_TIMEOUT_S = 30.0

# What it warns of is raised as an error besides, and that is what people are told.
logging.getLogger("elastic_transport.node_pool").setLevel(logging.ERROR)

STREAMED_BYTES = 512 * 1024
"""A larger body is handed to aiohttp as a stream, or it is copied to the socket in one go, while all else waits."""


class StreamingNode(AiohttpHttpNode):
    """The driver's own connection, but a large body doesn't hold up the event loop."""

    async def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: Any = DEFAULT,  # whose own type is not to be had
    ) -> Any:
        """See the driver."""
        sent: Any = io.BytesIO(body) if body is not None and len(body) > STREAMED_BYTES else body
        return await super().perform_request(method, target, sent, headers, request_timeout)

    def _log_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Log nothing: the driver decodes every body for its debug log, whether or not anybody reads that."""


def connect(url: str) -> AsyncElasticsearch:
    """A client of the Elasticsearch at `url`; nothing is sent yet. Close it when done.

    It never tries again by itself: who writes decides that item by item, who reads says it to the user.
    Raises SettingsError where it is no address; the message doesn't repeat it, for a password may stand in it.
    """
    try:
        return AsyncElasticsearch(
            url, node_class=StreamingNode, request_timeout=REQUEST_TIMEOUT_S, max_retries=0, retry_on_timeout=False
        )
    except ValueError as error:
        raise SettingsError(
            "BELFRY_ELASTICSEARCH_URL: no address with scheme, host and port; write it as http://127.0.0.1:9200"
        ) from error


@contextmanager
def as_unavailable(doing: str) -> Generator[None]:
    """Raise SearchUnavailableError for whatever the driver raises inside. `doing` is like "searching the articles"."""
    try:
        yield
    except ApiError as error:
        raise SearchUnavailableError(
            f"Elasticsearch answered {error.status_code} while {doing}: {error_type(error)}"
        ) from error
    except TransportError as error:
        raise SearchUnavailableError(
            f"Elasticsearch can't be reached while {doing}: {error.message}. `belfry status` says whether it runs"
        ) from error


def error_type(error: ApiError) -> str:
    """Elasticsearch's name of the error ("index_not_found_exception", …) and its reason, else the answer, cut, on one line."""
    body: Any = error.body
    try:
        cause: Any = body["error"]
        return f"{cause['type']}: {cause['reason']}"[:300]
    except (KeyError, TypeError):
        return " ".join(str(body).split())[:300]
