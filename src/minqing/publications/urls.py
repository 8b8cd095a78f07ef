"""Addresses of publications: below those of the matters that they tell of, and what everybody may read (/open/…)."""

from __future__ import annotations

from django.urls import include, path

from minqing.doorstep.access import as_we_write
from minqing.publications import views
from minqing.publications.views import opened

app_name = "publications"
BEHIND_MATTERS = [
    path("publications/", views.waiting, name="list"),
    path("<uuid:matter_id>/publication/", views.text, name="text"),
    path("<uuid:matter_id>/publication/act/", views.act, name="act"),
    path("wall/figures/", views.figures, name="figures"),
    path("wall/figures/state/", views.figures_state, name="figures_state"),
]
urlpatterns = [
    path("matters/", include(BEHIND_MATTERS)),
    path("open/", opened.start, name="open"),
    path("open/figures/<str:code>", opened.figures, name="open_figures"),
    path("open/matters/<uuid:publication_id>", opened.matter, name="open_matter"),
    # people put a slash behind an address
    path("open/<path:rest>/", as_we_write, name="as_we_write"),
]
