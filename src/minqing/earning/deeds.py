"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("earning.functions.loaded", _("loaded what people are thanked for"), Doing.UPKEEP),
    Deed("earning.claim.sent", _("claimed points by {number}")),
    Deed("earning.claim.vouched", _("confirmed {number} as the first of two")),
    Deed("earning.claim.awarded", _("gave points for {number}")),
    Deed("earning.claim.refused", _("did not confirm {number}")),
    Deed("earning.claim.corrected", _("took back as a mistake the points given for {number}")),
    Deed("earning.claim.looked_at", _("looked at the claim {number}"), Doing.LOOK),
    Deed("earning.balance.opened", _("took over the balance of a paper book")),
    Deed("earning.import.loaded", _("loaded balances of paper books from a table")),
    Deed("earning.person.erased", _("erased a person's claims on request")),
    Deed("earning.function.changed", _("changed what people are thanked for")),
)
