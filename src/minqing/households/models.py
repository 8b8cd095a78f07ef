"""Household files 民情档案: households, the people in them, their needs as tags, and the code at the door."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Greatest, Replace, StrIndex, Substr, Upper
from django.utils import timezone
from django.utils.translation import gettext

from minqing.core.characters import DOT
from minqing.core.ids import new_id
from minqing.households.enums import Datum, Relation, Sex
from minqing.org.enums import Role
from minqing.privacy.fields import BlindIndexField, EncryptedTextField


def last_four(phone: str) -> str:
    return phone[-4:]


def cut_up(text: Func) -> Func:
    """Every other pair of signs, as an array: a loop over signs would take the database ten times as long."""
    parted = Func(text, Value("(..)"), Value(f"\\1{APART}"), Value("g"), function="regexp_replace")
    return Func(parted, Value(APART), function="string_to_array")


def joined(*expressions: F | Func | Value) -> Func:
    # not ``concat``, which is not held to be immutable
    return Func(*expressions, template="(%(expressions)s)", arg_joiner=" || ")


def pairs(*texts: F | Func | Value) -> Func:
    """The neighbouring pairs of signs of texts, each once, as a tsvector: ``老街17`` → ``老街 街1 17``."""
    plain = Upper(Replace(joined(*texts), Value(" "), Value("")))
    every = joined(cut_up(plain), cut_up(Substr(plain, 2)))
    return Func(Func(every, Value(""), function="array_remove"), function="array_to_tsvector")


# between pairs on their way into the array
APART = "\x1f"
# what stands between the number and the address, so that no part is found that lies in both
BETWEEN = "/"


class Household(models.Model):
    """One household. ``number`` is the county's own and never changes; the address may.

    ``pairs`` are those of both, for parts of them: the database makes them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=30, unique=True)
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    datum = models.CharField(max_length=10, default=Datum.WGS84)
    note = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    pairs = models.GeneratedField(
        expression=pairs(F("number"), Value(BETWEEN), F("address")),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [models.Index(fields=["area", "number"]), GinIndex(name="household_pairs", fields=["pairs"])]

    class Privacy:
        public = ()
        internal = ("id", "number", "area", "closed_at", "changed_at")
        personal = ("address", "latitude", "longitude", "datum", "pairs")
        sensitive = ("note",)


class Resident(models.Model):
    """One person of a household. ``area`` repeats the household's, for the wall around the row.

    ``pinyin`` holds the initials of the name (``zgq``); ``given`` is what follows its first sign, ``rest`` what follows
    the second or, where a dot parts it, the dot: the database makes both, for whoever knows a given name alone. The
    identity number and the phone number are encrypted; the keyed indexes find a person by the whole number, or by the
    last four digits of the phone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="residents")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=20, blank=True)
    sex = models.CharField(max_length=6, blank=True, default=Sex.UNKNOWN)
    born_on = models.DateField(null=True, blank=True)
    relation = models.CharField(max_length=12, default=Relation.OTHER)
    identity_number = EncryptedTextField()
    identity_index = BlindIndexField(source="identity_number")
    phone = EncryptedTextField()
    phone_index = BlindIndexField(source="phone")
    phone_tail_index = BlindIndexField(source="phone", part=last_four)
    lives_here = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    given = models.GeneratedField(
        expression=Substr("name", 2), output_field=models.CharField(max_length=60), db_persist=True
    )
    rest = models.GeneratedField(
        expression=Substr("name", Greatest(StrIndex("name", Value(DOT)) + 1, 3)),
        output_field=models.CharField(max_length=60),
        db_persist=True,
    )

    class Meta:
        indexes = [
            # the area after the name: a county's 1,800 areas are not looked up one by one for a rare name
            models.Index(name="resident_name", fields=["name", "area"]),
            models.Index(name="resident_given", fields=["given", "area"]),
            models.Index(name="resident_rest", fields=["rest", "area"]),
            models.Index(name="resident_pinyin", fields=["pinyin", "area"]),
            models.Index(fields=["phone_index"]),
            models.Index(fields=["phone_tail_index"]),
        ]
        constraints = [
            # a person is in one household at a time
            models.UniqueConstraint(
                fields=["identity_index"], condition=models.Q(left_at__isnull=True), name="resident_once"
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=models.Q(relation=Relation.HEAD.value, left_at__isnull=True),
                name="one_head",
            ),
        ]

    class Privacy:
        public = ()
        internal = ("id", "household", "area", "changed_at")
        personal = ("name", "pinyin", "given", "rest", "sex", "born_on", "relation", "lives_here", "left_at")
        sensitive = ("identity_number", "identity_index", "phone", "phone_index", "phone_tail_index")


class Duplicate(models.Model):
    """Two entries that may be one person: found by a job, decided by a person, and taken back.

    ``kept`` is the entry that stays, none where they are two people. ``filled`` are the fields that it had empty and
    got from the other one, ``moved`` and ``ended`` the tags that went along and those that it had itself, ``relation``
    what it was to the head of their household before it took the other one's place as such.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="+")
    twin = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="+")
    reasons = ArrayField(models.CharField(max_length=10))
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("org.Account", null=True, on_delete=models.PROTECT, related_name="+")
    kept = models.ForeignKey(Resident, null=True, on_delete=models.CASCADE, related_name="+")
    filled = ArrayField(models.CharField(max_length=20), default=list)
    moved = ArrayField(models.UUIDField(), default=list)
    ended = ArrayField(models.UUIDField(), default=list)
    relation = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "twin"], name="duplicate_once"),
            models.CheckConstraint(
                name="duplicate_keeps_one_of_both",
                condition=models.Q(kept=None) | models.Q(kept=models.F("resident")) | models.Q(kept=models.F("twin")),
            ),
        ]

    class Privacy:
        public = ()
        internal = ("id", "found_at", "decided_at", "decided_by", "filled", "moved", "ended")
        personal = ("resident", "twin", "kept", "reasons", "relation")
        sensitive = ()


