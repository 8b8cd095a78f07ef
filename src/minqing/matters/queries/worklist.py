"""What waits for somebody, as queues of matters."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from minqing.core.actor import Actor
from minqing.deadlines.enums import Rung
from minqing.listing.kinds import Queue
from minqing.listing.queries import Queues
from minqing.matters.enums import ClockKind, Mechanism, Move, PartState, Party, State
from minqing.matters.models import CallBack, Clock, Extension, Part, Step
from minqing.matters.queries.handlers import HELD, for_actor, is_named, is_named_for_part, own_first, own_parts_first
from minqing.matters.queries.lights import overdue_at, soon
from minqing.matters.queries.running import running
from minqing.matters.queries.visibility import HELP_FIRST, visible_matters
from minqing.matters.rules import NAMERS, movers, roles_in
from minqing.org.enums import Level, Role
from minqing.org.queries import areas_seen
from minqing.privacy.access import one_of

BY_DUE: Final = (F("due_at").asc(nulls_last=True), "id")
BY_RECEIPT: Final = (HELP_FIRST, "received_at", "id")
RUNGS: Final = tuple(Rung)


def led(actor: Actor, now: datetime) -> Q:
    """Of the unit's what waits for this person: see :func:`for_actor`. What is late is everybody's: see overdue."""
    return Q(lead_unit__in=actor.units, state__in=HELD) & for_actor(actor, is_named())


def asked_to_join(actor: Actor, now: datetime) -> Q:
    own = for_actor(actor, is_named_for_part())
    parts = Part.objects.filter(own, unit__in=actor.units, state=PartState.ASKED.value)
    return Q(state__in=HELD, pk__in=parts.values("matter"))


def unsorted(actor: Actor, now: datetime) -> Q:
    return one_of("area_id", actor.areas) & Q(state=State.RECEIVED.value, contested=False)


def contested(actor: Actor, now: datetime) -> Q:
    """Twice refused as a whole, or a part of it that a unit has refused."""
    refused = Part.objects.filter(state=PartState.REFUSED.value)
    whole = Q(state=State.RECEIVED.value, contested=True)
    return one_of("area_id", actor.areas) & (whole | Q(state__in=HELD, pk__in=refused.values("matter")))


def more_time_asked(actor: Actor, now: datetime) -> Q:
    """Somebody else has asked: nobody grants his own request."""
    asked = Extension.objects.filter(granted=None).exclude(asked_by=actor.ref)
    return one_of("area_id", actor.areas) & Q(state__in=HELD, pk__in=asked.values("matter"))


def report_due(actor: Actor, now: datetime) -> Q:
    """Supervised, and the unit's interim report is late or due before the close of the next working day."""
    late = Clock.objects.filter(kind=ClockKind.REPORT.value, counts=True, stopped_at=None, due_at__lt=soon(now))
    whose = Q(lead_unit__in=actor.units)
    if actor.has(Role.LEADER):
        whose |= one_of("area_id", actor.areas)
    return whose & Q(mechanism=Mechanism.SUPERVISED.value, state__in=HELD, pk__in=late.values("matter"))


def overdue(actor: Actor, now: datetime) -> Q:
    # one that it has sent back is the clerk's
    return Q(lead_unit__in=actor.units, state__in=HELD) & overdue_at(now)


def carried_up(actor: Actor, now: datetime) -> Q:
    """Overdue so long that it was carried up to the actor's rung of the ladder, or past it."""
    rung = rung_of(actor)
    if rung is None:
        return Q(pk__in=[])
    whose = Q(lead_unit__in=actor.units) if rung is Rung.HEAD else one_of("area_id", actor.areas)
    held = ~Q(state=State.RECEIVED.value) & Q(rung__in=from_rung(rung))
    over_desk = rung_over_desk(actor, rung)
    if over_desk is not None:
        held |= Q(state=State.RECEIVED.value, rung__in=from_rung(over_desk))
    return whose & running() & held


def was_carried_to(actor: Actor, rung: Rung) -> bool:
    """Whether what stands at ``rung`` has come up to the actor, or past them."""
    own = rung_of(actor)
    return own is not None and rung.value in from_rung(own)


def from_rung(rung: Rung) -> list[str]:
    return [one.value for one in RUNGS[RUNGS.index(rung) :]]


def rung_over_desk(actor: Actor, rung: Rung) -> Rung | None:
    """Where the actor stands for what no unit has yet. A township's clerk has it in the own queue of what to sort."""
    if actor.has(Role.LEADER):
        return Rung.CITY if rung is Rung.CITY else Rung.HEAD
    return Rung.TOWNSHIP if actor.has(Role.CLERK) and leads_county(actor) else None


