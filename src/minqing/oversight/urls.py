from __future__ import annotations

from django.urls import path

from minqing.oversight import views

app_name = "oversight"
urlpatterns = [
    path("<uuid:matter_id>/<str:move>/", views.ask, name="ask"),
]
