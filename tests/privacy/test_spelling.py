"""How a person is found in texts: by the database and then in place, and where a name is somebody else's or a word."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.ids import new_id
from minqing.matters.models import Matter
from minqing.privacy.spelling import patterns, places_of
from minqing.privacy.subjects import Holding, Person, covered_in, naming, tells_of, without
from tests.cast import Cast

PHONE = "13857500001"


def person(name: str = "何桂香", **values: object) -> Person:
    return Person(**{"cause": "test:1", "name": name, "phones": frozenset({PHONE})} | values)  # type: ignore[arg-type]


def covered(text: str, name: str, **values: object) -> str:
    one = person(name, **values)
    return str(without(text, one.words, one))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("电话138-5750-0001的何 桂香家狗叫", "电话【电话】的某某家狗叫"),
        ("何　桂香，１３８５７５０ ０００１", "某某，【电话】"),
        ("何\u200b桂香", "某某"),
        ("何桂花", "何桂花"),
    ],
)
@pytest.mark.django_db
def test_the_database_finds_what_is_covered_however_it_is_written(cast: Cast, text: str, left: str) -> None:
    one = person(areas=frozenset({cast.own.id}))
    made = cast.matter(title="狗叫", text=text, answers={"who": [text]})
    with cast.everything():
        for field in ("text", "answers"):
            assert Matter.objects.filter(naming(one, field)).exists() is (text != left)
        covered_in(
            Matter.objects.filter(naming(one, "text")).defer("search"),
            Holding(model="matters.Matter", covered=("text", "answers")),
            one,
        )
        made.refresh_from_db(fields=["text", "answers"])
    assert (made.text, made.answers) == (left, {"who": [left]})


@pytest.mark.django_db
def test_a_number_kept_as_a_number_is_found_as_well(cast: Cast) -> None:
    cast.matter(id=new_id(), answers={"tel": int(PHONE)})
    with cast.everything():
        assert Matter.objects.filter(naming(person(), "answers")).count() == 1
    assert tells_of({"tel": int(PHONE)}, person())
    assert not tells_of({"tel": 7, "yes": True}, person())


SIGNS = st.text("何桂香 阿卜杜吾甫尔·•-１13８8５5７7０0\u200b。①", max_size=30)


@given(SIGNS)
def test_what_is_covered_is_found_by_the_pattern(text: str) -> None:
    names, numbers = ["何桂香", "阿卜杜·吾甫尔"], [PHONE, "85700"]
    if places_of(text, names, numbers):
        assert any(re.search(one, text, re.DOTALL) for one in patterns(names, numbers))


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("王芳", "王芳和王芳芳、大王芳家", "某某和王芳芳、大某某家"),
        ("王芳", "王芳芳与王 芳", "王芳芳与某某"),
        ("张山", "张山住张山村口", "某某住张山村口"),
    ],
)
def test_a_name_inside_a_longer_one_that_is_known_stays(name: str, text: str, left: str) -> None:
    assert covered(text, name, within=frozenset({"王芳芳", "张山村"})) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("王平安和平安路", "王平安和平安路"),
        ("平安路灯坏了", "平安路灯坏了"),
        ("祝一路平安", "祝一路平安"),
        ("平安，你家狗叫", "某某，你家狗叫"),
        ("找平安大爷", "找平安大爷"),
        ("户主平安大爷说", "户主某某大爷说"),
        ("户主：平安", "户主：某某"),
        ("昨天 平 安 来过", "昨天 某某 来过"),
    ],
)
def test_a_name_that_is_a_word_of_every_day_must_stand_apart(text: str, left: str) -> None:
    assert covered(text, "平安") == left


@pytest.mark.parametrize("name", ["高兴", "方便", "路灯"])
def test_words_that_begin_like_a_surname_are_words(name: str) -> None:
    assert covered(f"很{name}地说", name) == f"很{name}地说"
    assert covered(f"村民{name}、", name) == "村民某某、"


@pytest.mark.parametrize("identity", ["11010519491231002X"])
def test_the_last_sign_of_an_identity_number_is_written_large_or_small(identity: str) -> None:
    assert covered(f"证{identity.lower()}号", "何桂香", identity_number=identity) == "证某某号"
