"""The operator's tables: for the operator alone, through services, into the journal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import translation

from minqing.journal.models import Event
from minqing.org.enums import Role
from minqing.org.models import Account, Area, Post, Unit, WorkDay
from minqing.partners.models import Partner, Token
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("admin_on")
Events = Callable[[str], list[Event]]


def test_the_operator_s_room_names_everything_in_chinese(cast: Cast) -> None:
    html = cast.client("operator").get("/operator/org/area/").content.decode()
    assert "组织" in html
    assert "对接系统" in html
    for model in admin.site._registry:
        names = (model._meta.app_config.verbose_name, model._meta.verbose_name, model._meta.verbose_name_plural)
        with translation.override("zh-hans"):
            assert all(re.search("[一-鿿]", str(name)) for name in names), model


def test_only_the_tables_of_the_organisation_and_of_partners_are_there(db: None) -> None:
    assert set(admin.site._registry) == {Area, Unit, Account, Post, WorkDay, Partner, Token}


def test_the_admin_does_not_exist_for_anybody_but_the_operator(cast: Cast) -> None:
    assert Client().get("/operator/")["Location"].startswith("/accounts/login/?next=%2Foperator%2F")
    for role in (role.value for role in Role if role is not Role.OPERATOR):
        for address in ("/operator/org/account/", "/operator/org/post/add/", "/operator/jsi18n/"):
            assert cast.client(role).get(address).status_code == 404, (role, address)
    assert cast.client("operator").get("/operator/org/account/").status_code == 200


def test_without_the_setting_nobody_has_it(cast: Cast, settings: Any) -> None:
    settings.ADMIN = False
    for address in ("/operator/org/account/", "/operator/org/post/add/", "/operator/jsi18n/"):
        assert cast.client("operator").get(address).status_code == 404, address


def test_one_sign_in_and_one_way_out_for_all(cast: Cast, events: Events) -> None:
    client = cast.client("operator")
    assert client.get("/operator/login/")["Location"] == "/accounts/login/?next=%2Foperator%2F"
    assert client.get("/accounts/login/?next=/operator/")["Location"] == "/operator/"
    assert client.get("/operator/password_change/")["Location"] == "/accounts/password/change/"
    client.post("/operator/logout/")
    assert events("org.account.signed_out")


@pytest.mark.parametrize("table", ["area", "unit", "account", "post", "workday"])
def test_every_list_form_and_search_opens(cast: Cast, table: str) -> None:
    client = cast.client("operator")
    first = {"area": Area, "unit": Unit, "account": Account, "post": Post, "workday": WorkDay}[table]
    key = first.objects.values_list("pk", flat=True)[0]
    for address in ("", "?q=1" if table != "workday" else "", "add/", f"{key}/change/", f"{key}/history/"):
        assert client.get(f"/operator/org/{table}/{address}").status_code == 200, address


def test_a_new_area_goes_through_the_service_into_the_journal(cast: Cast, events: Events) -> None:
    sent = {
        "code": "V9", "name": "新村", "level": "village", "parent": cast.town.id, "valid_from": "2026-01-01",
        "valid_to": "", "latitude": "", "longitude": "",
    }  # fmt: skip
    client = cast.client("operator")
    assert client.post("/operator/org/area/add/", sent).status_code == 302
    made = Area.objects.get(code="V9")
    assert made.path == f"{cast.town.path}{made.id}."
    (event,) = events("org.area")
    assert (event.type, event.actor) == ("org.area.created", f"user:{cast.account('operator').id}")
    # the service's refusal stands in the form
    answer = client.post(f"/operator/org/area/{made.id}/change/", sent | {"parent": ""})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert Area.objects.get(code="V9").parent_id == cast.town.id


def test_phone_numbers_are_masked_and_kept_unless_a_new_one_is_typed(cast: Cast) -> None:
    account = cast.account("cadre")
    account.phone = "13800138000"
    account.save()
    client = cast.client("operator")
    for address in ("", f"{account.id}/change/"):
        page = client.get(f"/operator/org/account/{address}").content.decode()
        assert "13800138000" not in page
        assert "138" in page
    sent = {"name": "王建军", "new_phone": "", "is_active": "on"}
    assert client.post(f"/operator/org/account/{account.id}/change/", sent).status_code == 302
    account = Account.objects.get(id=account.id)
    assert (account.name, account.phone, account.username) == ("王建军", "13800138000", "cadre")
    client.post(f"/operator/org/account/{account.id}/change/", sent | {"new_phone": "13900139000"})
    assert Account.objects.get(id=account.id).phone == "13900139000"
    assert client.post(f"/operator/org/account/{account.id}/change/", sent | {"new_phone": "12"}).status_code == 200


@pytest.mark.fault(21)
def test_fields_that_no_form_shows_cannot_be_set(cast: Cast) -> None:
    account = cast.account("cadre")
    sent = {"name": "王建国", "is_active": "on", "is_superuser": "on", "password": "x", "username": "root"}
    cast.client("operator").post(f"/operator/org/account/{account.id}/change/", sent)
    account = Account.objects.get(id=account.id)
    assert (account.username, account.password == "x") == ("cadre", False)


def test_start_passwords_are_shown_once_and_work(cast: Cast, events: Events) -> None:
    account = cast.account("cadre")
    sent = {"action": "give_start_passwords", "_selected_action": [str(account.id)]}
    page = cast.client("operator").post("/operator/org/account/", sent)
    ((shown, password),) = page.context["given"]
    assert shown.id == account.id
    assert password in page.content.decode()
    account.refresh_from_db()
    assert account.check_password(password)
    assert account.must_change_password
    (event,) = events("org.account.password_set")
    assert password not in str(event.data)
    assert password not in cast.client("operator").get("/operator/").content.decode()


def test_a_post_is_ended_not_deleted_and_then_history(cast: Cast, events: Events) -> None:
    post = Post.objects.get(account=cast.account("cadre"))
    client = cast.client("operator")
    address = f"/operator/org/post/{post.id}/"
    assert client.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    sent = {"title": "", "since": "2020-01-01", "until": "2026-01-31"}
    assert client.post(f"{address}change/", sent).status_code == 302
    post.refresh_from_db()
    assert post.until == date(2026, 1, 31)
    assert [event.type for event in events("org.post")] == ["org.post.ended"]
    assert client.post(f"{address}change/", sent | {"until": ""}).status_code == 403


def test_a_working_day_may_be_taken_back(cast: Cast, events: Events) -> None:
    client = cast.client("operator")
    sent = {"date": "2026-11-28", "working": "on", "name": "补班"}
    assert client.post("/operator/org/workday/add/", sent).status_code == 302
    assert client.post("/operator/org/workday/2026-11-28/delete/", {"post": "yes"}).status_code == 302
    assert [event.type for event in events("org.work_day.")] == ["org.work_day.created", "org.work_day.cleared"]


@pytest.mark.fault(81)
def test_the_second_operator_to_change_the_same_unit_is_shown_what_the_first_did(cast: Cast) -> None:
    address = f"/operator/org/unit/{cast.bureau.pk}/change/"
    first, second = cast.client("operator"), cast.client("operator")
    page = first.get(address).content.decode()
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    sent = {"kind": cast.bureau.kind, "area": str(cast.bureau.area_id), "active": "on", "seen": found[1]}
    made = first.post(address, sent | {"name": "交通局", "phone": "0575-86000001"})
    assert made.status_code == 302, made.context["adminform"].form.errors
    answer = second.post(address, sent | {"name": "交通运输局", "phone": "0575-86000002"})
    told = answer.content.decode()
    assert answer.status_code == 409
    assert "0575-86000001" in told
    assert "0575-86000002" in told
    cast.bureau.refresh_from_db()
    assert (cast.bureau.name, cast.bureau.phone) == ("交通局", "0575-86000001")


def test_a_unit_put_out_of_use_with_open_matters_is_warned_of(cast: Cast) -> None:
    matter = cast.matter(state="accepted", lead_unit=cast.bureau)
    cast.matter(state="withdrawn", lead_unit=cast.bureau)
    client = cast.client("operator")
    sent = {"name": cast.bureau.name, "kind": cast.bureau.kind, "area": str(cast.bureau.area_id)}
    for unit, warned in ((cast.bureau, True), (cast.committee, False)):
        answer = client.post(f"/operator/org/unit/{unit.pk}/change/", sent | {"name": unit.name}, follow=True)
        unit.refresh_from_db()
        assert not unit.active
        told = [str(message) for message in answer.context["messages"]]
        assert any("还有1件在办" in one and matter.number in one for one in told) is warned
