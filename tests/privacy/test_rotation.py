"""A new field key: everything is written anew under it, and the old one is kept for as long as it is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as used
from django.db import connection, transaction

from minqing.households.models import Resident
from minqing.journal.models import Event
from minqing.matters.models import Reporter
from minqing.org.queries import system_actor
from minqing.privacy.fields import indexes_of
from minqing.privacy.keys import key_ring, mark
from minqing.privacy.rotation import ROWS, rewrite, sealed_fields, values_under_former
from tests.cast import Cast
from tests.pairs import overlapped

pytestmark = pytest.mark.fault(142)
PHONE, OTHER_PHONE, NEW = "13912345678", "13700000000", "ab" * 32
Keys = Callable[..., None]


@pytest.fixture
def keys(settings: Any) -> Iterator[Keys]:
    """``keys()``: the field key in use becomes a former one beside a new one; ``keys(former=False)``: it is gone."""
    first = dict(used.FIELD_KEYS)

    def use(*, former: bool = True) -> None:
        settings.FIELD_KEYS = first | {"field_key": NEW, "old_field_keys": [first["field_key"]] if former else []}
        key_ring.cache_clear()

    yield use
    settings.FIELD_KEYS = first
    key_ring.cache_clear()


def marks(table: str, column: str) -> set[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT substring({column} from 2 for 2) FROM {table} WHERE {column} <> ''")
        return {bytes(row[0]) for row in cursor}


def test_every_field_is_reached_and_the_app_may_write_it(db: None) -> None:
    found = [(model._meta.db_table, name) for model, name in sealed_fields()]
    assert {("households_resident", "phone"), ("matters_reporter", "contact")} <= set(found)
    with connection.cursor() as cursor:
        for table, name in found:
            cursor.execute("SELECT has_column_privilege(current_user, %s, %s, 'UPDATE')", [table, name])
            assert cursor.fetchone() == (True,), f"{table}.{name} cannot be written under a new key"


def test_what_lay_under_the_former_key_is_read_and_found_without_it(cast: Cast, keys: Keys) -> None:
    by, told = system_actor("test"), []
    person = cast.resident(cast.household(), phone=PHONE, identity_number="330683196803150018")
    with cast.everything():
        Reporter.objects.create(matter=cast.matter(), phone=PHONE)
        before = Resident.objects.values_list("name", "phone_index", "phone_tail_index").get(pk=person.pk)
    assert values_under_former(by=by) == 0
    keys()
    count = values_under_former(by=by)
    assert count >= 3
    assert rewrite(by=by, told=told.append) == []
    assert (sum(told), values_under_former(by=by)) == (count, 0)
    keys(former=False)
    with cast.everything():
        assert marks("households_resident", "phone") == {mark(bytes.fromhex(NEW))}
        again = Resident.objects.get(pk=person.pk)
        assert (again.phone, again.identity_number) == (PHONE, "330683196803150018")
        assert Resident.objects.values_list("name", "phone_index", "phone_tail_index").get(pk=person.pk) == before
        assert Resident.objects.filter(phone_index__in=indexes_of(Resident, "phone_index", PHONE)).exists()
        assert Reporter.objects.get().phone == PHONE


def test_a_run_that_was_broken_off_goes_on_where_it_was(cast: Cast, keys: Keys) -> None:
    by, home, first = system_actor("test"), cast.household(), []
    for _n in range(ROWS + 3):
        cast.resident(home, phone=PHONE)
    keys()

    def broken_off(count: int) -> None:
        first.append(count)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rewrite(by=by, told=broken_off)
    assert (first, values_under_former(by=by)) == ([ROWS], 3)
    rest: list[int] = []
    rewrite(by=by, told=rest.append)
    assert (rest, values_under_former(by=by)) == ([3], 0)


def test_a_value_that_no_key_opens_is_named_and_holds_up_no_other(cast: Cast, keys: Keys) -> None:
    by = system_actor("test")
    damaged, sound = (cast.resident(cast.household(), phone=PHONE) for _n in range(2))
    with cast.everything(), connection.cursor() as cursor:
        cursor.execute("UPDATE households_resident SET phone = phone || '\\x00'::bytea WHERE id = %s", [damaged.pk])
    keys()
    assert rewrite(by=by, told=lambda _count: None) == [f"households_resident:phone:{damaged.pk}"]
    assert values_under_former(by=by) == 1
    with cast.everything():
        assert Resident.objects.get(pk=sound.pk).phone == PHONE


@pytest.mark.parametrize("first", ["who writes anew", "who changes it"])
def test_what_is_saved_meanwhile_is_not_lost(committed_cast: Cast, keys: Keys, first: str) -> None:
    cast, by = committed_cast, system_actor("test")
    with transaction.atomic():
        person = cast.resident(cast.household(), phone=PHONE)
    keys()

    def change() -> None:
        with transaction.atomic(), cast.everything():
            row = Resident.objects.select_for_update().get(pk=person.pk)
            row.phone = OTHER_PHONE
            row.save(update_fields=["phone", "phone_index", "phone_tail_index"])

    def anew() -> list[str]:
        return rewrite(by=by, told=lambda _count: None)

    works = (anew, change) if first == "who writes anew" else (change, anew)
    ends = overlapped(*works)
    assert sorted(map(str, ends)) == ["None", "[]"]
    assert values_under_former(by=by) == 0
    with transaction.atomic(), cast.everything():
        assert Resident.objects.get(pk=person.pk).phone == OTHER_PHONE
    assert not Event.objects.filter(type__startswith="config.key").exists(), "the command tells, once"
