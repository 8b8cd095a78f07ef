"""What there is for points."""

from __future__ import annotations

from django.urls import path

from minqing.redeeming.views import catalogue, door, shops

app_name = "redeeming"
urlpatterns = [
    path("redeeming/items/", catalogue.items, name="items"),
    path("redeeming/items/new", catalogue.add, name="add"),
    path("redeeming/items/<uuid:item_id>/", catalogue.item, name="item"),
    path("redeeming/items/<uuid:item_id>/picture", catalogue.picture, name="picture"),
    path("redeeming/shops/", shops.shops, name="shops"),
    path("redeeming/shops/new", shops.open_one, name="open_shop"),
    path("redeeming/shops/<uuid:shop_id>/", shops.shop, name="shop"),
    path("redeeming/shops/<uuid:shop_id>/stock", shops.stock, name="stock"),
    path("redeeming/shops/<uuid:shop_id>/keepers", shops.keepers, name="keepers"),
    path("redeeming/shops/<uuid:shop_id>/close", shops.close, name="close"),
    path("redeeming/shops/<uuid:shop_id>/till", shops.till, name="till"),
    path("redeeming/shops/<uuid:shop_id>/day", shops.day, name="day"),
    path("redeeming/shops/<uuid:shop_id>/paper", shops.paper, name="paper"),
    path("redeeming/shops/<uuid:shop_id>/lines/<uuid:line_id>/back", shops.give_back, name="give_back"),
    path("h/<str:token>/points/spent", door.spent, name="spent"),
    path("h/<str:token>/points/code", door.code, name="code"),
]
