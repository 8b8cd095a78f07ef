"""Addresses of this room. Config puts its gate in front of each, since roles belong to the room above."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from minqing.notify import views

app_name = "notify"


def patterns(gate: Callable[[Any], Any]) -> tuple[list[URLPattern], str]:
    """For ``include``: the addresses, each behind ``gate``."""
    return [
        path("", gate(views.notice_list), name="list"),
        path("bell/", gate(views.bell), name="bell"),
        path("choices/", gate(views.choices), name="choices"),
        path("read/", gate(views.read_all), name="read_all"),
        path("<uuid:notice>/open/", gate(views.open_notice), name="open"),
    ], app_name


def operator_patterns(gate: Callable[[Any], Any]) -> tuple[list[URLPattern], str]:
    """The operator's pages of the ways out of the house."""
    return [
        path("", gate(views.channels), name="list"),
        path("<slug:code>/", gate(views.channel), name="channel"),
        path("<slug:code>/again/", gate(views.again), name="again"),
    ], "channels"
