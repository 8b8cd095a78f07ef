"""What this room adds to pages of others."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from minqing.notify.queries.channels import Shown, channels_shown
from minqing.web.pieces import OFF, Channel


def on_operator(request: HttpRequest, now: datetime) -> list[Channel]:
    """The ways by which messages leave."""
    return [
        Channel(one.channel.label, one.state, one.seen, address(one), one.at, _("Try it") if one.state != OFF else "")
        for one in channels_shown(now)
    ]


def address(one: Shown) -> str:
    return reverse("channels:channel", args=[one.channel.value])
