"""Two at one household's file, in both orders."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction

from minqing.core.ids import new_id
from minqing.households import services
from minqing.households.enums import TagSource
from minqing.households.models import Duplicate, Household, HouseholdCode, Move, Resident, Tag, TagGrant
from minqing.journal.models import Event
from tests.pairs import Pair, Refusal, Scenes, Stage, job, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()
NUMBERS = count(1)


def number() -> str:
    return f"H{next(NUMBERS):06}"


def home(stage: Stage) -> Household:
    with transaction.atomic():
        return stage.cast.household(number=number())


def lived_in(stage: Stage) -> tuple[Household, Resident]:
    with transaction.atomic():
        made = stage.cast.household(number=number())
        return made, stage.cast.resident(made)


def by(stage: Stage, service: Any, **values: Any) -> Callable[[], Any]:
    return stage.call("village_secretary", service, **values)


def in_force(household: Household) -> list[HouseholdCode]:
    return list(HouseholdCode.objects.filter(household=household, revoked_at=None))


def tag(stage: Stage) -> str:
    with transaction.atomic():
        found = Tag.objects.filter(retired=False, roles__contains=["village_secretary"]).order_by("code").first()
    assert found is not None
    return str(found.pk)


def granting(stage: Stage, household: Household, resident: Resident | None = None) -> Callable[[], Any]:
    values = {"household_id": household.pk, "tag_code": tag(stage), "reason": "独居", "source": TagSource.VISIT}
    return by(stage, services.grant_tag, id=new_id(), resident_id=resident.pk if resident else None, **values)


@SCENES.of(services.issue_code)
def a_first_code_issued_by_two(stage: Stage) -> Pair:
    one = home(stage)
    call = by(stage, services.issue_code, household_id=one.pk)

    def look(*ends: Any) -> None:
        assert len(in_force(one)) == 1
        assert ends[0].token == ends[1].token

    return Pair(call, call, look)


@SCENES.of(services.reissue_code, services.revoke_code)
def a_code_issued_anew_while_it_is_revoked(stage: Stage) -> Pair:
    one = home(stage)
    old = stage.done("village_secretary", services.issue_code, household_id=one.pk).code

    def look(*ends: Any) -> None:
        assert [code.pk for code in in_force(one)] == [ends[0].code.pk]

    return Pair(
        by(stage, services.reissue_code, id=new_id(), household_id=one.pk),
        by(stage, services.revoke_code, code_id=old.pk),
        look,
    )


@SCENES.of(services.issue_missing_codes)
def missing_codes_issued_by_two(stage: Stage) -> Pair:
    rows = [home(stage), home(stage)]
    call = by(stage, services.issue_missing_codes, area_ids=[stage.cast.own.pk])

    def look(*_ends: Any) -> None:
        assert [len(in_force(one)) for one in rows] == [1, 1]

    return Pair(call, call, look)


@SCENES.of(services.close_household, services.add_resident)
def closed_while_somebody_moves_in(stage: Stage) -> Pair:
    one = home(stage)

    def look(*ends: Any) -> None:
        one.refresh_from_db()
        people = Resident.objects.filter(household=one, left_at=None).count()
        assert people == 0 or one.closed_at is None, ends

    return Pair(
        by(stage, services.close_household, household_id=one.pk),
        by(stage, services.add_resident, id=new_id(), household_id=one.pk, name="何小妹"),
        look,
    )


@SCENES.of(services.close_household, services.issue_code)
def closed_while_a_code_is_issued(stage: Stage) -> Pair:
    one = home(stage)

    def look(*_ends: Any) -> None:
        one.refresh_from_db()
        assert one.closed_at is not None
        assert in_force(one) == []

    return Pair(
        by(stage, services.close_household, household_id=one.pk),
        by(stage, services.issue_code, household_id=one.pk),
        look,
    )


@SCENES.of(services.save_household)
def two_fields_of_one_household(stage: Stage) -> Pair:
    one = home(stage)
    key = {"number": one.number, "area_id": one.area_id}

    def look(*_ends: Any) -> None:
        one.refresh_from_db()
        assert (one.address, one.note) == ("溪边路9号", "有狗")

    return Pair(
        by(stage, services.save_household, address="溪边路9号", **key),
        by(stage, services.save_household, note="有狗", **key),
        look,
    )


@SCENES.of(services.add_household)
def one_number_taken_by_two(stage: Stage) -> Pair:
    taken = number()
    calls = [by(stage, services.add_household, id=new_id(), number=taken, area_id=stage.cast.own.pk) for _n in range(2)]

    def look(*ends: Any) -> None:
        assert sum(isinstance(end, Refusal) for end in ends) == 1
        assert Household.objects.filter(number=taken).count() == 1

    return Pair(*calls, look)


@SCENES.of(services.save_resident)
def two_fields_of_one_person(stage: Stage) -> Pair:
    one, person = lived_in(stage)
    key = {"id": person.pk, "household_id": one.pk, "name": person.name}

    def look(*_ends: Any) -> None:
        person.refresh_from_db()
        assert (person.phone, person.lives_here) == ("13800138000", False)

    return Pair(
        by(stage, services.save_resident, phone="13800138000", **key),
        by(stage, services.save_resident, lives_here=False, **key),
        look,
    )


@SCENES.of(services.leave_household, services.grant_tag)
def a_tag_for_somebody_who_leaves(stage: Stage) -> Pair:
    one, person = lived_in(stage)

    def look(*ends: Any) -> None:
        # who is gone has no tag in force
        assert not TagGrant.objects.filter(resident=person, revoked_at=None).exists(), ends

    return Pair(by(stage, services.leave_household, resident_id=person.pk), granting(stage, one, person), look)


def twice(stage: Stage) -> Duplicate:
    """Somebody with a number in one household, and without one in another."""
    first, second = home(stage), home(stage)
    with transaction.atomic(), stage.cast.everything() as system:
        stage.cast.resident(first, "何小妹", born_on=date(1970, 1, 1), phone="13800138000")
        stage.cast.resident(second, "何小妹", born_on=date(1970, 1, 1))
        services.propose_duplicates(by=system)
        return Duplicate.objects.select_related("resident", "twin").get(resident__household__in=[first, second])


@SCENES.of(services.decide_duplicate)
def decided_otherwise_by_two(stage: Stage) -> Pair:
    row = twice(stage)
    calls = [
        by(stage, services.decide_duplicate, duplicate_id=row.pk, keep=keep) for keep in (row.resident_id, row.twin_id)
    ]

    def look(*ends: Any) -> None:
        assert sum(isinstance(end, Refusal) for end in ends) == 1
        here = Resident.objects.filter(pk__in=[row.resident_id, row.twin_id], left_at=None)
        assert [one.phone for one in here] == ["13800138000"]

    return Pair(*calls, look)


@SCENES.of(services.decide_duplicate, services.propose_duplicates, jobs=("households.duplicates",))
def decided_while_it_is_looked_for(stage: Stage) -> Pair:
    row = twice(stage)

    def look(*_ends: Any) -> None:
        assert Duplicate.objects.get(pk=row.pk).kept_id == row.resident_id
        assert Resident.objects.get(pk=row.twin_id).left_at is not None

    return Pair(
        by(stage, services.decide_duplicate, duplicate_id=row.pk, keep=row.resident_id),
        job("households.duplicates"),
        look,
    )


@SCENES.of(services.undo_duplicate, services.leave_household)
def taken_back_while_the_kept_one_leaves(stage: Stage) -> Pair:
    row = twice(stage)
    done = stage.done("village_secretary", services.decide_duplicate, duplicate_id=row.pk, keep=row.resident_id)

    def look(*_ends: Any) -> None:
        there = dict(Resident.objects.filter(pk__in=[row.resident_id, row.twin_id]).values_list("pk", "left_at"))
        assert there[row.resident_id] is not None
        assert there[row.twin_id] is None

    return Pair(
        by(stage, services.undo_duplicate, duplicate_id=row.pk, decided_at=done.decided_at),
        by(stage, services.leave_household, resident_id=row.resident_id),
        look,
    )


@SCENES.of(services.undo_duplicate, services.decide_duplicate)
def taken_back_while_the_kept_one_is_made_one_with_a_third(stage: Stage) -> Pair:
    row = twice(stage)
    first = stage.done("village_secretary", services.decide_duplicate, duplicate_id=row.pk, keep=row.resident_id)
    with transaction.atomic(), stage.cast.everything() as system:
        third = stage.cast.resident(stage.cast.household(number=number()), "何小妹", phone="13800138000")
        services.propose_duplicates(by=system)
        both = [row.resident_id, third.pk]
        later = Duplicate.objects.get(resident__in=both, twin__in=both)

    def look(*ends: Any) -> None:
        here = set(Resident.objects.filter(pk__in=[row.resident_id, row.twin_id, third.pk], left_at=None)
                   .values_list("pk", flat=True))  # fmt: skip
        # taken back before, or not at all: nobody stands beside an entry into which they went
        assert here == ({third.pk} if isinstance(ends[0], Refusal) else {third.pk, row.twin_id}), ends

    return Pair(
        by(stage, services.undo_duplicate, duplicate_id=row.pk, decided_at=first.decided_at),
        by(stage, services.decide_duplicate, duplicate_id=later.pk, keep=third.pk),
        look,
    )


@SCENES.of(services.decide_duplicate, services.propose_duplicates, jobs=("households.duplicates",))
def decided_while_it_is_withdrawn(stage: Stage) -> Pair:
    """The job adds a pair of one of the two and withdraws theirs, which is decided at that moment."""
    row = twice(stage)
    with transaction.atomic(), stage.cast.everything():
        Resident.objects.filter(pk=row.twin_id).update(born_on=date(1971, 1, 1))
        stage.cast.resident(stage.cast.household(number=number()), "何小妹", born_on=date(1971, 1, 1))

    def look(decided: Any, _job: Any) -> None:
        left = Resident.objects.filter(pk__in=[row.resident_id, row.twin_id], left_at=None).count()
        assert (Duplicate.objects.filter(pk=row.pk).exists(), left) == (
            (False, 2) if isinstance(decided, Refusal) else (True, 1)
        )

    return Pair(
        by(stage, services.decide_duplicate, duplicate_id=row.pk, keep=row.resident_id),
        job("households.duplicates"),
        look,
    )


@SCENES.of(services.decide_duplicate, services.move_resident)
def made_one_while_one_moves(stage: Stage) -> Pair:
    row, to = twice(stage), home(stage)

    def look(*ends: Any) -> None:
        gone = Resident.objects.get(pk=row.twin_id)
        # moved and then not decided about, or ended where it was
        assert (gone.left_at is None) == (gone.household_id == to.pk), ends

    return Pair(
        by(stage, services.decide_duplicate, duplicate_id=row.pk, keep=row.resident_id),
        by(stage, services.move_resident, resident_id=row.twin_id, household_id=to.pk),
        look,
    )


@SCENES.of(services.decide_duplicate, services.revoke_tag)
def made_one_while_a_tag_is_taken_back(stage: Stage) -> Pair:
    row = twice(stage)
    pair = stage.given(lambda: [(one.household, one) for one in (row.resident, row.twin)])
    _own, other = [granting(stage, *one)() for one in pair]

    def look(*ends: Any) -> None:
        told = Event.objects.filter(type="households.tag.revoked", data__grant=str(other.pk)).exists()
        at = Duplicate.objects.get(pk=row.pk).decided_at
        stage.done("village_secretary", services.undo_duplicate, duplicate_id=row.pk, decided_at=at)
        assert (TagGrant.objects.get(pk=other.pk).revoked_at is not None) == told, ends

    return Pair(
        by(stage, services.decide_duplicate, duplicate_id=row.pk, keep=row.resident_id),
        slowly(by(stage, services.revoke_tag, grant_id=other.pk)),
        look,
    )


def slowly(call: Callable[[], Any]) -> Callable[[], Any]:
    """The same, which is not over before somebody waits for it, or nobody has in a second."""

    def work() -> Any:
        with transaction.atomic():
            end, until = call(), time.monotonic() + 1
            while not waited_for() and time.monotonic() < until:
                time.sleep(0.02)
        return end

    return work


def waited_for() -> bool:
    waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_stat_clear_snapshot(), EXISTS ({waiting})")
        return bool(cursor.fetchone()[1])


@SCENES.of(services.move_resident)
def moved_to_two_households(stage: Stage) -> Pair:
    (_one, person), first, second = lived_in(stage), home(stage), home(stage)
    calls = [by(stage, services.move_resident, resident_id=person.pk, household_id=to.pk) for to in (first, second)]

    def look(*_ends: Any) -> None:
        person.refresh_from_db()
        assert person.household_id in {first.pk, second.pk}

    return Pair(*calls, look)


@SCENES.of(services.move_resident, services.leave_household)
def moved_while_gone(stage: Stage) -> Pair:
    (_one, person), to = lived_in(stage), home(stage)

    def look(moved: Any, gone: Any) -> None:
        person.refresh_from_db()
        assert person.left_at is not None, gone
        # who is gone is moved no more
        assert (person.household_id == to.pk) is not isinstance(moved, Refusal)

    return Pair(
        by(stage, services.move_resident, resident_id=person.pk, household_id=to.pk),
        by(stage, services.leave_household, resident_id=person.pk),
        look,
    )


def moving(stage: Stage, *homes: Household, to: Any) -> Callable[[], Any]:
    ids = [one.pk for one in homes]
    return stage.call("clerk", services.move_households, id=new_id(), household_ids=ids, area_id=to.pk)


@SCENES.of(services.move_households)
def two_households_moved_by_two(stage: Stage) -> Pair:
    one, other = home(stage), home(stage)

    def look(*ends: Any) -> None:
        lie = {Household.objects.get(pk=house.pk).area_id for house in (one, other)}
        assert lie == {stage.cast.other.pk}, ends
        assert Move.objects.filter(household__in=[one, other], undone_at=None).count() == 2

    return Pair(
        moving(stage, one, other, to=stage.cast.other),
        moving(stage, other, one, to=stage.cast.other),
        look,
    )


@SCENES.of(services.undo_move, services.move_households)
def taken_back_while_it_moves_on(stage: Stage) -> Pair:
    one, grant = home(stage), None
    (row,) = moving(stage, one, to=stage.cast.other)()
    grant = stage.done("clerk", services.grant_tag, id=new_id(), household_id=one.pk, resident_id=None,
                       tag_code=tag(stage), reason="独居", source=TagSource.VISIT)  # fmt: skip

    def look(undone: Any, moved: Any) -> None:
        one.refresh_from_db(), grant.refresh_from_db()
        assert grant.area_id == one.area_id == stage.cast.own.pk
        # either brings it back, and the other finds that it is so
        assert sum(isinstance(end, Refusal) for end in (undone, moved)) == 1, (undone, moved)

    return Pair(
        stage.call("clerk", services.undo_move, together=row.together),
        moving(stage, one, to=stage.cast.own),
        look,
    )


@SCENES.of(services.undo_move, services.leave_household)
def taken_back_while_the_person_leaves(stage: Stage) -> Pair:
    (was, person), to = lived_in(stage), home(stage)
    stage.done("village_secretary", services.move_resident, resident_id=person.pk, household_id=to.pk)
    row = stage.given(lambda: Move.objects.get(resident=person))

    def look(undone: Any, _left: Any) -> None:
        person.refresh_from_db()
        assert person.left_at is not None
        assert person.household_id == (to.pk if isinstance(undone, Refusal) else was.pk)

    return Pair(
        by(stage, services.undo_move, together=row.together),
        by(stage, services.leave_household, resident_id=person.pk),
        look,
    )


@SCENES.of(services.move_resident)
def two_change_houses(stage: Stage) -> Pair:
    (one, first), (other, second) = lived_in(stage), lived_in(stage)

    def look(*_ends: Any) -> None:
        first.refresh_from_db(), second.refresh_from_db()
        assert (first.household_id, second.household_id) == (other.pk, one.pk)

    return Pair(
        by(stage, services.move_resident, resident_id=first.pk, household_id=other.pk),
        by(stage, services.move_resident, resident_id=second.pk, household_id=one.pk),
        look,
    )


@SCENES.of(services.grant_tag)
def one_tag_given_by_two(stage: Stage) -> Pair:
    one = home(stage)

    def look(*ends: Any) -> None:
        assert TagGrant.objects.filter(household=one, revoked_at=None).count() == 1, ends

    return Pair(granting(stage, one), granting(stage, one), look)


@SCENES.of(services.revoke_tag)
def one_tag_taken_back_by_two(stage: Stage) -> Pair:
    grant = granting(stage, home(stage))()
    call = by(stage, services.revoke_tag, grant_id=grant.pk)

    def look(*_ends: Any) -> None:
        assert TagGrant.objects.get(pk=grant.pk).revoked_at is not None

    return Pair(call, call, look)


@SCENES.of(services.revoke_tag, services.save_household)
def a_tag_taken_back_while_the_household_moves(stage: Stage) -> Pair:
    one = home(stage)
    grant = granting(stage, one)()

    def look(*_ends: Any) -> None:
        grant.refresh_from_db(), one.refresh_from_db()
        assert grant.area_id == one.area_id == stage.cast.other.pk

    return Pair(
        stage.call("clerk", services.save_household, number=one.number, area_id=stage.cast.other.pk),
        by(stage, services.revoke_tag, grant_id=grant.pk),
        look,
    )


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
