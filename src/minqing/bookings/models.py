"""Who provides services for points, when they are there, and who has booked them.

Whose points are held stands in the ledger; a booking knows the number of the account, and who is to be served.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format

from minqing.bookings.enums import LIVING, HoursKind, State, WaitState
from minqing.bookings.rules import DEAREST, LONGEST, SHORTEST, Situation
from minqing.core.ids import new_id
from minqing.privacy.fields import EncryptedTextField


class Term(models.Model):
    """Reference data: so many per cent of the points come back where it is cancelled less than ``hours`` before
    (``cancel``), or nobody was at home (``missed``). A booking keeps what was in force when it was made.
    """

    code = models.CharField(primary_key=True, max_length=10)
    hours = models.PositiveSmallIntegerField(default=0)
    share = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="bookings_share", condition=Q(share__lte=100))]

    class Privacy:
        public = ("code", "hours", "share")
        internal = ()
        personal = ()
        sensitive = ()


class Provider(models.Model):
    """A person or a team of ``area`` who provides services. ``form`` is the id of the form that added it."""

    id = models.BigAutoField(primary_key=True)
    form = models.UUIDField(unique=True)
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    account = models.OneToOneField("points.Account", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        indexes = [models.Index(fields=["area", "name"], name="providers_of_area")]

    class Privacy:
        public = ("id", "area", "name")
        internal = ("form", "account", "opened_at", "changed_at", "closed_at")
        personal = ()
        sensitive = ()

    def __str__(self) -> str:
        return self.name


class ServedArea(models.Model):
    """The provider serves the people of that area and of all below it."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="serves")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="bookings_area_once", fields=["provider", "area"])]

    class Privacy:
        public = ("provider", "area")
        internal = ("id",)
        personal = ()
        sensitive = ()


class Hand(models.Model):
    """Somebody signed in who acts for the provider: a cadre or a volunteer."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="hands")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="bookings_hand_once", fields=["provider", "account"])]

    class Privacy:
        public = ()
        internal = ("id", "provider", "account")
        personal = ()
        sensitive = ()


class Service(models.Model):
    """What a provider does, for so many points in so many minutes. Never changed: it ends, and another begins.

    ``place`` is where one goes for it; empty for what is done at home.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=40)
    price = models.PositiveIntegerField()
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=80, blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        constraints = [
            models.CheckConstraint(name="bookings_price", condition=Q(price__gt=0, price__lte=DEAREST)),
            models.CheckConstraint(name="bookings_minutes", condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST)),
        ]

    class Privacy:
        public = ("id", "provider", "name", "price", "minutes", "place")
        internal = ("added_at", "ended_at")
        personal = ()
        sensitive = ()

    def __str__(self) -> str:
        return self.name


class Hours(models.Model):
    """When a provider is there: each week on a ``weekday`` (0 is Monday), on one ``day``, or on one day not at all."""

    id = models.UUIDField(primary_key=True, editable=False)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="hours")
    kind = models.CharField(max_length=8)
    weekday = models.PositiveSmallIntegerField(null=True)
    day = models.DateField(null=True)
    begins = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        indexes = [models.Index(fields=["provider"], name="hours_in_force", condition=Q(ended_at=None))]
        constraints = [
            models.CheckConstraint(
                name="bookings_hours",
                condition=Q(kind=HoursKind.WEEKLY.value, weekday__lte=6, day=None, begins__lt=F("ends"))
                | Q(kind=HoursKind.SINGLE.value, weekday=None, day__isnull=False, begins__lt=F("ends"))
                | Q(kind=HoursKind.AWAY.value, weekday=None, day__isnull=False, begins=None, ends=None),
            )
        ]

    class Privacy:
        public = ("id", "provider", "kind", "weekday", "day", "begins", "ends")
        internal = ("added_at", "ended_at")
        personal = ()
        sensitive = ()

    @property
    def kind_label(self) -> str:
        return str(HoursKind(self.kind).label)

    @property
    def shown(self) -> str:
        """The day, and from when until when."""
        weekly = WEEKDAYS[self.weekday] if self.weekday is not None else ""
        day = date_format(self.day, "Y-m-d l") if self.day else weekly
        return f"{day} {self.begins:%H:%M}–{self.ends:%H:%M}" if self.begins and self.ends else str(day)


