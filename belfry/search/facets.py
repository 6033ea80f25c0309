"""What the articles that were found have in common, counted by Elasticsearch. Pure."""

from typing import Any

Json = dict[str, Any]
Facets = dict[str, dict[str, int]]
"""Facet -> value -> how many articles: the most frequent values first, months in order."""

FACET_FIELDS = {
    "languages": "language",
    "sources": "source",
    "people": "entity_names.PER",
    "organisations": "entity_names.ORG",
    "places": "entity_names.LOC",
    "concepts": "concept_ids",
}
FACET_VALUES = 10


def facet_aggregations() -> Json:
    """The aggregations for `facets`."""
    terms: Json = {name: {"terms": {"field": field, "size": FACET_VALUES}} for name, field in FACET_FIELDS.items()}
    months = {"field": "published_at", "calendar_interval": "month", "min_doc_count": 1, "format": "yyyy-MM"}
    return terms | {"months": {"date_histogram": months}}


def facets(aggregations: Json) -> Facets:
    """The facets in Elasticsearch's answer to `facet_aggregations`; where there is no index yet, it has none."""
    buckets = {name: aggregations[name]["buckets"] for name in (*FACET_FIELDS, "months") if name in aggregations}
    return {name: {_key(bucket): bucket["doc_count"] for bucket in found} for name, found in buckets.items()}


def _key(bucket: Json) -> str:
    return bucket.get("key_as_string", bucket["key"])
