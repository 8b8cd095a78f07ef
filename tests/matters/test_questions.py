"""Answers are taken only where a question asks for them, and only in the form it asks for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.errors import Invalid
from minqing.core.reference import read_reference
from minqing.matters.questions import KINDS, ONE_OF, TEXT, answer_pairs, check_answers, check_question, in_language

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


def test_a_question_reads_as_its_language_has_it_and_else_as_it_was_written() -> None:
    names = {"en": {"text": "Which?", "values": ["Lamp", "Drain"]}, "zh-hant": {"hint": "提示字"}}
    values = [{"key": "a", "name": "路灯"}, {"key": "b", "name": "排水"}]
    kept = check_question(
        {"code": "x", "kind": ONE_OF, "text": "哪个？", "hint": "提示", "values": values, "names": names}
    )
    english = in_language(kept, "en")
    assert (english["text"], english["hint"]) == ("Which?", "提示")
    assert english["values"] == [{"key": "a", "name": "Lamp"}, {"key": "b", "name": "Drain"}]
    assert answer_pairs([english], {"x": "b"}) == [("Which?", "Drain")]
    assert in_language(kept, "zh-hant") == {**kept, "hint": "提示字"}
    assert in_language(kept, "zh-hans") == kept


def test_answers_in_another_language_are_as_many_as_those_above() -> None:
    values = [{"name": "路灯"}, {"name": "排水"}]
    question = {"code": "x", "kind": ONE_OF, "text": "哪个？", "values": values}
    for said in (["Lamp"], ["Lamp", "Drain", "Lid"]):
        with pytest.raises(Invalid) as refused:
            check_question(question | {"names": {"en": {"values": said}}})
        assert refused.value.code == "values_other"
    # what is not chosen from a list has no answers in any language
    assert "names" not in check_question(question | {"kind": TEXT, "names": {"en": {"values": ["Lamp"]}}})


def test_the_reference_data_asks_in_three_languages() -> None:
    for item in read_reference("minqing.matters", "categories")["items"]:
        for question in item.get("questions", []):
            assert check_question(question).get("names", {}).keys() == {"zh-hant", "en"}, question["code"]
            for language in question["names"]:
                assert in_language(question, language)["text"] != question["text"]
