"""What devices exchange with, and the page of devices."""

from __future__ import annotations

from django.urls import path

from minqing.sync import views

app_name = "sync"
urlpatterns = [
    path("", views.devices, name="devices"),
    path("exchange", views.exchange, name="exchange"),
    path("photos/<uuid:operation>/<slug:sha256>", views.photo, name="photo"),
    path("letters/", views.letters, name="letters"),
    path("letters/drop", views.drop, name="drop"),
    path("letters/<uuid:device_id>/", views.of_device, name="letters_of"),
    path("register", views.register, name="register"),
    path("<uuid:device_id>/revoke", views.revoke, name="revoke"),
]
