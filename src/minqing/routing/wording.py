"""Conditions and reasons of routing rules as sentences. Pure: names come in, translated text goes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from minqing.matters.enums import Channel
from minqing.matters.queries import mechanism_word
from minqing.matters.suggestion import unit_words
from minqing.routing.engine import Condition, How, Rule, because, month_day
from minqing.routing.enums import Source
from minqing.routing.result import RoutingResult


@dataclass(frozen=True)
class Names:
    """What categories, areas (by id), units (by code) and questions are called; what is not there keeps its code."""

    categories: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)


def quoted(words: Iterable[object]) -> str:
    return _(", ").join(_("“%(word)s”") % {"word": word} for word in words)


def reason(name: str, number: int, why: Mapping[str, Any], names: Names) -> str:
    """Why a rule fitted: “Because the category is …, by the rule “…” (version 3)”."""
    told = {"rule": name, "number": number, "reasons": _(" and ").join(parts_of(why, names))}
    if not told["reasons"]:
        return _("By the rule “%(rule)s” (version %(number)s), which fits every matter.") % told
    return _("Because %(reasons)s, by the rule “%(rule)s” (version %(number)s).") % told


def parts_of(why: Mapping[str, Any], names: Names) -> list[str]:
    """What :func:`minqing.routing.engine.because` found, each part in words."""
    made = []
    for key, value in why.items():
        if key == "category":
            made.append(_("the category is %(name)s") % {"name": quoted([names.categories.get(value, value)])})
        elif key == "area":
            made.append(_("the place is in %(name)s") % {"name": names.areas.get(value, value)})
        elif key == "channel":
            made.append(_("it came in by %(name)s") % {"name": Channel(value).label})
        elif key == "words":
            made.append(_("the text says %(words)s") % {"words": quoted(value)})
        elif key == "weekday":
            made.append(_("it came in on a %(day)s") % {"day": WEEKDAYS[value - 1]})
        elif key == "hours":
            made.append(_("it came in between %(first)s and %(last)s") % {"first": value[0], "last": value[1]})
        elif key == "working":
            made.append(_("it came in during working time") if value else _("it came in outside working time"))
        elif key == "season":
            made.append(_("it came in between the days %(first)s and %(last)s") % {"first": value[0], "last": value[1]})
        elif key == "answers":
            made += [answer_words(*one, names=names) for one in value]
    return made


def answer_words(question: str, how: str, values: Iterable[str], *, names: Names) -> str:
    told = {"question": names.questions.get(question, question), "value": quoted(values)}
    if how == How.LEAST:
        return _("the answer to “%(question)s” is at least %(value)s") % told
    if how == How.MOST:
        return _("the answer to “%(question)s” is at most %(value)s") % told
    return _("the answer to “%(question)s” is %(value)s") % told


def reasons_of(found: RoutingResult, names: Names) -> list[str]:
    """Why the unit of an outcome was suggested, one sentence for each rule that had a say, then the fall-back."""
    told = [reason(rule.name, rule.number, because(rule.when, found.facts), names) for rule in found.routed.matched]
    return [*told, *fallback(found.source, found.facts.categories[:1], absent=found.absent, names=names)]


def fallback(source: str, categories: Iterable[str], *, absent: bool, names: Names) -> list[str]:
    told = [_("The unit of that rule is not at work in this place.")] if absent else []
    if source == Source.CATEGORY:
        name = quoted(names.categories.get(one, one) for one in categories)
        told.append(_("It is the usual unit of the category %(name)s.") % {"name": name})
    elif source == Source.BACKSTOP:
        told.append(_("No rule names a unit: the office of the place takes it."))
    elif source == Source.NAMED:
        told.append(_("The unit that sent it back named this one."))
    elif source == Source.NOBODY:
        told.append(_("No unit of this place is at work."))
    return told


def condition_words(when: Condition, names: Names) -> list[str]:
    """A condition as a list of short lines; empty when it fits every matter."""
    made = []
    if when.categories:
        named = sorted(names.categories.get(one, one) for one in when.categories)
        made.append(_("Category: %(names)s") % {"names": quoted(named)})
    if when.areas:
        made.append(_("Place: %(names)s") % {"names": quoted(sorted(str(names.areas.get(a, a)) for a in when.areas))})
    if when.words:
        made.append(_("Words: %(words)s") % {"words": quoted(when.words)})
    if when.channels:
        labels = sorted(str(Channel(one).label) for one in when.channels)
        made.append(_("Way in: %(names)s") % {"names": quoted(labels)})
    return [*made, *time_words(when), *(answer_words(a.question, a.how, a.values, names=names) for a in when.answers)]


def time_words(when: Condition) -> list[str]:
    made = []
    if when.weekdays:
        made.append(
            _("Days: %(days)s") % {"days": _(", ").join(str(WEEKDAYS[day - 1]) for day in sorted(when.weekdays))}
        )
    if when.hours:
        made.append(
            _("Time: %(first)s to %(last)s")
            % dict(zip(("first", "last"), (f"{h:%H:%M}" for h in when.hours), strict=True))
        )
    if when.working is not None:
        made.append(_("During working time") if when.working else _("Outside working time"))
    if when.season:
        first, last = (month_day(one) for one in when.season)
        made.append(_("Season: %(first)s to %(last)s") % {"first": first, "last": last})
    return made


def result_words(rule: Rule, names: Names) -> list[str]:
    """What a rule decides."""
    made = [unit_words(rule.unit, names.units)] if rule.unit else []
    if rule.mechanism:
        made.append(mechanism_word(rule.mechanism))
    if rule.days is not None:
        made.append(_("%(days)s working days") % {"days": rule.days})
    if not rule.stop:
        made.append(_("then look further"))
    return made
