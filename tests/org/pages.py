"""Pages that only these tests have, so that the gate is tested apart from any room's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from minqing.config.urls import urlpatterns as real
from minqing.core.errors import NotFound
from minqing.org.access import looked, page
from minqing.org.enums import Role
from minqing.org.models import WorkDay
from minqing.web.forms import SeenMixin


@page()
def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("plain")


@page(roles={Role.CLERK})
def for_clerks(request: HttpRequest) -> HttpResponse:
    return HttpResponse("clerks")


@page(anyone=True)
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.actor.kind)  # type: ignore[attr-defined]


@page()
def writes(request: HttpRequest) -> HttpResponse:
    WorkDay.objects.create(date="2030-01-01", working=True)
    return HttpResponse("written")


class NameForm(SeenMixin):
    name = forms.CharField()


def rename(request: HttpRequest, *, refuses: bool) -> HttpResponse:
    day = WorkDay.objects.get(date="2030-01-01")
    form = NameForm(request.POST or None)
    form.stands_at("day:2030-01-01", day.name)
    if request.method != "POST":
        return HttpResponse(form.token)
    if not form.is_valid() or refuses:
        return HttpResponse("not yet", status=422)
    WorkDay.objects.filter(pk=day.pk).update(name=form.cleaned_data["name"])
    return redirect("/t/renames")


@page(roles={Role.CLERK})
def renames(request: HttpRequest) -> HttpResponse:
    return rename(request, refuses="not" in request.GET)


@page(anyone=True)
def renamed_by_all(request: HttpRequest) -> HttpResponse:
    return rename(request, refuses=False)


@page()
def looks(request: Any) -> HttpResponse:
    looked(request, "households.household.viewed", "household:1", fields=["name"])
    return HttpResponse("seen")


@page()
def hidden(request: HttpRequest, id: object, token: str) -> HttpResponse:
    raise NotFound


@page()
def lost(request: HttpRequest) -> HttpResponse:
    raise Http404


urlpatterns = [
    *real,
    path("t/plain", plain, name="t_plain"),
    path("t/clerks", for_clerks, name="t_clerks"),
    path("t/open", open_to_all, name="t_open"),
    path("t/writes", writes, name="t_writes"),
    path("t/renames", renames, name="t_renames"),
    path("t/renamed", renamed_by_all, name="t_renamed"),
    path("t/looks", looks, name="t_looks"),
    path("t/hidden/<uuid:id>/<str:token>", hidden, name="t_hidden"),
    path("t/lost", lost, name="t_lost"),
]
handler404 = "minqing.web.errors.not_found"
