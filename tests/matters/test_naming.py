"""Who in a unit has a matter: named, taken on, and for how long that stands. What others may do stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from minqing.core import clock
from minqing.core.errors import Conflict
from minqing.matters.enums import Move
from minqing.matters.models import Matter, Step
from minqing.matters.queries import Filters, dossier_of, filtered, visible_matters
from minqing.matters.queries.objects import has_object
from minqing.matters.queries.worklist import QUEUES
from minqing.org.enums import DESK, Role
from minqing.org.models import Account, Post
from minqing.org.queries.staff import people_of_unit
from minqing.privacy.access import acting_as
from tests.cast import Cast, person
from tests.matters.lives import Life, june

pytestmark = pytest.mark.django_db
HANDLER = "吴志强"


@pytest.fixture
def life(cast: Cast) -> Life:
    person(cast, "second_handler", Role.HANDLER, cast.bureau, cast.city, "何文")
    return Life(cast)


def id_of(life: Life, who: str) -> Any:
    return life.cast.account(who).pk


def named(life: Life, who: str = "handler", one: Matter | None = None) -> Matter:
    return life.do("unit_head", "name_handler", one or life.accepted(), handler=id_of(life, who), at=june(2))


def name_of(life: Life, one: Matter) -> str:
    return str(life.look(lambda: dossier_of(one.pk).handler))


def test_the_head_names_somebody_and_whoever_is_named_gives_it_back(life: Life) -> None:
    one = life.once("unit_head", "name_handler", life.assigned(), handler=id_of(life, "handler"), at=june(1))
    assert (name_of(life, one), life.last_step(one).text, life.last_step(one).public) == (HANDLER, HANDLER, False)
    assert life.last_event(one).data["handler"] == str(id_of(life, "handler"))
    assert life.read_outside(one)[-1][0] == "assign"
    one = life.once("handler", "name_handler", one, handler=None, at=june(2))
    assert name_of(life, one) == ""


def test_who_gives_out_no_work_and_who_is_of_another_unit_names_nobody(life: Life) -> None:
    one, own = life.accepted(), {"handler": id_of(life, "handler")}
    life.refused("not_namer", "handler", "name_handler", one, **own)
    life.refused("not_namer", "second_handler", "name_handler", named(life), handler=None)
    life.refused("wrong_party", "clerk", "name_handler", one, **own)
    life.refused("wrong_party", "cadre", "take_matter", one)
    life.refused("wrong_party", "system", "take_matter", one)
    for who in ("clerk", "cadre", "leader"):
        life.refused("handler", "unit_head", "name_handler", one, handler=id_of(life, who))


def test_one_takes_it_on_and_who_comes_second_is_told_who_has_it(life: Life) -> None:
    one = life.once("handler", "take_matter", life.accepted(), at=june(2))
    assert (name_of(life, one), life.last_step(one).text) == (HANDLER, "")
    for who, sentence in (("second_handler", HANDLER), ("handler", "这件事已由您承办")):
        with pytest.raises(Conflict) as refusal:
            life.do(who, "take_matter", one, at=june(2))
        assert sentence in str(refusal.value.sentence)
    # and yet they may act
    assert life.do("second_handler", "note_progress", one, text="我先去看看。", at=june(2)).state == "accepted"


ENDS: dict[str, Callable[[Life, Matter], Matter]] = {
    "given back": lambda life, one: life.do(
        "handler", "send_back_matter", one, reason="不归", proposed=life.cast.office.pk, at=june(3)
    ),
    "assigned anew": lambda life, one: life.do("clerk", "assign_matter", one, unit=life.cast.bureau.pk, at=june(3)),
    "passed on": lambda life, one: life.do(
        "handler", "transfer_matter", one, unit=life.cast.office.pk, reason="更合适", at=june(3)
    ),
    "declined": lambda life, one: life.do("clerk", "decline_matter", one, reason="属于供电公司", at=june(3)),
    "withdrawn": lambda life, one: life.do("cadre", "withdraw_matter", one, at=june(3)),
    "merged": lambda life, one: life.do("clerk", "merge_matter", one, cause=life.accepted(), at=june(3)),
}


@pytest.mark.parametrize("end", ENDS)
def test_it_ends_when_the_unit_has_the_matter_no_longer(life: Life, end: str) -> None:
    one = ENDS[end](life, named(life))
    assert life.now(one).handler_id is None


def test_it_ends_when_the_assignment_is_taken_back_and_stays_through_a_reopening(life: Life) -> None:
    one = life.do("handler", "finish_matter", named(life), reply="已换新灯。", at=june(3))
    one = life.do("cadre", "reopen_matter", one, reason="又坏了", at=june(4))
    assert name_of(life, one) == HANDLER


@pytest.mark.parametrize("way", ["post over", "switched off", "another unit"])
def test_it_ends_with_the_post_and_nobody_takes_over(life: Life, way: str) -> None:
    one = named(life)
    with life.cast.everything():
        post = Post.objects.filter(account=id_of(life, "handler"))
        if way == "post over":
            post.update(until=clock.today() - timedelta(days=1))
        elif way == "another unit":
            post.update(unit=life.cast.office)
        else:
            Account.objects.filter(pk=id_of(life, "handler")).update(is_active=False)
    assert name_of(life, one) == ""
    assert life.do("second_handler", "take_matter", one, at=june(3)).handler_id == id_of(life, "second_handler")


def test_a_part_has_a_person_of_its_own(life: Life) -> None:
    one = named(life, one=life.joint())
    one = life.do("village_secretary", "take_matter", one, at=june(2))
    life.refused("handled_already", "village_secretary", "take_matter", one)
    rows = life.look(lambda: {row.unit: row.handler for row in dossier_of(one.pk).parts})
    assert rows == {life.cast.office.name: None, life.cast.committee.name: "钱国平"}
    assert name_of(life, one) == HANDLER
    assert life.last_step(one).unit_id == life.cast.committee.pk
    one = life.do("village_secretary", "refuse_part", one, reason="不是", proposed=life.cast.bureau.pk, at=june(3))
    assert life.part(one, life.cast.committee.pk).handler_id is None


def test_what_is_offered_is_allowed(life: Life) -> None:
    """The same decision: of the page's button, and of the service."""
    for one in (life.accepted(), named(life), named(life, "second_handler")):
        for who in ("handler", "second_handler", "unit_head"):
            actor = life.actor(who)
            for move, verb, values in ((Move.TAKE, "take_matter", {}), (Move.NAME, "name_handler", {"handler": None})):
                with acting_as(actor):
                    may = has_object(move, actor, dossier_of(one.pk))
                with transaction.atomic():
                    try:
                        life.do(who, verb, one, at=june(3), **values)
                        done = True
                    except Exception:
                        done = False
                    transaction.set_rollback(True)
                assert bool(may) is done, (who, move, may)


