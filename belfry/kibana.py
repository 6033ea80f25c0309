"""Kibana's saved objects: read from `kibana/`, put together for an export, sent to a Kibana.

One file an object, in the form that Kibana 8.9 and later (9 too) import, but for one thing: what Kibana keeps as JSON
inside a string stands as JSON in the files, so that a change can be read. `kibana/README.md` says how to change one.
"""

import json
import urllib.error
import urllib.request
import uuid
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit, urlunsplit

from schemas.errors import ServiceError, UsageError

Json = dict[str, Any]

FOLDER = Path(__file__).resolve().parent.parent / "kibana"

ENCODED = frozenset(
    {
        "fieldAttrs",
        "fieldFormatMap",
        "fields",
        "optionsJSON",
        "panelsJSON",
        "runtimeFieldMap",
        "searchSourceJSON",
        "sourceFilters",
        "uiStateJSON",
        "visState",
    }
)
"""Attributes that Kibana keeps as JSON inside a string."""

IMPORT_TIMEOUT_S = 30.0


def saved_objects(prefix: str = "", folder: Path = FOLDER) -> list[Json]:
    """All saved objects as Kibana imports them, in a fixed order: first what others refer to.

    Data views look at the indices under `prefix`; with one, ids and titles carry it too, so that two installations
    can share a Kibana. Raises UsageError where the folder holds none.
    """
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*/*.json"))]
    if not found:
        raise UsageError(f"no saved objects under {folder}: run this from Belfry's checkout or image")
    order = ("index-pattern", "search", "visualization", "dashboard")
    found.sort(key=lambda saved: (order.index(saved["type"]), saved["id"]))
    return [_as_imported(_under_prefix(saved, prefix)) for saved in found]


def ndjson(objects: Sequence[Json]) -> str:
    """The objects as NDJSON, one a line."""
    return "".join(json.dumps(saved, ensure_ascii=False, separators=(",", ":")) + "\n" for saved in objects)


def import_objects(objects: Sequence[Json], url: str, *, overwrite: bool = True) -> int:
    """Send the objects to the Kibana at `url` (user and password in it, if it wants any); return how many it took.

    Raises ServiceError where Kibana can't be reached or refuses one, with its reason; UsageError for an address that
    is none.
    """
    request = _import_request(ndjson(objects), url, overwrite=overwrite)
    try:
        with urllib.request.urlopen(request, timeout=IMPORT_TIMEOUT_S) as answer:  # noqa: S310 - checked to be http(s)
            result: Json = json.load(answer)
    except urllib.error.HTTPError as error:
        raise ServiceError(f"Kibana answered {error.code}: {error.read(500).decode('utf-8', 'replace')}") from error
    except (OSError, ValueError) as error:
        raise ServiceError(f"Kibana can't be reached: {error}") from error
    if not result.get("success"):
        refused = "; ".join(
            f"{each.get('type')} {each.get('id')}: {each.get('error', {}).get('type')}"
            for each in result.get("errors", [])
        )
        raise ServiceError(f"Kibana refused saved objects: {refused}")
    return int(result["successCount"])


def _import_request(body: str, url: str, *, overwrite: bool) -> urllib.request.Request:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("the address of a Kibana begins with http:// or https://")
    path = parts.path.rstrip("/") + "/api/saved_objects/_import"
    host = parts.netloc.rpartition("@")[2]
    target = urlunsplit((parts.scheme, host, path, "overwrite=true" if overwrite else "", ""))
    boundary = uuid.uuid4().hex
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="belfry.ndjson"\r\n'
        "Content-Type: application/ndjson\r\n\r\n"
    )
    request = urllib.request.Request(  # noqa: S310 - checked to be http(s)
        target, data=f"{head}{body}\r\n--{boundary}--\r\n".encode(), method="POST"
    )
    request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
    request.add_header("kbn-xsrf", "belfry")
    if parts.username is not None:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        request.add_header("Authorization", f"Basic {b64encode(login.encode()).decode()}")
    return request


def _under_prefix(saved: Json, prefix: str) -> Json:
    if not prefix:
        return saved
    moved = saved | {"id": prefix + saved["id"], "attributes": dict(saved["attributes"])}
    moved["references"] = [reference | {"id": prefix + reference["id"]} for reference in saved["references"]]
    if saved["type"] == "index-pattern":
        moved["attributes"]["title"] = prefix + saved["attributes"]["title"]
        moved["attributes"]["name"] = f"{saved['attributes']['name']} ({prefix})"
    else:
        moved["attributes"]["title"] = f"{saved['attributes']['title']} ({prefix})"
    return moved


def _as_imported(value: Any) -> Any:
    if isinstance(value, dict):
        named = cast("Json", value)
        return {key: _encoded(key, inner) for key, inner in named.items()}
    return [_as_imported(inner) for inner in cast("list[Any]", value)] if isinstance(value, list) else value


def _encoded(key: str, value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if key in ENCODED else _as_imported(value)
