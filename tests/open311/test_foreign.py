"""Clients that others wrote, against the real server: ``georeport`` and ``civicbot`` from PyPI, used as they come."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction

from minqing.core.ids import human_number
from minqing.matters.enums import Channel
from minqing.matters.models import Matter
from tests.cast import Cast, category
from tests.open311.conftest import ASKING, CODE, new_sender

georeport = pytest.importorskip("georeport")
requests = pytest.importorskip("requests")


@pytest.fixture
def filed(committed_cast: Cast) -> tuple[Cast, str]:
    """Two requests as committed rows, and a key."""
    with transaction.atomic():
        key = new_sender(committed_cast).key
        for serial in (800_001, 800_002):
            committed_cast.matter(
                number=human_number("MQ", 2026, serial), channel=Channel.OPEN311, category=category(CODE)
            )
    connection.close()
    return committed_cast, key


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_services_definitions_and_requests(filed: tuple[Cast, str], server: str, form: str) -> None:
    client = georeport.GeoReport(f"{server}/open311/v2", jurisdiction="127.0.0.1", output_format=form)
    services = client.get_service_list()
    assert {"road", ASKING} <= {one["service_code"] for one in services}
    definition = client.get_service_definition(ASKING)
    attributes = definition["attributes"]
    found = attributes if form == "json" else attributes["attribute"]
    assert [one["code"] for one in found] == ["what", "count", "danger"]
    rows = client.get_service_requests(status="open", service_code=CODE)
    assert len(rows) == 2
    number = rows[0]["service_request_id"]
    assert client.get_service_request(number)["service_request_id"] == number
    wanted = ",".join(row["service_request_id"] for row in rows)
    assert len(client.get_service_requests(service_request_id=wanted)) == 2


def test_georeport_is_told_of_an_error_by_its_status(filed: tuple[Cast, str], server: str) -> None:
    client = georeport.GeoReport(f"{server}/open311/v2", jurisdiction="sfgov.org")
    with pytest.raises(requests.HTTPError, match="404"):
        client.get_service_list()


def test_requests_posts_over_http_as_clients_do(filed: tuple[Cast, str], server: str) -> None:
    cast, key = filed
    sent: list[tuple[str, Any]] = [
        ("api_key", key), ("service_code", ASKING), ("lat", "29.5886"), ("long", "120.8213"),
        ("description", "路灯不亮"), ("attribute[what]", "lamp"),
        ("attribute[danger][]", "fall"), ("attribute[danger][]", "dark"),
    ]  # fmt: skip
    answer = requests.post(f"{server}/open311/v2/requests.json", data=sent, timeout=20)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    number = answer.json()[0]["service_request_id"]
    with transaction.atomic(), cast.everything():
        assert Matter.objects.get(number=number).answers["danger"] == ["fall", "dark"]
    client = georeport.GeoReport(f"{server}/open311/v2")
    assert client.get_service_request(number)["status"] == "open"
    connection.close()


def test_civicbot_reports_by_the_definition_and_follows_its_request(filed: tuple[Cast, str], server: str) -> None:
    civicbot = pytest.importorskip("civicbot.open311")
    registry, http = pytest.importorskip("civicbot.registry"), pytest.importorskip("civicbot.http")
    cast, key = filed
    endpoint = registry.Endpoint("here", "here", f"{server}/open311/v2", write=True)
    hurried = http.HttpTransport(rate_limiter=http.RateLimiter(min_interval=0))
    client = civicbot.Open311Client(endpoint, hurried)
    sent: dict[str, Any] = {"lat": 29.5886, "lng": 120.8213, "description": "路灯不亮", "api_key": key}
    right = {"what": "lamp", "danger": ["fall", "dark"]}
    told = client.create_request(
        ASKING, dry_run=False, confirm="SEND", validate_remote=True, attributes=right, **sent
    ).response
    number = told[0]["service_request_id"]
    with transaction.atomic(), cast.everything():
        assert Matter.objects.get(number=number).answers == right
    assert client.get_request(number)["status"] == "open"
    assert client.get_token(number)[0]["service_request_id"] == number
    assert len(client.list_requests(status="open", page_size=2)) == 2
    with pytest.raises(civicbot.ValidationError, match="required"):
        client.create_request(ASKING, validate_remote=True, **sent)
    with pytest.raises(http.HttpError) as refused:
        client.create_request(ASKING, dry_run=False, confirm="SEND", **sent)
    assert refused.value.status == 400
    assert "attribute[what]" in refused.value.body
    connection.close()
