"""What may be done with a matter now: each move with its form, in its place on the page; and the page of one move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core.errors import Elsewhere, NotFound
from minqing.deadlines.enums import Rung
from minqing.matters import hooks, queries, rules
from minqing.matters.access import MOVERS, matter_or_404, missing
from minqing.matters.enums import Move, State
from minqing.matters.forms.moves import FORMS, MoveForm
from minqing.matters.lifecycle import MATTER, NAMING
from minqing.matters.models import Matter
from minqing.matters.queries.dossier import Dossier, PartRow, dossier_of
from minqing.matters.queries.handlers import stint_of
from minqing.matters.queries.objects import has_object
from minqing.matters.queries.worklist import was_carried_to
from minqing.matters.rules.acting import AT_ONCE, GRAVE, arranged, comes_later
from minqing.matters.views.place import kept_place
from minqing.org.access import PageRequest, looked, page
from minqing.org.queries import unit_names, units_for
from minqing.web import htmx
from minqing.web.undo import done as undoable

ICONS = {
    Move.RECEIVE: "inbox",
    Move.CLASSIFY: "tags",
    Move.ASSIGN: "send",
    Move.UNASSIGN: "arrow-counterclockwise",
    Move.DECIDE: "people",
    Move.TRANSFER: "arrow-right",
    Move.ACCEPT: "clipboard-check",
    Move.NAME: "person-badge",
    Move.TAKE: "person-check",
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
WITH_UNIT = {
    Move.ASSIGN: gettext_lazy("Assigned to %(unit)s."),
    Move.TRANSFER: gettext_lazy("Transferred to %(unit)s."),
    Move.JOIN: gettext_lazy("%(unit)s was asked to join."),
}


@dataclass(frozen=True)
class Offer:
    """A move with its form; or with the reason why not now, where it may come later."""

    move: Move
    form: MoveForm | None
    reason: Any = ""

    @property
    def icon(self) -> str:
        return ICONS[self.move]

    @property
    def grave(self) -> bool:
        return self.move in GRAVE

    @property
    def at_once(self) -> bool:
        """Whether nothing has to be filled in: then one press does it."""
        return self.move in AT_ONCE


@dataclass(frozen=True)
class Acts:
    """What the page offers: the ``main`` one, the composer's tabs, those beside it, behind it, and not yet."""

    main: Offer | None
    writing: Sequence[Offer]
    second: Sequence[Offer]
    more: Sequence[Offer]
    later: Sequence[Offer]

    @property
    def own_form(self) -> Offer | None:
        """The main one where its form stands by itself."""
        return None if self.main in self.writing else self.main

    @property
    def bar(self) -> Offer | None:
        """What stands at the foot of a telephone's screen."""
        return self.main or next(iter(self.writing), None)

    @property
    def folded(self) -> Sequence[Offer]:
        """The composer's other tabs: a telephone has no composer, so there they stand in the menu."""
        return [one for one in self.writing if one is not self.bar]

    @property
    def beside(self) -> Offer | None:
        """The first of them, which stands at the foot of the screen too, where there is room."""
        return next(iter(self.folded), None)


@page(roles=MOVERS)
def move(request: PageRequest, matter_id: UUID, move: str) -> HttpResponse:
    """The form of one move; sent, it makes the move, and with errors it comes back with what was typed."""
    if request.method != "POST":
        return form_alone(request, matter_or_404(request, matter_id), move)
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
    dossier = queries.dossier_of(matter.pk) if made in NAMING or request.POST.get("part") else None
    # one that has just been taken back is still named by the form that did it
    parts = dossier.parts if dossier else None
    form = FORMS[made](request.POST, request.FILES, by=request.actor, **extras(matter, parts))
    try:
        went = form.is_valid() and form.apply(by=request.actor)
    except NotFound:
        # it went between the look and the lock
        raise missing(request, matter_id) from None
    if went:
        now = queries.matter_for(request.actor, matter.pk)
        say_done(request, now or matter, form, dossier)
        # a unit may have passed it on to where it does not see it
        return redirect(address_of(request, matter)) if now else redirect("matters:list")
    form.keep(by=request.actor)
    return act_page(request, matter, Offer(made, form), status=422)


