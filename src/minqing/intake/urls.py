"""Addresses of this room. Config puts its gate in front of each, since roles belong to the room above."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from minqing.intake import views

app_name = "intake"


def patterns(gate: Callable[[Any], Any]) -> tuple[list[URLPattern], str]:
    """For ``include``: the addresses, each behind ``gate``."""
    return [
        path("", gate(views.run_list), name="list"),
        path("new/", gate(views.new_run), name="new"),
        path("templates/<slug:kind>/", gate(views.template), name="template"),
        path("<uuid:run>/", gate(views.run_page), name="run"),
        path("<uuid:run>/columns/", gate(views.columns), name="columns"),
        path("<uuid:run>/load/", gate(views.load), name="load"),
        path("<uuid:run>/marked/", gate(views.marked), name="marked"),
    ], app_name
