"""Points: the resident's page behind the code at the door, the staff's below /points/."""

from __future__ import annotations

from django.urls import path

from minqing.points.views import door, staff

app_name = "points"
urlpatterns = [
    path("h/<str:token>/points", door.own, name="own"),
    path("points/", staff.overview, name="overview"),
    path("points/accounts/<int:account>/", staff.account, name="account"),
    path("points/households/<uuid:household_id>/passbook.pdf", staff.passbook, name="passbook"),
]
