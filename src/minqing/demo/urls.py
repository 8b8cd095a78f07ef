"""Addresses of the guided tour."""

from __future__ import annotations

from django.urls import path

from minqing.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.tour, name="tour"),
    path("go", views.go, name="go"),
]
