from __future__ import annotations

from django.urls import path

from minqing.org import views

app_name = "org"
urlpatterns = [
    path("me", views.me, name="me"),
    path("here", views.here, name="here"),
    path("me/post", views.choose_post, name="choose_post"),
]
