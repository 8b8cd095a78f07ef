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
    Deed("earning.claim.appealed", _("objected to the decision on {number}")),
    Deed("earning.claim.granted", _("gave the points for {number} after an objection")),
    Deed("earning.claim.upheld", _("left {number} at no after an objection")),
    Deed("earning.claim.reckoned", _("reckoned anew until when the objection to {number} is decided"), Doing.UPKEEP),
    Deed("earning.claim.escalated", _("told those above that the objection to {number} is late"), Doing.UPKEEP),
    Deed("earning.claim.nearing", _("reminded of the objection to {number}"), Doing.UPKEEP),
    Deed("earning.clocks.reckoned", _("reckoned the deadlines of objections anew"), Doing.UPKEEP),
    Deed("earning.sample.drawn", _("drew by lot what somebody looks at of what was given by itself"), Doing.UPKEEP),
    Deed("earning.claim.passed", _("looked at {number}, which was given by itself: it was right")),
    Deed("earning.claim.doubted", _("had somebody look at {number}, whose matter was opened again"), Doing.UPKEEP),
    Deed("earning.claim.looked_at", _("looked at the claim {number}"), Doing.LOOK),
    Deed("earning.balance.opened", _("took over the balance of a paper book")),
    Deed("earning.import.loaded", _("loaded balances of paper books from a table")),
    Deed("earning.history.loaded", _("loaded what people were thanked for in the past"), Doing.UPKEEP),
    Deed("earning.household.followed", _("took claims along with a household that moved"), Doing.UPKEEP),
    Deed("earning.person.erased", _("erased a person's claims on request")),
    Deed("earning.budget.saved", _("set how many points a budget has")),
    Deed("earning.budget.filled", _("put the points of a new period into a budget"), Doing.UPKEEP),
    Deed("earning.budgets_import.loaded", _("loaded budgets of points from a table")),
    Deed("earning.function.changed", _("changed what people are thanked for")),
)
