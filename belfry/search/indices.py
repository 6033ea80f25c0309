"""The indices and their templates, kept as this version of Belfry wants them, whatever other versions are at work.

A template's name holds the mapping's version, so versions don't overwrite each other's. Within one version fields are
only ever added: a Belfry that knows fewer leaves a template alone that has more, or the newer one's documents would be
refused (the mapping is strict).
"""

from collections.abc import Mapping
from typing import Any, Literal, cast

import structlog
from elasticsearch import AsyncElasticsearch, BadRequestError

from belfry.search.client import as_unavailable, error_type
from belfry.search.mapping import index_templates
from belfry.search.names import IndexNames
from schemas.errors import SearchUnavailableError

log: structlog.stdlib.BoundLogger = structlog.get_logger()

Json = dict[str, Any]


class Indices:
    """Belfry's indices on the Elasticsearch behind `client`. Every method raises SearchUnavailableError."""

    def __init__(self, client: AsyncElasticsearch, names: IndexNames) -> None:
        self._client = client
        self._names = names

    async def ensure(self) -> None:
        """Have the templates, and the indices of which there is one. May be called by many at once.

        What is there already is left alone; new fields are added to the indices that exist.
        """
        with as_unavailable("preparing the indices"):
            await self._forget_former_templates()
            for name, template in index_templates(self._names).items():
                if await self._is_wanted(name, template):
                    await self._client.indices.put_index_template(name=name, **_arguments(template))
                    await self._add_fields(template)
                    log.info("index template written", template=name)
        for alias in (self._names.alerts, self._names.pipeline, self._names.dead_letters):
            await self.create(self._names.concrete(alias))

    async def prepare(self, index: str) -> None:
        """Have `index`, before anything is written to it.

        A write would make it too, but of any shape, should its template have gone (an Elasticsearch made anew).
        """
        if await self._made_by(index) is None:
            await self.ensure()
            await self.create(index)
        if await self._made_by(index) != "belfry":
            raise SearchUnavailableError(
                f"the index {index} doesn't have Belfry's mapping, so search would miss what is written to it: "
                "delete it, take away what gives it another (an index template), or set BELFRY_INDEX_PREFIX"
            )

    async def _made_by(self, index: str) -> Literal["belfry", "another"] | None:
        """Whose mapping the index has; None where it isn't there."""
        with as_unavailable("looking at an index"):
            found = await self._client.options(ignore_status=404).indices.get_mapping(index=index)
        if index not in found.body:
            return None
        return "belfry" if "belfry" in found.body[index]["mappings"].get("_meta", {}) else "another"

    async def create(self, index: str) -> None:
        """Make `index`, which gets its shape from its template, unless it is there. Two may do this at once."""
        with as_unavailable("making an index"):
            try:
                if not await self._client.indices.exists(index=index):
                    await self._client.indices.create(index=index)
            except BadRequestError as error:
                if not error_type(error).startswith("resource_already_exists_exception"):
                    raise

    async def _forget_former_templates(self) -> None:
        """Templates had no version in their names once; they would stand in the way of those that have."""
        for alias in (self._names.articles, self._names.alerts, self._names.pipeline, self._names.dead_letters):
            await self._client.options(ignore_status=404).indices.delete_index_template(name=f"belfry-{alias}")

    async def _is_wanted(self, name: str, template: Json) -> bool:
        """Whether the template must be written: it isn't there, or differs and has no fields that this one lacks."""
        answer = await self._client.options(ignore_status=404).indices.get_index_template(name=name)
        found: list[Any] = answer.body.get("index_templates", [])
        if not found:
            return True
        there = found[0]["index_template"]
        if there.get("_meta") == template["_meta"]:
            return False
        return not has_more_fields(there["template"]["mappings"], template["template"]["mappings"])

    async def _add_fields(self, template: Json) -> None:
        mapping = template["template"]["mappings"]
        await self._client.options(ignore_status=404).indices.put_mapping(
            index=template["index_patterns"],
            ignore_unavailable=True,
            properties=mapping["properties"],
            meta=mapping["_meta"],
        )


def has_more_fields(mapping: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a mapping has a field, at any depth, that the other one lacks."""
    fields = cast("Json", mapping.get("properties", {}))
    others = cast("Json", other.get("properties", {}))
    return any(name not in others or has_more_fields(field, others[name]) for name, field in fields.items())


def _arguments(template: Json) -> Json:
    return {key.lstrip("_"): value for key, value in template.items()}
