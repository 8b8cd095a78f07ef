"""What the whole house finds for what somebody types."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from minqing.org.access import PageRequest, page
from minqing.web.slots import parts

LONGEST = 60


@page()
def find(request: PageRequest) -> HttpResponse:
    """Sent as a POST, so that no name or number stands in an address, a history or a log; each room adds its own."""
    typed = request.POST.get("text", "").strip()[:LONGEST]
    sections = parts("desk.find", request, typed) if typed else []
    return render(request, "desk/find.html", {"typed": typed, "sections": sections})
