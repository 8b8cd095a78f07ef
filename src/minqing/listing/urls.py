"""Lists that somebody keeps. The page of a list stands among the addresses of its room."""

from __future__ import annotations

from django.urls import path

from minqing.listing import views

app_name = "listing"
urlpatterns = [
    path("", views.kept, name="kept"),
    path("save/", views.keep, name="keep"),
    path("<uuid:filter_id>/drop/", views.drop, name="drop"),
]