def say_done(request: PageRequest, now: Matter, form: MoveForm, dossier: Dossier | None) -> None:
    """What has been done; who handles it can be undone, to how it stood in ``dossier``."""
    if form.move not in NAMING or dossier is None:
        messages.success(request, done_message(form.move, form))
        return
    before = stint_of(request.actor, dossier)
    fields = {"handler": before.handler_id if before and before.handler_id and before.handler else ""}
    url = reverse("matters:move", args=[now.pk, Move.NAME.value])
    undoable(request, done_message(form.move, form), undo=url, seen=form.token_of(now), **fields)


def done_message(made: Move, form: MoveForm) -> str:
    """What has been done, for the line above the page; where a unit was chosen, with its name."""
    unit = unit_names().get(form.cleaned_data.get("unit") or 0)
    if unit and made in WITH_UNIT:
        return WITH_UNIT[made] % {"unit": unit}
    return _("%(done)s.") % {"done": made.done}


def form_alone(request: PageRequest, matter: Matter, move: str) -> HttpResponse:
    """The page of one move; of one that is not open now, as on the way back to what was done, why it is not."""
    if move not in FORMS:
        raise NotFound("move")
    made, dossier = Move(move), dossier_of(matter.pk)
    offer = next(iter(offers_of(request, matter, dossier, {made})), None)
    if offer is None:
        why = rules.may(made, request.actor, matter.situation) and has_object(made, request.actor, dossier)
        offer = Offer(made, None, _("There is nothing here to do it with.") if why else why.reason)
    if matter.confidential:
        looked(request, "matters.confidential.opened", f"matter:{matter.pk}", number=matter.number)
    if offer.form and offer.form.words:
        # whoever opens a page for a few words is going to write them
        offer.form.fields[offer.form.words].widget.attrs["autofocus"] = True
    return act_page(request, matter, offer)


def address_of(request: PageRequest, matter: Matter) -> str:
    return reverse("matters:detail", args=[matter.pk]) + kept_place(request)


def act_page(request: PageRequest, matter: Matter, offer: Offer, *, status: int = 200) -> HttpResponse:
    context = {"matter": matter, "one": offer, "kept": kept_place(request)}
    return htmx.partial(request, "matters/act.html", "form", context, status=status)


def extras(matter: Matter, parts: Sequence[PartRow] | None = None) -> dict[str, Any]:
    """What the forms need: the matter, its categories, its parts, and the units near it."""
    units = units_for([matter.area.path])
    if parts is None:
        parts = queries.dossier_of(matter.pk).parts if matter.supporting else ()
    return {"matter": matter, "categories": queries.categories(), "units": units, "parts": parts}


def acts_of(request: PageRequest, matter: Matter, dossier: Dossier) -> Acts:
    offers = {one.move: one for one in offers_of(request, matter, dossier)}
    own = request.actor.ref == dossier.declined_by
    carried = Move.SUPERVISE in offers and was_carried_to(request.actor, Rung(matter.rung))
    places = arranged(State(matter.state), offers, to_call_back=dossier.to_call_back, carried=carried, own=own)
    writing, second, more = ([offers[move] for move in moves] for moves in (places.writing, places.second, places.more))
    return Acts(offers[places.main] if places.main else None, writing, second, more, later_ones(request, matter))


def offers_of(request: PageRequest, matter: Matter, dossier: Dossier, only: Iterable[Move] = FORMS) -> list[Offer]:
    """The moves that the actor may make now, with empty forms."""
    situation = matter.situation
    allowed = [
        move
        for move in MATTER.moves_from(situation.state)
        if move in FORMS and move in only and rules.may(move, request.actor, situation)
    ]
    if not allowed:
        return []
    given = extras(matter, dossier.parts) | {"by": request.actor}
    proposed = {"mechanism": matter.mechanism, "category": matter.category_id or "", "handler": matter.handler_id}
    if Move.ASSIGN in allowed:
        for proposal in hooks.proposals(matter, given["categories"], given["units"]):
            proposed |= proposal
    with_object = [move for move in allowed if has_object(move, request.actor, dossier)]
    made = (Offer(move, FORMS[move](initial=proposed, **given)) for move in with_object)
    return [one for one in made if one.form and one.form.possible]


def later_ones(request: PageRequest, matter: Matter) -> list[Offer]:
    refused = [(move, rules.may(move, request.actor, matter.situation)) for move in FORMS]
    return [
        Offer(move, None, decision.reason)
        for move, decision in refused
        if comes_later(move, decision, request.actor, matter.situation)
    ]
