"""What a publication is made of: solved matters, the people and places in one, and the counts of a quarter."""

from __future__ import annotations

from typing import Any, Final, Protocol
from uuid import UUID

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.households.queries import visible_residents
from minqing.matters.enums import Move, State
from minqing.matters.models import Category, Confirmation, Matter, Reporter, Step
from minqing.matters.models.category import top_code
from minqing.matters.protocols import CategoryLike
from minqing.matters.queries.finding import within
from minqing.matters.queries.measures import EVER_ANSWERED, counted_in
from minqing.matters.queries.visibility import visible_matters
from minqing.org.protocols import AreaLike
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as, one_of
from minqing.privacy.periods import Quarter
from minqing.privacy.withholding import is_withheld

OPEN_TO_ALL: Final = {"state": State.CONFIRMED.value, "confidential": False}
UNSORTED: Final = "unsorted"


class Told(Protocol):
    """A matter as one that is told of it reads it."""

    pk: UUID
    title: str
    text: str
    state: str
    confidential: bool
    objection: bool
    area_id: int
    household_id: UUID | None

    @property
    def area(self) -> AreaLike: ...
    @property
    def category(self) -> CategoryLike | None: ...


def closed_matters(actor: Actor) -> QuerySet[Matter]:
    """Those of the actor's areas that were closed by their reporter's word and not told in confidence."""
    return visible_matters(actor).filter(one_of("area_id", actor.areas), **OPEN_TO_ALL)


def solved_matters(actor: Actor) -> QuerySet[Matter]:
    """Of those what the reporter called solved, in a category that may be published."""
    solved = counted_in(visible_matters(actor), "solved", unit_id=None, now=clock.now())
    return solved.filter(one_of("area_id", actor.areas), category__publishable=True, **OPEN_TO_ALL)


def said_solved(matter: Told) -> bool | None:
    """The reporter's last word on whether it is solved; None where nothing was said."""
    words = Confirmation.objects.filter(matter=matter.pk, declined=False).order_by("-at", "-id")
    return words.values_list("solved", flat=True).first()


def last_reply(matter: Told) -> str:
    """What the reporter was answered last."""
    replies = Step.objects.filter(matter=matter.pk, move=Move.FINISH.value, public=True).order_by("-at", "-id")
    return replies.values_list("text", flat=True).first() or ""


def people_in(matter: Told) -> tuple[set[str], set[str]]:
    """Names and telephone numbers of reporter, household and staff.

    Looked up by the system, whoever asks: they are compared with texts and shown to nobody.
    """
    with acting_as(system_actor("matters.publication")) as by:
        reporter = Reporter.objects.filter(matter=matter.pk).first()
        names = set(Step.objects.filter(matter=matter.pk).exclude(by_name="").values_list("by_name", flat=True))
        phones = set()
        if matter.household_id:
            for one in visible_residents(by).filter(household_id=matter.household_id):
                names.add(one.name)
                phones.add(one.phone)
    if reporter:
        names.add(reporter.name)
        phones.add(reporter.phone)
    return set(filter(None, names)), set(filter(None, phones))


def objects(matter_id: UUID) -> bool:
    """Whether the number of the matter's reporter is of somebody who objected, before or after they reported it."""
    with acting_as(system_actor("matters.publication")):
        reporter = Reporter.objects.filter(matter=matter_id).first()
        return reporter is not None and is_withheld(reporter.phone)


def topics(*, in_use: bool = False) -> list[tuple[str, str]]:
    """Code and name of the first-level categories; ``in_use`` without those retired."""
    rows = Category.objects.filter(parent__isnull=True, **({"retired": False} if in_use else {}))
    return [(row.code, row.called) for row in rows.order_by("code")]


def received_in(quarter: Quarter) -> QuerySet[Matter, Any]:
    """Path of the place, first-level category, what became of them and how many; the caller sees every area."""
    matters = within(Matter.objects.all(), since=quarter.first, until=quarter.last)
    return (
        matters.order_by()
        .values_list(
            "area__path",
            Coalesce(top_code(), Value(UNSORTED)),
            Case(
                When(last_solved=True, then=Value("solved")),
                When(last_solved=False, then=Value("unsolved")),
                When(Q(EVER_ANSWERED), then=Value("silent")),
                default=Value("waiting"),
                output_field=CharField(),
            ),
        )
        .annotate(number=Count("pk"))
    )
