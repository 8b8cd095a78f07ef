"""Addresses of the door: /h/… is a code at a household's door. Rooms above have pages of their own below it."""

from __future__ import annotations

from django.urls import path

from minqing.doorstep import views
from minqing.doorstep.access import as_we_write

app_name = "doorstep"
urlpatterns = [
    # before the codes: none of those is this short
    path("h/check", views.check, name="check"),
    path("h/who", views.who, name="who_at_plate"),
    path("h/<str:token>/who", views.who, name="who"),
    path("h/<str:token>", views.door, name="door"),
    # people and scanners put a slash behind an address, and some scanners write it in capitals
    *(path(written, as_we_write, name="as_we_write") for written in ("h/<path:rest>/", "H/<path:rest>")),
]
