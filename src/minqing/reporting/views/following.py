"""One matter as its reporter reads and answers it: behind the private link, or with the slip through a helper."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.errors import DomainError, TwoTexts
from minqing.doorstep.access import DoorRequest
from minqing.matters.enums import OPEN, Move, State
from minqing.matters.rules import may
from minqing.reporting import queries, rules, services, words
from minqing.reporting.forms import AddForm, AgainForm, AppealForm, SlipWordForm, WordForm

AnyForm = AddForm | AgainForm | AppealForm | WordForm


def read_or_answer(request: DoorRequest, found: queries.Followed, *, page: str) -> HttpResponse:
    """The page of that name: shown, or with what was typed taken and then shown again."""
    if request.method != "POST":
        return show_matter(request, found)
    word = SlipWordForm if found.actor.on_behalf else WordForm
    forms: dict[str, type[AnyForm]] = {"add": AddForm, "again": AgainForm, "appeal": AppealForm}
    kind = forms.get(request.POST.get("form", ""), word)
    if not request.allowed:
        # photos are not even looked at
        form = kind(request.POST)
        return show_matter(request, found, form, error=_("That was too often. Please wait a few minutes."), status=429)
    form = kind(request.POST, request.FILES)
    if not form.is_valid():
        keep_photos(found, form)
        return show_matter(request, found, form, status=422)
    try:
        answer(found, form)
    except TwoTexts:
        raise
    except DomainError as error:
        keep_photos(found, form)
        return show_matter(request, found, form, error=error.sentence, status=error.http_status)
    return redirect(page, ticket=found.ticket)


def keep_photos(found: queries.Followed, form: AnyForm) -> None:
    if isinstance(form, AddForm):
        with found.opened() as by:
            form.keep(by=by)


def answer(found: queries.Followed, form: AnyForm) -> None:
    data = form.cleaned_data
    if isinstance(form, AppealForm):
        services.appeal(id=data["request_id"], followed=found, reason=data["reason"])
        return
    if isinstance(form, AddForm):
        services.add_to_report(
            id=data["request_id"],
            followed=found,
            text=data["text"],
            pictures=data["photos"],
            kept=[one.pk for one in form.kept],
        )
        return
    if isinstance(form, AgainForm):
        services.open_again(id=data["request_id"], followed=found, reason=data["reason"])
        return
    services.give_word(
        id=data["request_id"],
        followed=found,
        answered=data.get("answered", "yes") == "yes",
        solved=data["solved"] == "yes",
        satisfaction=int(data["satisfaction"]) if data["satisfaction"] else None,
        text=data["text"],
    )


def show_matter(
    request: HttpRequest, found: queries.Followed, form: Form | None = None, *, error: object = "", status: int = 200
) -> HttpResponse:
    matter = found.matter
    story = queries.story_of(found)
    context: dict[str, Any] = {
        "layout": "reporting/helped.html" if found.actor.on_behalf else "web/resident.html",
        "found": found,
        "matter": matter,
        "state": words.state_of(matter),
        "way": words.way_of(matter),
        "lines": words.lines_of(story.steps, story.heard),
        "own_pictures": story.own_pictures,
        "promise": words.promise_of(matter, clock.now()),
        "outcome": words.outcome_of(matter),
        "contacts": queries.contacts_for(matter),
        "error": error,
    }
    if matter.state == State.FINISHED:
        # it is read before it is judged; matters from elsewhere may have come without their steps
        context["reply"], context["lines"] = words.reply_first(context["lines"])
    context |= questions_to(found, form)
    return render(request, "reporting/follow.html", context, status=status)


def questions_to(found: queries.Followed, form: object) -> dict[str, object]:
    """The form that is open now, or why there is none."""
    matter = found.matter
    if matter.state == State.DECLINED:
        return {"appeal": form if isinstance(form, AppealForm) else AppealForm()}
    if matter.state == State.FINISHED:
        if refusal := refused(Move.CONFIRM, found):
            return {"refusal": refusal}
        return {"word": form if isinstance(form, WordForm) else blank_word(found)}
    if matter.state == State.CONFIRMED:
        if not rules.may_reopen(closed_at=matter.closed_at, now=clock.now()):
            return {"too_old": True}
        if refusal := refused(Move.REOPEN, found):
            return {"refusal": refusal}
        return {"again": form if isinstance(form, AgainForm) else AgainForm()}
    if matter.state in OPEN and not refused(Move.NOTE, found):
        return {"add": form if isinstance(form, AddForm) else AddForm()}
    return {}


def refused(move: Move, found: queries.Followed) -> Any:
    """Why the one who acts for the reporter may not make the move; empty where nothing speaks against it."""
    decision = may(move, found.actor, found.matter.situation)
    return "" if decision else decision.reason


def blank_word(found: queries.Followed) -> WordForm:
    return SlipWordForm() if found.actor.on_behalf else WordForm()
