"""Rules take nothing of a place that is not theirs, by whatever id it is sent."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.core.ids import new_id
from minqing.org.models import Unit
from tests.cast import Cast
from tests.routing.drafting import draft_of

pytestmark = pytest.mark.fault(19)


def send(cast: Cast, role: str, url: str, **values: Any) -> Any:
    client = cast.client(role)
    client.raise_request_exception = False
    return client.post(url, {"request_id": str(new_id())} | values)


def test_routing_rules_take_no_places_units_or_ids_of_others(cast: Cast) -> None:
    own, far = draft_of(cast, cast.own), draft_of(cast, cast.far)
    with cast.everything():
        theirs, their_case = far.routes.get(), far.cases.get()
    elsewhere = Unit.objects.get(code="U4")
    rule = {"name": "路灯", "words": "路灯", "unit": f"u:{cast.office.pk}:U1", "stop": "on"}
    case = {"title": "路灯", "place": str(cast.own.pk), "unit": str(cast.office.pk), "channel": "phone"}
    new_rule, new_case = f"/matters/routes/{own.pk}/rules/new/", f"/matters/routes/{own.pk}/cases/new/"
    for url, values, status in (
        (new_rule, rule | {"areas": [str(cast.far.pk)]}, 422),
        (new_rule, rule | {"unit": f"u:{elsewhere.pk}:U4"}, 422),
        (new_rule, rule | {"before": str(theirs.pk)}, 422),
        (new_rule, rule | {"request_id": str(theirs.pk)}, 409),
        (new_case, case | {"place": str(cast.far.pk)}, 422),
        (new_case, case | {"unit": str(elsewhere.pk)}, 422),
        (new_case, case | {"category": "nothing"}, 422),
        (f"/matters/routes/{own.pk}/rules/{theirs.pk}/", rule, 404),
        (f"/matters/routes/{own.pk}/rules/{theirs.pk}/drop/", {}, 404),
        (f"/matters/routes/{own.pk}/cases/{their_case.pk}/drop/", {}, 404),
        (f"/matters/routes/{own.pk}/try/", {"text": "路灯", "place": str(cast.far.pk)}, 422),
        (f"/matters/routes/{far.pk}/moves/discard/", {}, 404),
        ("/matters/routes/draft/", {"area": str(cast.other_town.pk)}, 404),
    ):
        answer = send(cast, "clerk", url, **values)
        assert answer.status_code == status, (url, values, answer.status_code)
        assert "CANARY-NOTE-FAR" not in answer.content.decode()
    with cast.everything():
        assert (own.routes.count(), own.cases.count(), far.routes.count(), far.cases.count()) == (1, 1, 1, 1)


def test_a_case_of_another_s_id_is_refused_and_shown_to_nobody(cast: Cast) -> None:
    own, far = draft_of(cast, cast.own), draft_of(cast, cast.far)
    with cast.everything():
        theirs = far.cases.get()
    case = {"title": "路灯", "place": str(cast.own.pk), "unit": str(cast.office.pk), "channel": "phone"}
    answer = send(cast, "clerk", f"/matters/routes/{own.pk}/cases/new/", **case, request_id=str(theirs.pk))
    assert answer.status_code == 409
    with cast.everything():
        assert far.cases.get().text == theirs.text
