"""The county's own print sheet."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.retrying import one_at_a_time
from minqing.journal.services import record
from minqing.matters.models import SheetTemplate
from minqing.matters.sheets.checking import check_template
from minqing.org.rules import may_manage


@transaction.atomic
def store_sheet_template(*, content: bytes, by: Actor, at: datetime | None = None) -> SheetTemplate:
    """Use this Word template from now on; raises Invalid with the reason where it cannot be used.

    Empty ``content`` goes back to the sheet that comes with the software. The same content again changes nothing.
    """
    may_store(by).require()
    if content:
        check_template(content)
    digest = hashlib.sha256(content).hexdigest()
    one_at_a_time("matters.sheet")
    newest = SheetTemplate.objects.order_by("-uploaded_at", "-id").first()
    if newest is not None and newest.digest == digest:
        return newest
    at = at or clock.now()
    row = SheetTemplate.objects.create(content=content, digest=digest, uploaded_at=at, by=by.ref)
    record(type="matters.sheet.replaced", subject="sheet", by=by, at=at, data={"digest": digest, "size": len(content)})
    return row


def may_store(by: Actor) -> Decision:
    if may_manage(by):
        return Decision.yes()
    return Decision.no("not_operator", _("Only the operator may change the print sheet."))
