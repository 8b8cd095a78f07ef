"""Reports of other systems: what of them cannot be used, and what is said again of a matter that is known."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import FormatError, Invalid, NotFound, Refused
from minqing.core.formats import check_phone
from minqing.files.queries import pictures_sent_by
from minqing.matters.enums import State
from minqing.matters.models import Evidence, Matter, Reporter, Step
from minqing.matters.questions import Answer, check_answers
from minqing.matters.services.categories import category_in_use
from minqing.matters.services.closing import appeal_matter, reopen_matter
from minqing.matters.services.handling import add_note
from minqing.matters.unusable import Unusable, lines_of
from minqing.matters.words import clean_text, in_house

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CONTACT_LENGTH = 200
HEADING = _("What the sender also gave, and what could not be used:")
NOT_USED = _("This cannot be used here. It is kept as a note with the matter.")


class Fields:
    """Reads the optional fields of one report and gathers in ``unusable`` what cannot be used."""

    def __init__(self) -> None:
        self.unusable: list[Unusable] = []

    def leave(self, field: str, code: str, sentence: StrOrPromise = NOT_USED, value: object = "") -> None:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        self.unusable.append(Unusable(field, code, sentence, clean_text(text)))

    def category(self, code: str) -> str:
        """The code where it is in use, else empty: it is then sorted by hand."""
        try:
            return category_in_use(code).code if code else ""
        except Invalid as error:
            self.leave("category", error.code, error.sentence, code)
            return ""

    def answers(self, category: str, given: Mapping[str, Answer]) -> dict[str, Answer]:
        """The answers that fit the category's questions, each looked at for itself."""
        if not given:
            return {}
        questions = {one["code"]: one for one in category_in_use(category).questions} if category else {}
        good: dict[str, Answer] = {}
        for code, answer in given.items():
            try:
                fitting = check_answers([questions[code]] if code in questions else [], {code: answer})
            except Invalid as error:
                self.leave(f"answers.{code}", error.code, error.sentence, answer)
                continue
            if answer and not fitting and code not in questions:
                self.leave(f"answers.{code}", "question", _("The category does not ask this."), answer)
            good |= fitting
        return good

    def phone(self, phone: str, contact: str) -> tuple[str, str]:
        """Phone and contact: what no one can call stands in the contact, encrypted as it is."""
        if not phone.strip():
            return "", contact
        try:
            return check_phone(phone), contact
        except FormatError as error:
            self.leave("reporter.phone", "phone", error.sentence)
            return "", beside(contact, phone)

    def pictures(self, ids: Sequence[UUID], *, by: Actor) -> list[UUID]:
        """Those that ``by`` sent, each once: another's would show the caller what it may not see."""
        wanted = list(dict.fromkeys(ids))
        known = {one.pk for one in pictures_sent_by(by, wanted)} if wanted else set()
        sentence = _("A picture is not there. Send it first, and then name it by its id.")
        for one in wanted:
            if one not in known:
                self.leave("pictures", "unknown_picture", sentence, str(one))
        return [one for one in wanted if one in known]

    def keep(self, matter: Matter, *, id: UUID, by: Actor, at: datetime | None) -> Matter:
        """Write what could not be used beside the matter, as a note; ``id`` is that of what brought it.

        Not where the matter is out of the sender's hands by now: it is told all the same.
        """
        if not (lines := lines_of(self.unusable)):
            return matter
        text = "\n".join([in_house(HEADING), *lines])
        try:
            return add_note(id=uuid5(id, "unusable"), matter=matter, text=text, by=by, at=at)
        except Refused:
            return matter


def beside(contact: str, more: str) -> str:
    return " · ".join(filter(None, [clean_text(contact), clean_text(more)]))[:CONTACT_LENGTH]


@transaction.atomic
def report_again(
    *,
    id: UUID,
    matter: Matter,
    said: Mapping[str, str],
    reporter: Mapping[str, str],
    by: Actor,
    picture_ids: Collection[UUID] = (),
    at: datetime | None = None,
) -> Matter:
    """Keep what is said anew of a matter that is known under its sender's number; it changes nothing of the first.

    ``said`` holds texts by the names of their fields, ``text`` first; what the matter or a note of it says already is
    not kept again. It becomes a note for those who work on the matter; nobody works on what was withdrawn or
    declined, so there it opens the matter anew. ``reporter`` (name, phone, contact) is kept beside the first one's.
    """
    locked = Matter.objects.select_for_update().filter(pk=matter.pk).first()
    if locked is None:
        raise NotFound()
    matter = locked
    new = {name: clean for name, text in said.items() if (clean := clean_text(text)) and not says(matter, name, clean)}
    text = "\n".join(value if name == "text" else f"{name}: {value}" for name, value in new.items())
    known = set(Evidence.objects.filter(matter=matter).values_list("attachment_id", flat=True))
    pictures = [one for one in picture_ids if one not in known]
    added = add_reporter(matter, reporter)
    if text and Step.objects.filter(matter=matter, by=by.ref, text=text).exists():
        text = ""
    if not (text or pictures or added):
        return matter
    text = text or in_house(_("It was reported once more."))
    turn: dict[str, Any] = {"id": id, "matter": matter, "by": by, "at": at}
    if matter.state == State.WITHDRAWN:
        return reopen_matter(reason=text, **turn)
    if matter.state == State.DECLINED:
        return appeal_matter(reason=text, **turn)
    return add_note(text=text, picture_ids=pictures, **turn)


def says(matter: Matter, name: str, text: str) -> bool:
    """Whether the matter holds ``text`` as its ``name``, as it was taken in."""
    kept = {"category": matter.category_id or "", "area": matter.area.code}.get(name)
    return text == (kept if kept is not None else str(getattr(matter, name, "")))


def add_reporter(matter: Matter, given: Mapping[str, str]) -> bool:
    """Put who says it now beside who said it first; whether there was something new."""
    told = [clean for text in given.values() if (clean := clean_text(text))]
    row = Reporter.objects.select_for_update().filter(matter=matter).first() or Reporter(matter=matter)
    held = f"{row.name} {row.phone} {row.contact}"
    new = [one for one in told if one not in held]
    if new:
        row.contact = beside(row.contact, " · ".join(new))
        row.save()
    return bool(new)
