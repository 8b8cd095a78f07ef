"""Addresses of matters."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from minqing.exports.views import ask
from minqing.listing.views import list_page
from minqing.matters import views
from minqing.matters.lists import MATTERS
from minqing.matters.queries.worklist import QUEUES
from minqing.org.access import page

app_name = "matters"
urlpatterns = [
    path("", list_page(MATTERS), name="list"),
    # where the worklist stood before it was of all rooms
    path(
        "todo/",
        page(roles=QUEUES.roles)(RedirectView.as_view(pattern_name="listing:worklist", query_string=True)),
        name="work",
    ),
    path("new/", views.new, name="new"),
    path("wall/", views.wall, name="wall"),
    path("slips.pdf", views.slips, name="slips"),
    path("<uuid:matter_id>/slip.pdf", views.slip, name="slip"),
    path("<uuid:matter_id>/sheet.<str:kind>", views.sheet, name="sheet"),
    path("<uuid:matter_id>/taken/", views.receipt, name="taken"),
    path("<uuid:matter_id>/", views.detail, name="detail"),
    path("similar/", views.similar, name="similar"),
    path("categories/", views.categories, name="categories"),
    path("categories/new/", views.add_category, name="add_category"),
    path("categories/<str:code>/", views.category, name="category"),
    path("categories/<str:code>/aside/", views.put_category_aside, name="category_aside"),
    path("categories/<str:code>/up/", views.take_category_up, name="category_up"),
    path("categories/<str:code>/questions/new/", views.question, name="add_question"),
    path("categories/<str:code>/questions/<slug:question_code>/", views.question, name="question"),
    path("categories/<str:code>/questions/<slug:question_code>/drop/", views.drop_question, name="drop_question"),
    path("phrases/", views.phrase_list, name="phrases"),
    path("phrases/<uuid:phrase_id>/", views.phrase_list, name="phrase"),
    path("phrases/<uuid:phrase_id>/drop/", views.phrase_drop, name="phrase_drop"),
    path("<uuid:matter_id>/phrases/", views.phrases_here, name="phrases_here"),
    path("export/", ask, {"kind": "matters"}, name="export"),
    path("<uuid:matter_id>/similar/", views.alike, name="alike"),
    path("<uuid:matter_id>/together/", views.together, name="together"),
    path("<uuid:matter_id>/reporter/", views.reporter, name="reporter"),
    path("<uuid:matter_id>/moves/<str:move>/", views.move, name="move"),
    path("<uuid:matter_id>/pictures/<uuid:picture_id>/", views.picture, name="picture"),
]
