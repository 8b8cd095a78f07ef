"""What people are thanked for, in versions; what somebody claims to have done; and the points given for it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from minqing.core.ids import new_id
from minqing.deadlines.rows import CLOCK_FIELDS, TIMED_FIELDS, Clock, Timed, clock_rules
from minqing.earning.enums import Category, Confirmer, Evidence, Period, State, Way
from minqing.earning.lifecycle import WAITING
from minqing.earning.rules import MOST_BUDGET, Situation
from minqing.privacy.fields import EncryptedTextField


class Budget(models.Model):
    """So many ``points`` may be given in each ``period`` for the functions that are paid from it.

    Its ``account`` of the ledger holds what is left of them and has a floor: nobody gives more. ``filled_on`` is the
    first day of the period for which points were put in last, and ``filled_with`` the transfer that put them in; None
    before the first.
    """

    code = models.CharField(primary_key=True, max_length=30)
    name = models.CharField(max_length=40)
    points = models.PositiveIntegerField()
    period = models.CharField(max_length=8)
    account = models.OneToOneField("points.Account", on_delete=models.PROTECT, related_name="+")
    filled_on = models.DateField(null=True)
    filled_with = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        constraints = [
            models.CheckConstraint(name="earning_budget_points", condition=Q(points__gt=0, points__lte=MOST_BUDGET)),
            models.CheckConstraint(name="earning_budget_period", condition=Q(period__in=[one.value for one in Period])),
        ]

    class Privacy:
        public = ("code", "name", "points", "period")
        internal = ("account", "filled_on", "filled_with", "changed_at")
        personal = ()
        sensitive = ()

    @property
    def period_label(self) -> str:
        return str(Period(self.period).label)


class Function(models.Model):
    """Something that people are thanked for with points. What is said of it stands in its versions."""

    code = models.CharField(primary_key=True, max_length=30)
    category = models.CharField(max_length=12)
    # what gives it by itself; such a one is claimed by nobody
    event = models.CharField(max_length=20, blank=True)

    app_may = ("SELECT", "INSERT")

    class Privacy:
        public = ("code", "category", "event")
        internal = ()
        personal = ()
        sensitive = ()

    @property
    def category_label(self) -> str:
        return str(Category(self.category).label)


class FunctionVersion(models.Model):
    """What a function was from ``since`` on. An award keeps the version under which it was given.

    Limits are how often one person, and all of a household together, are thanked for it in a day and in a quarter;
    None is without one. ``ends_on`` is the last day on which what was done counts. ``release`` is the version of the
    reference data that brought it; None for one that the operator wrote. ``withdrawn``: nobody is thanked for it now.
    """

    id = models.BigAutoField(primary_key=True)
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    current = models.BooleanField(default=True)
    name = models.CharField(max_length=40)
    what = models.CharField(max_length=200)
    points = models.PositiveIntegerField()
    evidence = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    confirmer = models.CharField(max_length=10)
    person_day = models.PositiveSmallIntegerField(null=True, blank=True)
    person_season = models.PositiveSmallIntegerField(null=True, blank=True)
    household_day = models.PositiveSmallIntegerField(null=True, blank=True)
    household_season = models.PositiveSmallIntegerField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    # None: issued by the county, without end
    budget = models.ForeignKey(Budget, null=True, blank=True, on_delete=models.PROTECT, related_name="versions")
    withdrawn = models.BooleanField(default=False)
    since = models.DateTimeField()
    release = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    app_may = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="earning_version_once", fields=["function", "number"]),
            models.UniqueConstraint(name="earning_one_current", fields=["function"], condition=Q(current=True)),
            models.CheckConstraint(name="earning_points", condition=Q(points__gt=0)),
        ]

    class Privacy:
        public = (
            "id",
            "function",
            "number",
            "current",
            "name",
            "what",
            "points",
            "evidence",
            "confirmer",
            "person_day",
            "person_season",
            "household_day",
            "household_season",
            "ends_on",
            "budget",
            "withdrawn",
            "since",
            "release",
        )
        internal = ("by",)
        personal = ()
        sensitive = ()

    @property
    def is_of_person(self) -> bool:
        """Whether it has limits of a person, and none of a household."""
        own, home = (self.person_day, self.person_season), (self.household_day, self.household_season)
        return any(one is not None for one in own) and all(one is None for one in home)

    @property
    def evidence_labels(self) -> list[str]:
        return [str(Evidence(one).label) for one in self.evidence]

    @property
    def confirmer_label(self) -> str:
        return str(Confirmer(self.confirmer).label)


class Claim(Timed):
    """Somebody did something that a function thanks for. It keeps the ``version`` that was in force when it was sent.

    At the door a ``name`` is typed; whose account is thanked says who confirms it (``resident``, or the household).
    ``cause`` is what happened in another room and is thanked by itself, as the journal names it: once. ``ticket`` is
    the digest of the private link under which it is followed. ``reasons`` are why not, or why it was a mistake.
    ``appeal`` is what was said against a refusal of ``refused_by``, and ``appealed_by`` who wrote it down for somebody;
    until that is decided a clock runs. ``drawn_at``: of what was given by itself it was drawn by lot or is in doubt,
    for somebody (``passed_by``) to look at.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=24, unique=True)
    version = models.ForeignKey(FunctionVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10)
    way = models.CharField(max_length=8)
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(
        "households.Household", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    resident = models.ForeignKey(
        "households.Resident", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = EncryptedTextField()
    words = EncryptedTextField()
    place = EncryptedTextField()
    witness = EncryptedTextField()
    happened_on = models.DateField()
    cause = models.CharField(max_length=60, null=True, blank=True, unique=True)  # unique where there is one
    ticket = models.CharField(max_length=64, null=True, blank=True, unique=True)  # the same
    received_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    vouched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reasons = EncryptedTextField()
    appeal = EncryptedTextField()
    appealed_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    appealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reminded_at = models.DateTimeField(null=True, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    passed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["area", "state", "received_at"], name="claims_of_area"),
            models.Index(fields=["received_at", "id"], name="claims_newest"),
            models.Index(fields=["due_at"], name="claims_appealed", condition=Q(state=State.APPEALED.value)),
            models.Index(
                fields=["area", "drawn_at"],
                name="claims_drawn",
                condition=Q(state=State.AWARDED.value, drawn_at__isnull=False, passed_by=None),
            ),
            models.Index(
                fields=["area", "received_at"],
                name="claims_waiting",
                condition=Q(state__in=sorted(one.value for one in WAITING)),
            ),
        ]
        constraints = [
            # nobody confirms what they took in, and of two people neither is the other
            models.CheckConstraint(
                name="earning_other_eyes",
                condition=~Q(state=State.AWARDED.value)
                | Q(decided_by=None)
                | (Q(taken_by=None) | ~Q(taken_by=F("decided_by")))
                & (Q(vouched_by=None) | ~Q(vouched_by=F("decided_by"))),
            ),
            # nor does who refused it, or wrote the objection down, decide whether that was right
            models.CheckConstraint(
                name="earning_looked_again",
                condition=Q(state=State.APPEALED.value)
                | Q(decided_by=None)
                | (Q(refused_by=None) | ~Q(refused_by=F("decided_by")))
                & (Q(appealed_by=None) | ~Q(appealed_by=F("decided_by"))),
            ),
        ]

    class Privacy:
        public = ()
        internal = (
            "id",
            "number",
            "version",
            "state",
            "way",
            "area",
            "happened_on",
            "received_at",
            "taken_by",
            "vouched_by",
            "decided_by",
            "decided_at",
            "appealed_at",
            "refused_by",
            "appealed_by",
            "reminded_at",
            "drawn_at",
            "passed_by",
            "changed_at",
            *TIMED_FIELDS,
        )
        personal = ("household", "resident", "cause")
        sensitive = ("name", "words", "place", "witness", "ticket", "reasons", "appeal")

    @property
    def situation(self) -> Situation:
        return Situation(
            state=State(self.state),
            area_id=self.area_id,
            points=self.version.points,
            confirmer=Confirmer(self.version.confirmer),
            taken_by=self.taken_by_id,
            vouched_by=self.vouched_by_id,
            refused_by=self.refused_by_id,
            appealed_by=self.appealed_by_id,
            drawn=self.state == State.AWARDED and self.drawn_at is not None and self.passed_by_id is None,
            objected=self.appealed_at is not None,
        )

    @property
    def is_in_doubt(self) -> bool:
        """Whether what it waits to be thanked for is not certain any more."""
        return self.state in WAITING and self.drawn_at is not None

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)

    @property
    def way_label(self) -> str:
        return str(Way(self.way).label)


