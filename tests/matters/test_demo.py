"""What goes on with some made-up matters keeps to the rules, whoever happens to hold which post."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.demo.services import actors
from minqing.matters import services
from minqing.matters.demo.scenarios import Case, Scenarios
from minqing.matters.models import Extension
from minqing.privacy.access import acting_as
from tests.cast import Cast

STAFF: Any = SimpleNamespace(units=(), person=actors.person, of_unit=actors.of_unit, clerk_over=actors.clerk_over)


@pytest.mark.django_db
def test_a_clerk_who_handles_a_matter_does_not_grant_the_own_request(cast: Cast) -> None:
    clerk, now = cast.actor("clerk"), clock.now()
    both = Actor(id=clerk.id, kind="user", name=clerk.name, roles=clerk.roles, areas=clerk.areas,
                 units=frozenset({cast.office.id}))  # fmt: skip
    for handler, granted in ((both, None), (cast.actor("handler"), True)):
        matter = cast.matter()
        with acting_as(clerk):
            unit = cast.office if handler is both else cast.bureau
            services.assign_matter(id=new_id(), matter=matter, unit=unit.id, due_days=20, by=clerk)
        with acting_as(handler):
            services.accept_matter(id=new_id(), matter=matter, by=handler)
        past: Any = SimpleNamespace(id=matter.pk, steps=[SimpleNamespace(at=now)])
        Scenarios(now, STAFF).granted(Case(past, unit.id, clerk, handler, now + timedelta(hours=1)))
        with cast.everything():
            assert Extension.objects.get(matter=matter).granted is granted
