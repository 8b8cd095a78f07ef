"""The reporter's last word stands with the matter, whoever writes it and whatever was written before."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.db import connections, transaction

from minqing.core import clock
from minqing.matters.enums import Source
from minqing.matters.models import Confirmation, Matter
from tests.cast import Cast

pytestmark = pytest.mark.fault(124)
KEPT = ("last_solved", "last_satisfaction", "last_source", "last_word_at", "last_declined_at")


def told(matter: Matter) -> tuple[Any, ...]:
    """The last word out of the confirmations themselves."""
    words = list(Confirmation.objects.filter(matter=matter).order_by("at", "id"))
    word = next((one for one in reversed(words) if not one.declined), None)
    declined = next((one.at for one in reversed(words) if one.declined), None)
    if word is None:
        return None, None, "", None, declined
    return word.solved, word.satisfaction, word.source, word.at, declined


def kept() -> dict[Any, tuple[Any, ...]]:
    return {pk: tuple(rest) for pk, *rest in Matter.objects.values_list("pk", *KEPT)}


def some_word(one: Matter, chance: Random) -> Confirmation:
    silent = chance.random() < 0.3
    said = {} if silent else {"solved": chance.choice([None, True, False]), "satisfaction": chance.randint(1, 5)}
    source = chance.choice(list(Source)).value
    # sometimes of one moment, where the order of the keys decides
    at = clock.now() - chance.randrange(3) * timedelta(days=1)
    return Confirmation(matter=one, at=at, by="test", source=source, declined=silent, **said)


def a_move(matters: list[Matter], chance: Random) -> None:
    move = chance.randrange(4)
    words = list(Confirmation.objects.all())
    if move <= 1 or not words:
        Confirmation.objects.bulk_create([some_word(chance.choice(matters), chance) for _ in range(3)])
    elif move == 2:
        chance.choice(words).delete()
    else:
        one = chance.choice(words)
        Confirmation.objects.filter(pk=one.pk).update(matter=chance.choice(matters), at=clock.now())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_any_writing_it_is_that_of_the_newest_confirmation(cast: Cast, seed: int) -> None:
    chance = Random(seed)
    with cast.everything():
        matters = [cast.matter() for _ in range(3)]
        for turn in range(25):
            a_move(matters, chance)
            assert kept() == {one.pk: told(one) for one in matters}, turn


def test_an_upgrade_gives_it_to_the_matters_of_before(committed_cast: Cast) -> None:
    cast, chance = committed_cast, Random(4)
    with transaction.atomic(), cast.everything():
        matters = [cast.matter() for _ in range(3)]
        Confirmation.objects.bulk_create([some_word(one, chance) for one in matters[:2] for _ in range(3)])
        due = kept()
        Matter.objects.update(**dict.fromkeys(KEPT, None) | {"last_source": ""})
        assert kept() != due
    module = import_module("minqing.matters.migrations.0029_last_word")
    try:
        with connections["owner"].schema_editor(atomic=False) as editor:
            module.backfill(apps, editor)
    finally:
        connections["owner"].close()
    with transaction.atomic(), cast.everything():
        assert kept() == due == {one.pk: told(one) for one in matters}
