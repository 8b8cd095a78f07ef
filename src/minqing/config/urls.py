"""Every address of the system."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from minqing.config import api
from minqing.config.jobs import last_runs
from minqing.config.rooms import rooms
from minqing.core.room import Mount
from minqing.org.access import page
from minqing.org.enums import Role
from minqing.web import errors


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers: ``ok``, or ``late`` if a periodic job is; then when each last succeeded.

    For the supervisor and for monitoring. A job that is late is no reason to take the pages away, so it stays 200.
    """
    runs = last_runs()
    first = "late" if any(one.late for one in runs) else "ok"
    lines = [first, *(f"{one.told()}{' late' if one.late else ''}" for one in runs)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def mounted(mount: Mount) -> URLPattern | URLResolver:
    """Rooms below the organisation know no roles: their pages get the gate from here."""
    if isinstance(mount.urls, str):
        return path(mount.prefix, include(mount.urls))
    gate = page() if mount.roles is None else page(roles=frozenset(map(Role, mount.roles)))
    return path(mount.prefix, include(mount.urls(gate)))


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("language", set_language, name="set_language"),
    path("api/v1/", api.urls()),
    *(mounted(mount) for room in rooms() for mount in room.pages),
]
handler400 = "minqing.config.refusals.bad_request"
handler403 = errors.refused
handler404 = "minqing.config.refusals.not_found"
# Django knows no such handler; allauth looks for it
handler429 = errors.too_many
handler500 = "minqing.config.refusals.server_error"
