"""Who is told on each rung of what no unit has yet, wherever it lies."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.deadlines.queries import who_stands
from minqing.journal.subscriptions import deliver_all
from minqing.matters import services
from minqing.matters.enums import Channel
from minqing.matters.models import Matter
from minqing.org.models import Area
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.matters.lives import Life
from tests.matters.test_carrying_up import UPWARD, climb, names, staffed
from tests.matters.test_notifications import told

pytestmark = pytest.mark.fault(92)


def waiting(area: Area, *, when: datetime) -> Matter:
    with acting_as(by := system_actor("test")):
        return services.report_matter(
            id=new_id(), title="路灯不亮", text="路灯坏了。", area_id=area.pk, channel=Channel.MESSAGE, by=by, at=when
        )


# where the matter lies → who hears at each rung
HEARS = {
    "own": [{"clerk", "town_leader"}, {"centre"}, {"leader"}],
    "town": [{"clerk", "town_leader"}, {"centre"}, {"leader"}],
    # a township without a leader of its own
    "far": [{"far_clerk"}, {"centre"}, {"leader"}],
    # the county's own desk has none above it
    "city": [{"centre"}, {"leader"}, {"leader"}],
}


@pytest.mark.parametrize("place", HEARS)
def test_each_rung_hears_in_its_turn(committed_cast: Cast, place: str) -> None:
    with transaction.atomic():
        cast = staffed(committed_cast)
        matter = waiting(getattr(cast, place), when=clock.now() - timedelta(days=30))
    by = system_actor("test")
    for rung, heard in zip(UPWARD, HEARS[place], strict=True):
        deliver_all()
        before = told()
        with transaction.atomic(), acting_as(by):
            services.escalate_matter(id=new_id(), matter=Matter.objects.get(pk=matter.pk), by=by)
        with transaction.atomic():
            assert names(cast, who_stands(rung, area_id=matter.area_id, unit_id=None, waiting=True)) == heard
        deliver_all()
        new = set(told()) - set(before)
        # of several about the same, whoever has not looked yet has one
        assert new <= {("matters.unassigned", one) for one in heard}
        assert {one for kind, one in told() if kind == "matters.unassigned"} >= heard


def test_nobody_is_told_of_one_that_was_given_to_a_unit_meanwhile(committed_cast: Cast) -> None:
    with transaction.atomic():
        cast = staffed(committed_cast)
        matter = waiting(cast.own, when=clock.now() - timedelta(days=30))
    deliver_all()
    before = told()
    climb(clock.now())
    with transaction.atomic():
        Life(cast).do("clerk", "assign_matter", matter, unit=cast.bureau.pk)
    deliver_all()
    assert {kind for kind, _who in set(told()) - set(before)} == {"matters.assigned"}
