"""What a name, a number, a day of birth of a household's file may be, and how it is kept. Pure: no database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.characters import clean, fold_dashes, fold_name, one_form
from minqing.core.errors import Invalid
from minqing.core.formats import OLDEST_YEARS, check_identity_number, check_length, check_phone
from minqing.org.enums import Role
from minqing.org.rules import SEES_HOUSEHOLDS


def is_residents(phone: str) -> bool:
    """Whether a number may be a home's, as ``check_phone`` gives it: no service number, no extension of an office."""
    return not phone.startswith(("400", "800")) and phone.count("-") < 2


def person_name(text: str) -> str:
    if not (name := fold_name(text)):
        raise Invalid("name_empty", _("The name is missing."))
    return check_length(name, 60)


def number_readings(typed: str) -> tuple[str, ...]:
    """The household numbers that ``typed`` may be, the likeliest first: as it was typed; with plain hyphens; and
    without spaces. Never without hyphens: ``1-23`` and ``12-3`` are two households.
    """
    exact = one_form(typed).upper()
    plain = fold_dashes(exact)
    return tuple(dict.fromkeys((exact, plain, "".join(plain.split()))))


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


# characters of why a tag was given
LONGEST_REASON: Final = 200

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

TAG_ROLES: Final = SEES_HOUSEHOLDS
LONGEST_TAG_DAYS: Final = 3650


def check_tag(*, name: str, group: str, roles: Collection[str], days_valid: int) -> tuple[str, str, list[str]]:
    """Name, group and roles of a tag as they are kept; raises Invalid. Without roles all see it who see the file."""
    if not (name := one_form(name)):
        raise Invalid("name_empty", _("The name is missing."))
    if not (group := one_form(group)):
        raise Invalid("group_empty", _("Say in which group it stands."))
    if set(roles) - TAG_ROLES:
        raise Invalid("role_unknown", _("Only posts that see household files may see a tag."))
    if not 1 <= days_valid <= LONGEST_TAG_DAYS:
        raise Invalid("days_wrong", _("A tag holds for one day at least and ten years at most."))
    return check_length(name, 40), check_length(group, 40), [role.value for role in Role if role in set(roles)]
