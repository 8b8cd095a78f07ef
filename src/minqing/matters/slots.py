"""What this room adds to pages of the organisation, and routing to those of matters."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minqing.core.health import MOST_NAMED
from minqing.matters.access import READERS
from minqing.matters.bulk_form import bulk_form
from minqing.matters.enums import OPEN
from minqing.matters.models import Matter
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as


def on_list(request: Any, _rows: object) -> str:
    """Above a list with ticks the form that assigns what is ticked."""
    return render_to_string("matters/parts/bulk.html", {"form": bulk_form(request.actor)}, request)


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
