"""Values under a former field key, written anew under the one in use, row by row while people work.

Each value names its key by a mark in front (:mod:`minqing.privacy.seal`), so what is left to do stands in the rows
themselves: a run that was broken off goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.db.models import F, Func, QuerySet, Value

from minqing.core.actor import Actor
from minqing.privacy.access import transaction_as
from minqing.privacy.fields import EncryptedTextField
from minqing.privacy.keys import key_ring, mark
from minqing.privacy.seal import CannotDecrypt

# rows that are held at once: whoever saves one of them waits for as long
ROWS: Final = 200


def sealed_fields() -> Iterator[tuple[type[models.Model], str]]:
    """Each encrypted field of the house with its model."""
    for model in apps.get_models():
        for one in model._meta.concrete_fields:
            if isinstance(one, EncryptedTextField):
                yield model, one.attname


def under_former(model: type[models.Model], name: str) -> QuerySet[Any]:
    """Rows whose value of that field is under another key than the one in use."""
    own = Func(F(name), Value(2), Value(2), function="substring", output_field=models.BinaryField())
    rows = model._base_manager.alias(key_of_value=own).exclude(**{name: b""})
    return rows.exclude(key_of_value=mark(key_ring().field))


def values_under_former(*, by: Actor) -> int:
    """How many values of the whole database are not under the key in use."""
    with transaction_as(by):
        return sum(under_former(model, name).count() for model, name in sealed_fields())


def rewrite(*, by: Actor, told: Callable[[int], None]) -> list[str]:
    """Write all of them under the key in use, :data:`ROWS` in a transaction; ``told`` hears of each such piece.

    The places of those that no key here opens are returned; they stay as they are. What others save meanwhile under a
    former key is left for the next run: :func:`values_under_former` says whether there is any.
    """
    return [place for model, name in sealed_fields() for place in rewrite_field(model, name, by=by, told=told)]


def rewrite_field(model: type[models.Model], name: str, *, by: Actor, told: Callable[[int], None]) -> list[str]:
    closed: list[str] = []
    last = None
    while True:
        with transaction_as(by):
            rows = under_former(model, name).order_by("pk")
            piece = list((rows if last is None else rows.filter(pk__gt=last)).select_for_update(of=("self",))[:ROWS])
            closed += [f"{model._meta.db_table}:{name}:{row.pk}" for row in piece if not written_anew(row, name)]
        if not piece:
            return closed
        last = piece[-1].pk
        told(len(piece))


def written_anew(row: models.Model, name: str) -> bool:
    """Whether it could be opened, so that saving it sealed it anew."""
    try:
        getattr(row, name)
    except CannotDecrypt:
        return False
    row.save(update_fields=[name])
    return True
