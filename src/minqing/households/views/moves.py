"""Moves of households and people: first where to, then what that touches, then it is done; and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minqing.households import services
from minqing.households.enums import Relation
from minqing.households.forms import MoveForm, MoveHomesForm
from minqing.households.models import Household, Move, Resident
from minqing.households.queries import visible_resident
from minqing.households.queries.duplicates import left_behind
from minqing.households.queries.files import village_of
from minqing.households.queries.moves import (
    may_move_home,
    may_move_person,
    may_undo_moves,
    moves_together,
    touched,
)
from minqing.org.access import PageRequest, page
from minqing.org.enums import FIELD
from minqing.org.queries import who_changed
from minqing.web.forms import Press

both = require_http_methods(["GET", "HEAD", "POST"])


def asked(request: PageRequest, form: forms.BaseForm, *, title: str, back: str) -> HttpResponse:
    """Where to: asks, and writes nothing; 422 when something in it is not right."""
    context = {"form": form, "title": title, "back": back}
    return render(request, "households/move_where.html", context, status=422 if form.is_bound else 200)


def press_at(what: str, rows: Sequence[Household | Resident], data: Mapping[str, object] | None = None) -> Press:
    """Pressed on households or a person as they stood there."""
    return Press(f"move:{what}", [(one.pk, one.changed_at, one.area_id) for one in rows], data=data)


@page(roles=FIELD)
@both
def move(request: PageRequest) -> HttpResponse:
    given = request.POST or (request.GET if "area" in request.GET else None)
    form = MoveHomesForm(given or None, actor=request.actor, initial={"numbers": request.GET.get("numbers", "")})
    if not (form.is_bound and form.is_valid()):
        return asked(request, form, title=_("Move households to another village or grid"),
                     back=reverse("households:list"))  # fmt: skip
    homes, area = form.homes, form.cleaned_data["area"]
    if request.method == "POST":
        press_at("homes", homes, request.POST).is_new()
        done = services.move_households(
            id=form.cleaned_data["request_id"],
            household_ids=[one.pk for one in homes],
            area_id=area,
            by=request.actor,
        )
        messages.success(request, _("Moved."))
        return redirect("households:moved", done[0].together)
    going = [one for one in homes if one.area_id != area]
    refused = next((no for one in going if not (no := may_move_home(request.actor, one, area))), None)
    context = {
        "homes": [(one, village_of(one)) for one in going],
        "staying": len(homes) - len(going),
        "into": form.area_name,
        "held": touched([one.pk for one in going]),
        "refused": refused,
        "press": press_at("homes", homes),
        "once": form.cleaned_data["request_id"],
        "sent": {"numbers": form.cleaned_data["numbers"], "area": area},
        "back": reverse("households:move"),
    }
    return render(request, "households/move_homes.html", context)


@page(roles=FIELD)
@both
def move_person(request: PageRequest, resident_id: UUID) -> HttpResponse:
    person = visible_resident(request.actor, resident_id)
    given = request.POST or (request.GET if "number" in request.GET else None)
    form = MoveForm(given or None, actor=request.actor)
    title = _("Move %(name)s to another household") % {"name": person.name}
    if not (form.is_bound and form.is_valid()):
        return asked(request, form, title=title, back=reverse("households:file", args=[person.household_id]))
    target, relation = form.target, Relation(form.cleaned_data["relation"])
    decision = may_move_person(request.actor, person, target, relation)
    if request.method == "POST":
        if press_at("person", [person], request.POST).is_new():
            services.move_resident(resident_id=person.pk, household_id=target.pk, relation=relation, by=request.actor)
            messages.success(request, _("Moved."))
        return redirect("households:file", target.pk)
    context = {
        "title": title,
        "person": person,
        "target": target,
        "village": village_of(target),
        "relation": relation.label,
        "held": touched((), person=person.pk),
        "leaves": left_behind(request.actor, person, target.pk),
        "refused": None if decision else decision,
        "press": press_at("person", [person]),
        "sent": {"number": target.number, "relation": relation.value},
        "back": reverse("households:person_move", args=[person.pk]),
    }
    return render(request, "households/move_person.html", context)


def undo_press(rows: Sequence[Move], data: Mapping[str, object] | None = None) -> Press:
    stands = [(row.undone_at, row.household.changed_at, row.household.area_id) for row in rows]
    told = partial(who_changed, f"household:{rows[0].household_id}")
    return Press(f"moves:{rows[0].together}", stands, told=told, data=data)


@page(roles=FIELD)
@require_safe
def moved(request: PageRequest, together: UUID) -> HttpResponse:
    """What went by one press, where from, and the button that takes it back, or why it cannot be."""
    rows = moves_together(request.actor, together)
    decision = may_undo_moves(request.actor, rows)
    context: dict[str, Any] = {
        "rows": rows,
        "first": rows[0],
        "decision": decision,
        "press": undo_press(rows) if decision else None,
    }
    return render(request, "households/moved.html", context)


@page(roles=FIELD)
@require_POST
def take_back(request: PageRequest, together: UUID) -> HttpResponse:
    rows = moves_together(request.actor, together)
    if undo_press(rows, request.POST).is_new():
        services.undo_move(together=together, by=request.actor)
        messages.success(request, _("Taken back: all is where it was before."))
    return redirect("households:moved", together)
