"""The exports so far. The page that asks for one stands beside its list, in the addresses of the list's room."""

from __future__ import annotations

from django.urls import path

from minqing.exports import views
from minqing.exports.lists import EXPORTS
from minqing.listing.views import list_page

app_name = "exports"
urlpatterns = [
    path("", list_page(EXPORTS), name="list"),
    path("<uuid:export_id>/decide/", views.decide, name="decide"),
    path("<uuid:export_id>/file/", views.take, name="take"),
]
