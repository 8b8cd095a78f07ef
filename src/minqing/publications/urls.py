"""Addresses of publications, below those of the matters that they tell of."""

from __future__ import annotations

from django.urls import path

from minqing.publications import views

app_name = "publications"
urlpatterns = [
    path("publications/", views.waiting, name="list"),
    path("<uuid:matter_id>/publication/", views.text, name="text"),
    path("<uuid:matter_id>/publication/act/", views.act, name="act"),
    path("wall/figures/", views.figures, name="figures"),
    path("wall/figures/state/", views.figures_state, name="figures_state"),
]
