"""Earning points: functions and claims below /earning/, the resident's pages behind the code at the door."""

from __future__ import annotations

from django.urls import path

from minqing.earning.views import functions

app_name = "earning"
urlpatterns = [
    path("earning/functions/", functions.functions, name="functions"),
    path("earning/functions/add", functions.add, name="add_function"),
    path("earning/functions/<slug:code>/", functions.function, name="function"),
]
