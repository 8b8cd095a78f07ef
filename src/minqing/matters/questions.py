"""What a category asks besides the text, what can be asked, and whether the answers fit. Pure: no database.

A question stands in the category's reference data: ``code``, ``kind``, ``text``, and optionally ``required``, ``hint``,
``values`` (a list of ``key`` and ``name``) and ``variable: false`` for a sentence that only tells something. ``names``
has by language what replaces ``text``, ``hint`` and, as a list in their order, the names of the ``values``. The kinds
are the attribute datatypes of Open311 GeoReport v2 (https://wiki.open311.org/GeoReport_v2, "GET Service Definition").
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import Conflict, Invalid
from minqing.core.formats import check_length
from minqing.core.text import one_line

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Answer: TypeAlias = str | list[str]
Question: TypeAlias = Mapping[str, Any]
STRING, NUMBER, DATETIME, TEXT = "string", "number", "datetime", "text"
ONE_OF, SOME_OF = "singlevaluelist", "multivaluelist"
KINDS: Final = (STRING, NUMBER, DATETIME, TEXT, ONE_OF, SOME_OF)
LINE, LENGTH = 200, 2_000
LONGEST_TEXT, LONGEST_HINT, LONGEST_VALUE = 100, 200, 60
MOST_QUESTIONS, MOST_VALUES = 12, 30


def check_answers(
    questions: Sequence[Question], answers: Mapping[str, Answer], *, complete: bool = False
) -> dict[str, Answer]:
    """The answers as they are stored, in the order of the questions; what nobody asked is left out.

    With ``complete`` a required question without an answer is refused too. Raises Invalid ``answer`` with the
    question's code in its data.
    """
    found: dict[str, Answer] = {}
    for question in questions:
        if not question.get("variable", True):
            continue
        given = [one.strip() for one in as_list(answers.get(question["code"])) if one.strip()]
        if given:
            found[question["code"]] = checked(question, given)
        elif complete and question.get("required"):
            raise wrong(question, _("“{question}” needs an answer."))
    return found


def as_list(answer: Answer | None) -> list[str]:
    if answer is None:
        return []
    return [answer] if isinstance(answer, str) else list(answer)


def checked(question: Question, given: list[str]) -> Answer:
    kind = question["kind"]
    if kind in {ONE_OF, SOME_OF}:
        keys = {value["key"] for value in question["values"]}
        if not keys.issuperset(given):
            raise wrong(question, _("“{question}”: choose one of the given answers."))
        if kind == SOME_OF:
            return list(dict.fromkeys(given))
    if len(given) > 1:
        raise wrong(question, _("“{question}” takes one answer."))
    if not fits(kind, given[0]):
        raise wrong(question, REFUSALS[kind])
    return given[0]


def fits(kind: str, text: str) -> bool:
    if kind == NUMBER:
        try:
            return math.isfinite(float(text))
        except ValueError:
            return False
    if kind == DATETIME:
        try:
            datetime.fromisoformat(text)
        except ValueError:
            return False
        return True
    return "\x00" not in text and len(text) <= (LENGTH if kind == TEXT else LINE)


REFUSALS: Final[Mapping[str, Any]] = {
    NUMBER: _("“{question}” is answered with a number."),
    DATETIME: _("“{question}” is answered with a date, like 2026-10-13."),
    STRING: _("The answer to “{question}” is too long."),
    TEXT: _("The answer to “{question}” is too long."),
    ONE_OF: _("“{question}”: choose one of the given answers."),
}


def wrong(question: Question, sentence: StrOrPromise) -> Invalid:
    return Invalid("answer", format_lazy(sentence, question=question["text"]), question=question["code"])


def answer_pairs(questions: Sequence[Question], answers: Mapping[str, Answer]) -> list[tuple[str, str]]:
    """Question and answer in words, in the order of the questions; an answer that nobody asks for any more last."""
    found = []
    left = dict(answers)
    for question in questions:
        given = as_list(left.pop(question["code"], None))
        if given:
            names = {value["key"]: value["name"] for value in question.get("values", ())}
            found.append((str(question["text"]), "、".join(names.get(one, one) for one in given)))
    return found + [(code, "、".join(as_list(answer))) for code, answer in left.items()]


def check_question(question: Mapping[str, Any]) -> dict[str, Any]:
    """As it is kept; raises Invalid. What says nothing is left out."""
    if not (text := one_line(str(question["text"]), LENGTH)):
        raise Invalid("text_empty", _("Write what is asked."))
    if question["kind"] not in KINDS:
        raise Invalid("kind", _("Choose how it is answered."))
    made: dict[str, Any] = {"code": question["code"], "kind": question["kind"]}
    made["text"] = check_length(text, LONGEST_TEXT)
    if hint := one_line(str(question.get("hint", "")), LENGTH):
        made["hint"] = check_length(hint, LONGEST_HINT)
    if not question.get("variable", True):
        return made | {"variable": False} | in_other_languages(question, 0)
    if question.get("required"):
        made["required"] = True
    if made["kind"] in {ONE_OF, SOME_OF}:
        made["values"] = check_values(question.get("values", ()))
    return made | in_other_languages(question, len(made.get("values", ())))


def in_other_languages(question: Mapping[str, Any], values: int) -> dict[str, Any]:
    """``names`` as they are kept: by language what is said there, without what is not."""
    names = {}
    for language, said in question.get("names", {}).items():
        told: dict[str, Any] = {}
        for name, longest in (("text", LONGEST_TEXT), ("hint", LONGEST_HINT)):
            if words := one_line(str(said.get(name, "")), LENGTH):
                told[name] = check_length(words, longest)
        given = [one for value in said.get("values", ()) if (one := one_line(str(value), LENGTH))]
        if given and values:
            if len(given) != values:
                raise Invalid("values_other", _("In each language write as many answers as above, in the same order."))
            told["values"] = [check_length(one, LONGEST_VALUE) for one in given]
        if told:
            names[language] = told
    return {"names": names} if names else {}


def in_language(question: Question, language: str) -> Question:
    """The question as it reads in a language of the pages; what nobody has put into it stays as it is."""
    if not (said := question.get("names", {}).get(language)):
        return question
    told = {**question, **{name: said[name] for name in ("text", "hint") if name in said}}
    if "values" in said:
        pairs = zip(question["values"], said["values"], strict=True)
        told["values"] = [{**one, "name": name} for one, name in pairs]
    return told


def check_values(values: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Each with a code of its own, that of an answer before if it had one."""
    named = [(str(one.get("key", "")), one_line(str(one["name"]), LENGTH)) for one in values]
    if not 2 <= len(named) <= MOST_VALUES or not all(name for _key, name in named):
        raise Invalid("values", _("Write at least two answers to choose from and at most 30, each on its own line."))
    keys = [key for key, _name in named if key]
    if len(set(keys)) < len(keys) or len({name for _key, name in named}) < len(named):
        raise Invalid("values_twice", _("One answer stands there twice."))
    free = (f"a{number}" for number in range(1, 100) if f"a{number}" not in keys)
    return [
        {"key": check_length(key or next(free), 20), "name": check_length(name, LONGEST_VALUE)} for key, name in named
    ]


def with_question(questions: Sequence[Question], question: Mapping[str, object]) -> list[Question]:
    """The one of that code changed, or a new one at the end."""
    if all(one["code"] != question["code"] for one in questions):
        if len(questions) >= MOST_QUESTIONS:
            raise Conflict("too_many_questions", _("A category asks at most 12 questions."))
        return [*questions, question]
    return [question if one["code"] == question["code"] else one for one in questions]
