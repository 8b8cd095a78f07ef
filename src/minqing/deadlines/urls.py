"""Addresses of terms and of the ladder, beside those of matters, where they have always been."""

from __future__ import annotations

from django.urls import path

from minqing.deadlines import views

app_name = "deadlines"
urlpatterns = [
    path("norms/", views.norms, name="norms"),
    path("ladder/", views.ladder, name="ladder"),
]
