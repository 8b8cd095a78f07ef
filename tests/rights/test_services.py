"""A request from what is asked to the letter: who may do what, when it is due, what is carried out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from minqing.core.errors import Conflict, DomainError, Invalid, NotFound, Refused
from minqing.deadlines.services.passing import reckon_clocks
from minqing.households.models import Resident
from minqing.journal.models import Event
from minqing.matters.models import Reporter
from minqing.org.models import WorkDay
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import ROOMS, correctable
from minqing.rights import queries, rules, services
from minqing.rights.enums import Guardianship, Move, Proof, ProofPlace, RequestKind, State
from minqing.rights.lifecycle import REQUEST
from minqing.rights.models import Request, RequestClock
from minqing.rights.queries import copy_for
from tests.cast import Cast, at
from tests.rights.cases import Asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(cast: Cast) -> Asking:
    return Asking(cast)


@pytest.mark.fault(60)
def test_it_is_to_be_answered_within_fifteen_working_days(asking: Asking) -> None:
    row = asking.ask(at=at("2026-06-01 09:00"))
    with asking.cast.everything():
        clock = RequestClock.objects.get(request=row)
    # the 19th is the Dragon Boat Festival
    assert (row.due_at, clock.target) == (at("2026-06-23 17:30"), "15d")
    assert clock.stopped_at is None


def test_a_working_day_that_is_taken_away_moves_the_day_and_the_journal_says_so(asking: Asking) -> None:
    row = asking.ask(at=at("2026-06-01 09:00"))
    WorkDay.objects.update_or_create(
        date=date(2026, 6, 8), defaults={"working": False, "name": "停工", "source": "operator"}
    )
    reckon_clocks(of=[services.UPKEEP], by=system_actor("test"), at=at("2026-06-02 09:00"))
    with asking.cast.everything():
        row.refresh_from_db()
        assert Event.objects.filter(type="rights.request.reckoned", subject=f"rights:{row.pk}").count() == 1
    assert row.due_at == at("2026-06-24 17:30")


def test_the_same_form_sent_twice_is_one_request(asking: Asking) -> None:
    row = asking.ask()
    by = asking.cast.actor("cadre")
    given = {"area_id": row.area_id, "household_id": row.household_id, "resident_id": row.resident_id}
    with acting_as(by):
        again = services.ask_request(id=row.pk, kind=RequestKind.COPY, name="何桂香", words="想看看", by=by, **given)
        assert again.pk == row.pk
    with asking.cast.everything():
        assert Request.objects.count() == 1


@pytest.mark.parametrize("wrong", ["area", "household", "resident"])
def test_nobody_asks_for_a_household_or_a_person_of_another_place(asking: Asking, wrong: str) -> None:
    """What a form has narrowed is an id all the same, and comes from outside."""
    cast, other = asking.cast, Asking(asking.cast)
    with cast.everything():
        far = cast.resident(cast.household(cast.far), "外村人")
    given: dict[str, Any] = {
        "area": {"area_id": cast.other.pk},
        "household": {"household_id": far.household_id, "resident_id": far.pk},
        "resident": {"resident_id": other.one.pk},
    }[wrong]
    with pytest.raises(NotFound):
        asking.ask(who="clerk", **given)


def test_whoever_is_checked_is_of_the_household_that_asks_whatever_number_stands_on_the_request(asking: Asking) -> None:
    row = asking.ask(resident_id=None, phone="13857500009")
    for one in (Asking(asking.cast).one.pk, asking.cast.resident(asking.cast.household(asking.cast.far), "外村人").pk):
        with pytest.raises(NotFound):
            asking.do("clerk", services.check_identity, row, proof=Proof.IDENTITY_CARD, resident_id=one)


@pytest.mark.fault(60)
def test_a_copy_goes_its_whole_way_and_the_clock_stops(asking: Asking) -> None:
    row = asking.done()
    row = asking.do("cadre", services.answer_request, row)
    assert row.state == State.ANSWERED
    with asking.cast.everything():
        assert RequestClock.objects.get(request=row).stopped_at is not None
        told = list(Event.objects.filter(subject=f"rights:{row.pk}").order_by("seq").values_list("type", flat=True))
    verbs = [one.removeprefix("rights.request.") for one in told]
    assert verbs == ["asked", "checked", "granted", "carried_out", "answered"]


def test_no_word_of_anybody_stands_in_the_journal(asking: Asking) -> None:
    row = asking.do("cadre", services.answer_request, asking.done())
    with asking.cast.everything():
        told = str(list(Event.objects.filter(subject=f"rights:{row.pk}").values_list("data", flat=True)))
    assert "何桂香" not in told
    assert "想看看" not in told
    assert "13857500001" not in told


@pytest.mark.parametrize("kind", sorted(rules.FOUR_EYES))
def test_somebody_else_decides_on_what_cannot_be_brought_back(asking: Asking, kind: RequestKind) -> None:
    row = asking.checked(kind, who="clerk")
    with pytest.raises(Refused) as refused:
        asking.do("clerk", services.decide_request, row, grant=True, reasons="依法办理。")
    assert refused.value.code == "own_check"
    assert asking.do("leader", services.decide_request, row, grant=True, reasons="依法办理。").state == State.GRANTED


@pytest.mark.parametrize("kind", sorted(rules.FOUR_EYES))
def test_the_database_says_so_too(asking: Asking, kind: RequestKind) -> None:
    row = asking.checked(kind, who="clerk")
    with asking.cast.everything(), pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.filter(pk=row.pk).update(decided_by=row.checked_by)


def test_what_can_be_brought_back_the_same_clerk_may_check_and_decide(asking: Asking) -> None:
    row = asking.checked(RequestKind.EXPLAIN, who="clerk")
    assert asking.do("clerk", services.decide_request, row, grant=False, reasons="不是本人。").state == State.REFUSED


def test_a_guardian_shows_both_documents(asking: Asking) -> None:
    row = asking.ask(guardian="何大明", guardianship=Guardianship.PARENT)
    given = {"proof": Proof.HOUSEHOLD_BOOK, "resident_id": asking.one.pk}
    with pytest.raises(Invalid) as refused:
        asking.do("cadre", services.check_identity, row, **given)
    assert refused.value.code == "guardianship"
    assert asking.do("cadre", services.check_identity, row, guardianship_shown=True, **given).state == State.CHECKED


def test_a_name_alone_finds_nobody(asking: Asking) -> None:
    row = asking.ask(resident_id=None, phone="")
    with pytest.raises(Invalid) as refused:
        asking.do("cadre", services.check_identity, row, proof=Proof.OTHER)
    assert refused.value.code == "nobody"


def test_a_number_finds_nothing_until_its_holder_has_answered_at_it(asking: Asking) -> None:
    """Anybody may write down a neighbour's number, under which the neighbour reported without a name."""
    matter = asking.cast.matter(title="CANARY-举报")
    with asking.cast.everything():
        Reporter.objects.create(matter=matter, name="", phone="13857500077")
    told = {}
    for answered in (False, True):
        row = asking.ask(phone="13857500077")
        given = {"proof": Proof.IDENTITY_CARD, "resident_id": asking.one.pk, "phone_shown": answered}
        checked = asking.do("cadre", services.check_identity, row, **given)
        told[answered] = str(copy_for(checked))
    assert "CANARY" not in told[False]
    assert "CANARY" in told[True]
    row = asking.ask(resident_id=None, name="外地人", phone="13857500077")
    with pytest.raises(Invalid) as refused:
        asking.do("cadre", services.check_identity, row, proof=Proof.OTHER)
    assert refused.value.code == "nobody"


