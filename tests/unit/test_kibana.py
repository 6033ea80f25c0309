"""The saved objects: complete, without dangling references, and about fields that the indices have."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest

from belfry.kibana import ENCODED, import_objects, ndjson, saved_objects
from belfry.search.mapping import index_templates
from belfry.search.names import IndexNames
from processors.document import MAPPING_VERSION
from schemas.errors import ServiceError, UsageError

OBJECTS = saved_objects()
BY_ID = {(saved["type"], saved["id"]): saved for saved in OBJECTS}


def mapped_fields(index: str) -> set[str]:
    template = index_templates(IndexNames())[f"belfry-{index}-v{MAPPING_VERSION}"]

    def names(properties: dict[str, Any], before: str = "") -> set[str]:
        found: set[str] = set()
        for name, field in properties.items():
            found |= names(field["properties"], f"{before}{name}.") if "properties" in field else {before + name}
        return found

    return names(template["template"]["mappings"]["properties"])


def view_of(saved: dict[str, Any]) -> str:
    return next(BY_ID["index-pattern", each["id"]]["attributes"]["title"] for each in saved["references"])


def test_there_are_four_dashboards_and_a_view_for_each_index() -> None:
    titles = [saved["attributes"]["title"] for saved in OBJECTS]

    assert sorted(title for title in titles if title.startswith("Belfry: ")) == [
        "Belfry: alerts",
        "Belfry: entities and concepts",
        "Belfry: overview",
        "Belfry: pipeline",
    ]
    assert {s["attributes"]["title"] for s in OBJECTS if s["type"] == "index-pattern"} == {
        "articles",
        "alerts",
        "pipeline",
        "dead-letters",
    }


def test_no_reference_dangles_and_nothing_is_left_over() -> None:
    referred = {(each["type"], each["id"]) for saved in OBJECTS for each in saved["references"]}

    assert referred <= set(BY_ID)
    assert {key for key in BY_ID if key[0] != "dashboard"} == referred


def test_every_panel_stands_for_a_reference_and_none_overlap() -> None:
    for saved in OBJECTS:
        if saved["type"] != "dashboard":
            continue
        panels = json.loads(saved["attributes"]["panelsJSON"])
        names = {each["name"] for each in saved["references"]}
        assert {f"{panel['panelIndex']}:{panel['panelRefName']}" for panel in panels} == names
        cells = [
            (x, y)
            for panel in panels
            for x in range(panel["gridData"]["x"], panel["gridData"]["x"] + panel["gridData"]["w"])
            for y in range(panel["gridData"]["y"], panel["gridData"]["y"] + panel["gridData"]["h"])
        ]
        assert len(cells) == len(set(cells))
        assert max(x for x, _ in cells) == 47


def test_every_field_that_a_panel_uses_is_in_the_mapping() -> None:
    for saved in OBJECTS:
        if saved["type"] == "visualization":
            fields = {agg["params"].get("field") for agg in json.loads(saved["attributes"]["visState"])["aggs"]} - {
                None
            }
        elif saved["type"] == "search":
            fields = {*saved["attributes"]["columns"], *(by for by, _ in saved["attributes"]["sort"])}
        elif saved["type"] == "index-pattern":
            assert saved["attributes"]["timeFieldName"] in mapped_fields(saved["attributes"]["title"])
            continue
        else:
            continue
        assert fields <= mapped_fields(view_of(saved)), saved["id"]


def test_what_kibana_keeps_in_strings_is_in_strings() -> None:
    def check(value: Any) -> None:
        for key, inner in value.items():
            if key in ENCODED:
                assert isinstance(inner, str)
                json.loads(inner)
            elif isinstance(inner, dict):
                check(inner)

    for saved in OBJECTS:
        check(saved["attributes"])


def test_an_export_is_one_object_a_line_and_refers_to_what_came_before() -> None:
    seen: set[tuple[str, str]] = set()
    for line in ndjson(OBJECTS).splitlines():
        saved = json.loads(line)
        assert {(each["type"], each["id"]) for each in saved["references"]} <= seen
        seen.add((saved["type"], saved["id"]))
    assert len(seen) == len(OBJECTS)


def test_with_a_prefix_two_installations_can_share_a_kibana() -> None:
    moved = saved_objects("ours.")

    have = {(saved["type"], saved["id"]) for saved in moved}
    assert have.isdisjoint(BY_ID)
    assert {(each["type"], each["id"]) for saved in moved for each in saved["references"]} <= have
    assert "ours.articles" in {saved["attributes"]["title"] for saved in moved}


def test_a_folder_without_objects_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no saved objects"):
        saved_objects(folder=tmp_path)


class Kibana(BaseHTTPRequestHandler):
    answer: tuple[int, Any] = (200, {})
    seen: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, {key.lower(): value for key, value in self.headers.items()}, body))
        status, answer = self.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def kibana():
    server = HTTPServer(("127.0.0.1", 0), Kibana)
    thread = Thread(target=server.serve_forever)
    thread.start()
    Kibana.seen.clear()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_import_sends_the_export_as_a_file(kibana: str) -> None:
    Kibana.answer = (200, {"success": True, "successCount": 34})

    assert import_objects(OBJECTS, f"http://me:s%40crt@{kibana}/base/") == 34

    path, headers, body = Kibana.seen[0]
    assert path == "/base/api/saved_objects/_import?overwrite=true"
    assert headers["kbn-xsrf"] == "belfry"
    assert headers["authorization"] == "Basic bWU6c0BjcnQ="
    assert ndjson(OBJECTS).encode() in body


def test_a_refused_object_is_named(kibana: str) -> None:
    Kibana.answer = (200, {"success": False, "errors": [{"type": "search", "id": "x", "error": {"type": "conflict"}}]})

    with pytest.raises(ServiceError, match="search x: conflict"):
        import_objects(OBJECTS, f"http://{kibana}")


def test_an_answer_that_is_an_error_is_told(kibana: str) -> None:
    Kibana.answer = (401, {"message": "who are you?"})

    with pytest.raises(ServiceError, match=r"answered 401.*who are you"):
        import_objects(OBJECTS, f"http://{kibana}")


def test_a_kibana_that_is_not_there_is_told() -> None:
    with pytest.raises(ServiceError, match="can't be reached"):
        import_objects(OBJECTS, "http://127.0.0.1:9")


def test_only_web_addresses_are_taken() -> None:
    with pytest.raises(UsageError, match="http"):
        import_objects(OBJECTS, "file:///etc/passwd")
