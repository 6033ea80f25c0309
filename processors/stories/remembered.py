"""What is remembered of an article for its story: a value of the group role's changelog. Pure."""

import base64
import binascii
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator

from processors.stories.signature import Signature
from schemas.messages import UtcDatetime


def _decoded(value: object) -> Signature:
    if isinstance(value, Signature):
        return value
    try:
        return Signature.decode(base64.b64decode(str(value), validate=True))
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _encoded(signature: Signature) -> str:
    return base64.b64encode(signature.encode()).decode()


EncodedSignature = Annotated[Signature, PlainValidator(_decoded), PlainSerializer(_encoded)]


class Remembered(BaseModel):
    """An article's story, and the signatures by which its copies are known: of its first text and of its last.

    `seen_at`: when it was last placed, by which it is forgotten one day.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    story_id: str
    seen_at: UtcDatetime
    published_at: UtcDatetime
    signatures: Annotated[tuple[EncodedSignature, ...], Field(min_length=1, max_length=2)]

    def encode(self) -> bytes:
        """As JSON."""
        return self.model_dump_json().encode()
