"""The worklist, and lists that somebody keeps. The page of a list stands among the addresses of its room."""

from __future__ import annotations

from django.urls import path

from minqing.listing import views
from minqing.listing.kinds import keepers, workers
from minqing.org.access import page

app_name = "listing"
# all rooms have said by now which lists there are
gate = page(roles=keepers())
urlpatterns = [
    path("worklist/", page(roles=workers())(views.worklist), name="worklist"),
    path("matters/lists/", gate(views.kept), name="kept"),
    path("matters/lists/save/", gate(views.keep), name="keep"),
    path("matters/lists/<uuid:filter_id>/drop/", gate(views.drop), name="drop"),
]
