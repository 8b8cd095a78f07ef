"""Pages of household files in the browser's words."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.households.models import Household, HouseholdCode, Resident, TagGrant
from minqing.journal.models import Event
from tests.cast import Cast

ZHANG = "33068319720315431X"
HTMX = {"HX-Request": "true"}


def looks(type: str) -> list[Event]:
    return list(Event.objects.filter(type=type).order_by("seq"))


def url(name: str, *args: object) -> str:
    return reverse(f"households:{name}", args=args)


@pytest.mark.parametrize("households", [1, 3, 60])
def test_the_list_takes_the_same_queries_for_one_and_for_many(
    cast: Cast, households: int, django_assert_num_queries: Any
) -> None:
    for n in range(households):
        home = cast.household(number=f"N{n:04}")
        cast.resident(home, f"张{n}", relation="head")
    cast.household(cast.other, number="CANARY-OTHER")
    client = cast.client("cadre")
    with django_assert_num_queries(11):
        page = client.get(url("list"))
    assert page.status_code == 200
    text = page.content.decode()
    assert "N0000" in text
    assert "张0" in text
    assert "CANARY-OTHER" not in text
    assert ("?page=2" in text) is (households > 50)


def test_the_list_is_narrowed_to_a_village_and_a_tag(cast: Cast) -> None:
    cast.household(number="OWN-1")
    tagged = cast.household(number="OWN-2")
    cast.household(cast.other, number="OTHER-1")
    client = cast.client("clerk")
    client.post(url("tags", tagged.pk), tag_form())
    text = client.get(url("list"), {"area": cast.other.id}).content.decode()
    assert "OTHER-1" in text
    assert "OWN-1" not in text
    text = client.get(url("list"), {"tag": "aged-80"}).content.decode()
    assert "OWN-2" in text
    assert "OWN-1" not in text


def tag_form(**values: str) -> dict[str, str]:
    return {"request_id": str(new_id()), "tag": "aged-80", "reason": "独居", "source": "visit"} | values


@pytest.mark.fault(25)
def test_a_whole_number_is_looked_for_only_with_a_reason_and_the_household_can_see_it(cast: Cast) -> None:
    home = cast.household(number="H1")
    cast.resident(home, "张国强", identity_number=ZHANG, relation="head")
    client = cast.client("cadre")
    asked = client.post(url("search"), {"text": ZHANG}, headers=HTMX).content.decode()
    assert "H1" not in asked
    # a form of its own: HTMX leaves out the name of a button that stands outside its form
    form = asked.partition("<form")[2].partition("</form>")[0]
    assert 'name="purpose"' in form
    assert f'name="text" value="{ZHANG}"' in form
    assert not looks("households.household.searched")
    told = client.post(url("search"), {"text": ZHANG, "purpose": "visit"}, headers=HTMX)
    assert "H1" in told.content.decode()
    (look,) = looks("households.household.searched")
    assert (look.subject, look.purpose, look.data) == (f"household:{home.pk}", "visit", {"by": "identity"})
    client.post(url("search"), {"text": "13800000000", "purpose": "visit"}, headers=HTMX)
    assert looks("households.household.searched")[-1].subject == "household:none"


def test_a_name_is_looked_for_without_a_reason_and_never_stands_in_an_address(cast: Cast) -> None:
    cast.resident(cast.household(number="H1"), "张国强", relation="head")
    client = cast.client("cadre")
    page = client.post(url("search"), {"text": "张国"})
    assert "H1" in page.content.decode()
    assert client.get(url("search"), {"text": "张国"}).status_code == 405


@pytest.mark.fault(20)
def test_numbers_are_masked_until_asked_for_with_a_reason(cast: Cast) -> None:
    one = cast.resident(cast.household(), identity_number=ZHANG, phone="13812345678")
    client = cast.client("cadre")
    for first in (client.get(url("person", one.pk)), client.post(url("reveal", one.pk), {"what": "phone"})):
        text = first.content.decode()
        assert "13812345678" not in text
        assert ZHANG not in text
    shown = client.post(url("reveal", one.pk), {"what": "phone", "purpose": "visit"}, headers=HTMX)
    assert "tel:13812345678" in shown.content.decode()
    (event,) = looks("households.resident.revealed")
    assert event.purpose == "visit"
    assert client.post(url("reveal", one.pk), {"what": "everything"}).status_code == 422
    assert (
        cast.client("other_cadre").post(url("reveal", one.pk), {"what": "phone", "purpose": "visit"}).status_code == 404
    )


def test_a_new_household_sent_twice_is_made_once(cast: Cast) -> None:
    client = cast.client("cadre")
    form = {"request_id": str(new_id()), "number": "H9", "area": cast.own.id, "address": "溪边路9号", "note": ""}
    answers = [client.post(url("add"), form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    again = client.post(url("add"), form | {"request_id": str(new_id())})
    assert again.status_code == 422
    with cast.everything():
        assert Household.objects.filter(number="H9").count() == 1


@pytest.mark.fault(21)
def test_an_area_of_others_is_no_choice_and_extra_fields_change_nothing(cast: Cast) -> None:
    client = cast.client("cadre")
    form = {"request_id": str(new_id()), "number": "H9", "area": cast.other.id, "closed_at": "2026-01-01"}
    assert client.post(url("add"), form).status_code == 422
    assert client.post(url("add"), form | {"area": cast.own.id}).status_code == 302
    with cast.everything():
        assert Household.objects.get(number="H9").closed_at is None


def person_form(**values: str) -> dict[str, str]:
    return {
        "request_id": str(new_id()), "name": "李四", "relation": "son", "sex": "", "phone": "", "identity_number": "",
        "born_on": "", "lives_here": "on",
    } | values  # fmt: skip


def test_a_person_is_added_once_and_corrected_without_losing_the_numbers(cast: Cast) -> None:
    home = cast.household()
    client = cast.client("cadre")
    form = person_form(phone="13812345678")
    for _ in range(2):
        assert client.post(url("person_add", home.pk), form).status_code == 302
    with cast.everything():
        one = Resident.objects.get(household=home)
    assert client.post(url("person", one.pk), person_form(name="李思")).status_code == 302
    with cast.everything():
        one = Resident.objects.get(household=home)
        assert (one.name, one.phone) == ("李思", "13812345678")


def test_a_wrong_number_comes_back_with_the_form_and_all_that_was_typed(cast: Cast) -> None:
    answer = cast.client("cadre").post(url("person_add", cast.household().pk), person_form(phone="123", name="李四"))
    assert answer.status_code == 422
    assert "李四" in answer.content.decode()


def test_a_person_is_moved_and_leaves_by_the_pages(cast: Cast) -> None:
    home, second = cast.household(number="H1"), cast.household(number="SECOND-2")
    one = cast.resident(home)
    client = cast.client("cadre")
    form = {"request_id": str(new_id()), "number": "second-2", "relation": "other"}
    assert client.post(url("person_move", one.pk), form | {"number": "H404"}).status_code == 422
    assert client.post(url("person_move", one.pk), form).status_code == 302
    with cast.everything():
        assert Resident.objects.get().household_id == second.pk
    assert client.post(url("person_left", one.pk)).status_code == 302
    assert client.get(url("person", one.pk)).status_code == 404
    assert client.post(url("close", second.pk)).status_code == 302
    assert "SECOND-2" not in client.get(url("list")).content.decode()


def test_a_tag_is_given_and_taken_back_by_the_pages(cast: Cast) -> None:
    home = cast.household()
    client = cast.client("cadre")
    form = tag_form()
    for _ in range(2):
        assert client.post(url("tags", home.pk), form).status_code == 302
    assert client.post(url("tags", home.pk), tag_form()).status_code == 422
    assert client.post(url("tags", home.pk), tag_form(tag="mental-illness")).status_code == 422
    with cast.everything():
        given = TagGrant.objects.get()
    assert "独居" in client.get(url("tags", home.pk)).content.decode()
    assert cast.client("other_cadre").post(url("tag_revoke", given.pk)).status_code == 404
    assert client.post(url("tag_revoke", given.pk)).status_code == 302


def scan(client: Client, token: str) -> Any:
    return client.get(url("opened", token))


@pytest.mark.fault(16)
def test_the_scanner_opens_the_file_or_says_what_is_wrong_with_the_code(cast: Cast) -> None:
    home = cast.household(number="H1")
    token = cast.code(home)
    client = cast.client("cadre")
    assert scan(client, token)["Location"] == reverse("households:file", args=[home.pk])
    for stranger, code in ((cast.client("other_cadre"), token), (client, "unknown-token")):
        assert scan(stranger, code).status_code == 404
    with cast.everything():
        HouseholdCode.objects.update(revoked_at="2026-01-01T00:00Z")
    assert scan(client, token).status_code == 409
    assert scan(cast.client("other_cadre"), token).status_code == 404


def test_the_number_under_the_code_may_be_typed_instead(cast: Cast) -> None:
    home = cast.household(number="H1")
    client = cast.client("cadre")
    assert client.get(url("typed"), {"code": "h1 "})["Location"] == reverse("households:file", args=[home.pk])
    assert client.get(url("typed"), {"code": cast.code(home)}).status_code == 302
    assert client.get(url("typed"), {"code": "H404"}).status_code == 404


def test_the_scan_page_may_run_its_decoder_and_no_other_page_may(cast: Cast) -> None:
    client = cast.client("cadre")
    assert "wasm-unsafe-eval" in client.get(url("scan"))["Content-Security-Policy"]
    assert "wasm-unsafe-eval" not in client.get(url("list"))["Content-Security-Policy"]


def test_every_page_opens(cast: Cast) -> None:
    home = cast.household()
    one = cast.resident(home)
    cast.code(home)
    client = cast.client("clerk")
    for address in (
        url("list"), url("scan"), url("plates"), url("add"), url("edit", home.pk), url("person_add", home.pk),
        url("code", home.pk), url("tags", home.pk), url("person", one.pk), url("person_move", one.pk),
    ):  # fmt: skip
        assert client.get(address).status_code == 200, address


def test_a_code_is_made_anew_once_by_whoever_may(cast: Cast) -> None:
    home = cast.household()
    old = cast.code(home)
    form = {"request_id": str(new_id())}
    assert cast.client("cadre").post(url("code", home.pk), form).status_code == 403
    secretary = cast.client("village_secretary")
    for _ in range(2):
        assert secretary.post(url("code", home.pk), form).status_code == 302
    with cast.everything():
        assert HouseholdCode.objects.count() == 2
        assert HouseholdCode.objects.get(revoked_at=None).token != old
    assert scan(secretary, old).status_code == 409
