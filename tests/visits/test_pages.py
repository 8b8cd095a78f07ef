"""The diary on the phone: one screen, sent once, nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.files.models import Attachment
from minqing.hazards.queries.checklists import current_checklist
from minqing.hazards.services import Seen
from minqing.households.models import Household
from minqing.journal.models import Event
from minqing.matters.models import Matter
from minqing.matters.printing.sheets import sheet_data
from minqing.matters.printing.sheets.data import beyond
from minqing.privacy.access import acting_as
from minqing.visits.enums import Met
from minqing.visits.models import DiaryEntry, HouseholdAssignment, Visit, VisitPhoto
from minqing.visits.services import record_visit
from tests.cast import Cast
from tests.visits.test_diary import photo


@pytest.fixture
def house(cast: Cast) -> Household:
    return cast.household()


def typed(**values: Any) -> dict[str, Any]:
    return {
        "request_id": str(new_id()),
        "matter_id": str(new_id()),
        "met": "at_home",
        "met_people": "张奶奶",
        "text": "屋顶漏雨，要人来看。",
    } | values


def jpeg(name: str = "roof.jpg", colour: str = "red") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo(colour).read(), "image/jpeg")


def write(cast: Cast, house: Household, role: str = "cadre", **values: Any) -> Visit:
    actor = cast.actor(role)
    given = {"met": Met.AT_HOME, "met_people": "户主", "text": "一切都好"} | values
    with acting_as(actor):
        return record_visit(id=new_id(), household=house, visited_at=clock.now(), by=actor, **given)


OWN = re.compile(r'<input type="hidden" name="(?:csrfmiddlewaretoken|request_id)"[^>]*>')


def looked(code: str, items: list[str], words: str) -> dict[str, Any]:
    """What the form sends of one checklist."""
    version = current_checklist(code).pk
    return {f"seen_{version}": items, f"note_{version}": words}


def page_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content[:500]
    return answer.content.decode()


def test_a_diary_with_everything_is_saved_and_shows_its_matter(cast: Cast, house: Household) -> None:
    granny = cast.resident(house)
    client = cast.client("cadre")
    values = typed(
        met_residents=[str(granny.pk)],
        **looked("gas", ["hose"], "软管裂了"),
        needs_doing="on",
        matter_title="屋顶漏雨",
        category="building",
        latitude="29.7",
        longitude="120.4",
        accuracy_m="9",
        datum="WGS-84",
        pictures=[jpeg()],
    )
    answer = client.post(f"/visits/new/{house.pk}/", values)
    assert answer.status_code == 302, answer.content.decode()
    shown = page_of(client, answer["Location"])
    with cast.everything():
        matter = Matter.objects.get()
        assert matter.title == "屋顶漏雨"
    for words in (matter.number, "张桂芬", "张奶奶", "屋顶漏雨，要人来看。", "软管裂了", "± 9 m", "/small/"):
        assert words in shown


@pytest.mark.parametrize("clock_of_phone", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"])
def test_a_phone_whose_clock_is_out_of_the_calendar_spoils_no_page(
    cast: Cast, house: Household, clock_of_phone: str
) -> None:
    client = cast.client("cadre")
    assert client.post(f"/visits/new/{house.pk}/", typed(sent_at=clock_of_phone)).status_code == 302
    assert "屋顶漏雨" in page_of(client, "/visits/")
    with cast.everything():
        assert Visit.objects.get().sent_at is None


@pytest.mark.parametrize("area", ["²", "9" * 5000, "1" * 10])
def test_an_area_that_is_no_number_narrows_nothing(cast: Cast, house: Household, area: str) -> None:
    write(cast, house)
    assert page_of(cast.client("cadre"), f"/visits/?area={area}")


def test_the_form_posted_twice_is_one_visit(cast: Cast, house: Household) -> None:
    client, values = cast.client("cadre"), typed(needs_doing="on", matter_title="修路灯")
    first, second = (client.post(f"/visits/new/{house.pk}/", values) for _ in range(2))
    assert first["Location"] == second["Location"]
    with cast.everything():
        assert (Visit.objects.count(), Matter.objects.count()) == (1, 1)


def test_with_an_error_nothing_typed_is_lost_and_photos_stay(cast: Cast, house: Household) -> None:
    granny = cast.resident(house)
    client = cast.client("cadre")
    values = typed(met_residents=[str(granny.pk)], **looked("electricity", ["stove"], "灶台"), text="一段很长的话",
                   needs_doing="on", matter_text="细节", visited_on="2031-01-01", pictures=[jpeg()])  # fmt: skip
    answer = client.post(f"/visits/new/{house.pk}/", values)
    shown = answer.content.decode()
    assert answer.status_code == 422
    for words in ("一段很长的话", "灶台", "细节", "张奶奶", f'value="{granny.pk}" ', values["request_id"]):
        assert words in shown
    kept = Attachment.objects.get()
    assert f'name="kept" value="{kept.pk}" checked' in shown
    assert client.get(f"/visits/pictures/{kept.pk}/small/").status_code == 200
    again = typed(request_id=values["request_id"], kept=[str(kept.pk)], pictures=[jpeg(colour="blue")])
    assert client.post(f"/visits/new/{house.pk}/", again).status_code == 302
    with cast.everything():
        assert VisitPhoto.objects.count() == 2


def test_a_photo_that_somebody_else_sent_cannot_be_claimed(cast: Cast, house: Household) -> None:
    other = cast.client("other_cadre")
    away = cast.household(cast.other)
    other.post(f"/visits/new/{away.pk}/", typed(visited_on="2031-01-01", pictures=[jpeg()]))
    stolen = Attachment.objects.get()
    client = cast.client("cadre")
    assert client.get(f"/visits/pictures/{stolen.pk}/small/").status_code == 404
    assert client.post(f"/visits/new/{house.pk}/", typed(kept=[str(stolen.pk)])).status_code == 422
    with cast.everything():
        assert not VisitPhoto.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"met": "nonsense"},
        {"text": ""},
        {"met_people": ""},
        {"needs_doing": "on"},
        {"visited_on": "2031-01-01"},
        {"visited_on": "2020-01-01"},
        {"visited_on": "gestern"},
        {"latitude": "29.7"},
        {"latitude": "929", "longitude": "1"},
        {"met_residents": ["not-an-id"]},
        {"category": "no-such", "needs_doing": "on", "matter_title": "x"},
        {"request_id": "x"},
    ],
)
def test_what_cannot_be_right_comes_back_with_a_sentence(cast: Cast, house: Household, values: dict[str, Any]) -> None:
    answer = cast.client("cadre").post(f"/visits/new/{house.pk}/", typed(**values))
    assert answer.status_code == 422
    assert "form-errors" in answer.content.decode()
    with cast.everything():
        assert not Visit.objects.exists()


def test_a_nul_in_a_text_is_dropped_like_all_that_shows_nothing(cast: Cast, house: Household) -> None:
    answer = cast.client("cadre").post(f"/visits/new/{house.pk}/", typed(text="灶台\x00漏水", met_people="\x00张奶奶"))
    assert answer.status_code == 302
    with cast.everything():
        entry = Visit.objects.get().entry
        assert (entry.text, entry.met_people) == ("灶台漏水", "张奶奶")


def test_a_file_that_is_no_photo_is_named_and_the_rest_stays(cast: Cast, house: Household) -> None:
    fake = SimpleUploadedFile("roof.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    answer = cast.client("cadre").post(f"/visits/new/{house.pk}/", typed(pictures=[fake]))
    assert answer.status_code == 422
    assert "roof.jpg" in answer.content.decode()
    assert "屋顶漏雨，要人来看。" in answer.content.decode()


def test_nobody_at_home_needs_neither_words_nor_names(cast: Cast, house: Household) -> None:
    answer = cast.client("cadre").post(f"/visits/new/{house.pk}/", typed(met="nobody", text="", met_people=""))
    assert answer.status_code == 302


def test_yesterdays_visit_stands_at_noon_of_yesterday(cast: Cast, house: Household) -> None:
    day = clock.today() - timedelta(days=1)
    cast.client("cadre").post(f"/visits/new/{house.pk}/", typed(visited_on=day.isoformat()))
    with cast.everything():
        stored = Visit.objects.get()
    assert stored.visited_at.astimezone(clock.SHANGHAI).isoformat().startswith(f"{day}T12:00")


@pytest.mark.fault(19)
def test_households_and_diaries_of_other_places_do_not_exist(cast: Cast) -> None:
    away = cast.household(cast.far)
    diary = write(cast, away, "far_cadre", text="CANARY-FAR")
    client = cast.client("cadre")
    for address in (f"/visits/new/{away.pk}/", f"/visits/{diary.pk}/", f"/visits/new/{new_id()}/"):
        assert "CANARY-FAR" not in page_of(client, address, 404)
    assert client.post(f"/visits/new/{away.pk}/", typed()).status_code == 404
    assert "CANARY-FAR" not in page_of(client, "/visits/")


@pytest.mark.fault(36)
def test_what_was_typed_is_text_and_never_markup(cast: Cast, house: Household) -> None:
    evil = "<script>alert(1)</script>"
    diary = write(cast, house, text=evil, met_people=evil, hazards=[Seen(id=new_id(), words=evil)])
    client = cast.client("cadre")
    for address in (f"/visits/{diary.pk}/", "/visits/", f"/households/{house.pk}/"):
        assert evil not in page_of(client, address)


def test_reading_a_diary_is_journalled_as_a_look_at_the_household(cast: Cast, house: Household) -> None:
    diary = write(cast, house)
    page_of(cast.client("clerk"), f"/visits/{diary.pk}/")
    [look] = Event.objects.filter(type="visits.visit.viewed")
    assert (look.subject, look.data) == (f"household:{house.pk}", {"visit": str(diary.pk)})


@pytest.mark.parametrize(
    ("address", "count"),
    [("/visits/", 8), ("/visits/?hazard=any&once=on&met=somebody&mine=on", 9)],
)
def test_the_list_asks_the_same_number_of_queries_for_one_row_and_three(cast: Cast, address: str, count: int) -> None:
    client = cast.client("cadre")
    client.get(address)
    for number in (1, 3):
        while number_of_visits(cast) < number:
            write(cast, cast.household(), hazards=[Seen(id=new_id(), words="灶台") for _ in range(2)])
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).content.decode().count("row-title") == number
        assert len(asked) == count


def number_of_visits(cast: Cast) -> int:
    with cast.everything():
        return Visit.objects.count()


def test_the_list_in_parts_is_the_list_of_the_page(cast: Cast, house: Household) -> None:
    write(cast, house)
    client = cast.client("cadre")
    for address in ("/visits/", "/visits/?met=nobody", "/visits/?since=x"):
        # the form that keeps the list has a token and an id of its own each time
        whole = OWN.sub("", page_of(client, address))
        part = OWN.sub("", client.get(address, headers={"HX-Request": "true"}).content.decode().strip())
        assert part.startswith('<div id="rows">')
        assert part in whole


@pytest.mark.parametrize("size", ["huge", "small"])
def test_pictures_have_two_sizes_and_unknown_ones_do_not_exist(cast: Cast, size: str) -> None:
    assert cast.client("cadre").get(f"/visits/pictures/{new_id()}/{size}/").status_code == 404


def test_the_secretary_assigns_ticked_households_and_ends_care(cast: Cast) -> None:
    houses = [cast.household() for _ in range(3)]
    client = cast.client("village_secretary")
    cadre = cast.account("cadre")
    shown = page_of(client, "/visits/care/")
    assert all(str(house.pk) in shown for house in houses)
    values = {"request_id": str(new_id()), "account": str(cadre.pk), "every_days": "30",
              "pick": [str(house.pk) for house in houses[:2]]}  # fmt: skip
    assert client.post("/visits/care/", values).status_code == 302
    client.post("/visits/care/", values)
    with cast.everything():
        assert HouseholdAssignment.objects.count() == 2
        one = HouseholdAssignment.objects.first()
    assert one is not None
    assert client.post(f"/visits/care/{one.pk}/end/").status_code == 302
    with cast.everything():
        assert HouseholdAssignment.objects.filter(until__isnull=True).count() == 1
    assert client.post("/visits/care/", values | {"pick": []}).status_code == 422


def test_care_of_other_places_is_not_the_secretarys(cast: Cast) -> None:
    away = cast.household(cast.other)
    client = cast.client("village_secretary")
    assert str(away.pk) not in page_of(client, "/visits/care/")
    assert str(away.pk) not in page_of(client, f"/visits/care/?area={cast.other.id}")
    values = {"request_id": str(new_id()), "account": str(cast.account("cadre").pk), "every_days": "30",
              "pick": [str(away.pk)]}  # fmt: skip
    assert client.post("/visits/care/", values).status_code == 422
    assert client.post(f"/visits/care/{new_id()}/end/").status_code == 404
    assert cast.client("cadre").get("/visits/care/").status_code == 403


def test_the_care_page_asks_the_same_number_of_queries_for_one_household_and_three(cast: Cast) -> None:
    client: Client = cast.client("clerk")
    rows: Callable[[], str] = lambda: page_of(client, "/visits/care/")  # noqa: E731
    counts = []
    rows()
    for number in (1, 3):
        for _ in range(number):
            cast.resident(cast.household(), name="钱大伯")
        with CaptureQueriesContext(connection) as asked:
            rows()
        counts.append(len(asked))
    assert counts == [10, 10]


def test_a_diary_of_a_reader_says_so(cast: Cast, house: Household) -> None:
    diary = write(cast, house)
    with cast.everything():
        assert DiaryEntry.objects.get(visit=diary).text == "一切都好"
    assert cast.client("leader").get(f"/visits/{diary.pk}/").status_code == 403


@pytest.mark.fault(90)
@pytest.mark.parametrize("left_out", [False, True])
def test_what_was_heard_goes_with_the_matter_unless_it_is_left_out(
    cast: Cast, house: Household, left_out: bool
) -> None:
    tick = {"leave_out": "on"} if left_out else {}
    values = typed(needs_doing="on", matter_title="修屋顶", **tick)
    assert cast.client("cadre").post(f"/visits/new/{house.pk}/", values).status_code == 302
    with cast.everything():
        matter = Matter.objects.get()
        assert ("屋顶漏雨，要人来看。" in matter.text) is not left_out
        assert matter.title == "修屋顶"
        fields = sheet_data(matter, named=False)
        assert "修屋顶" not in fields["text"], "the sheet has the title already"
    shown = cast.client("clerk").get(f"/matters/{matter.pk}/").content.decode()
    assert ("屋顶漏雨" in shown) is not left_out


@pytest.mark.fault(90)
def test_the_sheet_says_a_title_once() -> None:
    for title, text, told in (
        ("路灯坏了", "路灯坏了", ""),
        ("路灯坏了", "路灯坏了。晚上看不见。", "晚上看不见。"),
        ("路灯坏了", "路灯坏了\n\n走访时听到：三天了", "走访时听到：三天了"),
        ("村口的路灯坏", "村口的路灯坏了三天", "村口的路灯坏了三天"),
        ("路灯", "请修路灯", "请修路灯"),
    ):
        assert beyond(title, text) == told, text


@pytest.mark.fault(67)
def test_the_first_diary_and_the_second_stand_beside_each_other_field_by_field(cast: Cast, house: Household) -> None:
    granny = cast.resident(house)
    client, first = cast.client("cadre"), typed(met_residents=[str(granny.pk)], **looked("gas", ["hose"], "软管裂了"),
                                               needs_doing="on", matter_title="换软管")  # fmt: skip
    address = f"/visits/new/{house.pk}/"
    assert client.post(address, first).status_code == 302
    other = {"text": "一切都好。", "met": "by_phone", "needs_doing": "", "matter_title": ""}
    other |= looked("gas", ["hose"], "已换")
    answer = client.post(address, first | other)
    assert answer.status_code == 409
    assert "刚才已经交过一次，内容不同" in answer.content.decode()
    pairs = {one.label: (one.kept, one.typed, one.differs) for one in answer.context["pairs"]}
    assert {label for label, (_kept, _typed, differs) in pairs.items() if differs} == {
        "见到谁", "群众说了什么", "燃气：在哪里，严重吗", "有事要办", "要办什么事（一句话）",
    }  # fmt: skip
    assert pairs["群众说了什么"] == ("屋顶漏雨，要人来看。", "一切都好。", True)
    assert pairs["燃气：在哪里，严重吗"] == ("软管裂了", "已换", True)
    assert pairs["见到的家人"][0] == pairs["见到的家人"][1] == "张桂芬 · 其他"
    assert None not in {side for kept, told, _differs in pairs.values() for side in (kept, told)}


@pytest.mark.fault(67)
def test_who_wrote_one_of_this_household_today_is_told_and_led_to_it(cast: Cast, house: Household) -> None:
    client, address = cast.client("cadre"), f"/visits/new/{house.pk}/"
    assert "另记一篇" not in page_of(client, address)
    written = client.post(address, typed())["Location"]
    page = page_of(client, address)
    assert "您今天已经为这户记了一篇" in page
    assert written in page
    # neither of another's, nor at another household
    assert "另记一篇" not in page_of(cast.client("village_secretary"), address)
    assert "另记一篇" not in page_of(client, f"/visits/new/{cast.household().pk}/")
