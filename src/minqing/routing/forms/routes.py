"""Forms of routing rules: a clerk fills in fields and never sees how a condition is stored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.localnames.queries import choices_of
from minqing.matters.enums import UNSUPERVISED, Channel, Mechanism
from minqing.matters.forms.filters import Choices, category_choices, chosen, lines
from minqing.matters.protocols import CategoryLike
from minqing.matters.questions import ONE_OF, SOME_OF
from minqing.matters.suggestion import unit_words
from minqing.org.enums import UnitKind
from minqing.org.queries import who_changed
from minqing.routing import services
from minqing.routing.engine import Condition, How
from minqing.routing.models import Route, RouteCase, RouteReplay, RouteSet
from minqing.routing.queries.advice import Advice
from minqing.routing.serializers import condition_from_json
from minqing.routing.services.trials import MOST_MATTERS, USUAL_MATTERS
from minqing.web.forms import BootstrapFormMixin, Data, FormOptions, MomentField, OnceForm, SeenMixin

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ANSWERS = 3
SEPARATORS = re.compile(r"[\s,，、;；]+")
HOWS = [(How.IS.value, _("is one of")), (How.LEAST.value, _("is at least")), (How.MOST.value, _("is at most"))]
BY_CODE, BY_ID = "e:", "u:"


def split(text: str) -> list[str]:
    return [one for one in SEPARATORS.split(text) if one]


def with_noughts(day: str) -> str:
    """``9-1`` as a file has it."""
    return "-".join(part.zfill(2) for part in day.split("-"))


def question_choices(categories: Sequence[CategoryLike]) -> list[object]:
    """Each question once, in the order of the categories."""
    asked = {one["code"]: one["text"] for row in categories for one in row.asks if one.get("variable", True)}
    return [("", "–"), *asked.items()]


def keys_of(question: str, values: Iterable[str], categories: Sequence[CategoryLike]) -> list[str]:
    """What was typed as the answer's keys: a clerk writes the answer as the reporter reads it."""
    keys: dict[str, str] = {}
    for row in categories:
        for one in (*row.questions, *row.asks):
            if one["code"] == question and one["kind"] in {ONE_OF, SOME_OF}:
                keys |= {value["name"]: value["key"] for value in one["values"]}
    return [keys.get(value, value) for value in values]


def several(label: StrOrPromise, rows: int = 6, **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.SelectMultiple(attrs={"size": rows}), **options
    )


class RouteForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """One rule: when, then what. Its condition is ANDed, the choices within a field ORed."""

    WHEN = ("categories", "areas", "words")
    MORE = ("channels", "weekdays", "hour_from", "hour_to", "working", "season_from", "season_to")
    THEN = ("unit_words", "unit", "mechanism", "days", "stop", "before")

    name = forms.CharField(label=_("Name of the rule"), max_length=60)
    categories = several(_("Category"), 8, help_text=_("With all below it. None chosen: every category."))
    areas = several(_("Place"), 5, help_text=_("With all below it. None chosen: everywhere."))
    words = forms.CharField(
        label=_("Words in title or text"),
        required=False,
        max_length=300,
        help_text=_("One of them is enough. Put a space between two."),
    )
    channels = several(_("Way in"), 4, choices=chosen(Channel))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        required=False,
        coerce=int,
        choices=[(number + 1, name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    hour_from = forms.TimeField(label=_("Time from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    hour_to = forms.TimeField(label=_("Time to"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    working = forms.TypedChoiceField(
        label=_("Working time"),
        required=False,
        choices=[("", _("Any time")), ("in", _("During working time")), ("out", _("Outside working time"))],
        coerce=lambda value: value == "in",
        empty_value=None,
        help_text=_("By the days and hours of the township's own office; the noon break is part of it."),
    )
    season_from = forms.CharField(label=_("Season from (month-day)"), required=False, max_length=5)
    season_to = forms.CharField(
        label=_("Season to (month-day)"), required=False, max_length=5, help_text=_("Every year, like 09-01 to 11-30.")
    )
    unit_words = forms.CharField(
        label=_("The unit whose name has"),
        required=False,
        max_length=30,
        help_text=_("Optional: the nearest unit with this in its name; the unit below where there is none."),
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    mechanism = forms.ChoiceField(label=_("Way of handling"), required=False)
    days = forms.IntegerField(label=_("Deadline in working days"), required=False, min_value=0, max_value=250)
    stop = forms.BooleanField(
        label=_("No further rule is asked"),
        required=False,
        initial=True,
        help_text=_("Without this mark, later rules say what this one leaves open."),
    )
    before = forms.ChoiceField(label=_("Position"), required=False)

    def __init__(
        self,
        data: Data = None,
        *,
        routes: RouteSet,
        rows: Sequence[Route],
        route: Route | None,
        categories: Sequence[CategoryLike],
        areas: Choices,
        units: Choices,
        **options: Unpack[FormOptions],
    ) -> None:
        self.routes, self.route, self.known = routes, route, categories
        if route is not None:
            options["initial"] = {**initial_of(route), **(options.get("initial") or {})}
        super().__init__(data, **options)
        self.add_answers(question_choices(categories))
        keep = _("At the end") if route is None else _("Where it is")
        others = [(str(one.pk), _("Before “%(name)s”") % {"name": one.name}) for one in rows if one != route]
        self.offer("categories", category_choices(categories))
        self.offer("areas", areas)
        self.offer("unit", unit_choices(units, self.initial.get("unit", "")))
        self.offer("mechanism", [("", _("As it is")), *choices_of(UNSUPERVISED)])
        self.offer("before", [("", keep), *others])
        if route is not None:
            self.stands_at(subject := f"routes:{route.set_id}", route.pk, told=partial(who_changed, subject))

    def add_answers(self, questions: list[Any]) -> None:
        for number in range(ANSWERS):
            self.fields[f"question{number}"] = forms.ChoiceField(label=_("Question"), required=False, choices=questions)
            self.fields[f"how{number}"] = forms.ChoiceField(label=_("Answer"), required=False, choices=HOWS)
            self.fields[f"value{number}"] = forms.CharField(label=_("Value"), required=False, max_length=200)

    def offer(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    @property
    def parts(self) -> dict[str, list[Any]]:
        """The fields as the page groups them."""
        asked = [self[f"{name}{number}"] for number in range(ANSWERS) for name in ("question", "how", "value")]
        return {
            "when": [self[name] for name in self.WHEN],
            "more": [*(self[name] for name in self.MORE), *asked],
            "then": [self[name] for name in self.THEN],
        }

    @property
    def more_is_used(self) -> bool:
        names = (*self.MORE, *(f"{name}{n}" for n in range(ANSWERS) for name in ("question", "value")))
        return any(self[name].value() not in (None, "", []) or self[name].errors for name in names)

    def condition(self) -> Condition:
        """Raises Invalid for what no condition can be."""
        data = self.cleaned_data
        hours = [f"{one:%H:%M}" for one in (data["hour_from"], data["hour_to"]) if one is not None]
        season = [with_noughts(one) for name in ("season_from", "season_to") if (one := data[name].strip())]
        if len(hours) == 1 or len(season) == 1:
            raise Invalid("route", _("Give both the beginning and the end."))
        return condition_from_json(
            {
                "categories": data["categories"],
                "areas": [int(one) for one in data["areas"]],
                "words": split(data["words"]),
                "channels": data["channels"],
                "weekdays": data["weekdays"],
                "hours": hours,
                "season": season,
                "working": data["working"],
                "answers": self.asked(),
            }
        )

    def asked(self) -> list[dict[str, Any]]:
        found = []
        for number in range(ANSWERS):
            question, value = self.cleaned_data[f"question{number}"], self.cleaned_data[f"value{number}"]
            if question or value:
                values = keys_of(question, split(value), self.known)
                how = self.cleaned_data[f"how{number}"] or How.IS.value
                found.append({"question": question, "how": how, "values": values})
        return found

    def apply(self, *, by: Actor) -> Route | None:
        """Keep the rule; None when the service found something wrong, which the form then says."""
        data = self.cleaned_data
        unit, expression = unit_of(data["unit"], data["unit_words"].strip())
        try:
            store: Any = services.save_route if self.route else services.add_route
            made: Route = store(
                id=self.route.pk if self.route else data["request_id"],
                routes=self.routes,
                name=data["name"],
                when=self.condition(),
                unit=unit,
                unit_expression=expression,
                mechanism=Mechanism(data["mechanism"]) if data["mechanism"] else None,
                days=data["days"],
                stop=data["stop"],
                before=UUID(data["before"]) if data["before"] else None,
                by=by,
            )
            return made
        except Invalid as error:
            self.add_error(None, error.sentence)
            return None


def unit_choices(units: Choices, kept: str) -> list[Any]:
    """The place's own unit of a kind, single units by id, and what a file may have said besides."""
    kinds = [(f"{BY_CODE}kind:{one.value}", one.label) for one in UnitKind]
    singles = [(f"{BY_ID}{unit.id}:{unit.code}", unit.name) for unit in units]
    known = {value for value, _label in (*kinds, *singles)}
    names = {value.partition(":")[2].partition(":")[2]: str(label) for value, label in singles}
    other = [(kept, unit_words(kept.removeprefix(BY_CODE), names))] if kept and kept not in known else []
    return [("", _("As the category says")), (_("The place's own"), kinds), (_("Single units"), singles), *other]


def unit_of(choice: str, words: str) -> tuple[int | None, str]:
    """A unit's id, or an expression, from what was chosen and typed."""
    id_, _colon, code = choice.removeprefix(BY_ID).partition(":")
    if words:
        second = code if choice.startswith(BY_ID) else choice.removeprefix(BY_CODE)
        return None, "|".join(filter(None, (f"name:{words}", second)))
    if choice.startswith(BY_ID):
        return int(id_), ""
    return None, choice.removeprefix(BY_CODE)


def initial_of(route: Route) -> dict[str, object]:
    """The form as the rule stands."""
    when = route.condition
    found: dict[str, object] = {
        "name": route.name,
        "categories": when.get("categories", []),
        "areas": when.get("areas", []),
        "words": " ".join(when.get("words", [])),
        "channels": when.get("channels", []),
        "weekdays": when.get("weekdays", []),
        "mechanism": route.mechanism,
        "days": route.days,
        "stop": route.stop,
    }
    if "working" in when:
        found["working"] = "in" if when["working"] else "out"
    if "hours" in when:
        found["hour_from"], found["hour_to"] = (time.fromisoformat(one) for one in when["hours"])
    if "season" in when:
        found["season_from"], found["season_to"] = when["season"]
    for number, asked in enumerate(when.get("answers", [])[:ANSWERS]):
        found |= {
            f"question{number}": asked["question"],
            f"how{number}": asked["how"],
            f"value{number}": "、".join(asked["values"]),
        }
    return found | initial_unit(route)


def initial_unit(route: Route) -> dict[str, str]:
    if route.unit:
        return {"unit": f"{BY_ID}{route.unit.id}:{route.unit.code}"}
    first, _bar, rest = route.unit_expression.partition("|")
    if first.startswith("name:"):
        return {"unit_words": first.removeprefix("name:"), "unit": f"{BY_CODE}{rest}" if rest else ""}
    return {"unit": f"{BY_CODE}{route.unit_expression}" if route.unit_expression else ""}


class CaseForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """A test case: what is reported where, and the unit that must get it."""

    title = forms.CharField(label=_("What is the matter?"), max_length=200)
    text = forms.CharField(label=_("Text"), required=False, max_length=2000, widget=lines(3))
    category = forms.ChoiceField(label=_("Category"), required=False)
    place = forms.TypedChoiceField(label=_("Place"), coerce=int)
    at = MomentField(
        label=_("Received"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    channel = forms.ChoiceField(label=_("Way in"), choices=chosen(Channel), initial=Channel.COUNTER.value)
    question = forms.ChoiceField(label=_("Question"), required=False)
    value = forms.CharField(label=_("Answer"), required=False, max_length=200)
    unit = forms.TypedChoiceField(label=_("Must go to"), coerce=int)

    def __init__(
        self,
        data: Data = None,
        *,
        routes: RouteSet,
        case: RouteCase | None,
        categories: Sequence[CategoryLike],
        areas: Choices,
        units: Choices,
        **options: Unpack[FormOptions],
    ) -> None:
        self.routes, self.case, self.known = routes, case, categories
        if case is not None:
            options["initial"] = case_initial(case)
        super().__init__(data, **options)
        offered: Mapping[str, Choices] = {
            "category": category_choices(categories, empty=_("Not sorted yet")),
            "place": areas,
            "question": question_choices(categories),
            "unit": [(unit.id, unit.name) for unit in units],
        }
        for name, choices in offered.items():
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined]
        if case is not None:
            self.stands_at(subject := f"routes:{routes.pk}", case.pk, told=partial(who_changed, subject))

    def apply(self, *, by: Actor) -> RouteCase | None:
        """Keep the case; None when the service found something wrong, which the form then says."""
        data = dict(self.cleaned_data)
        id, question, value = data.pop("request_id"), data.pop("question"), data.pop("value").strip()
        answers = {question: keys_of(question, split(value), self.known)} if question and value else {}
        at: datetime | None = data.pop("at")
        try:
            store: Any = services.save_case if self.case else services.add_case
            made: RouteCase = store(
                id=self.case.pk if self.case else id,
                routes=self.routes,
                channel=Channel(data.pop("channel")),
                answers={code: given if len(given) > 1 else given[0] for code, given in answers.items()},
                at=at or clock.now(),
                by=by,
                **data,
            )
            return made
        except Invalid as error:
            self.add_error(None, error.sentence)
            return None


def case_initial(case: RouteCase) -> dict[str, object]:
    question, answer = next(iter(case.answers.items()), ("", ""))
    return {
        "title": case.title,
        "text": case.text,
        "category": case.category_id or "",
        "place": case.place_id,
        "at": case.at,
        "channel": case.channel,
        "unit": case.unit_id,
        "question": question,
        "value": answer if isinstance(answer, str) else "、".join(answer),
    }


class TryForm(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares the field class as None
    """A text to try. Nothing of it is kept."""

    text = forms.CharField(label=_("A text to try"), max_length=2000, widget=lines(3))
    place = forms.TypedChoiceField(label=_("Place"), coerce=int)

    def __init__(self, data: Data = None, *, areas: Choices) -> None:
        super().__init__(data, auto_id="try-%s")
        self.fields["place"].choices = list(areas)  # type: ignore[attr-defined]

    def outcome(self, *, routes: RouteSet, by: Actor) -> Advice:
        data = self.cleaned_data
        return services.try_text(routes=routes, title="", text=data["text"], place=data["place"], by=by)


class ReplayForm(OnceForm):
    """On how many matters of the past a draft is tried."""

    most = forms.IntegerField(
        label=_("How many of the last matters"), min_value=1, max_value=MOST_MATTERS, initial=USUAL_MATTERS
    )

    def apply(self, *, routes: RouteSet, by: Actor) -> RouteReplay:
        data = self.cleaned_data
        return services.replay_routes(id=data["request_id"], routes=routes, most=data["most"], by=by)
