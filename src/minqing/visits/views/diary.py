"""Writing the diary: one screen on the phone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from minqing.core.errors import DomainError, TwoTexts
from minqing.files.queries import pictures_sent_by
from minqing.files.services import store_pictures
from minqing.hazards.protocols import ChecklistLike
from minqing.hazards.queries.checklists import checklists_by, current_checklists
from minqing.households.protocols import HouseholdLike
from minqing.households.queries import members_of, visible_household
from minqing.matters.queries import categories, said_at_door, to_ask_at_door
from minqing.matters.queries.asking import MOST_ASKED
from minqing.org.access import PageRequest, page
from minqing.visits.forms.asking import WordForms
from minqing.visits.forms.diary import DiaryForm
from minqing.visits.models import Visit
from minqing.visits.queries import member_label, written_today
from minqing.visits.rules import CLOSED_FILE, MOST_HAZARDS, WRITERS
from minqing.visits.services import make_promise, record_visit

# a select shows no other white space at the beginning
INDENT = "\u3000"
NOTE: Final = re.compile(r"note_([1-9]\d{0,8})")


@page(roles=WRITERS)
def new_visit(request: PageRequest, household_id: UUID) -> HttpResponse:
    """The form of a visit; what was typed comes back with every error, photos that arrived stay."""
    household = visible_household(request.actor, household_id)
    kept = already_sent(request)
    asked = WordForms(to_ask_at_door(request.actor, household_id)[:MOST_ASKED], request.POST or None)
    form = DiaryForm(
        request.POST or None,
        request.FILES or None,
        lists=lists_of(request.POST),
        members=[(str(one.id), member_label(one)) for one in members_of(request.actor, household_id)],
        categories=[(one.code, category_label(one)) for one in categories()],
        kept=[(str(one.pk), one.name) for one in kept],
    )
    status = 200
    if request.method == "POST":
        try:
            # both are looked at, so that all errors stand there at once
            if all([form.is_valid(), asked.is_valid()]):
                visit = save(request, form, household, asked)
                say_saved(request, visit, asked)
                return redirect("visits:detail", visit.pk)
            status = 422
        except TwoTexts:
            raise
        except DomainError as error:
            # on the form, not on a page of its own: that would lose what was typed
            form.add_error(None, str(error.sentence))
            status = error.http_status
        kept = [*kept, *keep_pictures(request, form)]
    # whoever came back to the form is told that it was stored, and where it stands
    written = written_today(request.actor, household_id) if request.method != "POST" else None
    context = {"form": form, "household": household, "kept": kept, "asked": asked.shown, "written": written}
    return render(request, "visits/new.html", context, status=status)


def lists_of(data: Mapping[str, str]) -> Sequence[ChecklistLike]:
    """Those by which the form was filled in; before it is, those in force."""
    named = [int(found[1]) for name in data if (found := NOTE.fullmatch(name))]
    return checklists_by(named[:MOST_HAZARDS]) if data else list(current_checklists())


def save(request: PageRequest, form: DiaryForm, household: HouseholdLike, asked: WordForms) -> Visit:
    data = form.cleaned_data
    with transaction.atomic():
        pictures = store_pictures(request_id=data["request_id"], pictures=data["pictures"], by=request.actor)
        visit: Visit = record_visit(
            id=data["request_id"],
            household=household,
            visited_at=form.visited_at(),
            day=data["visited_on"],
            met=data["met"],
            met_resident_ids=data["met_residents"],
            met_people=data["met_people"],
            text=data["text"],
            hazards=form.seen(),
            picture_ids=[*data["kept"], *pictures],
            point=form.point(),
            matter=form.matter(),
            words=asked.words(),
            sent_at=data["sent_at"],
            by=request.actor,
        )
        if promised := form.promised():
            make_promise(**promised, visit=visit, by=request.actor)
        return visit


def say_saved(request: PageRequest, visit: Visit, asked: WordForms) -> None:
    messages.success(request, _("The diary is saved."))
    if visit.household.closed_at is not None:
        messages.warning(request, CLOSED_FILE)
    if words := asked.words():
        heard = said_at_door(request.actor, visit.pk, visit.household_id)
        if {word.matter_id for word in words} - {one.matter_id for one in heard}:
            told = _("One of the matters had been settled in the meantime: what was said of it here is not counted.")
            messages.warning(request, told)


def keep_pictures(request: PageRequest, form: DiaryForm) -> Sequence[Any]:
    """Store the good photos of a form that has errors elsewhere: a browser forgets chosen files."""
    pictures, request_id = form.cleaned_data.get("pictures"), form.cleaned_data.get("request_id")
    if not pictures or not request_id:
        return []
    ids = store_pictures(request_id=request_id, pictures=pictures, by=request.actor)
    return list(pictures_sent_by(request.actor, ids))


def already_sent(request: PageRequest) -> list[Any]:
    """Photos of an earlier attempt that the form still wants; only those that this person sent."""
    ids = []
    for text in request.POST.getlist("kept"):
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return list(pictures_sent_by(request.actor, ids)) if ids else []


def category_label(category: Any) -> str:
    return INDENT * (category.level - 1) + str(category.called)
