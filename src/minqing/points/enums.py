"""Words of the points ledger 香榧币. Pure."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.words import Word


class AccountKind(Word):
    """Whose an account is, or what it stands for."""

    RESIDENT = "resident", _("Resident's points")
    HOUSEHOLD = "household", _("Household's points")
    UNIT = "unit", _("Fund of a unit")
    BUDGET = "budget", _("Budget of an activity")
    SHOP = "shop", _("Shop")
    PROVIDER = "provider", _("Service provider")
    ISSUANCE = "issuance", _("Points issued")
    EXPIRY = "expiry", _("Points that ran out")
    BREAKAGE = "breakage", _("Points given up")
    LOSS = "loss", _("Losses that are carried")


# whose points somebody owns as a reward
OWNED: Final = frozenset({AccountKind.RESIDENT, AccountKind.HOUSEHOLD})
# one of each in a county, nobody's, and without a floor: what they hold is the other side of all the others
HOUSE: Final = frozenset({AccountKind.ISSUANCE, AccountKind.EXPIRY, AccountKind.BREAKAGE, AccountKind.LOSS})


class Code(Word):
    """What a transfer is for. There is none that takes points from somebody for what they did."""

    FUND = "fund", _("Put into a fund")
    AWARD = "award", _("Thanked with points")
    OPENING = "opening", _("Taken over from paper")
    REDEEM = "redeem", _("Redeemed")
    SETTLE = "settle", _("Settled with the shop")
    MOVE = "move", _("Moved to another account")
    CARRY = "carry", _("Carried as a loss")
    GIVE_UP = "give_up", _("Given up")
    EXPIRE = "expire", _("Ran out")
    CORRECT = "correct", _("Corrected")
    WRITE_OFF = "write_off", _("Written off")


class End(Word):
    """How a hold ended."""

    POSTED = "posted", _("Redeemed")
    VOIDED = "voided", _("Given back")
    EXPIRED = "expired", _("Ran out")
    RENEWED = "renewed", _("Held anew")


class Naming(Word):
    """How a village calls people on the sheet that it posts."""

    NUMBER = "number", _("By the household's number alone")
    SURNAME = "surname", _("By the surname alone")
    NAME = "name", _("By the full name, of those who agreed; the others by the surname")


class Wish(Word):
    """What somebody said about the sheet that their village posts."""

    USUAL = "usual", _("As the village does it")
    NAME = "name", _("With my full name")
    OUT = "out", _("Not on it at all")


class Outcome(Word):
    """How a request to the ledger ended: done, or why not."""

    POSTED = "posted", _("Posted")
    HELD = "held", _("Held")
    VOIDED = "voided", _("Given back")
    RENEWED = "renewed", _("Held anew")
    REVERSED = "reversed", _("Taken back")
    INSUFFICIENT = "insufficient", _("There are not enough points in the account.")
    CLOSED = "closed", _("The account is closed.")
    ALREADY_POSTED = "already_posted", _("This has been redeemed already.")
    ALREADY_VOIDED = "already_voided", _("The points that were held for this have been given back already.")
    ALREADY_RENEWED = "already_renewed", _("These points are held anew already.")
    EXPIRED = "expired", _("The time for this is over. The points that were held for it are free again.")
    ALREADY_REVERSED = "already_reversed", _("This has been taken back already.")


DONE: Final = frozenset({Outcome.POSTED, Outcome.HELD, Outcome.VOIDED, Outcome.RENEWED, Outcome.REVERSED})
