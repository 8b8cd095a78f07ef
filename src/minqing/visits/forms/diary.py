"""Forms of visits: the diary, the list's filters, and who cares for which household."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Unpack
from uuid import UUID, uuid5

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.core.point import Point
from minqing.files.forms import PicturesField
from minqing.hazards.protocols import ChecklistLike
from minqing.hazards.rules import LONGEST_WORDS
from minqing.hazards.services import Seen
from minqing.visits.enums import Met
from minqing.visits.queries import SOMEBODY
from minqing.visits.rules import (
    EVERY_DAYS,
    MOST_PEOPLE,
    MOST_PICTURES,
    MOST_PROMISE,
    MOST_TEXT,
    diary_fits,
    promise_is_right,
    somebody_is_named,
    time_is_right,
)
from minqing.visits.services import ELSE, NewMatter, hazard_note
from minqing.web.forms import (
    BootstrapFormMixin,
    Data,
    DayField,
    Files,
    FormOptions,
    OnceForm,
    OnceInput,
    PlaceMixin,
    needed,
)

IF_NOT_TICKED = _("only if somebody was met who is not ticked above")
IF_MET = _("needed if somebody was met")
ONE_OF_BOTH = _("one of these two is needed if somebody was met")
IF_PROMISED = _("needed if something was promised")
IF_DOING = _("needed if something needs doing")


class DiaryForm(OnceForm, PlaceMixin):  # type: ignore[misc]  # Form declares the field class as None
    """One visit on one screen. ``members``, ``categories`` and ``kept`` are (id, name) pairs to choose from.

    ``kept`` are pictures of an earlier attempt that are stored already. ``lists`` are the checklists for
    hazards.
    """

    matter_id = forms.UUIDField(widget=OnceInput, initial=new_id)
    sent_at = forms.DateTimeField(required=False, widget=forms.HiddenInput(attrs={"data-clock": ""}))
    met = forms.ChoiceField(
        label=_("Who was met"),
        choices=[(item.value, item.label) for item in Met],
        widget=forms.RadioSelect,
        initial=Met.AT_HOME,
        error_messages={"required": _("Choose whether somebody was met.")},
    )
    met_residents = forms.TypedMultipleChoiceField(
        label=_("Members of the household"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    met_people = forms.CharField(label=_("Others who were there"), required=False, max_length=MOST_PEOPLE)
    text = forms.CharField(
        label=_("What was said"),
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write in a few words what was said.")},
    )
    pictures = PicturesField(max=MOST_PICTURES)
    kept = forms.TypedMultipleChoiceField(
        label=_("Photos that have arrived"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    # what is on no checklist
    note_other = forms.CharField(label=ELSE, required=False, max_length=LONGEST_WORDS)
    visited_on = DayField(
        label=_("Day of the visit"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave it empty for today."),
    )
    promise = forms.CharField(
        label=_("Promised to the household"),
        required=False,
        max_length=MOST_PROMISE,
        help_text=_("It comes back to you a week before its day."),
    )
    promised_on = DayField(
        label=_("By when"), required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text=IF_PROMISED
    )
    needs_doing = forms.BooleanField(label=_("Something needs doing"), required=False)
    matter_title = forms.CharField(
        label=_("What needs doing, in one line"),
        max_length=100,
        error_messages={"required": _("Say in one line what needs doing.")},
    )
    matter_text = forms.CharField(
        label=_("More about it"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    leave_out = forms.BooleanField(
        label=_("Leave out what was said"),
        required=False,
        help_text=_("Otherwise the unit reads what you wrote above under “What was said”, and so does the household."),
    )
    leave_photos = forms.BooleanField(
        label=_("Leave out the photos"),
        required=False,
        help_text=_("Otherwise whoever handles it sees the photos of this diary, also those that come later."),
    )
    category = forms.ChoiceField(label=_("Kind of matter"), required=False)

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        members: Sequence[tuple[str, str]] | None = (),
        categories: Sequence[tuple[str, str]] = (),
        kept: Sequence[tuple[str, str]] = (),
        lists: Sequence[ChecklistLike] = (),
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["met_residents"].choices = members or ()  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", _("Choose, or leave it to the clerk")), *categories]  # type: ignore[attr-defined]
        self.fields["kept"].choices = kept  # type: ignore[attr-defined]
        # what may be empty depends on two ticks, which the person may still change: the mark says on which
        self.fields["text"].required = self.is_bound and self.data.get("met") != Met.NOBODY
        self.fields["matter_title"].required = not self.is_bound or bool(self.data.get("needs_doing"))
        needed(IF_MET, self.fields["text"])
        needed(IF_DOING, self.fields["matter_title"])
        # who is ticked above only the phone knows, of the household that it opens
        condition = IF_NOT_TICKED if members is None else ONE_OF_BOTH if members else IF_MET
        needed(condition, self.fields["met_residents"], self.fields["met_people"])
        self.who = "met_residents" if members else "met_people"
        self.lists = lists
        for one in lists:
            self.fields[f"seen_{one.pk}"] = forms.MultipleChoiceField(
                label=one.name,
                required=False,
                choices=[(item["code"], item["look"]) for item in one.items],
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields[f"note_{one.pk}"] = forms.CharField(
                label=hazard_note(one.name), required=False, max_length=LONGEST_WORDS
            )

    def hazard_rows(self) -> list[dict[str, object]]:
        """Each checklist with the field for its words, for the template; one that was filled in stands open."""
        return [
            {
                "name": one.name,
                "seen": self[f"seen_{one.pk}"],
                "note": self[f"note_{one.pk}"],
                "open": bool(self[f"seen_{one.pk}"].value() or self[f"note_{one.pk}"].value()),
            }
            for one in self.lists
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        members, people = data.get("met_residents") or [], data.get("met_people") or ""
        named = somebody_is_named(data.get("met") or "", members=len(members), people=people)
        if not named:
            # beside a field that is there
            self.add_error(self.who, forms.ValidationError(named.reason, code=named.code))
        right = time_is_right(self.visited_at(), clock.now())
        if not right:
            self.add_error("visited_on", forms.ValidationError(right.reason, code=right.code))
        self.look_at_promise(data)
        number = len(data.get("pictures") or []) + len(data.get("kept") or [])
        fit = diary_fits("", "", pictures=number)
        if not fit:
            self.add_error("pictures", forms.ValidationError(fit.reason, code=fit.code))
        return data

    def look_at_promise(self, data: dict[str, Any]) -> None:
        text, day = data.get("promise") or "", data.get("promised_on")
        if not text and day is None:
            return
        right = promise_is_right(text, day or date.min, clock.local_date(self.visited_at()))
        if not right:
            self.add_error(
                "promise" if right.code == "promise_empty" else "promised_on",
                forms.ValidationError(right.reason, code=right.code),
            )

    def promised(self) -> dict[str, Any] | None:
        """What was promised, as :func:`~minqing.visits.services.make_promise` takes it."""
        data = self.cleaned_data
        if not data.get("promise"):
            return None
        return {"id": uuid5(data["request_id"], "promise"), "text": data["promise"], "due_on": data["promised_on"]}

    def clean_sent_at(self) -> datetime | None:
        """A phone's clock may say anything; beyond the calendar it would be stored and could not be read again."""
        sent_at: datetime | None = self.cleaned_data["sent_at"]
        return sent_at if sent_at and DayField.FIRST <= sent_at.date() <= DayField.LAST else None

    def visited_at(self) -> datetime:
        """Now, or noon of the day that was chosen: nobody remembers the minute of yesterday's visit."""
        now = clock.now()
        day = self.cleaned_data.get("visited_on")
        if day is None or day == clock.today():
            return now
        return datetime.combine(day, time(12), tzinfo=clock.SHANGHAI)

    def seen(self) -> list[Seen]:
        """One for each checklist by which something was ticked or written, and what is on none."""
        data, id = self.cleaned_data, self.cleaned_data["request_id"]
        found = [
            Seen(
                id=uuid5(id, f"hazard {one.code}"),
                version_id=one.pk,
                name=one.name,
                looks={item["code"]: item["look"] for item in one.items if item["code"] in data[f"seen_{one.pk}"]},
                words=data[f"note_{one.pk}"],
            )
            for one in self.lists
            if data[f"seen_{one.pk}"] or data[f"note_{one.pk}"]
        ]
        other = data["note_other"]
        return [*found, Seen(id=uuid5(id, "hazard"), words=other)] if other else found

    def point(self) -> Point | None:
        data = self.cleaned_data
        if data.get("latitude") is None:
            return None
        return Point(
            latitude=data["latitude"],
            longitude=data["longitude"],
            accuracy=data.get("accuracy_m"),
            datum=data.get("datum") or "WGS-84",
        )

    def matter(self) -> NewMatter | None:
        data = self.cleaned_data
        if not data.get("needs_doing"):
            return None
        return NewMatter(
            id=data["matter_id"],
            title=data["matter_title"],
            text=data["matter_text"],
            category_code=data["category"],
            with_words=not data["leave_out"],
            with_photos=not data["leave_photos"],
        )


