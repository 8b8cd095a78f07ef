"""Recording a visit: whole or not at all, once, by those who may, at times that can be right."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from PIL import Image

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, Refused, SentBefore
from minqing.core.ids import new_id
from minqing.core.point import Point
from minqing.files.models import Attachment
from minqing.files.services import store_picture
from minqing.hazards.queries.checklists import current_checklist
from minqing.hazards.services import Seen
from minqing.households.models import Household, Resident
from minqing.journal.models import Event
from minqing.matters.models import Evidence, Matter
from minqing.org.enums import FIELD, Role
from minqing.privacy.access import acting_as
from minqing.visits.enums import Met
from minqing.visits.models import DiaryEntry, Visit, VisitHazard, VisitPhoto
from minqing.visits.services import NewMatter, assign_household, record_visit
from tests.cast import Cast, at

NOON = at("2026-11-20 12:00")


def photo(colour: str = "red") -> BytesIO:
    made = BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "JPEG")
    made.seek(0)
    return made


@pytest.fixture
def house(cast: Cast) -> Household:
    return cast.household()


@pytest.fixture
def visit(cast: Cast, house: Household) -> Callable[..., Visit]:
    """Record a visit of the cadre to the house; every argument may be given otherwise."""

    def write(role: str = "cadre", **values: Any) -> Visit:
        actor = cast.actor(role)
        given = {
            "id": new_id(),
            "household": house,
            "visited_at": NOON,
            "met": Met.AT_HOME,
            "met_people": "户主",
            "text": "老人说屋顶漏雨。",
            "by": actor,
            "at": NOON,
        }
        with acting_as(actor):
            return record_visit(**given | values)

    return write


def picture_of(cast: Cast, role: str = "cadre", colour: str = "red") -> UUID:
    actor = cast.actor(role)
    with acting_as(actor):
        stored: Attachment = store_picture(id=new_id(), upload=photo(colour), name="a.jpg", by=actor)
    return stored.pk


def ticked(code: str, *items: str, words: str = "") -> Seen:
    version = current_checklist(code)
    looks = {one["code"]: one["look"] for one in version.items if one["code"] in items}
    return Seen(id=new_id(), version_id=version.pk, name=version.name, looks=looks, words=words)


def events(type: str) -> list[Event]:
    return list(Event.objects.filter(type=type))


def test_a_visit_brings_its_diary_hazards_photos_and_matter_in_one_go(
    cast: Cast, house: Household, visit: Callable[..., Visit]
) -> None:
    granny = cast.resident(house)
    picture, matter_id = picture_of(cast), new_id()
    made = visit(
        met_resident_ids=[granny.pk],
        met_people="邻居老钱",
        hazards=[ticked("electricity", "wires", words="厨房线路老化"), Seen(id=new_id(), words="院墙要倒")],
        picture_ids=[picture],
        point=Point(29.7, 120.4, "WGS-84", 12.0),
        matter=NewMatter(id=matter_id, title="屋顶漏雨", text="下雨漏水。", category_code="building"),
    )
    with cast.everything():
        entry = DiaryEntry.objects.get(visit=made)
        assert (entry.text, entry.met_people) == ("老人说屋顶漏雨。", "邻居老钱")
        assert [one.pk for one in entry.met_residents.all()] == [granny.pk]
        found = VisitHazard.objects.filter(visit=made).order_by("hazard__version")
        first, second = (one.hazard for one in found)
        assert (first.items, first.words, first.severity, first.household_id) == (
            ["wires"], "厨房线路老化", "serious", house.pk,
        )  # fmt: skip
        assert (second.version, second.words, second.state) == (None, "院墙要倒", "found")
        assert [one.photos.get().attachment_id for one in (first, second)] == [picture] * 2
        assert VisitPhoto.objects.get(visit=made).attachment_id == picture
        matter = Matter.objects.get()
        assert (matter.pk, matter.household_id, matter.area_id) == (matter_id, house.pk, cast.own.id)
        assert (matter.channel, matter.category_id, entry.matter_id) == ("visit", "building", matter_id)
        assert Evidence.objects.get(matter=matter).attachment_id == picture
        assert (made.latitude, made.accuracy, made.datum) == (29.7, 12.0, "WGS-84")
    [event] = events("visits.visit.recorded")
    assert event.data["matter"] == str(matter_id)
    assert event.data["found"] == 2
    assert len(events("hazards.hazard.found")) == 2
    assert "漏雨" not in str(event.data)


def test_the_same_form_sent_twice_is_one_visit_and_one_matter(cast: Cast, visit: Callable[..., Visit]) -> None:
    same = {"id": new_id(), "matter": NewMatter(id=new_id(), title="屋顶漏雨", text="漏")}
    first, second = visit(**same), visit(**same)
    assert first.pk == second.pk
    with cast.everything():
        assert (Visit.objects.count(), DiaryEntry.objects.count(), Matter.objects.count()) == (1, 1, 1)
    assert len(events("visits.visit.recorded")) == 1


def test_an_id_that_another_visit_has_is_refused(cast: Cast, visit: Callable[..., Visit]) -> None:
    used = visit().pk
    elsewhere = cast.household(cast.own)
    with pytest.raises(Conflict, match="request_used"):
        visit(id=used, household=elsewhere)


def test_a_matter_that_cannot_be_taken_leaves_no_visit(cast: Cast, visit: Callable[..., Visit]) -> None:
    with pytest.raises(Invalid):
        visit(matter=NewMatter(id=new_id(), title=" ", text=" "))
    with cast.everything():
        assert not Visit.objects.exists()
    assert not events("visits.visit.recorded")


@pytest.mark.fault(3)
@pytest.mark.parametrize("skew", [timedelta(days=3), timedelta(days=-3)])
def test_the_phones_clock_is_kept_and_not_believed(visit: Callable[..., Visit], skew: timedelta) -> None:
    made = visit(sent_at=NOON + skew)
    assert (made.recorded_at, made.sent_at) == (NOON, NOON + skew)
    assert events("visits.visit.recorded")[0].data["skew_seconds"] == skew.total_seconds()


@pytest.mark.fault(73)
@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"visited_at": NOON + timedelta(hours=1)}, "in_the_future"),
        ({"visited_at": NOON - timedelta(days=61)}, "too_long_ago"),
        ({"text": " \n "}, "nothing_said"),
        ({"met": "nonsense"}, "met_unknown"),
        ({"hazards": [Seen(id=new_id())]}, "hazard_empty"),
        ({"met_resident_ids": [new_id()]}, "not_a_member"),
        ({"picture_ids": [new_id()]}, "picture"),
        # what the form asks is asked of every way in
        ({"met_people": "\u200b"}, "nobody_named"),
        ({"text": "说" * 5001}, "too_long"),
        ({"met_people": "客" * 121}, "too_long"),
        ({"hazards": [Seen(id=new_id(), words="x" * 501)]}, "too_long"),
        ({"picture_ids": [new_id() for _ in range(7)]}, "too_many_pictures"),
    ],
)
def test_what_cannot_be_right_is_said(
    cast: Cast, visit: Callable[..., Visit], values: dict[str, Any], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        visit(**values)
    assert refused.value.code == code
    with cast.everything():
        assert not Visit.objects.exists()


def test_a_picture_that_somebody_else_sent_is_not_taken(cast: Cast, visit: Callable[..., Visit]) -> None:
    with pytest.raises(Invalid, match="picture"):
        visit(picture_ids=[picture_of(cast, "other_cadre")])


def test_nobody_at_home_needs_no_words_and_does_not_count(
    cast: Cast, house: Household, visit: Callable[..., Visit]
) -> None:
    clerk, cadre = cast.actor("clerk"), cast.account("cadre")
    with acting_as(clerk):
        care = assign_household(
            household=house, account_id=cadre.pk, every_days=30, by=clerk, at=at("2026-10-01 09:00")
        )
    visit(met=Met.NOBODY, text="")
    with cast.everything():
        care.refresh_from_db()
        assert care.last_visit_at is None


def test_a_visit_moves_the_cadres_own_day_and_a_late_diary_does_not_move_it_back(
    cast: Cast, house: Household, visit: Callable[..., Visit]
) -> None:
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        mine, other = (
            assign_household(household=house, account_id=cast.account(role).pk, every_days=30, by=clerk,
                             at=at("2026-10-01 09:00"))
            for role in ("cadre", "village_secretary")
        )  # fmt: skip
    # 23:30 in Shanghai is still the 19th there
    visit(visited_at=at("2026-11-19 23:30").astimezone(UTC))
    visit(visited_at=at("2026-11-01 10:00"))
    with cast.everything():
        mine.refresh_from_db()
        other.refresh_from_db()
    assert mine.due_on.isoformat() == "2026-12-19"
    assert other.due_on.isoformat() == "2026-10-01"


@pytest.mark.parametrize("role", list(Role))
def test_the_refusal_the_button_and_the_list_agree(cast: Cast, house: Household, role: Role) -> None:
    from minqing.households.queries import visible_households
    from minqing.visits.rules import may_record

    actor: Actor = cast.actor(role.value)
    away = cast.household(cast.far)
    with acting_as(actor):
        listed = set(visible_households(actor).values_list("pk", flat=True))
        for one in (house, away):
            allowed = bool(may_record(actor, one.area_id))
            assert allowed == (one.pk in listed) == (role in FIELD and one.area_id in actor.areas)
            if not allowed:
                with pytest.raises(Refused):
                    record_visit(
                        id=new_id(),
                        household=one,
                        visited_at=NOON,
                        met="at_home",
                        met_people="户主",
                        text="x",
                        by=actor,
                        at=NOON,
                    )


def test_the_clock_is_ours_when_no_time_is_given(cast: Cast, house: Household) -> None:
    actor = cast.actor("cadre")
    before = clock.now()
    with acting_as(actor):
        made = record_visit(
            id=new_id(), household=house, visited_at=before, met="at_home", met_people="户主", text="好", by=actor
        )
    assert before <= made.recorded_at <= clock.now()


def test_two_submits_at_the_same_moment_are_one_visit(committed_cast: Cast) -> None:
    cast, id, matter_id = committed_cast, new_id(), new_id()
    with transaction.atomic():
        house, actor = cast.household(), cast.actor("cadre")
    together = threading.Barrier(2)

    def send() -> UUID:
        try:
            with transaction.atomic(), acting_as(actor):
                together.wait(10)
                made = record_visit(
                    id=id, household=house, visited_at=NOON, met="at_home",
                    met_people="户主", text="漏雨", by=actor, at=NOON,
                    matter=NewMatter(id=matter_id, title="屋顶漏雨", text="漏"),
                )  # fmt: skip
                return made.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = {one.result(30) for one in [pool.submit(send), pool.submit(send)]}
    assert found == {id}
    with transaction.atomic(), cast.everything():
        assert (Visit.objects.count(), DiaryEntry.objects.count(), Matter.objects.count()) == (1, 1, 1)


@pytest.mark.fault(67)
def test_the_same_diary_after_midnight_and_after_somebody_moved_out_is_the_same(
    cast: Cast, house: Household, visit: Callable[..., Visit]
) -> None:
    member = cast.resident(house)
    sent = {"id": new_id(), "met_resident_ids": [member.pk], "visited_at": at("2026-11-28 23:59")}
    first = visit(**sent, at=at("2026-11-28 23:59"))
    with cast.everything():
        Resident.objects.filter(pk=member.pk).update(left_at=at("2026-11-28 23:59"))
    again = visit(**sent | {"visited_at": at("2026-11-29 00:01")}, at=at("2026-11-29 00:01"))
    assert again == first
    with pytest.raises(SentBefore):
        visit(**sent, day=date(2026, 11, 20), at=at("2026-11-29 00:01"))
