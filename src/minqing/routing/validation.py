"""What is wrong with rules before they are used: what can never fit, and what never gets its turn. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.matters.enums import Mechanism
from minqing.matters.questions import NUMBER, ONE_OF, SOME_OF
from minqing.matters.rules.categories import says_a_unit
from minqing.routing.engine import Asked, Condition, Hours, How, Rule, Season, chain, number_of
from minqing.worktime.hours import USUAL
from minqing.worktime.hours import Hours as WorkHours

LONGEST_WORD, MOST_DAYS = 40, 250
# of a question's answers, in a sentence
MOST_TOLD = 12


def opening_of(hours: WorkHours) -> Hours:
    """From opening to closing; midnight is the beginning of the day."""
    first, last = (divmod(minute % (24 * 60), 60) for minute in (hours.spans[0][0], hours.spans[-1][1]))
    return time(*first), time(*last)


@dataclass(frozen=True)
class World:
    """What rules may speak of: ``parents`` and ``questions`` of categories in use, ``paths`` of areas by id.

    ``units`` are the codes of units at work; ``inside`` is the path of the area whose rules they are.
    ``offices`` are the times of day, from opening to closing, of the offices at work.
    """

    parents: Mapping[str, str | None]
    questions: Mapping[str, Sequence[Mapping[str, Any]]]
    paths: Mapping[int, str]
    units: frozenset[str]
    inside: str
    offices: tuple[Hours, ...] = (opening_of(USUAL),)


def wrong_with(rule: Rule, world: World) -> list[object]:
    """Sentences, in the order of the form; empty when the rule can be kept."""
    return [
        *wrong_with_place(rule.when, world),
        *wrong_with_time(rule.when, world),
        *wrong_with_answers(rule.when, world),
        *wrong_with_outcome(rule, world),
    ]


def wrong_with_place(when: Condition, world: World) -> list[object]:
    found: list[object] = []
    for code in sorted(when.categories - world.parents.keys()):
        found.append(format_lazy(_("The category “{code}” is not in use."), code=code))
    for area in sorted(when.areas):
        path = world.paths.get(area)
        if path is None:
            found.append(_("A place of this rule is not there any more."))
        elif not path.startswith(world.inside) and not world.inside.startswith(path):
            found.append(_("A place of this rule lies outside the area that these rules are for."))
    if any(not word.strip() or len(word) > LONGEST_WORD for word in when.words):
        found.append(_("A word has between 1 and 40 characters."))
    return found


def wrong_with_time(when: Condition, world: World) -> list[object]:
    found: list[object] = []
    if when.hours and when.hours[0] == when.hours[1]:
        found.append(_("The time of day begins and ends at the same minute."))
    elif when.hours and when.working and not any(overlap(when.hours, one) for one in world.offices):
        found.append(_("This time of day is never working time: the rule can never apply."))
    return found


def wrong_with_answers(when: Condition, world: World) -> list[object]:
    found: list[object] = []
    for asked in when.answers:
        question = question_of(asked.question, when, world)
        if question is None:
            told = text_of(asked.question, world)
            found.append(format_lazy(_("No category of this rule asks the question “{question}”."), question=told))
        elif sentence := wrong_with_answer(asked, question):
            found.append(format_lazy(sentence, question=question["text"], answers=answers_of(question)))
    for code in {asked.question for asked in when.answers}:
        mine = [asked for asked in when.answers if asked.question == code]
        question = question_of(code, when, world)
        if question and question["kind"] != SOME_OF and contradict(mine):
            found.append(
                format_lazy(
                    _("What is asked of “{question}” contradicts itself: the rule can never apply."),
                    question=question["text"],
                )
            )
    return found


def question_of(code: str, when: Condition, world: World) -> Mapping[str, object] | None:
    """The question of one of the rule's categories, of one above or below them, or of any where none is named."""
    for category, questions in world.questions.items():
        near = {category, *chain(category, world.parents)}
        asked_here = not when.categories or not when.categories.isdisjoint(near)
        below = any(category in chain(one, world.parents) for one in when.categories)
        if asked_here or below:
            for question in questions:
                if question["code"] == code and question.get("variable", True):
                    return question
    return None


def text_of(code: str, world: World) -> str:
    """As any category asks it; a file may name one that none has."""
    asked = (one for questions in world.questions.values() for one in questions if one["code"] == code)
    return str(next((one["text"] for one in asked), code))


def answers_of(question: Mapping[str, Any]) -> str:
    """The first of those to choose from."""
    names = [str(one["name"]) for one in question.get("values", ())]
    return "、".join([*names[:MOST_TOLD], *(["…"] if len(names) > MOST_TOLD else [])])


def wrong_with_answer(asked: Asked, question: Mapping[str, Any]) -> Any:
    if not asked.values:
        return _("Say what the answer to “{question}” must be.")
    if asked.how is not How.IS:
        if question["kind"] != NUMBER:
            return _("“{question}” is not answered with a number and cannot be compared.")
        if len(asked.values) > 1 or number_of(asked.values[0]) is None:
            return _("“{question}”: compare with one number.")
    elif question["kind"] in {ONE_OF, SOME_OF} and not set(asked.values) <= {one["key"] for one in question["values"]}:
        return _("“{question}”: choose among its own answers: {answers}.")
    return None


