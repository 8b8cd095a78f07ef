"""Entries that may be one person: which are found, what becomes of them, and the way back."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.core.errors import Conflict, NotFound, Refused
from minqing.core.ids import new_id
from minqing.households import subjects
from minqing.households.enums import TagSource
from minqing.households.models import Duplicate, Household, Resident, Tag, TagGrant
from minqing.households.queries.duplicates import sides_of, visible_duplicates
from minqing.households.queries.files import heads_of
from minqing.households.services import (
    decide_duplicate,
    grant_tag,
    leave_household,
    propose_duplicates,
    save_resident,
    undo_duplicate,
)
from minqing.journal.models import Event
from minqing.org.models import Area, Post
from minqing.points.enums import AccountKind, Code
from minqing.points.models import Holder
from minqing.points.queries import balance_of
from minqing.points.services import Posting, house_account, open_account, post_transfers
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import copy_of, erase_person
from minqing.visits.enums import Met
from minqing.visits.models import DiaryEntry
from minqing.visits.services import record_visit
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


def test_a_day_of_birth_speaks_within_a_township_and_a_telephone_wherever_somebody_can_decide(cast: Cast) -> None:
    one = person(cast, born_on=BORN, phone="13812345678")
    near = person(cast, cast.other, born_on=BORN)
    person(cast, cast.far, born_on=BORN)
    called = person(cast, cast.far, phone="13812345678")
    assert found(cast) == {frozenset((one.pk, near.pk))}
    # both sides are seen by the clerk of both villages, and by nobody of one alone
    counts = {}
    for who in ("clerk", "village_secretary", "cadre"):
        with acting_as(cast.actor(who)) as actor:
            counts[who] = visible_duplicates(actor).count()
    assert counts == {"clerk": 1, "village_secretary": 0, "cadre": 0}
    top = Area.objects.get(pk=int(cast.own.path.split(".")[0]))
    Post.objects.filter(account=cast.account("clerk")).update(area=top)
    assert found(cast) == {frozenset((one.pk, near.pk)), frozenset((one.pk, called.pk))}


def test_what_nothing_speaks_for_any_more_is_withdrawn_and_what_was_decided_stays(cast: Cast) -> None:
    one, near, far = [person(cast, born_on=BORN, phone="13812345678") for _entry in range(3)]
    assert len(found(cast)) == 3
    with cast.everything():
        decided, *_open = Duplicate.objects.filter(resident=one).order_by("pk")
        kept = decided.twin_id
        other = ({near.pk, far.pk} - {kept}).pop()
    with acting_as(cast.actor("clerk")) as clerk:
        decide_duplicate(duplicate_id=decided.pk, keep=None, by=clerk)
        save_resident(id=one.pk, household_id=one.household_id, name=one.name, born_on=date(1970, 1, 1), by=clerk)
        changed = Resident.objects.get(pk=other)
        save_resident(id=other, household_id=changed.household_id, name=one.name, phone="13812345679", by=clerk)
    assert found(cast) == {frozenset((one.pk, kept)), frozenset((near.pk, far.pk))}
    with cast.everything():
        assert Duplicate.objects.get(decided_at=None).reasons == ["birth"]
    assert Event.objects.filter(type="households.duplicates.found").latest("seq").data == {"new": 0, "withdrawn": 1}


def test_the_entry_that_stays_is_the_head_where_the_head_was_on_file_twice(cast: Cast) -> None:
    home = cast.household()
    head, other = cast.resident(home, "张国强", relation="head"), cast.resident(home, "张国强", relation="son")
    found(cast)
    with acting_as(cast.actor("clerk")) as clerk:
        row = visible_duplicates(clerk).get()
        assert [("户主身份" in side.becomes) for side in sides_of(clerk, row) if side.id == other.pk] == [True]
        row = decide_duplicate(duplicate_id=row.pk, keep=other.pk, by=clerk)
        assert heads_of(clerk, [home.pk]) == {home.pk: "张国强"}
        other.refresh_from_db()
        assert other.relation == "head"
        undo_duplicate(duplicate_id=row.pk, decided_at=row.decided_at, by=clerk)
        head.refresh_from_db(), other.refresh_from_db()
    assert [(one.relation, one.left_at) for one in (head, other)] == [("head", None), ("son", None)]


@pytest.mark.parametrize(("with_wife", "said"), [(True, "没有户主"), (False, "没有人")])
def test_what_a_household_lacks_afterwards_is_said_before(cast: Cast, with_wife: bool, said: str) -> None:
    one, other = [person(cast, born_on=BORN) for _entry in range(2)]
    if with_wife:
        cast.resident(one.household, "何桂香", relation="spouse")
    found(cast)
    with acting_as(cast.actor("clerk")) as clerk:
        told = {side.id: side.leaves for side in sides_of(clerk, visible_duplicates(clerk).get())}
    assert one.household.number in told[other.pk]
    assert said in told[other.pk]


def test_what_was_built_on_or_decided_anew_is_not_taken_back(cast: Cast) -> None:
    people = [person(cast, born_on=BORN, phone="13812345678") for _entry in range(3)]
    merged_in_turn(cast, *people)
    client = cast.client("clerk")
    with acting_as(cast.actor("clerk")) as clerk:
        first, second = Duplicate.objects.exclude(decided_at=None).order_by("decided_at")
        with pytest.raises(Conflict):
            undo_duplicate(duplicate_id=first.pk, decided_at=first.decided_at, by=clerk)
    shown = client.get(reverse("households:duplicate", args=[first.pk]))
    assert (shown.context["undo"], shown.context["since"]) == (None, second)
    with acting_as(cast.actor("clerk")) as clerk:
        undo_duplicate(duplicate_id=second.pk, decided_at=second.decided_at, by=clerk)
    seen = client.get(reverse("households:duplicate", args=[first.pk])).context["undo"].token
    with acting_as(cast.actor("clerk")) as clerk:
        undo_duplicate(duplicate_id=first.pk, decided_at=first.decided_at, by=clerk)
        anew = decide_duplicate(duplicate_id=first.pk, keep=None, by=clerk)
        with pytest.raises(Conflict):
            undo_duplicate(duplicate_id=first.pk, decided_at=first.decided_at, by=clerk)
    answer = client.post(reverse("households:duplicate_undo", args=[first.pk]), {"seen": seen})
    assert answer.status_code == 409
    with cast.everything():
        assert Duplicate.objects.get(pk=first.pk).decided_at == anew.decided_at


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
        stood = Duplicate.objects.get(pk=row.pk).decided_at
        for _again in range(2):
            undo_duplicate(duplicate_id=row.pk, decided_at=stood, by=clerk)
        assert stands(kept, gone) == before
    told = Event.objects.filter(type__in=["households.resident.merged", "households.resident.parted"])
    assert sorted(told.values_list("type", flat=True)) == ["households.resident.merged", "households.resident.parted"]


def test_what_was_corrected_after_the_merge_stays(cast: Cast, twice: tuple[Duplicate, Resident, Resident]) -> None:
    row, kept, gone = twice
    with acting_as(cast.actor("clerk")) as clerk:
        row = decide_duplicate(duplicate_id=row.pk, keep=gone.pk, by=clerk)
        gone.refresh_from_db()
        assert gone.phone == "13812345678"
        gone.phone = "13900001111"
        gone.save()
        undo_duplicate(duplicate_id=row.pk, decided_at=row.decided_at, by=clerk)
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


def merged_in_turn(cast: Cast, *people: Resident) -> None:
    """Each entry made one with the next, which is kept."""
    found(cast)
    with acting_as(cast.actor("clerk")) as clerk:
        for gone, kept in pairwise(people):
            pair = {gone.pk, kept.pk}
            row = Duplicate.objects.get(resident__in=pair, twin__in=pair)
            decide_duplicate(duplicate_id=row.pk, keep=kept.pk, by=clerk)


def erased(cast: Cast, one: Resident) -> None:
    with cast.everything() as system:
        who = subjects.person_of(system, one.pk, cause="test:1")
        erase_person(person=who, by=system, at=clock.now())


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_whoever_was_on_file_three_times_is_erased_from_all_by_whichever_entry(cast: Cast, asked: int) -> None:
    """Also where an entry that ended had points, was visited, and had its own tag and code."""
    people = [person(cast, born_on=BORN, phone="13812345678") for _entry in range(3)]
    with cast.everything() as system:
        accounts = [open_account(kind=AccountKind.RESIDENT, area=cast.own.pk, resident=one.pk, by=system).pk
                    for one in people]  # fmt: skip
        home = people[0].household
        accounts.append(open_account(kind=AccountKind.HOUSEHOLD, area=cast.own.pk, household=home.pk, by=system).pk)
        issuance = house_account(kind=AccountKind.ISSUANCE, by=system).pk
        postings = [Posting(issuance, one, 20, Code.AWARD) for one in accounts]
        post_transfers(caller="tests", key="ended", by=system, postings=postings).checked()
        Household.objects.filter(pk=home.pk).update(note="张国强独居")
    with acting_as(cast.actor("cadre")) as cadre:
        record_visit(id=new_id(), household=home, visited_at=clock.now(), met=Met.AT_HOME, text="他腿脚不便",
                     met_resident_ids=[people[0].pk], by=cadre)  # fmt: skip
    with cast.everything():
        tag = Tag.objects.filter(retired=False, roles=[]).order_by("code")[0]
    tagged(cast, people[0], tag)
    merged_in_turn(cast, *people)
    with cast.everything() as system:
        who = subjects.person_of(system, people[asked].pk, cause="test:1")
        assert (who.resident, who.namesakes, subjects.is_others(who, "13812345678")) == (people[2].pk, False, False)
        assert {one.code: len(one.rows) for one in copy_of(who)} | {"points": 1} == {
            "person": 3, "tags": 1, "visits": 1, "points": 1,
        }  # fmt: skip
    erased(cast, people[asked])
    with cast.everything():
        assert not Resident.objects.filter(pk__in=[one.pk for one in people]).exists()
        assert not Holder.objects.filter(pk__in=accounts).exists()
        assert [balance_of(one).posted for one in accounts] == [0, 0, 0, 0]
        homes = Household.objects.filter(pk__in=[one.household_id for one in people])
        assert {(one.address, one.note, one.closed_at is None) for one in homes} == {("", "", False)}
        assert list(DiaryEntry.objects.values_list("text", flat=True)) == [""]
        assert not TagGrant.objects.exists()


def test_a_home_in_which_one_was_on_file_twice_is_theirs_alone(cast: Cast) -> None:
    home = cast.household()
    people = [cast.resident(home, "张国强") for _entry in range(2)]
    merged_in_turn(cast, *people)
    erased(cast, people[1])
    with cast.everything():
        home.refresh_from_db()
    assert (home.address, home.closed_at is None) == ("", False)


def test_where_another_lived_beside_the_entry_that_ended_the_place_stays(cast: Cast) -> None:
    people = [person(cast, address="溪边路3号", born_on=BORN) for _entry in range(2)]
    wife = cast.resident(people[0].household, "何桂香")
    merged_in_turn(cast, *people)
    erased(cast, people[1])
    with cast.everything():
        left = Household.objects.get(pk=people[0].household_id)
        assert (left.address, left.closed_at, list(left.residents.all())) == ("溪边路3号", None, [wife])


def test_a_tag_that_ran_out_takes_none_away_that_holds(cast: Cast) -> None:
    people = [person(cast, born_on=BORN) for _entry in range(2)]
    with cast.everything():
        tag = Tag.objects.filter(retired=False, roles=[]).order_by("code")[0]
    holds, old = (tagged(cast, one, tag) for one in people)
    yesterday = clock.today() - timedelta(days=1)
    with cast.everything():
        TagGrant.objects.filter(pk=old.pk).update(expires_on=yesterday)
    merged_in_turn(cast, *people)
    with acting_as(cast.actor("clerk")) as clerk:
        assert list(TagGrant.objects.filter(revoked_at=None).values_list("pk", "resident")) == [
            (holds.pk, people[1].pk)
        ]  # fmt: skip
        row = Duplicate.objects.get()
        undo_duplicate(duplicate_id=row.pk, decided_at=row.decided_at, by=clerk)
        assert list(TagGrant.objects.filter(revoked_at=None).values_list("pk", "resident")) == [
            (holds.pk, people[0].pk)
        ]  # fmt: skip


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
    again = done.context["undo"]
    with cast.everything():
        assert not stands(gone)[0][3]
    client.post(undo, {"seen": again.token, "request_id": str(again.id)})
    with cast.everything():
        assert stands(gone)[0][3]
