"""The residents' pages and forms, as somebody without an account sees them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.files.models import Attachment
from minqing.journal.models import Event
from minqing.localnames.services import Said, set_names
from minqing.matters import services, tickets
from minqing.matters.enums import State
from minqing.matters.models import Confirmation, Evidence, Matter, Reporter, Step
from minqing.matters.models.naming import STATES
from minqing.org.models import Unit
from minqing.privacy.access import acting_as
from minqing.reporting.forms import ReportForm
from minqing.reporting.queries import topics
from minqing.visits.models import HouseholdAssignment
from tests.cast import Cast
from tests.doorstep.conftest import Door, stamp
from tests.files.pictures import jpeg

pytestmark = pytest.mark.django_db


def staff(cast: Cast, who: str, verb: str, matter: Matter, **values: Any) -> Matter:
    actor = cast.actor(who)
    with acting_as(actor):
        return getattr(services, verb)(**{"id": new_id(), "matter": matter, "by": actor} | values)


def answered(door: Door, matter: Matter, **values: Any) -> None:
    """The way of a matter up to its reply, with notes between offices on it."""
    staff(door.cast, "clerk", "assign_matter", matter, unit=door.cast.bureau.id, note="CANARY-NOTE-ASSIGN")
    staff(door.cast, "handler", "accept_matter", matter, note="CANARY-NOTE-ACCEPT")
    staff(door.cast, "handler", "note_progress", matter, text="CANARY-INTERNAL", public=False)
    staff(door.cast, "handler", "note_progress", matter, text="明天来修。")
    staff(door.cast, "handler", "finish_matter", matter, reply="已换新灯。", **values)


def reload(door: Door, matter: Matter) -> Matter:
    with door.cast.everything():
        return Matter.objects.get(pk=matter.pk)


def word(**values: Any) -> dict[str, Any]:
    return {"form": "word", "request_id": str(new_id()), "solved": "yes", "satisfaction": "5", "text": ""} | values


def test_the_door_names_the_village_and_three_ways(door: Door) -> None:
    page = door.client.get(door.url)
    html = page.content.decode()
    assert page.status_code == 200
    assert "棠溪村" in html
    for link in (f"{door.url}/report", "/follow", f"{door.url}/cadre"):
        assert f'href="{link}"' in html


def test_the_cadre_and_the_offices_numbers_are_named_and_no_private_one(door: Door) -> None:
    cadre = door.cast.account("cadre")
    cadre.phone = "13700001111"
    cadre.save()
    today = clock.today()
    with door.cast.everything():
        HouseholdAssignment.objects.create(
            household_id=door.household_id, area=door.cast.own, account=cadre, since=today, due_on=today
        )
    html = door.client.get(f"{door.url}/cadre").content.decode()
    assert "王建国" in html
    assert 'href="tel:0575-83000001"' in html
    assert "13700001111" not in html


def test_a_cadre_nobody_has_named_is_no_empty_page(door: Door) -> None:
    assert "还没有" in door.client.get(f"{door.url}/cadre").content.decode()


def test_a_report_leads_to_number_link_and_code(door: Door, settings: Any) -> None:
    answer = door.send(category="transport", name="王大妈", phone="138 0013 8000", place="村口桥头")
    assert answer.status_code == 302
    ticket, matter = door.reported()
    page = door.client.get(f"/m/{ticket}/thanks")
    html = page.content.decode()
    code = tickets.follow_code_of(matter.pk)
    assert matter.number in html
    assert f"{code[:4]} {code[4:]}" in html
    assert f'data-copy="{settings.ORIGIN}/m/{ticket}"' in html
    assert "data:image/svg+xml" in html


@pytest.mark.fault(130)
def test_the_private_link_begins_with_the_address_by_which_the_reporter_came_where_none_is_set(
    door: Door, settings: Any
) -> None:
    ticket, _matter = door.reported(category="transport")
    for origin, link in (("http://127.0.0.1:8000", "http://testserver"), ("https://mq.example", "https://mq.example")):
        settings.ORIGIN = origin
        assert f'data-copy="{link}/m/{ticket}"' in door.client.get(f"/m/{ticket}/thanks").content.decode()


def test_what_was_typed_is_what_is_stored(door: Door) -> None:
    _ticket, matter = door.reported(
        category="transport", name="王大妈", phone="138 0013 8000", place="村口桥头",
        latitude="29.75", longitude="120.8", accuracy_m="12", datum="WGS-84",
    )  # fmt: skip
    assert (matter.category_id, matter.place, matter.channel) == ("transport", "村口桥头", "code")
    assert (matter.latitude, matter.datum) == (29.75, "WGS-84")
    assert (matter.household_id, matter.area_id) == (door.household_id, door.cast.own.id)
    with door.cast.everything():
        reporter = Reporter.objects.get(matter=matter)
        assert (reporter.name, reporter.phone) == ("王大妈", "13800138000")
    event = Event.objects.get(type="matters.matter.received")
    assert event.actor == f"resident:household:{door.household_id}"


def test_a_report_needs_nothing_but_a_text(door: Door) -> None:
    _ticket, matter = door.reported()
    with door.cast.everything():
        assert not Reporter.objects.filter(matter=matter).exists()
    assert door.send(text="  ").status_code == 422


def test_the_same_report_twice_is_one_matter_with_one_link(door: Door, media: None) -> None:
    id = str(new_id())
    before = door.matters()
    photo = jpeg()
    links = {
        door.send(request_id=id, photos=[SimpleUploadedFile("a.jpg", photo, "image/jpeg")])["Location"]
        for _n in range(2)
    }
    assert len(links) == 1
    assert door.matters() == before + 1
    assert Attachment.objects.count() == 1
    assert Event.objects.filter(type="matters.matter.received").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"phone": "12345"},
        {"opened": stamp(-3600)},
        {"opened": "forged"},
        {"website": "http://spam.example"},
        {"text": "灯" * 20_001},
        {"category": "no-such"},
        {"latitude": "29.7"},
        {"datum": "MARS"},
        {"request_id": "no uuid"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_form_with_a_mistake_says_so_and_loses_nothing(door: Door, wrong: dict[str, str]) -> None:
    before = door.matters()
    answer = door.send(**{"place": "村口桥头", "name": "王大妈", "text": "KEPT-TEXT"} | wrong)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "form-errors" in html
    assert "村口桥头" in html
    assert "王大妈" in html
    assert "KEPT-TEXT" in html or len(wrong.get("text", "")) > 5000
    assert door.matters() == before


def test_a_form_of_somebody_else_does_not_open_their_matter(door: Door) -> None:
    id = new_id()
    other = door.cast.household()
    theirs = Door(door.cast, door.cast.code(other, "another-token-of-a-door"), other.pk, Client())
    assert theirs.send(request_id=str(id), text="THEIR-TEXT").status_code == 302
    before = door.matters()
    answer = door.send(request_id=str(id), text="KEPT-TEXT")
    # an id used for something else is a conflict, which keeps what was typed and tells nothing of the first
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "KEPT-TEXT" in html
    assert "THEIR-TEXT" not in html
    assert door.matters() == before


def test_two_sends_that_differ_lead_to_the_first_and_to_the_household(door: Door) -> None:
    form = ReportForm(topics=topics())
    own = {name: str(form.initial[name]) for name in ("request_id", "proof")}
    ticket, _matter = door.reported(**own)
    answer = door.send(**own, text="井盖也丢了。")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert f'href="/m/{ticket}"' in html
    assert f'href="{door.url}"' in html
    assert 'href="/"' not in html
    # whoever knows the id of the matter, as staff do, is not led to the private link
    other = door.send(**own | {"proof": ""}, text="井盖也丢了。").content.decode()
    assert f"/m/{ticket}" not in other
    looked = door.send(**own | {"proof": ""}, look="kinds").content.decode()
    assert own["proof"] not in looked


def test_a_code_that_leads_nowhere_tells_of_capitals_and_whom_to_call(door: Door) -> None:
    answer = Client().get(f"/h/{door.token.upper()}")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert "码分大小写" in html
    assert [number for number in ("tel:110", "tel:119", "tel:120") if number in html] == [
        "tel:110",
        "tel:119",
        "tel:120",
    ]


def test_the_reporter_follows_in_plain_words_and_sees_no_internal_note(door: Door, media: None) -> None:
    ticket, matter = door.reported()
    assert "收到了" in door.client.get(f"/m/{ticket}").content.decode()
    answered(door, matter)
    html = door.client.get(f"/m/{ticket}").content.decode()
    assert "已换新灯。" in html
    assert "明天来修。" in html
    assert "市交通运输局" in html
    assert "CANARY" not in html
    for person in door.cast.people.values():
        assert person.name not in html


def test_a_deadline_is_told_in_words_and_a_missed_one_is_admitted(door: Door) -> None:
    ticket, matter = door.reported()
    for page in (f"/m/{ticket}", f"/m/{ticket}/thanks"):
        assert f"最晚 {day(matter)}前交给单位去办" in door.client.get(page).content.decode()
    staff(door.cast, "clerk", "assign_matter", matter, unit=door.cast.bureau.id, due_days=3)
    assert f"最晚 {day(reload(door, matter))}前答复您" in door.client.get(f"/m/{ticket}").content.decode()
    with door.cast.everything():
        Matter.objects.filter(pk=matter.pk).update(due_at=clock.now() - timedelta(days=1))
    html = door.client.get(f"/m/{ticket}").content.decode()
    assert f"本来应在{day(reload(door, matter))}前答复您" in html
    assert "超期" in html


def day(matter: Matter) -> str:
    """The day of the matter's own clock, as people say it."""
    assert matter.due_at is not None
    on = clock.local_date(matter.due_at)
    return f"{on.month}月{on.day}日（周{'一二三四五六日'[on.weekday()]}）"


