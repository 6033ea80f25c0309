"""What the indices look like: strict mappings, and templates that give a month's index its shape when it is made.

An article's document is the whole EnrichedArticle, so that it can be read back from `_source`, and beside it what
`processors.document` derives: `stems` and `forms` for candidate queries, ids and names for facets, and the title and
text once more under `analysed`, in the field of the article's language. What is derived and large is not kept in
`_source`: it is made anew from the article whenever it is indexed.

Nothing here needs more than the published server has: no painless, no ingest, no ILM, no codec.
"""

import hashlib
import json
from typing import Any

from belfry.search.names import IndexNames
from processors.document import ANALYSED_LANGUAGES, MAPPING_VERSION

Json = dict[str, Any]

MAX_KEYWORD_CHARS = 8191
"""Lucene refuses a whole document for one term over 32,766 bytes; a character takes at most four."""

ANALYSERS = {
    "nl": "dutch",
    "en": "english",
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "pt": "portuguese",
}
"""Elasticsearch's analyser for each of ANALYSED_LANGUAGES; the local node has them by Belfry's own module."""

_KEYWORD: Json = {"type": "keyword", "ignore_above": MAX_KEYWORD_CHARS}
_LOOKUP: Json = {"type": "keyword", "ignore_above": MAX_KEYWORD_CHARS, "doc_values": False}
"""Found, never counted or sorted by: no column is kept."""
_DATE: Json = {"type": "date"}
_KEPT: Json = {"type": "object", "enabled": False}
"""Kept in `_source`, not looked into: its names are not ours to know, or it is searched through a derived field."""


def article_mapping() -> Json:
    """The mapping of a month's index."""
    derived: Json = {
        "stems": _LOOKUP,
        "forms": _LOOKUP,
        "entity_ids": _KEYWORD,
        "entity_names": {
            "dynamic": "strict",
            "properties": dict.fromkeys(("PER", "ORG", "LOC", "MISC"), _KEYWORD),
        },
        "concept_ids": _KEYWORD,
        "words": {"type": "integer"},
        "analysed": {
            "dynamic": "strict",
            "properties": {
                field: {
                    "dynamic": "strict",
                    "properties": {
                        language: {"type": "text", "analyzer": ANALYSERS[language]} for language in ANALYSED_LANGUAGES
                    },
                }
                for field in ("title", "text")
            },
        },
    }
    return _mapping(_article_properties() | derived, excluded=("stems", "forms", "analysed"))


def _article_properties() -> Json:
    """The fields of EnrichedArticle, all of them: the mapping is strict."""
    return {
        "schema_version": {"type": "short"},
        "article_id": _KEYWORD,
        "source": _KEYWORD,
        "url": _KEYWORD,
        "title": {"type": "text", "analyzer": "standard"},
        "text": {"type": "text", "analyzer": "standard"},
        "language": {"type": "keyword", "ignore_above": MAX_KEYWORD_CHARS, "null_value": "und"},
        "language_confidence": {"type": "float"},
        "published_at": _DATE,
        "fetched_at": _DATE,
        "updated_at": _DATE,
        "embargoed_until": _DATE,
        "authors": _KEYWORD,
        "tags": _KEYWORD,
        "guid": _KEYWORD,
        "status": _KEYWORD,
        "meta": _KEPT,
        "entities": _KEPT,
        "concepts": _KEPT,
        "story_id": _KEYWORD,
        "content_hash": _KEYWORD,
        "version": {"type": "long"},
        "month": _KEYWORD,
        "timings_ms": _KEPT,
    }


def alert_mapping() -> Json:
    """The mapping of the alerts: an Alert as it is, its spans kept but not looked into."""
    return _mapping(
        {
            "schema_version": {"type": "short"},
            "alert_id": _KEYWORD,
            "subscription_id": _KEYWORD,
            "subscription_version": {"type": "integer"},
            "article_id": _KEYWORD,
            "version": {"type": "long"},
            "story_id": _KEYWORD,
            "matched_at": _DATE,
            "spans": _KEPT,
            "excerpts": _KEPT,
            "passages": _KEPT,
            "entities": _KEYWORD,
            "article": {
                "dynamic": "strict",
                "properties": {
                    "title": {"type": "text", "analyzer": "standard"},
                    "url": _KEYWORD,
                    "source": _KEYWORD,
                    "guid": _KEYWORD,
                    "published_at": _DATE,
                    "language": _KEYWORD,
                },
            },
        }
    )