class VisitFilter(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """What the list of visits can be narrowed to; other pages link to it with the same names."""

    mine = forms.BooleanField(label=_("Only mine"), required=False)
    since = DayField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = DayField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    area = forms.ChoiceField(label=_("Place"), required=False)
    met = forms.ChoiceField(
        label=_("Who was met"),
        required=False,
        choices=[("", _("All")), (SOMEBODY, _("Somebody was met")), *((item.value, item.label) for item in Met)],
    )
    hazard = forms.ChoiceField(
        label=_("Hazard"),
        required=False,
        choices=[("", _("All")), ("any", _("With a hazard that was found"))],
    )

    once = forms.BooleanField(label=_("Only the last visit to each household"), required=False)

    def __init__(self, data: Data, *, areas: Sequence[tuple[int, str]], mine: bool) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.fields["area"].choices = [("", _("All")), *areas]  # type: ignore[attr-defined]
        if not mine:
            del self.fields["mine"]


class CareForm(OnceForm):
    """Households of one area into one cadre's care."""

    account = forms.TypedChoiceField(label=_("Cadre"), coerce=UUID)
    every_days = forms.TypedChoiceField(
        label=_("To be visited"),
        coerce=int,
        initial=90,
        choices=[(days, _("every %(days)d days") % {"days": days}) for days in EVERY_DAYS],
    )
    # named as the boxes of every list: the bar of what is ticked counts them
    pick = forms.TypedMultipleChoiceField(
        label=_("Households to assign"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one household.")},
    )

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        cadres: Sequence[tuple[str, str]],
        households: Sequence[tuple[str, str]],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["account"].choices = [("", _("Choose a cadre")), *cadres]  # type: ignore[attr-defined]
        self.fields["pick"].choices = households  # type: ignore[attr-defined]