def test_whom_to_call_stands_there_from_the_first_moment_and_who_has_it_in_hand_comes_first(door: Door) -> None:
    cast = door.cast
    Unit.objects.filter(pk=cast.bureau.pk).update(phone="0575-83000009")
    ticket, matter = door.reported()
    for page in (f"{door.url}/report", f"/m/{ticket}/thanks", f"/m/{ticket}"):
        assert called(door, page) == ["0575-83000001", *SOS], page
    staff(cast, "clerk", "assign_matter", matter, unit=cast.bureau.id)
    assert called(door, f"/m/{ticket}") == ["0575-83000009", "0575-83000001", *SOS]
    staff(cast, "handler", "send_back_matter", matter, reason="不归", proposed=cast.office.id)
    assert called(door, f"/m/{ticket}") == ["0575-83000001", *SOS]


def test_of_what_was_told_in_confidence_nobody_is_sent_to_the_village(door: Door) -> None:
    Unit.objects.filter(pk=door.cast.office.pk).update(phone="0575-83000002")
    ticket, _matter = door.reported(confidential="on")
    for page in (f"/m/{ticket}/thanks", f"/m/{ticket}"):
        assert called(door, page) == ["0575-83000002", *SOS], page


SOS = ["110", "119", "120"]


def called(door: Door, page: str) -> list[str]:
    return re.findall(r'href="tel:([^"]+)"', door.client.get(page).content.decode())


