from __future__ import annotations

from django.urls import path

from minqing.exports.views import ask as ask_export
from minqing.oversight import views

app_name = "oversight"
urlpatterns = [
    path("figures/export/", ask_export, {"kind": "figures"}, name="export"),
    path("<uuid:matter_id>/<str:move>/", views.ask, name="ask"),
]
