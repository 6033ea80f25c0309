"""The driver's errors in Belfry's words."""

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import ApiError

from belfry.search.client import connect, error_type
from schemas.errors import SettingsError

META = ApiResponseMeta(501, "1.1", HttpHeaders(), 0.1, NodeConfig("http", "127.0.0.1", 9200))


@pytest.mark.parametrize("url", ["nonsense", "http://elastic", "127.0.0.1:9", "ftp://me:hush@elastic", "http://x:port"])
def test_what_is_no_address_is_refused_by_the_name_of_its_setting(url: str):
    with pytest.raises(SettingsError, match="BELFRY_ELASTICSEARCH_URL: no address") as refused:
        connect(url)
    assert "hush" not in str(refused.value)


def test_what_another_server_answers_is_told_on_one_line():
    answer = "<html>\n  <h1>Error</h1>\n</html>" + "x" * 1_000
    assert error_type(ApiError(answer, META, answer)) == f"<html> <h1>Error</h1> </html>{'x' * 271}"
