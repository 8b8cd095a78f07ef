"""One matter: what was said, what was done, and what may be done now."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.deadlines import Reckoning, Target, explain, term
from minqing.deadlines.due_words import of_reckoning
from minqing.deadlines.enums import Rung, carried_to
from minqing.files.responses import picture_response
from minqing.matters import hooks, queries, rules, services
from minqing.matters.access import MOVERS, READERS, matter_or_404
from minqing.matters.enums import (
    OPEN,
    Channel,
    ClockKind,
    Move,
    Outcome,
    PartState,
    PauseReason,
    State,
)
from minqing.matters.models import SUGGESTER, Matter
from minqing.matters.models.naming import mechanism_word, state_word, word_of
from minqing.matters.queries.dossier import ClockRow, Dossier, ExtensionRow, MergedRow, PartRow, StepRow
from minqing.matters.questions import answer_pairs
from minqing.matters.views.moves import ICONS, acts_of
from minqing.matters.views.place import place_of
from minqing.org.access import PageRequest, looked, page
from minqing.org.queries import work_calendar
from minqing.org.rules import SEES_HOUSEHOLDS
from minqing.web import htmx
from minqing.web.slots import parts
from minqing.worktime.hours import WorkTime

# of these the unit is the one that the matter, or what is said, goes to
TOWARDS = frozenset(
    {
        Move.ASSIGN,
        Move.DECIDE,
        Move.TRANSFER,
        Move.JOIN,
        Move.DECIDE_PART,
        Move.DROP_PART,
        Move.GRANT_EXTENSION,
        Move.REFUSE_EXTENSION,
        Move.REOPEN,
        Move.SUPERVISE,
        Move.RELEASE,
        Move.ESCALATE,
    }
)
TELLING = frozenset({Move.FINISH, Move.ACT, Move.DECLINE, Move.SUSPEND, Move.GRANT_EXTENSION})
WAY = (State.RECEIVED, State.ASSIGNED, State.ACCEPTED, State.FINISHED, State.CONFIRMED)


@page(roles=READERS)
def detail(request: PageRequest, matter_id: UUID) -> HttpResponse:
    """The whole page, or beside a list what stands on it: asked for by HTMX."""
    matter = matter_or_404(request, matter_id)
    if matter.confidential:
        looked(request, "matters.confidential.opened", f"matter:{matter.pk}", number=matter.number)
    return htmx.partial(request, "matters/detail.html", "view", context_of(request, matter))


@page(roles=rules.roles_in(*rules.REVEALED_TO))
@require_POST
def reporter(request: PageRequest, matter_id: UUID) -> HttpResponse:
    """The same page with name and phone of the reporter; that they were looked at is journalled."""
    matter = matter_or_404(request, matter_id)
    context = context_of(request, matter)
    context |= {"reporter": services.reveal_reporter(matter=matter, by=request.actor), "revealed": True}
    return htmx.partial(request, "matters/detail.html", "reporter", context)


@page(roles=READERS)
def picture(request: PageRequest, matter_id: UUID, picture_id: UUID) -> HttpResponseBase:
    """A picture of a matter, for whoever reads it; ``?size=small`` for the thumbnail."""
    matter = matter_or_404(request, matter_id)
    found = next((one for one in queries.pictures_of(matter) if one.attachment_id == picture_id), None)
    if found is None:
        raise NotFound("picture")
    return picture_response(attachment_id=picture_id, thumbnail=request.GET.get("size") == "small")


def context_of(request: PageRequest, matter: Matter) -> dict[str, object]:
    dossier = queries.dossier_of(matter.pk)
    now = clock.now()
    [matter] = queries.with_dues([matter], now)
    calendar = work_calendar()
    deadlines = queries.deadlines_of(dossier, calendar, now)
    return {
        "matter": matter,
        "state": State(matter.state),
        "mechanism": mechanism_word(matter.mechanism),
        "channel": Channel(matter.channel).label,
        "help_asked": matter.channel == Channel.SOS and matter.state in OPEN,
        "way": way_of(matter, dossier),
        "steps": [step_shown(matter, step) for step in dossier.steps],
        "pictures": [one.attachment_id for one in dossier.pictures if one.step_id is None],
        "words": dossier.words,
        "clocks": [clock_shown(dossier, *each, now=now, work=WorkTime(calendar)) for each in deadlines],
        "parts": [part_shown(part) for part in dossier.parts],
        "held": matter.state in queries.HELD,
        "handler": dossier.handler if matter.holder else "",
        "supervision": dossier.supervision,
        "extension": extension_shown(dossier.asked),
        "reasons": [one for said in hooks.why_here(matter, dossier) for one in said],
        "merged": [(one, merged_title(request.actor, one), state_word(one.state)) for one in dossier.merged],
        "acts": acts_of(request, matter, dossier),
        "may_reveal": (may_reveal := rules.may_reveal_reporter(request.actor, matter.situation)),
        # how to reach somebody safely is read before the number is
        "contact": queries.contact_of(matter) if matter.confidential and may_reveal else "",
        "carried_to": carried_to(Rung(matter.rung), waiting=matter.state == State.RECEIVED)
        if matter.state in OPEN and matter.rung != Rung.OFFICER
        else "",
        "answers": answer_pairs(matter.category.asks, matter.answers) if matter.category and matter.answers else [],
        "working": request.actor.has(*MOVERS),
        "may_print_slip": rules.may_print_slip(request.actor, matter.situation),
        # the unit that handles a matter of a household still has no business in its file
        "may_open_household": matter.household_id is not None
        and request.actor.has(*SEES_HOUSEHOLDS)
        and matter.area_id in request.actor.areas,
        "revealed": False,
        "added": parts("matters.matter", request, matter),
        **place_of(request, matter),
    }


def merged_title(actor: Actor, row: MergedRow) -> str:
    return queries.title_told(actor, row.title, confidential=row.confidential)


def clock_shown(
    dossier: Dossier, row: ClockRow, reckoning: Reckoning, *, now: datetime, work: WorkTime
) -> dict[str, object]:
    """One deadline in words, and the sentences that say why it is on that day."""
    paused_at = next((one.started_at for one in reversed(dossier.pauses) if one.ended_at is None), None)
    return {
        "label": ClockKind(row.kind).label,
        "unit": row.unit if row.part_id else "",
        "due_at": reckoning.due_at,
        "forecast_at": reckoning.forecast_at,
        "stopped_at": row.stopped_at,
        "due": of_reckoning(reckoning, paused_at=paused_at, now=now, work=work),
        "provisional": reckoning.provisional,
        "reasons": explain(reckoning, words={one.value: word_of(one) for one in PauseReason}),
    }


def part_shown(part: PartRow) -> dict[str, object]:
    went = Outcome(part.outcome).label if part.outcome else ""
    return {"row": part, "state": PartState(part.state).label, "outcome": went}


def extension_shown(asked: ExtensionRow | None) -> dict[str, object] | None:
    if asked is None:
        return None
    return {"more": term(Target.parse(asked.more)), "reason": asked.reason, "asked_at": asked.asked_at}


def way_of(matter: Matter, dossier: Dossier) -> list[dict[str, Any]]:
    """The five stations with the day of each, and where the matter stands among them."""
    taken = next((step.at for step in dossier.steps if step.move == Move.ACCEPT), None)
    days = dict(
        zip(WAY, (matter.received_at, matter.assigned_at, taken, matter.finished_at, matter.closed_at), strict=True)
    )
    state = State(matter.state)
    # on its way all the same, or at an end of its own
    place = {State.SUSPENDED: State.ACCEPTED}.get(state, State.RECEIVED) if state not in WAY else state
    upto = WAY.index(place)
    stations: list[dict[str, object]] = [
        {"label": word_of(one), "day": days[one], "state": "past"} for one in WAY[:upto]
    ]
    if state not in WAY:
        return [
            *stations,
            {"label": word_of(place), "day": days[place], "state": "past"},
            {"label": word_of(state), "state": "now"},
        ]
    again = matter.reopened + 1 if matter.reopened and state in OPEN else 0
    last = "past" if state is WAY[-1] else "now"
    stations.append({"label": word_of(state), "day": None if again else days[state], "state": last, "again": again})
    return [*stations, *({"label": word_of(one), "state": "next"} for one in WAY[upto + 1 :])]


def step_shown(matter: Matter, step: StepRow) -> dict[str, object]:
    made = Move(step.move)
    # the rung alone: one line
    carried = made is Move.ESCALATE and bool(step.text)
    added = made is Move.NOTE and step.public
    return {
        "id": step.id,
        "at": step.at,
        "title": f"{made.done} · {step.text}" if carried else _("Added by the reporter") if added else made.done,
        "who": who_did(step, made) or who_else(step),
        "text": "" if carried else step.text,
        # whose words they are: told to the reporter, written for the house, or the reporter's own
        "kind": "inside" if not step.public else "told" if made in TELLING else "said" if added else "text",
        "aside": step.aside,
        "icon": ICONS[made],
        "private": not step.public,
        "pictures": step.pictures,
        "late": made is Move.FINISH and matter.due_at and step.at > matter.due_at,
    }


def who_did(step: StepRow, made: Move) -> str:
    """The unit and its person; where somebody handed the matter to the unit, that person and an arrow to it."""
    if made in TOWARDS:
        return " → ".join(part for part in (step.by_name, step.unit) if part)
    return " ".join(part for part in (step.unit, step.by_name) if part)


def who_else(step: StepRow) -> str:
    """A machine's step says so."""
    return _("Suggested by the system") if step.by == SUGGESTER else ""
