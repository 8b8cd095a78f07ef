"""What was told in confidence: those who look at figures count it, and read none of it."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from minqing.core import clock
from minqing.core.ids import human_number, new_id
from minqing.journal.models import Event
from minqing.matters.enums import State
from minqing.matters.models import Matter
from minqing.matters.queries import similar_matters, visible_matters
from minqing.matters.words import vector
from minqing.privacy.access import acting_as
from tests.cast import Cast

pytestmark = pytest.mark.django_db
TITLE, TEXT = "丈夫酒后动手", "丈夫酒后动手打人，怕邻居知道。"
NUMBER = human_number("MQ", 2026, 123)


@pytest.fixture
def hidden(cast: Cast) -> Matter:
    now = clock.now()
    return cast.matter(
        title=TITLE, text=TEXT, number=NUMBER, search=vector(TITLE, TEXT), confidential=True, state=State.ACCEPTED,
        lead_unit=cast.bureau, received_at=now - timedelta(days=5), due_at=now - timedelta(days=1),
    )  # fmt: skip


@pytest.mark.parametrize(("role", "reads"), [("analyst", False), ("leader", True), ("clerk", True)])
def test_it_stands_in_list_and_wall_of_an_analyst_without_its_title(
    cast: Cast, hidden: Matter, role: str, reads: bool
) -> None:
    client = cast.client(role)
    for address in ("/matters/", f"/matters/?text={hidden.number}", "/matters/?figure=red", "/matters/wall/"):
        page = client.get(address).content.decode()
        assert hidden.number in page, address
        assert (TITLE in page) is reads, address


@pytest.mark.parametrize(("role", "finds"), [("analyst", False), ("leader", True)])
def test_a_search_in_words_does_not_tell_an_analyst_what_it_says(
    cast: Cast, hidden: Matter, role: str, finds: bool
) -> None:
    client = cast.client(role)
    for typed in ("酒后动手", "zhangfu", "zfjh"):
        page = client.get("/matters/", {"text": typed}).content.decode()
        assert (hidden.number in page) is finds, typed
    actor = cast.actor(role)
    with acting_as(actor):
        found = similar_matters(actor, title=TITLE, text=TEXT, area_id=cast.own.pk)
    assert ([one.id for one in found] == [hidden.pk]) is finds


@pytest.mark.parametrize(("role", "status"), [("analyst", 403), ("leader", 200), ("cadre", 404), ("handler", 200)])
def test_its_page_says_to_an_analyst_that_it_is_not_read_there(
    cast: Cast, hidden: Matter, role: str, status: int
) -> None:
    client = cast.client(role)
    for address in (f"/matters/{hidden.pk}/", f"/matters/{hidden.pk}/similar/"):
        answer = client.get(address)
        assert answer.status_code == status, address
        if status != 200:
            assert TITLE not in answer.content.decode()
    # who read it stands in the journal, as who opened a household's file does
    opened = Event.objects.filter(type="matters.confidential.opened", subject=f"matter:{hidden.pk}")
    assert opened.count() == (status == 200)


def test_a_table_for_an_analyst_holds_the_row_without_its_title(cast: Cast, hidden: Matter) -> None:
    for role, told in (("analyst", False), ("clerk", True)):
        sent = {"request_id": str(new_id()), "purpose": "meeting", "query": ""}
        answer = cast.client(role).post("/matters/export/", sent)
        rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(min_row=3, values_only=True))
        assert [row[0] for row in rows] == [hidden.number]
        assert (rows[0][1] == TITLE) is told
        assert len(rows[0]) == 15


def test_what_is_handled_with_another_one_is_named_there_only_to_who_may_read_it(cast: Cast, hidden: Matter) -> None:
    cause = cast.matter(title="家庭纠纷", state=State.ACCEPTED, lead_unit=cast.bureau)
    with cast.everything():
        Matter.objects.filter(pk=hidden.pk).update(state=State.MERGED.value, cause=cause)
    for role, told in (("analyst", False), ("leader", True)):
        page = cast.client(role).get(f"/matters/{cause.pk}/").content.decode()
        assert hidden.number in page
        assert (TITLE in page) is told


def test_figures_count_it_for_both(cast: Cast, hidden: Matter) -> None:
    for role in ("analyst", "leader"):
        actor = cast.actor(role)
        with acting_as(actor):
            assert visible_matters(actor).filter(pk=hidden.pk).exists()
