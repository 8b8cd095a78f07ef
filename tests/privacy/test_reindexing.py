"""A new index key: people are found by their numbers all the while, and links stay those that were given out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as used
from django.db import connection, transaction

from minqing.core.ids import new_id
from minqing.households.enums import Sex
from minqing.households.imports import storing
from minqing.households.imports.columns import Person
from minqing.households.models import Resident
from minqing.households.queries.search import people_with_phone
from minqing.org.queries import system_actor
from minqing.privacy import reindexing
from minqing.privacy.fields import indexes_of
from minqing.privacy.keys import key_ring
from minqing.privacy.reindexing import indexed_models, indexed_rows, reindex, under_former_index
from minqing.privacy.tickets import Tickets
from tests.cast import Cast
from tests.pairs import overlapped

pytestmark = pytest.mark.fault(142)
PHONE, OTHER_PHONE, IDENTITY, NEW = "13912345678", "13700000000", "330683196803150018", "ab" * 32
Keys = Callable[..., None]


@pytest.fixture
def keys(settings: Any) -> Iterator[Keys]:
    """``keys()``: the index key in use becomes a former one beside a new one; ``keys(former=False)``: it is gone."""
    first = dict(used.FIELD_KEYS)

    def use(*, former: bool = True, back: bool = False) -> None:
        told = {"index_key": NEW, "link_key": first["index_key"]}
        told |= {"old_index_keys": [first["index_key"]] if former else []}
        settings.FIELD_KEYS = first if back else first | told
        key_ring.cache_clear()

    yield use
    settings.FIELD_KEYS = first
    key_ring.cache_clear()


def test_every_index_is_reached_and_the_app_may_write_it(db: None) -> None:
    found = [(model._meta.db_table, one.column) for model, fields in indexed_models() for one in fields]
    assert {("households_resident", "identity_index"), ("org_account", "phone_index")} <= {*found}
    with connection.cursor() as cursor:
        for table, name in found:
            cursor.execute("SELECT has_column_privilege(current_user, %s, %s, 'UPDATE')", [table, name])
            assert cursor.fetchone() == (True,), f"{table}.{name} cannot be written under a new key"


def test_people_are_found_before_while_and_after_it_is_reckoned_anew(cast: Cast, keys: Keys) -> None:
    by, told, id = system_actor("test"), [], new_id()
    person = cast.resident(cast.household(), phone=PHONE, identity_number=IDENTITY)
    link = Tickets("test").ticket_of(id)

    def found() -> list[object]:
        with cast.everything():
            parts = {"phone_index": PHONE, "phone_tail_index": PHONE[-4:], "identity_index": IDENTITY}
            asked = [Resident.objects.filter(**{f"{n}__in": indexes_of(Resident, n, t)}) for n, t in parts.items()]
            callers = [one.name for one in people_with_phone(by, PHONE)]
            return [*(one.values_list("pk", flat=True).first() for one in asked), *callers]

    everywhere = [person.pk] * 3 + [person.name]
    assert (found(), under_former_index(by=by)) == (everywhere, 0)
    keys()
    assert (found(), under_former_index(by=by)) == (everywhere, 1)
    done = reindex(by=by, told=told.append)
    assert (done.written, done.closed, done.twice, sum(told)) == (1, [], [], indexed_rows(by=by))
    assert under_former_index(by=by) == 0
    again = reindex(by=by, told=lambda _count: None)
    assert again.written == 0, "what is done is not done again"
    keys(former=False)
    assert found() == everywhere
    assert Tickets("test").ticket_of(id) == link, "what stands on paper is made with the key that never changes"


def person_in_table(identity: str) -> Person:
    return Person("H-1", 1, "张三", identity, Sex.UNKNOWN, None, None, "", "", (), "")


def test_a_table_that_comes_meanwhile_finds_its_people_by_either_key(cast: Cast, keys: Keys) -> None:
    person = cast.resident(cast.household(), phone=PHONE, identity_number=IDENTITY)
    keys()
    with cast.everything():
        stored = storing.raw(storing.One(*Resident.objects.filter(pk=person.pk).values_list(*storing.One._fields)[0]))
    assert storing.with_identity(stored, person_in_table(IDENTITY)) is stored
    assert storing.with_phone(stored, PHONE) is stored
    other = storing.with_phone(stored, OTHER_PHONE)
    assert other.phone_index == indexes_of(Resident, "phone_index", OTHER_PHONE)[0]


def test_a_run_that_was_broken_off_goes_on_where_it_was(
    cast: Cast, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, home = system_actor("test"), cast.household()
    monkeypatch.setattr(reindexing, "ROWS", 2)
    for _n in range(5):
        cast.resident(home, phone=PHONE)
    keys()

    def broken_off(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindex(by=by, told=broken_off)
    left = under_former_index(by=by)
    assert 0 < left < 5
    assert reindex(by=by, told=lambda _count: None).written == left
    assert under_former_index(by=by) == 0


def test_what_cannot_be_reckoned_is_named_and_holds_up_no_other(cast: Cast, keys: Keys) -> None:
    by, home = system_actor("test"), cast.household()
    closed, first, sound = (cast.resident(home, phone=PHONE, identity_number=n) for n in ("", IDENTITY, ""))
    with cast.everything(), connection.cursor() as cursor:
        cursor.execute("UPDATE households_resident SET phone = phone || '\\x00'::bytea WHERE id = %s", [closed.pk])
    keys()
    # on file once more, which the database cannot see while the two lie under two keys
    second = cast.resident(cast.household(), identity_number=IDENTITY)
    done = reindex(by=by, told=lambda _count: None)
    assert done.closed == [f"households_resident:{closed.pk}"]
    assert done.twice == [f"households_resident:{first.pk}"]
    with cast.everything():
        rows = {one.pk: one for one in Resident.objects.all()}
        assert bytes(rows[sound.pk].phone_index) == indexes_of(Resident, "phone_index", PHONE)[0]
        assert bytes(rows[second.pk].identity_index) == indexes_of(Resident, "identity_index", IDENTITY)[0]


@pytest.mark.parametrize("first", ["who reckons anew", "who changes it"])
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
        return reindex(by=by, told=lambda _count: None).closed

    ends = overlapped(*((anew, change) if first == "who reckons anew" else (change, anew)))
    assert sorted(map(str, ends)) == ["None", "[]"]
    assert under_former_index(by=by) == 0
    with transaction.atomic(), cast.everything():
        row = Resident.objects.get(pk=person.pk)
        assert (row.phone, bytes(row.phone_index)) == (OTHER_PHONE, indexes_of(Resident, "phone_index", OTHER_PHONE)[0])
