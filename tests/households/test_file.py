"""A household's file: what each post sees of it, and who looked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.hazards.services import Seen
from minqing.journal.models import Event
from minqing.matters.enums import State
from minqing.org.enums import FIELD, Role
from minqing.privacy.access import acting_as
from minqing.visits.services import assign_household, record_visit
from tests.cast import Cast


def furnish(cast: Cast, house: object, times: int = 1) -> None:
    """Members, visits with hazards, matters and care for a household."""
    cadre, clerk = cast.actor("cadre"), cast.actor("clerk")
    for number in range(times):
        cast.resident(house, name=f"张桂芬{number}", phone="13812345678")  # type: ignore[arg-type]
        cast.matter(cast.own, household=house, title=f"屋顶漏雨{number}", state=State.RECEIVED)
        with acting_as(cadre):
            record_visit(
                id=new_id(), household=house, visited_at=clock.now(), met="at_home",
                met_people="户主", text=f"说了很多{number}",
                hazards=[Seen(id=new_id(), words=f"灶台{number}")], by=cadre,
            )  # type: ignore[arg-type] # fmt: skip
    with acting_as(clerk):
        assign_household(household=house, account_id=cast.account("cadre").pk, every_days=30, by=clerk)  # type: ignore[arg-type]


def test_the_file_shows_people_visits_matters_hazards_and_care(cast: Cast) -> None:
    house = cast.household()
    furnish(cast, house)
    cast.matter(cast.own, household=house, title="早已办结", state=State.WITHDRAWN)
    answer = cast.client("cadre").get(f"/households/{house.pk}/")
    text = answer.content.decode()
    for words in ("张桂芬0", "说了很多0", "屋顶漏雨0", "灶台0", "王建国", "溪边路3号"):
        assert words in text, words
    assert "早已办结" not in text
    assert "13812345678" not in text


@pytest.mark.fault(19)
@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_work_in_the_place_open_the_file(cast: Cast, role: Role) -> None:
    own, far = cast.household(note="CANARY-FILE"), cast.household(cast.far, note="CANARY-FILE")
    client = cast.client(role.value)
    answer = client.get(f"/households/{own.pk}/")
    assert answer.status_code == (200 if role in FIELD else 403)
    for address in (f"/households/{far.pk}/", f"/households/{new_id()}/"):
        answer = client.get(address)
        assert answer.status_code == (404 if role in FIELD else 403)
        assert b"CANARY-FILE" not in answer.content


@pytest.mark.fault(25)
def test_every_look_is_journalled_and_the_secretary_can_say_who_looked(cast: Cast) -> None:
    house = cast.household()
    address = f"/households/{house.pk}/"
    for _ in range(2):
        cast.client("cadre").get(address)
    looks = Event.objects.filter(type="households.household.viewed", subject=f"household:{house.pk}")
    assert looks.count() == 2
    viewers = cast.client("village_secretary").get(address).context["viewers"]
    assert [(one.name, one.times) for one in viewers] == [("王建国", 2)]
    assert cast.client("cadre").get(address).context["viewers"] is None
    elsewhere = cast.household()
    assert cast.client("village_secretary").get(f"/households/{elsewhere.pk}/").context["viewers"] == []


def test_a_light_says_when_the_household_is_overdue(cast: Cast) -> None:
    clerk, house = cast.actor("clerk"), cast.household()
    with acting_as(clerk):
        assign_household(household=house, account_id=cast.account("cadre").pk, every_days=30, by=clerk,
                         at=clock.now() - timedelta(days=40))  # fmt: skip
    assert "due-late" in cast.client("cadre").get(f"/households/{house.pk}/").content.decode()


@pytest.mark.parametrize(("role", "count"), [("cadre", 26), ("clerk", 28)])
def test_the_file_asks_the_same_number_of_queries_for_one_row_and_three(cast: Cast, role: str, count: int) -> None:
    client = cast.client(role)
    for times in (1, 3):
        house = cast.household()
        furnish(cast, house, times)
        client.get(f"/households/{house.pk}/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/households/{house.pk}/").status_code == 200
        # five of them are the test's savepoints and the look that is journalled after the answer
        assert len(asked) == count, "\n".join(one["sql"][:120] for one in asked)
