"""A row with a state moves on with one event, or not at all; shown with exports, which have nothing besides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from minqing.core.errors import Conflict, NotFound
from minqing.core.ids import new_id
from minqing.exports.enums import Move, State
from minqing.exports.models import ExportRequest
from minqing.exports.services import EXPORTS
from minqing.journal.models import Event
from minqing.journal.moves import as_seen, moment_of, seen_before, version_of
from minqing.privacy.access import acting_as
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def row_of(cast: Cast) -> ExportRequest:
    who = cast.actor("clerk")
    return ExportRequest(
        pk=new_id(), kind="matters", account_id=who.person, area_id=cast.town.pk, post=who.post, query="",
        purpose="meeting", rows=3, asked_at=now(),
    )  # fmt: skip


def test_a_new_row_is_stored_and_a_locked_one_moved_each_with_one_event(cast: Cast) -> None:
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        made = EXPORTS.finish(row_of(cast), Move.ASK, by=clerk, at=now())
        locked = EXPORTS.lock(made.pk)
        EXPORTS.finish(locked, Move.APPROVE, by=clerk, at=now(), data={"why": "code"}, decided_at=now())
        stored = ExportRequest.objects.get(pk=made.pk)
    assert (stored.state, stored.decided_at is not None) == (State.APPROVED, True)
    events = list(Event.objects.filter(subject=f"export:{made.pk}").order_by("seq"))
    assert [one.type for one in events] == ["exports.export.asked", "exports.export.approved"]
    assert (events[1].data["rows"], events[1].data["why"]) == (3, "code")


def test_a_move_that_is_not_open_changes_and_tells_nothing(cast: Cast) -> None:
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        made = EXPORTS.finish(row_of(cast), Move.TAKE, by=clerk, at=now())
        with pytest.raises(Conflict) as refused:
            EXPORTS.finish(EXPORTS.lock(made.pk), Move.APPROVE, by=clerk, at=now(), decided_at=now())
        assert ExportRequest.objects.get(pk=made.pk).decided_at is None
    assert refused.value.code == "wrong_state"
    assert Event.objects.filter(subject=f"export:{made.pk}").count() == 1


def test_what_is_out_of_sight_is_not_there(cast: Cast) -> None:
    with acting_as(cast.actor("clerk")):
        made = EXPORTS.finish(row_of(cast), Move.ASK, by=cast.actor("clerk"), at=now())
    with acting_as(cast.actor("far_clerk")), pytest.raises(NotFound):
        EXPORTS.lock(made.pk)


def test_a_version_tells_whether_the_row_changed_since_it_was_seen() -> None:
    one, first = new_id(), now()
    later = version_of(first + timedelta(seconds=1))
    with as_seen(one, version_of(first), ""):
        assert seen_before(one, version_of(first)) is None
        assert seen_before(one, later) == version_of(first)
        assert seen_before(new_id(), later) is None, "of another row nothing was seen"
    assert seen_before(one, later) is None, "outside it says nothing"
    assert (moment_of(version_of(first)), moment_of("no version")) == (first, None)
