"""Canned replies are written, changed and thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Invalid, StoredValue
from minqing.core.formats import check_length
from minqing.core.text import one_line
from minqing.journal.idempotency import sent_once
from minqing.journal.services import record
from minqing.matters.models import Phrase
from minqing.matters.rules import phrases
from minqing.matters.words import clean_text


def added_before(id: UUID, by: Actor) -> Sequence[StoredValue]:
    found = Phrase.objects.filter(pk=id).first()
    if found is None or not phrases.may_write(by, unit_id=found.unit_id, area_id=found.area_id):
        return ()
    return [StoredValue(_("Title of the reply"), found.title), StoredValue(_("Text"), found.text)]


@sent_once(added_before, made=lambda given: Phrase.objects.filter(pk=given["id"]).first())
def add_phrase(
    *, id: UUID, title: str, text: str, by: Actor, unit: int | None = None, area: int | None = None
) -> Phrase:
    """A new phrase, and never a change of one that is there; see :func:`save_phrase`."""
    return save_phrase(id=id, title=title, text=text, by=by, unit=unit, area=area)


@transaction.atomic
def save_phrase(
    *, id: UUID, title: str, text: str, by: Actor, unit: int | None = None, area: int | None = None
) -> Phrase:
    """Write a phrase for a ``unit`` or for everyone in an ``area``; one that is there gets title and text anew.

    Raises Invalid for an empty text or a placeholder that nobody fills in.
    """
    before = Phrase.objects.select_for_update().filter(pk=id).first()
    if before:
        unit, area = before.unit_id, before.area_id
    if (unit is None) == (area is None):
        raise Invalid("whose", _("Choose for whom this reply is."))
    phrases.may_write(by, unit_id=unit, area_id=area).require()
    title = one_line(check_length(clean_text(title), phrases.TITLE_LENGTH), phrases.TITLE_LENGTH)
    text = check_length(clean_text(text), phrases.TEXT_LENGTH)
    if not title or not text:
        raise Invalid("text_missing", _("Write a title and a text."))
    if unknown := phrases.unknown_in(text):
        told = _("{name} is not known. Use {number}, {unit}, {area} or {due}.")
        name = "{" + one_line(unknown[0], 20) + "}"
        raise Invalid("placeholder", told.format(name=name, **phrases.written()))
    row = before or Phrase(pk=id, unit_id=unit, area_id=area)
    if before and (row.title, row.text) == (title, text):
        return row
    row.title, row.text, row.changed_at = title, text, clock.now()
    row.save(force_insert=not before)
    data = {"unit": unit, "area": area, "new": not before}
    record(type="matters.phrase.saved", subject=f"phrase:{row.pk}", by=by, at=row.changed_at, data={**data})
    return row


@transaction.atomic
def drop_phrase(*, phrase: Phrase, by: Actor) -> None:
    """Throw a phrase away; replies that were made with it stay as they are."""
    phrases.may_write(by, unit_id=phrase.unit_id, area_id=phrase.area_id).require()
    gone, _rows = Phrase.objects.filter(pk=phrase.pk).delete()
    if gone:
        record(type="matters.phrase.dropped", subject=f"phrase:{phrase.pk}", by=by)
