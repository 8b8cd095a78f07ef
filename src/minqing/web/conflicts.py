"""A page with two texts: what stands there already, and what was just sent and is not stored yet."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.http import HttpRequest

from minqing.core.errors import Kept, SentBefore, TwoTexts
from minqing.core.ids import new_id
from minqing.web.forms import OnceInput, in_words, sent_form

# what the browser sends for itself, and what is made anew
OWN = frozenset({"csrfmiddlewaretoken", "request_id"})


def both_texts(request: HttpRequest, error: TwoTexts) -> dict[str, object]:
    """What the page needs: ``kept`` and ``typed`` as labels with texts, and the form that sends it once more.

    ``hidden`` are its fields, ``files`` the names of those with photos: a browser lets nobody but the person put a
    file into a form.
    """
    form = sent_form()
    renewed = {name: str(new_id()) for name in {"request_id", *ids_in(form)}} | error.renewed
    hidden = [(name, value) for name in request.POST for value in request.POST.getlist(name) if name not in OWN]
    hidden = [pair for pair in hidden if pair[0] not in renewed]
    return {
        "kept": [one for one in error.kept if str(one.text)],
        "typed": list(typed(form)) if form is not None else [],
        "hidden": [*hidden, *renewed.items()],
        "files": list(request.FILES),
        "again": request.get_full_path(),
        "as_new": isinstance(error, SentBefore),
    }


def ids_in(form: forms.BaseForm | None) -> set[str]:
    """The fields that are made anew for what is new: a form may make two things, each under an id of its own."""
    fields = form.fields if form is not None else {}
    return {form.add_prefix(name) for name, field in fields.items() if isinstance(field.widget, OnceInput)}  # type: ignore[union-attr]


def typed(form: forms.BaseForm) -> Iterator[Kept]:
    """What was sent, field by field, under the labels and in the words of the form."""
    for field in form.visible_fields():
        if isinstance(field.field, forms.FileField) or getattr(field.field.widget, "input_type", "") == "password":
            continue
        text = in_words(field.field, field.data)
        if text:
            yield Kept(field.label, text)
