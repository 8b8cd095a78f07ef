"""A category's questions as fields of a form, wherever a matter is taken in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from minqing.core.errors import Invalid
from minqing.matters.questions import (
    DATETIME,
    LENGTH,
    LINE,
    NUMBER,
    ONE_OF,
    SOME_OF,
    TEXT,
    Answer,
    Question,
    check_answers,
)

PREFIX: Final = "q-"
# more than these are a list to choose from
FEW: Final = 8


def field_for(question: Question, *, required: bool) -> forms.Field:
    """The field that takes an answer; whether the answer fits is decided by ``check_answers`` alone."""
    kind = question["kind"]
    told: dict[str, Any] = {
        "label": question["text"],
        "required": required,
        "help_text": question.get("hint", ""),
    }
    if kind in {ONE_OF, SOME_OF}:
        choices = [(value["key"], value["name"]) for value in question["values"]]
        if kind == SOME_OF:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **told)
        if len(choices) > FEW:
            return forms.ChoiceField(choices=[("", "–"), *choices], **told)
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **told)
    if kind == TEXT:
        return forms.CharField(max_length=LENGTH, widget=forms.Textarea(attrs={"rows": 3}), **told)
    attrs = {NUMBER: {"inputmode": "decimal"}, DATETIME: {"type": "date"}}.get(kind, {})
    return forms.CharField(max_length=LINE, widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}), **told)


class AsksMixin(forms.Form):
    """Call :meth:`ask` at the end of ``__init__``; then include ``matters/parts/questions.html`` with the form.

    ``answers`` is what :func:`report_matter` takes, once the form is valid.
    """

    questions: Sequence[Question] = ()
    answers: dict[str, Answer]

    def ask(self, questions: Sequence[Question], *, complete: bool) -> None:
        """Add the fields; with ``complete`` a required question must be answered."""
        self.questions, self.complete = questions, complete
        for question in questions:
            if question.get("variable", True):
                required = complete and bool(question.get("required"))
                self.fields[PREFIX + question["code"]] = field_for(question, required=required)

    def asked(self) -> list[dict[str, Any]]:
        """In the order of the questions: a bound field, or a sentence that only tells something."""
        return [
            {"field": self[PREFIX + question["code"]]} if question.get("variable", True) else {"note": question["text"]}
            for question in self.questions
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        typed = {question["code"]: data.get(PREFIX + question["code"]) or [] for question in self.questions}
        try:
            self.answers = check_answers(self.questions, typed)
        except Invalid as error:
            self.add_error(PREFIX + error.data["question"], str(error.sentence))
        return data


def answers_given(form_class: Any, data: Any) -> dict[str, Any]:
    """What was typed so far, as the initial values of a form that is shown once more without complaints."""
    several = {name for name in data if name.startswith(PREFIX) and len(data.getlist(name)) > 1}
    names = {*form_class.base_fields, *(name for name in data if name.startswith(PREFIX))}
    return {name: data.getlist(name) if name in several else data[name] for name in names if name in data}
