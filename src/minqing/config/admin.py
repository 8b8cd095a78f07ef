"""Django's admin, for the operator alone: accounts, posts, areas, units, working days."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _


class OperatorSite(admin.AdminSite):
    site_title = _("Minqing operator")
    site_header = _("Minqing operator")
    index_title = _("Organisation and working days")

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponseBase:
        """One sign-in for all: its lock-out and its journal hold here too."""
        from minqing.org.access import to_sign_in

        return to_sign_in(request)
