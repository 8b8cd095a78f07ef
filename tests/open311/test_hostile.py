"""Parameters filled in by somebody who wants them to break: a refusal in the standard's form, never a fault of ours."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tests.open311 import validator
from tests.open311.conftest import ASKING, BASE, CODE, Sender

pytestmark = pytest.mark.django_db
NAMES = (
    "service_request_id", "service_code", "start_date", "end_date", "status", "page", "page_size", "per_page",
    "updated_after", "updated_before", "extensions", "jurisdiction_id", "api_key", "lat", "long", "address_string",
    "address_id", "email", "first_name", "last_name", "phone", "description", "media_url", "title", "attribute[what]",
    "attribute[danger][]", "attribute[", "attribute[][]", "format",
)  # fmt: skip
ODD = (
    "", " ", ",", ",,", "\u202e张\ufffe", "\x1b", "²", "9" * 400, "-1", "1e999", "nan", "inf", "true", "open", CODE,
    ASKING, "9999-12-31T23:59:59Z", "1900-01-01T00:00:00Z", "2999-12-31T23:59:59-12:00", "2026-02-30T00:00:00Z", "29.5",
    "120.8", "MQ-2026-000001-3", "<a>&amp;", "' OR 1=1 --", "%(x)s %s {0}", "lamp",
    "//", "../..", "\n\n", "٣",
)  # fmt: skip
values = st.sampled_from(ODD) | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
queries = st.dictionaries(st.sampled_from(NAMES), values | st.lists(values, max_size=3), max_size=8)
often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def sound(answer: Any, form: str, root: str, shape: Any) -> None:
    assert answer.status_code in {200, 400, 403, 404, 429}, answer.status_code
    right = answer.status_code == 200
    if form == "json":
        validator.read_json(answer.content, shape if right else validator.ERRORS)
    else:
        validator.read_xml(answer.content, root if right else "errors", shape if right else validator.ERRORS)


@often
@given(query=queries, form=st.sampled_from(["xml", "json"]))
def test_no_query_breaks_the_list(cast: Cast, query: dict[str, Any], form: str) -> None:
    query.pop("extensions", None)
    sound(Client().get(f"{BASE}/requests.{form}", query), form, "service_requests", validator.REQUESTS)


@often
@given(body=queries, form=st.sampled_from(["xml", "json"]))
def test_no_body_breaks_the_taking_in(cast: Cast, sender: Sender, body: dict[str, Any], form: str) -> None:
    sent = {"service_code": CODE, "address_string": "1"} | body | {"api_key": sender.key}
    sound(Client().post(f"{BASE}/requests.{form}", sent), form, "service_requests", validator.CREATED)


@often
@given(
    resource=st.sampled_from(["services", "requests", "tokens", "m"]),
    tail=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40),
)
def test_no_address_breaks(cast: Cast, resource: str, tail: str) -> None:
    from urllib.parse import quote

    answer = Client().get(f"{BASE}/{resource}/{quote(tail, safe='/.,')}.json")
    assert answer.status_code in {400, 404}
    validator.read_json(answer.content, validator.ERRORS)
