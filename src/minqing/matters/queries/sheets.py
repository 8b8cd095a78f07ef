"""The county's own print sheet."""

from __future__ import annotations

from minqing.matters.models import SheetTemplate


def template_in_use() -> bytes | None:
    """The newest uploaded template; None for the sheet that comes with the software."""
    newest = SheetTemplate.objects.order_by("-uploaded_at", "-id").values_list("content", flat=True).first()
    return bytes(newest) if newest else None
