"""What other systems ask: which matters a sender reported itself, and what only that sender may know of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import JSONObject

from minqing.core.actor import Actor
from minqing.matters.enums import Move
from minqing.matters.models import Category, Evidence, Matter, Step
from minqing.matters.models.naming import with_names


def for_sender(matters: QuerySet[Matter], sender: Actor | None) -> QuerySet[Any]:
    """``matters`` with the county's words for states, and ``own``: whether ``sender`` reported it.

    Where it did, also ``reply``, the text of the last public answer, and ``picture_ids``, those sent with the report.
    In everybody else's matters both are empty in the database's own answer.
    """
    matters = with_names(matters)
    if sender is None:
        return matters.annotate(own=Value(False), reply=Value(""))
    # the first step has the matter's own id
    own = Exists(Step.objects.filter(pk=OuterRef("pk"), by=sender.ref))
    replies = Step.objects.filter(matter=OuterRef("pk"), move=Move.FINISH.value, public=True)
    sent = Evidence.objects.filter(matter=OuterRef("pk"), step=None).order_by("id").values("attachment_id")
    return matters.annotate(own=own).annotate(
        reply=Case(
            When(
                own=Value(True, output_field=BooleanField()), then=Subquery(replies.order_by("-at").values("text")[:1])
            ),
            default=Value(""),
            output_field=TextField(),
        ),
        picture_ids=Case(When(own=Value(True, output_field=BooleanField()), then=ArraySubquery(sent)), default=None),
    )


def with_public_moves(matters: QuerySet[Any]) -> QuerySet[Any]:
    """``matters`` with ``public_moves``: state and time of each public step, the oldest first; no text, no name.

    What a reporter adds is between the reporter and those who handle it.
    """
    steps = Step.objects.filter(matter=OuterRef("pk"), public=True).exclude(move=Move.NOTE.value).order_by("at", "id")
    return matters.annotate(public_moves=ArraySubquery(steps.values(told=JSONObject(state="state", at="at"))))


def public_steps(matters: QuerySet[Any], *, start: datetime, end: datetime, sender: Actor | None) -> QuerySet[Any]:
    """Public steps of ``matters`` in [``start``, ``end``), the oldest first; without those by which they came in
    and what their reporters added.

    ``own`` and ``picture_ids`` as in :func:`for_sender`: of everybody else's there is no picture and no text.
    ``names`` are the county's words for states.
    """
    own: object = Value(False)
    if sender is not None:
        own = Exists(Step.objects.filter(pk=OuterRef("matter_id"), by=sender.ref))
    sent = Evidence.objects.filter(step=OuterRef("pk")).order_by("id").values("attachment_id")
    known = Value(True, output_field=BooleanField())
    pictures = Case(When(own=known, then=ArraySubquery(sent)), default=None)
    words = Case(When(own=known, then=F("text")), default=Value(""), output_field=TextField())
    found = Step.objects.filter(matter__in=matters, public=True, at__gte=start, at__lt=end)
    found = found.exclude(move__in=[Move.RECEIVE.value, Move.NOTE.value]).annotate(own=own)
    told = with_names(found.annotate(picture_ids=pictures, words=words, number=F("matter__number")))
    return told.order_by("at", "id").values("id", "number", "state", "at", "own", "words", "picture_ids", "names")


def step_since(id: UUID, since: datetime) -> bool:
    """Whether the step of that id was made at that moment or later."""
    return Step.objects.filter(pk=id, at__gte=since).exists()


def category_version() -> str:
    """Changes whenever the categories in use do."""
    newest, rows, own = (
        Category.objects.filter(retired=False)
        .aggregate(newest=Max("version"), rows=Count("pk"), own=Max("changed_at"))
        .values()
    )
    return f"{newest}.{rows}.{own.timestamp() if own else 0}"
