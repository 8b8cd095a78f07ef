from __future__ import annotations

from django.urls import path

from minqing.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.record, name="record"),
    path("looks/", views.looks, name="looks"),
    path("seals/", views.seals, name="seals"),
    path("seals/check/", views.check, name="check"),
]
