"""The county's own categories: added, changed, put aside and taken up again, with what they ask. None is deleted.

All these writes take turns by one name before they look: where a category may hang depends on all the others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.cache_version import invalidate
from minqing.core.errors import Conflict, Invalid, NotFound
from minqing.core.retry import one_at_a_time
from minqing.journal.idempotency import sent_once
from minqing.journal.services import record
from minqing.matters.models import Category
from minqing.matters.questions import check_question, with_question
from minqing.matters.rules.categories import (
    Said,
    check_category,
    check_code,
    may_hang_below,
    may_keep_categories,
    may_put_aside,
)
from minqing.org.services import Outcome

TURN: Final = "matters.categories"


def category_of(code: str) -> Category | None:
    return Category.objects.filter(pk=code).first()


def begun(code: str, by: Actor) -> Category | None:
    """The category of that code, once it is this actor's turn."""
    may_keep_categories(by).require()
    one_at_a_time(TURN)
    return Category.objects.select_for_update().filter(pk=code).first()


@sent_once(made=lambda given: category_of(given["code"]))
def add_category(*, id: UUID, code: str, said: Said, by: Actor) -> Category:
    """A new one; one whose code another has is refused. ``id`` is that of the form.

    Event: ``matters.category.added``.
    """
    if begun(check_code(code), by):
        raise Conflict("code_taken", _("Another category has this code. Choose another one."))
    category = made(code, said, by)
    check_name(category.name)
    return category


def made(code: str, said: Said, by: Actor, **more: Any) -> Category:
    category = Category(code=code, version=0, changed_at=clock.now(), **more)
    put(category, check_category(said))
    category.save(force_insert=True)
    record_change(category, "added", by, code=code)
    return category


def put(category: Category, said: Said, moving: Collection[str] = ()) -> list[str]:
    """Sets what is said, and returns the names of what that changes; raises for a place where it may not hang."""
    before = {field: getattr(category, field) for field in FIELDS}
    parent = upper(category, said.parent, moving)
    for field in fields(Said):
        if field.name != "parent":
            setattr(category, field.name, getattr(said, field.name))
    category.parent = parent
    category.level = parent.level + 1 if parent else 1
    return sorted(field for field, value in before.items() if getattr(category, field) != value)


FIELDS: Final = (*(field.name for field in fields(Said) if field.name != "parent"), "parent_id", "level")


def check_name(name: str) -> None:
    """Once it is written: one category has it, and no other."""
    if Category.objects.filter(name=name)[:2].count() > 1:
        raise Conflict("name_taken", _("Another category has this name. Choose another one."))


def upper(category: Category, code: str, moving: Collection[str] = ()) -> Category | None:
    """The one to hang below; None at the top. ``moving`` are those that are told anew where they hang, too."""
    parent = category_of(code) if code else None
    if code and (parent is None or (parent.retired and parent.pk != category.parent_id)):
        raise Invalid("parent", _("There is no category of this code in use to hang it below."))
    holds = Category.objects.filter(parent=category.pk).exclude(pk__in=moving).exists()
    level = 0 if category._state.adding else category.level
    may_hang_below(level=level, parent_level=parent.level if parent else 0, holds_others=holds).require()
    if parent and category.pk in {parent.pk, parent.parent_id}:
        raise Invalid("parent", _("A category cannot lie below itself."))
    return parent


@transaction.atomic
def change_category(*, category: Category, said: Said, by: Actor) -> Outcome:
    """What runs keeps the term it has. Event: ``matters.category.changed``."""
    outcome = changed(category := there(category.pk, by), said, by)
    check_name(category.name)
    return outcome


def there(code: str, by: Actor) -> Category:
    if (found := begun(code, by)) is None:
        raise NotFound("category")
    return found


def changed(category: Category, said: Said, by: Actor, moving: Collection[str] = ()) -> Outcome:
    names = put(category, check_category(said), moving)
    if not names:
        return "unchanged"
    kept(category, names, by)
    return "updated"


def kept(category: Category, names: list[str], by: Actor) -> None:
    category.changed_at = clock.now()
    category.save(update_fields=[*names, "changed_at"])
    record_change(category, "changed", by, fields=[*names])


def record_change(category: Category, what: str, by: Actor, **data: Any) -> None:
    invalidate()
    record(type=f"matters.category.{what}", subject=f"category:{category.pk}", by=by, data=data)


@transaction.atomic
def put_category_aside(*, category: Category, by: Actor) -> None:
    """Matters that have it keep it; none is given it any more. Event: ``matters.category.left``."""
    in_use(category, used=False, by=by)


@transaction.atomic
def take_category_up(*, category: Category, by: Actor) -> None:
    """It may be given again. Event: ``matters.category.taken_up``."""
    in_use(category, used=True, by=by)


def in_use(category: Category, *, used: bool, by: Actor) -> None:
    category = there(category.pk, by)
    if category.retired is not used:
        return
    check_use(category, used=used)
    category.retired, category.changed_at = not used, clock.now()
    category.save(update_fields=["retired", "changed_at"])
    record_change(category, "taken_up" if used else "left", by)


def check_use(category: Category, *, used: bool) -> None:
    """Nothing in use lies below what is not."""
    if not used:
        may_put_aside(children=Category.objects.filter(parent=category.pk, retired=False).count()).require()
    elif category.parent and category.parent.retired:
        raise Conflict("parent_aside", _("The one above it is put aside. Take that up first."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A category as a table has it; ``used`` None leaves it as it is."""

    code: str
    said: Said
    used: bool | None


@transaction.atomic
def save_categories(*, wanted: Sequence[Wanted], by: Actor) -> list[Outcome]:
    """Of a table, in its order: all or none, so that two may change their names with each other, and one may move
    together with what lies below it.
    """
    codes = {one.code for one in wanted}
    outcomes = [saved(one, by, codes) for one in wanted]
    for one in wanted:
        check_name(check_category(one.said).name)
    # what is put aside moves from below up, and may have been left on another level
    if Category.objects.filter(parent__in=codes).exclude(level=F("parent__level") + 1).exists():
        may_hang_below(level=1, parent_level=1, holds_others=True).require()
    return outcomes


def saved(wanted: Wanted, by: Actor, moving: Collection[str]) -> Outcome:
    """Added where none has that code, else changed, then put aside or taken up where it lies by then: told apart."""
    category = begun(check_code(wanted.code), by)
    if category is None:
        made(wanted.code, wanted.said, by, retired=wanted.used is False)
        return "created"
    outcome, used = changed(category, wanted.said, by, moving), wanted.used
    if used is None or category.retired is not used:
        return outcome
    in_use(category, used=used, by=by)
    return "updated"


@transaction.atomic
def set_question(*, category: Category, question: Mapping[str, object], by: Actor) -> Outcome:
    """Ask it with the category: the one of its code anew, or one more where none has that code.

    What was answered stays as answered. Event: ``matters.category.changed``.
    """
    category = there(category.pk, by)
    return asked(category, with_question(category.questions, check_question(question)), by)


@transaction.atomic
def drop_question(*, category: Category, code: str, by: Actor) -> Outcome:
    """Asked no more; answers that were given stay with their matters. Event: ``matters.category.changed``."""
    category = there(category.pk, by)
    return asked(category, [one for one in category.questions if one["code"] != code], by)


def asked(category: Category, questions: Any, by: Actor) -> Outcome:
    if questions == category.questions:
        return "unchanged"
    category.questions = questions
    kept(category, ["questions"], by)
    return "updated"
