"""What this room adds to pages of other rooms."""

from __future__ import annotations

from django.conf import settings as django_settings

from minqing.machines.agent import FILE, settings
from minqing.org.access import PageRequest
from minqing.web.slots import drawn


def on_tour(request: PageRequest, _about: object) -> str:
    """The way to the screen of the machine that runs beside the demo, on the computer that it runs on."""
    try:
        read = settings.read(django_settings.VAR / "beside" / FILE)
    except settings.Unusable:
        return ""
    return drawn(request, "machines/parts/on_tour.html", {"screen": f"http://127.0.0.1:{read.port}/"})
