"""Canned replies."""

from __future__ import annotations

from functools import partial as partial_of
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.core.errors import NotFound
from minqing.matters import services
from minqing.matters.access import MOVERS, matter_or_404
from minqing.matters.enums import State
from minqing.matters.forms.phrases import PhraseForm
from minqing.matters.models import Matter, Phrase
from minqing.matters.queries.phrases import phrase_for, phrases_for, phrases_of
from minqing.matters.rules import phrases
from minqing.org.access import PageRequest, page
from minqing.org.enums import DESK
from minqing.org.queries import who_changed
from minqing.web.forms import Data, Press, was_sent_again
from minqing.web.htmx import partial
from minqing.web.templatetags.mq import day_text


@page(roles=DESK)
def phrase_list(request: PageRequest, phrase_id: UUID | None = None) -> HttpResponse:
    """All that the actor works with, and the form for a new one or for the one that is to be changed."""
    changing = phrase_for(request.actor, phrase_id) if phrase_id else None
    if phrase_id and changing is None:
        raise NotFound("phrase")
    form = PhraseForm(request.POST or None, actor=request.actor, changing=changing, initial=initial(changing))
    if form.is_bound and form.is_valid() and form.apply(by=request.actor):
        messages.success(request, _("Saved."))
        return redirect("matters:phrases")
    rows = [
        (one, phrases.may_write(request.actor, unit_id=one.unit_id, area_id=one.area_id), press_of(one))
        for one in phrases_of(request.actor)
    ]
    context = {"form": form, "rows": rows, "changing": changing}
    return render(request, "matters/phrases.html", context, status=422 if form.is_bound else 200)


def initial(phrase: Phrase | None) -> dict[str, Any]:
    if phrase is None:
        return {}
    whose = f"u{phrase.unit_id}" if phrase.unit_id else f"a{phrase.area_id}"
    return {"title": phrase.title, "text": phrase.text, "whose": whose}


def press_of(phrase: Phrase, data: Data = None) -> Press:
    """The button that throws a reply away: pressed on these words."""
    subject = f"phrase:{phrase.pk}"
    return Press(subject, [phrase.title, phrase.text], told=partial_of(who_changed, subject), data=data)


@page(roles=DESK)
@require_POST
def phrase_drop(request: PageRequest, phrase_id: UUID) -> HttpResponse:
    phrase = phrase_for(request.actor, phrase_id)
    if phrase is None:
        if was_sent_again():
            return redirect("matters:phrases")
        raise NotFound("phrase")
    press_of(phrase, request.POST).is_new()
    services.drop_phrase(phrase=phrase, by=request.actor)
    messages.success(request, _("Deleted."))
    return redirect("matters:phrases")


@page(roles=MOVERS)
def phrases_here(request: PageRequest, matter_id: UUID) -> HttpResponse:
    """Those that fit the matter, filled in: a press puts one where somebody types."""
    matter = matter_or_404(request, matter_id)
    values = values_of(matter)
    rows = [(one.title, phrases.filled(one.text, values)) for one in phrases_for(request.actor, matter)]
    context = {"matter": matter, "rows": rows, "may_write": request.actor.has(*DESK)}
    return partial(request, "matters/phrases_here.html", "rows", context)


def values_of(matter: Matter) -> dict[str, str]:
    return {
        "number": matter.number,
        "unit": matter.holder.name if matter.holder else "",
        "area": matter.area.name,
        # until a unit has it, the deadline is the clerk's own
        "due": day_text(matter.due_at) if matter.state != State.RECEIVED else "",
    }
