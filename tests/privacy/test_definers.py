"""What runs with the owner's rights runs the owner's code alone, whatever the app's role puts in its way."""

from __future__ import annotations

import pytest
from django.db import connection, connections

from minqing.core.ids import new_id
from minqing.journal.services import record
from minqing.matters.models import Matter
from minqing.org.queries import system_actor
from minqing.privacy.grants import SAFE_PATH, apply_grants
from tests.cast import Cast

# types of which a function of the owner casts or declares one; each with a check that would tell who asks
TYPES = ("text", "date", "uuid", "bytea", "int4", "int8", "bool", "jsonb", "timestamptz", "numeric")


def in_the_way() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.told() RETURNS pg_catalog.bool LANGUAGE plpgsql AS $$ BEGIN "
            "IF current_user <> session_user THEN RAISE EXCEPTION 'run as %', current_user; END IF; RETURN true; END $$"
        )
        for one in TYPES:
            cursor.execute(f"CREATE DOMAIN pg_temp.{one} AS pg_catalog.{one} CHECK (pg_temp.told())")


@pytest.mark.fault(76)
def test_a_type_of_the_apps_own_is_not_taken_for_the_databases(cast: Cast) -> None:
    matter = cast.matter()
    in_the_way()
    record(type="test.thing.happened", subject="thing:1", by=system_actor("test"), data={"id": str(new_id())})
    with cast.everything():
        assert Matter.objects.filter(pk=matter.pk).update(likes=3) == 1


@pytest.mark.fault(76)
@pytest.mark.django_db(databases=["default", "owner"])
def test_functions_of_the_owner_look_through_temporary_things_last() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER FUNCTION core_stamp() SET search_path = public")
        apply_grants()
        cursor.execute(
            "SELECT DISTINCT proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
        assert cursor.fetchall() == [([f"search_path={SAFE_PATH}"],)]
