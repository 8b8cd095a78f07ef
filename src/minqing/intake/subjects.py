"""Tables that were brought: their files hold people's rows for thirty days, their problems pieces of them."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.intake import storage
from minqing.intake.enums import RunState
from minqing.intake.models import ImportRun
from minqing.journal.services import record
from minqing.privacy.subjects import GONE, Found, Holding, Person, Section, Subjects

RUN: Final = Holding(model="intake.ImportRun", blank={"problems": [], "mapping": {}, "name": GONE})
BUSY: Final = frozenset({RunState.CHECKING.value, RunState.LOADING.value})


def find(person: Person) -> Found:
    """No table is searched: each has thousands of rows, and goes by itself."""
    if ImportRun.objects.filter(state__in=BUSY).exists():
        return Found(1, (_("A table is being taken in. Wait until it is done."),))
    return Found()


def give(person: Person) -> list[Section]:
    """What was loaded from a table stands in the records that it made."""
    return []


@transaction.atomic
def erase(*, person: Person, by: Actor, at: datetime) -> int:
    """All files of tables that nobody is reading go now and not after thirty days: which of them names somebody is not
    looked for. Whoever had checked one brings it once more. Event: ``intake.person.erased``.
    """
    rows = ImportRun.objects.select_for_update().exclude(state__in=BUSY).exclude(stored="", marked="", problems=[])
    runs = list(rows.order_by("pk"))
    for run in runs:
        transaction.on_commit(partial(storage.remove, run.stored, run.marked))
    ImportRun.objects.filter(pk__in=[run.pk for run in runs]).update(stored="", marked="", **RUN.blank)
    if runs:
        record(type="intake.person.erased", subject=person.cause, by=by, at=at, data={"runs": len(runs)})
    return len(runs)


SUBJECTS: Final = Subjects(
    room="intake", label=_("Imported tables"), find=find, give=give, erase=erase, holdings=(RUN,)
)