def test_a_number_that_stands_in_the_file_is_proven_by_a_call_too(asking: Asking) -> None:
    """A correction puts any number into the file, a neighbour's as well."""
    matter = asking.cast.matter(title="CANARY-举报")
    with asking.cast.everything():
        Reporter.objects.create(matter=matter, name="", phone="13857500077")
    asking.done(RequestKind.CORRECT, values={"phone": "13857500077"})
    told = {}
    for answered in (False, True):
        given = {"proof": Proof.IDENTITY_CARD, "resident_id": asking.one.pk, "phone_shown": answered}
        row = asking.do("cadre", services.check_identity, asking.ask(), **given)
        told[answered] = (row.phone, "CANARY" in str(copy_for(row)))
    assert told == {False: ("", False), True: ("13857500077", True)}
    other = asking.do("cadre", services.check_identity, asking.ask(phone="13857500088"), **given)
    assert "CANARY" not in str(copy_for(other))


def test_a_decision_has_reasons(asking: Asking) -> None:
    with pytest.raises(Invalid):
        asking.do("clerk", services.decide_request, asking.checked(), grant=True, reasons=" ")


@pytest.mark.fault(60)
def test_a_correction_reaches_the_file(asking: Asking) -> None:
    asking.done(RequestKind.CORRECT, values={"phone": "13857509999"})
    with asking.cast.everything():
        assert Resident.objects.get(pk=asking.one.pk).phone == "13857509999"


def test_whoever_corrects_says_what_is_right(asking: Asking) -> None:
    with pytest.raises(Invalid) as refused:
        asking.ask(RequestKind.CORRECT, values={"phone": " "})
    assert refused.value.code == "nothing_to_correct"


@pytest.mark.parametrize("day", ["1962年3月8日", "1962/3/8", "１９６２．３．８", "19620308"])
def test_a_birthday_is_taken_as_it_is_written_here(asking: Asking, day: str) -> None:
    assert asking.done(RequestKind.CORRECT, values={"born_on": day}).state == "done"
    with asking.cast.everything():
        assert str(Resident.objects.get(pk=asking.one.pk).born_on) == "1962-03-08"


