"""The guided tour signs in without a pass phrase: of made-up people alone, and nowhere but in a demonstration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from minqing.core.actor import Actor
from minqing.demo.services.loading import BEGUN, LOADED
from minqing.demo.staff import SIGN_INS
from minqing.demo.tour import RESIDENT, TOURS
from minqing.demo.views import WAYS
from minqing.journal.models import Event
from minqing.journal.services import record
from minqing.machines.agent import FILE
from minqing.machines.agent.settings import write
from tests.cast import Cast

pytestmark = pytest.mark.django_db
GO, TOUR = "/demo/go", "/demo/"


@pytest.fixture
def demo(cast: Cast, settings: Any) -> Cast:
    """A demonstration: the setting, and what the journal says of the database."""
    settings.DEMO = True
    record(type=LOADED, subject="demo", by=Actor.system("demo"), data={"scale": "village", "seed": 1})
    return cast


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(("setting", "loaded"), [(False, LOADED), (False, ""), (True, ""), (True, "demo.other")])
def test_outside_a_demonstration_there_is_no_tour_and_nobody_is_signed_in(
    cast: Cast, settings: Any, setting: bool, loaded: str
) -> None:
    """Neither where the setting is missing nor where a county of its own has it by mistake."""
    settings.DEMO = setting
    if loaded:
        record(type=loaded, subject="demo", by=Actor.system("demo"))
    client = Client()
    for who, step in (("cadre", "1"), ("operator", ""), (RESIDENT, "1")):
        assert client.post(GO, {"who": who, "step": step}).status_code == 404
        assert not signed_in(client)
    assert client.get(TOUR).status_code == 404
    if not setting:
        assert TOUR not in client.get("/accounts/login/").content.decode()


def test_one_button_signs_in_as_one_of_the_printed_table_and_the_journal_tells(demo: Cast) -> None:
    client = Client()
    assert client.post(GO, {"who": "cadre", "step": "1"})["Location"] == "/"
    assert client.session["_auth_user_id"] == str(demo.people["cadre"].pk)
    told = Event.objects.filter(type="org.account.signed_in")
    assert [event.data for event in told] == [{"by": "tour"}]
    # the next thing is the same person's: signed in once
    assert client.post(GO, {"who": "cadre", "step": "2"})["Location"] == "/households/"
    assert told.count() == 1


@pytest.mark.parametrize("who", ["other_cadre", "far_clerk", "", "nobody"])
def test_nobody_else_can_be_taken(demo: Cast, who: str) -> None:
    client = Client()
    for step in ("", "1"):
        assert client.post(GO, {"who": who, "step": step}).status_code == 404
    assert not signed_in(client)


@pytest.mark.parametrize("step", ["4", "-1", "²", "1 ", "x", "01x"])
def test_a_step_that_there_is_not_signs_nobody_in(demo: Cast, step: str) -> None:
    client = Client()
    assert client.post(GO, {"who": "clerk", "step": step}).status_code == 404
    assert not signed_in(client)


def test_reading_signs_nobody_in(demo: Cast) -> None:
    client = Client()
    assert client.get(GO).status_code == 405
    page = client.get(TOUR).content.decode()
    assert not signed_in(client)
    assert all(f'value="{one.username}"' in page for one in (*TOURS, *SIGN_INS))
    assert TOUR in client.get("/accounts/login/").content.decode()


def test_the_bar_stays_on_every_page_until_one_leaves(demo: Cast) -> None:
    client = Client()
    client.post(GO, {"who": "clerk", "step": "2"})
    for path in ("/", "/matters/", "/me"):
        assert "试一试 2/3" in client.get(path).content.decode()
    assert client.post(GO, {"step": "0"})["Location"] == TOUR
    assert "试一试 2/3" not in client.get("/").content.decode()


def test_a_resident_has_no_account(demo: Cast) -> None:
    demo.household(demo.own)
    client = Client()
    client.post(GO, {"who": "clerk", "step": "1"})
    door = client.post(GO, {"who": RESIDENT, "step": "1"})["Location"]
    assert not signed_in(client)
    page = client.get(door)
    assert page.status_code == 200
    assert "试一试 1/3" in page.content.decode()


def test_every_thing_has_its_page() -> None:
    for tour in TOURS:
        assert len(tour.things) == 3
        for thing in tour.things:
            try:
                assert thing.at in WAYS or reverse(thing.at)
            except NoReverseMatch as error:
                raise AssertionError(f"{tour.username}: {thing.at} is gone") from error


def test_what_was_cut_off_is_a_demonstration_too(cast: Cast, settings: Any) -> None:
    settings.DEMO = True
    record(type=BEGUN, subject="demo", by=Actor.system("demo"))
    assert Client().get(TOUR).status_code == 200


def test_the_tour_leads_to_the_screen_of_the_machine_that_runs_beside_it(
    demo: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    screen = "http://127.0.0.1:8123/"
    assert screen not in Client().get(TOUR).content.decode()
    write(tmp_path / "beside" / FILE, server="http://127.0.0.1:8000", code="M1", key="k", port=8123)
    assert screen in Client().get(TOUR).content.decode()
