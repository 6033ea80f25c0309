"""Every error that Belfry raises on purpose, as one tree.

    BelfryError
    ├── UsageError            exit 2: wrong use, nothing was done
    │   ├── QueryError        an alert-language query that can't be used (column, expected, suggestion)
    │   ├── ChannelError      an address that messages can't be sent to, with the remedy
    │   └── SettingsError     a setting that can't be used
    ├── InputError            one refused input: file, line, reason code, remedy; the rest goes on
    ├── DecodeError           a Kafka value that is not the message it should be
    ├── EnrichError           an article that a step of enrichment refuses for good (code)
    ├── IndexRefusedError          a document that Elasticsearch refuses for good (code)
    ├── Undeliverable         a message that its receiver didn't take (reason, whether to retry)
    └── ServiceError          something outside doesn't do its part
        ├── StackError        a server of the local stack can't be started or kept (remedy)
        ├── KafkaUnavailableError  the broker can't be reached or doesn't answer
        └── SearchUnavailableError Elasticsearch can't be reached or doesn't answer

Messages name the place and the remedy. Driver errors are wrapped at the adapter with `raise … from`.
"""

from dataclasses import dataclass
from typing import Literal


class BelfryError(Exception):
    """Root of all errors that Belfry raises on purpose."""


class UsageError(BelfryError):
    """Wrong use: nothing was done; the command ends with 2."""


class QueryError(UsageError):
    """A query that can't be used.

    `column` counts code points from 1; `expected` lists what could stand there; `suggestion` is a remedy, ready
    to read; `code` is bounded (see docs/errors.md).
    """

    def __init__(
        self,
        message: str,
        *,
        column: int = 1,
        expected: tuple[str, ...] = (),
        suggestion: str = "",
        code: str = "syntax",
    ) -> None:
        self.message = message
        self.column = column
        self.expected = expected
        self.suggestion = suggestion
        self.code = code
        super().__init__(message)

    def __str__(self) -> str:
        expected = f"; expected {', '.join(self.expected)}" if self.expected else ""
        suggestion = f". {self.suggestion}" if self.suggestion else ""
        return f"column {self.column}: {self.message}{expected}{suggestion}"


class ChannelError(UsageError):
    """An address that messages can't be sent to; the message says why, and what to write."""


class SettingsError(UsageError):
    """A setting that can't be used; the message names it and says what it takes."""


@dataclass(frozen=True)
class InputProblem:
    """One refused input: where (`path`, 1-based `line` or None), why (`code`, `reason`), what to do (`remedy`)."""

    path: str
    line: int | None
    code: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.reason}. {self.remedy}"


class InputError(BelfryError):
    """An input that is refused; the rest goes on."""

    def __init__(self, problem: InputProblem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class DecodeError(BelfryError):
    """Bytes that are not the message they should be. `code` is one of the dead letters' reasons."""

    def __init__(self, message: str, *, code: str) -> None:
        self.code = code
        super().__init__(message)


class EnrichError(BelfryError):
    """An article that a step refuses for good. `code` is one of the dead letters' reasons."""

    def __init__(self, message: str, *, code: str) -> None:
        self.code = code
        super().__init__(message)


class IndexRefusedError(BelfryError):
    """A document that Elasticsearch refuses for good. `code` is one of the dead letters' reasons."""

    def __init__(self, message: str, *, code: str) -> None:
        self.code = code
        super().__init__(message)


UndeliverableReason = Literal[
    "address_refused",
    "bad_address",
    "busy",
    "failed",
    "misconfigured",
    "redirected",
    "refused",
    "timeout",
    "tls",
    "unreachable",
]
"""Why a receiver didn't take a message; documented in docs/errors.md."""


class Undeliverable(BelfryError):  # noqa: N818 what it says of the message
    """A message that its receiver didn't take.

    `reason` is a bounded code (see docs/errors.md), `text` what happened, for people. `retry`: trying again may help;
    not before `retry_after_s` where the receiver said so.
    """

    def __init__(self, reason: str, text: str, *, retry: bool, retry_after_s: float | None = None) -> None:
        self.reason = reason
        self.text = text
        self.retry = retry
        self.retry_after_s = retry_after_s
        super().__init__(f"{reason}: {text}")


class ServiceError(BelfryError):
    """Something outside Belfry doesn't do its part; trying later may help."""


class StackError(ServiceError):
    """A server of the local stack can't be had, started or kept. `remedy` says what to do."""

    def __init__(self, message: str, *, remedy: str) -> None:
        self.remedy = remedy
        super().__init__(f"{message}. {remedy}")


class KafkaUnavailableError(ServiceError):
    """The Kafka broker can't be reached or doesn't answer."""


class SearchUnavailableError(ServiceError):
    """Elasticsearch can't be reached or doesn't answer."""
