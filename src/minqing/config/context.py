"""What every page's frame needs: navigation for the post in which the person acts."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from minqing.config.navigation import navigation


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: no query of its own; it reads what the gate has found."""
    return {
        "nav": navigation(request),
        "actor": getattr(request, "actor", None),
        "post": getattr(request, "post", None),
        "posts": getattr(request, "posts", []),
        "demo": settings.DEMO,
        "languages": settings.LANGUAGES,
    }
