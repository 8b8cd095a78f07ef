"""One template for the page and for the part of it that HTMX swaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def partial(
    request: HttpRequest,
    template: str,
    name: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or only its ``{% partialdef name %}`` when HTMX asks for it.

    A boosted link or a history restore wants the whole page. The answer varies on ``HX-Request``,
    so that no cache hands a fragment to a reader of the page.
    """
    htmx: Any = getattr(request, "htmx", None)
    only_part = htmx and not (htmx.boosted or htmx.history_restore_request)
    response = render(request, f"{template}#{name}" if only_part else template, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def refresh(url: str) -> HttpResponse:
    """Tell HTMX to load `url` as a whole page (after a write that changes more than the part)."""
    return HttpResponse(status=204, headers={"HX-Redirect": url})


def alert(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    """An alert that app.js lets HTMX put on top of the page, whatever target the button had."""
    status = context["status"]
    return as_alert(render(request, "web/parts/alert.html", context, status=status if isinstance(status, int) else 400))


def as_alert(response: HttpResponse) -> HttpResponse:
    response["HX-Retarget"] = "#alerts"
    response["HX-Reswap"] = "beforeend"
    response["X-Minqing-Alert"] = "1"
    return response
