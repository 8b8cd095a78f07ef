"""What somebody files in confidence: no page of the household or the village shows it, and the phone keeps nothing."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters import services
from minqing.matters.enums import Channel, State
from minqing.matters.models import Matter
from minqing.privacy.access import acting_as
from tests.doorstep.conftest import Door

pytestmark = pytest.mark.django_db
TEXT, CONTACT, PHONE = "SECRETTEXT 家里有人打我", "SECRETCONTACT 只在白天", "13800138000"
SECRETS = ("SECRETTEXT", "SECRETCONTACT", PHONE, "SECRETNAME")


@pytest.fixture
def filed(door: Door) -> tuple[str, Matter]:
    return door.reported(text=TEXT, contact=CONTACT, phone=PHONE, name="SECRETNAME", confidential="on")


def clean(answer: Any, matter: Matter) -> None:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    shown = content.decode("utf-8", "replace")
    assert not [one for one in (*SECRETS, matter.number, str(matter.pk)) if one in shown], answer.request["PATH_INFO"]


def test_it_lies_in_no_file_of_the_household(door: Door, filed: tuple[str, Matter]) -> None:
    assert filed[1].household_id is None
    assert filed[1].confidential


@pytest.mark.parametrize("role", ["cadre", "village_secretary"])
def test_posts_in_the_village_see_it_nowhere(door: Door, filed: tuple[str, Matter], role: str) -> None:
    matter, client = filed[1], door.cast.client(role)
    for path in (
        "/",
        "/matters/",
        "/matters/?text=有人打我",
        f"/matters/?text={matter.number.replace('-', '+')}",
        f"/households/?q={matter.number.replace('-', '+')}",
        "/households/",
        f"/households/{door.household_id}/",
        reverse("households:file", args=[door.household_id]),
        reverse("households:code", args=[door.household_id]),
        "/visits/",
    ):
        clean(client.get(path), matter)
    for name in ("matters:detail", "matters:slip", "matters:taken"):
        assert client.get(reverse(name, args=[matter.pk])).status_code == 404
    assert client.get(reverse("matters:sheet", args=[matter.pk, "docx"])).status_code == 404
    assert client.post(reverse("matters:reporter", args=[matter.pk])).status_code == 404
    assert client.post(reverse("matters:move", args=[matter.pk, "reopen"])).status_code == 404
    look = client.post("/matters/new/", {"look": "callers", "reporter_phone": PHONE}, headers={"HX-Request": "true"})
    assert "SECRETTEXT" not in look.content.decode()
    slips = client.get("/matters/slips.pdf")
    assert slips.status_code in {200, 404}
    assert not Event.objects.filter(type="matters.slip.printed", subject=f"matter:{matter.pk}").exists()


def test_others_with_the_household_s_code_see_nothing_of_it(door: Door, filed: tuple[str, Matter]) -> None:
    for page in ("", "/report", "/cadre", "/questions"):
        clean(door.client.get(door.url + page), filed[1])


@pytest.mark.fault(78)
def test_the_id_of_a_form_tells_nothing_of_it_to_others_at_the_same_door(door: Door, filed: tuple[str, Matter]) -> None:
    answer = door.send(request_id=str(filed[1].pk), text="别的事情")
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert not [one for one in (*SECRETS, filed[1].number) if one in shown]
    assert "别的事情" in shown


def test_a_second_report_of_the_household_shows_nothing_of_it(door: Door, filed: tuple[str, Matter]) -> None:
    ticket, _other = door.reported()
    for page in ("", "/thanks"):
        clean(door.client.get(f"/m/{ticket}{page}"), filed[1])


def test_plates_do_not_show_it(door: Door, filed: tuple[str, Matter]) -> None:
    answer = door.cast.client("village_secretary").get(
        reverse("households:plates_pdf"), {"area": door.cast.own.id, "from": 0}
    )
    assert answer.status_code == 200
    clean(answer, filed[1])


def test_the_journal_holds_no_word_of_it_and_no_household(door: Door, filed: tuple[str, Matter]) -> None:
    told = [f"{one.subject} {one.actor} {one.data}" for one in Event.objects.filter(subject=f"matter:{filed[1].pk}")]
    assert told
    assert not [one for one in SECRETS if one in str(told)]
    # the household's own record of who looked names its files, not this matter
    assert not Event.objects.filter(subject=f"household:{door.household_id}", data__icontains=filed[1].number).exists()


def test_who_looked_at_the_reporter_stands_with_the_matter_and_not_with_the_household(
    door: Door, filed: tuple[str, Matter]
) -> None:
    door.cast.client("clerk").post(reverse("matters:reporter", args=[filed[1].pk]))
    event = Event.objects.get(type="matters.reporter.revealed")
    assert event.subject == f"matter:{filed[1].pk}"
    assert str(door.household_id) not in f"{event.subject} {event.data} {event.actor}"


def test_the_clerk_reads_how_to_reach_before_the_number(door: Door, filed: tuple[str, Matter]) -> None:
    client = door.cast.client("clerk")
    shown = client.get(reverse("matters:detail", args=[filed[1].pk])).content.decode()
    assert "SECRETCONTACT" in shown
    assert PHONE not in shown
    assert "SECRETNAME" not in shown
    listed = client.get("/matters/").content.decode()
    assert "shield-lock" in listed
    revealed = client.post(reverse("matters:reporter", args=[filed[1].pk])).content.decode()
    assert PHONE in revealed


def test_the_unit_that_handles_it_may_see_who_it_was_and_a_leader_may_not(
    door: Door, filed: tuple[str, Matter]
) -> None:
    with door.cast.everything():
        Matter.objects.filter(pk=filed[1].pk).update(state=State.ASSIGNED, lead_unit=door.cast.bureau)
    handler, leader = door.cast.client("handler"), door.cast.client("leader")
    assert "SECRETCONTACT" in handler.get(reverse("matters:detail", args=[filed[1].pk])).content.decode()
    assert handler.post(reverse("matters:reporter", args=[filed[1].pk])).status_code == 200
    assert "SECRETCONTACT" not in leader.get(reverse("matters:detail", args=[filed[1].pk])).content.decode()
    assert leader.post(reverse("matters:reporter", args=[filed[1].pk])).status_code == 403


def test_given_to_the_village_committee_the_secretary_sees_it_and_the_cadre_does_not(
    door: Door, filed: tuple[str, Matter]
) -> None:
    with door.cast.everything():
        Matter.objects.filter(pk=filed[1].pk).update(state=State.ASSIGNED, lead_unit=door.cast.committee)
    address = reverse("matters:detail", args=[filed[1].pk])
    assert door.cast.client("village_secretary").get(address).status_code == 200
    assert door.cast.client("cadre").get(address).status_code == 404


def test_the_thanks_page_says_how_to_keep_the_code_and_leaves_nothing_behind(
    door: Door, filed: tuple[str, Matter]
) -> None:
    known = {name: morsel.value for name, morsel in door.client.cookies.items()}
    answer = door.client.get(f"/m/{filed[0]}/thanks", headers={"Accept-Language": "en"})
    shown = answer.content.decode()
    assert "Write number and code on paper" in shown
    assert "Take a screenshot of this page" not in shown
    assert answer["Cache-Control"] == "no-store"
    assert "noindex" in answer["X-Robots-Tag"]
    # but for the token that guards forms, which every visitor gets and which says nothing
    assert set(answer.cookies) - {"csrftoken"} == set()
    assert set(known) - {"csrftoken"} == set()
    assert "SECRET" not in shown
    form = door.client.get(f"{door.url}/report").content.decode()
    assert '<form class="card" method="post" enctype="multipart/form-data" autocomplete="off"' in form
    assert 'name="contact"' in form
    assert "localStorage" not in shown
    for page in ("", "/thanks"):
        html = door.client.get(f"/m/{filed[0]}{page}").content.decode()
        assert "data-keep-mine" not in html
        # and what was kept before it was told so is dropped
        assert f'data-forget-mine="/m/{filed[0]}"' in html


def test_the_reporter_follows_it_with_the_private_link_like_any_other(door: Door, filed: tuple[str, Matter]) -> None:
    assert "SECRETTEXT" in door.client.get(f"/m/{filed[0]}").content.decode()


def test_a_partner_or_job_without_that_right_does_not_see_it(door: Door, filed: tuple[str, Matter]) -> None:
    from minqing.core.actor import Actor

    partner = Actor(id=new_id(), kind="partner", name="x", areas=frozenset({door.cast.own.id}))
    with acting_as(partner):
        assert not Matter.objects.filter(pk=filed[1].pk).exists()


def test_taken_in_at_the_counter_it_is_in_no_file_either(door: Door) -> None:
    with acting_as(by := door.cast.actor("clerk")):
        matter = services.report_matter(
            id=new_id(), title="", text=TEXT, area_id=door.cast.own.id, channel=Channel.COUNTER, by=by,
            household_id=door.household_id, confidential=True,
        )  # fmt: skip
    assert matter.household_id is None


def test_the_household_table_and_other_exports_do_not_carry_it(door: Door, filed: tuple[str, Matter]) -> None:
    out = io.StringIO()
    with door.cast.everything():
        for event in Event.objects.all():
            out.write(f"{event.data}")
    assert "SECRET" not in out.getvalue()


def test_an_objection_to_publishing_stays_with_the_matter(door: Door) -> None:
    assert door.reported(text="路灯不亮", objection="on")[1].objection
    assert not door.reported(text="水管漏水")[1].objection
