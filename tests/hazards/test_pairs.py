"""Two at the same hazard, and at the same checklist, in both orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.hazards import services
from minqing.hazards.enums import Charge, Severity, State
from minqing.hazards.models import ChecklistVersion, Hazard
from minqing.hazards.services.checklists import Item, Said
from minqing.hazards.subjects import erase
from minqing.matters import services as matters
from minqing.matters.models import Matter
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import Person
from tests.hazards.cases import HOW, WHY, Finding
from tests.pairs import Pair, Scenes, Stage, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()
CONFIRMED: dict[str, Any] = {"severity": Severity.MAJOR, "charge": Charge.VILLAGE}


def laid_out(stage: Stage, how: str = "find") -> tuple[Finding, Hazard]:
    with transaction.atomic():
        case = Finding(stage.cast)
        return case, getattr(case, how)()


def state(row: Hazard) -> str:
    return Hazard.objects.get(pk=row.pk).state


def by_itself(service: Callable[..., Any], **values: Any) -> Callable[[], Any]:
    """As :meth:`Stage.call`, for what the system does when it hears of something."""

    def work() -> Any:
        with transaction.atomic(), acting_as(system_actor("test")) as by:
            return service(**values, by=by)

    return work


def one_of_two(stage: Stage, row: Hazard, first: Callable[..., Any], other: Callable[..., Any], *states: State) -> Pair:
    """Whoever comes first has it; the other is told that it has gone on."""

    def look(*ends: Any) -> None:
        assert state(row) in states, ends

    return Pair(first, other, look)


@SCENES.of(services.find_hazard)
def the_same_form_twice(stage: Stage) -> Pair:
    with transaction.atomic():
        case = Finding(stage.cast)
    id = new_id()
    call = stage.call("cadre", services.find_hazard, id=id, area_id=case.home.area_id, place="桥头", words="栏杆断了")

    def look(*_ends: Any) -> None:
        assert Hazard.objects.filter(pk=id).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.find_seen)
def one_diary_from_two_phones(stage: Stage) -> Pair:
    with transaction.atomic():
        case = Finding(stage.cast)
    one = services.Seen(id=new_id(), words="院墙要倒")
    home = {"area_id": case.home.area_id, "household_id": case.home.pk}
    now = clock.now()
    call = stage.call("cadre", services.find_seen, seen=one, picture_ids=(), found_at=now, at=now, **home)

    def look(*_ends: Any) -> None:
        assert Hazard.objects.filter(pk=one.id).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.add_found_picture)
def a_photo_comes_twice(stage: Stage) -> Pair:
    case, row = laid_out(stage)
    with transaction.atomic():
        picture = case.picture()
    given = {"hazard_id": row.pk, "attachment_id": picture, "at": clock.now()}
    call = stage.call("cadre", services.add_found_picture, **given)

    def look(*_ends: Any) -> None:
        assert Hazard.objects.get(pk=row.pk).photos.count() == 1

    return Pair(call, call, look)


@SCENES.of(services.confirm_hazard, services.withdraw_hazard)
def confirmed_while_it_is_withdrawn(stage: Stage) -> Pair:
    _case, row = laid_out(stage)
    confirm = stage.call("clerk", services.confirm_hazard, hazard=row, **CONFIRMED)
    withdraw = stage.call("cadre", services.withdraw_hazard, hazard=row)
    return one_of_two(stage, row, confirm, withdraw, State.CONFIRMED, State.WITHDRAWN)


@SCENES.of(services.dismiss_hazard, services.raise_hazard)
def dismissed_while_it_is_raised(stage: Stage) -> Pair:
    _case, row = laid_out(stage)
    dismiss = stage.call("clerk", services.dismiss_hazard, hazard=row, reasons=WHY)
    up = stage.call("clerk", services.raise_hazard, hazard=row)

    def look(*ends: Any) -> None:
        now = Hazard.objects.get(pk=row.pk)
        assert (now.state, now.matter_id is None) in {(State.DISMISSED, True), (State.RAISED, False)}, ends

    return Pair(dismiss, up, look)


@SCENES.of(services.put_right_hazard)
def put_right_by_two(stage: Stage) -> Pair:
    case, row = laid_out(stage, "confirmed")
    with transaction.atomic():
        ids = {who: case.picture(who) for who in ("cadre", "village_secretary")}
    calls = [
        stage.call(who, services.put_right_hazard, id=new_id(), hazard=row, words=HOW, picture_ids=[picture])
        for who, picture in ids.items()
    ]

    def look(*_ends: Any) -> None:
        assert Hazard.objects.get(pk=row.pk).photos.count() == 1

    return Pair(*calls, look)


@SCENES.of(services.close_hazard, services.send_back_hazard)
def closed_while_it_is_sent_back(stage: Stage) -> Pair:
    _case, row = laid_out(stage, "righted")
    close = stage.call("clerk", services.close_hazard, hazard=row)
    back = stage.call("clerk", services.send_back_hazard, hazard=row, reasons=WHY)
    return one_of_two(stage, row, close, back, State.CLOSED, State.CONFIRMED)


@SCENES.of(services.follow_hazards, erase)
def moved_away_while_its_people_are_erased(stage: Stage) -> Pair:
    case, row = laid_out(stage)
    person = Person(cause="test:1", name="何桂香", household=case.home.pk, alone=True)
    follow = by_itself(services.follow_hazards, household=case.home.pk, area=stage.cast.other.pk)
    gone = by_itself(erase, person=person, at=row.found_at)

    def look(*ends: Any) -> None:
        assert Hazard.objects.get(pk=row.pk).household_id is None, ends

    return Pair(follow, gone, look)


@SCENES.of(services.follow_matter)
def its_matter_ends_twice(stage: Stage) -> Pair:
    case, row = laid_out(stage)
    with transaction.atomic():
        row = case.do("clerk", services.raise_hazard, row)
        with acting_as(by := stage.cast.actor("clerk")):
            matter = matters.withdraw_matter(
                id=new_id(), matter=Matter.objects.get(pk=row.matter_id), reason=WHY, by=by
            )
    call = by_itself(services.follow_matter, matter=matter)
    return one_of_two(stage, row, call, call, State.CONFIRMED)


@SCENES.of(services.follow_matter)
def its_matter_ends_while_it_is_put_right(stage: Stage) -> Pair:
    """Raised, it is the matter's; it is put right only once it has come back."""
    case, row = laid_out(stage)
    with transaction.atomic():
        row = case.do("clerk", services.raise_hazard, row)
        picture = case.picture()
        with acting_as(by := stage.cast.actor("clerk")):
            matter = matters.withdraw_matter(
                id=new_id(), matter=Matter.objects.get(pk=row.matter_id), reason=WHY, by=by
            )
    ends = by_itself(services.follow_matter, matter=matter)
    given = {"id": new_id(), "hazard": row, "words": HOW, "picture_ids": [picture]}
    right = stage.call("cadre", services.put_right_hazard, **given)
    return one_of_two(stage, row, ends, right, State.CONFIRMED, State.PUT_RIGHT)


