"""The Elasticsearch aggregations that an aggregation-based Kibana panel runs, from its saved state."""

from typing import Any

Json = dict[str, Any]

METRICS = frozenset({"count", "cardinality", "sum", "max", "min", "avg", "percentiles"})
BUCKETS = frozenset({"date_histogram", "terms", "significant_terms"})


def panel_aggregations(state: Json) -> Json:
    """The `aggs` of a search for `visState` `state`: its buckets nested in their order, its metrics innermost."""
    enabled = [agg for agg in state["aggs"] if agg["enabled"]]
    metrics = {agg["id"]: _metric(agg) for agg in enabled if agg["type"] in METRICS and agg["type"] != "count"}
    counted = {agg["id"] for agg in enabled if agg["type"] == "count"}
    unknown = [agg["type"] for agg in enabled if agg["type"] not in METRICS | BUCKETS]
    assert not unknown, f"no aggregation known for {unknown}"
    inner = metrics
    for agg in reversed([agg for agg in enabled if agg["type"] in BUCKETS]):
        inner = {agg["id"]: _bucket(agg, counted) | ({"aggs": inner} if inner else {})}
        # A bucket ordered by a metric needs it beside its own buckets.
        inner[agg["id"]].setdefault("aggs", {}).update(metrics)
    return inner


def _metric(agg: Json) -> Json:
    params = {"field": agg["params"]["field"]}
    if agg["type"] == "percentiles":
        params["percents"] = agg["params"]["percents"]
    return {agg["type"]: params}


def _bucket(agg: Json, counted: set[str]) -> Json:
    given = agg["params"]
    if agg["type"] == "date_histogram":
        # Kibana works "auto" out from the time shown; any fixed interval has the same form.
        return {
            "date_histogram": {"field": given["field"], "fixed_interval": "1d", "min_doc_count": given["min_doc_count"]}
        }
    params: Json = {"field": given["field"], "size": given["size"]}
    if agg["type"] == "terms":
        order = "_count" if given["orderBy"] in counted else given["orderBy"]
        params["order"] = {order: given["order"]}
    return {agg["type"]: params}
