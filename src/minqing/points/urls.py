"""Points: the resident's page behind the code at the door, the staff's below /points/."""

from __future__ import annotations

from django.urls import path

from minqing.points.views import door, sheets, staff

app_name = "points"
urlpatterns = [
    path("h/<str:token>/points", door.own, name="own"),
    path("h/<str:token>/points/<int:account>/sheet", sheets.own_wish, name="own_wish"),
    path("points/", staff.overview, name="overview"),
    path("points/sheet/", sheets.sheet, name="sheet"),
    path("points/sheet/<int:village>/naming", sheets.naming, name="naming"),
    path("points/sheet/<int:village>/<str:month>.<slug:kind>", sheets.sheet_file, name="sheet_file"),
    path("points/accounts/<int:account>/sheet", sheets.wish, name="wish"),
    path("points/accounts/<int:account>/move", staff.move, name="move"),
    path("points/accounts/<int:account>/", staff.account, name="account"),
    path("points/households/<uuid:household_id>/passbook.pdf", staff.passbook, name="passbook"),
]
