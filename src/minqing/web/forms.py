"""Forms that look right, are sent once, and keep robots out without a riddle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextvars import ContextVar
from copy import copy
from datetime import date, datetime
from typing import Any, TypeAlias, TypedDict, TypeVar

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import flatatt
from django.utils.choices import BaseChoiceIterator
from django.utils.datastructures import MultiValueDict
from django.utils.html import conditional_escape, escape, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import DomainError, Stale, StoredValue, TwoTexts
from minqing.core.ids import new_id
from minqing.core.text import typed_as
from minqing.web.renderer import CleanBoundField

# what a form is sent; None where it is shown for the first time
Data: TypeAlias = Mapping[str, object] | None
Files: TypeAlias = MultiValueDict[str, UploadedFile] | None
Made = TypeVar("Made")


class FormOptions(TypedDict, total=False):
    """What Django's own forms take beside what they are sent, as far as it is used here."""

    initial: MutableMapping[str, Any] | None
    prefix: str | None
    auto_id: bool | str
    label_suffix: str


_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, ""),
    (forms.CheckboxInput, "form-check-input"),
    (forms.RadioSelect, "form-check-input"),
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
)


class BootstrapBoundField(CleanBoundField):
    """Gives the widget Bootstrap's classes; Django itself adds aria-invalid and aria-describedby."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        if isinstance(widget, forms.Textarea):
            # a browser cuts off without a word what is pasted beyond it; the field says how much too long it is
            widget.attrs.pop("maxlength", None)
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        own = next(name for kind, name in _CLASSES if isinstance(widget, kind))
        names = [widget.attrs.get("class", ""), own, "is-invalid" if self.errors and own else ""]
        joined = " ".join(name for name in names if name)
        return {**built, "class": joined} if joined else built

    def as_widget(self, widget: Any = None, attrs: Any = None, only_initial: bool = False) -> SafeString:
        if widget is None and getattr(self.form, "chosen_by_typing", False):
            widget = long_of(self.field.widget)
        return super().as_widget(widget, attrs, only_initial)

    @property
    def kind(self) -> str:
        """How ``{% field form.x %}`` lays it out: hidden, check, choices, file or text."""
        widget = self.field.widget
        if widget.is_hidden:
            return "hidden"
        if isinstance(widget, forms.CheckboxInput):
            return "check"
        if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
            return "choices"
        return "text"


class BootstrapFormMixin:
    """Put it first among the bases; then ``{% field form.x %}`` in the template."""

    bound_field_class = BootstrapBoundField
    chosen_by_typing = True
    # most of its fields may be left empty, so that none of them says it
    unmarked = False


class Pairs(BaseChoiceIterator):
    """Choices that are pairs of value and label already, or groups of such; Django looks at each of others again."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.rows = list(rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)


def needed(condition: Any, *fields: forms.Field) -> None:
    """Say beside fields that may be empty in which case they may not."""
    for field in fields:
        field.condition = condition  # type: ignore[attr-defined]


class LongSelect(forms.Select):
    """A select of plain options, of which there may be a thousand: all units of a county.

    Written here, since Django makes a dictionary and a template of each option: 12 ms for 600 (docs/decisions/0037).
    With more than ``FEW`` options, or where several may be chosen, it is chosen from by typing (``frontend/combo.js``),
    if the page can: each option carries how it is read.
    """

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen, groups = set(self.format_value(value)), grouped(self.choices)
        # several of a few are tokens too: nobody holds a key down while ticking
        typed = self.allow_multiple_selected or sum(len(options) for _group, options in groups) > FEW
        made = []
        for group, options in groups:
            inside = "".join(_option(key, label, chosen, typed) for key, label in options)
            made.append(f'<optgroup label="{conditional_escape(group)}">{inside}</optgroup>' if group else inside)
        marks = {"data-combo": typed, "multiple": self.allow_multiple_selected}
        flat = flatatt(self.build_attrs(self.attrs, attrs) | marks)
        # each piece is escaped
        return SafeString(f'<select name="{escape(name)}"{flat}>{"".join(made)}</select>')


class LongSelectMultiple(LongSelect, forms.SelectMultiple):
    """The same where several may be chosen."""


FEW = 12
"""So many options are taken in at a glance; among more of them one types."""


