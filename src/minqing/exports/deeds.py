"""What the journal's events of this room are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing
from minqing.exports.enums import Purpose
from minqing.exports.kinds import KINDS


def words(data: Mapping[str, Any]) -> dict[str, str]:
    """The list's own name, how many rows, and for what."""
    kind, purpose = KINDS.get(str(data.get("kind"))), str(data.get("purpose"))
    return {
        "list": str(kind.label) if kind else "–",
        "rows": str(data.get("rows", "–")),
        "purpose": str(Purpose(purpose).label) if purpose in set(Purpose) else "–",
    }


OUT = Doing.OUT
DEEDS = (
    Deed("exports.export.asked", _("asked to take out the list {list} ({rows} rows, for {purpose})"), OUT, words),
    Deed("exports.export.approved", _("approved taking out the list {list} ({rows} rows, for {purpose})"), OUT, words),
    Deed("exports.export.refused", _("refused taking out the list {list} ({rows} rows, for {purpose})"), OUT, words),
    Deed("exports.export.taken", _("took out the list {list} ({rows} rows, for {purpose})"), OUT, words),
    Deed("exports.person.erased", _("erased a person in requests for exports on request")),
)
