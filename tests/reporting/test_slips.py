"""People without a telephone: a helper with the paper slip reads and answers for them, and for nobody else."""

from __future__ import annotations

import re
from typing import Any

import pytest

from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters.enums import Source, State
from minqing.matters.models import Confirmation, Matter, Step
from minqing.matters.tickets import follow_code_of, ticket_of
from minqing.reporting import rules
from tests.cast import Cast
from tests.doorstep.conftest import Door

pytestmark = pytest.mark.django_db


def answered(door: Door, **values: Any) -> tuple[str, Matter]:
    """A matter from the door, answered by the bureau."""
    ticket, matter = door.reported(phone="13800138000", name="CANARY-REPORTER")
    with door.cast.everything():
        row = Matter.objects.get(pk=matter.pk)
        for name, value in {
            "state": State.FINISHED, "lead_unit": door.cast.bureau, "finished_at": row.received_at, **values,
        }.items():  # fmt: skip
            setattr(row, name, value)
        row.save()
    return ticket, row


def find(cast: Cast, role: str, number: str, code: str) -> Any:
    return cast.client(role).post("/slip/", {"number": number, "code": code})


def word(**values: Any) -> dict[str, Any]:
    return {
        "request_id": str(new_id()),
        "form": "word",
        "answered": "yes",
        "solved": "yes",
        "satisfaction": "4",
    } | values


@pytest.mark.parametrize("role", ["volunteer", "cadre", "far_cadre", "handler", "clerk"])
def test_number_and_code_open_just_this_matter_as_its_reporter_sees_it(door: Door, role: str) -> None:
    _ticket, matter = answered(door)
    answer = find(door.cast, role, matter.number, follow_code_of(matter.pk).lower())
    shown = door.cast.client(role).get(answer["Location"]).content.decode()
    assert matter.text[:8] in shown
    assert "CANARY" not in re.sub(r"H-CANARY-9", "", shown)
    assert "13800138000" not in shown


def test_a_volunteer_sees_no_other_matter_by_it(door: Door) -> None:
    ticket, _matter = answered(door)
    other = door.cast.matter()
    client = door.cast.client("volunteer")
    assert client.get(f"/slip/{ticket}/").status_code == 200
    assert client.get(f"/matters/{other.pk}/").status_code == 403
    assert client.get(f"/slip/{ticket_of(other.pk)}/").status_code == 404


def test_the_word_typed_by_a_helper_says_so(door: Door) -> None:
    ticket, matter = answered(door)
    helper = door.cast.actor("volunteer")
    client = door.cast.client("volunteer")
    assert client.post(f"/slip/{ticket}/", word(answered="no")).status_code == 302
    with door.cast.everything():
        said = Confirmation.objects.get()
        step = Step.objects.get(pk=said.pk)
        assert Matter.objects.get(pk=matter.pk).state == State.CONFIRMED
    assert (said.source, said.by, said.answered, said.solved, said.satisfaction) == (
        Source.PAPER, helper.ref, False, True, 4,
    )  # fmt: skip
    assert step.by == helper.ref
    assert step.aside
    # the reporter reads how it was heard, what was written down, and what to do if that was not said
    told = door.client.get(f"/m/{ticket}").content.decode()
    assert "您对拿着回执的人说的，由他替您填写" in told
    for words in ("满意", "不是您的意思，请打本页的电话"):
        assert words in told


def test_not_solved_reopens_and_a_closed_matter_is_opened_again_with_the_slip(door: Door) -> None:
    ticket, matter = answered(door)
    client = door.cast.client("volunteer")
    client.post(f"/slip/{ticket}/", word(solved="no"))
    with door.cast.everything():
        assert Matter.objects.get(pk=matter.pk).state == State.ASSIGNED
        Matter.objects.filter(pk=matter.pk).update(
            state=State.CONFIRMED, finished_at=matter.received_at, closed_at=matter.received_at
        )
    again = {"request_id": str(new_id()), "form": "again", "reason": "又不亮了"}
    assert client.post(f"/slip/{ticket}/", again).status_code == 302
    with door.cast.everything():
        assert Matter.objects.get(pk=matter.pk).state == State.ASSIGNED


@pytest.mark.parametrize(("role", "values"), [("handler", {}), ("village_secretary", {"supporting": "own"})])
def test_the_unit_that_handled_it_types_no_rating(door: Door, role: str, values: dict[str, Any]) -> None:
    if values:
        values = {"supporting": [door.cast.committee.pk]}
    ticket, _matter = answered(door, **values)
    client = door.cast.client(role)
    assert 'name="solved"' not in client.get(f"/slip/{ticket}/").content.decode()
    assert client.post(f"/slip/{ticket}/", word()).status_code == 403
    with door.cast.everything():
        assert not Confirmation.objects.exists()


def test_a_slip_is_looked_at_in_the_journal(door: Door) -> None:
    ticket, matter = answered(door)
    door.cast.client("volunteer").get(f"/slip/{ticket}/")
    event = Event.objects.get(type="doorstep.slip.opened")
    assert event.subject == f"matter:{matter.pk}"
    assert event.actor == door.cast.actor("volunteer").ref


@pytest.mark.fault(16)
def test_codes_cannot_be_tried_out_by_a_helper_either(door: Door) -> None:
    _ticket, matter = answered(door)
    client = door.cast.client("volunteer")
    codes = [client.post("/slip/", {"number": matter.number, "code": f"AAAA{n:04}"}).status_code for n in range(30)]
    assert codes[: rules.SLIP_BY_BOTH.burst] == [422] * rules.SLIP_BY_BOTH.burst
    assert codes[-1] == 429
    right = {"number": matter.number, "code": follow_code_of(matter.pk)}
    assert client.post("/slip/", right).status_code == 429
    assert door.cast.client("cadre").post("/slip/", right).status_code == 302, "another's hand holds another slip"


def test_wrong_number_and_wrong_code_get_the_same_answer(door: Door) -> None:
    _ticket, matter = answered(door)
    wrong = [
        find(door.cast, "volunteer", *typed)
        for typed in ((matter.number, "AAAAAAAA"), ("MQ-2026-999999-9", "AAAAAAAA"))
    ]
    assert {answer.status_code for answer in wrong} == {422}


def test_an_analyst_or_visitor_is_not_let_in(door: Door) -> None:
    assert door.cast.client("analyst").get("/slip/").status_code == 403
    assert door.client.get("/slip/").status_code == 302
