"""Who changes functions. Pure."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.org.enums import FIELD, Role

OPERATORS: Final = frozenset({Role.OPERATOR})
# what somebody is thanked for is no secret; these have to know it for their work
READERS: Final = FIELD | OPERATORS | {Role.LEADER, Role.AUDITOR}
# more for one thing is a slip of the keyboard
MOST_POINTS: Final = 1000
MOST_TIMES: Final = 1000
CODE: Final = re.compile(r"[a-z][a-z0-9_]{2,29}")


def may_change_functions(actor: Actor) -> Decision:
    if actor.has(*OPERATORS):
        return Decision.yes()
    return Decision.no("not_operator", _("What people are thanked for is changed by the operator."))
