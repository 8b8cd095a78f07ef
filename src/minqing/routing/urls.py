"""Addresses of routing, below those of the matters that it is about."""

from __future__ import annotations

from django.urls import path

from minqing.routing import views

app_name = "routing"
urlpatterns = [
    path("bulk/", views.bulk, name="bulk"),
    path("bulk/undo/", views.bulk_undo, name="bulk_undo"),
    path("triage/", views.triage, name="triage"),
    path("triage/<uuid:matter_id>/", views.route, name="route"),
    path("triage/<uuid:matter_id>/undo/", views.undo, name="undo"),
    path("routes/", views.routes, name="routes"),
    path("routes/draft/", views.routes_draft, name="routes_draft"),
    path("routes/rules/<uuid:route_id>/matters/", views.route_matters, name="route_matters"),
    path("routes/<uuid:set_id>/", views.routes_set, name="routes_set"),
    path("routes/<uuid:set_id>/try/", views.routes_try, name="routes_try"),
    path("routes/<uuid:set_id>/replay/", views.routes_replay, name="routes_replay"),
    path("routes/<uuid:set_id>/moves/<str:move>/", views.routes_move, name="routes_move"),
    path("routes/<uuid:set_id>/rules/new/", views.route_new, name="route_new"),
    path("routes/<uuid:set_id>/rules/<uuid:route_id>/", views.route_edit, name="route_edit"),
    path("routes/<uuid:set_id>/rules/<uuid:route_id>/<str:verb>/", views.route_do, name="route_do"),
    path("routes/<uuid:set_id>/cases/new/", views.case_new, name="case_new"),
    path("routes/<uuid:set_id>/cases/<uuid:case_id>/", views.case_edit, name="case_edit"),
    path("routes/<uuid:set_id>/cases/<uuid:case_id>/drop/", views.case_drop, name="case_drop"),
]
