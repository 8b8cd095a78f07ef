"""Entries that may be one person: looked for among people without an identity number, and shown to who decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.households.enums import Likeness, Relation
from minqing.households.models import Duplicate, Resident, TagGrant
from minqing.households.queries.files import Member, member, village_of
from minqing.households.queries.tags import Shown, visible_tags
from minqing.households.queries.visibility import visible_residents
from minqing.households.rules import MERGES, likeness_of, tags_split, to_fill
from minqing.listing.kinds import Queue
from minqing.listing.queries import Queues
from minqing.org.queries import accounts_over, system_actor
from minqing.privacy.access import acting_as, one_of

BATCH: Final = 500
LABELS: Final = {
    "identity_number": _("Identity number"),
    "phone": _("Telephone"),
    "born_on": _("Born on"),
    "sex": _("Sex"),
}


def visible_duplicates(actor: Actor) -> QuerySet[Duplicate]:
    """Of which both people are in the actor's areas, for those who answer for files."""
    if not actor.has(*MERGES):
        return Duplicate.objects.none()
    inside = one_of("resident__area_id", actor.areas) & one_of("twin__area_id", actor.areas)
    joined = (f"{who}__household__area__parent" for who in ("resident", "twin"))
    return Duplicate.objects.filter(inside).select_related(*joined, "decided_by")


def visible_duplicate(actor: Actor, duplicate_id: UUID, *, lock: bool = False) -> Duplicate:
    """Raises NotFound; with ``lock`` its row is held."""
    rows = visible_duplicates(actor)
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=duplicate_id).first()
    if found is None:
        raise NotFound("no_duplicate")
    return found


def undecided(_actor: Actor, _now: datetime) -> Q:
    return Q(decided_at=None, resident__left_at=None, twin__left_at=None)


