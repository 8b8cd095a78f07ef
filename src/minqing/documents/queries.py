"""The county's own print sheets."""

from __future__ import annotations

from minqing.documents.models import Template


def template_in_use(sheet: str) -> bytes | None:
    """The newest uploaded template of that sheet; None for the one that comes with the software."""
    rows = Template.objects.filter(sheet=sheet).order_by("-uploaded_at", "-id")
    newest = rows.values_list("content", flat=True).first()
    return bytes(newest) if newest else None
