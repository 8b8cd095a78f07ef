"""Supervised handling 疑难顽症督办: a leader's order with its own clock, reports on a rhythm, and a leader's end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict
from minqing.deadlines import Target
from minqing.deadlines.enums import Rung, carried_to
from minqing.deadlines.queries import next_rung
from minqing.deadlines.services import settle_next, target_of
from minqing.matters.enums import OWN_CLOCKS, ClockKind, Mechanism, Move, State
from minqing.matters.models import Clock, Matter, Supervision
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.services.clocks import norm, start_clocks, stop_clocks
from minqing.matters.services.parts import sharing
from minqing.matters.services.steps import Turn, begin, finish, once, required
from minqing.matters.words import in_house


@once
def supervise_matter(
    *,
    id: UUID,
    matter: Matter,
    order: str,
    by: Actor,
    due_days: int | None = None,
    report_days: int | None = None,
    at: datetime | None = None,
) -> Matter:
    """Put the matter under supervision: to be solved in ``due_days``, with a report every ``report_days``.

    Both are working days and have a norm. The unit's own deadline runs on beside it.
    """
    turn = begin(id=id, matter=matter, move=Move.SUPERVISE, by=by, at=at)
    if turn.done:
        return turn.matter
    order = required(order, _("Write the order: what is to be reached."))
    if turn.matter.supervisions.filter(ended_at=None).exists():
        raise Conflict("supervised_already", _("This matter is supervised already."))
    return put_under(turn, order, due_days=due_days, report_days=report_days)


def put_under(turn: Turn, order: str, *, due_days: int | None = None, report_days: int | None = None) -> Matter:
    open_supervision(turn, order, due_days=due_days, report_days=report_days)
    return finish(turn, text=order, public=False, mechanism=Mechanism.SUPERVISED.value)


def open_supervision(
    turn: Turn, order: str, *, due_days: int | None = None, report_days: int | None = None
) -> Supervision:
    """The order and its clocks, as part of whatever move leads to it."""
    due = norm(Mechanism.SUPERVISED, ClockKind.SUPERVISION) if due_days is None else target_of(due_days)
    rhythm = norm(Mechanism.SUPERVISED, ClockKind.REPORT) if report_days is None else target_of(report_days)
    start_clocks(turn.matter, {ClockKind.SUPERVISION: due, ClockKind.REPORT: rhythm}, at=turn.at)
    return Supervision.objects.create(
        id=turn.id,
        matter=turn.matter,
        rhythm=rhythm.as_json() if rhythm else "",
        former=turn.matter.mechanism,
        order=order,
        ordered_at=turn.at,
        ordered_by=turn.by.ref,
    )


def end_supervision(turn: Turn) -> None:
    """The matter is closed. That it was supervised stays written on it."""
    turn.matter.supervisions.filter(ended_at=None).update(ended_at=turn.at)


def take_up_supervision(turn: Turn) -> bool:
    """A supervised matter is worked on again: under the same order, with clocks that run anew.

    Returns whether there is such an order.
    """
    if turn.matter.mechanism != Mechanism.SUPERVISED:
        return False
    order = turn.matter.supervisions.order_by("-ordered_at", "-id").first()
    if order is None:
        return False
    if order.ended_at is not None:
        order = Supervision.objects.create(
            id=turn.id,
            matter=turn.matter,
            rhythm=order.rhythm,
            former=order.former,
            order=order.order,
            ordered_at=turn.at,
            ordered_by=order.ordered_by,
        )
    rhythm = Target.parse(order.rhythm) if order.rhythm else None
    kinds = (ClockKind.SUPERVISION, ClockKind.REPORT)
    stop_clocks(turn.matter, at=turn.at, kinds=kinds, counts=False)
    start_clocks(turn.matter, {ClockKind.SUPERVISION: ordered_time(turn), ClockKind.REPORT: rhythm}, at=turn.at)
    return True


def ordered_time(turn: Turn) -> Target | None:
    """As long as the leader gave last, else the norm."""
    before = turn.matter.clocks.filter(kind=ClockKind.SUPERVISION.value).order_by("-started_at", "-id").first()
    return Target.parse(before.target) if before else norm(Mechanism.SUPERVISED, ClockKind.SUPERVISION)


@once
def report_on_matter(*, id: UUID, matter: Matter, text: str, by: Actor, at: datetime | None = None) -> Matter:
    """An interim report to whoever ordered the supervision; the next one is due a rhythm later."""
    turn = begin(id=id, matter=matter, move=Move.REPORT, by=by, at=at)
    if turn.done:
        return turn.matter
    text = required(text, _("Write how far it is and what comes next."))
    running = turn.matter.supervisions.filter(ended_at=None).first()
    stop_clocks(turn.matter, at=turn.at, kinds=(ClockKind.REPORT,))
    if running and running.rhythm:
        start_clocks(turn.matter, {ClockKind.REPORT: Target.parse(running.rhythm)}, at=turn.at)
    return finish(turn, text=text, public=False)


@once
def release_matter(*, id: UUID, matter: Matter, reason: str, by: Actor, at: datetime | None = None) -> Matter:
    """The leader ends supervision; the matter returns to the way of handling that it had.

    Joint is what it is by then, if units were asked to join in the meantime.
    """
    turn = begin(id=id, matter=matter, move=Move.RELEASE, by=by, at=at)
    if turn.done:
        return turn.matter
    reason = required(reason, _("Say why supervision ends."))
    running = turn.matter.supervisions.filter(ended_at=None).first()
    former = running.former if running else Mechanism.IMMEDIATE.value
    if former == Mechanism.IMMEDIATE and sharing(turn.matter):
        former = Mechanism.JOINT.value
    turn.matter.supervisions.filter(ended_at=None).update(ended_at=turn.at)
    stop_clocks(turn.matter, at=turn.at, kinds=(ClockKind.SUPERVISION, ClockKind.REPORT))
    return finish(turn, text=reason, public=False, mechanism=former)


@once
def escalate_matter(*, id: UUID, matter: Matter, by: Actor, at: datetime | None = None) -> Matter | None:
    """Carry an overdue matter one rung up the ladder as the operator has it; None where there is none above.

    An ordinary move by a system actor. Whoever stands on the rung is told by what listens to the event; the matter
    stays where it is.
    """
    turn = begin(id=id, matter=matter, move=Move.ESCALATE, by=by, at=at)
    if turn.done:
        return turn.matter
    above = next_rung(CLOCKS, Rung(turn.matter.rung))
    if above is None:
        return None
    turn.matter.rung = above.rung.value
    for row in Clock.objects.filter(matter=turn.matter, kind__in=OWN_CLOCKS, stopped_at=None):
        settle_next(CLOCKS, row, turn.matter)
    told = in_house(carried_to(above.rung, waiting=turn.matter.state == State.RECEIVED))
    return finish(turn, text=told, public=False, data={"rung": above.rung.value}, rung=above.rung.value)
