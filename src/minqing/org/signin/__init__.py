"""Signing in, through allauth: our words, our journal, and the few settings it takes to keep to our own host."""

from __future__ import annotations

import ipaddress
from typing import Final

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.journal.services import record
from minqing.org.models import Account

# on the request in which a start password was changed
CAME_TO_WORK: Final = "came_to_work"
UNKNOWN = Actor(id=None, kind="resident", name="")


def client_address(request: HttpRequest) -> str:
    """Where a request comes from. Behind a TLS proxy its last ``X-Forwarded-For`` entry, the one the proxy wrote."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def subscriber_address(request: HttpRequest) -> str:
    """The same under which failed tries count: of IPv6 the first of the 64 bits that one subscriber has to himself."""
    text = client_address(request)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address):
        own = ipaddress.IPv6Network((int(address), 64), strict=False)
        return str(address.ipv4_mapped or own.network_address)
    return text


def remember_language(response: HttpResponse, language: str) -> None:
    """Let the next page, and every one after, come in ``language``."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.HTTPS,
    )


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter: no sign-up from outside, one sentence for every failed try, and an event for each."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("User name or password is wrong. Check both and try again."),
        "enter_current_password": _("This is not your present password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only this very host: others that we answer to may belong to other sites on the same machine."""
        host = self.request.get_host()
        return url_has_allowed_host_and_scheme(url, allowed_hosts={host}, require_https=self.request.is_secure())

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Whoever had to change a start password came to work, and goes on to the first page of their post."""
        return resolve_url(settings.LOGIN_REDIRECT_URL) if hasattr(request, CAME_TO_WORK) else reverse("org:me")

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *_more: object, **_named: object
    ) -> None:
        """Only what somebody needs to hear: a page that opens says itself that one is signed in."""
        if message_template == "account/messages/password_changed.txt":
            messages.success(request, _("Your password was changed. Other devices must sign in again."))

    def post_login(self, request: HttpRequest, user: Account, **hooks: object) -> HttpResponse:
        record(type="org.account.signed_in", subject=f"account:{user.id}", by=actor_alone(user))
        response: HttpResponse = super().post_login(request, user, **hooks)
        if user.language:
            remember_language(response, user.language)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        """Journal the try. What was typed is not kept: people type their password into the wrong field."""
        name = credentials.get("username", "")
        found = Account.objects.filter(username=name).values_list("id", flat=True).first()
        kind = "locked_out" if getattr(request, "axes_locked_out", False) else "refused"
        record(type=f"org.account.{kind}", subject=f"account:{found or 'unknown'}", by=UNKNOWN)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, Account):
            user = request.user
            record(type="org.account.signed_out", subject=f"account:{user.id}", by=actor_alone(user))
        super().logout(request)

    def set_password(self, user: Account, password: str) -> None:
        if user.must_change_password:
            setattr(self.request, CAME_TO_WORK, True)
        user.must_change_password = False
        super().set_password(user, password)
        record(type="org.account.password_changed", subject=f"account:{user.id}", by=actor_alone(user))


def actor_alone(user: Account) -> Actor:
    """The person as such, in no post: enough for the journal."""
    return Actor(id=user.id, kind="user", name=user.name)
