"""Who does not agree with a refusal says so once; somebody else looks again until a promised day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from minqing.core import clock
from minqing.core.errors import Conflict, DomainError, Invalid, Refused
from minqing.deadlines import services as deadlines
from minqing.deadlines.enums import Rung
from minqing.earning import rules, services
from minqing.earning.enums import Confirmer, Move, State
from minqing.earning.models import Claim, ClaimClock
from minqing.earning.queries import TICKETS
from minqing.earning.services.appeals import UPKEEP
from minqing.earning.subjects import find
from minqing.journal.models import Event
from minqing.org.queries import system_actor
from minqing.privacy.subjects import Person
from tests.cast import Cast, at
from tests.earning.cases import MANY, WHY, Earning

pytestmark = pytest.mark.django_db
SEEN = "我当天在值班，值班表写错了名字。"


@pytest.fixture
def case(cast: Cast) -> Earning:
    return Earning(cast)


def refused(case: Earning, **values: Any) -> Claim:
    return case.do("clerk", services.refuse_claim, case.send(**values), reasons=WHY)


def appealed(case: Earning) -> Claim:
    return case.do("cadre", services.appeal_claim, refused(case), words=SEEN)


def test_a_clock_runs_from_the_objection_and_somebody_else_gives_the_points(case: Earning) -> None:
    row = appealed(case)
    assert row.state == State.APPEALED
    assert row.due_at is not None
    assert row.due_at > clock.now() + timedelta(days=9)
    with pytest.raises(Refused, match="had_it_before"):
        case.do("clerk", services.grant_appeal, row, resident_id=case.one.pk)
    with pytest.raises(Refused, match="not_your_post"):
        case.do("cadre", services.grant_appeal, row, resident_id=case.one.pk)
    done = case.do("village_secretary", services.grant_appeal, row, resident_id=case.one.pk)
    assert (done.state, case.balance()) == (State.AWARDED, 10)
    with case.cast.everything():
        assert ClaimClock.objects.get(claim=row).stopped_at is not None
        types = Event.objects.filter(subject=f"claim:{row.pk}").order_by("seq").values_list("type", flat=True)
        assert list(types)[-2:] == ["earning.claim.appealed", "earning.claim.granted"]


@pytest.mark.parametrize("values", [{"code": "fraud_stopped"}, {"code": MANY}])
def test_what_the_township_or_two_people_give_the_clerk_alone_grants(case: Earning, values: dict[str, Any]) -> None:
    row = case.do("clerk", services.refuse_claim, case.send(**values), reasons=WHY)
    row = case.do("cadre", services.appeal_claim, row, words=SEEN)
    with pytest.raises(Refused, match="clerk_grants"):
        case.do("village_secretary", services.grant_appeal, row, resident_id=case.one.pk)
    page = case.cast.client("village_secretary").get(reverse("earning:detail", args=[row.pk]))
    assert [one.verb for one in page.context["offers"]] == ["uphold"]
    assert "由镇街专职人员" in page.content.decode()
    other = replace(row.situation, refused_by=None)
    assert rules.may(Move.GRANT, case.cast.actor("clerk"), other)
    assert rules.may(Move.GRANT, case.cast.actor("village_secretary"), replace(other, confirmer=Confirmer.VILLAGE,
                     vouched_by=case.cast.actor("cadre").id))  # fmt: skip


def test_who_wrote_the_objection_down_does_not_decide_on_it(case: Earning) -> None:
    row = case.do("village_secretary", services.appeal_claim, refused(case), words=SEEN)
    with pytest.raises(Refused, match="had_it_before"):
        case.do("village_secretary", services.grant_appeal, row, resident_id=case.one.pk)
    with pytest.raises(Refused, match="had_it_before"):
        case.do("village_secretary", services.uphold_refusal, row, reasons=WHY)
    secretary = case.cast.client("village_secretary")
    detail = reverse("earning:detail", args=[row.pk])
    assert detail not in secretary.get(reverse("earning:list"), {"queue": "turn"}).content.decode()
    assert row.appealed_by_id == case.cast.actor("village_secretary").id
    with case.cast.everything(), pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=row.pk).update(state=State.UPHELD.value, decided_by=row.appealed_by_id)


def test_it_stays_at_no_with_reasons_and_nobody_objects_twice(case: Earning) -> None:
    row = appealed(case)
    with pytest.raises(Invalid):
        case.do("village_secretary", services.uphold_refusal, row, reasons=" ")
    done = case.do("village_secretary", services.uphold_refusal, row, reasons="值班表上没有这个名字。")
    assert (done.state, case.balance()) == (State.UPHELD, 0)
    with pytest.raises(DomainError):
        case.do("cadre", services.appeal_claim, done, words=SEEN)


def test_it_is_said_in_time_and_in_words(case: Earning) -> None:
    row = refused(case)
    with pytest.raises(Invalid):
        case.do("cadre", services.appeal_claim, row, words="")
    with pytest.raises(Conflict, match="too_late"):
        case.do("cadre", services.appeal_claim, row, words=SEEN, at=clock.now() + timedelta(days=30))
    with pytest.raises(DomainError):
        case.do("cadre", services.appeal_claim, case.send(happened_on=clock.today() - timedelta(days=1)), words=SEEN)


def test_who_follows_the_claim_says_it_on_that_page(case: Earning) -> None:
    row = case.do("clerk", services.refuse_claim, case.at_door(), reasons=WHY)
    there = reverse("earning:follow", args=[TICKETS.ticket_of(row.pk)])
    page = Client().get(there)
    sent = {"words": SEEN, "seen": page.context["form"].token}
    own = reverse("earning:own_appeal", args=[TICKETS.ticket_of(row.pk)])
    assert Client().post(own, sent | {"words": ""}).status_code == 422
    sent["request_id"] = str(page.context["form"]["request_id"].value())
    # who lost the answer and sends once more reads what stands there now
    assert [Client().post(own, sent).headers["Location"] for _time in range(2)] == [there, there]
    assert Client().post(own, sent | {"words": WHY}).status_code == 409
    told = Client().get(there).content.decode()
    assert SEEN in told
    assert "复核中" in told
    assert Client().post(reverse("earning:own_appeal", args=["nobody"]), sent).status_code == 404


def test_it_waits_for_those_who_may_decide_and_they_see_until_when(case: Earning) -> None:
    row = appealed(case)
    cast = case.cast
    detail = reverse("earning:detail", args=[row.pk])
    secretary, clerk = cast.client("village_secretary"), cast.client("clerk")
    page = secretary.get(detail)
    assert [one.verb for one in page.context["offers"]] == ["grant", "uphold"]
    assert SEEN in page.content.decode()
    assert "您经手过" in clerk.get(detail).content.decode()
    list_page = secretary.get(reverse("earning:list"), {"queue": "turn"}).content.decode()
    assert detail in list_page
    assert detail not in clerk.get(reverse("earning:list"), {"queue": "turn"}).content.decode()
    form = page.context["offers"][0].form
    sent = {"resident": str(case.one.pk), "seen": form.token}
    assert secretary.post(reverse("earning:grant", args=[row.pk]), sent).status_code == 302
    assert case.balance() == 10


def test_a_leader_to_whom_it_is_carried_up_sees_where_it_hangs_and_not_whose_it_is(case: Earning) -> None:
    other, row = case.send(happened_on=clock.today() - timedelta(days=1)), appealed(case)
    leader = case.cast.client("leader")
    page = leader.get(reverse("earning:detail", args=[row.pk]))
    told = page.content.decode()
    assert (page.status_code, page.context["offers"]) == (200, [])
    assert row.number in told
    assert "异议由村书记或镇街专职人员来定" in told
    with case.cast.everything():
        home = case.home.address
    hidden = (case.one.name, SEEN, WHY, row.witness, home, f'href="{reverse("earning:list")}"')
    assert [one for one in hidden if one in told] == []
    assert leader.get(reverse("earning:detail", args=[other.pk])).status_code == 404
    assert case.cast.client("analyst").get(reverse("earning:detail", args=[row.pk])).status_code == 403


def test_one_that_is_late_is_red_in_the_list_and_stands_among_what_is_late(case: Earning) -> None:
    row, cast = appealed(case), case.cast
    with cast.everything():
        Claim.objects.update(appealed_at=at("2026-06-01 09:00"), due_at=at("2026-06-15 17:30"))
    secretary, detail = cast.client("village_secretary"), reverse("earning:detail", args=[row.pk])
    assert "due-late" in secretary.get(reverse("earning:list")).content.decode()
    desk = secretary.get(reverse("desk:today")).content.decode()
    late, _, rest = desk.partition("已经迟了")[2].partition("这几天")
    assert (detail in late, detail in rest) == (True, False)


def test_a_file_with_an_open_objection_is_not_erased(case: Earning) -> None:
    appealed(case)
    with case.cast.everything():
        person = Person(name=case.one.name, resident=case.one.pk, household=case.home.pk, alone=True, cause="rights:1")
        assert find(person).busy
        home, merged = frozenset({case.home.pk}), frozenset({case.one.pk})
        for ended in ({"merged": merged}, {"left": home, "lone": home}):
            assert find(Person(name=case.one.name, cause="rights:1", **ended)).busy == find(person).busy


def test_who_may_decide_is_reminded_once_and_what_is_late_climbs(cast: Cast) -> None:
    deadlines.load_norms(by=system_actor("test"))
    case, then = Earning(cast), at("2026-06-01 09:00")
    row = case.send(happened_on=then.date(), at=then)
    row = case.do("clerk", services.refuse_claim, row, reasons=WHY, at=then)
    row = case.do("cadre", services.appeal_claim, row, words=SEEN, at=then)
    assert row.due_at == at("2026-06-15 17:30")
    days = [passes(case, f"2026-06-{day} 08:00") for day in ("05", "11", "15", "16", "24", "30")]
    assert [bool(one.reminded_at) for one in days] == [False, False, True, True, True, True]
    assert [one.rung for one in days[2:]] == [Rung.OFFICER, Rung.TOWNSHIP, Rung.CITY, Rung.CITY]
    with cast.everything():
        events = Event.objects.filter(type__in=["earning.claim.nearing", "earning.claim.escalated"])
        assert list(events.order_by("seq").values_list("data__rung", flat=True)) == [None, "township", "city"]


def passes(case: Earning, morning: str) -> Claim:
    """The jobs of that morning; the one claim there is."""
    jobs: dict[str, Any] = {"of": [UPKEEP], "by": system_actor("test"), "at": at(morning)}
    deadlines.remind_due(**jobs)
    deadlines.escalate_due(**jobs)
    with case.cast.everything():
        return Claim.objects.get()
