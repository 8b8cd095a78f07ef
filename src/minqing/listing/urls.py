"""Lists that somebody keeps. The page of a list stands among the addresses of its room."""

from __future__ import annotations

from django.urls import path

from minqing.listing import views
from minqing.listing.kinds import keepers
from minqing.org.access import page

app_name = "listing"
# all rooms have said by now which lists there are
gate = page(roles=keepers())
urlpatterns = [
    path("", gate(views.kept), name="kept"),
    path("save/", gate(views.keep), name="keep"),
    path("<uuid:filter_id>/drop/", gate(views.drop), name="drop"),
]