class Move(models.Model):
    """A household that went to another area, or a person who went to another household, and where it was before.

    ``together`` names what went by one press. ``household`` is the one that went, or to which the person went;
    ``relation`` is what the person was to the head of the household before.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    together = models.UUIDField(db_index=True)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="+")
    resident = models.ForeignKey(Resident, null=True, on_delete=models.CASCADE, related_name="+")
    from_household = models.ForeignKey(Household, null=True, on_delete=models.CASCADE, related_name="+")
    relation = models.CharField(max_length=12, blank=True)
    from_area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    to_area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=120, blank=True)

    class Privacy:
        public = ()
        internal = ("id", "together", "household", "from_area", "to_area", "made_at", "undone_at")
        personal = ("resident", "from_household", "relation", "made_by", "undone_by")
        sensitive = ()


class Tag(models.Model):
    """A need or circumstance that a household or person may have, never a grade. Loaded from reference data.

    ``roles`` lists who may see it; an empty list means everyone who may see the household. ``changed_at``: the county
    has made it, or made something else of it, and no release changes it any more.
    """

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=40)
    group = models.CharField(max_length=40)
    sensitive = models.BooleanField(default=False)
    roles = models.JSONField(default=list)
    days_valid = models.PositiveIntegerField(default=365)
    version = models.PositiveIntegerField(default=1)
    retired = models.BooleanField(default=False)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        public = ("code", "name", "group", "sensitive", "roles", "days_valid", "version", "retired", "changed_at")
        internal = ()
        personal = ()
        sensitive = ()

    @property
    def seen_by(self) -> str:
        """The posts that may see it, in words."""
        words = [str(Role(one).label) for one in self.roles]
        return "、".join(words) if words else gettext("all who may see the household")


class TagGrant(models.Model):
    """A tag given to a household or one of its people: by whom, why, from which source, until when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="grants")
    resident = models.ForeignKey(Resident, null=True, blank=True, on_delete=models.CASCADE, related_name="grants")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="grants")
    reason = models.CharField(max_length=200)
    source = models.CharField(max_length=60)
    granted_by = models.CharField(max_length=120)
    granted_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "resident", "tag"],
                condition=models.Q(revoked_at__isnull=True),
                nulls_distinct=False,
                name="tag_granted_once",
            ),
        ]

    class Privacy:
        public = ()
        internal = ("id", "household", "area", "granted_at", "expires_on", "revoked_at", "source")
        personal = ("granted_by",)
        sensitive = ("resident", "tag", "reason")


class HouseholdCode(models.Model):
    """The 民情码 at a household's door: 128 random bits, revocable, kept as a digest and, for reprints, encrypted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="codes")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    token = EncryptedTextField()
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=models.Q(revoked_at__isnull=True), name="one_code_in_force"
            ),
        ]

    class Privacy:
        public = ()
        internal = ("id", "household", "area", "issued_at", "revoked_at")
        personal = ()
        sensitive = ("digest", "token")
