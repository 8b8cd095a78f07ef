"""Encrypted fields and blind indexes: bound to their row, found only by who holds the key."""

from __future__ import annotations

import pytest
from django.core import serializers
from django.db import connection, transaction
from django.db.models import F

from minqing.core.ids import new_id
from minqing.households.models import Resident
from minqing.matters.models import Reporter
from minqing.org.models import Account
from minqing.privacy import fields, seal
from minqing.privacy.fields import indexes_of
from minqing.privacy.keys import KeyRing, mark
from minqing.privacy.seal import CannotDecrypt, blind_index, decrypt, encrypt
from tests.cast import Cast

PHONE, OTHER = "13800005678", "13912345678"
OLD, NEW, INDEX = b"o" * 32, b"n" * 32, b"i" * 32


def stored(person: Resident, column: str = "phone") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM households_resident WHERE id = %s", [person.pk])
        return bytes(cursor.fetchone()[0])


def test_rows_made_in_bulk_are_encrypted_each_for_itself(cast: Cast) -> None:
    household = cast.household()
    with cast.everything():
        made = Resident.objects.bulk_create(
            Resident(household=household, area=household.area, name=f"人{n}", phone=PHONE) for n in range(3)
        )
        assert len({stored(one) for one in made}) == 3
        assert all(PHONE.encode() not in stored(one) for one in made)
        assert [one.phone for one in Resident.objects.all()] == [PHONE] * 3
        assert Resident.objects.filter(phone_index__in=indexes_of(Resident, "phone_index", PHONE)).count() == 3


def test_what_does_not_know_the_row_is_refused(cast: Cast) -> None:
    person = cast.resident(cast.household(), phone=PHONE)
    with cast.everything():
        for attempt in (
            lambda: Resident.objects.bulk_update([person], ["phone"]),
            lambda: Resident.objects.update(phone=OTHER),
            lambda: Resident.objects.filter(phone=PHONE).exists(),
            lambda: Resident.objects.exclude(phone=PHONE).exists(),
            lambda: Resident.objects.filter(phone__in=[PHONE]).exists(),
        ):
            with pytest.raises(TypeError, match="saving its row"), transaction.atomic():
                attempt()
        fresh = Resident.objects.get(pk=person.pk)
        assert fresh.phone == PHONE


def test_no_listing_shows_a_value(cast: Cast) -> None:
    person = cast.resident(cast.household(), phone=PHONE, identity_number="11010519491231002X")
    with cast.everything():
        found = Resident.objects.filter(pk=person.pk)
        shown = [
            repr(list(found.values("phone", "identity_number"))),
            repr(list(found.values_list("phone", flat=True))),
            f"{found.values('phone')[0]['phone']}",
            repr(list(found.annotate(copy=F("phone")).values("copy"))),
            repr(vars(found.get())),
            serializers.serialize("json", found, fields=["phone", "identity_number"]),
        ]
    for text in shown:
        assert "…" in text.encode().decode("unicode_escape") or "…" in text or "\\u2026" in text
        assert PHONE not in text
        assert "110105" not in text


def test_a_list_that_does_not_show_a_value_does_not_decrypt_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.resident(cast.household(), phone=PHONE)
    opened: list[str] = []
    monkeypatch.setattr(fields, "decrypt", lambda value, *, place: opened.append(place) or PHONE)
    with cast.everything():
        person = Resident.objects.get()
        assert (person.name, opened) == ("张桂芬", [])
        assert person.phone == person.phone == PHONE
    assert opened == [f"households_resident:phone:{person.pk}"]


def test_values_that_changed_places_are_noticed(cast: Cast) -> None:
    household = cast.household()
    one, two = cast.resident(household, phone=PHONE), cast.resident(household, "李四", phone=OTHER)
    with cast.everything(), connection.cursor() as cursor:
        first, second = stored(one), stored(two)
        for person, value in ((one, second), (two, first)):
            cursor.execute("UPDATE households_resident SET phone = %s WHERE id = %s", [value, person.pk])
        for person in (one, two):
            with pytest.raises(CannotDecrypt):
                _ = Resident.objects.get(pk=person.pk).phone
        # the same value in another column of the same row
        cursor.execute("UPDATE households_resident SET identity_number = %s WHERE id = %s", [first, one.pk])
        with pytest.raises(CannotDecrypt):
            _ = Resident.objects.get(pk=one.pk).identity_number
        cursor.execute(
            "UPDATE households_resident SET phone = %s WHERE id = %s", [first[:-1] + bytes([first[-1] ^ 1]), one.pk]
        )
        with pytest.raises(CannotDecrypt):
            _ = Resident.objects.get(pk=one.pk).phone


