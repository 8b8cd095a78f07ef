"""Who may change what is printed. Pure; this room lies below the organisation and knows roles by their words alone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision

OPERATOR = "operator"


def may_store(by: Actor) -> Decision:
    if by.kind == "system" or by.has(OPERATOR):
        return Decision.yes()
    return Decision.no("not_operator", _("Only the operator may change the print sheet."))