def dead_letter_mapping() -> Json:
    """The mapping of the dead letters: a DeadLetter without its value, which stays in the topic."""
    return _mapping(
        {
            "schema_version": {"type": "short"},
            "id": _KEYWORD,
            "stage": _KEYWORD,
            "reason": _KEYWORD,
            "error": {"type": "text", "analyzer": "standard"},
            "key": _KEYWORD,
            "value_sha256": _KEYWORD,
            "topic": _KEYWORD,
            "partition": {"type": "integer"},
            "offset": {"type": "long"},
            "failed_at": _DATE,
            "origin": _KEYWORD,
        }
    )


def pipeline_mapping() -> Json:
    """The mapping of the workers' minutes (schemas.pipeline.PipelineMinute)."""
    whole: Json = {"type": "long"}
    return _mapping(
        {
            "schema_version": {"type": "short"},
            "minute": _DATE,
            "role": _KEYWORD,
            "worker": _KEYWORD,
            "read": whole,
            "done": whole,
            "repeated": whole,
            "held": whole,
            "dead": whole,
            "superseded": whole,
            "alerts": whole,
            "lag": whole,
            "latency_ms": {
                "dynamic": "strict",
                "properties": {name: {"type": "float"} for name in ("p50", "p95", "p99")},
            },
            "dead_letters": {
                "type": "nested",
                "dynamic": "strict",
                "properties": {"reason": _KEYWORD, "count": whole},
            },
        }
    )


def _mapping(properties: Json, excluded: tuple[str, ...] = ()) -> Json:
    mapping: Json = {"dynamic": "strict", "properties": properties}
    if excluded:
        mapping["_source"] = {"excludes": list(excluded)}
    digest = hashlib.sha256(json.dumps(mapping, sort_keys=True).encode()).hexdigest()[:16]
    return mapping | {"_meta": {"belfry": {"mapping_version": MAPPING_VERSION, "fingerprint": digest}}}


_SETTINGS: Json = {
    "number_of_shards": 1,
    # None on a single node, which could not place them; one where there are two nodes or more.
    "auto_expand_replicas": "0-1",
    # Said outright, because the default lets an index that nobody searched for 30 s stop refreshing.
    "refresh_interval": "1s",
    # How long a deletion's version is remembered: a late older version must not bring back what was canceled.
    "gc_deletes": "1h",
}


def index_templates(names: IndexNames) -> dict[str, Json]:
    """Every index template by its name. An index gets mapping, settings and read alias from it when it is made."""
    shapes = {
        names.articles: (names.articles_pattern, article_mapping(), _article_settings()),
        names.alerts: (names.concrete(names.alerts), alert_mapping(), _SETTINGS),
        names.pipeline: (names.concrete(names.pipeline), pipeline_mapping(), _SETTINGS),
        names.dead_letters: (names.concrete(names.dead_letters), dead_letter_mapping(), _SETTINGS),
    }
    return {
        f"belfry-{alias}-v{MAPPING_VERSION}": {
            "index_patterns": [pattern],
            # Above a cluster's own catch-all templates and Elastic's built-in ones (100 to 200).
            "priority": 500,
            "version": MAPPING_VERSION,
            "template": {"settings": {"index": settings}, "mappings": mapping, "aliases": {alias: {}}},
            "_meta": mapping["_meta"],
        }
        for alias, (pattern, mapping, settings) in shapes.items()
    }


def _article_settings() -> Json:
    fields = ["title", "text", *(f"analysed.{f}.{language}" for f in ("title", "text") for language in ANALYSERS)]
    # What a search without a field looks into (Kibana's search bar): by default all fields, keywords included.
    return _SETTINGS | {"query": {"default_field": fields}}
