"""The page of a conflict: what was sent and not stored, beside what is stored already."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from minqing.core.characters import clean
from minqing.core.errors import SentBefore, StoredValue, TwoTexts
from minqing.core.ids import new_id
from minqing.web.forms import OnceInput, in_words, sent_form

# what the browser sends for itself, and what is made anew
OWN = frozenset({"csrfmiddlewaretoken", "request_id"})
# what a form carries of its own, beside codes, ids and numbers
CARRIED = OWN | {"seen", "next", "opened", "website", "pick", "sent_at"}
CODE = re.compile(r"[a-z0-9_:.,|+-]*", re.IGNORECASE)
# a telephone number was typed, the number of a unit was not
LEAST_DIGITS = 7


class Pair(NamedTuple):
    """One field on both sides: empty where nothing was filled in, None where that side does not tell of it."""

    label: str
    kept: str | None
    typed: str | None

    @property
    def differs(self) -> bool:
        return None not in {self.kept, self.typed} and self.kept != self.typed


def both_texts(request: HttpRequest, error: TwoTexts) -> dict[str, object]:
    """What the page needs: ``pairs`` of what stands and what was typed, and the form that sends it once more.

    ``hidden`` are its fields, ``files`` the names of those with photos: a browser lets nobody but the person put a
    file into a form.
    """
    form = sent_form()
    renewed = {name: str(new_id()) for name in {"request_id", *ids_in(form)}} | error.renewed
    hidden = [(name, value) for name in request.POST for value in request.POST.getlist(name) if name not in OWN]
    hidden = [pair for pair in hidden if pair[0] not in renewed]
    long = long_field(form)
    kept = [StoredValue(one.label or long, one.text) for one in error.kept]
    told = list(typed(form)) if form is not None else []
    as_new = isinstance(error, SentBefore)
    return {
        "kept": [one for one in kept if str(one.text)],
        "typed": told,
        "pairs": list(paired(kept, told, labels_of(form))) if as_new else [],
        "hidden": [*hidden, *renewed.items()],
        "files": list(request.FILES),
        "again": request.get_full_path(),
        "as_new": as_new,
    }


def paired(kept: Iterable[StoredValue], told: Iterable[StoredValue], labels: Collection[str]) -> Iterator[Pair]:
    """Each field once, what the first said of it beside what the second says; nothing where they share none."""
    first = {str(one.label): str(one.text) for one in kept}
    second = {str(one.label): str(one.text) for one in told}
    if not first.keys() & labels:
        return
    for label in dict.fromkeys([*labels, *first]):
        one, other = first.get(label), second.get(label, "" if label in labels else None)
        if one or other:
            yield Pair(label, one, other)


def long_field(form: forms.BaseForm | None) -> str:
    """What the first field for more than a line is called."""
    fields = form.visible_fields() if form is not None else []
    return next((str(one.label) for one in fields if isinstance(one.field.widget, forms.Textarea)), str(_("Text")))


def labels_of(form: forms.BaseForm | None) -> dict[str, None]:
    """What its fields are called, in their order."""
    fields = form.visible_fields() if form is not None else []
    return dict.fromkeys(str(field.label) for field in fields if not isinstance(field.field, forms.FileField))


def ids_in(form: forms.BaseForm | None) -> set[str]:
    """The fields that are made anew for what is new: a form may make two things, each under an id of its own."""
    fields = form.fields if form is not None else {}
    return {form.add_prefix(name) for name, field in fields.items() if isinstance(field.widget, OnceInput)}  # type: ignore[union-attr]


def typed(form: forms.BaseForm) -> Iterator[StoredValue]:
    """What was sent, field by field, under the labels and in the words of the form."""
    for field in form.visible_fields():
        if isinstance(field.field, forms.FileField) or getattr(field.field.widget, "input_type", "") == "password":
            continue
        text = in_words(field.field, field.data).strip()
        if text:
            yield StoredValue(field.label, text)


def unsaved(request: HttpRequest) -> list[StoredValue]:
    """The words of a sent form, for whoever is refused: its page is gone, and what was typed with it.

    Where no form was read yet they stand without their labels, and what is no word of a person is left out.
    """
    if request.method != "POST":
        return []
    form = sent_form()
    if form is not None:
        return list(typed(form))
    return [StoredValue("", one) for one in dict.fromkeys(words_in(request))]


def words_in(request: HttpRequest) -> Iterator[str]:
    for name, values in request.POST.lists():
        if name in CARRIED or "password" in name:
            continue
        for value in map(clean, values):
            if value and (not CODE.fullmatch(value) or (value.isdigit() and len(value) >= LEAST_DIGITS)):
                yield value
