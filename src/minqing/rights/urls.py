"""Requests about one's own data: the staff's pages below /rights/, the resident's behind the code at the door."""

from __future__ import annotations

from django.urls import path

from minqing.rights.views import door, staff

app_name = "rights"
urlpatterns = [
    path("rights/", staff.requests, name="list"),
    path("rights/new", staff.take_in, name="new"),
    path("rights/export", staff.export, {"kind": "rights"}, name="export"),
    path("rights/<uuid:request_id>/", staff.detail, name="detail"),
    *(
        path(f"rights/<uuid:request_id>/{verb.replace('_', '-')}", view, name=verb)
        for verb, view in staff.moves.items()
    ),
    path("rights/<uuid:request_id>/letter.<str:kind>", staff.letter, name="letter"),
    path("rights/<uuid:request_id>/copy.<str:kind>", staff.copy, name="copy"),
    path("h/<str:token>/my-data", door.ask, name="ask"),
    path("r/<str:link>", door.follow, name="follow"),
]
