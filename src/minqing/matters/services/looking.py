"""Looking at what only those who handle a matter may see."""

from __future__ import annotations

from django.db import transaction

from minqing.core.actor import Actor
from minqing.journal.services import record
from minqing.matters import rules
from minqing.matters.models import Matter, Reporter


@transaction.atomic
def reveal_reporter(*, matter: Matter, by: Actor) -> Reporter | None:
    """Name and phone of who raised it, None if anonymous. The look is in the journal before anybody has looked."""
    rules.may_reveal_reporter(by, matter.situation).require()
    record(type="matters.reporter.revealed", subject=f"matter:{matter.pk}", by=by, data={"number": matter.number})
    return Reporter.objects.filter(matter=matter).first()
