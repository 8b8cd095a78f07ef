"""The county's own tags: added, changed, put aside and taken up again by the operator. None is ever deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict
from minqing.households.models import Tag
from minqing.households.rules import check_tag, may_keep_tags
from minqing.journal.idempotency import sent_once
from minqing.journal.services import record
from minqing.org.services import Outcome


def tag_of(code: str) -> Tag | None:
    return Tag.objects.filter(pk=code).first()


@sent_once(made=lambda given: tag_of(given["code"]))
def add_tag(*, id: UUID, code: str, name: str, group: str, roles: Sequence[str], days_valid: int, by: Actor) -> Tag:
    """A new tag; one whose code another has is refused. ``id`` is that of the form. Event: ``households.tag.added``."""
    may_keep_tags(by).require()
    if tag_of(code):
        raise Conflict("code_taken", _("Another tag has this code. Choose another one."))
    return made(code, values_of(name, group, roles, days_valid), by)


def made(code: str, values: dict[str, Any], by: Actor) -> Tag:
    apart(code, values["name"])
    tag = Tag.objects.create(code=code, version=0, changed_at=clock.now(), **values)
    record(type="households.tag.added", subject=f"tag:{code}", by=by, data={"code": code})
    return tag


@transaction.atomic
def change_tag(*, tag: Tag, name: str, group: str, roles: Sequence[str], days_valid: int, by: Actor) -> Outcome:
    """Who may see it holds at once for files that carry it; how long it holds, for what is given from now on.

    Event: ``households.tag.changed``.
    """
    may_keep_tags(by).require()
    tag = Tag.objects.select_for_update().get(pk=tag.pk)
    return changed(tag, values_of(name, group, roles, days_valid), by)


def changed(tag: Tag, values: dict[str, Any], by: Actor) -> Outcome:
    fields = sorted(name for name, value in values.items() if getattr(tag, name) != value)
    if not fields:
        return "unchanged"
    apart(tag.pk, values["name"])
    for name in fields:
        setattr(tag, name, values[name])
    tag.changed_at = clock.now()
    tag.save(update_fields=[*fields, "changed_at"])
    record(type="households.tag.changed", subject=f"tag:{tag.pk}", by=by, data={"fields": [*fields]})
    return "updated"


def apart(code: str, name: str) -> None:
    """A table gives a tag by its name."""
    if Tag.objects.filter(name=name).exclude(pk=code).exists():
        raise Conflict("name_taken", _("Another tag has this name. Choose another one."))


def values_of(name: str, group: str, roles: Sequence[str], days_valid: int) -> dict[str, object]:
    """As they are kept; raises Invalid for what cannot be. One that only some posts may see is sensitive."""
    name, group, wanted = check_tag(name=name, group=group, roles=roles, days_valid=days_valid)
    return {"name": name, "group": group, "roles": wanted, "sensitive": bool(wanted), "days_valid": days_valid}


@transaction.atomic
def put_tag_aside(*, tag: Tag, by: Actor) -> None:
    """It stays on files that carry it until it runs out, and is not given any more. Event: ``households.tag.left``."""
    in_use(tag, used=False, by=by)


@transaction.atomic
def take_tag_up(*, tag: Tag, by: Actor) -> None:
    """It may be given again. Event: ``households.tag.taken_up``."""
    in_use(tag, used=True, by=by)


def in_use(tag: Tag, *, used: bool, by: Actor) -> None:
    may_keep_tags(by).require()
    tag = Tag.objects.select_for_update().get(pk=tag.pk)
    if tag.retired is used:
        tag.retired, tag.changed_at = not used, clock.now()
        tag.save(update_fields=["retired", "changed_at"])
        record(type=f"households.tag.{'taken_up' if used else 'left'}", subject=f"tag:{tag.pk}", by=by)


@transaction.atomic
def save_tag(
    *, code: str, name: str, group: str, roles: Sequence[str], days_valid: int, used: bool | None, by: Actor
) -> Outcome:
    """Of a table: added where no tag has that code, else changed; ``used`` None leaves it as it is."""
    may_keep_tags(by).require()
    values = values_of(name, group, roles, days_valid)
    tag = Tag.objects.select_for_update().filter(pk=code).first()
    if tag is None:
        made(code, values | {"retired": used is False}, by)
        return "created"
    kept = {} if used is None else {"retired": not used}
    return changed(tag, values | kept, by)
