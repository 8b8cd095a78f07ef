"""Visits and who cares for whom where there are thousands of cadres and hundreds of villages."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

from minqing.core.ids import new_id
from minqing.org.models import Post
from minqing.org.queries import few_of
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import Person
from minqing.visits.queries import SOMEBODY, Shown, filtered
from minqing.visits.services import record_visit
from minqing.visits.subjects import known_visits
from tests.cast import Cast, at

pytestmark = pytest.mark.fault(124)
NOW = at("2026-11-20 12:00")


def test_many_areas_are_chosen_one_after_the_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    areas = [cast.city, cast.town, cast.own, cast.other, cast.other_town, cast.far]
    assert few_of(areas, None) == areas
    monkeypatch.setattr("minqing.org.queries.MOST_AREAS", 4)
    assert few_of(areas, None) == [cast.city, cast.town, cast.other_town]
    for chosen in (cast.town, cast.own):
        assert few_of(areas, chosen.id) == [cast.city, cast.town, cast.own, cast.other, cast.other_town]
    for path in ("/visits/", "/leader/", "/matters/", "/matters/wall/"):
        # what is in the choices is also taken: a link to a village works
        html = cast.client("leader").get(path, {"area": cast.far.id, "more": 1}).content.decode()
        # numbers of units are other things' numbers too
        html = html.partition('name="area"')[2].partition("</select>")[0]
        assert f'<option value="{cast.far.id}" selected>' in html, path
        assert f'<option value="{cast.own.id}"' not in html, path


def test_of_too_many_cadres_those_of_the_place_can_be_chosen(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    home, client = cast.household(), cast.client("clerk")
    cadre, other = cast.account("cadre"), cast.account("other_cadre")
    html = client.get("/visits/care/").content.decode()
    assert f'value="{cadre.id}"' in html
    assert f'value="{other.id}"' in html
    covering = Post.objects.filter(area=cast.town, role__in=("clerk", "cadre"), until=None).count()
    there = Post.objects.filter(area=cast.own, role__in=("cadre", "village_secretary"), until=None).count()
    monkeypatch.setattr(import_module("minqing.visits.views.care"), "MOST_CADRES", covering + there)
    html = client.get("/visits/care/").content.decode()
    assert f'value="{cadre.id}"' not in html
    address = f"/visits/care/?area={cast.own.id}"
    html = client.get(address).content.decode()
    assert f'value="{cadre.id}"' in html
    assert f'value="{other.id}"' not in html
    sent = {"account": str(cadre.id), "every_days": 90, "pick": [str(home.id)], "request_id": str(new_id())}
    assert client.post("/visits/care/", sent).status_code == 422
    assert client.post(address, sent).status_code == 302


def test_what_diaries_hold_of_somebody_is_found_without_looking_through_all_of_them(cast: Cast) -> None:
    home = cast.household()
    with cast.everything():
        person = Person(cause="test", name="某人", resident=new_id(), household=home.pk, alone=True)
        with connection.cursor() as cursor:
            # of few rows all are read; without that, only where no index serves
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "Seq Scan on visits_visit" not in known_visits(person).explain()


def test_a_page_of_visits_is_in_order_and_once_leaves_the_last(cast: Cast) -> None:
    actor, house = cast.actor("cadre"), cast.household()
    with acting_as(actor):
        made = [
            record_visit(
                id=new_id(), household=house, visited_at=at(f"2026-11-{day} 09:00"), by=actor, at=NOW,
                met="at_home", met_people="户主", text="说了话",
            )
            for day in (18, 20, 19)
        ]  # fmt: skip
        newest = [made[1].pk, made[2].pk, made[0].pk]
        keys = list(filtered(actor).values_list("pk", flat=True))
        assert keys == newest
        assert [one.pk for one in Shown(actor, filtered(actor))[:3]] == newest
        assert [one.pk for one in Shown(actor, filtered(actor))[1:2]] == newest[1:2]
        assert [one.pk for one in filtered(actor, met=SOMEBODY, once=True)] == newest[:1]
        # the last within the days that are asked for, not the last of all
        assert [one.pk for one in filtered(actor, until=at("2026-11-19 00:00").date(), once=True)] == [made[2].pk]
