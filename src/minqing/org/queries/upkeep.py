"""What the operator looks after the organisation by: the tree with its people, what stands in an area, who is where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.org.enums import DESK, Role
from minqing.org.models import Account, Area, Boundary, Post, Unit, WorkDay
from minqing.org.queries import area_path
from minqing.org.rules import Holding


def in_force(on: date | None = None, prefix: str = "") -> Q:
    """Posts held on a day; ``prefix`` where they are asked for by something that has them."""
    day = on or clock.today()
    running = Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gte": day})
    return running & Q(**{f"{prefix}since__lte": day})


@dataclass(frozen=True, slots=True)
class Branch:
    """An area of the tree as it is drawn: how many work in it, whether it is the chosen one, what hangs below it."""

    area: Area
    people: int
    chosen: bool
    leaf: bool
    below: tuple[Branch, ...]


def ids_in(path: str) -> list[int]:
    return [int(part) for part in path.split(".") if part]


def area_of_id(area_id: int) -> Area | None:
    return Area.objects.select_related("parent").filter(pk=area_id).first()


def branches(chosen: Area | None) -> tuple[Branch, ...]:
    """The tree with the way to ``chosen`` opened, closed areas last among their like; three statements."""
    above = ids_in(chosen.path) if chosen else []
    shown = Area.objects.filter(Q(parent=None) | Q(parent_id__in=above)).order_by("code", "id")
    rows = sorted(shown, key=lambda one: one.valid_to is not None)
    parents = set(Area.objects.filter(parent_id__in=[one.pk for one in rows]).values_list("parent_id", flat=True))
    people = people_by_area(one.path for one in rows)

    def hanging(parent: int | None) -> tuple[Branch, ...]:
        return tuple(
            Branch(one, people[one.path], one == chosen, one.pk not in parents, hanging(one.pk))
            for one in rows
            if one.parent_id == parent
        )

    return hanging(None)


def people_by_area(paths: Iterable[str]) -> Counter[str]:
    """How many people have a post in each of these areas or below it; each once in each."""
    wanted, found = set(paths), Counter[str]()
    held = Post.objects.filter(in_force(), account__is_active=True, area__isnull=False)
    seen = set(held.values_list("account_id", "area__path"))
    counted: set[tuple[object, str]] = set()
    for account, path in seen:
        ends = [path[: end + 1] for end, sign in enumerate(path) if sign == "."]
        counted.update((account, above) for above in ends if above in wanted)
    found.update(above for _account, above in counted)
    return found


def keepers_of_area(area: Area) -> list[Holding]:
    """What of the organisation itself stands in an area, or below it."""
    below = Area.objects.filter(path__startswith=area.path, valid_to=None).exclude(pk=area.pk).count()
    units = Unit.objects.filter(area__path__startswith=area.path, active=True).count()
    posts = Post.objects.filter(in_force(), area__path__startswith=area.path).count()
    return [
        Holding(_("Areas below"), below, _("Close the areas below it first.")),
        Holding(_("Units"), units, _("Put its units out of use first, or give them another area.")),
        Holding(_("Posts"), posts, _("End the posts in it first, or give those people others.")),
    ]


def whose_sight_changes(area: Area, parent: Area) -> tuple[int, int]:
    """How many people see an area no more, and how many newly, once it hangs below ``parent``."""
    old, new = set(ids_in(area.path)[:-1]), set(ids_in(parent.path))
    held = Post.objects.filter(in_force(), account__is_active=True)

    def over(ids: Collection[int]) -> set[object]:
        return set(held.filter(area_id__in=ids).values_list("account_id", flat=True))

    loses, gains = over(old - new), over(new - old)
    return len(loses - gains), len(gains - loses)


def may_lie_above(area: Area) -> QuerySet[Area]:
    """Open areas of its city that do not lie inside it; whether the level fits, the rule says."""
    root = area.path.partition(".")[0]
    inside = Area.objects.filter(path__startswith=f"{root}.", valid_to=None)
    return inside.exclude(path__startswith=area.path).order_by("path")


def people_of_area(area: Area, *, most: int) -> Sequence[Post]:
    """The posts in an area and below it, of the highest area first."""
    held = Post.objects.filter(in_force(), area__path__startswith=area.path).select_related("account", "unit", "area")
    return list(held.order_by("area__path", "role", "pk")[:most])


def secretary_of(area: Area) -> Account | None:
    held = Post.objects.filter(in_force(), area=area, role=Role.VILLAGE_SECRETARY, account__is_active=True)
    post = held.select_related("account").order_by("since").first()
    return post.account if post else None


def borders_in(area: Area) -> list[Boundary]:
    """The borders of the areas right below one, or its own where none of them has any."""
    drawn = Boundary.objects.select_related("area")
    below = list(drawn.filter(area__parent=area, area__valid_to=None).order_by("area__path"))
    return below or list(drawn.filter(area=area))


def keepers_of_unit(unit: Unit) -> list[Holding]:
    """Who works in a unit: they keep their posts when it is put out of use."""
    return [Holding(_("People with a post in it"), Post.objects.filter(in_force(), unit=unit).count())]


def unit_of_id(unit_id: int) -> Unit | None:
    return Unit.objects.select_related("area").filter(pk=unit_id).first()


def units_found(*, words: str = "", kind: str = "", area: int | None = None, closed: bool = False) -> QuerySet[Unit]:
    """Units for the operator's list: in or out of use, narrowed by words, a kind, an area with those below it."""
    rows = Unit.objects.filter(active=not closed).select_related("area")
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(code__icontains=words) | Q(phone__contains=words))
    if kind:
        rows = rows.filter(kind=kind)
    if area is not None:
        rows = rows.filter(area_id__in=Area.objects.filter(path__startswith=area_path(area) or "-").values("id"))
    return rows


