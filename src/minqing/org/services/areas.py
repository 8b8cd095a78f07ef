"""Areas with their path, and the units that work in them."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.core.formats import check_office_phone
from minqing.org.enums import Level, UnitKind
from minqing.org.models import Area, Boundary, Unit
from minqing.org.queries.changes import may_lie_anew
from minqing.org.rules import clean_name, may_manage
from minqing.org.services.upsert import KEEP, Keep, Outcome, record_change, upsert
from minqing.worktime.hours import Hours


@transaction.atomic
def save_area(
    *,
    code: str,
    name: str,
    level: Level,
    parent: Area | None,
    by: Actor,
    valid_from: date | Keep = KEEP,
    valid_to: date | Keep | None = KEEP,
    boundary: dict[str, object] | Keep | None = KEEP,
    latitude: float | Keep | None = KEEP,
    longitude: float | Keep | None = KEEP,
) -> tuple[Area, Outcome]:
    """Make or change the area ``code``; below another parent it takes everything under it along.

    Raises :class:`Invalid` for a parent that is not of a higher level or lies inside the area itself, Refused where the
    area or its parent has become part of another one.
    """
    may_manage(by).require()
    lock_tree()
    may_lie_anew(Area.objects.filter(code=code).first(), level, parent).require()
    values = {
        "name": clean_name(name),
        "level": level.value,
        "parent_id": parent.id if parent else None,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "latitude": latitude,
        "longitude": longitude,
    }
    area, outcome, changed = upsert(Area, key={"code": code}, values=values)
    settle_path(area, parent)
    if settle_boundary(area, boundary):
        outcome, changed = "updated" if outcome == "unchanged" else outcome, [*changed, "boundary"]
    record_change("area", f"area:{area.id}", outcome, by=by, changed=changed, code=code)
    return area, outcome


def settle_boundary(area: Area, boundary: dict[str, object] | Keep | None) -> bool:
    """Draw or rub out the area's border; whether that changed anything."""
    if isinstance(boundary, Keep):
        return False
    if boundary is None:
        return Boundary.objects.filter(area=area).delete()[0] > 0
    drawn = Boundary.objects.filter(area=area).first()
    if drawn is not None and drawn.geometry == boundary:
        return False
    Boundary.objects.update_or_create(area=area, defaults={"geometry": boundary})
    return True


def lock_tree() -> None:
    """One change of the tree at a time: two moves at once could hang each area below the other."""
    list(Area.objects.select_for_update().filter(parent=None).order_by("id").values_list("id"))


def settle_path(area: Area, parent: Area | None) -> None:
    """Give the area its place in the tree and all that lies under it with it."""
    above = Area.objects.values_list("path", flat=True).get(id=parent.id) if parent else ""
    path, old = f"{above}{area.id}.", area.path
    if path == old:
        return
    if old and above.startswith(old):
        raise Invalid("area_inside_itself", _("An area cannot lie inside itself."))
    Area.objects.filter(id=area.id).update(path=path)
    if old:
        below = Area.objects.filter(path__startswith=old).exclude(id=area.id)
        below.update(path=Concat(Value(path), Substr("path", len(old) + 1)))
    area.path = path


@transaction.atomic
def save_unit(
    *,
    code: str,
    name: str,
    kind: UnitKind,
    area: Area,
    by: Actor,
    phone: str | Keep = KEEP,
    active: bool | Keep = KEEP,
    hours: object = KEEP,
) -> tuple[Unit, Outcome]:
    """Make or change the unit ``code``. A unit that is dissolved becomes inactive; its matters keep its name.

    ``hours`` as :meth:`minqing.worktime.hours.Hours.parse` takes them, None for the usual ones; raises Invalid.
    """
    may_manage(by).require()
    if hours is not KEEP and hours is not None:
        try:
            hours = Hours.parse(hours).as_json()
        except ValueError as error:
            sentence = _('Working hours are written like [["08:30", "12:00"], ["13:30", "17:30"]].')
            raise Invalid("hours", sentence) from error
    if not isinstance(phone, Keep) and phone:
        phone = check_office_phone(phone)
    values = {
        "name": clean_name(name),
        "kind": kind.value,
        "area_id": area.id,
        "phone": phone,
        "active": active,
        "hours": hours,
    }
    unit, outcome, changed = upsert(Unit, key={"code": code}, values=values)
    record_change("unit", f"unit:{unit.id}", outcome, by=by, changed=changed, code=code)
    return unit, outcome
