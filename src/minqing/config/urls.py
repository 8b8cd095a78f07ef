"""Every address of the system."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.i18n import set_language

from minqing.config import api
from minqing.config.jobs import last_runs
from minqing.intake import urls as imports
from minqing.notify import urls as notices
from minqing.org.access import page
from minqing.org.enums import Role
from minqing.web import errors

# intake lies below the organisation and knows no roles
TABLE_ROLES = frozenset({Role.CLERK, Role.OPERATOR})


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers: ``ok``, or ``late`` if a periodic job is; then when each last succeeded.

    For the supervisor and for monitoring. A job that is late is no reason to take the pages away, so it stays 200.
    """
    runs = last_runs()
    first = "late" if any(one.late for one in runs) else "ok"
    lines = [first, *(f"{one.told()}{' late' if one.late else ''}" for one in runs)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("language", set_language, name="set_language"),
    path("operator/", admin.site.urls),
    path("accounts/", include("minqing.org.signin_urls")),
    path("", include("minqing.org.urls")),
    path("", include("minqing.desk.urls")),
    path("households/", include("minqing.households.urls")),
    path("visits/", include("minqing.visits.urls")),
    path("matters/", include("minqing.matters.urls")),
    path("partners/", include("minqing.partners.urls")),
    path("imports/", include(imports.patterns(page(roles=TABLE_ROLES)))),
    path("notices/", include(notices.patterns(page()))),
    path("api/v1/", api.urls()),
    path("open311/", include("minqing.open311.urls")),
    path("", include("minqing.doorstep.urls")),
]
handler400 = "minqing.config.refusals.bad_request"
handler403 = errors.refused
handler404 = "minqing.config.refusals.not_found"
# Django knows no such handler; allauth looks for it
handler429 = errors.too_many
handler500 = "minqing.config.refusals.server_error"