def open_areas() -> list[Area]:
    """All areas that are not closed, a higher one above those in it."""
    return list(Area.objects.filter(valid_to=None).order_by("path"))


def last_one(post: Post, until: date) -> bool:
    """Whether somebody holds no other post once this one has ended."""
    others = Post.objects.filter(Q(until=None) | Q(until__gt=until), account=post.account_id).exclude(pk=post.pk)
    return not others.exists()


def units_alone(account: Account) -> list[Unit]:
    """The units in which nobody but this person handles matters."""
    desk = Post.objects.filter(in_force(), role__in=DESK, account__is_active=True)
    own = set(desk.filter(account=account).values_list("unit_id", flat=True))
    shared = set(desk.filter(unit_id__in=own).exclude(account=account).values_list("unit_id", flat=True))
    return list(Unit.objects.filter(pk__in=own - shared).order_by("code"))


def person_of_id(account_id: UUID) -> Account | None:
    return Account.objects.filter(pk=account_id).first()


def post_of_id(post_id: UUID) -> Post | None:
    return Post.objects.select_related("account", "unit", "area").filter(pk=post_id).first()


def posts_ever(account: Account) -> list[Post]:
    """Those in force first, then those to come and those that have ended."""
    held = Post.objects.filter(account=account).select_related("unit", "area")
    return list(held.order_by(F("until").desc(nulls_first=True), "-since", "pk"))


# after so many days without a sign-in somebody may have left
LONG_AWAY = 30


class Look(StrEnum):
    """What the operator looks for among the people."""

    AWAY = "away"
    NEVER = "never"
    NO_POST = "no_post"
    OFF = "off"


def people_found(*, words: str = "", role: str = "", area: int | None = None, look: str = "") -> QuerySet[Account]:
    """Accounts for the operator's list; those switched off are there where one looks for them."""
    posts = Post.objects.filter(in_force(), account=OuterRef("pk"))
    rows = Account.objects.filter(is_active=look != Look.OFF).annotate(holds=Exists(posts))
    narrower = posts.filter(role=role) if role else posts
    if area is not None:
        narrower = narrower.filter(area__path__startswith=area_path(area) or "-")
    if role or area is not None:
        rows = rows.filter(Exists(narrower))
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(username__icontains=words) | Q(staff_number__icontains=words))
    return rows.filter(account_filters().get(Look(look), Q())) if look in set(Look) else rows


def account_filters() -> dict[Look, Q]:
    """Of accounts that are on, with ``holds``."""
    return {
        Look.AWAY: Q(holds=True, last_login__lt=long_ago()),
        Look.NEVER: Q(holds=True, last_login=None),
        Look.NO_POST: Q(holds=False),
    }


def people_to_look_at() -> tuple[int, dict[Look, int]]:
    """How many may sign in, and how many of these the operator should look at, by why: one statement."""
    counted = {name.value: Count("pk", filter=where) for name, where in account_filters().items()}
    n = people_found().order_by().aggregate(all=Count("pk"), **counted)
    return n["all"], {name: n[name.value] for name in account_filters()}


def long_ago() -> datetime:
    return clock.now() - timedelta(days=LONG_AWAY)


def posts_held_by(accounts: Iterable[UUID]) -> dict[UUID, list[Post]]:
    """The posts in force of each of them; one statement."""
    found: dict[UUID, list[Post]] = {}
    rows = Post.objects.filter(in_force(), account_id__in=list(accounts)).select_related("unit", "area")
    for post in rows.order_by("role", "pk"):
        found.setdefault(post.account_id, []).append(post)
    return found


def accounts_of(ids: Iterable[UUID]) -> list[Account]:
    return list(Account.objects.filter(pk__in=list(ids), is_active=True).order_by("name", "pk"))


def areas_for_table() -> QuerySet[Area]:
    """Open areas, an upper one above those that lie in it."""
    return Area.objects.filter(valid_to=None).select_related("parent").order_by("path")


def units_for_table() -> QuerySet[Unit]:
    return Unit.objects.filter(area__valid_to=None).select_related("area").order_by("code")


def posts_for_table() -> QuerySet[Post]:
    """Posts in force of people with a staff number, by which a table knows them, in places that are there."""
    held = Post.objects.filter(in_force(), unit__active=True, area__valid_to=None, account__is_active=True)
    rows = held.exclude(account__staff_number=None).select_related("account", "unit", "area")
    return rows.order_by("pk")


def days_set(year: int) -> dict[date, WorkDay]:
    """The rows of the operator's table; all other days follow the week and the statute."""
    found = WorkDay.objects.filter(date__year=year).order_by("date")
    return {one.date: one for one in found}


def day_set(on: date) -> WorkDay | None:
    return WorkDay.objects.filter(date=on).first()
