"""What all messages share: frozen, strict about names, versioned, JSON on the wire."""

from datetime import UTC, datetime
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from schemas.errors import DecodeError


def _as_utc(moment: datetime) -> datetime:
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        # Of the first or last hours that a date can have, in another zone. As a ValueError it is the message's fault.
        raise ValueError("a time that UTC has no year for") from error


UtcDatetime = Annotated[datetime, AfterValidator(_as_utc)]
"""An aware instant in UTC; a naive one given from outside counts as UTC."""


class Message(BaseModel):
    """A message as it travels. A reader accepts its own `schema_version` and older ones, never a newer one.

    Fields that a newer writer of the same version added are ignored by an older reader.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    VERSION: ClassVar[int] = 1
    schema_version: int = 1

    def encode(self) -> bytes:
        """The message as UTF-8 JSON. Lone surrogates can't occur: texts are cleaned before they get here."""
        return self.model_dump_json().encode()

    @classmethod
    def decode(cls, value: bytes | None) -> Self:
        """The message in `value`. Raises DecodeError with code `empty`, `not_json`, `newer_schema` or `invalid`."""
        if not value:
            raise DecodeError("the record has no value", code="empty")
        try:
            message = cls.model_validate_json(value)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False)[0]
            if first["type"] == "json_invalid":
                raise DecodeError(first["msg"], code="not_json") from error
            place = ".".join(str(part) for part in first["loc"]) or "the value"
            raise DecodeError(f"{cls.__name__}: {place}: {first['msg']}", code="invalid") from error
        if message.schema_version > cls.VERSION:
            raise DecodeError(
                f"{cls.__name__} has schema version {message.schema_version}; this reader knows up to {cls.VERSION}",
                code="newer_schema",
            )
        return message
