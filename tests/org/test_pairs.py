"""Two operators at the organisation, in both orders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest
from django.db import transaction

from minqing.core.ids import new_id
from minqing.households import services as households
from minqing.households.models import Household
from minqing.journal.models import Event
from minqing.org import services
from minqing.org.enums import ChangeState, Level, Role, UnitKind
from minqing.org.models import Account, Area, AreaChange, Post, Unit, WorkDay
from minqing.org.queries import system_actor
from tests.cast import area, person
from tests.pairs import Pair, Refusal, Scenes, Stage, job, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()
DAYS = count(1)


def by(stage: Stage, service: Any, **values: Any) -> Callable[[], Any]:
    return stage.call("operator", service, **values)


def key() -> str:
    return new_id().hex[-8:]


@SCENES.of(services.save_area)
def two_villages_hung_below_other_townships(stage: Stage) -> Pair:
    cast = stage.cast
    with transaction.atomic():
        one, other = (area(f"V{key()}", "某村", Level.VILLAGE, cast.town) for _n in range(2))

    def move(which: Any) -> Callable[[], Any]:
        values = {"code": which.code, "name": which.name, "level": Level.VILLAGE, "parent": cast.other_town}
        return by(stage, services.save_area, **values)

    def look(*_ends: Any) -> None:
        for row in Area.objects.filter(pk__in=[one.pk, other.pk]):
            assert row.path == f"{cast.other_town.path}{row.pk}."

    return Pair(move(one), move(other), look)


@SCENES.of(services.add_area)
def one_code_for_two_new_villages(stage: Stage) -> Pair:
    code = f"V{key()}"
    values = {"code": code, "level": Level.VILLAGE, "parent": stage.cast.town}
    calls = [by(stage, services.add_area, id=new_id(), name=name, **values) for name in ("前村", "后村")]

    def look(*ends: Any) -> None:
        assert Area.objects.filter(code=code).count() == 1
        assert sum(isinstance(end, Refusal) and end.code == "code_taken" for end in ends) == 1

    return Pair(*calls, look)


@SCENES.of(services.rename_area)
def one_area_named_by_two(stage: Stage) -> Pair:
    with transaction.atomic():
        village = area(f"V{key()}", "某村", Level.VILLAGE, stage.cast.town)
    calls = [by(stage, services.rename_area, area=village, name=name) for name in ("前村", "后村")]

    def look(*_ends: Any) -> None:
        assert Area.objects.get(pk=village.pk).name in {"前村", "后村"}

    return Pair(*calls, look, alike=True)


@SCENES.of(services.move_area)
def two_grids_hung_below_other_villages(stage: Stage) -> Pair:
    cast = stage.cast
    with transaction.atomic():
        village = area(f"V{key()}", "某村", Level.VILLAGE, cast.town)
        grid = area(f"G{key()}", "第1网格", Level.GRID, village)

    def look(*_ends: Any) -> None:
        moved = Area.objects.get(pk=village.pk)
        assert moved.path == f"{cast.other_town.path}{village.pk}."
        assert Area.objects.get(pk=grid.pk).path == f"{cast.other.path}{grid.pk}."

    return Pair(
        by(stage, services.move_area, area=village, parent=cast.other_town),
        by(stage, services.move_area, area=grid, parent=cast.other),
        look,
    )


@SCENES.of(services.close_area, services.add_area)
def a_village_closed_while_a_grid_is_added(stage: Stage) -> Pair:
    with transaction.atomic():
        village = area(f"V{key()}", "某村", Level.VILLAGE, stage.cast.town)
    values = {"code": f"G{key()}", "name": "第1网格", "level": Level.GRID, "parent": village}

    def look(*_ends: Any) -> None:
        closed = Area.objects.get(pk=village.pk).valid_to is not None
        assert closed != Area.objects.filter(parent=village).exists()

    return Pair(by(stage, services.close_area, area=village), by(stage, services.add_area, id=new_id(), **values), look)


@SCENES.of(services.close_area)
def one_village_closed_by_two(stage: Stage) -> Pair:
    with transaction.atomic():
        village = area(f"V{key()}", "某村", Level.VILLAGE, stage.cast.town)
    call = by(stage, services.close_area, area=village)

    def look(*_ends: Any) -> None:
        assert Area.objects.get(pk=village.pk).valid_to is not None

    return Pair(call, call, look)


@SCENES.of(services.reopen_area)
def one_village_opened_by_two(stage: Stage) -> Pair:
    with transaction.atomic():
        village = area(f"V{key()}", "某村", Level.VILLAGE, stage.cast.town)
        Area.objects.filter(pk=village.pk).update(valid_to=date(2026, 1, 1))
    call = by(stage, services.reopen_area, area=village)

    def look(*_ends: Any) -> None:
        assert Area.objects.get(pk=village.pk).valid_to is None

    return Pair(call, call, look)


def two_villages(stage: Stage) -> tuple[Area, Area]:
    with transaction.atomic():
        one, other = (area(f"V{key()}", "某村", Level.VILLAGE, stage.cast.town) for _n in range(2))
    return one, other


def merged(stage: Stage) -> tuple[AreaChange, Any]:
    """A village that is becoming part of another one, and a household in it."""
    one, other = two_villages(stage)
    with transaction.atomic():
        home = stage.cast.household(one)
    return stage.done("operator", services.merge_areas, area=one, into=other), home


def carrying(change: AreaChange) -> Callable[[], Any]:
    def work() -> Any:
        with transaction.atomic():
            by = system_actor("org.changes")
        return services.carry_on(change_id=change.pk, by=by)

    return work


def lies_in(stage: Stage, home: Any) -> int:
    with transaction.atomic(), stage.cast.everything():
        return int(Household.objects.get(pk=home.pk).area_id)


@SCENES.of(services.merge_areas)
def two_villages_made_part_of_each_other(stage: Stage) -> Pair:
    one, other = two_villages(stage)

    def look(*ends: Any) -> None:
        assert sum(isinstance(end, Refusal) for end in ends) == 1
        assert Area.objects.filter(pk__in=[one.pk, other.pk], valid_to=None).count() == 1

    merge = services.merge_areas
    return Pair(by(stage, merge, area=one, into=other), by(stage, merge, area=other, into=one), look)


@SCENES.of(services.carry_on, households.carry_households, jobs=["org.changes"])
def a_batch_carried_by_two(stage: Stage) -> Pair:
    change, home = merged(stage)

    def look(*_ends: Any) -> None:
        change.refresh_from_db()
        assert (change.done, lies_in(stage, home)) == (1, change.into_id)

    return Pair(carrying(change), carrying(change), look)


@SCENES.of(services.undo_change, services.carry_on)
def a_merge_undone_while_its_end_is_carried(stage: Stage) -> Pair:
    change, home = merged(stage)
    carrying(change)()

    def look(*_ends: Any) -> None:
        change.refresh_from_db()
        # undone after its end, or refused before it; whichever came first
        assert change.state in {ChangeState.DONE, ChangeState.UNDOING}
        assert lies_in(stage, home) == change.into_id

    return Pair(by(stage, services.undo_change, change=change), carrying(change), look, alike=True)


@SCENES.of(services.undo_change, services.end_post)
def a_merge_undone_while_a_post_that_went_along_is_ended(stage: Stage) -> Pair:
    (one, other), cast, name = two_villages(stage), stage.cast, key()
    with transaction.atomic():
        person(cast, name, Role.CADRE, cast.committee, one, "何小明")
    change = stage.done("operator", services.merge_areas, area=one, into=other)
    carrying(change)()
    with transaction.atomic():
        post = Post.objects.get(account=cast.people[name], area=other)

    def look(undone: Any, _ended: Any) -> None:
        assert undone.state == ChangeState.UNDOING
        assert Post.objects.get(pk=post.pk).until is not None
        # the later of the two has seen the other: who was dismissed first is not in office again
        told = Event.objects.filter(type="org.area.change_undone", subject=f"area:{one.pk}").get().data
        kept = Post.objects.filter(account=cast.people[name], area=one, until=None).count()
        assert (told["posts"], told["posts_ended"]) == (kept, 1 - kept)

    end = by(stage, services.end_post, post=post)
    return Pair(by(stage, services.undo_change, change=change), end, look)


@SCENES.of(services.carry_on)
def a_household_carried_while_it_moves_away_by_itself(stage: Stage) -> Pair:
    change, home = merged(stage)
    values = {"number": home.number, "area_id": stage.cast.other.pk}

    def look(*_ends: Any) -> None:
        assert lies_in(stage, home) in {stage.cast.other.pk, change.into_id}

    return Pair(carrying(change), stage.call("clerk", households.save_household, **values), look, alike=True)


@SCENES.of(jobs=["org.changes.left"])
def changes_left_taken_up_by_two(stage: Stage) -> Pair:
    merged(stage)
    call = job("org.changes.left", timestamp=0)
    return Pair(call, call, lambda *_ends: None)


@SCENES.of(services.save_unit)
def one_unit_made_by_two(stage: Stage) -> Pair:
    code = f"U{key()}"
    calls = [
        by(stage, services.save_unit, code=code, name=name, kind=UnitKind.OFFICE, area=stage.cast.town)
        for name in ("服务办", "服务中心")
    ]

    def look(*_ends: Any) -> None:
        assert Unit.objects.get(code=code).name in {"服务办", "服务中心"}

    return Pair(*calls, look)


@SCENES.of(services.add_unit)
def one_code_for_two_new_units(stage: Stage) -> Pair:
    code = f"U{key()}"
    values = {"code": code, "kind": UnitKind.OFFICE, "area": stage.cast.town}
    calls = [by(stage, services.add_unit, id=new_id(), name=name, **values) for name in ("服务办", "服务中心")]

    def look(*ends: Any) -> None:
        assert Unit.objects.filter(code=code).count() == 1
        assert sum(isinstance(end, Refusal) and end.code == "code_taken" for end in ends) == 1

    return Pair(*calls, look)


def a_new_unit(stage: Stage) -> Unit:
    values = {"kind": UnitKind.OFFICE, "area": stage.cast.town}
    return stage.done("operator", services.add_unit, id=new_id(), code=f"U{key()}", name="服务办", **values)


@SCENES.of(services.change_unit, services.close_unit)
def a_unit_changed_while_it_is_closed(stage: Stage) -> Pair:
    unit = a_new_unit(stage)
    values = {"kind": UnitKind.SERVICE, "area": stage.cast.own, "phone": "", "hours": None}

    def look(*_ends: Any) -> None:
        unit.refresh_from_db()
        assert (unit.name, unit.active) == ("服务中心", False)

    return Pair(
        by(stage, services.change_unit, unit=unit, name="服务中心", **values),
        by(stage, services.close_unit, unit=unit),
        look,
    )


@SCENES.of(services.close_unit, services.reopen_unit)
def a_unit_closed_while_it_is_opened(stage: Stage) -> Pair:
    unit = a_new_unit(stage)

    def look(*ends: Any) -> None:
        assert not any(isinstance(end, Refusal) for end in ends)

    return Pair(by(stage, services.close_unit, unit=unit), by(stage, services.reopen_unit, unit=unit), look)


@SCENES.of(services.save_account)
def two_fields_of_one_account(stage: Stage) -> Pair:
    name = f"u{key()}"
    stage.done("operator", services.save_account, name="何小明", username=name)

    def look(*_ends: Any) -> None:
        row = Account.objects.get(username=name)
        assert (row.phone, row.language) == ("13800138000", "en")

    return Pair(
        by(stage, services.save_account, name="何小明", username=name, phone="13800138000"),
        by(stage, services.save_account, name="何小明", username=name, language="en"),
        look,
    )


@SCENES.of(services.save_post)
def one_post_given_by_two(stage: Stage) -> Pair:
    cast = stage.cast
    values = {"account": cast.account("volunteer"), "unit": cast.office, "area": cast.town, "role": Role.LIAISON}
    with transaction.atomic():
        Post.objects.filter(account=cast.account("volunteer"), role=Role.LIAISON).delete()
    call = by(stage, services.save_post, **values)

    def look(*_ends: Any) -> None:
        assert Post.objects.filter(account=cast.account("volunteer"), role=Role.LIAISON, until=None).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.end_post)
def one_post_ended_by_two(stage: Stage) -> Pair:
    cast, name = stage.cast, key()
    with transaction.atomic():
        person(cast, name, Role.CADRE, cast.committee, cast.own, "何小明")
    post, last = Post.objects.get(account=cast.people[name]), date(2026, 1, 31)
    call = by(stage, services.end_post, post=post, on=last)

    def look(*_ends: Any) -> None:
        assert Post.objects.get(pk=post.pk).until == last

    return Pair(call, call, look)


@SCENES.of(services.add_person)
def one_user_name_for_two_people(stage: Stage) -> Pair:
    cast, name = stage.cast, f"u{key()}"
    values = {"username": name, "staff_number": "", "phone": "", "title": "", "role": Role.CADRE}
    place = {"unit": cast.committee, "area": cast.own}
    calls = [by(stage, services.add_person, id=new_id(), name=who, **values, **place) for who in ("何小明", "何小芳")]

    def look(*ends: Any) -> None:
        assert Account.objects.filter(username=name).count() == 1
        assert Post.objects.filter(account__username=name).count() == 1
        assert sum(isinstance(end, Refusal) for end in ends) == 1

    return Pair(*calls, look)


@SCENES.of(services.give_post)
def one_post_given_on_two_forms(stage: Stage) -> Pair:
    cast, name = stage.cast, key()
    with transaction.atomic():
        person(cast, name, Role.CADRE, cast.committee, cast.own, "何小明")
    place = {"unit": cast.office, "area": cast.town, "role": Role.LIAISON}
    values = {"account": cast.people[name], "title": "", "since": date(2026, 1, 1)}
    calls = [by(stage, services.give_post, id=new_id(), **values, **place) for _n in range(2)]

    def look(*_ends: Any) -> None:
        assert Post.objects.filter(account=cast.people[name], role=Role.LIAISON).count() == 1

    return Pair(*calls, look)


@SCENES.of(services.change_person, services.switch_off_account, services.switch_on_account)
def a_person_renamed_while_switched_off(stage: Stage) -> Pair:
    cast, name = stage.cast, key()
    with transaction.atomic():
        person(cast, name, Role.VOLUNTEER, cast.committee, cast.own, "何小明")
    account = cast.people[name]
    stage.done("operator", services.switch_on_account, account=account)

    def look(*_ends: Any) -> None:
        row = Account.objects.get(pk=account.pk)
        assert (row.name, row.is_active) == ("何大明", False)

    return Pair(
        by(stage, services.change_person, account=account, name="何大明"),
        by(stage, services.switch_off_account, account=account),
        look,
    )


@SCENES.of(services.switch_off_account, services.switch_on_account)
def a_person_switched_off_and_on(stage: Stage) -> Pair:
    cast, name = stage.cast, key()
    with transaction.atomic():
        person(cast, name, Role.VOLUNTEER, cast.committee, cast.own, "何小明")
    account = cast.people[name]

    def look(*ends: Any) -> None:
        assert not any(isinstance(end, Refusal) for end in ends)

    return Pair(
        by(stage, services.switch_off_account, account=account),
        by(stage, services.switch_on_account, account=account),
        look,
    )


@SCENES.of(services.give_start_passwords)
def start_passwords_for_one_person_on_two_sheets(stage: Stage) -> Pair:
    cast, names = stage.cast, [key(), key()]
    with transaction.atomic():
        for name in names:
            person(cast, name, Role.VOLUNTEER, cast.committee, cast.own, "何小明")
    people = [cast.people[name] for name in names]
    calls = [by(stage, services.give_start_passwords, id=new_id(), accounts=some) for some in (people, people[::-1])]

    def look(*ends: Any) -> None:
        for account, _password in [*ends[0], *ends[1]]:
            account.refresh_from_db()
            assert account.must_change_password
        assert any(all(row.check_password(word) for row, word in end) for end in ends)

    return Pair(*calls, look, alike=True)


@SCENES.of(services.set_password)
def two_passwords(stage: Stage) -> Pair:
    account = stage.cast.account("volunteer")
    calls = [
        by(stage, services.set_password, account=Account.objects.get(pk=account.pk), password=f"{word}-tian-san-zhang")
        for word in ("hong", "lan")
    ]

    def look(*_ends: Any) -> None:
        account.refresh_from_db()
        assert any(account.check_password(f"{word}-tian-san-zhang") for word in ("hong", "lan"))

    return Pair(*calls, look, alike=True)


@SCENES.of(services.choose_language)
def one_language_chosen_in_two_windows(stage: Stage) -> Pair:
    def account() -> Account:
        return Account.objects.get(pk=stage.cast.account("cadre").pk)

    other = "en" if account().language != "en" else "zh-hans"
    calls = [stage.call("cadre", services.choose_language, account=account(), language=other) for _n in range(2)]

    def look(*_ends: Any) -> None:
        assert account().language == other

    return Pair(*calls, look)


@SCENES.of(services.set_work_day, services.clear_work_day)
def a_day_set_and_taken_back(stage: Stage) -> Pair:
    on = date(2027, 3, next(DAYS))
    stage.done("operator", services.set_work_day, on=on, working=True)

    def look(*ends: Any) -> None:
        assert WorkDay.objects.filter(date=on, working=False).count() in {0, 1}
        assert not any(isinstance(end, Refusal) for end in ends)

    return Pair(by(stage, services.set_work_day, on=on, working=False), by(stage, services.clear_work_day, on=on), look)


@SCENES.of(services.clear_work_day)
def one_day_taken_back_twice(stage: Stage) -> Pair:
    on = date(2027, 4, next(DAYS))
    stage.done("operator", services.set_work_day, on=on, working=True)
    call = by(stage, services.clear_work_day, on=on)

    def look(*_ends: Any) -> None:
        assert not WorkDay.objects.filter(date=on).exists()

    return Pair(call, call, look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
