"""What the doctor looks at of the ledger: quick looks; the whole is looked at by ``minqing points verify``."""

from __future__ import annotations

from django.utils.translation import gettext as _

from minqing.core.health import Finding
from minqing.points.queries.verifying import quick_findings, unguarded


def kept() -> Finding:
    told = [*quick_findings(), *unguarded()]
    well = _("all accounts together hold nothing, and none is below its floor")
    return Finding(_("points"), not told, "; ".join(told[:3]) or well, _("Run: minqing points verify"))
