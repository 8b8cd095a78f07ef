"""Of what is given by itself a share is drawn by lot each day, and a person looks at it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.core.errors import Refused
from minqing.core.ids import new_id
from minqing.earning import services
from minqing.earning.enums import State, Way
from minqing.earning.models import Claim
from minqing.earning.queries import current_version
from minqing.earning.rules import drawn_of
from minqing.earning.tasks import earning_draw
from minqing.journal.models import Event
from minqing.org.queries import system_actor
from tests.cast import Cast
from tests.earning.cases import Earning

pytestmark = pytest.mark.django_db


def given(cast: Cast, many: int, code: str = "report_true", way: Way = Way.ITSELF, at: datetime | None = None) -> None:
    home, then = cast.household(), at or clock.now()
    with cast.everything():
        Claim.objects.bulk_create(
            Claim(
                number=new_id().hex[-12:],
                version=current_version(code),
                area=cast.own,
                household=home,
                way=way,
                happened_on=clock.today(),
                received_at=then,
                changed_at=then,
                decided_at=then,
                state=State.AWARDED,
            )
            for _one in range(many)
        )


def drawn(cast: Cast) -> list[Claim]:
    with cast.everything():
        return list(Claim.objects.filter(drawn_at__isnull=False).select_related("version"))


@pytest.mark.parametrize(("given", "drawn"), [(0, 0), (1, 1), (9, 1), (26, 3), (200, 20)])
def test_a_tenth_and_at_least_one_is_drawn(given: int, drawn: int) -> None:
    assert drawn_of(given) == drawn


def test_of_each_function_some_are_drawn_once_a_day_and_of_what_people_confirmed_none(cast: Cast) -> None:
    given(cast, 25)
    given(cast, 2, "suggestion_adopted")
    given(cast, 30, way=Way.DOOR)
    by, today = system_actor("earning.draw"), clock.today()
    assert services.draw_sample(day=today - timedelta(days=1), by=by) == 0
    assert services.draw_sample(day=today, by=by) == 3
    assert services.draw_sample(day=today, by=by) == 0
    assert sorted(one.version.function_id for one in drawn(cast)) == ["report_true"] * 2 + ["suggestion_adopted"]
    assert {one.way for one in drawn(cast)} == {Way.ITSELF}
    with cast.everything():
        assert Event.objects.get(type="earning.sample.drawn").data == {"given": 27, "drawn": 3}


def test_a_night_that_was_missed_is_made_up_for_within_a_week(cast: Cast) -> None:
    for days, code in ((8, "report_true"), (7, "report_true"), (3, "suggestion_adopted"), (0, "report_true")):
        given(cast, 2, code, at=clock.now() - timedelta(days=days))
    assert earning_draw(0) == 2
    assert sorted(one.version.function_id for one in drawn(cast)) == ["report_true", "suggestion_adopted"]
    assert earning_draw(0) == 0


def test_no_more_is_drawn_of_a_day_once_what_was_drawn_is_taken_back(cast: Cast) -> None:
    given(cast, 2)
    by, today = system_actor("earning.draw"), clock.today()
    assert services.draw_sample(day=today, by=by) == 1
    with cast.everything():
        Claim.objects.filter(drawn_at__isnull=False).update(state=State.CORRECTED)
    assert services.draw_sample(day=today, by=by) == 0


def test_what_was_drawn_waits_for_the_secretary_and_is_looked_at_once(cast: Cast) -> None:
    given(cast, 1)
    services.draw_sample(day=clock.today(), by=system_actor("earning.draw"))
    (row,) = drawn(cast)
    case, secretary = Earning(cast), cast.client("village_secretary")
    with pytest.raises(Refused, match="not_your_post"):
        case.do("cadre", services.pass_claim, row)
    detail = reverse("earning:detail", args=[row.pk])
    assert detail in secretary.get(reverse("earning:list"), {"queue": "drawn"}).content.decode()
    seen = secretary.get(detail).context["offers"][0].form.token
    assert secretary.post(reverse("earning:pass", args=[row.pk]), {"seen": seen}).status_code == 302
    assert detail not in secretary.get(reverse("earning:list"), {"queue": "drawn"}).content.decode()
    with pytest.raises(Refused, match="wrong_state"):
        case.do("clerk", services.pass_claim, row)
