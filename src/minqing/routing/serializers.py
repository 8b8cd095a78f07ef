"""Conditions and whole sets as plain data: as the database keeps them, and as YAML that a county keeps in git.

In the database areas stand as ids; in a file as their codes, which mean the same in another database. Reading refuses
what it does not know with a sentence: a misspelt key must not make a rule wider.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

import yaml
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import Invalid
from minqing.core.text import read_yaml
from minqing.matters.enums import Channel, Mechanism
from minqing.routing.engine import Asked, Condition, Hours, How, Season, month_day

KEYS = ("categories", "areas", "channels", "words", "weekdays", "hours", "working", "season", "answers")
RULE_KEYS = {"name", "when", "unit", "mechanism", "days", "stop"}
CASE_KEYS = {"title", "text", "category", "place", "at", "channel", "answers", "unit"}
LAST_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LONGEST_NAME, LONGEST_UNIT = 60, 80
DAY, HOUR = re.compile(r"(\d\d)-(\d\d)"), re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def condition_to_json(when: Condition) -> dict[str, object]:
    """The condition as JSON takes it, in one form alone: equal conditions are equal texts."""
    found: dict[str, object] = {
        "categories": sorted(when.categories),
        "areas": sorted(when.areas),
        "channels": sorted(when.channels),
        "words": list(when.words),
        "weekdays": sorted(when.weekdays),
        "hours": [f"{one:%H:%M}" for one in when.hours or ()],
        "season": [month_day(one) for one in when.season or ()],
        "answers": [{"question": a.question, "how": a.how.value, "values": list(a.values)} for a in when.answers],
    }
    kept = {key: value for key, value in found.items() if value}
    return kept if when.working is None else kept | {"working": when.working}


def condition_from_json(data: Mapping[str, Any]) -> Condition:
    """The inverse of :func:`condition_to_json`; raises Invalid ``route`` with a sentence for what cannot be."""
    known(data, set(KEYS))
    return Condition(
        categories=frozenset(texts(data, "categories")),
        areas=frozenset(whole(data, "areas")),
        channels=frozenset(one_of(texts(data, "channels"), Channel)),
        words=tuple(dict.fromkeys(texts(data, "words"))),
        weekdays=frozenset(one_of(whole(data, "weekdays"), range(1, 8))),
        hours=read_hours(texts(data, "hours")),
        working=read_working(data.get("working")),
        season=read_season(texts(data, "season")),
        answers=tuple(read_asked(one) for one in listed(data, "answers")),
    )


def wrong(text: object) -> Invalid:
    return Invalid("route", format_lazy(_("“{text}” cannot be in a routing rule."), text=str(text)[:60]))


def known(data: Mapping[str, Any], keys: set[str]) -> None:
    if not isinstance(data, Mapping):
        raise wrong(data)
    if strange := sorted(map(str, data.keys() - keys)):
        raise wrong(strange[0])


def listed(data: Mapping[str, Any], key: str) -> list[Any]:
    found = data.get(key, [])
    if not isinstance(found, list):
        raise wrong(found)
    return found


def texts(data: Mapping[str, Any], key: str) -> list[str]:
    found = listed(data, key)
    for one in found:
        if not isinstance(one, str) or not one.strip() or "\x00" in one:
            raise wrong(one)
    return found


def whole(data: Mapping[str, Any], key: str) -> list[int]:
    found = listed(data, key)
    for one in found:
        if not isinstance(one, int) or isinstance(one, bool):
            raise wrong(one)
    return found


def one_of(found: list[Any], allowed: Any) -> list[Any]:
    for one in found:
        if one not in list(allowed):
            raise wrong(one)
    return found


def read_hours(found: list[str]) -> Hours | None:
    if not found:
        return None
    if len(found) != 2 or not all(HOUR.fullmatch(one) for one in found):
        raise wrong(" ".join(found))
    return time.fromisoformat(found[0]), time.fromisoformat(found[1])


def read_season(found: list[str]) -> Season | None:
    if not found:
        return None
    if len(found) != 2:
        raise wrong(" ".join(found))
    return read_day(found[0]), read_day(found[1])


def read_day(text: str) -> tuple[int, int]:
    """``10-01``: month and day of any year, the 29th of February too."""
    parts = DAY.fullmatch(text)
    month, day = (int(parts[1]), int(parts[2])) if parts else (0, 0)
    if not 1 <= month <= 12 or not 1 <= day <= LAST_DAYS[month - 1]:
        sentence = _("“{text}” is no day of the year. Write month and day like 09-01.")
        raise Invalid("route", format_lazy(sentence, text=text[:60]))
    return month, day


def read_working(value: object) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise wrong(value)
    return value


def read_asked(data: Mapping[str, object]) -> Asked:
    known(data, {"question", "how", "values"})
    how = one_of([data.get("how", How.IS.value)], How)[0]
    question = data.get("question")
    values = tuple(texts(data, "values"))
    if not isinstance(question, str) or not question or not values:
        raise wrong(data.get("question"))
    return Asked(question, How(how), values)


# whole sets; ``code_of`` and ``id_of`` translate between an area's id and code


def rule_to_file(rule: Any, code_of: Callable[[int], str]) -> dict[str, Any]:
    """A rule (a row or an engine's) as it stands in a file."""
    when = dict(rule.condition)
    if "areas" in when:
        when["areas"] = [code_of(one) for one in when["areas"]]
    made = {"name": rule.name, "when": when, "unit": rule.unit_code, "mechanism": rule.mechanism}
    kept = {key: value for key, value in made.items() if value}
    if rule.days is not None:
        kept["days"] = rule.days
    return kept if rule.stop else kept | {"stop": False}


def rule_from_file(data: Mapping[str, Any], id_of: Callable[[str], int]) -> dict[str, Any]:
    """The values of a rule from a file; raises Invalid."""
    known(data, RULE_KEYS)
    when = data.get("when", {})
    known(when, set(KEYS))
    when = {**when, "areas": [id_of(str(one)) for one in listed(when, "areas")]}
    name, unit, days = data.get("name"), data.get("unit", ""), data.get("days")
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME:
        raise wrong(name)
    if not isinstance(unit, str) or len(unit) > LONGEST_UNIT:
        raise wrong(unit)
    if days is not None and (not isinstance(days, int) or isinstance(days, bool)):
        raise wrong(days)
    mechanism = one_of([data.get("mechanism", "")], ["", *Mechanism])[0]
    stop = read_working(data.get("stop", True))
    return {
        "name": name,
        "when": condition_from_json(when),
        "unit": unit,
        "mechanism": mechanism,
        "days": days,
        "stop": stop is not False,
    }


def case_from_file(data: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a test case from a file; ``at`` is local time."""
    known(data, CASE_KEYS)
    made = {key: data.get(key, "") for key in ("title", "text", "category", "place", "channel", "unit")}
    for value in made.values():
        if not isinstance(value, str):
            raise wrong(value)
    one_of([made["channel"]], ["", *Channel])
    answers = data.get("answers", {})
    known(answers, set(answers) if isinstance(answers, Mapping) else set())
    try:
        at = datetime.fromisoformat(str(data.get("at")))
    except ValueError:
        raise wrong(data.get("at")) from None
    return made | {"at": at, "answers": dict(answers)}


def dump(area: str, number: int, rules: Sequence[Mapping[str, Any]], cases: Sequence[Mapping[str, Any]]) -> str:
    """The file of a set: rules and cases as :func:`rule_to_file` made them."""
    data = {"area": area, "version": number, "rules": list(rules), "cases": list(cases)}
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110))


def parse(text: str) -> dict[str, Any]:
    """What stands in a file; raises Invalid where it is no YAML or no set of rules."""
    try:
        data = read_yaml(text)
    except ValueError:
        raise Invalid("route_file", _("This file is not YAML.")) from None
    known(data, {"area", "version", "rules", "cases"})
    return {"area": str(data.get("area", "")), "rules": listed(data, "rules"), "cases": listed(data, "cases")}