class Booking(models.Model):
    """A time of a provider for somebody. ``name``, ``phone`` and ``address`` are what the provider needs to come.

    ``hold`` are the points held for it until ``held_until``, ``transfer`` what was made of them. Until ``free_until``
    it is cancelled for nothing; ``late_share`` and ``missed_share`` are what comes back later, and where nobody was at
    home. An offer stands until ``offered_until``. ``taken_by`` booked it for somebody without a phone, ``done_by``
    said last for the provider what became of it, ``spoken_by`` for the household that it was otherwise. Who decides
    where the two differ was reminded at ``urged_at``. The database lets no two living ones of a provider overlap.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=24, unique=True)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="bookings")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey("households.Household", null=True, on_delete=models.SET_NULL, related_name="+")
    resident = models.ForeignKey("households.Resident", null=True, on_delete=models.SET_NULL, related_name="+")
    name = EncryptedTextField()
    phone = EncryptedTextField()
    address = EncryptedTextField()
    state = models.CharField(max_length=10)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    price = models.PositiveIntegerField()
    payer = models.ForeignKey("points.Account", on_delete=models.PROTECT, related_name="+")
    hold = models.BigIntegerField()
    held_until = models.DateTimeField()
    transfer = models.BigIntegerField(null=True)
    free_until = models.DateTimeField()
    late_share = models.PositiveSmallIntegerField()
    missed_share = models.PositiveSmallIntegerField()
    offered_until = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    spoken_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    urged_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    returned = models.PositiveIntegerField(null=True)
    reason = EncryptedTextField()
    satisfied = models.BooleanField(null=True)
    said = EncryptedTextField()
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        indexes = [
            models.Index(fields=["area", "-begins_at"], name="bookings_of_area"),
            models.Index(fields=["provider", "begins_at"], name="bookings_of_provider"),
            models.Index(fields=["household", "-begins_at"], name="bookings_of_household"),
        ]
        constraints = [
            models.CheckConstraint(name="bookings_time", condition=Q(begins_at__lte=F("ends_at"))),
            # a range over the provider's number: no extension of PostgreSQL is needed for it
            ExclusionConstraint(
                name="bookings_no_two",
                expressions=[
                    (Func("provider", "provider", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func("begins_at", "ends_at", function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=sorted(one.value for one in LIVING)),
            ),
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "number",
            "provider",
            "service",
            "area",
            "state",
            "begins_at",
            "ends_at",
            "price",
            "payer",
            "hold",
            "held_until",
            "transfer",
            "free_until",
            "late_share",
            "missed_share",
            "offered_until",
            "taken_by",
            "done_by",
            "spoken_by",
            "urged_at",
            "done_at",
            "reminded_at",
            "returned",
            "made_at",
            "changed_at",
        )
        personal = ("household", "resident", "satisfied")
        sensitive = ("name", "phone", "address", "reason", "said")

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)

    @property
    def situation(self) -> Situation:
        return Situation(
            state=State(self.state),
            area_id=self.area_id,
            household=self.household_id,
            provider_area=self.provider.area_id,
            hands=frozenset(one.account_id for one in self.provider.hands.all()),
            begins_at=self.begins_at,
            over_at=max(self.ends_at, self.changed_at),
            done_by=self.done_by_id,
            taken_by=self.taken_by_id,
            spoken_by=self.spoken_by_id,
        )


class Wait(models.Model):
    """Somebody waits for a time of a service on a day that was full. ``booking`` is what was offered to them."""

    id = models.UUIDField(primary_key=True, editable=False)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey("households.Household", null=True, on_delete=models.SET_NULL, related_name="+")
    resident = models.ForeignKey("households.Resident", null=True, on_delete=models.SET_NULL, related_name="+")
    day = models.DateField()
    state = models.CharField(max_length=10)
    booking = models.OneToOneField(Booking, null=True, on_delete=models.PROTECT, related_name="wait")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        indexes = [models.Index(fields=["provider", "day", "joined_at"], name="waits_of_day")]
        constraints = [
            models.UniqueConstraint(
                name="bookings_wait_once",
                fields=["service", "day", "resident"],
                condition=Q(state=WaitState.WAITING.value),
            )
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "provider",
            "service",
            "area",
            "day",
            "state",
            "booking",
            "taken_by",
            "joined_at",
            "changed_at",
        )
        personal = ("household", "resident")
        sensitive = ()

    @property
    def state_label(self) -> str:
        return str(WaitState(self.state).label)
