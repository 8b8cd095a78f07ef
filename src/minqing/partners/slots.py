"""What this room adds to pages of others."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minqing.partners.queries.pushing import Pushed, pushed
from minqing.web.pieces import LOOK, OFF, STOPPED, WELL, Channel


def on_operator(request: HttpRequest, now: datetime) -> list[Channel]:
    """Other systems to which events are sent, each as it works."""
    return [
        Channel(one.name, state(one), seen(one), reverse("partners:list"), one.last, _("See") if one.dead else "")
        for one in pushed(at=now)
    ]


def state(one: Pushed) -> str:
    if not one.active:
        return STOPPED if one.dead else OFF
    return LOOK if one.dead or one.failing else WELL


def seen(one: Pushed) -> str:
    if one.dead:
        return ngettext("%(count)d event was not taken", "%(count)d events were not taken", one.dead) % {
            "count": one.dead
        }
    if not one.active:
        return _("switched off")
    if one.failing:
        return _("does not answer; it is tried again")
    return ngettext("%(count)d event sent in the last day", "%(count)d events sent in the last day", one.sent) % {
        "count": one.sent
    }
