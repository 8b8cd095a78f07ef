"""What this room adds to pages of other rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minqing.exports.enums import State
from minqing.exports.kinds import KINDS
from minqing.exports.lists import described
from minqing.exports.queries import exports_of
from minqing.org.access import PageRequest
from minqing.web.overview import Overview, Panel, Scope
from minqing.web.pieces import Ask
from minqing.web.slots import drawn

ASKED = 5
TAKEN = 3


def on_asks(request: PageRequest, now: datetime) -> list[Ask]:
    """Long lists that wait for this person's word: what the rule does not let them decide is not asked."""
    waiting = exports_of(request.actor).filter(state=State.ASKED.value).exclude(account_id=request.actor.person)
    rows = [described(request.actor, row, now) for row in waiting[:ASKED]]
    return [asked(request, told) for told in rows if told["may_decide"]]


def on_analyst(request: PageRequest, scope: Scope) -> list[Overview]:
    """The lists that may be taken out, and what became of the last ones."""
    lists = [one for one in KINDS if request.actor.has(*one.roles)]
    own = exports_of(request.actor).filter(account_id=request.actor.person).order_by("-asked_at", "-id")
    taken = [described(request.actor, row, scope.now) for row in own[:TAKEN]]
    html = drawn(request, "exports/parts/to_take.html", {"lists": lists, "taken": taken})
    return [Overview(panels=[Panel(html, "left")])]


def asked(request: PageRequest, told: dict[str, Any]) -> Ask:
    row = told["row"]
    size = ngettext("%(n)d row", "%(n)d rows", row.rows) % {"n": row.rows}
    title = _("%(name)s: %(list)s, %(rows)s") % {"name": row.account.name, "list": told["kind"], "rows": size}
    narrowed = " · ".join(f"{label} {word}" for label, word in told["filter"])
    text = " · ".join(filter(None, [str(told["purpose"]), row.area.name, narrowed]))
    html = drawn(request, "exports/parts/asked.html", {"row": row, "next": request.get_full_path()})
    return Ask(f"export-{row.pk}", _("Take a list out"), title, reverse("exports:list"), html, text)
