"""Behind the code at a door: one question a page, all answers once more, and a private link to follow it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.journal.models import Send
from minqing.rights.models import Request
from minqing.rights.queries import TICKETS
from minqing.rights.rules import ASK_BY_CODE, OPEN_AT_DOOR
from tests.cast import Cast
from tests.rights.cases import Asking

pytestmark = pytest.mark.django_db
ANSWERS = {"kind": "correct", "whom": "myself", "name": "何桂香", "phone": "13857500001", "words": "电话换了",
           "right_phone": "13857509999", "prove_at": "home"}  # fmt: skip


@pytest.fixture
def address(cast: Cast) -> str:
    asking = Asking(cast)
    return reverse("rights:ask", args=[cast.code(asking.home)])


def answered(address: str, **data: Any) -> Any:
    return Client().post(address, ANSWERS | {"request_id": str(new_id())} | data)


def rows(cast: Cast) -> list[Request]:
    with cast.everything():
        return list(Request.objects.all())


def test_one_question_after_the_other_and_nothing_is_stored_before_it_is_sent(cast: Cast, address: str) -> None:
    client = Client()
    page = client.get(address)
    said: dict[str, str] = {"request_id": str(page.context["form"]["request_id"].value())}
    for step, names in enumerate((("kind",), ("whom", "name", "phone"), ("words", "right_phone"), ("prove_at",))):
        said |= {name: ANSWERS[name] for name in names}
        page = client.post(address, said | {"step": str(step)})
        assert page.status_code == 200
        assert rows(cast) == []
    shown = page.content.decode()
    assert "13857509999" in shown
    sent = client.post(address, said | {"step": "4"})
    (row,) = rows(cast)
    assert sent.headers["Location"] == reverse("rights:follow", args=[TICKETS.ticket_of(row.pk)])
    assert (row.way, row.prove_at, row.taken_by_id, row.state) == ("door", "home", None, "asked")
    assert row.phone == "13857500001"


def test_sent_twice_it_is_one_request(cast: Cast, address: str) -> None:
    id = str(new_id())
    for _time in range(2):
        assert answered(address, step="4", request_id=id).status_code == 302
    assert len(rows(cast)) == 1


def test_what_is_wrong_is_said_on_its_own_page(address: str) -> None:
    wrong = answered(address, step="4", phone="123")
    assert (wrong.status_code, wrong.context["step"]) == (422, 1)
    assert "phone" in wrong.context["form"].errors


def test_one_goes_back_and_finds_what_was_said(address: str) -> None:
    page = answered(address, back="1")
    assert (page.status_code, page.context["step"]) == (200, 1)
    assert "13857500001" in page.content.decode()


def test_whoever_asks_for_another_says_who_asks(address: str) -> None:
    wrong = answered(address, step="1", whom="parent")
    assert wrong.status_code == 422
    assert "guardian" in wrong.context["form"].errors


def test_a_correction_says_what_is_right(address: str) -> None:
    assert answered(address, step="2", right_phone="").status_code == 422
    wrong = answered(address, step="4", right_phone="12")
    assert (wrong.status_code, wrong.context["step"]) == (422, 2)
    assert "right_phone" in wrong.context["form"].errors


def test_the_private_link_tells_where_it_stands_and_nothing_of_anybody(cast: Cast, address: str) -> None:
    answered(address, step="4")
    (row,) = rows(cast)
    page = Client().get(reverse("rights:follow", args=[TICKETS.ticket_of(row.pk)]))
    shown = page.content.decode()
    assert row.number in shown
    assert "何桂香" not in shown
    assert "13857500001" not in shown
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["rights:ask", "rights:follow"])
def test_an_address_that_leads_nowhere_tells_nothing(name: str) -> None:
    assert Client().get(reverse(name, args=["x" * 22])).status_code == 404


def test_no_more_wait_of_one_household_than_the_office_looks_at(cast: Cast, address: str) -> None:
    for _time in range(OPEN_AT_DOOR):
        assert answered(address, step="4").status_code == 302
    refused = answered(address, step="4")
    assert refused.status_code == 422
    assert refused.context["error"]
    assert len(rows(cast)) == OPEN_AT_DOOR


def test_who_knows_the_id_of_somebody_elses_request_is_not_led_to_it(cast: Cast, address: str) -> None:
    other = Asking(cast).ask()
    Send.objects.all().delete()
    sent = answered(address, step="4", request_id=str(other.pk))
    assert sent.status_code == 422
    assert TICKETS.ticket_of(other.pk) not in sent.content.decode()


def test_what_was_sent_and_erased_since_is_said_when_it_comes_again(cast: Cast, address: str) -> None:
    id = str(new_id())
    assert answered(address, step="4", request_id=id).status_code == 302
    with cast.everything():
        Request.objects.update(household=None, ticket=None)
    assert answered(address, step="4", request_id=id).status_code == 422


def test_robots_do_not_fill_the_county(address: str) -> None:
    client = Client()
    for _time in range(ASK_BY_CODE.burst):
        client.post(address, {"step": "0"})
    assert client.post(address, {"step": "0"}).status_code == 429
