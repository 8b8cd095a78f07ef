"""What the operator says of a category, and of a question that is asked with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.deadlines import Target, Unit
from minqing.matters import services
from minqing.matters.models import Category
from minqing.matters.queries.category_upkeep import stored_categories
from minqing.matters.questions import DATETIME, NUMBER, ONE_OF, SOME_OF, STRING, TEXT, Question
from minqing.matters.rules.categories import BETWEEN, DEEPEST, MOST_DAYS, OTHER_LANGUAGES, Said, words_in
from minqing.matters.suggestion import unit_words
from minqing.org.enums import UnitKind
from minqing.org.queries import units_at_work, who_changed
from minqing.web.forms import Data, FormOptions, LongSelect, OnceForm, Press, SeenMixin

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

INDENT = "　"
TELLS = "tells"
ANSWERS = [
    (ONE_OF, _("One of several answers")),
    (SOME_OF, _("Several of several answers")),
    (STRING, _("One line of text")),
    (TEXT, _("Several lines of text")),
    (NUMBER, _("A number")),
    (DATETIME, _("A day")),
    (TELLS, _("Nothing: a sentence to be read")),
]


class CategoryForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """A category that is there."""

    name = forms.CharField(label=_("Name (Simplified Chinese)"), max_length=60)
    name_hant = forms.CharField(label=_("Name (Traditional Chinese)"), max_length=60, required=False)
    name_en = forms.CharField(
        label=_("Name (English)"),
        max_length=60,
        required=False,
        help_text=_("Residents and offices read it in the language of their page. Empty: the Simplified name."),
    )
    parent = forms.ChoiceField(label=_("Lies below"), required=False, widget=LongSelect)
    unit_code = forms.ChoiceField(label=_("Who usually handles it"), required=False, widget=LongSelect)
    working_days = forms.IntegerField(
        label=_("Answered within (working days)"), min_value=1, max_value=MOST_DAYS, initial=5
    )
    legal_days = forms.IntegerField(
        label=_("The law allows at most (natural days)"),
        required=False,
        min_value=1,
        max_value=999,
        help_text=_("Empty where no law says anything."),
    )
    keywords = forms.CharField(
        label=_("Words that lead to it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Parted by commas. A report with these words is suggested for this category."),
    )
    publishable = forms.BooleanField(
        label=_("Solved matters may be told on the public page"),
        required=False,
        initial=True,
        help_text=_("Not ticked for what is about private life: illness, poverty, quarrels."),
    )

    def __init__(self, data: Data = None, *, category: Category | None = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        self.category = category
        fields: Any = self.fields
        fields["parent"].choices = [("", _("Nothing: it stands at the top")), *parents_for(category)]
        fields["unit_code"].choices = unit_choices(category.unit_code if category else "")
        if category is not None:
            self.initial = initial_of(category)
            subject = subject_of_category(category)
            self.stands_at(subject, told=partial(who_changed, subject))

    @property
    def said(self) -> Said:
        data = self.cleaned_data
        names = {language: data[f"name_{suffix(language)}"] for language in OTHER_LANGUAGES}
        return Said(
            name=data["name"],
            names=names,
            parent=data["parent"],
            unit_code=data["unit_code"],
            working_days=data["working_days"],
            legal_term=self.legal_term(),
            keywords=words_in(data["keywords"]),
            publishable=data["publishable"],
        )

    def legal_term(self) -> str:
        """A term that is not in natural days stays as long as nobody writes another one."""
        days = self.cleaned_data["legal_days"]
        if days:
            return f"{days}{Unit.CALENDAR_DAYS.value}"
        kept = self.category.legal_term if self.category else ""
        return kept if kept and not self.initial["legal_days"] else ""

    def apply(self, *, by: Actor) -> Any:
        assert self.category is not None  # noqa: S101
        return services.change_category(category=self.category, said=self.said, by=by)


class NewCategoryForm(CategoryForm):
    code = forms.RegexField(
        r"^[a-z0-9][a-z0-9.-]*$",
        label=_("Code"),
        max_length=40,
        help_text=_("Small letters, digits, points and hyphens, such as road.lamp. It never changes."),
    )
    field_order = ("code", "name")

    def apply(self, *, by: Actor) -> Any:
        data = self.cleaned_data
        return services.add_category(id=data["request_id"], code=data["code"], said=self.said, by=by)


def initial_of(category: Category) -> dict[str, object]:
    term = Target.parse(category.legal_term) if category.legal_term else None
    names = {f"name_{suffix(language)}": category.names.get(language, "") for language in OTHER_LANGUAGES}
    own = ("name", "unit_code", "working_days", "publishable")
    return {name: getattr(category, name) for name in own} | names | {
        "parent": category.parent_id or "",
        "legal_days": term.calendar_days if term else None,
        "keywords": BETWEEN.join(category.keywords),
    }  # fmt: skip


def parents_for(category: Category | None) -> list[tuple[str, str]]:
    """Those in use that have room below them, and the one above it at present."""
    own = category.pk if category else ""
    rows = [one for one in stored_categories() if one.level < DEEPEST and own not in {one.pk, one.parent_id}]
    kept = category.parent_id if category else None
    return [(one.pk, INDENT * (one.level - 1) + one.called) for one in rows if not one.retired or one.pk == kept]


def unit_choices(kept: str) -> list[Any]:
    """The place's own unit of a kind, single units, and the expression that stands where it is neither."""
    kinds = [(f"kind:{one.value}", one.label) for one in UnitKind]
    singles = [(unit.code, unit.name) for unit in units_at_work()]
    known = {code for code, _name in (*kinds, *singles)}
    other = [(kept, unit_words(kept, dict(singles)))] if kept and kept not in known else []
    return [
        ("", _("Nobody: it is decided each time")),
        *other,
        (_("The place's own"), kinds),
        (_("Single units"), singles),
    ]


