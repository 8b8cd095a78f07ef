"""Blind indexes under a former index key, reckoned anew under the one in use, row by row while people work.

An index names no key, so what is left to do is found by reckoning each: a run that was broken off reads again what it
has done and writes none of it. Meanwhile rows are found by either key (:func:`minqing.privacy.fields.indexes_of`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet

from minqing.core.actor import Actor
from minqing.privacy.access import transaction_as
from minqing.privacy.fields import BlindIndexField
from minqing.privacy.keys import key_ring
from minqing.privacy.seal import CannotDecrypt

# rows that are looked at together; those of them that are not under the key in use are held while they are written
ROWS: Final = 500


@dataclass
class Done:
    """What came of it: how many rows were written, and the places of those whose value nobody can read or two have."""

    written: int = 0
    closed: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)


def indexed_models() -> Iterator[tuple[type[models.Model], list[BlindIndexField]]]:
    """Each model that has blind indexes, with them."""
    for model in apps.get_models():
        found = [one for one in model._meta.concrete_fields if isinstance(one, BlindIndexField)]
        if found:
            yield model, found


def indexed_rows(*, by: Actor) -> int:
    """How many rows have an index."""
    with transaction_as(by):
        return sum(rows_of(model, fields).count() for model, fields in indexed_models())


def rows_of(model: type[models.Model], fields: list[BlindIndexField]) -> QuerySet[Any]:
    anything = Q()
    for one in fields:
        anything |= Q(**{f"{one.attname}__isnull": False})
    return model._base_manager.filter(anything).order_by("pk")


def under_former_index(*, by: Actor) -> int:
    """How many rows are not under the index key in use; reads all of them where there is a former one."""
    if len(key_ring().indexes) == 1:
        return 0
    return sum(len(old) for model, fields in indexed_models() for old, _all in pieces(model, fields, by, Done()))


def reindex(*, by: Actor, told: Callable[[int], None]) -> Done:
    """Reckon all of them under the key in use; ``told`` hears of each piece, how many rows of it were looked at."""
    done = Done()
    for model, fields in indexed_models():
        for old, looked in pieces(model, fields, by, done):
            if old:
                with transaction_as(by):
                    for row in model._base_manager.filter(pk__in=old).order_by("pk").select_for_update(of=("self",)):
                        write(row, fields, done)
            told(looked)
    return done


def pieces(
    model: type[models.Model], fields: list[BlindIndexField], by: Actor, done: Done
) -> Iterator[tuple[list[Any], int]]:
    """Keys of the rows that are not under the key in use, and of how many that were looked at."""
    names = {one.source for one in fields} | {one.attname for one in fields}
    last = None
    while True:
        with transaction_as(by):
            rows = rows_of(model, fields)
            piece = list((rows if last is None else rows.filter(pk__gt=last)).only("pk", *names)[:ROWS])
            old = [row.pk for row in piece if is_old(row, fields, done)]
        if not piece:
            return
        last = piece[-1].pk
        yield old, len(piece)


def is_old(row: models.Model, fields: list[BlindIndexField], done: Done) -> bool:
    try:
        return any(one.held(row) != one.of(row) for one in fields)
    except CannotDecrypt:
        done.closed.append(place(row))
        return False


def write(row: models.Model, fields: list[BlindIndexField], done: Done) -> None:
    try:
        with transaction.atomic():
            # each reckons its own value as the row is saved
            row.save(update_fields=[one.attname for one in fields])
        done.written += 1
    except CannotDecrypt:
        done.closed.append(place(row))
    except IntegrityError:
        # the same person was put on file once more meanwhile, by the other key
        done.twice.append(place(row))


def place(row: models.Model) -> str:
    return f"{row._meta.db_table}:{row.pk}"
