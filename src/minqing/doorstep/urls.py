"""Addresses of the residents' pages: /h/… is a code at a door, /m/… a private link to one matter."""

from __future__ import annotations

from django.urls import path

from minqing.doorstep import open_pages, slips, views

app_name = "doorstep"
OTHERWISE = ("h/<path:rest>/", "H/<path:rest>", "m/<path:rest>/", "M/<path:rest>", "open/<path:rest>/", "follow/")
urlpatterns = [
    path("open/", open_pages.start, name="open"),
    path("open/figures/<str:code>", open_pages.figures, name="open_figures"),
    path("open/matters/<uuid:publication_id>", open_pages.matter, name="open_matter"),
    path("slip/", slips.slip, name="slip"),
    path("slip/<str:ticket>/", slips.helped, name="helped"),
    path("follow", views.find, name="find"),
    # before the codes: none of those is this short
    path("h/check", views.check, name="check"),
    path("h/<str:token>", views.door, name="door"),
    # people and scanners put a slash behind an address, and some scanners write it in capitals
    *(path(written, views.as_we_write, name="as_we_write") for written in OTHERWISE),
    path("h/<str:token>/report", views.report, name="report"),
    path("h/<str:token>/questions", views.questions, name="questions"),
    path("h/<str:token>/cadre", views.cadre, name="cadre"),
    path("m/<str:ticket>", views.follow, name="follow"),
    path("m/<str:ticket>/thanks", views.thanks, name="thanks"),
    path("m/<str:ticket>/photos/<uuid:picture_id>", views.photo, name="photo"),
    path("m/<str:ticket>/pictures/<uuid:picture_id>", views.picture, {"small": False}, name="picture"),
    path("m/<str:ticket>/pictures/<uuid:picture_id>/small", views.picture, {"small": True}, name="thumbnail"),
]
