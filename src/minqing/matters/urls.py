"""Addresses of matters."""

from __future__ import annotations

from django.urls import path

from minqing.exports.views import ask
from minqing.matters import views

app_name = "matters"
urlpatterns = [
    path("", views.listing, name="list"),
    path("todo/", views.work, name="work"),
    path("bulk/", views.bulk, name="bulk"),
    path("triage/", views.triage, name="triage"),
    path("triage/<uuid:matter_id>/", views.route, name="route"),
    path("new/", views.new, name="new"),
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
    path("wall/", views.wall, name="wall"),
    path("slips.pdf", views.slips, name="slips"),
    path("<uuid:matter_id>/slip.pdf", views.slip, name="slip"),
    path("<uuid:matter_id>/sheet.<str:kind>", views.sheet, name="sheet"),
    path("<uuid:matter_id>/taken/", views.taken, name="taken"),
    path("<uuid:matter_id>/", views.detail, name="detail"),
    path("similar/", views.similar, name="similar"),
    path("phrases/", views.phrase_list, name="phrases"),
    path("phrases/<uuid:phrase_id>/", views.phrase_list, name="phrase"),
    path("phrases/<uuid:phrase_id>/drop/", views.phrase_drop, name="phrase_drop"),
    path("<uuid:matter_id>/phrases/", views.phrases_here, name="phrases_here"),
    path("lists/", views.filter_list, name="filters"),
    path("lists/save/", views.filter_save, name="filter_save"),
    path("lists/<uuid:filter_id>/drop/", views.filter_drop, name="filter_drop"),
    path("export/", ask, {"kind": "matters"}, name="export"),
    path("norms/", views.norms, name="norms"),
    path("ladder/", views.ladder, name="ladder"),
    path("<uuid:matter_id>/similar/", views.alike, name="alike"),
    path("<uuid:matter_id>/together/", views.together, name="together"),
    path("<uuid:matter_id>/reporter/", views.reporter, name="reporter"),
    path("<uuid:matter_id>/moves/<str:move>/", views.move, name="move"),
    path("<uuid:matter_id>/pictures/<uuid:picture_id>/", views.picture, name="picture"),
]
