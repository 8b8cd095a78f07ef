"""Areas, units, accounts and posts: who works where, as what, since when."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from minqing.core.ids import new_id
from minqing.org.enums import ChangeState, Level, Role, UnitKind
from minqing.privacy.fields import BlindIndexField, EncryptedTextField


def choices(enum: type) -> list[tuple[str, object]]:
    return [(item.value, item.label) for item in enum]  # type: ignore[attr-defined]


class Area(models.Model):
    """A city, township, village or grid, as it was named and bounded between two dates.

    ``code`` is the county's own; ``path`` holds the ids from the top down (``1.4.17.``), so that everything
    inside an area is a prefix search. its border is in :class:`Boundary`.
    """

    id = models.AutoField(primary_key=True)
    code = models.CharField(_("Code"), max_length=20, unique=True)
    name = models.CharField(_("Area name"), max_length=60)
    level = models.CharField(_("Level"), max_length=10, choices=choices(Level))
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("Area above")
    )
    path = models.CharField(max_length=80, editable=False)
    valid_from = models.DateField(_("Valid from"), default=timezone.localdate)
    valid_to = models.DateField(_("Valid to"), null=True, blank=True)
    latitude = models.FloatField(_("Latitude"), null=True, blank=True)
    longitude = models.FloatField(_("Longitude"), null=True, blank=True)

    class Meta:
        verbose_name = _("Area")
        verbose_name_plural = _("Areas")
        indexes = [models.Index(fields=["path"], name="area_path", opclasses=["varchar_pattern_ops"])]

    class Privacy:
        public = ("id", "code", "name", "level", "parent", "path", "valid_from", "valid_to", "latitude", "longitude")
        internal = ()
        personal = ()
        sensitive = ()

    def __str__(self) -> str:
        return self.name


class Boundary(models.Model):
    """An area's border: a GeoJSON geometry in WGS-84 (longitude, latitude).

    Beside the area and not in it: it may be a hundred kilobytes, and every list names its areas.
    """

    area = models.OneToOneField(Area, primary_key=True, on_delete=models.CASCADE, related_name="boundary")
    geometry = models.JSONField()

    class Privacy:
        public = ()
        internal = ("area", "geometry")
        personal = ()
        sensitive = ()


class Unit(models.Model):
    """An office, bureau, village committee or service that handles matters.

    ``hours`` are its own working hours (:meth:`minqing.worktime.hours.Hours.parse`), None for the usual ones.
    """

    id = models.AutoField(primary_key=True)
    code = models.CharField(_("Code"), max_length=20, unique=True)
    name = models.CharField(_("Unit name"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=10, choices=choices(UnitKind))
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="units", verbose_name=_("Area"))
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    active = models.BooleanField(_("In use"), default=True)
    hours = models.JSONField(_("Working hours"), null=True, blank=True)

    class Meta:
        verbose_name = _("Unit")
        verbose_name_plural = _("Units")

    class Privacy:
        public = ("id", "code", "name", "kind", "area", "phone", "active", "hours")
        internal = ()
        personal = ()
        sensitive = ()

    def __str__(self) -> str:
        return self.name


class Account(AbstractBaseUser):
    """Someone who signs in. Rights come from posts in force alone: no flag or group here gives any."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(_("User name"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    staff_number = models.CharField(_("Staff number"), max_length=30, unique=True, null=True, blank=True)
    phone = EncryptedTextField()
    phone_index = BlindIndexField(source="phone")
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(_("May sign in"), default=True)
    # somebody else has chosen the password that it has
    must_change_password = models.BooleanField(default=False, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    # what the gate reads along with the account (org.auth_backend); None where it came another way
    context: Any = None

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = BaseUserManager()

    class Meta:
        verbose_name = _("Account")
        verbose_name_plural = _("Accounts")

    class Privacy:
        public = ()
        internal = ("id", "username", "name", "staff_number", "language", "is_active", "must_change_password")
        personal = ("phone", "phone_index", "made_at", "last_login")
        sensitive = ("password",)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """One person's role in a unit and an area, from one day to another.

    Only an operator's post may have neither: the first one is there before any area is.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="posts", verbose_name=_("Account"))
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="posts", verbose_name=_("Unit")
    )
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="posts", verbose_name=_("Area")
    )
    role = models.CharField(_("Role"), max_length=20, choices=choices(Role))
    title = models.CharField(_("Title"), max_length=60, blank=True)
    since = models.DateField(_("First day"), default=timezone.localdate)
    until = models.DateField(_("Last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("Post")
        verbose_name_plural = _("Posts")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "unit", "area", "role"],
                condition=models.Q(until__isnull=True),
                name="post_held_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(role=Role.OPERATOR.value) | models.Q(unit__isnull=False, area__isnull=False),
                name="post_in_a_place",
            ),
        ]

    class Privacy:
        public = ()
        internal = ("id", "account", "unit", "area", "role", "title", "since", "until")
        personal = ()
        sensitive = ()

    def __str__(self) -> str:
        return self.title or str(Role(self.role).label)


class AreaChange(models.Model):
    """One change of an area, with what it was before: its ``name``, and ``former``, the area above it.

    ``into`` is of what it became part, or below what it hangs now. Of ``total`` rows that go along ``done`` are there.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=8)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    into = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    former = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    undone_by = models.CharField(max_length=120, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["area", "-made_at"], name="area_changes"),
            models.Index(
                fields=["made_at"], name="area_changes_under_way", condition=models.Q(state__in=["running", "undoing"])
            ),
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "kind",
            "state",
            "area",
            "into",
            "former",
            "name",
            "total",
            "done",
            "made_by",
            "made_at",
            "undone_by",
            "undone_at",
        )
        personal = ()
        sensitive = ()

    @property
    def under_way(self) -> bool:
        return self.state in {ChangeState.RUNNING, ChangeState.UNDOING}


class CarriedRow(models.Model):
    """A row that went along with an area, by what it is of (``code``) and its ``key``, so that it can come back.

    Of a post ``other`` is the one in its place, and ``day`` the day on which it was to end.
    """

    change = models.ForeignKey(AreaChange, on_delete=models.CASCADE, related_name="rows")
    code = models.CharField(max_length=60)
    key = models.CharField(max_length=40)
    other = models.CharField(max_length=40, blank=True)
    day = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "code", "key"], name="carried_once")]

    class Privacy:
        public = ()
        internal = ("id", "change", "code", "key", "other", "day")
        personal = ()
        sensitive = ()


class WorkDay(models.Model):
    """The operator's word on whether a day is worked; days without a row follow weekends and statute."""

    date = models.DateField(_("Date"), primary_key=True)
    working = models.BooleanField(_("Worked"))
    name = models.CharField(_("Day name"), max_length=60, blank=True)
    source = models.CharField(_("Source"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("Working day")
        verbose_name_plural = _("Working days")

    class Privacy:
        public = ("date", "working", "name", "source")
        internal = ()
        personal = ()
        sensitive = ()
