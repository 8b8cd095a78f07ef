"""The operator's pages of people: who is there, what is theirs, and the start password that is shown once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from minqing.core import clock
from minqing.journal.models import Event
from minqing.org.enums import Role
from minqing.org.models import Account, Post
from minqing.visits.models import HouseholdAssignment
from tests.administration.conftest import carried, send
from tests.cast import Cast, person, signed_in

Events = Callable[[str], list[Event]]


def address(name: str, *arguments: Any) -> str:
    return reverse(f"administration:{name}", args=arguments)


def in_care_of(cast: Cast, role: str) -> None:
    household = cast.household()
    with cast.everything():
        HouseholdAssignment.objects.create(
            household=household, area=household.area, account=cast.account(role), every_days=30,
            since=clock.today(), due_on=clock.today(),
        )  # fmt: skip


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_asks_as_often_for_many_people(cast: Cast, people: int, django_assert_num_queries: Any) -> None:
    for n in range(people):
        person(cast, f"x{n}", Role.CADRE, cast.committee, cast.own, f"某人{n}")
    client = cast.client("operator")
    client.get(address("people"))
    with django_assert_num_queries(9):
        client.get(address("people"))


def test_the_list_says_who_may_have_left(cast: Cast) -> None:
    client = cast.client("operator")
    Account.objects.filter(username="cadre").update(last_login=clock.now() - timedelta(days=42))
    Account.objects.filter(username="clerk").update(last_login=clock.now())
    Post.objects.filter(account=cast.account("volunteer")).update(until="2026-01-01")

    def names(**asked: Any) -> str:
        return client.get(address("people"), asked).content.decode().partition("<tbody")[2].partition("</tbody>")[0]

    away = names(look="away")
    assert "王建国" in away
    assert "可能已离岗" in away
    assert "孙丽华" not in away
    assert "卫小芳" in names(look="no_post")
    assert "赵永康" not in names(area=cast.town.pk)
    assert "钱国平" in names(role="village_secretary")
    assert "孙丽华" not in names(role="village_secretary")


def new_person(cast: Cast, client: Client) -> Account:
    words = {
        "name": "何小明", "staff_number": "G9001", "username": "", "phone": "13800138000", "role": "cadre",
        "unit": cast.committee.pk, "area": cast.own.pk, "title": "",
    }  # fmt: skip
    answer = send(client, address("add_person"), **words)
    made = Account.objects.get(staff_number="G9001")
    assert answer["Location"] == address("person", made.pk)
    return made


def test_a_new_person_has_a_post_and_no_password(cast: Cast) -> None:
    client = cast.client("operator")
    made = new_person(cast, client)
    assert made.username == "G9001"
    assert not made.has_usable_password()
    assert Post.objects.get(account=made).area_id == cast.own.pk
    page = client.get(address("person", made.pk)).content.decode()
    assert "13800138000" not in page
    again = send(
        client, address("add_person"), name="别人", staff_number="G9001", role="cadre", unit=cast.committee.pk,
        area=cast.own.pk,
    )  # fmt: skip
    assert again.status_code == 422
    assert Account.objects.get(staff_number="G9001").name == "何小明"


def test_a_start_password_is_shown_once_and_changed_at_the_first_sign_in(cast: Cast, events: Events) -> None:
    client = cast.client("operator")
    made = new_person(cast, client)
    where = f"{address('passwords')}?pick={made.pk}"
    sent = carried(client.get(where).content.decode()) | {"pick": str(made.pk)}
    sheet = client.post(address("passwords"), sent)
    assert "no-store" in sheet["Cache-Control"]
    found = re.search(r"<code>([A-Z0-9-]{14})</code>", sheet.content.decode())
    assert found is not None
    password = found[1]
    # not by the same form, not in the journal, not in the table
    again = client.post(address("passwords"), sent)
    assert again.status_code == 409
    assert password not in again.content.decode()
    made.refresh_from_db()
    assert made.check_password(password)
    assert all(password not in str(event.data) for event in events("org.account"))
    assert password not in made.password
    # nothing opens before it is the person's own
    own = Client()
    own.post("/accounts/login/", {"login": "G9001", "password": password})
    for page in ("/", "/me", reverse("households:list")):
        assert own.get(page)["Location"] == "/accounts/password/change/"
    told = own.get("/accounts/password/change/").content.decode()
    assert "您用的是初始密码" in told
    words = {"oldpassword": password, "password1": password, "password2": password}
    assert "请换一个和现在不同的密码" in own.post("/accounts/password/change/", words).content.decode()
    words |= {"password1": "hong-tian-san-zhang", "password2": "hong-tian-san-zhang"}
    assert own.post("/accounts/password/change/", words).status_code == 302
    assert own.get("/").status_code == 200


def test_the_sheet_comes_as_a_file_too(cast: Cast) -> None:
    client = cast.client("operator")
    who = cast.account("cadre").pk
    sent = carried(client.get(f"{address('passwords')}?pick={who}").content.decode()) | {"pick": str(who), "pdf": "1"}
    answer = client.post(address("passwords"), sent)
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]


def test_somebody_with_households_in_their_care_alone_is_not_switched_off(cast: Cast, events: Events) -> None:
    in_care_of(cast, "cadre")
    client, who = cast.client("operator"), cast.account("cadre")
    page = client.get(address("person", who.pk)).content.decode()
    assert "只由这个人包联的户，请先交给别人" in page
    assert address("switch_off", who.pk) not in page
    assert client.post(address("switch_off", who.pk)).status_code == 403
    post = Post.objects.get(account=who)
    ended = send(client, address("end_post", post.pk), until=clock.today().isoformat())
    assert ended.status_code == 422
    assert "请先交给别人" in ended.content.decode()
    who.refresh_from_db()
    assert who.is_active
    assert events("org.account") + events("org.post") == []
    # handed over
    with cast.everything():
        HouseholdAssignment.objects.update(account=cast.account("village_secretary"))
    assert client.post(address("switch_off", who.pk)).status_code == 302
    who.refresh_from_db()
    assert not who.is_active


def test_the_only_one_who_handles_a_units_open_matters_stays(cast: Cast) -> None:
    Post.objects.filter(account=cast.account("unit_head")).delete()
    cast.matter(state="accepted", lead_unit=cast.bureau)
    client, who = cast.client("operator"), cast.account("handler")
    answer = client.post(address("switch_off", who.pk))
    assert answer.status_code == 403
    assert "先给那个单位另外安排一个办事的人" in answer.content.decode()


def test_no_operator_switches_themselves_off(cast: Cast) -> None:
    client, who = cast.client("operator"), cast.account("operator")
    assert address("switch_off", who.pk) not in client.get(address("person", who.pk)).content.decode()
    assert client.post(address("switch_off", who.pk)).status_code == 403


def test_a_post_is_given_and_ended(cast: Cast, events: Events) -> None:
    client, who = cast.client("operator"), cast.account("volunteer")
    words = {"role": "liaison", "unit": cast.office.pk, "area": cast.town.pk, "since": "2026-01-01"}
    assert send(client, address("give_post", who.pk), **words).status_code == 302
    post = Post.objects.get(account=who, role=Role.LIAISON)
    assert send(client, address("end_post", post.pk), until="2026-02-01").status_code == 302
    post.refresh_from_db()
    assert post.until is not None
    assert [one.type for one in events("org.post")] == ["org.post.created", "org.post.ended"]
    page = client.get(address("person", who.pk)).content.decode()
    assert "以前的岗位" in page


def test_a_change_of_name_keeps_the_number(cast: Cast) -> None:
    client, who = cast.client("operator"), cast.account("cadre")
    who.phone = "13800138000"
    who.save()
    stale = carried(client.get(address("change_person", who.pk)).content.decode())
    assert send(client, address("change_person", who.pk), name="王建军").status_code == 302
    who = Account.objects.get(pk=who.pk)
    assert (who.name, who.phone) == ("王建军", "13800138000")
    assert client.post(address("change_person", who.pk), stale | {"name": "王建中"}).status_code == 409
    for number, status, kept in (("12", 422, "13800138000"), ("13900139000", 302, "13900139000")):
        assert send(client, address("change_person", who.pk), name="王建军", phone=number).status_code == status
        assert Account.objects.get(pk=who.pk).phone == kept


def test_an_operator_s_post_is_given_here_too_and_a_post_given_again_gets_its_title(cast: Cast) -> None:
    client, who = cast.client("operator"), cast.account("volunteer")
    words = {"role": "operator", "unit": cast.office.pk, "area": cast.city.pk, "since": "2026-01-01"}
    for title in ("", "系统管理员"):
        assert send(client, address("give_post", who.pk), **words, title=title).status_code == 302
        post = Post.objects.get(account=who, role=Role.OPERATOR)
        assert post.title == title
    own = cast.client("volunteer")
    own.post(reverse("org:choose_post"), {"post": str(post.pk)})
    assert own.get(address("people")).status_code == 200


@pytest.mark.fault(75)
@pytest.mark.parametrize("value", ["abc", "-1", "9" * 30, "9" * 5000, "１", "9999-12-31", "\0", "a%00b"])
def test_no_value_of_a_filter_is_an_error_of_ours(cast: Cast, value: str) -> None:
    client = Client(raise_request_exception=False)
    signed_in(client, cast.account("operator"))
    every = dict.fromkeys(("q", "area", "kind", "closed", "role", "look", "page", "order", "unknown"), value)
    for name in ("people", "units"):
        assert client.get(address(name), every).status_code in {200, 400, 404}
        assert client.get(address(name)).status_code == 200
