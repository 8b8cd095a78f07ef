"""What the pages with a form have in common."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from minqing.org.access import PageRequest

both = require_http_methods(["GET", "HEAD", "POST"])


def applied(request: PageRequest, form: Any) -> Any:
    """What the form's service made; None where it refused, with its sentence in the form."""
    return form.tried(lambda: form.apply(by=request.actor), pages=(404,))


def asked(request: PageRequest, form: Any, **context: Any) -> HttpResponse:
    """The one template of these forms; 422 when something in the form is not right."""
    status = 422 if form.is_bound else 200
    return render(request, "administration/form.html", {"form": form, **context}, status=status)
