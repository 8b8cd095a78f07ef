"""Machines: the staff's pages, the person's in front of one behind the picture on its screen, and the machine's own."""

from __future__ import annotations

from django.urls import path

from minqing.machines import api
from minqing.machines.views import door, staff

app_name = "machines"
urlpatterns = [
    path("machines/", staff.machines, name="list"),
    path("machines/new", staff.new, name="new"),
    path("machines/<slug:code>/", staff.machine, name="machine"),
    path("machines/<slug:code>/slots/<int:number>", staff.slot, name="slot"),
    path("machines/<slug:code>/key", staff.key, name="key"),
    path("machines/<slug:code>/lock", staff.lock, name="lock"),
    path("machines/<slug:code>/exchanges/<uuid:vend_id>", staff.decide, name="decide"),
    path("machine/turn", api.turn, name="turn"),
    path("v/<slug:code>/exchange/<uuid:vend_id>", door.vend, name="vend"),
    path("v/<slug:code>/<slug:picture>", door.scan, name="scan"),
    path("v/<slug:code>/<slug:picture>/choose", door.choose, name="choose"),
]
