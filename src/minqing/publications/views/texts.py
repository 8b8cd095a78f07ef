"""Preparing and reviewing what the public reads 公开审核."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.core.decision import Decision
from minqing.core.errors import DomainError, NotFound
from minqing.matters.access import matter_or_404
from minqing.matters.queries.publishable import Told
from minqing.org.access import PageRequest, page
from minqing.org.queries import who_changed
from minqing.publications import rules
from minqing.publications.enums import Act, Stage
from minqing.publications.forms import ActForm, PublicationForm
from minqing.publications.lifecycle import PUBLICATION
from minqing.publications.models import Publication
from minqing.publications.queries import drafts as read
from minqing.publications.rules import EDITORS
from minqing.web.paging import page_of

SHOWN = 20
# what leads to the public page is asked of the matter as it stands now; taking off is not
TO_PUBLIC = frozenset({Act.REVIEW, Act.PUBLISH})


@page(roles=EDITORS)
def waiting(request: PageRequest) -> HttpResponse:
    """What waits: drafts for a second person, reviewed ones for the last press, solved matters without a draft."""
    actor = request.actor
    rows = page_of(read.in_hand(actor), request, SHOWN)
    context = {
        "page": rows,
        "mine": actor.id,
        "to_prepare": read.to_prepare(actor, SHOWN),
        "objections": read.objections(actor),
        "on_show": read.on_show(actor)[:SHOWN],
    }
    return render(request, "publications/list.html", context)


@page(roles=EDITORS)
def text(request: PageRequest, matter_id: UUID) -> HttpResponse:
    """The draft beside the original; POST saves it."""
    matter = matter_or_404(request, matter_id)
    found = read.publication_of(matter)
    if request.method != "POST":
        return render_text(request, matter, found, form_of(matter, found))
    form = form_of(matter, found, request.POST)
    if form.is_valid() and form.apply(matter=matter, by=request.actor):
        messages.success(request, _("Saved. Somebody else must review it now."))
        return redirect("publications:text", matter.pk)
    return render_text(request, matter, found, form, status=422)


@page(roles=EDITORS)
@require_POST
def act(request: PageRequest, matter_id: UUID) -> HttpResponse:
    """Reviewed, published, or taken off: one press each."""
    matter = matter_or_404(request, matter_id)
    found = read.publication_of(matter)
    if found is None:
        raise NotFound("publication")
    form = ActForm(request.POST)
    if not form.is_valid():
        return render_text(request, matter, found, form_of(matter, found), status=422)
    try:
        form.apply(publication=found, by=request.actor)
    except DomainError as error:
        status = error.http_status
        page = form_of(matter, found)
        return render_text(request, matter, found, page, error=error.sentence, status=status)
    messages.success(request, _("%(done)s.") % {"done": Act(form.cleaned_data["act"]).done})
    return redirect("publications:list")


def form_of(matter: Told, found: Publication | None, data: Mapping[str, object] | None = None) -> PublicationForm:
    form = PublicationForm(data, initial=initial(matter, found))
    version = found.version if found else 0
    form.stands_at(subject := f"matter:{matter.pk}", version, told=partial(who_changed, subject))
    return form


def initial(matter: Told, found: Publication | None) -> dict[str, Any]:
    if found is not None:
        return {name: getattr(found, name) for name in ("title", "question", "answer", "objection")}
    proposal = read.proposal_for(matter)
    return {"title": proposal.title[:120], "question": proposal.question, "answer": proposal.answer}


def render_text(
    request: PageRequest,
    matter: Told,
    found: Publication | None,
    form: PublicationForm,
    *,
    error: object = "",
    status: int = 200,
) -> HttpResponse:
    stage = Stage(found.state) if found else None
    eligible = read.publishable(matter)
    context = {
        "matter": matter,
        "publication": found,
        "form": form,
        "error": error,
        "eligible": eligible,
        "may_write": decided(request, matter, found, Act.PREPARE, stage),
        "acts": [
            (act, decided(request, matter, found, act, stage) and (eligible if act in TO_PUBLIC else Decision.yes()))
            for act in Act
            if act is not Act.PREPARE and PUBLICATION.target(stage, act)
        ],
        "found": sorted(read.proposal_for(matter).found.items()) if found is None and eligible else [],
    }
    return render(request, "publications/text.html", context, status=status)


def decided(request: PageRequest, matter: Told, found: Publication | None, act: Act, stage: Stage | None) -> Any:
    return rules.may(
        act,
        request.actor,
        stage=stage,
        area_id=matter.area_id,
        prepared_by=found.prepared_by_id if found else None,
        objection=bool(found and found.objection),
    )