def queue(life: Life, who: str, name: str) -> list[Any]:
    actor = life.actor(who)
    with acting_as(actor):
        rows = QUEUES.within(visible_matters(actor), name, actor).order_by(*QUEUES[name].ordered(actor))
        assert QUEUES.counts(actor)[name] == len(rows)
        return [row.pk for row in rows]


def test_ones_own_stand_first_then_what_nobody_has_and_a_colleagues_only_for_the_head(life: Life) -> None:
    free, others, own = life.accepted(), named(life, "second_handler"), named(life)
    assert queue(life, "handler", "mine") == [own.pk, free.pk]
    assert queue(life, "second_handler", "mine") == [others.pk, free.pk]
    head = queue(life, "unit_head", "mine")
    assert (head[0], set(head)) == (free.pk, {free.pk, others.pk, own.pk})
    with life.cast.everything():
        Post.objects.filter(account=id_of(life, "second_handler")).update(until=clock.today() - timedelta(days=1))
    assert queue(life, "handler", "mine") == [own.pk, free.pk, others.pk][:1] + sorted([free.pk, others.pk])


def test_the_filters_mine_and_nobody(life: Life) -> None:
    free, own, part = life.accepted(), named(life), named(life, "second_handler", life.joint(life.cast.committee.pk))
    life.report()
    life.do("village_secretary", "take_matter", part, at=june(2))

    def found(who: str, whose: str) -> set[Any]:
        actor = life.actor(who)
        with acting_as(actor):
            rows = filtered(visible_matters(actor), Filters(whose=whose), actor=actor)
            return set(rows.values_list("pk", flat=True))

    assert found("handler", "mine") == {own.pk}
    assert found("second_handler", "mine") == {part.pk}
    assert found("village_secretary", "mine") == {part.pk}
    assert found("leader", "mine") == set()
    assert found("handler", "nobody") == found("leader", "nobody") == {free.pk}


def test_page_and_list_say_who_has_it_and_a_press_takes_it_on(life: Life) -> None:
    one = life.accepted()
    client, page = life.cast.client("handler"), reverse("matters:detail", args=[one.pk])
    take = reverse("matters:move", args=[one.pk, "take"])
    shown = client.get(page).content.decode()
    assert f'action="{take}"' in shown
    assert "未定承办人" in shown
    assert client.get(take).status_code == 200
    assert client.post(take, {"request_id": "0198f000-0000-7000-8000-000000000001"}, follow=True).status_code == 200
    shown = client.get(page).content.decode()
    assert f'action="{take}"' not in shown
    assert f'<span class="note">{HANDLER}</span>' in shown
    assert HANDLER in client.get(reverse("matters:list")).content.decode()
    # the undo of the press
    name = reverse("matters:move", args=[one.pk, "name"])
    client.post(name, {"request_id": "0198f000-0000-7000-8000-000000000002", "handler": ""})
    assert name_of(life, one) == ""
    head = life.cast.client("unit_head").get(name).content.decode()
    assert all(f">{person.name}</option>" in head for person in people_of_unit(life.cast.bureau.pk, DESK))


def test_a_resident_reads_no_name(life: Life) -> None:
    one = named(life)
    assert all(HANDLER not in text for _move, text in life.read_outside(one))
    assert not life.look(lambda: Step.objects.filter(matter=one, public=True, move__in=["name", "take"]).exists())