def grouped(choices: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """Options by the group in which they stand; those in none under an empty name."""
    groups: list[tuple[str, list[object]]] = []
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            groups.append((str(key or ""), list(label)))
        elif groups and not groups[-1][0]:
            groups[-1][1].append((key, label))
        else:
            groups.append(("", [(key, label)]))
    return groups


def _option(value: Any, label: Any, chosen: Collection[str], typed: bool) -> str:
    mark = " selected" if str(value) in chosen else ""
    read = typed_as(str(label)) if typed and value not in ("", None) else ""
    if read:
        mark += f' data-py="{read}"'
    return f'<option value="{conditional_escape(value)}"{mark}>{conditional_escape(label)}</option>'


_LONG: dict[type[forms.Widget], type[LongSelect]] = {
    forms.Select: LongSelect,
    forms.SelectMultiple: LongSelectMultiple,
}


def long_of(widget: forms.Widget) -> forms.Widget:
    """Any select of Django's own as the one above, with what it was given."""
    kind = _LONG.get(type(widget))
    if kind is None or not isinstance(widget, forms.Select):
        return widget
    made = kind(attrs=widget.attrs, choices=widget.choices)
    made.is_required, made.is_localized = widget.is_required, widget.is_localized
    return made


# the form that this request has sent: whoever tells of a conflict shows what was typed under the form's own labels
_sent: ContextVar[forms.BaseForm | None] = ContextVar("sent_form", default=None)


def sent_form() -> forms.BaseForm | None:
    return _sent.get()


def forget_sent_form() -> None:
    _sent.set(None)
    note_sent_again(False)


class OnceInput(forms.HiddenInput):
    """An id that stays the same when a browser goes back to the form that was sent (``frontend/once.js``)."""

    def __init__(self) -> None:
        super().__init__(attrs={"data-once": ""})


class SentMixin(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """A form whose words are shown beside what stands there already, if they stand against each other."""

    def full_clean(self) -> None:
        if self.is_bound:
            _sent.set(self)
        super().full_clean()

    def tried(
        self, work: Callable[[], Made], *, at: str | None = None, pages: Collection[int] = (403, 404)
    ) -> Made | None:
        """What ``work`` makes; None where a service finds something wrong, which the form then says above its fields,
        or at one. What was typed stays. A page of its own are two texts, and errors of the statuses ``pages``: what the
        person may not do or know of.
        """
        try:
            return work()
        except TwoTexts:
            raise
        except DomainError as error:
            if error.http_status in pages:
                raise
            self.add_error(at, str(error.sentence))
            return None


# whether this very form was sent before: then it is no other person's change that it finds
_sent_again: ContextVar[bool] = ContextVar("sent_again", default=False)


def note_sent_again(again: bool, did: Callable[[str], bool] = lambda _what: False) -> None:
    """``did`` says of one of the things that a form may do whether it was done then."""
    _sent_again.set(again)
    _did.set(did)
    _done.set("")


# which of several things a form has done, and whether it was that the first time
_done: ContextVar[str] = ContextVar("done", default="")
_did: ContextVar[Callable[[str], bool]] = ContextVar("did", default=lambda _what: False)


def note_done(what: str) -> None:
    """Said by a form that does one of several things, to be told again to whoever sends it once more."""
    _done.set(what)


def done_now() -> str:
    return _done.get()


def done_before(what: str) -> bool:
    """Whether this very form did that when it was taken."""
    return _did.get()(what)


def was_sent_again() -> bool:
    """Whether this very form was taken before: what it was about may be gone by now, and that is what it wanted."""
    return _sent_again.get()


def subject_of(seen: str) -> str:
    """What a form changes, of the version that it carries: one change of it at a time."""
    return seen.rpartition("|")[0]


class SeenMixin(SentMixin):
    """A form that changes something: it carries the version it was made from, and a stale one is a conflict.

    ``stands_at`` says what it changes, once all fields are there. What stands is the initial value of each field, and
    ``version`` besides, where something is not shown.
    """

    seen = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    token = ""

    def stands_at(
        self, subject: str, version: object = "", *, told: Callable[[], Sequence[StoredValue]] = tuple
    ) -> None:
        """``told`` says who has changed it and when, for whoever comes too late."""
        own = {name: self.get_initial_for_field(field, name) for name, field in self.fields.items() if name not in OWN}
        written = json.dumps([own, str(version)], sort_keys=True, default=str)
        self.set_token(f"{subject}|{hashlib.sha256(written.encode()).hexdigest()[:16]}", told)

    def set_token(self, token: str, told: Callable[[], Sequence[StoredValue]] = tuple) -> None:
        self.token, self.told = token, told
        self.fields["seen"].initial = token

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound:
            return
        given = self.cleaned_data.pop("seen", "")
        if not self.token or not given or given == self.token or self.errors:
            return
        # a version of something else is no version of this
        if subject_of(given) != subject_of(self.token) or self.is_stale(given):
            raise self.stale(given)

    def stale(self, given: str) -> Stale:
        return Stale(kept=self.changes(given), renewed={"seen": self.token})

    def is_stale(self, given: str) -> bool:
        """Sent twice it finds its own change; and what it says may be what stands by now."""
        says_something = not set(self.fields) - OWN or set(self.changed_data) - OWN
        return bool(says_something) and not _sent_again.get()

    def changes(self, given: str) -> list[StoredValue]:
        return [*self.told(), *stored_values(self)]


class OnceSeenMixin(SeenMixin):
    """A change that is known when it comes again: who lost the answer and sends once more finds their own change, and
    nobody else's. What does the change asks :func:`was_sent_again` first.
    """

    request_id = forms.UUIDField(widget=OnceInput, initial=new_id, required=False)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound:
            self.cleaned_data.pop("request_id", None)


class Press(SeenMixin):
    """A button alone: nothing is typed, and yet it is pressed on what stood on the page.

    ``{% include "web/parts/press.html" %}`` puts it into the button's form.
    """

    def __init__(
        self, subject: str, version: object, *, told: Callable[[], Sequence[StoredValue]] = tuple, data: Data = None
    ) -> None:
        super().__init__(data)
        self.id = new_id()
        self.stands_at(subject, version, told=told)

    def is_new(self) -> bool:
        """False where this very press was taken before: a second tap. Raises Stale where something else stands."""
        self.full_clean()
        return not _sent_again.get()


OWN = frozenset({"seen", "request_id", "opened", "website"})


def stored_values(form: forms.BaseForm) -> Iterator[StoredValue]:
    """What stands in each field, in its own words."""
    for field in form.visible_fields():
        text = in_words(field.field, form.get_initial_for_field(field.field, field.name))
        if text:
            yield StoredValue(field.label, text)


def in_words(field: forms.Field, value: object) -> str:
    """A value as the form's reader knows it: the words of a choice, yes for a tick."""
    if value in (None, "", [], (), False):
        return ""
    if isinstance(field, forms.BooleanField):
        return gettext("Yes")
    words = dict(flat(getattr(field, "choices", ())))
    values = value if isinstance(value, (list, tuple)) else [value]
    return "、".join(said(words.get(str(one), one)) for one in values)[:LONGEST_SHOWN]


def said(word: Any) -> str:
    """The word of a choice without the picture beside it; what somebody typed is no markup and stays as it is."""
    text = str(word)
    return strip_tags(text).strip() if isinstance(text, SafeString) else text


LONGEST_SHOWN = 4000


def flat(choices: Any) -> Iterator[tuple[str, Any]]:
    """Values and words of choices, also of those that stand in groups."""
    for value, word in choices:
        if isinstance(word, (list, tuple)):
            yield from flat(word)
        else:
            yield str(value), word


class OnceForm(SentMixin):
    """A form that carries an id made when it was shown. The service uses it as the primary key or a unique
    key, so that the second of two submits finds the first. Also fits ``class X(OnceForm, forms.ModelForm)``.
    """

    request_id = forms.UUIDField(widget=OnceInput, initial=new_id)


class DayField(forms.DateField):
    """A day in the years that people and their matters have; with those at the ends of the calendar one cannot count
    on to the next day, or in another time zone.
    """

    FIRST, LAST = date(1850, 1, 1), date(2199, 12, 31)
    # a calendar to press, wherever no other is named
    widget = forms.DateInput(attrs={"type": "date"})

    def to_python(self, value: Any) -> date | None:
        day: date | None = super().to_python(value)
        if day and not self.FIRST <= day <= self.LAST:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class MomentField(forms.DateTimeField):
    """A moment in the same years."""

    def to_python(self, value: Any) -> datetime | None:
        moment: datetime | None = super().to_python(value)
        if moment and not DayField.FIRST <= moment.date() <= DayField.LAST:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


_SALT = "minqing.web.public-form"


def _stamp() -> str:
    return signing.TimestampSigner(salt=_SALT).sign("open")


class PublicForm(OnceForm):
    """For pages without an account: a field only robots fill in, and a minimum time to fill in the rest.

    Include ``web/parts/guard.html with form=form only`` inside the form.
    """

    FASTEST_SECONDS = 3
    LONGEST_SECONDS = 24 * 3600
    # residents' pages are without the desk's script
    chosen_by_typing = False

    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    opened = forms.CharField(required=False, widget=forms.HiddenInput, initial=_stamp)

    def clean_website(self) -> str:
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(_("Leave this field empty."), code="robot")
        return ""

    def clean_opened(self) -> str:
        stamp = str(self.cleaned_data.get("opened", ""))
        signer = signing.TimestampSigner(salt=_SALT)
        try:
            signer.unsign(stamp, max_age=self.LONGEST_SECONDS)
        except signing.BadSignature:
            self._renew_stamp()
            raise forms.ValidationError(_("The page was open too long. Please send again."), code="stale") from None
        try:
            signer.unsign(stamp, max_age=self.FASTEST_SECONDS)
        except signing.SignatureExpired:
            return stamp
        raise forms.ValidationError(_("That was very quick. Please wait three seconds and send again."), code="quick")

    def _renew_stamp(self) -> None:
        """Show a fresh stamp, else the same refusal would come for ever."""
        data: Any = copy(self.data)  # a copy of a QueryDict may be changed
        data[self.add_prefix("opened")] = _stamp()
        self.data = data


class PlaceMixin(forms.Form):
    """A point from the phone or the map; `web/parts/place.html` fills it. Degrees, metres, datum by name."""

    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    accuracy_m = forms.FloatField(required=False, min_value=0, widget=forms.HiddenInput)
    datum = forms.ChoiceField(
        required=False,
        choices=[("", ""), ("WGS-84", "WGS-84"), ("GCJ-02", "GCJ-02"), ("CGCS2000", "CGCS2000")],
        widget=forms.HiddenInput,
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, object] = super().clean() or self.cleaned_data
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            raise forms.ValidationError(_("The place is incomplete. Choose it again."), code="place")
        return data
