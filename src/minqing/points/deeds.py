"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("points.account.opened", _("opened an account of points")),
    Deed("points.account.closed", _("closed an account of points")),
    Deed("points.month.closed", _("closed a month of the ledger of points"), Doing.UPKEEP),
    Deed("points.household.followed", _("let the points of a household move with it"), Doing.UPKEEP),
    Deed("points.account.looked_at", _("looked at an account of points"), Doing.LOOK),
    Deed("points.passbook.printed", _("printed a household's passbook of points"), Doing.OUT),
    Deed("points.naming.chosen", _("chose how a village calls people on its sheet of points")),
    Deed("points.wish.said", _("wrote down what somebody wishes about the village's sheet of points")),
    Deed("points.sheet.printed", _("printed a village's sheet of points"), Doing.OUT),
    Deed("points.person.erased", _("erased a person in accounts of points on request")),
)
