"""Forms that correct a household's file by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from minqing.core.errors import Conflict, Invalid, TwoTexts
from minqing.households import services
from minqing.households.enums import Relation, Sex
from minqing.households.forms import HouseholdForm, PersonForm
from minqing.households.models import Household, Resident
from minqing.households.queries import members_of, visible_household, visible_resident
from minqing.households.rules import may_take_in
from minqing.org.access import PageRequest, page
from minqing.org.enums import FIELD
from minqing.org.queries import who_changed
from minqing.org.services import KEEP
from minqing.web.forms import Press, SeenMixin

both = require_http_methods(["GET", "HEAD", "POST"])


def show(request: PageRequest, form: forms.BaseForm, **context: Any) -> HttpResponse:
    """The one template of these forms; 422 when something in the form is not right."""
    status = 422 if form.is_bound else 200
    if row := context.get("person") or context.get("household"):
        context["press"] = press_of(row)
    return render(request, "households/form.html", {"form": form, **context}, status=status)


def press_of(row: Household | Resident, data: Mapping[str, object] | None = None) -> Press:
    """A button beside the form: pressed on a person or a household as it stood there."""
    subject = f"household:{row.household_id if isinstance(row, Resident) else row.pk}"
    return Press(subject, [row.pk, row.changed_at, row.area_id], told=partial(who_changed, subject), data=data)


def done(request: PageRequest, household_id: UUID) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("households:file", household_id)


@page(roles=FIELD)
@both
def add(request: PageRequest) -> HttpResponse:
    form = HouseholdForm(request.POST or None, actor=request.actor)
    if form.is_valid():
        data = form.cleaned_data
        try:
            household = services.add_household(
                id=data["request_id"],
                number=data["number"],
                area_id=data["area"],
                address=data["address"],
                note=data["note"],
                by=request.actor,
            )
            return done(request, household.pk)
        except TwoTexts:
            raise
        except (Conflict, Invalid) as error:
            form.add_error("number", error.sentence)
    return show(request, form, title=_("New household"))


@page(roles=FIELD)
@both
def edit(request: PageRequest, household_id: UUID) -> HttpResponse:
    household = visible_household(request.actor, household_id)
    initial = {"address": household.address, "note": household.note}
    form = HouseholdForm(request.POST or None, actor=request.actor, known=True, initial=initial)
    set_version(form, household.pk, household.changed_at)
    if form.is_valid():
        data = form.cleaned_data
        services.save_household(
            number=household.number,
            area_id=household.area_id,
            address=data["address"],
            note=data["note"],
            by=request.actor,
        )
        return done(request, household.pk)
    lived_in = bool(members_of(request.actor, household.pk))
    return show(request, form, title=household.number, household=household, may_close=not lived_in, lived_in=lived_in)


@page(roles=FIELD)
@require_POST
def close(request: PageRequest, household_id: UUID) -> HttpResponse:
    press_of(visible_household(request.actor, household_id), request.POST).is_new()
    services.close_household(household_id=household_id, by=request.actor)
    messages.success(request, _("The file is closed and its code no longer opens anything."))
    return redirect("households:list")


@page(roles=FIELD)
@both
def add_person(request: PageRequest, household_id: UUID) -> HttpResponse:
    household = visible_household(request.actor, household_id)
    decision = may_take_in(closed=household.closed_at is not None)
    if request.method != "POST" and not decision:
        raise Conflict(decision.code, decision.reason)
    form = PersonForm(request.POST or None)
    if form.is_valid() and save(request, form, household.pk, form.cleaned_data["request_id"], new=True):
        return done(request, household.pk)
    return show(request, form, title=_("Add a person"), household=household)


@page(roles=FIELD)
@both
def edit_person(request: PageRequest, resident_id: UUID) -> HttpResponse:
    """Numbers on file are not shown in the form; what is left empty stays."""
    person = visible_resident(request.actor, resident_id)
    masked = next((one for one in members_of(request.actor, person.household_id) if one.id == person.pk), None)
    form = PersonForm(request.POST or None, masked=masked, initial=initial_of(person))
    set_version(form, person.household_id, person.changed_at)
    if form.is_valid() and save(request, form, person.household_id, person.pk, new=False):
        return done(request, person.household_id)
    return show(request, form, title=person.name, household=person.household, person=person)


def set_version(form: SeenMixin, household_id: UUID, changed_at: datetime) -> None:
    """What is changed is of the version that the form was made from: a household, with its people, at a time."""
    subject = f"household:{household_id}"
    form.stands_at(subject, changed_at, told=partial(who_changed, subject))


def initial_of(person: Resident) -> dict[str, object]:
    return {name: getattr(person, name) for name in ("name", "relation", "sex", "born_on", "lives_here")}


def save(request: PageRequest, form: PersonForm, household_id: UUID, id: UUID, *, new: bool) -> bool:
    """Save what the form holds; a refusal is put into the form, so that nothing typed is lost."""
    data = form.cleaned_data
    empty: Any = "" if new else KEEP
    store: Any = services.add_resident if new else services.save_resident
    made = form.tried(
        lambda: store(
            id=id,
            household_id=household_id,
            name=data["name"],
            relation=Relation(data["relation"]),
            sex=Sex(data["sex"]),
            born_on=data["born_on"],
            phone=data["phone"] or empty,
            identity_number=data["identity_number"] or empty,
            lives_here=data["lives_here"],
            by=request.actor,
        )
    )
    return made is not None


@page(roles=FIELD)
@require_POST
def person_left(request: PageRequest, resident_id: UUID) -> HttpResponse:
    person = visible_resident(request.actor, resident_id, left=True)
    # tapped twice, or by two: that somebody has left is no news
    if person.left_at is None:
        press_of(person, request.POST).is_new()
        services.leave_household(resident_id=resident_id, by=request.actor)
    return done(request, person.household_id)
