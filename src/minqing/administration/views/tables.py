"""Areas, units and people as workbooks to take home."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from minqing.administration.exports import workbook
from minqing.administration.rules import OPERATORS
from minqing.core import clock
from minqing.org.access import PageRequest, looked, page
from minqing.web.downloads import download, file_name


@page(roles=OPERATORS)
@require_safe
def table(request: PageRequest, kind: str) -> HttpResponse:
    """That it was taken, and how much of it, is told to the journal."""
    taken, content, rows = workbook(kind)
    looked(request, "org.table.taken", f"table:{kind}", rows=rows)
    return download(content, file_name(taken.label, suffix="xlsx", at=clock.now()))
