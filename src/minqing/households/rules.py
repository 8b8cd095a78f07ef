"""Who may see and change household files, decided from the actor alone. Pure: no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean, fold_name, one_form
from minqing.core.decision import Decision
from minqing.core.errors import Invalid
from minqing.core.formats import OLDEST_YEARS, check_identity_number, check_length, check_phone
from minqing.org.enums import Role
from minqing.org.rules import SEES_HOUSEHOLDS

ISSUES_CODES = frozenset({Role.VILLAGE_SECRETARY, Role.CLERK})


def sees_files(actor: Actor) -> bool:
    """Whether the actor sees household files at all; which ones, its areas say."""
    return actor.kind == "system" or (actor.kind == "user" and actor.has(*SEES_HOUSEHOLDS))


def may_see(actor: Actor, area_id: int) -> Decision:
    if sees_files(actor) and area_id in actor.areas:
        return Decision.yes()
    return Decision.no("not_your_area", _("This household is not in your area."))


def may_change(actor: Actor, area_id: int) -> Decision:
    """Whoever works with a household's file may also correct it; the journal holds who did."""
    return may_see(actor, area_id)


def may_move(actor: Actor, from_area: int, to_area: int) -> Decision:
    """A person moves out of one file and into another: both must be the actor's to change."""
    return may_change(actor, from_area) & may_change(actor, to_area)


def is_residents(phone: str) -> bool:
    """Whether a number may be a home's, as ``check_phone`` gives it: no service number, no extension of an office."""
    return not phone.startswith(("400", "800")) and phone.count("-") < 2


def may_issue_codes(actor: Actor, area_id: int) -> Decision:
    if not may_see(actor, area_id):
        return may_see(actor, area_id)
    if actor.kind == "system" or actor.has(*ISSUES_CODES):
        return Decision.yes()
    return Decision.no("not_issuer", _("Only the village secretary or the township clerk may issue door codes."))


def sees_tag(actor: Actor, roles: Iterable[str]) -> bool:
    """A tag with ``roles`` is for those alone, one without for everybody who sees the file."""
    wanted = frozenset(roles)
    return sees_files(actor) and (actor.kind == "system" or not wanted or actor.has(*wanted))


def may_grant_tag(actor: Actor, area_id: int, roles: Iterable[str]) -> Decision:
    """One may give and take back the tags that one sees."""
    if not may_change(actor, area_id):
        return may_change(actor, area_id)
    if sees_tag(actor, roles):
        return Decision.yes()
    return Decision.no("not_your_tag", _("Your post may not give or take back this tag."))


def person_name(text: str) -> str:
    if not (name := fold_name(text)):
        raise Invalid("name_empty", _("The name is missing."))
    return check_length(name, 60)


def household_number(text: str) -> str:
    if not (number := one_form(text).upper()):
        raise Invalid("number_empty", _("The household number is missing."))
    return check_length(number, 30)


def birth_day(day: date) -> date:
    """A day of birth up to today, and of nobody older than anybody."""
    today = clock.today()
    if day > today:
        raise Invalid("birth_future", _("This date is in the future. Please check it."))
    if today.year - day.year > OLDEST_YEARS:
        raise Invalid("birth_too_old", _("By this date the person is over 130 years old. Please check it."))
    return day


# how each value is checked and kept, whichever way it comes in: form, service, table
PERSON: Final[Mapping[str, Callable[[Any], Any]]] = {
    "name": person_name,
    "born_on": birth_day,
    "phone": check_phone,
    "identity_number": lambda text: check_identity_number(text).value,
}
HOUSEHOLD: Final[Mapping[str, Callable[[str], str]]] = {
    "number": household_number,
    "address": lambda text: check_length(one_form(text), 200),
    "note": lambda text: check_length(clean(text), 2000),
}
