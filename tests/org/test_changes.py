"""Areas that merge and come apart again: what goes along, what stays as their past, and what a kill leaves.

What others met stands behind the cases: whatever is denormalised must go (commcare-hq #27455, avni-server #688),
devices hear of it (avni-client #520), a change is looked at before it is made (commcare-hq #26951), and the past keeps
the name under which it was written (cht-conf #551).
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from django.urls import reverse

from minqing.core import clock
from minqing.core.errors import Conflict, DomainError
from minqing.core.ids import new_id
from minqing.households.models import Household, HouseholdCode, Resident
from minqing.journal.models import Event
from minqing.matters.models import Matter
from minqing.org import services
from minqing.org.enums import ChangeState, Goes, Level, Role
from minqing.org.kinds import PLACED
from minqing.org.models import Area, AreaChange, CarriedRow, Post, Unit
from minqing.org.queries import actor_of, area_names, posts_in_force, system_actor, township_over
from minqing.org.queries.changes import posts_right_in
from minqing.org.services import changes
from minqing.points.enums import AccountKind
from minqing.points.services import open_account
from minqing.privacy.access import acting_as
from minqing.redeeming.models import Shop
from minqing.sync.models import Device
from minqing.visits.listeners import household_moved
from minqing.visits.models import DiaryEntry, HouseholdAssignment, Visit
from tests.administration.conftest import carried
from tests.cast import Cast, area
from tests.intake.conftest import check

# what the organisation itself takes along, undoes or keeps
ITS_OWN = {"org.Area", "org.AreaChange", "org.Boundary", "org.Post", "org.Unit"}


def operators(cast: Cast) -> Any:
    return cast.actor("operator")


def run(change: AreaChange, *, most: int = 100) -> AreaChange:
    """As the job does, with the listeners after it."""
    since = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    for _batch in range(most):
        if services.carry_on(change_id=change.pk, by=system_actor("org.changes")):
            break
    for event in Event.objects.filter(type="households.household.updated", seq__gt=since).order_by("seq"):
        household_moved(event)
    change.refresh_from_db()
    return change


def lived_in(cast: Cast) -> tuple[Household, Resident, Visit]:
    home = cast.household()
    person = cast.resident(home)
    cast.code(home, token=new_id().hex)
    cadre, now = cast.account("cadre"), clock.now()
    with cast.everything():
        visit = Visit.objects.create(household=home, area=home.area, account=cadre, visited_at=now, recorded_at=now)
        DiaryEntry.objects.create(visit=visit, area=home.area, text="都好")
        HouseholdAssignment.objects.create(
            household=home, area=home.area, account=cadre, since=clock.today(), due_on=clock.today()
        )
    return home, person, visit


def places(cast: Cast, home: Household) -> set[int]:
    """Where all of a household's file of today lies."""
    with cast.everything():
        rows = (
            Household.objects.filter(pk=home.pk),
            *(
                model._default_manager.filter(household=home)
                for model in (Resident, HouseholdCode, HouseholdAssignment)
            ),
        )
        return {one for found in rows for one in found.values_list("area_id", flat=True)}


def test_every_table_that_lies_in_an_area_says_what_becomes_of_it() -> None:
    """A new room cannot be forgotten: a foreign key to an area that no room declares fails here."""
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("minqing.") and model._meta.label not in ITS_OWN
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model is Area
    }
    assert found == {one.code for one in PLACED}
    # whoever says that it goes with its household really has one
    for one in PLACED:
        if one.goes is Goes.HOME:
            assert {"household", "resident"} & {field.name for field in apps.get_model(one.model)._meta.get_fields()}


