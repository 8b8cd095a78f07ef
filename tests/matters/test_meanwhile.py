"""Who comes too late reads what was done meanwhile, keeps every word, and has a way on."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters.enums import Mechanism
from minqing.matters.models import Matter, Step
from minqing.matters.queries.passed_on import gone_from
from minqing.org.enums import Role
from tests.architecture.test_seen import fields_of
from tests.cast import Cast, person
from tests.matters.lives import Life

pytestmark = [pytest.mark.django_db, pytest.mark.fault(81)]
HTMX = {"HX-Request": "true"}
REPLY = "已到现场，明天换新灯。"


def form_of(client: Client, matter: Matter, verb: str) -> tuple[str, dict[str, Any]]:
    """The address of a move and its fields, as the page of the move has them now."""
    address = reverse("matters:move", args=[matter.pk, verb])
    page = client.get(address).content.decode()
    return address, fields_of(page, address)


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def steps(cast: Cast) -> int:
    with cast.everything():
        return Step.objects.count()


@pytest.fixture
def life(cast: Cast) -> Life:
    person(cast, "second_clerk", Role.CLERK, cast.office, cast.town, "林晓")
    person(cast, "colleague", Role.HANDLER, cast.bureau, cast.city, "陈同事")
    return Life(cast)


@pytest.mark.parametrize(
    ("verb", "values"),
    [
        ("finish", {"reply": REPLY, "outcome": "solved"}),
        ("act", {"text": REPLY}),
        ("note", {"text": REPLY}),
        ("send_back", {"reason": REPLY}),
    ],
)
def test_what_was_written_while_a_colleague_transferred_it_is_given_back(
    cast: Cast, life: Life, verb: str, values: dict[str, str]
) -> None:
    matter, client = life.accepted(), cast.client("handler")
    address, fields = form_of(client, matter, verb)
    life.do("colleague", "transfer_matter", matter, unit=cast.committee.pk, reason="CANARY-REASON")
    before = steps(cast)
    answer = client.post(address, fields | values)
    page = text(answer)
    assert answer.status_code == 409
    assert REPLY in page
    assert f"{matter.number} 已转给{cast.committee.name}（" in page
    assert reverse("listing:worklist") in page
    for secret in ("CANARY-REASON", matter.title, matter.text, cast.own.name):
        assert secret not in page.replace(REPLY, "").replace(cast.committee.name, ""), secret
    assert steps(cast) == before


def test_a_matter_that_was_never_the_actor_s_is_not_there_whatever_version_they_name(cast: Cast, life: Life) -> None:
    matter = life.do("clerk", "assign_matter", life.report(), unit=cast.committee.pk, due_days=5)
    seen = f"matter:{matter.pk}|{matter.changed_at.isoformat()}"
    address = reverse("matters:move", args=[matter.pk, "note"])
    answer = cast.client("handler").post(address, {"request_id": str(new_id()), "seen": seen, "text": REPLY})
    assert answer.status_code == 404
    # nor is what they typed lost
    assert REPLY in text(answer)
    assert matter.number not in text(answer)
    assert cast.committee.name not in text(answer)


@pytest.mark.parametrize("seen", ["", "x", "matter:{}|", "matter:{}|2026-06-01", "matter:{}|2026-06-01T10:00:00+00:00"])
def test_only_a_version_that_the_unit_had_tells_where_it_went(cast: Cast, life: Life, seen: str) -> None:
    matter = life.accepted()
    life.do("clerk", "transfer_matter", matter, unit=cast.committee.pk, reason="归村里")
    assert gone_from(cast.actor("handler"), matter.pk, seen.format(matter.pk)) is None
    right = f"matter:{matter.pk}|{matter.changed_at.isoformat()}"
    assert gone_from(cast.actor("handler"), matter.pk, right) is not None
    assert gone_from(cast.actor("handler"), new_id(), right) is None


def test_where_a_confidential_matter_went_is_not_told(cast: Cast, life: Life) -> None:
    matter = life.report(confidential=True)
    life.do("clerk", "assign_matter", matter, unit=cast.bureau.pk, due_days=5)
    client = cast.client("handler")
    address, fields = form_of(client, matter, "accept")
    life.do("clerk", "assign_matter", matter, unit=cast.committee.pk, due_days=5)
    page = text(client.post(address, fields | {"note": REPLY}))
    assert f"{matter.number} 已经不在您单位了" in page
    assert REPLY in page
    assert cast.committee.name not in page


def test_a_supporting_unit_whose_part_was_taken_back_keeps_its_reply(cast: Cast, life: Life) -> None:
    matter = life.do("clerk", "assign_matter", life.report(), unit=cast.committee.pk, due_days=5)
    matter = life.do("clerk", "ask_part", matter, unit=cast.bureau.pk, task="核实")
    client = cast.client("handler")
    address, fields = form_of(client, matter, "reply_part")
    with cast.everything():
        part = matter.parts.get().pk
    life.do("clerk", "drop_part", matter, part=part, reason="不用了")
    page = text(client.post(address, fields | {"reply": REPLY, "outcome": "solved"}))
    assert f"{matter.number} 已经不在您单位了" in page
    assert REPLY in page


def test_of_two_clerks_the_second_reads_to_whom_the_first_gave_it_and_may_give_it_to_another(
    cast: Cast, life: Life
) -> None:
    matter, client = life.report(), cast.client("second_clerk")
    address = reverse("routing:route", args=[matter.pk])
    fields = fields_of(client.get(address, follow=True).content.decode(), f"{address}?")
    life.do("clerk", "assign_matter", matter, unit=cast.bureau.pk, due_days=5, mechanism=Mechanism.JOINT)
    typed = fields | {"unit": cast.committee.pk, "due_days": "3", "note": REPLY}
    for headers in ({}, HTMX):
        answer = client.post(address, typed, headers=headers)
        page = text(answer)
        assert answer.status_code == 409
        assert f"→ {cast.bureau.name}" in page
        assert cast.account("clerk").name in page
        assert "联办" in page
        assert "仍按我的内容提交" not in page
        assert reverse("matters:move", args=[matter.pk, "transfer"]) in page
    assert REPLY in text(client.post(address, typed))
    # at the queue, above twenty rows, it is said of which of them
    for seen in (fields["seen"], ""):
        page = text(client.post(address, typed | {"seen": seen}, headers=HTMX))
        assert f"{matter.number}" in page
        assert matter.title in page


@pytest.mark.parametrize("who", ["handler", "colleague"])
def test_who_accepts_a_second_time_reads_who_did_it_first(cast: Cast, life: Life, who: str) -> None:
    matter, client = life.assigned(), cast.client("handler")
    address, fields = form_of(client, matter, "accept")
    life.do(who, "accept_matter", matter)
    answer = client.post(address, fields | {"request_id": str(new_id()), "note": REPLY})
    page = text(answer)
    assert answer.status_code == 409
    assert "受理" in page
    assert cast.account(who).name in page
    assert REPLY in page
    assert "仍按我的内容提交" not in page
    assert reverse("matters:detail", args=[matter.pk]) in page


def test_a_version_of_another_matter_is_a_conflict_and_not_no_version(cast: Cast, life: Life) -> None:
    matter, other = life.accepted(), life.accepted()
    client = cast.client("handler")
    address, fields = form_of(client, matter, "finish")
    for verb, seen in (
        ("finish", f"matter:{other.pk}|{matter.changed_at.isoformat()}"),
        ("finish", f"household:{matter.pk}|{matter.changed_at.isoformat()}"),
        ("finish", f"matter:{matter.pk}|yesterday"),
        ("note", f"matter:{other.pk}|{matter.changed_at.isoformat()}"),
    ):
        address, fields = form_of(client, matter, verb)
        before = Event.objects.count()
        answer = client.post(address, fields | {"seen": seen, "reply": REPLY, "text": REPLY, "outcome": "solved"})
        assert answer.status_code == 409, seen
        assert REPLY in text(answer)
        assert Event.objects.count() == before
        again = fields_of(answer.content.decode(), address)
        assert client.post(address, again).status_code == 302, seen
        if verb == "finish":
            matter = life.accepted()
