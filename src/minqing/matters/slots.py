"""What this room adds to pages of other rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minqing.core.health import MOST_NAMED
from minqing.matters.access import READERS
from minqing.matters.enums import OPEN
from minqing.matters.lists import found_rows
from minqing.matters.models import Matter
from minqing.matters.queries import of_household, with_dues
from minqing.matters.queries.today import queue_figures
from minqing.org.access import PageRequest
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.web.slots import drawn, given

MOST_OF_HOUSEHOLD = 10
MOST_FOUND = 10


def on_unit(request: Any, unit: Any) -> str:
    """What a unit that is used no more still has in hand. The operator reads no matter: numbers are enough."""
    with acting_as(system_actor("unit out of use")):
        numbers = list(Matter.objects.filter(lead_unit_id=unit.pk, state__in=OPEN).values_list("number", flat=True))
    if not numbers:
        return ""
    sentence = ngettext(
        "%(n)d matter is still open with %(unit)s. Have it given to another unit first: %(numbers)s",
        "%(n)d matters are still open with %(unit)s. Have them given to other units first: %(numbers)s",
        len(numbers),
    ) % {"n": len(numbers), "unit": unit.name, "numbers": "、".join(sorted(numbers)[:MOST_NAMED])}
    if len(numbers) > MOST_NAMED:
        sentence += " …"
    if not request.actor.has(*READERS):
        return format_html("{}", sentence)
    address = f"{reverse('matters:list')}?unit={unit.pk}"
    return format_html('{} <a href="{}">{}</a>', sentence, address, _("To these matters"))


def on_rail(request: PageRequest, now: datetime) -> str:
    """How the work of the actor's units stands, beside what waits."""
    figures, unsorted = queue_figures(request.actor, now)
    shown = [*given("matters.queue", request, unsorted), *figures]
    return drawn(request, "matters/parts/rail.html", {"figures": shown})


def on_find(request: PageRequest, typed: str) -> str:
    """The matters among what the whole house finds."""
    rows = found_rows(request, typed, MOST_FOUND)
    context = {"rows": rows[:MOST_FOUND], "more": len(rows) > MOST_FOUND, "typed": typed}
    return drawn(request, "matters/parts/found.html", context) if rows else ""


def on_file(request: PageRequest, household: Any) -> str:
    """The household's open matters."""
    matters = with_dues(of_household(request.actor, household.pk).filter(state__in=OPEN)[:MOST_OF_HOUSEHOLD])
    return drawn(request, "matters/parts/of_household.html", {"matters": matters})