def test_every_field_that_can_be_corrected_is_checked_when_it_is_asked() -> None:
    assert {name for held in ROOMS for name in held.checks} >= {*correctable()}


@pytest.mark.parametrize(("name", "text"), [("phone", "12"), ("born_on", "三月"), ("identity_number", "330683")])
def test_what_no_file_could_take_is_refused_when_it_is_asked(asking: Asking, name: str, text: str) -> None:
    """Granted, it could never be carried out."""
    with pytest.raises(Invalid):
        asking.ask(RequestKind.CORRECT, values={name: text})


@pytest.mark.parametrize("kind", [RequestKind.OBJECT, RequestKind.WITHDRAW])
def test_after_an_objection_nothing_is_told_to_the_public(asking: Asking, kind: RequestKind) -> None:
    matter = asking.cast.matter(household=asking.home, state="confirmed", lead_unit=asking.cast.office,
                                finished_at=at("2026-06-01 09:00"))  # fmt: skip
    asking.done(kind)
    with asking.cast.everything():
        matter.refresh_from_db()
    assert matter.objection


@pytest.mark.fault(60)
def test_of_a_deletion_nothing_is_left_but_that_there_was_one(asking: Asking) -> None:
    row = asking.done(RequestKind.DELETE)
    with asking.cast.everything():
        assert not Resident.objects.filter(pk=asking.one.pk).exists()
    row = asking.do("cadre", services.answer_request, row)
    with asking.cast.everything():
        left = Request.objects.get(pk=row.pk)
    assert [left.name, left.phone, left.words, left.reasons, left.guardian] == [""] * 5
    assert (left.ticket, left.resident_id, left.household_id, left.phone_index) == (None,) * 4
    assert (left.kind, left.granted, left.decided_by_id is not None) == ("delete", True, True)


def test_a_deletion_waits_for_what_is_still_being_handled_and_stays_granted(asking: Asking) -> None:
    row = asking.granted(RequestKind.DELETE)
    asking.cast.matter(household=asking.home)
    with pytest.raises(Conflict) as refused, transaction.atomic():
        asking.do("clerk", services.carry_out_request, row)
    assert refused.value.code == "still_busy"
    with asking.cast.everything():
        assert Request.objects.get(pk=row.pk).state == State.GRANTED
        assert Resident.objects.filter(pk=asking.one.pk).exists()


@pytest.mark.fault(60)
def test_an_earlier_request_of_the_person_goes_with_everything_else(asking: Asking) -> None:
    first = asking.do("cadre", services.answer_request, asking.done(RequestKind.EXPLAIN))
    asking.do("cadre", services.answer_request, asking.done(RequestKind.DELETE))
    with asking.cast.everything():
        left = Request.objects.get(pk=first.pk)
    assert (left.name, left.words, left.reasons, left.ticket) == ("", "", "", None)


ALL = [
    (move, state, kind, place, took, checked)
    for move in Move
    for state in State
    for kind in (RequestKind.COPY, RequestKind.DELETE)
    for place in ProofPlace
    for took in (True, False)
    for checked in (True, False)
    if move is not Move.ASK
]


def test_the_four_faces_of_the_rule_agree(asking: Asking) -> None:
    """The refusal, the boolean, what is seen, and what the page offers."""
    cast, row = asking.cast, asking.ask()
    for role in ("cadre", "village_secretary", "clerk", "far_clerk", "leader", "analyst", "handler"):
        actor = cast.actor(role)
        for move, state, kind, place, took, checked in ALL:
            values: dict[str, Any] = {
                "state": state, "kind": kind, "prove_at": place, "taken_by_id": actor.id if took else None,
                "checked_by_id": actor.id if checked else None, "decided_by_id": None,
            }  # fmt: skip
            for name, value in values.items():
                setattr(row, name, value)
            one = row.situation
            decision = rules.may(move, actor, one)
            assert (move in rules.moves_for(actor, one)) is bool(decision)
            assert not decision or actor.has(*rules.MAKES[move])
            assert bool(rules.may_see(actor, one)) or not decision
            if not decision:
                with pytest.raises(DomainError):
                    decision.require()
            assert not decision or REQUEST.target(state, move) is not None


@pytest.mark.parametrize("place", list(ProofPlace))
@pytest.mark.parametrize("role", ["cadre", "village_secretary", "clerk", "far_clerk", "leader", "analyst", "handler"])
def test_what_is_listed_is_what_may_be_seen(asking: Asking, role: str, place: ProofPlace) -> None:
    row = asking.ask(who="cadre", prove_at=place)
    actor = asking.cast.actor(role)
    with acting_as(actor):
        listed = queries.visible_requests(actor).filter(pk=row.pk).exists()
    assert listed is bool(rules.may_see(actor, row.situation))
