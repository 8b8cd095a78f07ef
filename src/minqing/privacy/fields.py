"""Model fields for what only some may read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from minqing.privacy.seal import blind_index, blind_indexes, decrypt, encrypt


class Sealed(bytes):
    """An encrypted value as it lies in the database; prints as dots wherever it might be shown."""

    def __repr__(self) -> str:
        return "…"

    __str__ = __repr__


class Unsealing(DeferredAttribute):
    """Decrypts on first reading, so that a list that does not show the value does not pay for it."""

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is not None and isinstance(value, Sealed):
            value = decrypt(value, place=self.field.place(instance))  # type: ignore[attr-defined]
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: object) -> None:
        # with it Python asks __get__ even where the instance holds a value
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.Field):
    """Text, empty when not known, encrypted for its row (:mod:`minqing.privacy.seal`).

    The row's primary key must be set before saving, which a client-made UUIDv7 is. ``QuerySet.update`` and
    ``bulk_update`` are refused: they do not know the row.
    """

    descriptor_class = Unsealing
    empty_strings_allowed = True

    def __init__(self, **options: Any) -> None:
        options.setdefault("blank", True)
        options.setdefault("default", "")
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        options.pop("default", None)
        options.pop("blank", None)
        return name, path, args, options

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_placeholder(self, value: object, compiler: object, connection: Any) -> object:
        return connection.ops.binary_placeholder_sql(value)

    def place(self, instance: models.Model) -> str:
        return f"{instance._meta.db_table}:{self.column}:{instance.pk}"

    def from_db_value(self, value: bytes | None, expression: object, connection: object) -> Sealed | str:
        return Sealed(value) if value else ""

    def pre_save(self, model_instance: models.Model, add: bool) -> object:
        held = model_instance.__dict__.get(self.attname, "")
        if isinstance(held, Sealed) and held and add:
            raise ValueError("an encrypted value belongs to its row: read it before saving a copy of the row")
        if isinstance(held, Sealed) or not held:
            return Sealed(held or b"")
        if model_instance.pk is None:
            raise ValueError("an encrypted field is bound to its row: give the row its key first")
        return Sealed(encrypt(held, place=self.place(model_instance)))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str) and value:
            raise TypeError("an encrypted field is written by saving its row, not by update() or a filter")
        return connection.Database.Binary(bytes(value) if value else b"")

    def value_to_string(self, obj: models.Model) -> str:
        return "…"


class BlindIndexField(models.BinaryField):
    """The keyed index of another field of the same row: 16 bytes, NULL where the other is empty.

    ``part`` picks what is indexed of the text (say the last four digits); find rows with
    ``filter(phone_index__in=indexes_of(Resident, "phone_index", text))``: while the index key is changed a row is
    found by either of two.
    """

    def __init__(self, *, source: str, part: Callable[[str], str] | None = None, **options: Any) -> None:
        self.source = source
        self.part = part
        options.update(null=True, blank=True, editable=False, max_length=16)
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        options["source"] = self.source
        for added in ("null", "blank", "editable", "max_length"):
            options.pop(added, None)
        return name, path, args, options

    def digest(self, text: str) -> bytes:
        return blind_index(self.purpose, text)

    def digests(self, text: str) -> list[bytes]:
        """Under each key by which a row may lie, the one in use first."""
        return blind_indexes(self.purpose, text)

    @property
    def purpose(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def text(self, instance: models.Model) -> str:
        """What is indexed of the row; may raise :class:`~minqing.privacy.seal.CannotDecrypt`."""
        text = str(getattr(instance, self.source) or "")
        return self.part(text) if text and self.part else text

    def of(self, instance: models.Model) -> bytes | None:
        """What the row is to hold."""
        text = self.text(instance)
        return self.digest(text) if text else None

    def held(self, instance: models.Model) -> bytes | None:
        """What it holds."""
        value = getattr(instance, self.attname)
        return None if value is None else bytes(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        value = self.of(model_instance)
        setattr(model_instance, self.attname, value)
        return value


def indexes_of(model: type[models.Model], field: str, text: str) -> list[bytes]:
    """What ``field`` of ``model`` may hold for rows whose source is ``text``, under the key in use first."""
    found = model._meta.get_field(field)
    if not isinstance(found, BlindIndexField):
        raise TypeError(f"{field} is not a blind index")
    return found.digests(text)
