"""The county's own words for states, ways of handling and reasons to wait."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from minqing.core.cache_version import assume_versions, current_versions
from minqing.core.errors import Invalid, Refused
from minqing.demo.bench import is_frame
from minqing.hazards.kinds import NAMES as HAZARDS
from minqing.journal.models import Event
from minqing.localnames.kinds import Vocabulary
from minqing.localnames.models import LocalName
from minqing.localnames.queries import NAMES, word_of
from minqing.localnames.services import Said, set_names
from minqing.matters.enums import Mechanism, Move, State
from minqing.matters.lifecycle import MATTER
from minqing.matters.models.naming import MECHANISMS, STATES, state_word
from minqing.matters.printing.sheets import sheet_data
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast

pytestmark = pytest.mark.django_db
HANS = "zh-hans"


def call(cast: Cast, words: dict[str, Said], *, kind: Vocabulary = STATES, language: str = HANS) -> list[str]:
    return set_names(kind=kind, language=language, words=words, by=cast.actor("operator"))


def test_every_page_says_the_county_s_word_and_the_type_stays(cast: Cast) -> None:
    one = cast.matter(title="村口积水", state="accepted", lead_unit=cast.bureau)
    call(cast, {"accepted": Said("正在办")})
    call(cast, {"immediate": Said("马上办")}, kind=MECHANISMS)
    clerk = cast.client("clerk")
    pages = {
        path: clerk.get(path).content.decode()
        for path in ("/matters/", f"/matters/{one.pk}/", "/matters/wall/", f"/matters/{one.pk}/similar/")
    }
    assert pages["/matters/"].count("正在办") == 2, "in the row and in the filter"
    assert re.search('<option value="accepted"[^>]*>正在办</option>', pages["/matters/"])
    assert "正在办" in pages[f"/matters/{one.pk}/"]
    assert "马上办" in pages[f"/matters/{one.pk}/"]
    assert "正在办" in pages["/matters/wall/"]
    with acting_as(cast.actor("clerk")):
        told = sheet_data(one, named=False)
    assert (told["state"], told["mechanism"]) == ("正在办", "马上办")
    with cast.everything():
        one.refresh_from_db()
    assert one.state == State.ACCEPTED
    assert MATTER.target(State.ACCEPTED, Move.FINISH) is State.FINISHED


def test_another_language_and_an_empty_word_keep_the_shipped_one(cast: Cast) -> None:
    shipped = {language: word(State.ACCEPTED, language) for language in (HANS, "zh-hant", "en")}
    call(cast, {"accepted": Said("正在办")})
    assert word(State.ACCEPTED, HANS) == "正在办"
    assert [word(State.ACCEPTED, one) for one in ("zh-hant", "en")] == [shipped["zh-hant"], shipped["en"]]
    call(cast, {"accepted": Said("In our hands")}, language="en")
    assert (word(State.ACCEPTED, "en"), word(State.ACCEPTED, HANS)) == ("In our hands", "正在办")
    call(cast, {"accepted": Said(" \n ")})
    assert word(State.ACCEPTED, HANS) == shipped[HANS]
    assert list(LocalName.objects.values_list("language", flat=True)) == ["en"], "what says nothing is not kept"


def word(state: State, language: str) -> str:
    with override(language):
        return state_word(state)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"accepted": Said("一二三四五六七八九十一二三")}, "word_too_long"),
        ({"accepted": Said("", "一二三四五六七八九十一二三")}, "word_too_long"),
        ({"accepted": Said("办理"), "assigned": Said("办理")}, "word_twice"),
        ({"accepted": Said("办理"), "nonsense": Said("好")}, "code"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_changes(cast: Cast, words: dict[str, Said], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        call(cast, words)
    assert caught.value.code == code
    assert not LocalName.objects.exists()


def test_a_name_that_is_another_s_shipped_word_is_refused_unless_that_one_has_a_new_name(cast: Cast) -> None:
    finished = word(State.FINISHED, HANS)
    with pytest.raises(Invalid) as caught:
        call(cast, {"accepted": Said(finished)})
    assert finished in str(caught.value.sentence)
    call(cast, {"accepted": Said(finished), "finished": Said("有回音")})
    call(cast, {"accepted": Said("有回音"), "finished": Said(finished)})
    assert (word(State.ACCEPTED, HANS), word(State.FINISHED, HANS)) == ("有回音", finished)


def test_only_the_operator_names_things_once_in_one_event_without_the_words(cast: Cast) -> None:
    with pytest.raises(Refused):
        set_names(kind=STATES, language=HANS, words={"accepted": Said("正在办")}, by=cast.actor("clerk"))
    # a table brought by the command line
    assert set_names(kind=STATES, language="en", words={"accepted": Said("In hand")}, by=system_actor("test"))
    for _twice in range(2):
        call(cast, {"accepted": Said("正在办"), "finished": Said("", "有答复了")})
    event = Event.objects.filter(type="localnames.names.changed").exclude(data__language="en").get()
    assert event.data == {"kind": "state", "language": HANS, "codes": ["accepted", "finished"]}
    row = LocalName.objects.get(code="accepted", language=HANS)
    assert row.changed_by == cast.actor("operator").ref
    assert row.changed_at


def test_the_page_saves_one_kind_and_says_which_word_is_wrong(cast: Cast) -> None:
    client = cast.client("operator")
    page = client.get("/matters/names/").content.decode()
    # with three reasons to wait, and what hazards have
    assert page.count('name="word-') == len(State) + len(Mechanism) + 3 + sum(len(one.members) for one in HAZARDS)
    typed = {f"word-{one.value}": "" for one in State} | {f"public-{one.value}": "" for one in State}
    wrong = client.post("/matters/names/", typed | {"kind": "state", "word-accepted": "办", "word-assigned": "办"})
    assert wrong.status_code == 422
    assert "“办”" in wrong.content.decode()
    saved = client.post("/matters/names/?language=zh-hans", typed | {"kind": "state", "word-accepted": "正在办"})
    assert (saved.status_code, saved["Location"]) == (302, "/matters/names/?language=zh-hans")
    assert 'value="正在办"' in client.get("/matters/names/").content.decode()
    assert client.post("/matters/names/", {"kind": "x"}).status_code == 404
    assert client.get("/matters/names/?language=xx").status_code == 404


@pytest.mark.parametrize("named", [False, True])
def test_the_words_cost_a_page_no_statement_once_they_are_known(cast: Cast, named: bool) -> None:
    one = cast.matter(title="村口积水", state="accepted", lead_unit=cast.bureau)
    if named:
        call(cast, {"accepted": Said("正在办")})
    client = cast.client("clerk")
    for path in ("/matters/", f"/matters/{one.pk}/"):
        for _twice in range(2):
            with CaptureQueriesContext(connection) as captured:
                client.get(path)
        asked = [query["sql"] for query in captured if not is_frame(query["sql"])]
        assert not [sql for sql in asked if "localnames_localname" in sql]


def test_what_is_kept_of_an_empty_table_is_not_kept_once_it_has_rows(cast: Cast) -> None:
    LocalName.objects.all().delete()
    with assume_versions(current_versions()):
        assert NAMES.now() == {}
        with CaptureQueriesContext(connection) as captured:
            assert NAMES.now() == {}
        assert len(captured) == 0
    with assume_versions(current_versions()):
        call(cast, {"accepted": Said("正在办")})
        with override(HANS):
            assert word_of(State.ACCEPTED) == "正在办"
    with assume_versions(current_versions()), override(HANS):
        assert word_of(State.ACCEPTED) == "正在办"