def test_an_answered_matter_without_steps_is_shown_all_the_same(door: Door) -> None:
    ticket, matter = door.reported()
    with door.cast.everything():
        Step.objects.filter(matter=matter).delete()
        Matter.objects.filter(pk=matter.pk).update(
            state=State.FINISHED, finished_at=clock.now(), lead_unit=door.cast.bureau
        )
    html = door.client.get(f"/m/{ticket}").content.decode()
    assert 'id="word"' in html


def test_solved_and_satisfied_closes_the_matter_once(door: Door) -> None:
    ticket, matter = door.reported()
    answered(door, matter)
    sent = word(text="谢谢")
    for _n in range(2):
        assert door.client.post(f"/m/{ticket}", sent).status_code == 302
    assert reload(door, matter).state == State.CONFIRMED
    with door.cast.everything():
        said = Confirmation.objects.get(matter=matter)
    assert (said.answered, said.solved, said.satisfaction, said.text) == (True, True, 5, "谢谢")
    assert said.by == f"resident:household:{door.household_id}"


def test_not_solved_opens_the_matter_again_at_once_and_says_so(door: Door) -> None:
    ticket, matter = door.reported()
    answered(door, matter)
    assert door.client.post(f"/m/{ticket}", word(solved="no", satisfaction="")).status_code == 302
    assert reload(door, matter).state == State.ASSIGNED
    html = door.client.get(f"/m/{ticket}").content.decode()
    assert "重新" in html
    assert 'id="word"' not in html


