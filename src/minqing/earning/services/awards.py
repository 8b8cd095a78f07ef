"""Points given and taken back as a mistake: limits, accounts, and the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict
from minqing.earning import rules
from minqing.earning.models import Award, Claim
from minqing.points.enums import Code, Kind
from minqing.points.services import house_account, open_account, post_transfer, reverse_transfer

CALLER: Final = "earning"


def give(row: Claim, by: Actor, at: datetime) -> Award:
    """The award of a claim that is held, posted under its key. Raises Conflict where a limit is reached."""
    refuse_beyond(row)
    whose: dict[str, Any] = (
        {"kind": Kind.RESIDENT, "resident": row.resident_id}
        if row.resident_id
        else {"kind": Kind.HOUSEHOLD, "household": row.household_id}
    )
    to = open_account(area=row.area_id, by=by, **whose)
    answer = post_transfer(
        caller=CALLER,
        key=f"award:{row.pk}",
        debit=house_account(kind=Kind.ISSUANCE, by=by).pk,
        credit=to.pk,
        amount=row.version.points,
        code=Code.AWARD,
        about=f"claim:{row.pk}",
        by=by,
    ).checked()
    return Award.objects.create(
        claim=row,
        function_id=row.version.function_id,
        area_id=row.area_id,
        household_id=row.household_id,
        resident_id=row.resident_id,
        happened_on=row.happened_on,
        points=row.version.points,
        transfer=answer.ids[0],
        awarded_at=at,
    )


def refuse_beyond(row: Claim) -> None:
    """How often this person and this household were thanked for it by now; the caller holds the household's name."""
    if row.household_id is None:
        raise Conflict("household_gone", _("The household's file is not there any more."))
    version = row.version
    given = Award.objects.filter(household=row.household_id, function=version.function_id, corrected_at=None)
    season = given.filter(happened_on__range=rules.season_of(row.happened_on))
    day = given.filter(happened_on=row.happened_on)
    same = {"resident": row.resident_id}
    for limit, rows, told in (
        (version.person_day, day.filter(**same), _("This person was thanked for this on that day already.")),
        (
            version.person_season,
            season.filter(**same),
            _("This person was thanked for this often enough this quarter."),
        ),
        (version.household_day, day, _("This household was thanked for this on that day already.")),
        (version.household_season, season, _("This household was thanked for this often enough this quarter.")),
    ):
        if limit is not None and rows.count() >= limit:
            raise Conflict("limit_reached", told)


def take_back(row: Claim, by: Actor, at: datetime) -> None:
    """The transfer of a claim that is held, reversed once."""
    award = Award.objects.get(claim=row)
    loss = house_account(kind=Kind.LOSS, by=by).pk
    reverse_transfer(
        caller=CALLER, key=f"correct:{row.pk}", transfer=award.transfer, loss=loss, by=by, reason="mistake"
    ).checked()
    award.corrected_at = at
    award.save(update_fields=["corrected_at"])