QUEUES: Final = Queues(
    visible_duplicates,
    (Queue("open", _("To decide"), "hourglass-split", MERGES, undecided, ("-found_at", "pk"), _("Decide")),),
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two entries, as whoever decides sees it; ``becomes`` says what happens where this one is kept,
    ``leaves`` what the other one's household lacks then.
    """

    id: UUID
    household: UUID
    number: str
    address: str
    village: str
    member: Member
    tags: list[Shown]
    becomes: list[str]
    leaves: str


def sides_of(actor: Actor, row: Duplicate) -> list[Side]:
    """Both entries, numbers masked; two queries."""
    tags = visible_tags(actor, [row.resident.household_id, row.twin.household_id])
    grants = {one.pk: own_grants(one.pk) for one in (row.resident, row.twin)}
    pairs = ((row.resident, row.twin), (row.twin, row.resident))
    return [side(kept, gone, tags, grants, left_behind(actor, gone, kept.household_id)) for kept, gone in pairs]


def becomes_head(kept: Resident, gone: Resident) -> bool:
    """Whether it takes the place of the other one, who was the head of the household of both."""
    return kept.household_id == gone.household_id and gone.relation == Relation.HEAD.value != kept.relation


def left_behind(actor: Actor, gone: Resident, stays: UUID) -> str:
    """What the household of ``gone`` lacks once they are of the household ``stays``; nothing where that is the same."""
    home = gone.household
    if stays == home.pk or home.closed_at is not None:
        return ""
    others = visible_residents(actor).filter(household=home, left_at=None).exclude(pk=gone.pk)
    relations = set(others.values_list("relation", flat=True))
    if not relations:
        return gettext("Nobody is on file in household %(number)s then: close its file.") % {"number": home.number}
    if Relation.HEAD.value not in relations:
        return gettext("Household %(number)s has no head then: say in its file who is.") % {"number": home.number}
    return ""


def merged_since(row: Duplicate) -> Duplicate | None:
    """The newest pair by which the entry that was kept was made one with a further one since, whoever may see it."""
    with acting_as(system_actor("households.duplicates")):
        later = Duplicate.objects.filter(Q(resident=row.kept_id) | Q(twin=row.kept_id), decided_at__gt=row.decided_at)
        return later.exclude(kept=None).order_by("-decided_at", "pk").first()


def own_grants(resident_id: UUID) -> list[TagGrant]:
    """The tags of one person that nobody has taken back; those too that have run out and give way to a new one."""
    rows = TagGrant.objects.filter(resident_id=resident_id, revoked_at=None)
    return list(rows.only("tag", "expires_on").order_by("pk"))


def carried(kept: Iterable[TagGrant], gone: Iterable[TagGrant], on: date) -> tuple[list[UUID], list[UUID]]:
    """Of the tags of ``gone`` those that go along with ``kept``, and those that it has itself on that day."""
    own = {one.tag_id for one in kept if one.expires_on >= on}
    return tags_split(own, {one.pk: one.tag_id for one in gone})


def side(
    kept: Resident, gone: Resident, tags: dict[UUID, list[Shown]], grants: dict[UUID, list[TagGrant]], leaves: str
) -> Side:
    moved, _ended = carried(grants[kept.pk], grants[gone.pk], clock.today())
    known = {id: {one.pk for one in rows} for id, rows in grants.items()}
    shown = {id: [one for one in tags.get(home, []) if one.grant_id in known[id]]
             for id, home in ((kept.pk, kept.household_id), (gone.pk, gone.household_id))}  # fmt: skip
    becomes = [str(LABELS[name]) for name in to_fill(kept, gone)]
    becomes += [gettext("Head of the household")] if becomes_head(kept, gone) else []
    becomes += [gettext("Tag %(name)s") % {"name": one.name} for one in shown[gone.pk] if one.grant_id in moved]
    home = kept.household
    return Side(
        id=kept.pk,
        household=home.pk,
        number=home.number,
        address=home.address,
        village=village_of(home),
        member=member(kept, clock.today()),
        tags=shown[kept.pk],
        becomes=becomes,
        leaves=leaves,
    )


def reasons_of(row: Duplicate) -> str:
    return "、".join(str(Likeness(one).label) for one in row.reasons)


def look_for_duplicates() -> Iterator[tuple[Resident, Resident, list[Likeness]]]:
    """All pairs of the areas that are open to the database, five hundred people at a time, in bounded memory.

    One of each pair has no identity number: those who do are on file once. Each is compared with those of the same
    day of birth, telephone or address. A pair that nobody could decide, since no post lies over both places, is none.
    """
    decided: dict[int, bool] = {}
    people = Resident.objects.filter(left_at=None).select_related("household", "area")
    lacking = people.filter(identity_index=None).order_by("pk")
    read = lacking.iterator(chunk_size=BATCH)
    while some := list(islice(read, BATCH)):
        for one, other, reasons in pairs_of(some, people):
            if somebody_decides(one, other, decided):
                yield one, other, reasons


def somebody_decides(one: Resident, other: Resident, known: dict[int, bool]) -> bool:
    """Whether somebody answers for the files of both: of the lowest area in which both lie, asked once for each."""
    both = [first for first, second in zip(parts(one), parts(other), strict=False) if first == second]
    if both and both[-1] not in known:
        known[both[-1]] = bool(accounts_over(both[-1], MERGES))
    return bool(both) and known[both[-1]]


def parts(one: Resident) -> list[int]:
    return [int(part) for part in one.area.path.split(".") if part]


def pairs_of(
    some: Sequence[Resident], people: QuerySet[Resident]
) -> Iterator[tuple[Resident, Resident, list[Likeness]]]:
    births = {one.born_on for one in some if one.born_on}
    phones = {bytes(one.phone_index) for one in some if one.phone_index}
    areas = {one.area_id for one in some}
    near = Q(born_on__in=births) | Q(phone_index__in=phones) | Q(area_id__in=areas)
    named: dict[str, list[Resident]] = {}
    for one in people.filter(near, name__in={one.name for one in some}):
        named.setdefault(one.name, []).append(one)
    for one in some:
        for other in named.get(one.name, []):
            # of two without a number each would be found twice
            if other.pk == one.pk or (other.identity_index is None and other.pk < one.pk):
                continue
            if reasons := likeness_of(one, other, township=same_township(one, other), address=same_address(one, other)):
                first, second = sorted((one, other), key=lambda person: person.pk)
                yield first, second, reasons


def same_township(one: Resident, other: Resident) -> bool:
    # ``county.township.village.grid.``
    return one.area.path.split(".")[:2] == other.area.path.split(".")[:2]


def same_address(one: Resident, other: Resident) -> bool:
    return (
        bool(one.household.address)
        and one.area_id == other.area_id
        and (one.household_id == other.household_id or one.household.address == other.household.address)
    )
