"""The second wall and the encrypted fields, where they are easily got wrong."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from minqing.core.ids import new_id
from minqing.households.models import Household, Resident
from minqing.privacy.access import NoTransaction, acting_as
from minqing.privacy.seal import CannotDecrypt, decrypt, encrypt
from tests.cast import Cast
from tests.privacy.catalog import our_models

OURS = our_models()


def test_every_room_with_tables_is_looked_at() -> None:
    labels = {model._meta.label for model in OURS}
    assert {"doorstep.Bucket", "journal.Event", "visits.DiaryEntry", "org.Account", "intake.ImportRun"} <= labels
    with_tables = {model._meta.app_config.label for model in OURS}
    assert with_tables == {config.label for config in apps.get_app_configs() if config.name.startswith("minqing.")
                           and list(config.get_models())}  # fmt: skip


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_has_exactly_one_privacy_class(model: type) -> None:
    declared = [
        name for kind in ("public", "internal", "personal", "sensitive") for name in getattr(model.Privacy, kind)
    ]
    fields = {field.name for field in [*model._meta.concrete_fields, *model._meta.many_to_many]}
    assert sorted(declared) == sorted(fields)


def test_a_failed_statement_keeps_its_own_reason(cast: Cast) -> None:
    cadre = cast.actor("cadre")
    with (
        pytest.raises(DatabaseError, match="division by zero"),
        transaction.atomic(),
        acting_as(cadre),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1/0")
    assert Resident.objects.count() == 0


@pytest.mark.fault(22)
def test_without_a_context_nothing_is_seen(cast: Cast) -> None:
    cast.resident(cast.household())
    assert Resident.objects.count() == 0
    with acting_as(cast.actor("cadre")):
        assert Resident.objects.count() == 1
        with acting_as(cast.actor("far_cadre")):
            assert Resident.objects.count() == 0
        assert Resident.objects.count() == 1


def test_acting_needs_a_transaction(committed_cast: Cast) -> None:
    with pytest.raises(NoTransaction), acting_as(committed_cast.actor("cadre")):
        pass


def test_a_value_belongs_to_its_place(cast: Cast) -> None:
    sealed = encrypt("13800000000", place="a:b:1")
    assert decrypt(sealed, place="a:b:1") == "13800000000"
    with pytest.raises(CannotDecrypt):
        decrypt(sealed, place="a:b:2")


def test_encrypted_fields_refuse_what_does_not_know_the_row(cast: Cast) -> None:
    person = cast.resident(cast.household(), phone="13800000000")
    with cast.everything():
        with pytest.raises(TypeError), transaction.atomic():
            Resident.objects.update(phone="13900000000")
        with pytest.raises(TypeError):
            Resident.objects.filter(phone="13800000000").exists()
        copy = Resident.objects.get(pk=person.pk)
        copy.pk = new_id()
        copy._state.adding = True
        with pytest.raises(ValueError, match="belongs to its row"), transaction.atomic():
            copy.save()
        assert "138" not in repr(list(Resident.objects.values("phone")))


def test_opening_the_same_again_costs_nothing_and_closes_nothing(cast: Cast) -> None:
    cast.household()
    cadre, far = cast.actor("cadre"), cast.actor("far_cadre")
    with acting_as(cadre):
        with CaptureQueriesContext(connection) as captured, acting_as(cadre), acting_as(cadre):
            pass
        assert len(captured) == 0
        with pytest.raises(DatabaseError), transaction.atomic(), acting_as(far), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        with acting_as(cadre):
            assert Household.objects.count() == 1
        with acting_as(far), acting_as(cadre, ticket="another"):
            assert Household.objects.count() == 1
        with acting_as(far):
            assert Household.objects.count() == 0
    with acting_as(cadre):
        assert Household.objects.count() == 1
    assert Household.objects.count() == 0


@pytest.mark.fault(124)
@pytest.mark.parametrize("table", ["households_household", "households_resident", "matters_matter", "visits_visit"])
def test_the_wall_of_a_large_table_looks_areas_up_and_does_not_search_them(cast: Cast, table: str) -> None:
    """Searched through, a county's areas cost each row some microseconds, and the planner takes them for ten."""
    with acting_as(cast.actor("cadre")), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN SELECT count(*) FROM {table}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "hashed SubPlan" in plan
    assert "area_id = ANY ((InitPlan" not in plan


@pytest.mark.fault(22)
def test_no_areas_and_none_set_are_no_rows(cast: Cast) -> None:
    cast.household()
    with connection.cursor() as cursor:
        for areas in ("", "{}", "{0}"):
            cursor.execute("SELECT set_config('minqing.areas', %s, true)", [areas])
            assert Household.objects.count() == 0
