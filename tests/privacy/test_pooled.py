"""One connection serves one person after another: nothing of the former is left."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from minqing.config.urls import handler400, handler403, handler404, handler500  # noqa: F401  # read by Django
from minqing.config.urls import urlpatterns as real
from minqing.core.actor import Actor
from minqing.households.models import Household
from minqing.org.access import page
from minqing.privacy.access import SETTINGS, acting_as
from tests.cast import Cast

OWN, FAR = "CANARY-OF-THE-OWN-VILLAGE", "CANARY-OF-THE-FAR-VILLAGE"


@page()
def falls(request: HttpRequest) -> HttpResponse:
    assert Household.objects.count() == 1
    raise ZeroDivisionError


@page()
def refused_by_the_database(request: HttpRequest) -> HttpResponse:
    Household.objects.update(number=None)
    return HttpResponse()


urlpatterns = [path("falls", falls), path("refused", refused_by_the_database), *real]


@pytest.fixture
def two(committed_cast: Cast, settings: Any) -> tuple[Cast, Client, Client]:
    """A cadre of the own village and one of the far village, with a household in each."""
    settings.ROOT_URLCONF = __name__
    with transaction.atomic():
        committed_cast.household(committed_cast.own, number=OWN)
        committed_cast.household(committed_cast.far, number=FAR)
    browsers = committed_cast.client("cadre"), committed_cast.client("far_cadre")
    for browser in browsers:
        browser.raise_request_exception = False
    return committed_cast, *browsers


def left() -> tuple[Any, ...]:
    """Server process, settings, rows seen, and whether it may write: what the next one on this connection finds."""
    with connection.cursor() as cursor:
        wanted = ", ".join(f"COALESCE(current_setting('{name}', true), '')" for name in SETTINGS)
        cursor.execute(
            f"SELECT pg_backend_pid(), {wanted}, (SELECT count(*) FROM households_household), "
            "current_setting('transaction_read_only')"
        )
        return tuple(cursor.fetchone())


def seen(browser: Client) -> set[str]:
    answer = browser.get("/households/")
    assert answer.status_code == 200
    text = answer.content.decode()
    return {canary for canary in (OWN, FAR) if canary in text}


@pytest.mark.fault(23)
def test_two_people_on_one_connection_see_their_own(two: tuple[Cast, Client, Client]) -> None:
    _, near, far = two
    process = left()[0]
    nothing = (process, *[""] * len(SETTINGS), 0, "off")
    for _ in range(3):
        assert seen(near) == {OWN}
        assert left() == nothing
        assert seen(far) == {FAR}
        assert left() == nothing
        assert Client().get("/households/").status_code == 302
        assert left() == nothing


@pytest.mark.fault(23)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", ["/falls", "/refused", "/households/nothing", "/m/nothing", "/h/nothing"])
def test_nothing_is_left_when_a_page_fails(two: tuple[Cast, Client, Client], address: str, method: str) -> None:
    _, near, far = two
    process = left()[0]
    nothing = (process, *[""] * len(SETTINGS), 0, "off")
    answer = getattr(near, method)(address)
    assert answer.status_code == 500 if address in {"/falls", "/refused"} else answer.status_code in {404, 405}
    assert left() == nothing
    assert seen(far) == {FAR}
    assert left() == nothing


@pytest.mark.fault(23)
def test_nothing_outlives_a_transaction_that_ends_in_the_middle(two: tuple[Cast, Client, Client]) -> None:
    cast, _, _ = two
    near, far = cast.actor("cadre"), cast.actor("far_cadre")

    def numbers() -> list[str]:
        return list(Household.objects.values_list("number", flat=True))

    def fall(actor: Actor, number: str) -> None:
        with transaction.atomic(), acting_as(actor):
            assert numbers() == [number]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fall(near, OWN)
    assert numbers() == []
    with transaction.atomic():
        with acting_as(near):
            assert numbers() == [OWN]
            with pytest.raises(KeyboardInterrupt):
                fall(far, FAR)
            assert numbers() == [OWN]
        assert numbers() == []
    with transaction.atomic():
        assert numbers() == []
