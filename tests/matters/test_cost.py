"""What requests about matters cost: statements over a whole HTTP request, and that search uses its index."""

from __future__ import annotations

import json

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.demo.bench import is_frame
from minqing.demo.multiplying import multiply
from minqing.matters import queries
from minqing.matters.models import Confirmation, Evidence, Matter, Step
from minqing.matters.queries.dossier import dossier_of
from minqing.matters.words import lexemes_of, tsquery_text, vector
from minqing.privacy.access import acting_as, transaction_as
from tests.cast import Cast, category


def statements(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"][:90] for query in captured if not is_frame(query["sql"])]


@pytest.mark.parametrize("number", [1, 50])
def test_a_list_is_four_statements_for_one_row_and_for_fifty(committed_cast: Cast, number: int) -> None:
    with transaction.atomic():
        for n in range(number):
            committed_cast.matter(title=f"路灯{n}", category=category(), lead_unit=committed_cast.bureau,
                                  search=vector("路灯"))  # fmt: skip
    client = committed_cast.client("clerk")
    for address, cost in [("/matters/", 4), ("/matters/?more=1", 4), ("/matters/?text=路灯", 5)]:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(address).content.decode()
        assert page.count('<th scope="row">') == number
        assert len(statements(captured)) == cost, statements(captured)


def test_taking_in_a_matter_is_seven_statements(committed_cast: Cast) -> None:
    client = committed_cast.client("clerk")
    client.get("/matters/new/")
    for _twice in range(2):
        values = {
            "request_id": str(new_id()), "channel": "counter", "text": "家门口积水", "area": committed_cast.own.id,
            "reporter_name": "何大妈", "reporter_phone": "13800138000",
        }  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            assert client.post("/matters/new/", values).status_code == 302
    assert len(statements(captured)) == 7, statements(captured)


@pytest.mark.parametrize("number", [1, 12])
def test_a_dossier_is_one_statement_and_holds_what_the_queries_find(cast: Cast, number: int) -> None:
    matter = cast.matter(state="accepted", lead_unit=cast.office)
    with cast.everything() as by:
        from minqing.files.services import store_picture
        from tests.matters.test_views import jpeg

        kept = store_picture(id=new_id(), upload=jpeg(), name="home.jpg", by=by)
        for _n in range(number):
            step = Step.objects.create(matter=matter, move="act", state="accepted", at=clock.now(), by="system:test",
                                       unit=cast.office, text="看过了")  # fmt: skip
        Evidence.objects.create(matter=matter, step=step, attachment=kept)
        Evidence.objects.create(matter=matter, attachment=kept)
        Confirmation.objects.create(matter=matter, solved=True, satisfaction=4, at=clock.now(), by="system:test")
    with acting_as(cast.actor("clerk")):
        with CaptureQueriesContext(connection) as captured:
            dossier = dossier_of(matter.pk)
        assert len(captured) == 1
        rows = queries.steps_of(matter)
        assert [(one.id, one.at, one.unit, one.text) for one in dossier.steps] == [
            (row.pk, row.at, row.unit and row.unit.name, row.text) for row in rows
        ]
        assert [one.pictures for one in dossier.steps] == [
            tuple(picture.attachment_id for picture in row.evidence.all()) for row in rows
        ]
        assert [(one.id, one.step_id) for one in dossier.pictures] == [
            (row.pk, row.step_id) for row in queries.pictures_of(matter)
        ]
        assert [(one.solved, one.at) for one in dossier.words] == [
            (row.solved, row.at) for row in Confirmation.objects.filter(matter=matter)
        ]
    with acting_as(cast.actor("far_clerk")):
        empty = dossier_of(matter.pk)
        assert (empty.steps, empty.pictures, empty.words) == ((), (), ())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ludeng", True),
        ("LUDENG", True),
        ("ludengbuliang", True),
        ("ludengbul", True),
        ("ldbl", True),
        ("ld", True),
        ("cunkou bl", True),
        ("xian", True),
        ("denglu", False),
        ("lb", False),
        ("ldlb", False),
        ("123", True),
        ("000123", True),
        ("124", False),
    ],
)
def test_letters_find_how_a_title_is_read_and_figures_a_serial(cast: Cast, typed: str, found: bool) -> None:
    title = "村口路灯不亮，西安路"
    cast.matter(title=title, search=vector(title, "", "MQ-2026-000123-4"))
    with acting_as(actor := cast.actor("clerk")):
        assert queries.search(queries.visible_matters(actor), typed).exists() is found


def test_lexemes_of_a_title_are_bounded() -> None:
    assert len(lexemes_of("灯" * 200)) < 20
    every = "".join(chr(0x4E00 + n) for n in range(200))
    assert len(lexemes_of(every)) <= 199 + 59 + 2 * 59
    assert tsquery_text("a" * 200).count("|") < 10


def plan(matters: QuerySet[Matter]) -> str:
    return json.dumps(json.loads(matters.explain(format="json")))


def test_search_uses_its_index_behind_the_wall(committed_cast: Cast) -> None:
    """With many rows; a frequent word is read newest first instead, whatever the statistics of single words say."""
    from minqing.config import embedded
    from minqing.core import indexes
    from tests.embedded import SOCKET

    with transaction.atomic():
        for n in range(40):
            committed_cast.matter(title="路灯不亮", state="confirmed", lead_unit=committed_cast.bureau,
                                  finished_at=clock.now(), closed_at=clock.now(), search=vector("路灯不亮"),
                                  number=f"MQ-2026-{n:06d}-1")  # fmt: skip
    with embedded.superuser(SOCKET, connection.settings_dict["NAME"]) as admin:
        assert indexes.searches_by_index(admin)
        assert list(multiply(admin, 6_000))
    with transaction_as(committed_cast.actor("leader")) as leader:
        seen = queries.visible_matters(leader)
        rare, frequent = queries.search(seen, "萤石矿洞"), queries.search(seen, "路灯不亮")
        assert {rare.count(), frequent.count()} == {3, 6_000}
        assert "Bitmap Index Scan" in plan(rare)
        assert "search" in plan(rare)
        assert "Sort" not in plan(frequent.order_by("-received_at", "-id")[:51])
        assert " @@ " in str(rare.query)
        assert "ts_match_vq(" in str(frequent.query)


def test_words_that_lie_in_one_place_of_the_table_do_not_look_frequent(committed_cast: Cast) -> None:
    """All rows of one event came in on one day; a search for them must not read all the years."""
    from minqing.matters.queries.finding import is_frequent

    with transaction.atomic(), committed_cast.everything():
        rows = [
            Matter(number=f"MQ-{n}", title="灯", area=committed_cast.own, received_at=clock.now(),
                   text="很长的经过" * 40, search=None)
            for n in range(1_500)
        ]  # fmt: skip
        Matter.objects.bulk_create(rows)
        # rewritten, they lie together at the end
        Matter.objects.filter(number__in=[row.number for row in rows[::150]]).update(search=vector("路灯"))
    with transaction_as(committed_cast.actor("leader")):
        assert not any(is_frequent(tsquery_text("路灯")) for _ in range(20))
