"""The operator's forms of norms, the ladder, reasons to wait and a working day, with sentences of what will happen."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import DomainError, TwoTexts
from minqing.deadlines import Target, services, term
from minqing.deadlines.books import Book
from minqing.deadlines.enums import Rung
from minqing.deadlines.explaining import Teller
from minqing.deadlines.models import Norm
from minqing.deadlines.queries import ladder, waiting_for
from minqing.deadlines.rows import Clock
from minqing.deadlines.services import check_order, check_pause_rule, moments, target_from
from minqing.deadlines.services.ladder import HEARING, LONGEST
from minqing.deadlines.shapes import Unit
from minqing.org.queries import who_changed, work_calendar
from minqing.web.forms import Data, FormOptions, SeenMixin

COUNTED = [(Unit.DAYS.value, gettext_lazy("working days")), (Unit.HOURS.value, gettext_lazy("working hours"))]


class NormForm(SeenMixin):
    """A term as a number and what it counts."""

    amount = forms.IntegerField(label=gettext_lazy("Term"), min_value=0, max_value=10_000)
    unit = forms.ChoiceField(
        label=gettext_lazy("Counted in"), choices=[*COUNTED, (Unit.CALENDAR_DAYS.value, gettext_lazy("natural days"))]
    )
    running = forms.BooleanField(label=gettext_lazy("Also what runs by this norm now"), required=False)

    def __init__(self, data: Data = None, *, book: Book[Clock], norm: Norm) -> None:
        target = Target.parse(norm.target)
        initial = {"amount": target.amount, "unit": target.unit.value}
        super().__init__(data, auto_id=f"norm-{norm.pk}-%s", initial=initial)
        self.book, self.norm = book, norm
        self.stands_at(subject := f"norm:{norm.pk}", told=partial(who_changed, subject))

    def apply(self, *, by: Actor) -> bool:
        data = self.cleaned_data
        try:
            target = target_from(data["amount"], data["unit"])
            services.set_norm(
                book=self.book, way=self.norm.way, kind=self.norm.kind, target=target, by=by, running=data["running"]
            )
        except TwoTexts:
            raise
        except DomainError as error:
            if error.http_status == 403:
                raise
            self.add_error("amount", error.sentence)
            return False
        return True


class LadderForm(SeenMixin):
    """For each rung whether it hears at all, and how long after the deadline."""

    def __init__(self, data: Data = None, *, book: Book[Clock]) -> None:
        self.book, self.key = book, f"{book.room}-ladder"
        super().__init__(data, auto_id=f"{self.key}-%s")
        now = {step.rung: step.after for step in ladder(book)}
        for rung in HEARING:
            after = now.get(rung)
            self.fields[f"used-{rung.value}"] = forms.BooleanField(
                label=_("Hears of it"), required=False, initial=after is not None
            )
            self.fields[f"amount-{rung.value}"] = forms.IntegerField(
                label=_("How late"), min_value=0, max_value=250, initial=after.amount if after else 0
            )
            self.fields[f"unit-{rung.value}"] = forms.ChoiceField(
                label=_("Counted in"), choices=COUNTED, initial=after.unit.value if after else "d"
            )
        self.stands_at(subject := f"ladder:{book.room}", told=partial(who_changed, subject))

    def sent(self, data: Data) -> LadderForm:
        return LadderForm(data, book=self.book)

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"rung": rung.label, "fields": [self[f"{name}-{rung.value}"] for name in ("used", "amount", "unit")]}
            for rung in HEARING
        ]

    def steps(self) -> dict[Rung, Target | None]:
        """As typed, or as it stands where nothing was typed."""
        if not self.is_bound:
            return {step.rung: step.after for step in ladder(self.book)}
        data = self.cleaned_data
        return {
            rung: target_from(data[f"amount-{rung.value}"], data[f"unit-{rung.value}"])
            if data[f"used-{rung.value}"]
            else None
            for rung in HEARING
        }

    def clean(self) -> None:
        """What the service refuses is refused here, so that a trial says the same sentence as saving."""
        if self.errors:
            return
        try:
            check_order(self.steps())
        except DomainError as error:
            self.refuse(error)

    def refuse(self, error: DomainError) -> None:
        field = f"amount-{error.data.get('rung', '')}"
        self.add_error(field if field in self.fields else None, error.sentence)

    def trial(self) -> list[str]:
        """What would happen to what is overdue since the last working day; empty while the form is wrong."""
        if self.is_bound and not self.is_valid():
            return []
        hearing = moments(self.steps(), last_close())
        return [
            _("{late} → {rung} ({when})").format(
                late=lateness(after), rung=rung.label, when=Teller(at.year).moment(at.isoformat())
            )
            for rung, after, at in hearing
        ]

    def apply(self, *, by: Actor) -> bool:
        try:
            services.set_ladder(book=self.book, steps=self.steps(), by=by)
        except DomainError as error:
            if error.http_status == 403:
                raise
            self.refuse(error)
            return False
        return True


def last_close() -> datetime:
    """The usual close of the last working day before today: the deadline of the example."""
    day = clock.today() - timedelta(days=1)
    while not work_calendar().is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(17, 30), clock.SHANGHAI)


def lateness(after: Target) -> str:
    if not after.amount:
        return _("As soon as it is overdue")
    return _("Overdue by {term}").format(term=term(after))


class PauseForm(SeenMixin):
    """What waiting for one reason means."""

    offered = forms.BooleanField(label=gettext_lazy("May be chosen"), required=False)
    longest = forms.IntegerField(label=gettext_lazy("At most (days)"), min_value=1, max_value=LONGEST)
    stops = forms.MultipleChoiceField(
        label=gettext_lazy("These clocks stand still"), choices=(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Data = None, *, book: Book[Clock], reason: Any) -> None:
        rule = waiting_for(book, reason)
        self.book, self.key, self.kinds = book, f"{book.room}-{reason}", list(book.kinds or ())
        initial = {"offered": rule.offered, "longest": rule.longest, "stops": sorted(rule.stops)}
        super().__init__(data, auto_id=f"{self.key}-%s", initial=initial)
        self.fields["stops"].choices = [(one.value, one.label) for one in self.kinds]  # type: ignore[attr-defined]
        self.reason = reason
        self.stands_at(subject := f"pause:{book.room}:{reason}", told=partial(who_changed, subject))

    def sent(self, data: Data) -> PauseForm:
        return PauseForm(data, book=self.book, reason=self.reason)

    @property
    def title(self) -> str:
        return self.book.word(self.reason)

    def clean(self) -> None:
        """As of the ladder: a trial refuses what saving refuses."""
        if self.errors:
            return
        try:
            check_pause_rule(**self.values())
        except DomainError as error:
            self.refuse(error)

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "book": self.book,
            "reason": self.reason.value,
            "stops": data["stops"],
            "longest": data["longest"],
            "offered": data["offered"],
        }

    def refuse(self, error: DomainError) -> None:
        self.add_error(error.code if error.code in self.fields else None, error.sentence)

    def trial(self) -> str:
        """What would happen, in a sentence; empty while the form is wrong."""
        if self.is_bound and not self.is_valid():
            return ""
        data = self.cleaned_data if self.is_bound else self.initial
        if not data["offered"]:
            return _("Nobody can choose this reason; what waits for it already goes on.")
        stand = [str(one.label) for one in self.kinds if one.value in data["stops"]]
        run = [str(one.label) for one in self.kinds if one.value not in data["stops"]]
        comma = pgettext("between the parts of a list", ", ")
        if not run:
            return _("For at most {days} days all clocks stand still.").format(days=data["longest"])
        sentence = _("For at most {days} days these stand still: {stand}. These run on: {run}.")
        return sentence.format(days=data["longest"], stand=comma.join(stand), run=comma.join(run))

    def apply(self, *, by: Actor) -> bool:
        try:
            services.set_pause_rule(**self.values(), by=by)
        except DomainError as error:
            if error.http_status == 403:
                raise
            self.refuse(error)
            return False
        return True


class DayForm(SeenMixin):
    """Whether one day is worked; the third way takes the operator's word back."""

    WORKED, OFF, CLEAR = "worked", "off", "clear"
    WAYS = ((WORKED, gettext_lazy("Worked")), (OFF, gettext_lazy("Off")), (CLEAR, gettext_lazy("As the notice says")))
    to = forms.ChoiceField(label=gettext_lazy("This day is"), choices=WAYS, widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("Day name"), required=False, max_length=60)

    def __init__(self, data: Data = None, *, on: date, row: Any, working: bool, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        self.fields["to"].initial = self.WORKED if working else self.OFF
        self.fields["name"].initial = row.name if row else ""
        stands = f"{row.working}:{row.name}:{row.source}" if row else ""
        self.stands_at(subject := f"work-day:{on.isoformat()}", stands, told=partial(who_changed, subject))
