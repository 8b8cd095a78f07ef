"""What stood in a paper book, taken over into the ledger once."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, SentBefore
from minqing.earning import rules
from minqing.earning.services.awards import CALLER
from minqing.journal.services import Json, record
from minqing.points.enums import AccountKind, Code
from minqing.points.queries.people import posted_under
from minqing.points.services import house_account, open_account, post_transfer


@transaction.atomic
def open_balance(
    *, household_id: UUID, area_id: int, points: int, signed_on: date, by: Actor, resident_id: UUID | None = None
) -> bool:
    """The balance of one book, which its holder signed on that day; False where the same was taken over before.

    Raises Conflict where another number was. Event: ``earning.balance.opened``.
    """
    rules.may_open_balances(by, area_id).require()
    whose: dict[str, Any] = (
        {"kind": AccountKind.RESIDENT, "resident": resident_id}
        if resident_id
        else {"kind": AccountKind.HOUSEHOLD, "household": household_id}
    )
    account = open_account(area=area_id, by=by, **whose)
    key = f"opening:{account.pk}"
    try:
        answer = post_transfer(
            caller=CALLER,
            key=key,
            debit=house_account(kind=AccountKind.ISSUANCE, by=by).pk,
            credit=account.pk,
            amount=points,
            code=Code.OPENING,
            about=f"household:{household_id}",
            by=by,
        ).checked()
    except SentBefore:
        # its holder is of another household by now, and the book is the same
        if posted_under(CALLER, key) == points:
            return False
        raise Conflict(
            "opened_before", _("The balance of this book was taken over already, with another number.")
        ) from None
    if answer.again:
        return False
    data: dict[str, Json] = {"area": area_id, "points": points, "signed_on": signed_on.isoformat()}
    record(type="earning.balance.opened", subject=f"household:{household_id}", by=by, data=data)
    return True
