"""The operator's page of partners, and what the documents say of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.errors import Conflict
from minqing.core.ids import new_id
from minqing.matters.enums import Move
from minqing.matters.lifecycle import MOVES
from minqing.partners import rules, services, words
from minqing.partners.checks import deliveries, inbox
from minqing.partners.enums import DeliveryState, InboundState
from minqing.partners.formats.events import Envelope
from minqing.partners.formats.inbound_schema import FIELDS
from minqing.partners.kinds import SCOPES
from minqing.partners.models import Delivery, Endpoint, Inbound
from minqing.partners.queries import inbox_actor
from minqing.partners.queries.hooks import due
from minqing.privacy.access import acting_as
from tests.architecture.tree import ROOT
from tests.cast import Cast
from tests.partners.conftest import SYSTEM, endpoint_of, partner_of

MANUAL = (ROOT / "docs" / "partners.md").read_text(encoding="utf-8")


def delivery(endpoint: Endpoint, state: DeliveryState = DeliveryState.DEAD, **values: Any) -> Delivery:
    given = {"type": "cn.minqing.matter.received", "sequence": 1, "body": {}, "next_at": clock.now(), "status": 500}
    return Delivery.objects.create(
        endpoint=endpoint, event=new_id(), state=state.value, queued_at=clock.now(), **given | values
    )


def aside(cast: Cast, partner: Any, body: bytes = b"CANARY") -> Inbound:
    with acting_as(inbox_actor()):
        return Inbound.objects.create(
            partner=partner, area=partner.area, source="x", event=str(new_id()), raw=Envelope(body).dump(),
            state=InboundState.DEAD.value, code="unknown_area", next_at=clock.now(), received_at=clock.now(),
        )  # fmt: skip


def lay_out(cast: Cast, count: int) -> None:
    for n in range(count):
        partner = partner_of(cast, f"p{n}", name=f"系统{n}")
        delivery(endpoint_of(partner, f"http://127.0.0.1:9/{n}"))
        aside(cast, partner)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_lists_partners_endpoints_and_what_is_laid_aside(cast: Cast, count: int) -> None:
    lay_out(cast, count)
    client = cast.client("operator")
    with CaptureQueriesContext(connection) as caught:
        text = client.get("/partners/").content.decode()
    asked = [one["sql"] for one in caught.captured_queries if "SAVEPOINT" not in one["sql"]]
    assert len(asked) == 13, "\n".join(asked)
    for n in range(count):
        assert f"系统{n}" in text
        assert f"http://127.0.0.1:9/{n}" in text
    assert text.count('action="/partners/deliveries/') == 2 * count
    assert text.count('action="/partners/received/') == 2 * count
    assert text.count("的全部重来") == count
    assert "CANARY" not in text
    assert "没有这个区域编码" in text
    assert "HTTP 500" in text
    # what an event tells, not its type
    assert text.count("收到事项") == 2 * count
    assert text.count("事项的全部进展") == count
    # which stands behind it, for whoever speaks with the partner
    assert text.count('title="cn.minqing.matter.received"') == 2 * count
    assert text.count('title="cn.minqing.matter.*"') == count


@pytest.mark.parametrize("move", list(Move))
def test_each_event_of_a_move_has_its_words(move: Move) -> None:
    type = rules.outer_type(MOVES[move].event)
    assert re.search(r"[一-鿿]", str(words.event_word(type))), type


def test_with_nobody_let_in_the_page_says_how(cast: Cast) -> None:
    assert "/partners/add/" in cast.client("operator").get("/partners/").content.decode()


def test_what_is_dead_is_replayed_from_the_page_and_reading_it_changes_nothing(cast: Cast) -> None:
    lay_out(cast, 1)
    client = cast.client("operator")
    row = Delivery.objects.get()
    assert client.get(f"/partners/deliveries/{row.pk}/replay/").status_code == 405
    assert client.post(f"/partners/deliveries/{row.pk}/replay/").status_code == 302
    row.refresh_from_db()
    assert row.state == DeliveryState.QUEUED
    with acting_as(inbox_actor()):
        kept = Inbound.objects.get()
    assert client.post(f"/partners/received/{kept.pk}/replay/").status_code == 302
    with acting_as(inbox_actor()):
        kept.refresh_from_db()
        assert kept.state == InboundState.RECEIVED
    assert client.get("/partners/").status_code == 200
    assert cast.client("clerk").post(f"/partners/deliveries/{row.pk}/replay/").status_code == 403


def test_what_is_done_with_leaves_the_page_and_can_be_replayed_for_thirty_days(cast: Cast) -> None:
    lay_out(cast, 1)
    client = cast.client("operator")
    row = Delivery.objects.get()
    assert client.post(f"/partners/deliveries/{row.pk}/settle/").status_code == 302
    with acting_as(inbox_actor()):
        kept = Inbound.objects.get()
    assert client.post(f"/partners/received/{kept.pk}/settle/").status_code == 302
    assert "action=" not in client.get("/partners/").content.decode().split('id="who-title"')[0].split("</nav>")[-1]
    assert [one.well for one in (deliveries(), inbox())] == [True, True], "doctor asks for them no more"
    row.refresh_from_db()
    with acting_as(inbox_actor()):
        kept.refresh_from_db()
    assert (row.state, kept.state, bool(kept.raw)) == ("settled", "settled", True)
    services.replay_delivery(delivery=row, by=SYSTEM)
    assert services.replay_event(event_id=kept.pk, by=SYSTEM).state == InboundState.RECEIVED
    with acting_as(inbox_actor()):
        Inbound.objects.update(state="dead")
        services.settle_event(event_id=kept.pk, by=SYSTEM)
        assert services.forget_settled(before=clock.now()) == 1
    with pytest.raises(Conflict, match="forgotten"):
        services.replay_event(event_id=kept.pk, by=SYSTEM)


def test_all_of_a_partner_is_sent_and_read_again_in_its_order(cast: Cast) -> None:
    partner, other = partner_of(cast), partner_of(cast, "police", name="公安")
    on, gone = endpoint_of(partner, "http://127.0.0.1:9/a"), endpoint_of(partner, "http://127.0.0.1:9/b")
    for n in (3, 1, 2):
        delivery(on, sequence=n)
    off = delivery(gone, sequence=4)
    theirs = delivery(endpoint_of(other, "http://127.0.0.1:9/c"), sequence=5)
    Endpoint.objects.filter(pk=gone.pk).update(active=False)
    for _n in range(2):
        aside(cast, partner)
    aside(cast, other)
    client = cast.client("operator")
    assert client.get("/partners/hotline/replay/").status_code == 405
    assert client.post("/partners/nobody/replay/").status_code == 404
    text = client.post("/partners/hotline/replay/", follow=True).content.decode()
    assert "重新发送 3 条、重新读取 2 条" in text
    assert list(due(clock.now()).values_list("sequence", flat=True)) == [1, 2, 3]
    assert {one.state for one in Delivery.objects.filter(pk__in=[off.pk, theirs.pk])} == {"dead"}


@pytest.mark.parametrize("code", ["no_id", "subject_unfit", "id_used", "not_yours", "data_twice", "too_late"])
def test_why_is_said_in_chinese_whatever_the_code(cast: Cast, code: str) -> None:
    assert re.search(r"[一-鿿]", str(words.why_taken(code)))
    assert "不跟随" in str(words.why_sent(302, ""))


def test_what_came_in_is_behind_the_wall_of_the_partner_s_area(cast: Cast) -> None:
    aside(cast, partner_of(cast))
    assert Inbound.objects.count() == 0
    with acting_as(cast.actor("far_clerk")):
        assert Inbound.objects.count() == 0


def test_the_manual_names_each_event_with_each_field_and_no_other() -> None:
    told = dict(re.findall(r"^\| `(cn\.minqing\.matter\.\w+)` \| [^|]+ \| ([^|]+) \|$", MANUAL, re.M))
    assert set(told) == set(FIELDS)
    for type, fields in FIELDS.items():
        named = set(re.findall(r"`(\w+)`", told[type])) - {"name", "phone"}
        assert named == {field.name for field in fields}, type
        required = set(re.findall(r"`(\w+)`\*", told[type]))
        assert required == {field.name for field in fields if field.required}, type


def test_the_manual_names_each_scope_and_the_waits() -> None:
    assert all(f"`{scope.code}`" in MANUAL for scope in SCOPES)
    assert "5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h" in MANUAL
    assert [wait.total_seconds() for wait in rules.SCHEDULE] == [
        5, 300, 1800, *(3600 * hours for hours in (2, 5, 10, 14, 20, 24)),
    ]  # fmt: skip


def test_the_page_of_a_system_says_what_the_other_side_is_given(cast: Cast) -> None:
    partner_of(cast)
    page = cast.client("operator").get("/partners/systems/hotline/").content.decode()
    for address in ("/partners/inbox/hotline", "/partners/events", "/api/v1/openapi.json"):
        assert f"http://testserver{address}</code>" in page
        assert cast.client("operator").get(address).status_code != 404
