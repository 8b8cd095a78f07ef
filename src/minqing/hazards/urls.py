"""Hazards and their checklists, all of the staff's."""

from __future__ import annotations

from django.urls import path

from minqing.hazards.views import checklists, hazards

app_name = "hazards"
urlpatterns = [
    path("hazards/", hazards.listed, name="list"),
    path("hazards/new", hazards.new, name="new"),
    path("hazards/export", hazards.export, {"kind": "hazards"}, name="export"),
    path("hazards/checklists/", checklists.checklists, name="checklists"),
    path("hazards/checklists/new", checklists.add, name="add_checklist"),
    path("hazards/checklists/<slug:code>", checklists.checklist, name="checklist"),
    path("hazards/<uuid:hazard_id>/", hazards.detail, name="detail"),
    path("hazards/<uuid:hazard_id>/put-right", hazards.put_right, name="put_right"),
    path("hazards/<uuid:hazard_id>/photos/<uuid:photo_id>", hazards.photo, name="photo"),
    path("hazards/<uuid:hazard_id>/<slug:verb>", hazards.move, name="move"),
]
