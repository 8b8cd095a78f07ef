"""What the whole house finds for what somebody types."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from minqing.core.errors import NotFound
from minqing.org.access import PageRequest, page
from minqing.web.slots import parts, parts_for

LONGEST = 60


@page()
def find(request: PageRequest) -> HttpResponse:
    """Sent as a POST, so that no name or number stands in an address, a history or a log; each room adds its own.

    For a post for which no room finds anything there is no search.
    """
    if not parts_for("desk.find", request):
        raise NotFound("find")
    typed = request.POST.get("text", "").strip()[:LONGEST]
    sections = parts("desk.find", request, typed) if typed else []
    return render(request, "desk/find.html", {"typed": typed, "sections": sections})