def test_a_word_without_an_answer_is_asked_for_again(door: Door) -> None:
    ticket, matter = door.reported()
    answered(door, matter)
    answer = door.client.post(f"/m/{ticket}", word(solved="", text="KEPT-TEXT"))
    assert answer.status_code == 422
    assert "KEPT-TEXT" in answer.content.decode()
    assert door.client.post(f"/m/{ticket}", word(satisfaction="6")).status_code == 422
    assert reload(door, matter).state == State.FINISHED


def test_a_word_before_there_is_a_reply_is_refused_with_a_sentence(door: Door) -> None:
    ticket, _matter = door.reported()
    answer = door.client.post(f"/m/{ticket}", word())
    assert answer.status_code == 403
    assert "alert-danger" in answer.content.decode()


def test_a_closed_matter_can_be_opened_again_within_a_year(door: Door) -> None:
    ticket, matter = door.reported()
    answered(door, matter)
    door.client.post(f"/m/{ticket}", word())
    assert 'id="again"' in door.client.get(f"/m/{ticket}").content.decode()
    sent = {"form": "again", "request_id": str(new_id()), "reason": "又不亮了"}
    assert door.client.post(f"/m/{ticket}", sent | {"reason": " "}).status_code == 422
    for _n in range(2):
        assert door.client.post(f"/m/{ticket}", sent).status_code == 302
    found = reload(door, matter)
    assert (found.state, found.reopened) == (State.ASSIGNED, 1)


def test_after_a_year_a_closed_matter_stays_closed(door: Door) -> None:
    ticket, matter = door.reported()
    answered(door, matter)
    door.client.post(f"/m/{ticket}", word())
    with door.cast.everything():
        Matter.objects.filter(pk=matter.pk).update(closed_at=clock.now() - timedelta(days=366))
    html = door.client.get(f"/m/{ticket}").content.decode()
    assert 'id="again"' not in html
    sent = {"form": "again", "request_id": str(new_id()), "reason": "又不亮了"}
    assert door.client.post(f"/m/{ticket}", sent).status_code == 403
    assert reload(door, matter).state == State.CONFIRMED


