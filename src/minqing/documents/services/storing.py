"""The county's own print sheets."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.retry import one_at_a_time
from minqing.documents.kinds import PrintSheet
from minqing.documents.models import Template
from minqing.documents.rules import may_store
from minqing.documents.services.checking import check_template
from minqing.journal.services import Json, record


@transaction.atomic
def store_template(*, sheet: PrintSheet, content: bytes, by: Actor, at: datetime | None = None) -> Template:
    """Use this Word template for ``sheet`` from now on; raises Invalid with the reason where it cannot be used.

    Empty ``content`` goes back to the sheet that comes with the software. The same content again changes nothing.
    """
    may_store(by).require()
    if content:
        check_template(content, sheet.sample())
    digest = hashlib.sha256(content).hexdigest()
    one_at_a_time(f"documents.template:{sheet.code}")
    newest = Template.objects.filter(sheet=sheet.code).order_by("-uploaded_at", "-id").first()
    if newest is not None and newest.digest == digest:
        return newest
    at = at or clock.now()
    row = Template.objects.create(sheet=sheet.code, content=content, digest=digest, uploaded_at=at, by=by.ref)
    data: dict[str, Json] = {"digest": digest, "size": len(content)}
    record(type="documents.template.replaced", subject=f"sheet:{sheet.code}", by=by, at=at, data=data)
    return row