def rung_of(actor: Actor) -> Rung | None:
    """Where the actor stands on the ladder; a leader by the level of what he leads."""
    if actor.has(Role.UNIT_HEAD):
        return Rung.HEAD
    if actor.has(Role.CLERK):
        return Rung.TOWNSHIP
    if actor.has(Role.LEADER):
        return Rung.CITY if leads_county(actor) else Rung.TOWNSHIP
    return None


def leads_county(actor: Actor) -> bool:
    return any(area.level == Level.CITY for area in areas_seen(actor)[:1])


def to_call_back(actor: Actor, now: datetime) -> Q:
    """Drawn by lot, and neither led nor supported by the actor's own unit; also where somebody has confirmed since."""
    drawn = CallBack.objects.filter(done_at=None)
    answered = [State.FINISHED.value, State.CONFIRMED.value]
    waiting = one_of("area_id", actor.areas) & Q(state__in=answered, pk__in=drawn.values("matter"))
    if own := actor.own_units:
        waiting &= ~Q(lead_unit__in=own) & ~Q(supporting__overlap=sorted(own))
    return waiting


def more_time_awaited(actor: Actor, now: datetime) -> Q:
    asked = Extension.objects.filter(granted=None)
    return Q(lead_unit__in=actor.units, state__in=HELD, pk__in=asked.values("matter"))


def parts_awaited(actor: Actor, now: datetime) -> Q:
    asked = Part.objects.filter(state=PartState.ASKED.value)
    return Q(lead_unit__in=actor.units, state__in=HELD, pk__in=asked.values("matter"))


def reported_on(actor: Actor, now: datetime) -> Q:
    """Supervised, and reported on since the order: the leader has not ended it."""
    told = Step.objects.filter(
        move=Move.REPORT.value, matter__supervisions__ended_at=None, at__gte=F("matter__supervisions__ordered_at")
    )
    ordered = Q(mechanism=Mechanism.SUPERVISED.value, pk__in=told.values("matter"))
    return Q(lead_unit__in=actor.units, state__in=HELD) & ordered


LADDER: Final = frozenset({Role.UNIT_HEAD, Role.CLERK, Role.LEADER})
GRANTERS: Final = movers(Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION)
UNITS: Final = roles_in(Party.UNIT, Party.SUPPORT)
QUEUES: Final = Queues(
    visible_matters,
    (
        Queue(
            "triage", _("To sort"), "inbox", movers(Move.ASSIGN), unsorted, BY_RECEIPT, pgettext_lazy("act", "Assign")
        ),
        Queue(
            "mine",
            _("Led by my unit"),
            "clipboard-check",
            UNITS,
            led,
            BY_DUE,
            pgettext_lazy("act", "Handle"),
            own_first,
        ),
        Queue(
            "parts",
            _("My unit was asked to join"),
            "person-plus",
            UNITS,
            asked_to_join,
            BY_DUE,
            pgettext_lazy("act", "Answer"),
            own_parts_first,
        ),
        Queue(
            "overdue",
            _("Overdue in my unit"),
            "exclamation-octagon-fill",
            UNITS,
            overdue,
            BY_DUE,
            pgettext_lazy("act", "Handle"),
        ),
        Queue(
            "escalated",
            _("Carried up to me"),
            "arrow-up-circle",
            LADDER,
            carried_up,
            BY_DUE,
            pgettext_lazy("act", "Look"),
            named=_("Matters carried up to me"),
        ),
        Queue(
            "contested",
            _("To decide on the spot"),
            "people",
            movers(Move.DECIDE),
            contested,
            BY_RECEIPT,
            pgettext_lazy("act", "Decide"),
        ),
        Queue(
            "extensions",
            _("More time is asked for"),
            "hourglass-split",
            GRANTERS,
            more_time_asked,
            BY_DUE,
            pgettext_lazy("act", "See the reason"),
        ),
        Queue(
            "reports",
            _("Report is due"),
            "file-earmark-text",
            movers(Move.REPORT, Move.RELEASE),
            report_due,
            BY_DUE,
            pgettext_lazy("act", "Report"),
        ),
        Queue(
            "calls",
            _("To call back"),
            "telephone",
            movers(Move.FOLLOW_UP),
            to_call_back,
            ("finished_at", "id"),
            pgettext_lazy("act", "Call"),
        ),
        Queue(
            "time_asked",
            _("More time that we asked for"),
            "hourglass-split",
            NAMERS,
            more_time_awaited,
            BY_DUE,
            asked=True,
        ),
        Queue("parts_asked", _("Parts that we asked for"), "person-plus", NAMERS, parts_awaited, BY_DUE, asked=True),
        Queue("reported", _("Reports that we have made"), "file-earmark-text", NAMERS, reported_on, BY_DUE, asked=True),
    ),
)
