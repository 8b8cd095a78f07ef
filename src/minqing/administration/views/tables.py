"""The county's own settings as workbooks to take home: areas, units, people, and what other rooms let go out so."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from minqing.administration.rules import OPERATORS
from minqing.core import clock
from minqing.intake.kinds import KINDS
from minqing.intake.rules import may_bring
from minqing.intake.services.workbooks import filled_workbook
from minqing.org.access import PageRequest, looked, page
from minqing.web.downloads import download, file_name


@page(roles=OPERATORS)
@require_safe
def table(request: PageRequest, kind: str) -> HttpResponse:
    """That it was taken, and how much of it, is told to the journal."""
    found = KINDS.of(kind)
    may_bring(request.actor, found.roles).require()
    content, rows = filled_workbook(found)
    looked(request, "org.table.taken", f"table:{kind}", rows=rows)
    return download(content, file_name(found.label, suffix="xlsx", at=clock.now()))
