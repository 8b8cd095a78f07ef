"""How areas have changed, and what may be undone of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core.decision import Decision
from minqing.org.enums import ChangeKind, ChangeState, Level
from minqing.org.models import Area, AreaChange, Post
from minqing.org.queries.upkeep import in_force
from minqing.org.rules import Holding, may_lie_in

# not undone, and not being undone
STANDS = (ChangeState.RUNNING.value, ChangeState.DONE.value)
UNDER_WAY = (ChangeState.RUNNING.value, ChangeState.UNDOING.value)


def change_of(change_id: UUID) -> AreaChange | None:
    return AreaChange.objects.select_related("area", "into", "former").filter(pk=change_id).first()


def changes_of(area_id: int, *, most: int) -> Sequence[AreaChange]:
    """What became of an area, and what has become part of it; the newest first."""
    found = AreaChange.objects.filter(Q(area=area_id) | Q(into=area_id, kind=ChangeKind.MERGE))
    return list(found.select_related("area", "into", "former").order_by("-made_at", "-pk")[:most])


def changes_under_way() -> list[UUID]:
    return list(AreaChange.objects.filter(state__in=UNDER_WAY).order_by("made_at").values_list("pk", flat=True))


def posts_right_in(area_id: int) -> QuerySet[Post]:
    """Posts in force in that very area, and in none below."""
    return Post.objects.filter(in_force(), area=area_id)


def posts_going(area_id: int) -> list[Holding]:
    """The people who change with it."""
    return [Holding(_("Posts that go along"), posts_right_in(area_id).count())]


def merged_into(area_id: int) -> str | None:
    """The name of the area of which that one has become part."""
    found = AreaChange.objects.filter(area=area_id, kind=ChangeKind.MERGE, state__in=STANDS).select_related("into")
    change = found.order_by("-made_at").first()
    return change.into.name if change and change.into else None


def merged_codes() -> dict[str, Area]:
    """Of each area that has become part of another one the code, and that other one."""
    found = AreaChange.objects.filter(kind=ChangeKind.MERGE, state__in=STANDS).select_related("area", "into")
    return {one.area.code: one.into for one in found.order_by("made_at") if one.into}


def may_lie_anew(area: Area | None, level: Level, parent: Area | None) -> Decision:
    """Whether ``area``, or a new one, is of that level below that parent when it is saved. One that has become part of
    another area stays in it until that is undone, and nothing comes below it.
    """
    below = parent.pk if parent else None
    if area is not None and (into := merged_into(area.pk)) is not None:
        if (area.level, area.parent_id) == (level, below):
            return Decision.yes()
        return Decision.no("area_merged", _("It has become part of %(name)s. Undo that instead.") % {"name": into})
    moves = area is None or area.parent_id != below
    if moves and below and (into := merged_into(below)) is not None:
        sentence = _("The area above has become part of %(name)s. Choose that one.") % {"name": into}
        return Decision.no("area_merged", sentence)
    return may_lie_in(level, Level(parent.level) if parent else None)


def may_be_undone(change: AreaChange) -> Decision:
    """Only the newest change of an area is undone, and while what it led to still stands."""
    if change.state != ChangeState.DONE:
        return Decision.no("change_settled", _("This was undone already, or is still under way."))
    later = AreaChange.objects.filter(area=change.area_id, made_at__gt=change.made_at, state__in=(*STANDS, *UNDER_WAY))
    if later.exists():
        return Decision.no("change_built_on", _("It was changed once more since. Undo the newest change first."))
    if change.into and change.kind == ChangeKind.MERGE and change.into.valid_to is not None:
        return Decision.no("change_built_on", _("The area into which it went is closed by now. Undo that first."))
    if change.kind == ChangeKind.HANG and change.area.parent_id != change.into_id:
        return Decision.no("change_built_on", _("It lies elsewhere by now."))
    if change.kind == ChangeKind.RENAME:
        return Decision.yes()
    if change.former is None or change.former.valid_to is not None:
        return Decision.no("area_closed", _("The area above is closed. Open that one first."))
    return Decision.yes()
