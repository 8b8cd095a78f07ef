"""Entries that may be one person: which are found, what becomes of them, and the way back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from minqing.core.errors import Conflict, NotFound, Refused
from minqing.core.ids import new_id
from minqing.households import subjects
from minqing.households.enums import TagSource
from minqing.households.models import Duplicate, Resident, Tag, TagGrant
from minqing.households.queries.duplicates import visible_duplicates
from minqing.households.services import decide_duplicate, grant_tag, leave_household, propose_duplicates, undo_duplicate
from minqing.journal.models import Event
from minqing.privacy.access import acting_as
from tests.cast import Cast

pytestmark = pytest.mark.django_db
ZHANG = "33068319720315431X"
BORN = date(1972, 3, 15)


def found(cast: Cast) -> set[frozenset[UUID]]:
    with cast.everything() as system:
        propose_duplicates(by=system)
        return {frozenset((row.resident_id, row.twin_id)) for row in Duplicate.objects.all()}


def person(cast: Cast, area: Any = None, address: str = "", **values: Any) -> Resident:
    return cast.resident(cast.household(area or cast.own, address=address), "张国强", **values)


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ({"identity_number": ZHANG, "born_on": BORN}, {"born_on": BORN}, True),
        ({"born_on": BORN}, {"born_on": BORN}, True),
        # two numbers, two days of birth: two people
        ({"identity_number": ZHANG}, {"identity_number": "330683197203154328"}, False),
        ({"born_on": BORN}, {"born_on": date(1972, 3, 16), "phone": "13812345678"}, False),
        ({"born_on": BORN}, {}, False),
        ({"phone": "13812345678"}, {"phone": "13812345678"}, True),
        ({"phone": "13812345678"}, {"phone": "13812345679"}, False),
        ({"address": "老街1号"}, {"address": "老街1号"}, True),
        ({"address": "老街1号"}, {"address": "老街2号"}, False),
        ({}, {}, False),
    ],
)
def test_who_may_be_on_file_twice(cast: Cast, first: dict[str, Any], second: dict[str, Any], alike: bool) -> None:
    one, other = person(cast, **first), person(cast, **second)
    cast.resident(cast.household(), "张国庆", born_on=BORN, phone="13812345678")
    assert found(cast) == ({frozenset((one.pk, other.pk))} if alike else set())


def test_a_day_of_birth_speaks_within_a_township_and_a_telephone_in_the_whole_county(cast: Cast) -> None:
    one = person(cast, born_on=BORN, phone="13812345678")
    near = person(cast, cast.other, born_on=BORN)
    person(cast, cast.far, born_on=BORN)
    called = person(cast, cast.far, phone="13812345678")
    assert found(cast) == {frozenset((one.pk, near.pk)), frozenset((one.pk, called.pk))}
    # both sides are seen by the clerk of both villages, and by nobody of one alone
    counts = {}
    for who in ("clerk", "village_secretary", "cadre"):
        with acting_as(cast.actor(who)) as actor:
            counts[who] = visible_duplicates(actor).count()
    assert counts == {"clerk": 1, "village_secretary": 0, "cadre": 0}


def test_what_was_found_is_found_once(cast: Cast) -> None:
    for _entry in range(2):
        person(cast, born_on=BORN)
    assert len(found(cast)) == len(found(cast)) == 1
    with cast.everything() as system:
        assert propose_duplicates(by=system) == 0


def tagged(cast: Cast, who: Resident, tag: Tag) -> TagGrant:
    with acting_as(cast.actor("clerk")) as clerk:
        return grant_tag(id=new_id(), household_id=who.household_id, resident_id=who.pk, tag_code=tag.code,
                         reason="独居", source=TagSource.VISIT, by=clerk)  # fmt: skip


@pytest.fixture
def twice(cast: Cast) -> tuple[Duplicate, Resident, Resident]:
    """One with a telephone and a tag, one with the identity number, that tag and another one."""
    kept = person(cast, born_on=BORN, phone="13812345678")
    gone = person(cast, born_on=BORN, identity_number=ZHANG, sex="male")
    with cast.everything():
        both, alone = Tag.objects.filter(retired=False, roles=[]).order_by("code")[:2]
    tagged(cast, kept, both)
    tagged(cast, gone, both)
    tagged(cast, gone, alone)
    assert found(cast)
    with cast.everything():
        return Duplicate.objects.get(), kept, gone


def stands(*people: Resident) -> list[Any]:
    for one in people:
        one.refresh_from_db()
    grants = [sorted(TagGrant.objects.filter(resident=one, revoked_at=None).values_list("tag_id", flat=True))
              for one in people]  # fmt: skip
    return [(one.identity_number, one.phone, one.sex, one.left_at is None, tags)
            for one, tags in zip(people, grants, strict=True)]  # fmt: skip


def test_two_entries_become_one_and_two_again(cast: Cast, twice: tuple[Duplicate, Resident, Resident]) -> None:
    row, kept, gone = twice
    with acting_as(cast.actor("clerk")) as clerk:
        before = stands(kept, gone)
        for _again in range(2):
            decide_duplicate(duplicate_id=row.pk, keep=kept.pk, by=clerk)
        after = stands(kept, gone)
        assert after[0][:4] == (ZHANG, "13812345678", "male", True)
        assert after[0][4] == before[1][4]
        assert after[1][3:] == (False, [])
        with pytest.raises(Conflict):
            decide_duplicate(duplicate_id=row.pk, keep=None, by=clerk)
        for _again in range(2):
            undo_duplicate(duplicate_id=row.pk, by=clerk)
        assert stands(kept, gone) == before
    told = Event.objects.filter(type__in=["households.resident.merged", "households.resident.parted"])
    assert sorted(told.values_list("type", flat=True)) == ["households.resident.merged", "households.resident.parted"]


def test_what_was_corrected_after_the_merge_stays(cast: Cast, twice: tuple[Duplicate, Resident, Resident]) -> None:
    row, kept, gone = twice
    with acting_as(cast.actor("clerk")) as clerk:
        decide_duplicate(duplicate_id=row.pk, keep=gone.pk, by=clerk)
        gone.refresh_from_db()
        assert gone.phone == "13812345678"
        gone.phone = "13900001111"
        gone.save()
        undo_duplicate(duplicate_id=row.pk, by=clerk)
        assert [one[1] for one in stands(kept, gone)] == ["13812345678", "13900001111"]


def test_who_left_or_is_not_the_actors_is_not_decided_about(
    cast: Cast, twice: tuple[Duplicate, Resident, Resident]
) -> None:
    row, kept, gone = twice
    with acting_as(cast.actor("cadre")) as cadre, pytest.raises(NotFound):
        decide_duplicate(duplicate_id=row.pk, keep=None, by=cadre)
    with acting_as(cast.actor("village_secretary")) as secretary:
        leave_household(resident_id=gone.pk, by=secretary)
        with pytest.raises((Conflict, Refused)):
            decide_duplicate(duplicate_id=row.pk, keep=kept.pk, by=secretary)


def test_the_entry_that_ended_is_given_and_erased_with_the_person(
    cast: Cast, twice: tuple[Duplicate, Resident, Resident]
) -> None:
    row, kept, gone = twice
    with acting_as(cast.actor("clerk")) as clerk:
        decide_duplicate(duplicate_id=row.pk, keep=kept.pk, by=clerk)
        who = subjects.person_of(clerk, kept.pk, cause="test")
        assert set(subjects.people_of(who).values_list("pk", flat=True)) == {kept.pk, gone.pk}


def test_both_are_looked_at_before_and_taken_back_by_a_button(
    cast: Cast, twice: tuple[Duplicate, Resident, Resident]
) -> None:
    row, kept, gone = twice
    client = cast.client("clerk")
    assert kept.name in client.get(reverse("households:duplicates")).content.decode()
    address = reverse("households:duplicate", args=[row.pk])
    shown = client.get(address)
    told = shown.content.decode()
    assert ZHANG not in told
    assert "13812345678" not in told
    press = {"seen": shown.context["press"].token, "request_id": str(shown.context["press"].id)}
    done = client.post(address, press | {"keep": str(kept.pk)}, follow=True)
    undo = reverse("households:duplicate_undo", args=[row.pk])
    assert undo in done.content.decode()
    with cast.everything():
        assert not stands(gone)[0][3]
    client.post(undo)
    with cast.everything():
        assert stands(gone)[0][3]
