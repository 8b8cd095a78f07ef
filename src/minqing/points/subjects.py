"""What the ledger holds of a person: an account that is theirs, and what came to it and went."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.clock import local_date
from minqing.journal.services import record
from minqing.points.models import Account, Holder
from minqing.points.queries import balance_of, statement_of
from minqing.points.queries.people import held_by
from minqing.points.services import forget_holder
from minqing.privacy.subjects import Found, Holding, Person, Section, Subjects

HOLDER: Final = Holding(model="points.Holder", gone=True)
_LABELS: Final = {"day": _("Day"), "what": _("What for"), "amount": _("Points"), "balance": _("Balance")}


def holders_of(person: Person) -> QuerySet[Holder]:
    """Their own account, and the household's where it is theirs alone."""
    return held_by(person.residents, person.own_homes)


def find(person: Person) -> Found:
    held = [one.pk for one in holders_of(person)]
    balances = [balance_of(account) for account in held]
    busy = _("Points of this person are held for something that is not done yet.")
    points = sum(one.available for one in balances)
    lost = gettext("%(n)s points are given up: ask whether the person wants to redeem them first.") % {"n": points}
    return Found(len(held), (busy,) if any(one.held for one in balances) else (), lost=lost if points else "")


def give(person: Person) -> list[Section]:
    return [Section("points", _("Points"), _LABELS, rows_of(one.account)) for one in holders_of(person)]


def rows_of(account: Account) -> list[dict[str, str]]:
    lines = statement_of(
        account.pk, since=account.opened_at, until=datetime.max.replace(tzinfo=account.opened_at.tzinfo)
    )
    return [
        {
            "day": local_date(one.posted_at).isoformat(),
            "what": str(one.code.label),
            "amount": f"{one.amount:+d}",
            "balance": str(one.balance),
        }
        for one in lines
    ]


@transaction.atomic
def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """Whose the account was. Its rows stay under a number that is nobody's: they are the other side of others' rows.

    Event: ``points.person.erased``.
    """
    held = [one.pk for one in holders_of(person)]
    for account in held:
        forget_holder(account=account, by=by, at=at)
    if held:
        record(type="points.person.erased", subject=person.cause, by=by, at=at, data={"accounts": len(held)})
    return len(held)


SUBJECTS: Final = Subjects(
    room="points",
    label=_("Points"),
    find=find,
    give=give,
    erase=erase,
    holdings=(HOLDER,),
    loses=_(
        "Points that are left are given up with it, and those of the household if nobody else is of it: redeem them "
        "first."
    ),
    lost=_("what was left of them is given up"),
)
