"""What other systems ask: which matters a sender reported itself, and what only that sender may know of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)

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


def public_moves_of(ids: Collection[UUID]) -> list[tuple[UUID, str, Any]]:
    """Matter, state and time of each public step, the oldest first; no text, no name."""
    steps = Step.objects.filter(matter_id__in=ids, public=True).order_by("at", "id")
    return list(steps.values_list("matter_id", "state", "at"))


def category_version() -> str:
    """Changes whenever the categories in use do."""
    found = Category.objects.filter(retired=False).aggregate(newest=Max("version"), rows=Count("pk"))
    return f"{found['newest']}.{found['rows']}"
