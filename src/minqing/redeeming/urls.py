"""What there is for points."""

from __future__ import annotations

from django.urls import path

from minqing.redeeming.views import catalogue

app_name = "redeeming"
urlpatterns = [
    path("redeeming/items/", catalogue.items, name="items"),
    path("redeeming/items/new", catalogue.add, name="add"),
    path("redeeming/items/<uuid:item_id>/", catalogue.item, name="item"),
    path("redeeming/items/<uuid:item_id>/picture", catalogue.picture, name="picture"),
]
