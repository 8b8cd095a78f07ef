"""What the doctor looks at of the ledger: quick looks; the whole is looked at by ``minqing points verify``."""

from __future__ import annotations

from django.utils.translation import gettext as _

from minqing.core.health import Finding
from minqing.points.queries.verifying import balances, unguarded


def kept() -> Finding:
    told = [*balances(), *unguarded()]
    return Finding(_("points"), not told, "; ".join(told[:3]) or _("every balance is the sum of its transfers"),
                   _("Run: minqing points verify"))  # fmt: skip
