"""The yardstick of the page bench: a bare Django page with one query and one template, and nothing of ours."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex

from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt

# what `django-admin startproject` writes
MIDDLEWARE = [
    "minqing.demo.baseline.OwnAddresses",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


class OwnAddresses:
    """Sends requests to this module's addresses, so that both sites run in one process."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__
        return self.get_response(request)


def bare(request: HttpRequest) -> HttpResponse:
    """A list of fifty rows of one of Django's own tables: one query, one template."""
    return render(request, "demo/bare.html", {"rows": Permission.objects.order_by("id")[:50]})


@csrf_exempt
def insert(request: HttpRequest) -> HttpResponse:
    """One INSERT by the ORM into one of Django's own tables, and nothing else."""
    Session.objects.create(session_key=token_hex(16), session_data="bare", expire_date=now())
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [path("bare", bare), path("bare/insert", insert)]
