"""Visits of the past and the care for households: stored whole or not at all, one event for a batch."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from minqing.core.errors import Invalid
from minqing.core.ids import new_id
from minqing.core.point import Point
from minqing.journal.models import Event
from minqing.privacy.access import acting_as
from minqing.visits.enums import Met
from minqing.visits.models import DiaryEntry, HouseholdAssignment, Visit
from minqing.visits.services.history import CARE, VISITS, PastCare, PastVisit, load_care, load_past_visits
from tests.cast import Cast, at

pytestmark = pytest.mark.django_db
CANARY = "CANARY-DIARY-老伴住院"
# far beyond what a diary of today may be dated back
LONG_AGO = at("2019-05-06 10:00")


def past(cast: Cast, **values: Any) -> PastVisit:
    house = values.pop("house", None) or cast.household()
    return PastVisit(
        **{
            "id": new_id(),
            "household_id": house.id,
            "area_id": house.area_id,
            "account_id": cast.account("cadre").pk,
            "visited_at": LONG_AGO,
            "met": Met.AT_HOME,
            "text": "屋顶漏雨。",
        }
        | values
    )


def care(cast: Cast, **values: Any) -> PastCare:
    house = cast.household()
    first = PastCare(
        new_id(), house.id, house.area_id, cast.account("cadre").pk, 90, date(2019, 1, 1), LONG_AGO, date(2019, 8, 4)
    )
    return first._replace(**values)


def load(cast: Cast, *visits: PastVisit) -> int:
    with cast.everything() as by:
        return load_past_visits(visits, by=by)


def counts(cast: Cast) -> list[int]:
    models = (Visit, DiaryEntry, DiaryEntry.met_residents.through, HouseholdAssignment, Event)
    with cast.everything():
        return [model.objects.count() for model in models]


def test_a_visit_comes_with_its_diary_the_people_met_place_and_matter(cast: Cast) -> None:
    house, matter = cast.household(), cast.matter()
    people = [cast.resident(house, name) for name in ("张桂芬", "李大爷")]
    one = past(
        cast, house=house, met_people="儿媳", met_resident_ids=[person.pk for person in people], matter_id=matter.pk,
        point=Point(29.6, 120.8, accuracy=12.0),
    )  # fmt: skip
    assert load(cast, one) == 1
    with cast.everything():
        visit = Visit.objects.get(pk=one.id)
        assert (visit.household_id, visit.area_id, visit.account_id) == (house.id, cast.own.id, one.account_id)
        assert (visit.visited_at, visit.recorded_at, visit.sent_at) == (LONG_AGO, LONG_AGO, None)
        assert (visit.latitude, visit.longitude, visit.accuracy, visit.datum) == (29.6, 120.8, 12.0, "WGS-84")
        assert (visit.met, visit.entry.text, visit.entry.met_people) == (Met.AT_HOME, "屋顶漏雨。", "儿媳")
        assert visit.entry.matter_id == matter.pk
        assert set(visit.entry.met_residents.all()) == set(people)


def test_a_call_at_an_empty_house_needs_no_words_and_no_place(cast: Cast) -> None:
    one = past(cast, met=Met.NOBODY, text="")
    load(cast, one)
    with cast.everything():
        visit = Visit.objects.get(pk=one.id)
        assert (visit.met, visit.entry.text, visit.latitude, visit.datum) == (Met.NOBODY, "", None, "")


def test_a_batch_is_one_event_that_tells_nothing_of_anybody(cast: Cast) -> None:
    assert load(cast, *(past(cast, text=CANARY, met_people=CANARY) for _ in range(3))) == 3
    event = Event.objects.get(type=VISITS)
    assert (event.subject, event.actor, event.data) == ("visits", "system:test", {"visits": 3})


def test_nothing_to_load_is_no_event(cast: Cast) -> None:
    before = counts(cast)
    assert load(cast) == 0
    with cast.everything() as by:
        assert load_care([], by=by) == 0
    assert counts(cast) == before


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": " \n"}, "nothing_said"),
        ({"met": Met.BY_PHONE, "text": ""}, "nothing_said"),
        ({"met": "perhaps", "text": CANARY}, "met_unknown"),
    ],
)
def test_one_wrong_visit_refuses_the_batch(cast: Cast, values: dict[str, Any], code: str) -> None:
    right, wrong = past(cast), past(cast, **values)
    before = counts(cast)
    with pytest.raises(Invalid) as refused:
        load(cast, right, wrong)
    assert refused.value.code == code
    assert CANARY not in f"{refused.value} {refused.value.sentence} {refused.value.data}"
    assert counts(cast) == before


def test_loading_the_same_visit_again_adds_nothing(cast: Cast) -> None:
    one, other = past(cast), past(cast)
    load(cast, one)
    before = counts(cast)
    for again in ([one], [other, one], [other, other]):
        with pytest.raises(IntegrityError), transaction.atomic():
            load(cast, *again)
    assert counts(cast) == before


def test_care_is_stored_with_the_day_it_is_due_and_is_one_event(cast: Cast) -> None:
    rows = [care(cast), care(cast, last_visit_at=None, due_on=date(2019, 1, 1)), care(cast)]
    with cast.everything() as by:
        assert load_care(rows, by=by) == 3
        for row in rows:
            stored = HouseholdAssignment.objects.values(*PastCare._fields, "until").get(pk=row.id)
            assert stored == {**row._asdict(), "until": None}
    event = Event.objects.get(type=CARE)
    assert (event.subject, event.actor, event.data) == ("visits", "system:test", {"households": 3})


def test_a_household_is_in_the_same_cadres_care_once(cast: Cast) -> None:
    first = care(cast)
    before = counts(cast)
    with pytest.raises(IntegrityError, match="in_care_once"), transaction.atomic(), cast.everything() as by:
        load_care([first, first._replace(id=new_id())], by=by)
    assert counts(cast) == before


def test_only_who_sees_the_area_can_load_into_it(cast: Cast) -> None:
    clerk, visit, row = cast.actor("far_clerk"), past(cast), care(cast)
    before = counts(cast)
    with pytest.raises(Exception, match="row-level security"), transaction.atomic(), acting_as(clerk):
        load_past_visits([visit], by=clerk)
    with pytest.raises(Exception, match="row-level security"), transaction.atomic(), acting_as(clerk):
        load_care([row], by=clerk)
    assert counts(cast) == before
