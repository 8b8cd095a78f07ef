"""Answers are taken only where a question asks for them, and only in the form it asks for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.errors import Invalid
from minqing.core.reference import read_reference
from minqing.matters.questions import KINDS, check_answers

VALUES = [{"key": key, "name": key} for key in ("lamp", "day", "night")]
QUESTIONS: list[dict[str, Any]] = [
    {"code": "what", "kind": "singlevaluelist", "text": "什么？", "required": True, "values": [VALUES[0]]},
    {"code": "when", "kind": "multivaluelist", "text": "何时？", "values": VALUES[1:]},
    {"code": "count", "kind": "number", "text": "几处？"},
    {"code": "since", "kind": "datetime", "text": "何时起？"},
    {"code": "plate", "kind": "string", "text": "车牌"},
    {"code": "more", "kind": "text", "text": "详情"},
    {"code": "note", "kind": "text", "text": "请拨110", "variable": False},
]  # fmt: skip


def test_good_answers_come_back_in_the_order_of_the_questions() -> None:
    answers: Any = {"count": " 3 ", "when": ["night", "night", "day"], "what": "lamp", "since": "2026-10-13", "?": "y"}
    assert check_answers(QUESTIONS, answers | {"note": "x"}) == {
        "what": "lamp", "when": ["night", "day"], "count": "3", "since": "2026-10-13",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("what", "roof"), ("what", ["lamp", "lamp"]), ("when", "noon"), ("count", "三"), ("count", "nan"),
        ("count", "inf"), ("since", "昨天"), ("plate", "浙" * 201), ("more", "长" * 2001), ("more", "a\x00b"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_refused_by_the_name_of_its_question(code: str, answer: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        check_answers(QUESTIONS, {"what": "lamp", code: answer})
    assert refusal.value.code == "answer"
    assert refusal.value.data == {"question": code}


def test_a_required_answer_is_asked_for_only_where_all_must_be_there() -> None:
    assert check_answers(QUESTIONS, {}) == {}
    with pytest.raises(Invalid) as refusal:
        check_answers(QUESTIONS, {"count": "1"}, complete=True)
    assert refusal.value.data == {"question": "what"}


@given(st.dictionaries(st.sampled_from([q["code"] for q in QUESTIONS]), st.text() | st.lists(st.text(), max_size=3)))
def test_whatever_is_sent_is_stored_as_asked_or_refused(answers: dict[str, Any]) -> None:
    try:
        kept = check_answers(QUESTIONS, answers)
    except Invalid:
        return
    assert check_answers(QUESTIONS, kept) == kept


def test_the_reference_data_asks_in_every_kind_and_only_in_known_ones() -> None:
    asked = [
        one for item in read_reference("minqing.matters", "categories")["items"] for one in item.get("questions", [])
    ]
    assert {one["kind"] for one in asked} == set(KINDS)
    assert all(one["code"] and one["text"] for one in asked)
    assert all(one.get("values") for one in asked if one["kind"].endswith("list"))
