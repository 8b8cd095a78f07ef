"""Addresses of residents' matters: below a code at a door (/h/…), and private links to one matter (/m/…)."""

from __future__ import annotations

from django.urls import path

from minqing.doorstep.access import as_we_write
from minqing.reporting.views import follows, reports, slips

app_name = "reporting"
OTHERWISE = ("m/<path:rest>/", "M/<path:rest>", "follow/")
urlpatterns = [
    path("slip/", slips.slip, name="slip"),
    path("slip/<str:ticket>/", slips.helped, name="helped"),
    path("follow", follows.find, name="find"),
    path("h/<str:token>/report", reports.report, name="report"),
    path("h/<str:token>/questions", reports.questions, name="questions"),
    # before the tickets: they hold no slash
    *(path(written, as_we_write, name="as_we_write") for written in OTHERWISE),
    path("m/<str:ticket>", follows.follow, name="follow"),
    path("m/<str:ticket>/thanks", reports.thanks, name="thanks"),
    path("m/<str:ticket>/photos/<uuid:picture_id>", follows.photo, name="photo"),
    path("m/<str:ticket>/pictures/<uuid:picture_id>", follows.picture, {"small": False}, name="picture"),
    path("m/<str:ticket>/pictures/<uuid:picture_id>/small", follows.picture, {"small": True}, name="thumbnail"),
]
