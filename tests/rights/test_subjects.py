"""What requests hold of a person: theirs, whoever shares the number, and whoever asks in their name."""

from __future__ import annotations

import pytest

from minqing.core import clock
from minqing.journal.models import Event
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import Person
from minqing.privacy.withholding import is_withheld
from minqing.rights import queries, services, subjects
from minqing.rights.enums import Guardianship, Proof, RequestKind, State
from minqing.rights.models import Request, RequestClock
from tests.cast import Cast
from tests.rights.cases import Asking

pytestmark = pytest.mark.django_db
PHONE = "13857500001"


@pytest.fixture
def asking(cast: Cast) -> Asking:
    return Asking(cast)


def asks(asking: Asking) -> Person:
    """Who asks to be deleted, and has answered at the number."""
    row = asking.ask(RequestKind.DELETE, phone=PHONE)
    shown = {"proof": Proof.IDENTITY_CARD, "resident_id": asking.one.pk, "phone_shown": True}
    row = asking.do("cadre", services.check_identity, row, **shown)
    with asking.cast.everything():
        return queries.person_in(row)


def erased(asking: Asking, *rows: Request) -> list[tuple[str, str]]:
    person = asks(asking)
    with asking.cast.everything() as by:
        subjects.erase(person=person, by=by, at=clock.now())
        left = [Request.objects.get(pk=row.pk) for row in rows]
        return [(one.name, one.words) for one in left]


def test_the_request_of_somebody_who_shares_the_number_is_theirs(asking: Asking) -> None:
    wife = asking.cast.resident(asking.home, "张桂芬", phone=PHONE)
    hers = asking.ask(RequestKind.EXPLAIN, resident_id=wife.pk, name="张桂芬", phone=PHONE)
    shown = {"proof": Proof.IDENTITY_CARD, "resident_id": wife.pk, "phone_shown": True}
    asking.do("cadre", services.check_identity, hers, **shown)
    outside = asking.ask(RequestKind.EXPLAIN, resident_id=None, name="外地人", phone=PHONE)
    asking.do("cadre", services.check_identity, outside, proof=Proof.IDENTITY_CARD, phone_shown=True)
    person = asks(asking)
    with asking.cast.everything():
        assert subjects.find(person).records == 0
    assert erased(asking, hers, outside) == [("张桂芬", "想看看"), ("外地人", "想看看")]


def test_what_anybody_may_send_keeps_nobody_from_being_erased(asking: Asking) -> None:
    asking.ask(RequestKind.EXPLAIN, resident_id=None, name="某人", phone=PHONE)
    asking.ask(RequestKind.EXPLAIN)
    person = asks(asking)
    with asking.cast.everything():
        assert not subjects.find(person).busy
    asking.checked(RequestKind.EXPLAIN)
    with asking.cast.everything():
        assert subjects.find(person).busy


def test_what_was_asked_in_the_persons_name_and_never_shown_goes_too(asking: Asking) -> None:
    rows = [asking.ask(RequestKind.EXPLAIN, resident_id=None, phone=phone) for phone in ("", "13857500088")]
    assert erased(asking, *rows) == [("", ""), ("", "")]


def test_a_namesake_of_the_place_keeps_what_is_not_of_the_household(asking: Asking) -> None:
    other = asking.cast.household()
    asking.cast.resident(other, "何桂香")
    rows = [asking.ask(RequestKind.EXPLAIN, resident_id=None, household_id=home.pk) for home in (asking.home, other)]
    assert erased(asking, *rows) == [("", ""), ("何桂香", "想看看")]


def test_who_asked_for_a_child_is_no_longer_named_and_the_childs_request_stays(asking: Asking) -> None:
    child = asking.cast.resident(asking.home, "何小明")
    asked = {"guardian": "何桂香", "guardianship": Guardianship.PARENT, "resident_id": child.pk, "name": "何小明"}
    row = asking.ask(RequestKind.EXPLAIN, **asked)
    assert erased(asking, row) == [("何小明", "想看看")]
    with asking.cast.everything():
        assert Request.objects.get(pk=row.pk).guardian == ""


def test_what_waited_in_the_persons_name_ends_by_itself_and_that_there_was_one_stays(asking: Asking) -> None:
    rows = [asking.ask(RequestKind.EXPLAIN, resident_id=None), asking.ask(RequestKind.COPY)]
    rows.append(asking.do("clerk", services.reject_identity, asking.ask(RequestKind.EXPLAIN), reasons="没有出示证件。"))
    ended = asking.do("cadre", services.take_back_request, asking.ask(RequestKind.COPY))
    erased(asking, *rows, ended)
    with asking.cast.everything():
        left = {one.pk: one.state for one in Request.objects.filter(pk__in=[one.pk for one in [*rows, ended]])}
        assert not RequestClock.objects.filter(request__in=rows, stopped_at=None).exists()
        told = Event.objects.filter(type="rights.request.lapsed").count()
    assert left == {ended.pk: State.WITHDRAWN} | {one.pk: State.LAPSED for one in rows}
    assert told == 3
    clerk = asking.cast.actor("clerk")
    with acting_as(clerk):
        turn = queries.QUEUES.within(queries.visible_requests(clerk), "turn", clerk)
        assert not turn.filter(pk__in=left).exists()


def objected(asking: Asking, **values: object) -> None:
    """Carried out, and nobody was called."""
    row = asking.ask(RequestKind.OBJECT, **values)
    asking.do("cadre", services.check_identity, row, proof=Proof.IDENTITY_CARD, resident_id=asking.one.pk)
    asking.do("clerk", services.decide_request, row, grant=True, reasons="依法办理。")
    asking.do("clerk", services.carry_out_request, row)


def test_an_objection_holds_for_the_number_though_nobody_was_called(asking: Asking) -> None:
    objected(asking, phone="13857500099")
    with asking.cast.everything():
        assert is_withheld(PHONE)
        assert is_withheld("13857500099")


def test_a_number_that_somebody_else_has_is_silenced_by_an_answered_call_alone(asking: Asking) -> None:
    asking.cast.resident(asking.cast.household(), "张桂芬", phone="13857500099")
    objected(asking, phone="13857500099")
    with asking.cast.everything():
        assert is_withheld(PHONE)
        assert not is_withheld("13857500099")
