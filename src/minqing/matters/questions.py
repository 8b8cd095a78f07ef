"""What a category asks besides the text, and whether the answers fit. Pure: no database.

A question stands in the category's reference data: ``code``, ``kind``, ``text``, and optionally ``required``, ``hint``,
``values`` (a list of ``key`` and ``name``) and ``variable: false`` for a sentence that only tells something. The kinds
are the attribute datatypes of Open311 GeoReport v2 (https://wiki.open311.org/GeoReport_v2, "GET Service Definition").
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import Invalid

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Answer: TypeAlias = str | list[str]
Question: TypeAlias = Mapping[str, Any]
STRING, NUMBER, DATETIME, TEXT = "string", "number", "datetime", "text"
ONE_OF, SOME_OF = "singlevaluelist", "multivaluelist"
KINDS: Final = (STRING, NUMBER, DATETIME, TEXT, ONE_OF, SOME_OF)
LINE, LENGTH = 200, 2_000


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
