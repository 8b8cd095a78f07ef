"""Addresses of matters."""

from __future__ import annotations

from django.urls import path

from minqing.matters import views

app_name = "matters"
urlpatterns = [
    path("", views.listing, name="list"),
    path("triage/", views.triage, name="triage"),
    path("triage/<uuid:matter_id>/", views.route, name="route"),
    path("new/", views.new, name="new"),
    path("<uuid:matter_id>/", views.detail, name="detail"),
    path("<uuid:matter_id>/reporter/", views.reporter, name="reporter"),
    path("<uuid:matter_id>/moves/<str:move>/", views.move, name="move"),
    path("<uuid:matter_id>/pictures/<uuid:picture_id>/", views.picture, name="picture"),
]
