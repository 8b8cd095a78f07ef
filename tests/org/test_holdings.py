"""Before a unit or a person goes, the operator is told what that leaves behind, of every room."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from minqing.core import clock
from minqing.org import hooks
from minqing.org.hooks import held_of_person, held_of_unit
from minqing.org.models import Account, Unit
from minqing.partners.models import Partner
from minqing.visits.models import Promise, Visit
from tests.architecture.of_rooms import brought
from tests.bookings.world import World
from tests.cast import Cast

HOOKS = {"of_unit": hooks.of_unit, "of_person": hooks.of_person}


def test_every_key_to_a_unit_or_a_person_is_counted_or_says_why_not() -> None:
    """Who did something, whose name ends so, is the past: what is open waits for a place and not for a person."""
    told = brought("STAFFED")
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("minqing.") and model._meta.app_label != "org"
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model in {Unit, Account} and not field.name.endswith("_by")
    }
    assert found == set(told)
    # whoever says that a hook counts it has a function there
    for key, word in told.items():
        if word in HOOKS:
            rooms = {one.__module__.split(".")[1] for one in HOOKS[word].functions}
            assert key.partition(".")[0] in rooms, key


@pytest.mark.django_db
def test_what_somebody_acts_for_and_has_promised_is_told_before_they_go(cast: Cast) -> None:
    World(cast)
    home, cadre = cast.household(), cast.account("volunteer")
    now = clock.now()
    with cast.everything():
        visit = Visit.objects.create(household=home, area=cast.own, account=cadre, visited_at=now, recorded_at=now)
        Promise.objects.create(
            visit=visit, household=home, area=cast.own, account=cadre, text="送药", made_at=now,
            due_on=clock.today() + timedelta(days=3),
        )  # fmt: skip
    told = {str(one.label): (one.count, bool(one.stops)) for one in held_of_person(cadre.pk)}
    assert told == {"负责打理的服务提供者": (1, False), "尚未兑现的承诺": (1, False)}


@pytest.mark.django_db
def test_other_systems_of_a_unit_are_told_before_it_goes(cast: Cast) -> None:
    with cast.everything():
        Partner.objects.create(code="hotline", name="热线", area=cast.town, unit=cast.bureau, made_at=clock.now())
    assert [one.count for one in held_of_unit(cast.bureau.pk)] == [1]