def answers_in(label: StrOrPromise) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One on each line, as many as above and in the same order."),
    )


class QuestionForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """A question; what it says in the other languages is folded until somebody writes there."""

    folds = tuple(f"{name}_{language}" for language in ("hant", "en") for name in ("text", "hint", "values"))
    folds_label = _("In Traditional Chinese and English")
    text = forms.CharField(label=_("Question"), max_length=100)
    kind = forms.ChoiceField(label=_("How it is answered"), choices=ANSWERS)
    values = forms.CharField(
        label=_("Answers to choose from"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One on each line. What stands behind the sign = of one that is there stays as it is."),
    )
    hint = forms.CharField(label=_("Hint"), required=False, max_length=200)
    required = forms.BooleanField(
        label=_("Whoever takes it in must answer it"),
        required=False,
        help_text=_("Residents may always leave it empty."),
    )
    text_hant = forms.CharField(label=_("Question (Traditional Chinese)"), required=False, max_length=100)
    hint_hant = forms.CharField(label=_("Hint (Traditional Chinese)"), required=False, max_length=200)
    values_hant = answers_in(_("Answers (Traditional Chinese)"))
    text_en = forms.CharField(label=_("Question (English)"), required=False, max_length=100)
    hint_en = forms.CharField(label=_("Hint (English)"), required=False, max_length=200)
    values_en = answers_in(_("Answers (English)"))

    def __init__(
        self, data: Data = None, *, category: Category, question: Question | None = None, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.category, self.question = category, question
        if question is not None:
            self.initial = {name: question.get(name, "") for name in ("text", "hint", "required")} | {
                "kind": question["kind"] if question.get("variable", True) else TELLS,
                "values": "\n".join(f"{one['name']} = {one['key']}" for one in question.get("values", ())),
            }
            for language, said in question.get("names", {}).items():
                told = {**said, "values": "\n".join(said.get("values", ()))}
                self.initial |= {f"{name}_{suffix(language)}": words for name, words in told.items()}
        subject = subject_of_category(category)
        self.stands_at(subject, category.questions, told=partial(who_changed, subject))

    @property
    def unfolded(self) -> bool:
        return any(name in self.errors or self[name].value() for name in self.folds)

    def apply(self, *, by: Actor) -> Any:
        data = self.cleaned_data
        tells = data["kind"] == TELLS
        said = {name: data[name] for name in ("text", "hint", "required")} | {
            "code": self.question["code"] if self.question else new_code(data["request_id"]),
            "kind": TEXT if tells else data["kind"],
            "variable": not tells,
            "values": list(values_in(data["values"])),
            "names": {language: self.said_in(suffix(language)) for language in OTHER_LANGUAGES},
        }
        return services.set_question(category=self.category, question=said, by=by)

    def said_in(self, language: str) -> dict[str, object]:
        said = {name: self.cleaned_data[f"{name}_{language}"] for name in ("text", "hint", "values")}
        return said | {"values": said["values"].splitlines()}


def new_code(request_id: UUID) -> str:
    """Of a new question: the same for the same form, so that two sends are one question."""
    return f"q{request_id.hex[-8:]}"


def values_in(text: str) -> Iterable[Mapping[str, str]]:
    for line in text.splitlines():
        name, _sign, key = line.replace("＝", "=").partition("=")
        if name.strip():
            yield {"key": key.strip(), "name": name.strip()}


def suffix(language: str) -> str:
    """``hant`` or ``en``: what the fields of another language end with."""
    return language.rpartition("-")[2]


def subject_of_category(category: Category) -> str:
    return f"category:{category.pk}"


def category_press(category: Category, data: Data = None) -> Press:
    """A button at a category as it stood there."""
    subject = subject_of_category(category)
    version = [category.name, category.retired, category.questions]
    return Press(subject, version, told=partial(who_changed, subject), data=data)