class ClaimClock(Clock):
    """The one clock of a claim: from an objection until somebody else has decided on it."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="clocks")

    class Meta:
        indexes, constraints = clock_rules("claim", "earning")

    class Privacy:
        public = ()
        internal = (*CLOCK_FIELDS, "claim")
        personal = ()
        sensitive = ()


class ClaimPhoto(models.Model):
    """A photo that shows what was done."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="photos")
    attachment = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        public = ()
        internal = ("id", "claim", "attachment")
        personal = ()
        sensitive = ()


class Award(models.Model):
    """Points given for a claim, by a transfer of the ledger. One that was a mistake stays, ``corrected_at`` a moment.

    ``resident`` is whose account it is, None of the household's; ``happened_on`` the day by which limits count.
    """

    claim = models.OneToOneField(Claim, primary_key=True, on_delete=models.PROTECT, related_name="award")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("org.Area", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(
        "households.Household", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    resident = models.ForeignKey(
        "households.Resident", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    happened_on = models.DateField()
    points = models.PositiveIntegerField()
    transfer = models.BigIntegerField(unique=True)
    awarded_at = models.DateTimeField()
    corrected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["household", "function", "happened_on"], name="awards_of_household")]

    class Privacy:
        public = ()
        internal = ("claim", "function", "area", "happened_on", "points", "transfer", "awarded_at", "corrected_at")
        personal = ("household", "resident")
        sensitive = ()
