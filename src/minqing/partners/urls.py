"""Addresses under /partners/: the operator's page, and what other systems call."""

from __future__ import annotations

from django.urls import path

from minqing.partners import api, views

app_name = "partners"
urlpatterns = [
    path("", views.list_partners, name="list"),
    path("deliveries/<uuid:delivery_id>/replay/", views.replay_delivery, name="replay_delivery"),
    path("received/<uuid:event_id>/replay/", views.replay_event, name="replay_event"),
    path("deliveries/<uuid:delivery_id>/settle/", views.settle_delivery, name="settle_delivery"),
    path("received/<uuid:event_id>/settle/", views.settle_event, name="settle_event"),
    path("<slug:code>/replay/", views.replay_all, name="replay_all"),
    path("add/", views.add, name="add"),
    path("systems/<slug:code>/", views.partner, name="partner"),
    path("systems/<slug:code>/edit/", views.edit, name="edit"),
    path("systems/<slug:code>/secret/", views.new_secret, name="new_secret"),
    path("systems/<slug:code>/keys/<uuid:token_id>/revoke/", views.revoke, name="revoke"),
    path("events", api.events, name="events"),
    path("inbox/<slug:code>", api.inbox, name="inbox"),
]
