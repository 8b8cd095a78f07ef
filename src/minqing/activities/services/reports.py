"""How it was, told with pictures once it is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.activities import rules
from minqing.activities.models import Activity, Report, ReportPhoto
from minqing.activities.services.activities import begin
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Conflict, Invalid
from minqing.core.formats import check_length
from minqing.files.services import hold_pictures
from minqing.journal.idempotency import sent_once
from minqing.journal.services import record


@sent_once(made=lambda given: Report.objects.filter(pk=given["activity"].pk).first())
def report_activity(
    *,
    id: UUID,
    activity: Activity,
    words: str,
    by: Actor,
    public: bool = False,
    picture_ids: Sequence[UUID] = (),
    at: datetime | None = None,
) -> Report:
    """Once for each; the people of the place see it at their door. ``public``: it may be shown to everybody.

    Event: ``activities.activity.reported``.
    """
    at, row = at or clock.now(), begin(activity)
    rules.may_report(by, row.situation()).require()
    if not (text := check_length(clean(words), rules.LONGEST_WORDS)):
        raise Invalid("report_words", _("Write how it was."))
    if Report.objects.filter(pk=row.pk).exists():
        raise Conflict("reported_before", _("Somebody has told how it was already."))
    if picture_ids and not hold_pictures(ids=picture_ids):
        raise Invalid("photo_gone", _("A photo is not there any more. Choose it again."))
    made = Report.objects.create(activity=row, words=text, public=public, written_by_id=by.person, written_at=at)
    ReportPhoto.objects.bulk_create([ReportPhoto(activity=row, attachment_id=one) for one in picture_ids])
    data = {"area": row.area_id, "public": public, "pictures": len(picture_ids)}
    record(type="activities.activity.reported", subject=f"activity:{row.pk}", by=by, at=at, data=data)
    return made