def test_an_untouched_value_is_saved_as_it_lies(cast: Cast) -> None:
    person = cast.resident(cast.household(), phone=PHONE)
    with cast.everything():
        before = stored(person)
        again = Resident.objects.defer("phone", "phone_index").get(pk=person.pk)
        again.name = "张桂芳"
        again.save(update_fields=["name"])
        assert stored(person) == before
        again = Resident.objects.get(pk=person.pk)
        again.save(update_fields=["phone"])
        assert stored(person) == before


def test_empty_stays_empty_and_has_no_index(cast: Cast) -> None:
    person = cast.resident(cast.household())
    with cast.everything():
        again = Resident.objects.get(pk=person.pk)
        assert (again.phone, again.phone_index, again.phone_tail_index, stored(person)) == ("", None, None, b"")
        again.phone = PHONE
        again.save()
        again.phone = ""
        again.save()
        again.refresh_from_db()
        assert (again.phone, again.phone_index) == ("", None)


def test_former_keys_still_read_and_saving_takes_the_new_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "key_ring", lambda: KeyRing(field=OLD, index=INDEX))
    person = cast.resident(cast.household(), phone=PHONE)
    with cast.everything():
        assert stored(person)[1:3] == mark(OLD)
        monkeypatch.setattr(seal, "key_ring", lambda: KeyRing(field=NEW, index=INDEX, former=(OLD,)))
        again = Resident.objects.get(pk=person.pk)
        assert again.phone == PHONE
        again.save()
        assert stored(person)[1:3] == mark(NEW)
        monkeypatch.setattr(seal, "key_ring", lambda: KeyRing(field=NEW, index=INDEX))
        assert Resident.objects.get(pk=person.pk).phone == PHONE
        assert Resident.objects.filter(phone_index__in=indexes_of(Resident, "phone_index", PHONE)).exists()


def test_without_its_key_a_value_stays_closed() -> None:
    sealed = encrypt(PHONE, place="a:b:1", ring=KeyRing(field=OLD, index=INDEX))
    with pytest.raises(CannotDecrypt) as failed:
        decrypt(sealed, place="a:b:1", ring=KeyRing(field=NEW, index=INDEX))
    assert PHONE not in str(failed.value)
    with pytest.raises(ValueError, match="32 bytes"):
        KeyRing(field=b"short", index=INDEX)


def test_the_same_text_is_encrypted_differently_each_time() -> None:
    assert len({encrypt(PHONE, place="a:b:1") for _ in range(10)}) == 10


def test_indexes_of_one_purpose_are_equal_and_of_two_are_not() -> None:
    ring = KeyRing(field=OLD, index=INDEX)
    assert blind_index("a", PHONE, ring=ring) == blind_index("a", PHONE, ring=ring)
    other = KeyRing(field=OLD, index=NEW)
    told = [
        blind_index("a", PHONE, ring=ring),
        blind_index("b", PHONE, ring=ring),
        blind_index("a", OTHER, ring=ring),
        blind_index("a", PHONE, ring=other),
    ]
    assert len(set(told)) == 4
    assert {len(one) for one in told} == {16}
    # every field that keeps a telephone number has an index of its own
    places = [
        (Resident, "phone_index"),
        (Resident, "phone_tail_index"),
        (Reporter, "phone_index"),
        (Account, "phone_index"),
    ]
    assert len({one for model, name in places for one in indexes_of(model, name, PHONE)}) == 4
    with pytest.raises(TypeError, match="not a blind index"):
        indexes_of(Resident, "phone", PHONE)


def test_a_part_is_found_by_its_index(cast: Cast) -> None:
    cast.resident(cast.household(), phone=PHONE)
    with cast.everything():
        assert (
            Resident.objects.filter(phone_tail_index__in=indexes_of(Resident, "phone_tail_index", "5678")).count() == 1
        )
        assert not Resident.objects.filter(
            phone_tail_index__in=indexes_of(Resident, "phone_tail_index", "0567")
        ).exists()


def test_a_row_without_its_key_cannot_hold_one() -> None:
    with pytest.raises(ValueError, match="give the row its key first"):
        Resident._meta.get_field("phone").pre_save(Resident(id=None, phone=PHONE), add=True)


def test_a_copy_is_encrypted_for_itself_once_it_was_read(cast: Cast) -> None:
    person = cast.resident(cast.household(), phone=PHONE)
    with cast.everything():
        copy = Resident.objects.get(pk=person.pk)
        assert copy.phone == PHONE
        _ = copy.identity_number
        copy.pk, copy._state.adding = new_id(), True
        copy.save()
        assert Resident.objects.get(pk=copy.pk).phone == PHONE
