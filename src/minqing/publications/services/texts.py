"""Solved matters in another's words, after a second pair of eyes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, StoredValue
from minqing.journal.idempotency import sent_once
from minqing.journal.moves import Moves
from minqing.matters.queries.publishable import Told
from minqing.matters.services.steps import held, required
from minqing.matters.words import vector
from minqing.org.queries import system_actor, township_over
from minqing.privacy.access import acting_as
from minqing.publications import rules
from minqing.publications.enums import Act, Stage
from minqing.publications.lifecycle import PUBLICATION
from minqing.publications.models import Publication
from minqing.publications.queries.drafts import publishable, still_there

TITLE_LENGTH = 120
CHANGED = _("The text was changed after you opened this page. Read it again.")


def prepared_before(id: UUID, by: Actor) -> Sequence[StoredValue]:
    """What the actor's draft says that began with this form; a later form that rewrote one has no row of its own."""
    row = Publication.objects.filter(pk=id, prepared_by=by.id).first()
    if row is None:
        return ()
    # under the labels of the form, by which the two texts are laid side by side
    kept = [StoredValue(_("Headline"), row.title), StoredValue(_("What it was about"), row.question)]
    return [*kept, StoredValue(_("How it was solved"), row.answer)]


# sent again after the review it is no new draft
@sent_once(prepared_before, made=lambda given: Publication.objects.filter(matter=given["matter"].pk).first())
def prepare_publication(
    *,
    id: UUID,
    matter: Told,
    title: str,
    question: str,
    answer: str,
    by: Actor,
    objection: bool = False,
    at: datetime | None = None,
) -> Publication:
    """Write or rewrite the draft; what was reviewed before must be reviewed anew. The same text again changes nothing.

    ``objection``: the reporter does not want it; the draft is kept and goes no further.
    """
    # one draft a matter: two who begin at once wait here for each other
    locked = held(matter.pk)
    found = Publication.objects.select_for_update().filter(matter=locked.pk).first()
    stage = Stage(found.state) if found else None
    rules.may(Act.PREPARE, by, stage=stage, area_id=locked.area_id).require()
    category = check_matter(locked)
    title = required(title, _("Give it a title that tells what it was about."))[:TITLE_LENGTH]
    question = required(question, _("Write what was asked, in words of your own."))
    answer = required(answer, _("Write how it was solved, in words of your own."))
    texts: dict[str, object] = {"title": title, "question": question, "answer": answer, "objection": objection}
    if found and stage is Stage.DRAFT and all(getattr(found, name) == value for name, value in texts.items()):
        return found
    row = found or Publication(id=id, matter=locked, version=0)
    return move_on(
        row,
        Act.PREPARE,
        by=by,
        at=at,
        **texts,
        area=township_over(locked.area.path) or locked.area,
        category=category,
        search=vector(title, question, answer),
        version=row.version + 1,
        reviewed_by=None,
        published_at=None,
        prepared_by_id=by.person,
    )


@transaction.atomic
def review_publication(*, publication: Publication, version: int, by: Actor, at: datetime | None = None) -> Publication:
    """Somebody else has read the draft ``version`` and recognised nobody. Sent twice it is one review."""
    row = PUBLICATIONS.lock(publication.pk)
    if row.state == Stage.REVIEWED and row.reviewed_by_id == by.id and row.version == version:
        return row
    check(row, Act.REVIEW, version=version, by=by)
    return move_on(row, Act.REVIEW, by=by, at=at, reviewed_by_id=by.person)


@transaction.atomic
def publish(*, publication: Publication, version: int, by: Actor, at: datetime | None = None) -> Publication:
    """Show it on the public page. What was reviewed is looked through once more by machine."""
    row = PUBLICATIONS.lock(publication.pk)
    if row.state == Stage.PUBLISHED and row.version == version:
        return row
    check(row, Act.PUBLISH, version=version, by=by)
    return move_on(row, Act.PUBLISH, by=by, at=at, published_at=at or clock.now())


@transaction.atomic
def withdraw_publication(*, publication: Publication, by: Actor, at: datetime | None = None) -> Publication:
    """Take it off the public page, or give up the draft. Already withdrawn: nothing happens."""
    row = PUBLICATIONS.lock(publication.pk)
    if row.state == Stage.WITHDRAWN:
        return row
    rules.may(Act.WITHDRAW, by, stage=Stage(row.state), area_id=row.matter.area_id).require()
    return move_on(row, Act.WITHDRAW, by=by, at=at, published_at=None)


@transaction.atomic
def index_publications(*, by: Actor) -> int:
    """Make found by their words what was written before publications had any; how many. Part of each upgrade.

    Nothing that anybody reads changes, so there is no event.
    """
    with acting_as(system_actor(by.name)):
        rows = list(Publication.objects.filter(search=None).only("id", "title", "question", "answer"))
        for row in rows:
            Publication.objects.filter(pk=row.pk).update(search=vector(row.title, row.question, row.answer))
    return len(rows)


@transaction.atomic
def withdraw_publication_of(*, matter_id: UUID, by: Actor, at: datetime | None = None) -> Publication | None:
    """The same by the matter, which was opened again; None where nothing was prepared."""
    found = Publication.objects.filter(matter=matter_id).first()
    return withdraw_publication(publication=found, by=by, at=at) if found else None


def check(row: Publication, act: Act, *, version: int, by: Actor) -> None:
    rules.may(
        act,
        by,
        stage=Stage(row.state),
        area_id=row.matter.area_id,
        prepared_by=row.prepared_by_id,
        objection=row.objection,
    ).require()
    if row.version != version:
        raise Conflict("changed", CHANGED)
    check_matter(row.matter)
    if kinds := still_there(row.matter, (row.title, row.question, row.answer)):
        words = "、".join(str(kind.label) for kind in kinds)
        sentence = _("The text still holds something of a person: {kinds}. Change it and save it first.")
        raise Invalid("still_personal", format_lazy(sentence, kinds=words))


def check_matter(matter: Told) -> Any:
    """The category of a matter that may be published; Conflict with the reason for any other."""
    category, found = matter.category, publishable(matter)
    if category is None or not found:
        raise Conflict(found.code, found.reason)
    return category


def move_on(row: Publication, act: Act, *, by: Actor, at: datetime | None, **changes: Any) -> Publication:
    at = at or clock.now()
    PUBLICATIONS.finish(row, act, by=by, at=at, changed_at=at, **changes)
    # what a draft has there in memory is an expression
    row.search = None
    return row


PUBLICATIONS: Final = Moves(
    model=Publication,
    lifecycle=PUBLICATION,
    events={
        Act.PREPARE: "publications.publication.prepared",
        Act.REVIEW: "publications.publication.reviewed",
        Act.PUBLISH: "publications.publication.published",
        Act.WITHDRAW: "publications.publication.withdrawn",
    },
    subject=lambda row: f"matter:{row.matter_id}",
    # ids and codes, no word of the text
    event_data=lambda row: {"publication": str(row.pk), "version": row.version, "state": row.state},
    # the words are not read, and so not written back
    rows=lambda: Publication.objects.select_related("matter__category").defer("search"),
)
