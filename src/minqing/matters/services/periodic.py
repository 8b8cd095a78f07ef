"""What the system does with matters by itself as time passes: ``deadlines`` says when, this says what; and the lot."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.text import format_lazy

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import digest, new_id
from minqing.core.retry import one_at_a_time
from minqing.deadlines import services as deadlines
from minqing.deadlines import shipped
from minqing.deadlines.books import Upkeep
from minqing.journal.services import record
from minqing.matters.enums import OPEN, ClockKind, Move, State
from minqing.matters.models import CallBack, Clock, Matter, Step
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.queries.publishable import objects
from minqing.matters.queries.running import running
from minqing.matters.services.pauses import resume_matter
from minqing.matters.services.steps import Turn, finish
from minqing.matters.services.supervising import escalate_matter
from minqing.matters.words import in_house, written
from minqing.privacy.access import transaction_as


def tell_moved(row: Clock, sentence: Any, before: datetime | None, *, by: Actor, at: datetime) -> None:
    """A matter whose own deadline has moved has a step that says from when to when."""
    if row.matter.state not in OPEN:
        return
    text = in_house(format_lazy(sentence, before=written(before), after=written(row.due_at)))
    turn = Turn(new_id(), row.matter, Move.RECKON, by, at)
    # the day by which a clerk passes it on is nothing that the reporter was promised
    finish(turn, text=text, public=row.kind == ClockKind.FINISH, **deadlines.deadline_of(CLOCKS, row))


def on_ladder() -> QuerySet[Matter]:
    return Matter.objects.filter(running())


def suspended() -> QuerySet[Matter]:
    return Matter.objects.filter(state=State.SUSPENDED.value)


def resume(matter: Matter, *, by: Actor, at: datetime) -> Matter:
    return resume_matter(id=new_id(), matter=matter, by=by, at=at)


def escalate(matter: Matter, *, by: Actor, at: datetime) -> Matter | None:
    return escalate_matter(id=new_id(), matter=matter, by=by, at=at)


UPKEEP: Final = Upkeep(
    book=CLOCKS, running=on_ladder, moved=tell_moved, suspended=suspended, resume=resume, escalate=escalate
)


def draw_call_backs(*, by: Actor, at: datetime | None = None, days: int = 7) -> int:
    """Draw by lot which of the matters answered in the last ``days`` are called back; returns how many were drawn.

    The lot is a digest of the matter's id, so that nobody can choose, and drawing twice draws the same. What became
    of the answer does not matter: one that was opened again the same day is as likely to be drawn as one confirmed.
    """
    with transaction_as(by):
        return draw(by=by, now=at or clock.now(), days=days)


def draw(*, by: Actor, now: datetime, days: int) -> int:
    one_at_a_time("matters.call_backs")
    since = now - timedelta(days=days)
    answer = Step.objects.filter(matter=OuterRef("pk"), move=Move.FINISH.value, at__gte=since, at__lte=now)
    # the newest step is not older than the answer, and that one has an index
    answered = Matter.objects.filter(Exists(answer), changed_at__gte=since, call_back=None)
    drawn = [id for id in answered.values_list("pk", flat=True) if is_drawn(id) and not objects(id)]
    CallBack.objects.bulk_create([CallBack(matter_id=id, drawn_at=now) for id in drawn], ignore_conflicts=True)
    if drawn:
        data: dict[str, Any] = {"drawn": len(drawn)}
        record(type="matters.call_backs.drawn", subject="call-backs", by=by, at=now, data=data)
    return len(drawn)


def is_drawn(id: object) -> bool:
    return int(digest(f"call-back:{id}")[:8], 16) % 100 < sample_percent()


def sample_percent() -> int:
    return int(shipped.reference(CLOCKS.reference)["sample"])
