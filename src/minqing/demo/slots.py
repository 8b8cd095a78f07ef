"""What the guided tour adds to other pages: a bar on top of each, and the way to it below the form for signing in."""

from __future__ import annotations

from django.conf import settings

from minqing.demo.views import step_at
from minqing.org.access import PageRequest
from minqing.web.slots import drawn


def bar(request: PageRequest, _about: object) -> str:
    """What is being tried, and the way to the next."""
    step = step_at(request) if settings.DEMO else None
    return drawn(request, "demo/parts/bar.html", {"step": step}) if step else ""


def at_sign_in(request: PageRequest, _about: object) -> str:
    return drawn(request, "demo/parts/at_sign_in.html", {}) if settings.DEMO else ""
