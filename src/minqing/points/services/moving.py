"""What somebody has, moved to another account of the same household: where people have left or died, or a file ends.

Locks: the id of the form, then the ledger's own.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid
from minqing.journal.idempotency import sent_once
from minqing.org.queries import system_actor
from minqing.points.enums import AccountKind, Code
from minqing.points.models import Holder
from minqing.points.queries import balance_of
from minqing.points.queries.people import heirs_of, holder_for, home_of, kept_of, lives_there, posted_under
from minqing.points.rules import may_move_points
from minqing.points.services.accounts import open_account
from minqing.points.services.holds import lapse
from minqing.points.services.transfers import Posting, post_transfers
from minqing.privacy.access import acting_as

CALLER = "points"


@sent_once(made=lambda given: posted_under(CALLER, f"move:{given['id']}"))
def move_points(*, id: UUID, account: int, resident: UUID | None, by: Actor) -> int:
    """All that is free in the account of a household, or of somebody who has left it or died, goes to ``resident``, who
    is of it (where nobody is any more: was), or (None) to the household together; from an entry that was made one with
    another to that one alone. Each point keeps its last day. Returns how many went.

    The ledger's events tell it. Raises Refused for the account of somebody who lives there, Conflict where nothing is
    there to be moved.
    """
    holder = holder_for(by, account)
    may_move_points(by, holder.area_id, lives=lives_there(holder)).require()
    home = home_of(holder)
    with acting_as(system_actor("points.move")) as everywhere:
        to = target(everywhere, holder, resident, by).pk
        if to == account:
            raise Invalid("same_account", _("The points are in this account already. Choose another one."))
        lapse(account)
        if not (free := balance_of(account).available):
            raise Conflict("points_none", _("There are no points in this account that could be moved."))
        posting = Posting(account, to, free, Code.MOVE, f"household:{home.pk}")
        post_transfers(caller=CALLER, key=f"move:{id}", postings=[posting], by=by).checked()
    return free


def target(everywhere: Actor, holder: Holder, resident: UUID | None, by: Actor) -> Any:
    """The account that gets them, opened where there is none."""
    home = home_of(holder)
    if resident is None and kept_of(everywhere, holder) is None:
        if home.closed_at is not None:
            raise Invalid("household_closed", _("This household's file is closed. Choose one of its people."))
        return open_account(kind=AccountKind.HOUSEHOLD, area=home.area_id, household=home.pk, by=by)
    person = next((one for one in heirs_of(everywhere, holder) if one.pk == resident), None)
    if person is None:
        sentence = _("Points stay with those who are of this household; where nobody is any more, with those who were.")
        raise Invalid("not_of_household", sentence)
    return open_account(kind=AccountKind.RESIDENT, area=person.area_id, resident=person.pk, by=by)
