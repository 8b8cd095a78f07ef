"""Looking at what only those who handle a matter may see."""

from __future__ import annotations

from django.db import transaction

from minqing.core.actor import Actor
from minqing.core.formats import check_phone
from minqing.journal.services import record
from minqing.matters import queries, rules
from minqing.matters.models import Matter, Reporter


@transaction.atomic
def reveal_reporter(*, matter: Matter, by: Actor) -> Reporter | None:
    """Name and phone of who raised it, None if anonymous. The look is in the journal before anybody has looked."""
    rules.may_reveal_reporter(by, matter.situation).require()
    record(type="matters.reporter.revealed", subject=f"matter:{matter.pk}", by=by, data={"number": matter.number})
    return Reporter.objects.filter(matter=matter).first()


@transaction.atomic
def look_up_caller(*, phone: str, by: Actor) -> list[Matter]:
    """What was reported with this number before, as far as ``by`` may see it; the look is in the journal.

    Raises FormatError for what is no telephone number, Refused for whom nobody calls. The number itself stands in no
    event.
    """
    rules.may_look_up_callers(by).require()
    found = queries.calls_from(by, check_phone(phone))
    record(type="matters.caller.looked_up", subject="callers", by=by, data={"numbers": [one.number for one in found]})
    return found
