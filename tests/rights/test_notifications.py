"""Who hears of requests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from minqing.core import clock
from minqing.deadlines import services as deadlines
from minqing.journal.models import Event
from minqing.notify.models import Notice, Outgoing
from minqing.notify.queries import job
from minqing.org.models import Post
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.rights import services
from minqing.rights.enums import ProofPlace, RequestKind
from minqing.rights.notifications import KINDS, TELLS, notify_of
from tests.cast import Cast
from tests.rights.cases import Asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(cast: Cast) -> Asking:
    return Asking(cast)


def hear(asking: Asking, word: str) -> dict[str, set[str]]:
    """Deliver the newest event of that word, twice; the kinds of notices by role."""
    with asking.cast.everything():
        event = Event.objects.filter(type=f"rights.request.{word}").order_by("-seq").first()
    assert event is not None
    notify_of(event)
    notify_of(event)
    names = {account.pk: role for role, account in asking.cast.people.items()}
    heard: dict[str, set[str]] = {}
    with acting_as(job()):
        for notice in Notice.objects.filter(subject=event.subject, kind=TELLS[event.type][0]):
            heard.setdefault(names[notice.account], set()).add(notice.kind)
        assert "何桂香" not in str([*Notice.objects.values(), *Outgoing.objects.values()])
    return heard


def test_the_clerk_hears_that_one_came_in_and_the_village_whom_it_is_to_visit(asking: Asking) -> None:
    asking.ask(who="clerk")
    assert hear(asking, "asked") == {}
    asking.ask(who="cadre")
    assert hear(asking, "asked") == {"clerk": {"rights.asked"}}
    asking.ask(who="clerk", prove_at=ProofPlace.HOME)
    assert hear(asking, "asked") == {"cadre": {"rights.asked"}, "village_secretary": {"rights.asked"}}


def test_whoever_checked_is_not_asked_to_decide_where_somebody_else_has_to(asking: Asking) -> None:
    asking.checked(RequestKind.DELETE)
    assert hear(asking, "checked") == {role: {"rights.to_decide"} for role in ("clerk", "leader")}
    asking.checked(RequestKind.EXPLAIN, who="clerk")
    assert hear(asking, "checked") == {"leader": {"rights.to_decide"}}
    asking.granted(RequestKind.DELETE)
    assert hear(asking, "granted") == {}


def test_a_letter_to_be_handed_over_at_home_is_told_to_the_village(asking: Asking) -> None:
    asking.done(prove_at=ProofPlace.HOME)
    assert hear(asking, "carried_out") == {role: {"rights.to_hand_over"} for role in ("cadre", "village_secretary")}


def test_whoever_took_it_in_and_has_left_hears_nothing_and_the_clerk_has_it(asking: Asking) -> None:
    asking.done(who="cadre")
    assert hear(asking, "carried_out").keys() >= {"cadre"}
    asking.done(who="cadre")
    with asking.cast.everything():
        Post.objects.filter(account=asking.cast.account("cadre")).update(area=asking.cast.far)
    # whoever carried it out knows, and hands it over
    assert hear(asking, "carried_out") == {}


def test_what_has_gone_on_since_is_told_to_nobody(asking: Asking) -> None:
    asking.checked(RequestKind.COPY)
    assert hear(asking, "asked") == {}


def test_what_is_nearly_due_is_told_to_who_has_it_and_what_is_late_to_who_stands_above(asking: Asking) -> None:
    row = asking.ask(who="clerk", at=clock.now() - timedelta(days=60))
    jobs: dict[str, Any] = {"of": [services.UPKEEP], "by": system_actor("test")}
    with asking.cast.everything():
        services.remind(row, by=system_actor("test"), at=clock.now())
    assert hear(asking, "nearing") == {"clerk": {"rights.nearing"}}
    deadlines.escalate_due(**jobs)
    heard = hear(asking, "escalated")
    assert heard["leader"] == {"rights.overdue"}
    assert "cadre" not in heard


def test_every_notice_is_sent_for_something() -> None:
    assert {kind.code for kind in KINDS} == {code for code, _whom in TELLS.values()}