def contradict(asked: Sequence[Asked]) -> bool:
    """Whether no single answer can meet all of them."""
    allowed: set[str] | None = None
    least, most = float("-inf"), float("inf")
    for one in asked:
        number = number_of(one.values[0]) if one.values else None
        if one.how is How.IS:
            allowed = set(one.values) if allowed is None else allowed & set(one.values)
        elif number is not None and one.how is How.LEAST:
            least = max(least, number)
        elif number is not None:
            most = min(most, number)
    if allowed is not None:
        bounded = least > float("-inf") or most < float("inf")
        numbers = [number_of(value) for value in allowed]
        return not any(not bounded or (n is not None and least <= n <= most) for n in numbers)
    return least > most


def wrong_with_outcome(rule: Rule, world: World) -> list[object]:
    found: list[object] = []
    if not rule.unit and not rule.mechanism and rule.days is None:
        found.append(_("Say what the rule decides: a unit, a way of handling or a term."))
    for wanted in filter(None, rule.unit.split("|")):
        if ":" not in wanted and wanted not in world.units:
            found.append(format_lazy(_("The unit “{code}” is not at work. Choose another one."), code=wanted))
        elif not says_a_unit(wanted):
            found.append(format_lazy(_("“{code}” does not say a unit."), code=wanted))
    if rule.mechanism == Mechanism.SUPERVISED:
        found.append(_("Supervision is ordered by a leader. A rule cannot decide it."))
    if rule.days is not None and not 0 <= rule.days <= MOST_DAYS:
        found.append(_("A term is between 0 and 250 working days."))
    return found


def hidden_by(rules: Sequence[Rule], world: World) -> dict[int, int]:
    """Position of each rule that never gets its turn → position of the earlier one that always takes it.

    Sound, not complete: several earlier rules that only together leave nothing over are not found.
    """
    found: dict[int, int] = {}
    for later, rule in enumerate(rules):
        for earlier in range(later):
            if rules[earlier].stop and covers(rules[earlier].when, rule.when, world):
                found[later] = earlier
                break
    return found


def covers(wide: Condition, narrow: Condition, world: World) -> bool:
    """Whether everything that ``narrow`` fits, ``wide`` fits too."""
    return (
        under(wide.categories, {one: chain(one, world.parents) for one in narrow.categories})
        and under_areas(wide.areas, narrow.areas, world)
        and within(wide.channels, narrow.channels)
        and within(wide.weekdays, narrow.weekdays)
        and (wide.hours is None or (narrow.hours is not None and inside_hours(narrow.hours, wide.hours)))
        and (wide.working is None or wide.working is narrow.working)
        and (wide.season is None or (narrow.season is not None and inside_season(narrow.season, wide.season)))
        and all(any(implies(mine, theirs) for mine in narrow.answers) for theirs in wide.answers)
        and (not wide.words or (bool(narrow.words) and all(any(w in n for w in wide.words) for n in narrow.words)))
    )


def under(wide: frozenset[str], narrow: Mapping[str, Sequence[str]]) -> bool:
    return not wide or (bool(narrow) and all(not wide.isdisjoint(above) for above in narrow.values()))


def under_areas(wide: frozenset[int], narrow: frozenset[int], world: World) -> bool:
    """A rule without places is for the whole area of its set."""
    if not wide:
        return True
    tops = [world.paths.get(one, "-") for one in wide]
    inner = [world.paths.get(one, "") for one in narrow] or [world.inside]
    return all(path and any(path.startswith(top) for top in tops) for path in inner)


def within(wide: frozenset[object], narrow: frozenset[object]) -> bool:
    return not wide or (bool(narrow) and narrow <= wide)


def implies(narrow: Asked, wide: Asked) -> bool:
    if narrow.question != wide.question or not narrow.values or not wide.values:
        return False
    if wide.how is How.IS:
        return narrow.how is How.IS and set(narrow.values) <= set(wide.values)
    if narrow.how is How.IS:
        return all(wide.fits(value) for value in narrow.values)
    if narrow.how is not wide.how:
        return False
    mine, theirs = number_of(narrow.values[0]), number_of(wide.values[0])
    if mine is None or theirs is None:
        return False
    return mine >= theirs if wide.how is How.LEAST else mine <= theirs


def spans(hours: Hours) -> list[tuple[int, int]]:
    """Minutes of the day, from (included) to (excluded), cut at midnight."""
    first, last = (minute(one) for one in hours)
    return [(first, last)] if first < last else [(first, 24 * 60), (0, last)]


def minute(at: time) -> int:
    return at.hour * 60 + at.minute


def inside_hours(narrow: Hours, wide: Hours) -> bool:
    """Whole minutes: forms know no seconds."""
    held = {one for start, end in spans(wide) for one in range(start, end)}
    return all(one in held for start, end in spans(narrow) for one in range(start, end))


def overlap(one: Hours, other: Hours) -> bool:
    return any(a < d and c < b for a, b in spans(one) for c, d in spans(other))


def inside_season(narrow: Season, wide: Season) -> bool:
    def days(season: Season) -> list[tuple[int, int]]:
        (a, b), (c, d) = season
        first, last = a * 32 + b, c * 32 + d
        return [(first, last)] if first <= last else [(first, 13 * 32), (0, last)]

    return all(any(c <= a and b <= d for c, d in days(wide)) for a, b in days(narrow))