@SCENES.of(services.follow_matter)
def its_matter_is_opened_again_while_its_people_are_erased(stage: Stage) -> Pair:
    case, row = laid_out(stage)
    with transaction.atomic():
        row = case.do("clerk", services.raise_hazard, row)
        with acting_as(by := stage.cast.actor("clerk")):
            matter = matters.withdraw_matter(
                id=new_id(), matter=Matter.objects.get(pk=row.matter_id), reason=WHY, by=by
            )
    person = Person(cause="test:1", name="何桂香", household=case.home.pk, alone=True)
    gone = by_itself(erase, person=person, at=row.found_at)

    def look(*ends: Any) -> None:
        now = Hazard.objects.get(pk=row.pk)
        assert (now.state, now.household_id) == (State.CONFIRMED, None), ends

    return Pair(by_itself(services.follow_matter, matter=matter), gone, look)


@SCENES.of(services.ask_more_time)
def more_time_asked_for_by_two(stage: Stage) -> Pair:
    _case, row = laid_out(stage, "confirmed")
    calls = [
        stage.call(who, services.ask_more_time, hazard=row, days=3, reasons=WHY)
        for who in ("cadre", "village_secretary")
    ]

    def look(*_ends: Any) -> None:
        assert Hazard.objects.get(pk=row.pk).more.count() == 1

    return Pair(*calls, look)


@SCENES.of(services.grant_more_time, services.refuse_more_time)
def more_time_granted_while_it_is_refused(stage: Stage) -> Pair:
    case, row = laid_out(stage, "confirmed")
    with transaction.atomic():
        row = case.do("cadre", services.ask_more_time, row, days=3, reasons=WHY)
    grant = stage.call("clerk", services.grant_more_time, hazard=row)
    refuse = stage.call("clerk", services.refuse_more_time, hazard=row, reasons=WHY)

    def look(*ends: Any) -> None:
        now = Hazard.objects.get(pk=row.pk)
        assert now.asked_by_id is None
        assert now.more.get().granted is (now.due_at != row.due_at), ends

    return Pair(grant, refuse, look)


@SCENES.of(services.grant_more_time)
def more_time_granted_while_it_is_put_right(stage: Stage) -> Pair:
    case, row = laid_out(stage, "confirmed")
    with transaction.atomic():
        row = case.do("cadre", services.ask_more_time, row, days=3, reasons=WHY)
        picture = case.picture()
    grant = stage.call("clerk", services.grant_more_time, hazard=row)
    given = {"id": new_id(), "hazard": row, "words": HOW, "picture_ids": [picture]}
    right = stage.call("cadre", services.put_right_hazard, **given)

    def look(*ends: Any) -> None:
        now = Hazard.objects.get(pk=row.pk)
        assert (now.state, now.asked_by_id) == (State.PUT_RIGHT, None), ends
        assert now.more.filter(granted=None).count() == 0

    return Pair(grant, right, look)


@SCENES.of(services.change_checklist)
def a_checklist_changed_by_two(stage: Stage) -> Pair:
    before = ChecklistVersion.objects.filter(code="gas").count()
    calls = [
        stage.call("operator", services.change_checklist, id=new_id(), code="gas",
                   said=Said(name="燃气", items=[Item(look, Severity.MAJOR)]))
        for look in (f"软管{new_id()}", f"钢瓶{new_id()}")
    ]  # fmt: skip

    def look(*_ends: Any) -> None:
        rows = ChecklistVersion.objects.filter(code="gas")
        assert rows.filter(current=True).count() == 1
        assert rows.count() == before + 2

    return Pair(*calls, look)


@SCENES.of(services.load_checklists)
def two_processes_begin_with_a_new_release(stage: Stage) -> Pair:
    call = stage.call("system", services.load_checklists)

    def look(*_ends: Any) -> None:
        current = ChecklistVersion.objects.filter(current=True)
        assert current.count() == current.values("code").distinct().count() > 0

    return Pair(call, call, look)


@SCENES.of(services.add_checklist)
def the_same_checklist_added_by_two(stage: Stage) -> Pair:
    said = Said(name="庙会", items=[Item("人太多", Severity.SERIOUS)])
    calls = [stage.call("operator", services.add_checklist, id=new_id(), code="fair", said=said) for _one in range(2)]

    def look(*_ends: Any) -> None:
        assert ChecklistVersion.objects.filter(code="fair").count() == 1

    return Pair(*calls, look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
