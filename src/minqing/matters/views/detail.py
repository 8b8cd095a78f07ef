"""One matter: what was said, what was done, and what may be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Elsewhere, NotFound
from minqing.deadlines import Reckoning, Target, explain, term
from minqing.deadlines.due_words import of_reckoning
from minqing.deadlines.enums import Rung, carried_to
from minqing.files.responses import picture_response
from minqing.matters import hooks, queries, rules, services
from minqing.matters.access import MOVERS, READERS, matter_or_404, missing
from minqing.matters.enums import (
    OPEN,
    Channel,
    ClockKind,
    Move,
    PartState,
    PauseReason,
    State,
)
from minqing.matters.forms.moves import FORMS, MoveForm
from minqing.matters.lifecycle import MATTER
from minqing.matters.models import SUGGESTER, Matter
from minqing.matters.models.naming import mechanism_word, state_word, word_of
from minqing.matters.queries.dossier import ClockRow, Dossier, ExtensionRow, MergedRow, PartRow, StepRow
from minqing.matters.queries.objects import has_object
from minqing.matters.questions import answer_pairs
from minqing.org.access import PageRequest, looked, page
from minqing.org.queries import units_for, work_calendar
from minqing.org.rules import SEES_HOUSEHOLDS
from minqing.web import htmx
from minqing.web.slots import parts
from minqing.worktime.hours import WorkTime

ICONS = {
    Move.RECEIVE: "inbox",
    Move.CLASSIFY: "tags",
    Move.ASSIGN: "send",
    Move.DECIDE: "people",
    Move.TRANSFER: "arrow-right",
    Move.ACCEPT: "clipboard-check",
    Move.ACT: "pencil",
    Move.NOTE: "sticky",
    Move.SEND_BACK: "arrow-return-left",
    Move.JOIN: "person-plus",
    Move.REPLY_PART: "chat-left-text",
    Move.REFUSE_PART: "arrow-return-left",
    Move.DECIDE_PART: "people",
    Move.DROP_PART: "dash-circle",
    Move.ASK_EXTENSION: "hourglass-split",
    Move.GRANT_EXTENSION: "hourglass-split",
    Move.REFUSE_EXTENSION: "x-circle",
    Move.SUSPEND: "pause-circle",
    Move.RESUME: "play-circle",
    Move.FINISH: "reply",
    Move.FOLLOW_UP: "telephone",
    Move.CONFIRM: "check-circle",
    Move.REOPEN: "arrow-counterclockwise",
    Move.DECLINE: "slash-circle",
    Move.APPEAL: "megaphone",
    Move.WITHDRAW: "x-circle",
    Move.MERGE: "union",
    Move.SPLIT: "diagram-3",
    Move.SUPERVISE: "eye",
    Move.REPORT: "file-earmark-text",
    Move.RELEASE: "check2-all",
    Move.ESCALATE: "arrow-up-circle",
    Move.RECKON: "calendar3",
}
# what somebody most likely wants to do next: the first of these that is open to the actor stands open
USUAL = {
    State.RECEIVED: (Move.DECIDE, Move.ASSIGN),
    State.ASSIGNED: (Move.DECIDE_PART, Move.REPLY_PART, Move.ACCEPT),
    State.ACCEPTED: (Move.GRANT_EXTENSION, Move.REPLY_PART, Move.FINISH),
    State.SUSPENDED: (Move.GRANT_EXTENSION, Move.DECIDE_PART, Move.REPLY_PART, Move.RESUME),
    State.FINISHED: (Move.CONFIRM, Move.FOLLOW_UP),
    State.DECLINED: (Move.APPEAL,),
}
# why one of these is not open to somebody is worth a sentence; of the others a button that is not there says enough
TOLD = frozenset({Move.ASSIGN, Move.ACCEPT, Move.SEND_BACK, Move.FINISH, Move.CONFIRM, Move.ACT})
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
WAY = (State.RECEIVED, State.ASSIGNED, State.ACCEPTED, State.FINISHED, State.CONFIRMED)


@dataclass(frozen=True)
class Possible:
    """A move that the state allows: with its form, or with the reason why not by this actor."""

    move: Move
    icon: str
    form: MoveForm | None
    reason: Any
    open: bool


@page(roles=READERS)
def detail(request: PageRequest, matter_id: UUID) -> HttpResponse:
    matter = matter_or_404(request, matter_id)
    if matter.confidential:
        looked(request, "matters.confidential.opened", f"matter:{matter.pk}", number=matter.number)
    return render(request, "matters/detail.html", context_of(request, matter))


@page(roles=rules.roles_in(*rules.REVEALED_TO))
@require_POST
def reporter(request: PageRequest, matter_id: UUID) -> HttpResponse:
    """The same page with name and phone of the reporter; that they were looked at is journalled."""
    matter = matter_or_404(request, matter_id)
    context = context_of(request, matter)
    context |= {"reporter": services.reveal_reporter(matter=matter, by=request.actor), "revealed": True}
    return htmx.partial(request, "matters/detail.html", "reporter", context)


@page(roles=MOVERS)
def move(request: PageRequest, matter_id: UUID, move: str) -> HttpResponse:
    """Make one move; with errors the page comes back with what was typed."""
    if request.method != "POST":
        # the way back of a browser, or a reload, to what a refused form was answered with
        return redirect("matters:detail", matter_id)
    try:
        matter = matter_or_404(request, matter_id)
    except (NotFound, Elsewhere):
        # a second tap on what took it out of sight: done is done
        if queries.has_moved(request.actor, matter_id, request.POST.get("request_id", "")):
            return redirect("matters:list")
        raise
    if move not in FORMS:
        raise NotFound("move")
    made = Move(move)
    # one that has just been taken back is still named by the form that did it
    parts = queries.dossier_of(matter.pk).parts if request.POST.get("part") else None
    form = FORMS[made](request.POST, request.FILES, by=request.actor, **extras(matter, parts))
    try:
        done = form.is_valid() and form.apply(by=request.actor)
    except NotFound:
        # it went between the look and the lock
        raise missing(request, matter_id) from None
    if done:
        messages.success(request, _("Done: %(move)s.") % {"move": made.label})
        # a unit may have passed it on to where it does not see it
        return (
            redirect("matters:detail", matter.pk)
            if queries.matter_for(request.actor, matter.pk)
            else redirect("matters:list")
        )
    form.keep(by=request.actor)
    return render(request, "matters/detail.html", context_of(request, matter, bound=(made, form)), status=422)


@page(roles=READERS)
def picture(request: PageRequest, matter_id: UUID, picture_id: UUID) -> HttpResponseBase:
    """A picture of a matter, for whoever reads it; ``?size=small`` for the thumbnail."""
    matter = matter_or_404(request, matter_id)
    found = next((one for one in queries.pictures_of(matter) if one.attachment_id == picture_id), None)
    if found is None:
        raise NotFound("picture")
    return picture_response(attachment_id=picture_id, thumbnail=request.GET.get("size") == "small")


def extras(matter: Matter, parts: Sequence[PartRow] | None = None) -> dict[str, Any]:
    """What the forms need: the matter, its categories, its parts, and the units near it."""
    units = units_for([matter.area.path])
    if parts is None:
        parts = queries.dossier_of(matter.pk).parts if matter.supporting else ()
    return {"matter": matter, "categories": queries.categories(), "units": units, "parts": parts}


def context_of(request: PageRequest, matter: Matter, *, bound: tuple[Move, MoveForm] | None = None) -> dict[str, Any]:
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
        "way": way_of(matter),
        "steps": [step_shown(matter, step) for step in dossier.steps],
        "pictures": [one.attachment_id for one in dossier.pictures if one.step_id is None],
        "words": dossier.words,
        "clocks": [clock_shown(dossier, *each, now=now, work=WorkTime(calendar)) for each in deadlines],
        "parts": [part_shown(part) for part in dossier.parts],
        "supervision": dossier.supervision,
        "extension": extension_shown(dossier.asked),
        "reasons": [one for said in hooks.why_here(matter, dossier) for one in said],
        "merged": [(one, merged_title(request.actor, one), state_word(one.state)) for one in dossier.merged],
        "moves": possible_moves(request, matter, dossier, bound=bound),
        "may_reveal": (may_reveal := rules.may_reveal_reporter(request.actor, matter.situation)),
        # how to reach somebody safely is read before the number is
        "contact": queries.contact_of(matter) if matter.confidential and may_reveal else "",
        "carried_to": carried_to(Rung(matter.rung), waiting=matter.state == State.RECEIVED)
        if matter.state in OPEN and matter.rung != Rung.OFFICER
        else "",
        "answers": answer_pairs(matter.category.questions, matter.answers)
        if matter.category and matter.answers
        else [],
        "working": request.actor.has(*MOVERS),
        "may_print_slip": rules.may_print_slip(request.actor, matter.situation),
        # the unit that handles a matter of a household still has no business in its file
        "may_open_household": matter.household_id is not None
        and request.actor.has(*SEES_HOUSEHOLDS)
        and matter.area_id in request.actor.areas,
        "revealed": False,
        "added": parts("matters.matter", request, matter),
        "here": request.path,
    }


def merged_title(actor: Actor, row: MergedRow) -> str:
    return queries.title_told(actor, row.title, confidential=row.confidential)


def clock_shown(
    dossier: Dossier, row: ClockRow, reckoning: Reckoning, *, now: datetime, work: WorkTime
) -> dict[str, Any]:
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


def part_shown(part: PartRow) -> dict[str, Any]:
    return {"row": part, "state": PartState(part.state).label}


def extension_shown(asked: ExtensionRow | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    return {"more": term(Target.parse(asked.more)), "reason": asked.reason, "asked_at": asked.asked_at}


def way_of(matter: Matter) -> list[dict[str, Any]]:
    """The five stations and where the matter stands among them."""
    if matter.state == State.WITHDRAWN:
        return [station(State.RECEIVED, "done"), station(State.WITHDRAWN, "now")]
    if matter.state not in WAY:
        # on its way all the same, or at an end of its own
        place = State.ACCEPTED if matter.state == State.SUSPENDED else State.RECEIVED
        done = [station(one, "done") for one in WAY[: WAY.index(place) + 1]]
        return [*done, station(State(matter.state), "now")]
    now = WAY.index(State(matter.state))
    last = len(WAY) - 1
    states = ["done" if n < now or n == now == last else "now" if n == now else "next" for n in range(len(WAY))]
    return [station(one, state) for one, state in zip(WAY, states, strict=True)]


def station(one: State, state: str) -> dict[str, str]:
    return {"label": word_of(one), "state": state}


def step_shown(matter: Matter, step: StepRow) -> dict[str, Any]:
    made = Move(step.move)
    return {
        "at": step.at,
        "title": made.label,
        "who": who_did(step, made) or who_else(step),
        "text": step.text,
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


def possible_moves(
    request: PageRequest, matter: Matter, dossier: Dossier, *, bound: tuple[Move, MoveForm] | None
) -> list[Possible]:
    situation = matter.situation
    decided = {
        move: rules.may(move, request.actor, situation) for move in MATTER.moves_from(situation.state) if move in FORMS
    }
    allowed = [move for move, decision in decided.items() if decision]
    given = extras(matter, dossier.parts) if allowed else {}
    proposed = {"mechanism": matter.mechanism, "category": matter.category_id or ""}
    if Move.ASSIGN in allowed:
        for proposal in hooks.proposals(matter, given["categories"], given["units"]):
            proposed |= proposal
    likely = (*((Move.FOLLOW_UP,) if dossier.to_call_back else ()), *USUAL.get(State(matter.state), ()))
    usual = bound[0] if bound else next((move for move in likely if move in allowed), None)
    made = []
    for move, decision in decided.items():
        form = None
        if decision and has_object(move, request.actor, dossier):
            form = bound[1] if bound and bound[0] is move else FORMS[move](initial=proposed, **given)
            if not form.possible:
                continue
        elif decision or move not in TOLD:
            continue
        made.append(Possible(move, ICONS[move], form, decision.reason, open=move is usual))
    return sorted(made, key=lambda one: (one.form is None, not one.open))
