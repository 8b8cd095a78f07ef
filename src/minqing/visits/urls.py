"""Addresses of visits, and of one page at a household's door."""

from __future__ import annotations

from django.urls import include, path

from minqing.listing.views import list_page
from minqing.visits import views
from minqing.visits.lists import CAMPAIGNS, CONFLICTS, PROMISES, VISITS
from minqing.visits.views import campaigns
from minqing.visits.views.door import cadre
from minqing.visits.views.phone import manifest, phone, worker

app_name = "visits"
PAGES = [
    path("", list_page(VISITS), name="list"),
    path("new/<uuid:household_id>/", views.new_visit, name="new"),
    path("<uuid:visit_id>/", views.show_visit, name="detail"),
    path("pictures/<uuid:picture_id>/<slug:size>/", views.show_picture, name="picture"),
    path("conflicts/", list_page(CONFLICTS), name="conflicts"),
    path("conflicts/<uuid:conflict_id>/", views.conflict, name="conflict"),
    path("rounds/", list_page(CAMPAIGNS), name="campaigns"),
    path("rounds/new/", campaigns.new, name="new_campaign"),
    path("rounds/<uuid:campaign_id>/", campaigns.campaign, name="campaign"),
    path("rounds/<uuid:campaign_id>/end/", campaigns.close, name="close_campaign"),
    path("promises/", list_page(PROMISES), name="promises"),
    path("promises/<uuid:promise_id>/", views.promise, name="promise"),
    path("care/", views.care, name="care"),
    path("care/hand-over/", views.hand_over, name="hand_over"),
    path("care/<uuid:assignment_id>/end/", views.end_care, name="end_care"),
]
urlpatterns = [
    path("visits/", include(PAGES)),
    path("diary/", phone, name="phone"),
    path("diary/worker.js", worker, name="worker"),
    path("diary/manifest.webmanifest", manifest, name="manifest"),
    path("h/<str:token>/cadre", cadre, name="cadre"),
]