def test_a_merged_village_brings_its_households_and_keeps_its_past(cast: Cast) -> None:
    home, _person, visit = lived_in(cast)
    matter = cast.matter()
    grid = area("G1", "第1网格", Level.GRID, cast.own)
    in_grid = cast.household(grid)
    change = services.merge_areas(area=cast.own, into=cast.other, by=operators(cast))
    assert change.state == ChangeState.RUNNING
    change = run(change)
    assert (change.state, change.done) == (ChangeState.DONE, change.total)
    own, grid = (Area.objects.get(pk=one.pk) for one in (cast.own, grid))
    assert own.valid_to == clock.today()
    assert (own.path, grid.path) == (f"{cast.other.path}{own.pk}.", f"{cast.other.path}{grid.pk}.")
    assert places(cast, home) == {cast.other.pk}
    # what lies in a grid goes with the grid, untouched
    assert places(cast, in_grid) == {grid.pk}
    with cast.everything():
        # of the past: under its own name, and seen by those of the other village
        assert Visit.objects.get(pk=visit.pk).area_id == own.pk
        assert Matter.objects.get(pk=matter.pk).area_id == own.pk
    account = cast.account("village_secretary")
    with acting_as(actor_of(account, posts_in_force(account.pk)[0])):
        assert Visit.objects.filter(pk=visit.pk).exists()
    assert Post.objects.filter(area=cast.own, until=None).count() == 0
    secretary = Post.objects.get(account=cast.account("village_secretary"), until=None)
    assert (secretary.area_id, secretary.role) == (cast.other.pk, Role.VILLAGE_SECRETARY)
    assert Unit.objects.get(pk=cast.committee.pk).area_id == cast.other.pk


def test_a_merge_that_is_undone_leaves_all_as_it_was(cast: Cast) -> None:
    home, _person, visit = lived_in(cast)
    area("G1", "第1网格", Level.GRID, cast.own)
    tree = dict(Area.objects.values_list("pk", "path"))
    posts = set(Post.objects.filter(until=None).values_list("account", "unit", "area", "role"))
    change = run(services.merge_areas(area=cast.own, into=cast.other, by=operators(cast)))
    newcomer = cast.household(cast.other)
    with cast.everything():
        # somebody has visited the household in its new village since
        since = Visit.objects.create(
            household=home,
            area=cast.other,
            account=cast.account("cadre"),
            visited_at=clock.now(),
            recorded_at=clock.now(),
        )
    change = run(services.undo_change(change=change, by=operators(cast)))
    assert change.state == ChangeState.UNDONE
    assert dict(Area.objects.values_list("pk", "path")) == tree
    assert Area.objects.get(pk=cast.own.pk).valid_to is None
    assert set(Post.objects.filter(until=None).values_list("account", "unit", "area", "role")) == posts
    assert places(cast, home) == {cast.own.pk}
    assert places(cast, newcomer) == {cast.other.pk}
    with cast.everything():
        assert {*Visit.objects.filter(pk__in=[visit.pk, since.pk]).values_list("area_id", flat=True)} == {cast.own.pk}
    assert Unit.objects.get(pk=cast.committee.pk).area_id == cast.own.pk
    assert not CarriedRow.objects.exclude(code__in=["org.area", "org.unit", "org.post"]).exists()


@pytest.mark.parametrize("last_day", [None, timedelta(days=0), timedelta(days=9)])
@pytest.mark.parametrize("held_before", [False, True])
def test_a_post_goes_along_and_comes_back_as_long_as_it_is_held_and_never_longer(
    cast: Cast, last_day: timedelta | None, held_before: bool
) -> None:
    """An officer whose post was ended meanwhile has none again, and a last day that was set before still counts."""
    by, today = operators(cast), clock.today()
    yesterday, until = today - timedelta(days=1), None if last_day is None else today + last_day
    own = Post.objects.get(account=cast.account("village_secretary"), until=None)
    Post.objects.filter(pk=own.pk).update(until=until)
    same = {"account_id": own.account_id, "unit_id": own.unit_id, "role": own.role, "area": cast.other}
    before = Post.objects.create(**same, since=yesterday) if held_before else None

    def held(place: Area) -> list[date | None]:
        return [*posts_right_in(place.pk).filter(account=own.account_id).values_list("until", flat=True)]

    change = run(services.merge_areas(area=cast.own, into=cast.other, by=by))
    assert (held(cast.own), held(cast.other)) == ([], [None if before else until])
    run(services.undo_change(change=change, by=by))
    assert (held(cast.own), held(cast.other)) == ([until], [None] if before else [])

    change = run(services.merge_areas(area=cast.own, into=cast.other, by=by))
    services.end_post(post=posts_right_in(cast.other.pk).get(account=own.account_id), by=by)
    run(services.undo_change(change=change, by=by))
    assert (held(cast.own), held(cast.other)) == ([], [])
    told = Event.objects.filter(type="org.area.change_undone").latest("seq").data
    others = posts_right_in(cast.own.pk).count()
    assert (told["posts"], told["posts_ended"]) == (others, 1)


