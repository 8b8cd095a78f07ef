"""News that travels upwards, from the write to the one who listens."""

from __future__ import annotations

from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.households.services import save_household
from minqing.journal.models import Event
from minqing.journal.subscriptions import deliver_all
from minqing.matters.queries.opened import Wanted, published
from minqing.matters.services import reopen_matter
from minqing.org.enums import Role
from minqing.privacy.access import acting_as
from minqing.visits.models import DiaryEntry, Visit
from minqing.visits.queries import visible_visits
from tests.cast import Cast, person
from tests.matters.test_publication import shown, solved


def seen_by(cast: Cast, role: str) -> int:
    actor = cast.actor(role)
    with transaction.atomic(), acting_as(actor):
        return visible_visits(actor).count()


def test_visits_and_diaries_go_with_a_household_that_moves(committed_cast: Cast) -> None:
    cast, now = committed_cast, clock.now()
    with transaction.atomic():
        home = cast.household(number="H7")
        with cast.everything():
            visit = Visit.objects.create(
                household=home, area=cast.own, account=cast.account("cadre"), visited_at=now, recorded_at=now
            )
            DiaryEntry.objects.create(visit=visit, area=cast.own, text="说了家里的事")
    assert (seen_by(cast, "cadre"), seen_by(cast, "other_cadre")) == (1, 0)
    clerk = cast.actor("clerk")
    with transaction.atomic(), acting_as(clerk):
        save_household(number="H7", area_id=cast.other.id, by=clerk)
    deliver_all()
    assert (seen_by(cast, "cadre"), seen_by(cast, "other_cadre")) == (0, 1)
    deliver_all()
    with transaction.atomic(), cast.everything():
        assert DiaryEntry.objects.get().area == cast.other
        assert Event.objects.filter(type="visits.household.followed").count() == 1


def test_what_is_opened_again_leaves_the_public_page(committed_cast: Cast) -> None:
    cast = committed_cast
    with transaction.atomic():
        person(cast, "second_clerk", Role.CLERK, cast.office, cast.town, "何敏")
        matter = solved(cast)
        shown(cast, matter)
    assert published(Wanted()).count() == 1
    cadre = cast.actor("cadre")
    with transaction.atomic(), acting_as(cadre):
        reopen_matter(id=new_id(), matter=matter, reason="又不亮了", by=cadre)
    deliver_all()
    assert published(Wanted()).count() == 0
    deliver_all()
    assert Event.objects.filter(type="matters.publication.withdrawn").count() == 1