def test_the_reporters_pictures_and_those_of_public_steps_are_shown_and_no_others(door: Door, media: None) -> None:
    ticket, matter = door.reported(photos=[SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")])
    answered(door, matter)
    with door.cast.everything():
        own = Evidence.objects.get(matter=matter)
        hidden_step = Step.objects.get(matter=matter, public=False)
        first = Attachment.objects.get()
        hidden = Attachment.objects.create(
            name="x.jpg",
            stored="x",
            thumbnail="y",
            size=1,
            width=1,
            height=1,
            sha256="",
            sent_by="",
            stored_at=clock.now(),
        )
        Evidence.objects.create(matter=matter, step=hidden_step, attachment=hidden)
    base = f"/m/{ticket}/pictures/{first.pk}"
    assert own.attachment_id == first.pk
    assert base in door.client.get(f"/m/{ticket}").content.decode()
    for url in (base, f"{base}/small"):
        answer = door.client.get(url)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["Cache-Control"].startswith("private")
    assert door.client.get(f"/m/{ticket}/photos/{first.pk}").status_code == 200
    assert str(hidden.pk) not in door.client.get(f"/m/{ticket}").content.decode()
    for id in (hidden.pk, new_id()):
        assert door.client.get(f"/m/{ticket}/pictures/{id}").status_code == 404
    other_ticket, _other = door.reported()
    assert door.client.get(f"/m/{other_ticket}/pictures/{first.pk}").status_code == 404


def test_number_and_code_lead_to_the_matter_as_people_type_them(door: Door) -> None:
    ticket, matter = door.reported()
    code = tickets.follow_code_of(matter.pk).lower()
    typed = {"number": matter.number.lower().replace("-", " "), "code": f" {code[:4]} {code[4:]} "}
    answer = door.client.post("/follow", typed)
    assert (answer.status_code, answer["Location"]) == (302, f"/m/{ticket}")


def test_wrong_number_and_wrong_code_get_the_same_answer_for_the_same_work(door: Door) -> None:
    _ticket, matter = door.reported()
    code = tickets.follow_code_of(matter.pk)
    seen = []
    for number, typed in [(matter.number, "AAAAAAAA"), ("MQ-2026-999999-1", code), ("NONSENSE", "QQQQ")]:
        with CaptureQueriesContext(connection) as queries:
            answer = Client().post("/follow", {"number": number, "code": typed})
        html = answer.content.decode().replace(number, "").replace(typed, "")
        html = re.sub(r'(?:csrfmiddlewaretoken" value|nonce)="[^"]*"|X-CSRFToken": "[^"]*"|&quot;', "", html)
        seen.append((answer.status_code, html, len(queries)))
    assert seen[0][0] == 422
    assert len(set(seen)) == 1


def test_every_page_keeps_its_address_to_itself(door: Door) -> None:
    ticket, _matter = door.reported()
    paths = [
        door.url,
        f"{door.url}/report",
        f"/m/{ticket}",
        f"/m/{ticket}/thanks",
        "/h/nothing",
        "/m/nothing",
        "/follow",
    ]
    for path in [*paths, "/h/check"]:
        answer = door.client.get(path)
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "strict-origin"
        assert answer["Cache-Control"] == "no-store"
        assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.content.decode()), path


@pytest.mark.fault(116)
def test_a_slash_behind_an_address_or_a_capital_before_it_leads_to_the_page(door: Door) -> None:
    ticket, _matter = door.reported()
    for path in (door.url, f"{door.url}/report", "/h/check", f"/m/{ticket}", f"/m/{ticket}/thanks", "/follow"):
        spellings = [f"{path}/", *([f"{path[:2].upper()}{path[2:]}"] if path != "/follow" else [])]
        for spelling in spellings:
            answer = door.client.get(spelling)
            assert (answer.status_code, answer["Location"], answer["Cache-Control"]) == (301, path, "no-store")
    # what was chosen goes along
    asked = f"{door.url}/report?category=road.light&kind=dark"
    assert door.client.get(asked.replace("?", "/?"))["Location"] == asked
    assert door.client.get("/h/nothing/", follow=True).status_code == 404
    # a code is never put right: its small and capital letters are different ones
    assert door.client.get(f"/H/{door.token.swapcase()}", follow=True).status_code == 404


def test_no_page_makes_a_session(door: Door) -> None:
    ticket, _matter = door.reported()
    for path in (door.url, f"{door.url}/report", f"/m/{ticket}", "/follow", "/h/check"):
        door.client.get(path)
    assert set(door.client.cookies) <= {"csrftoken"}


@pytest.mark.parametrize("reports", [1, 3])
def test_the_pages_cost_the_same_however_much_is_there(door: Door, reports: int) -> None:
    for _n in range(reports):
        ticket, matter = door.reported()
    answered(door, matter)
    for _n in range(reports):
        with door.cast.everything():
            Step.objects.create(matter=matter, move="act", state="accepted", at=clock.now(), by="user:x", text="x")
    costs = {}
    for name, path in {
        "door": door.url,
        "cadre": f"{door.url}/cadre",
        "report": f"{door.url}/report",
        "thanks": f"/m/{ticket}/thanks",
        "follow": f"/m/{ticket}",
        "find": "/follow",
        "check": "/h/check",
    }.items():
        with CaptureQueriesContext(connection) as queries:
            assert door.client.get(path).status_code == 200
        costs[name] = len([one for one in queries if "SAVEPOINT" not in one["sql"]])
    assert costs == COSTS


# two of each are the gate's (open, close)
COSTS = {"door": 8, "cadre": 12, "report": 10, "thanks": 6, "follow": 11, "find": 2, "check": 2}


def test_the_residents_read_the_county_s_word_before_what_it_means(door: Door) -> None:
    ticket, _matter = door.reported()
    with CaptureQueriesContext(connection) as before:
        door.client.get(f"/m/{ticket}")
    words = {"received": Said("待派单", "已登记")}
    set_names(kind=STATES, language="zh-hans", words=words, by=door.cast.actor("operator"))
    with CaptureQueriesContext(connection) as after:
        html = door.client.get(f"/m/{ticket}").content.decode()
    assert "已登记：" in html
    assert '<span class="step-label">已登记</span>' in html
    assert "待派单" not in html
    assert len(after) == len(before), "the words come along with the matter"
