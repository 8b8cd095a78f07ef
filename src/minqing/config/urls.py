"""Every address of the system."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from minqing.config import api
from minqing.config.monitoring import healthz, metrics, readyz
from minqing.config.rooms import rooms
from minqing.core.room import Mount
from minqing.org.access import page
from minqing.org.enums import Role
from minqing.web import errors


def mounted(mount: Mount) -> URLPattern | URLResolver:
    """Rooms below the organisation know no roles: their pages get the gate from here."""
    if isinstance(mount.urls, str):
        return path(mount.prefix, include(mount.urls))
    gate = page() if mount.roles is None else page(roles=frozenset(map(Role, mount.roles)))
    return path(mount.prefix, include(mount.urls(gate)))


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
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
