"""Moments of a matter at which rooms above join in. What they only hear of goes to them as an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from minqing.core.hooks import Hook
from minqing.matters.enums import Move
from minqing.matters.models import Category, Matter
from minqing.matters.queries.dossier import Dossier
from minqing.org.protocols import UnitLike
from minqing.org.rules import Holding


@dataclass(frozen=True, slots=True)
class Assignment:
    """A matter that has just come to ``unit``: assigned by a clerk, decided on the spot, or passed on.

    ``step`` is the id of the step, ``by`` the colleague's name, ``former`` the name of the unit that passed it on.
    """

    matter: Matter
    unit: UnitLike
    step: UUID
    move: Move
    at: datetime
    by: str = ""
    former: str = ""


# in the transaction of the assignment, whose event stands for what is written
assigned: Final[Hook[[Assignment], None]] = Hook("matters.assigned")

# of a matter that waits to be assigned: what the form proposes, by its fields; categories and units are those it offers
proposals: Final[Hook[[Matter, Sequence[Category], Sequence[UnitLike]], Mapping[str, Any]]] = Hook("matters.proposals")

# what a room holds of a category, by its code, before it is changed or put aside; asked as the system
of_category: Final[Hook[[str], Iterable[Holding]]] = Hook("matters.of_category")

# sentences on how a matter came to the unit that has it
why_here: Final[Hook[[Matter, Dossier], Sequence[str]]] = Hook("matters.why_here")
