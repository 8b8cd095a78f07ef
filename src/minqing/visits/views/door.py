"""What residents read of visits: who looks after their household."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from minqing.doorstep.access import resident_page, unknown
from minqing.doorstep.queries import contacts_of, door_of
from minqing.visits.queries import cadres_at


@resident_page()
def cadre(request: HttpRequest, token: str) -> HttpResponse:
    """Who looks after the household, and the offices' own telephone numbers."""
    found = door_of(token)
    if found is None:
        return unknown(request)
    cadres = cadres_at(found.household_id, found.area_id)
    context = {"door": found, "cadres": cadres, "contacts": contacts_of(found.area_path)}
    return render(request, "visits/cadre.html", context)