def test_a_shorter_post_in_the_other_area_does_not_stand_for_a_longer_one(cast: Cast) -> None:
    by, today = operators(cast), clock.today()
    own = Post.objects.get(account=cast.account("village_secretary"), until=None)
    long, short = today + timedelta(days=9), today + timedelta(days=2)
    Post.objects.filter(pk=own.pk).update(until=long)
    Post.objects.create(account=own.account, unit=own.unit, role=own.role, area=cast.other, until=short)
    change = run(services.merge_areas(area=cast.own, into=cast.other, by=by))
    there = posts_right_in(cast.other.pk).filter(account=own.account_id)
    assert {*there.values_list("until", flat=True)} == {long, short}
    # a last day that is given to it there goes back with it
    services.end_post(post=there.get(until=long), by=by, on=today)
    run(services.undo_change(change=change, by=by))
    assert Post.objects.get(pk=own.pk).until == today
    assert {*there.values_list("until", flat=True)} == {short}


@pytest.mark.parametrize("killed_after", [0, 1, 3])
def test_a_job_killed_between_batches_goes_on_behind_the_last(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    monkeypatch.setattr(changes, "BATCH", 2)
    homes = [cast.household() for _n in range(7)]
    change = services.merge_areas(area=cast.own, into=cast.other, by=operators(cast))
    change = run(change, most=killed_after)
    assert change.done == min(2 * killed_after, 7)
    change = run(change)
    assert (change.state, change.done) == (ChangeState.DONE, 7)
    assert {one for home in homes for one in places(cast, home)} == {cast.other.pk}
    # and once more does nothing
    assert services.carry_on(change_id=change.pk, by=system_actor("org.changes"))


def test_a_merge_that_stands_is_not_pulled_apart_by_a_table_or_a_move(cast: Cast, tmp_path: Path) -> None:
    by, grid = operators(cast), area("G1", "第1网格", Level.GRID, cast.own)
    run(services.merge_areas(area=cast.own, into=cast.other, by=by))
    tree = dict(Area.objects.values_list("pk", "path"))
    own = Area.objects.get(pk=cast.own.pk)
    moved = {"code": own.code, "name": own.name, "level": Level.VILLAGE, "by": by}
    below = {"code": "G2", "name": "第2网格", "level": Level.GRID, "parent": own, "by": by}
    back = {"code": grid.code, "name": grid.name, "level": Level.GRID, "parent": own, "by": by}
    for given in (moved | {"parent": cast.town}, below, back):
        with pytest.raises(DomainError) as told:
            services.save_area(**given)
        assert told.value.code == "area_merged"
    with pytest.raises(Conflict) as told:
        services.move_area(area=own, parent=cast.town, by=by)
    assert told.value.code == "area_merged"
    # its name may be put right where it lies
    assert services.save_area(**moved | {"name": "老棠溪村", "parent": cast.other})[1] == "updated"
    rows = [("编码", "名称", "级别", "上级编码")]
    rows += [(own.code, own.name, "村社", above) for above in (cast.town.code, cast.other.code)]
    rows += [("G3", "第3网格", "网格", own.code)]
    problems = []
    for n, row in enumerate(rows[1:]):
        path = tmp_path / f"{n}.csv"
        path.write_text("\n".join(",".join(one) for one in (rows[0], row)), encoding="utf-8")
        problems.append(check(path, by, "areas").problem_rows)
    assert problems == [1, 0, 1]
    assert dict(Area.objects.values_list("pk", "path")) == tree


def test_what_was_closed_between_comes_back_too_and_each_batch_is_told(cast: Cast) -> None:
    by = operators(cast)
    with cast.everything() as system:
        account = open_account(kind=AccountKind.SHOP, name="村口超市", area=cast.own.pk, by=system)
        shop = Shop.objects.create(
            area=cast.own, account_id=account.pk, name="村口超市", opened_at=clock.now(), changed_at=clock.now()
        )
    change = run(services.merge_areas(area=cast.own, into=cast.other, by=by))
    with cast.everything():
        assert Shop.objects.get(pk=shop.pk).area_id == cast.other.pk
        Shop.objects.filter(pk=shop.pk).update(closed_at=clock.now())
    run(services.undo_change(change=change, by=by))
    with cast.everything():
        assert Shop.objects.get(pk=shop.pk).area_id == cast.own.pk
    told = [one.data for one in Event.objects.filter(type="org.area.rows_carried").order_by("seq")]
    assert [(one["rows_of"], one["area"], one["keys"]) for one in told] == [
        ("redeeming.Shop.area", there.pk, [str(shop.pk)]) for there in (cast.other, cast.own)
    ]


def test_a_merged_township_is_looked_past_and_its_villages_lie_in_the_other(cast: Cast) -> None:
    office = Unit.objects.filter(area=cast.town).values_list("pk", flat=True)
    run(services.merge_areas(area=cast.town, into=cast.other_town, by=operators(cast)))
    village = Area.objects.get(pk=cast.own.pk)
    assert village.path == f"{cast.other_town.path}{village.pk}."
    assert township_over(Area.objects.get(pk=cast.town.pk).path) == cast.other_town
    assert {*Unit.objects.filter(pk__in=office).values_list("area", flat=True)} <= {cast.other_town.pk}


def test_only_what_fits_is_merged_and_only_the_newest_change_is_undone(cast: Cast) -> None:
    by = operators(cast)
    for one, other, code in (
        (cast.own, cast.own, "area_inside_itself"),
        (cast.own, cast.town, "wrong_level"),
        (cast.town, cast.own, "area_inside_itself"),
    ):
        with pytest.raises(DomainError) as refused:
            services.merge_areas(area=one, into=other, by=by)
        assert refused.value.code == code
    first = run(services.merge_areas(area=cast.own, into=cast.other, by=by))
    with pytest.raises(Conflict) as merged:
        services.reopen_area(area=cast.own, by=by)
    assert merged.value.code == "area_merged"
    run(services.merge_areas(area=cast.other, into=cast.far, by=by))
    first.refresh_from_db()
    with pytest.raises(DomainError) as built_on:
        services.undo_change(change=first, by=by)
    assert built_on.value.code == "change_built_on"


def test_a_new_name_and_a_new_place_are_written_down_and_taken_back(cast: Cast) -> None:
    by, was = operators(cast), cast.own.name
    services.rename_area(area=cast.own, name="新棠溪村", by=by)
    services.move_area(area=cast.own, parent=cast.other_town, by=by)
    moved, named = AreaChange.objects.filter(area=cast.own).order_by("-made_at", "-pk")
    assert (named.name, moved.former_id, moved.into_id) == (was, cast.town.pk, cast.other_town.pk)
    for change in (moved, named):
        assert services.undo_change(change=change, by=by).state == ChangeState.UNDONE
    assert (area_names([cast.own.pk])[cast.own.pk], Area.objects.get(pk=cast.own.pk).path) == (was, cast.own.path)


def test_the_preview_counts_what_goes_and_the_page_says_how_far_it_is(cast: Cast) -> None:
    home, _person, _visit = lived_in(cast)
    cast.matter(household=home)
    now = clock.now()
    Device.objects.create(account=cast.account("cadre"), name="手机", key="k" * 32, registered_at=now, seen_at=now)
    client = cast.client("operator")
    where = reverse("administration:merge_area", args=[cast.own.pk])
    assert client.get(where).status_code == 200
    page = client.get(where, {"into": cast.other.pk}).content.decode()
    for told in ("在册户", "存有该区域户的手机", "未办结事项", "随同变动的岗位"):
        assert told in page, told
    answer = client.post(where, carried(page) | {"into": cast.other.pk})
    change = AreaChange.objects.get()
    assert answer["Location"] == reverse("administration:change", args=[change.pk])
    assert "hx-trigger" in client.get(answer["Location"]).content.decode()
    run(change)
    page = client.get(answer["Location"]).content.decode()
    assert "hx-trigger" not in page.partition("<main")[2]
    client.post(reverse("administration:undo_change", args=[change.pk]), carried(page))
    change.refresh_from_db()
    assert change.state == ChangeState.UNDOING
    assert f"{cast.own.name}" in client.get(reverse("administration:area", args=[cast.own.pk])).content.decode()
