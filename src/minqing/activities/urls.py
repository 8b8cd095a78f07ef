"""Activities: the staff's below /activities/, the resident's behind the code at the door."""

from __future__ import annotations

from django.urls import path

from minqing.activities.views import door, people, reports, staff

app_name = "activities"
urlpatterns = [
    path("activities/", staff.activities, name="list"),
    path("activities/new", staff.new, name="new"),
    path("activities/<uuid:activity_id>/", staff.detail, name="detail"),
    path("activities/<uuid:activity_id>/change", staff.change, name="change"),
    path("activities/<uuid:activity_id>/code", staff.code, name="code"),
    path("activities/<uuid:activity_id>/people", people.add, name="add"),
    path("activities/<uuid:activity_id>/people/<uuid:sign_up_id>/<slug:verb>", people.mark, name="mark"),
    path("activities/<uuid:activity_id>/report", reports.report, name="report"),
    path("activities/<uuid:activity_id>/photos/<uuid:photo_id>", reports.photo, name="photo"),
    path("activities/<uuid:activity_id>/<slug:verb>", staff.move, name="move"),
    path("h/<str:token>/activities", door.activities, name="door"),
    path("h/<str:token>/activities/<uuid:activity_id>", door.activity, name="at_door"),
    path("h/<str:token>/activities/<uuid:activity_id>/photos/<uuid:photo_id>", door.photo, name="door_photo"),
    path("h/<str:token>/activities/<uuid:activity_id>/check-in", door.check_in, name="check_in"),
]
