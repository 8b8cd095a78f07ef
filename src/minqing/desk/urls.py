from __future__ import annotations

from django.urls import path

from minqing.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("find/", views.find, name="find"),
    path("leader/", views.leader, name="leader"),
    path("operator/", views.operator, name="operator"),
    path("operator/setup/", views.setup, name="setup"),
    path("operator/look/", views.look, name="look"),
]
