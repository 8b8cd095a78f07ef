"""Addresses of terms and of the ladder, beside those of matters, where they have always been."""

from __future__ import annotations

from django.urls import URLPattern, path

from minqing.core.room import Gate
from minqing.deadlines import views

app_name = "deadlines"
urlpatterns = [
    path("norms/", views.norms, name="norms"),
    path("ladder/", views.ladder, name="ladder"),
]


def year_patterns(gate: Gate) -> tuple[list[URLPattern], str]:
    """The operator's pages of the working days, at their own address; config puts the gate in front of each."""
    return [
        path("", gate(views.days), name="year"),
        path("workbook/", gate(views.workbook), name="workbook"),
        path("<str:text>/", gate(views.day), name="day"),
    ], "workdays"
