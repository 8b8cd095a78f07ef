"""Django's admin, for a developer who is the operator as well: accounts, posts, areas, units, working days.

An operator has pages of their own for all of it, so it is there only where ``MINQING_ADMIN`` is set.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class OperatorSite(admin.AdminSite):
    site_title = _("Minqing operator")
    site_header = _("Minqing operator")
    index_title = _("Organisation and working days")

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether it is switched on, and the account holds an operator's post today, whichever post it acts in."""
        from minqing.org.access import operates

        return settings.ADMIN and operates(request)

    def login(self, request: HttpRequest, extra_context: object = None) -> Any:
        """One sign-in for all: its lock-out and its journal hold here too."""
        return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('admin:index')})}")

    def logout(self, request: HttpRequest, extra_context: object = None) -> Any:
        """One way out for all, and into the journal."""
        from allauth.account.views import logout

        return logout(request) if request.method == "POST" else redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: object = None) -> Any:
        return redirect("account_change_password")

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """The admin's pages as the others: who has no right gets 404, and GET never writes."""
        from minqing.org.access import operator_page

        return operator_page(super().admin_view(view, cacheable), allowed=self.has_permission)
