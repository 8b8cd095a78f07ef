"""Lists leave the system for a purpose, on record, and long ones with a second person's word."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.db import connection
from django.http import QueryDict
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext as _
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from minqing.core import clock
from minqing.core.errors import Invalid, NotFound, Refused
from minqing.core.ids import new_id
from minqing.exports import kinds, rules, services
from minqing.exports.enums import Move, Purpose, State
from minqing.exports.lifecycle import EXPORT
from minqing.exports.lists import found_for
from minqing.exports.models import ExportRequest
from minqing.journal.models import Event
from minqing.listing.kinds import LISTS, List
from minqing.matters.models import Matter, Reporter
from minqing.privacy.access import acting_as
from tests.cast import Cast, at

pytestmark = pytest.mark.django_db


def ask(cast: Cast, who: str = "clerk", **values: Any) -> Any:
    sent = {"request_id": str(new_id()), "purpose": "meeting", "query": ""}
    return cast.client(who).post("/matters/export/", sent | values)


def request(cast: Cast, rows: int, who: str = "clerk", **values: Any) -> ExportRequest:
    by = cast.actor(who)
    given: dict[str, Any] = {
        "id": new_id(),
        "kind": "matters",
        "query": "",
        "purpose": Purpose.MEETING,
        "area": cast.town.pk,
    }
    with acting_as(by):
        return services.ask_export(rows=rows, by=by, **given | values)


def decide(cast: Cast, row: ExportRequest, who: str, **values: Any) -> ExportRequest:
    with acting_as(cast.actor(who)):
        return services.decide_export(request=row, by=cast.actor(who), **{"approve": True} | values)


def take(cast: Cast, row: ExportRequest, who: str = "clerk", **values: Any) -> ExportRequest:
    with acting_as(cast.actor(who)):
        return services.take_export(request=row, by=cast.actor(who), **values)


@pytest.mark.fault(37)
def test_a_list_leaves_as_a_table_with_nothing_in_it_that_runs(cast: Cast) -> None:
    evil = '=HYPERLINK("http://evil.example","点我")'
    one = cast.matter(title=evil, text="CANARY-TEXT")
    cast.matter(cast.far, title="CANARY-FAR")
    with cast.everything():
        Reporter.objects.create(matter=one, name="CANARY-何大妈", phone="13800138000")
    answer = ask(cast)
    assert answer["Content-Disposition"].startswith("attachment")
    page = load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert "孙丽华" in rows[0][0]
    assert "会议" in rows[0][0] or "meeting" in rows[0][0]
    assert rows[2][:2] == [one.number, evil]
    assert page.cell(3, 2).data_type == "s"
    assert page.cell(3, 2).hyperlink is None
    assert len(rows) == 3
    told = str(rows)
    assert "CANARY" not in told
    assert "13800138000" not in told
    event = Event.objects.get(type="exports.export.taken")
    assert (event.data["rows"], event.data["purpose"]) == (1, "meeting")


def test_the_table_holds_what_the_list_holds(cast: Cast) -> None:
    cast.matter(title="已办", state="finished", finished_at=clock.now(), lead_unit=cast.bureau)
    cast.matter(title="未办")
    page = load_workbook(io.BytesIO(ask(cast, query="state=answered&evil=1").content)).active
    assert [row[1].value for row in page.iter_rows(min_row=3)] == ["已办"]
    page = load_workbook(io.BytesIO(ask(cast, query="queue=triage").content)).active
    assert [row[1].value for row in page.iter_rows(min_row=3)] == ["未办"]
    told = Event.objects.filter(type="exports.export.taken").order_by("seq")[0].data["filter"]
    assert told == {"state": "answered"}
    shown = cast.client("clerk").get("/matters/exports/").context["page"].rows
    assert shown[-1]["filter"] == [(str(_("State")), str(_("All answered")))]


@pytest.mark.parametrize("query", ["", "order=due", "order=evil"])
def test_the_table_is_in_the_order_of_the_list(cast: Cast, query: str) -> None:
    for title, received, due in (("先到", "03-01", "03-09"), ("后到", "03-02", "03-05"), ("晚期", "03-03", "03-20")):
        cast.matter(title=title, received_at=at(f"2026-{received} 09:00"), due_at=at(f"2026-{due} 09:00"))
    page = load_workbook(io.BytesIO(ask(cast, query=query).content)).active
    shown = cast.client("clerk").get("/matters/", QueryDict(query).dict()).content.decode()
    titles = [row[1].value for row in page.iter_rows(min_row=3)]
    assert titles == sorted(titles, key=shown.index)
    assert titles[0] == ("后到" if query == "order=due" else "晚期")


@pytest.mark.parametrize("listed", [one for one in LISTS if one.exports], ids=lambda one: one.name)
def test_a_list_and_its_table_have_the_same_orders_queues_and_filters(cast: Cast, listed: List) -> None:
    kind = listed.exports
    assert isinstance(kind, kinds.ExportKind)
    assert (kind.orders, kind.queues) == (listed.orders, listed.queues)
    request = RequestFactory().get("/")
    with acting_as(cast.actor("clerk")):
        request.actor, request.post = cast.actor("clerk"), None  # type: ignore[attr-defined]
        assert listed.form
        assert [*listed.form(request, QueryDict()).fields] == [*kind.form(QueryDict()).fields]  # type: ignore[arg-type]


def test_a_filter_that_is_too_long_is_refused_with_a_sentence(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    # a rare character takes twelve letters of an address
    with pytest.raises(Invalid) as refused:
        request(cast, 5, query=urlencode({"text": "𠮷" * 100}))
    cast.matter()
    monkeypatch.setattr(services, "QUERY_LENGTH", 10)
    answer = ask(cast, query="state=received")
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [str(refused.value.sentence)]


def test_without_a_purpose_or_with_an_empty_list_nothing_leaves(cast: Cast) -> None:
    assert ask(cast).status_code == 422
    cast.matter()
    for purpose in ("", "curiosity"):
        assert ask(cast, purpose=purpose).status_code == 422
    assert cast.client("clerk").get("/matters/export/?state=open").status_code == 200
    assert not Event.objects.filter(type__startswith="exports.export").exists()


@pytest.mark.fault(26)
def test_what_was_searched_for_does_not_go_into_the_journal(cast: Cast) -> None:
    row = request(cast, 5, query="text=%E5%BC%A0%E6%A1%82%E8%8A%B3&light=red&since=2026-01-01&order=due&name=evil")
    event = Event.objects.get(subject=f"export:{row.pk}")
    assert event.data["filter"] == {"text": "*", "light": "red", "since": "2026-01-01", "order": "due"}


class Filter(forms.Form):
    who = forms.CharField(required=False)
    mail = forms.EmailField(required=False)
    kind = forms.ChoiceField(required=False, choices=[("path", "路")])
    number = forms.IntegerField(required=False)


def test_words_stay_out_of_the_journal_whatever_their_field_is_called(cast: Cast, elsewhere: kinds.ExportKind) -> None:
    kinds.KINDS.forget(elsewhere.code)
    kinds.KINDS.register(replace(elsewhere, form=Filter, orders={}))
    row = request(cast, 5, kind=elsewhere.code, query="who=CANARY&mail=canary@example.org&kind=path&number=7")
    event = Event.objects.get(subject=f"export:{row.pk}")
    assert event.data["filter"] == {"who": "*", "mail": "*", "kind": "path", "number": "7"}


@pytest.mark.fault(26)
def test_ten_thousand_and_one_rows_do_not_leave_and_more_than_a_thousand_need_a_second_person(cast: Cast) -> None:
    with pytest.raises(Refused):
        request(cast, 10_001)
    assert request(cast, 1_000, "leader", area=cast.city.pk).state == State.TAKEN
    row = request(cast, 10_000)
    assert row.state == State.ASKED
    for who in ("clerk", "far_clerk", "cadre", "handler"):
        with pytest.raises(Refused), acting_as(cast.actor("leader")):
            services.decide_export(request=row, approve=True, by=cast.actor(who))
    with pytest.raises(Refused):
        take(cast, row)
    row = decide(cast, row, "leader")
    with pytest.raises(Refused), acting_as(cast.actor("leader")):
        services.take_export(request=row, by=cast.actor("leader"))
    assert take(cast, row).state == State.TAKEN
    with pytest.raises(Refused):
        decide(cast, row, "leader", approve=False)


@pytest.mark.fault(26)
def test_many_small_exports_of_a_day_count_as_a_large_one(cast: Cast) -> None:
    morning = at("2026-03-02 09:00")
    assert [request(cast, 400, at=morning).state for _n in range(3)] == ["taken", "taken", "asked"]
    assert request(cast, 400, at=morning + timedelta(hours=25)).state == State.TAKEN
    # sent twice it counts once
    id = new_id()
    late = morning + timedelta(days=3)
    assert {request(cast, 900, id=id, at=late).pk for _n in range(2)} == {id}
    with pytest.raises(Refused):
        request(cast, 900, id=id, at=late + timedelta(hours=1))


def test_an_approval_is_good_for_a_day(cast: Cast) -> None:
    row = decide(cast, request(cast, 2_000), "leader", at=at("2026-03-02 09:00"))
    take(cast, row, at=at("2026-03-03 08:59"))
    with pytest.raises(Refused):
        take(cast, row, at=at("2026-03-03 09:00"))
    assert decide(cast, request(cast, 3_000), "leader", approve=False).state == State.REFUSED


def test_no_more_leaves_than_was_approved(cast: Cast) -> None:
    for n in range(3):
        cast.matter(title=f"路灯{n}")
    row = decide(cast, request(cast, 1_001), "leader")
    with cast.everything():
        ExportRequest.objects.filter(pk=row.pk).update(rows=2)
    answer = cast.client("clerk").post(f"/matters/exports/{row.pk}/file/")
    assert load_workbook(io.BytesIO(answer.content)).active.max_row == 4


def test_the_page_lets_the_second_person_decide_and_the_first_download(cast: Cast) -> None:
    cast.matter()
    row = request(cast, 1_500)
    assert "/decide/" not in cast.client("clerk").get("/matters/exports/").content.decode()
    assert str(row.pk) not in cast.client("far_clerk").get("/matters/exports/").content.decode()
    leader = cast.client("leader")
    assert f"/matters/exports/{row.pk}/decide/" in leader.get("/matters/exports/").content.decode()
    assert cast.client("far_clerk").post(f"/matters/exports/{row.pk}/decide/", {"approve": "yes"}).status_code == 404
    assert cast.client("clerk").post(f"/matters/exports/{row.pk}/decide/", {"approve": "yes"}).status_code == 403
    assert leader.post(f"/matters/exports/{row.pk}/decide/", {"approve": "yes"}).status_code == 302
    assert leader.post(f"/matters/exports/{row.pk}/file/").status_code == 403
    client = cast.client("clerk")
    assert f"/matters/exports/{row.pk}/file/" in client.get("/matters/exports/").content.decode()
    assert client.post(f"/matters/exports/{row.pk}/file/").status_code == 200
    told = Event.objects.filter(subject=f"export:{row.pk}").order_by("seq").values_list("type", flat=True)
    assert [type.rpartition(".")[2] for type in told] == ["asked", "approved", "taken"]


@pytest.mark.parametrize("number", [1, 3])
def test_a_table_costs_the_same_for_one_row_and_for_many(cast: Cast, number: int) -> None:
    for _n in range(number):
        cast.matter()
    ask(cast)
    client = cast.client("clerk")
    sent = {"request_id": str(new_id()), "purpose": "meeting", "query": ""}
    with CaptureQueriesContext(connection) as seen:
        assert client.post("/matters/export/", sent).status_code == 200
    assert len(seen) == 16, [query["sql"][:90] for query in seen]
    for _n in range(number):
        request(cast, 1, at=at("2026-03-02 09:00"))
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/matters/exports/").status_code == 200
    assert len(seen) == 8, [query["sql"][:90] for query in seen]
    with cast.everything():
        assert Matter.objects.count() == number


@given(moves=st.lists(st.sampled_from(list(Move)), max_size=8))
def test_no_walk_leads_to_a_download_past_a_refusal(moves: list[Move]) -> None:
    state: State | None = None
    approved = False
    for move in moves:
        to = EXPORT.target(state, move)
        if to is None:
            continue
        assert state is not State.REFUSED
        approved = approved or move is Move.APPROVE
        if state is State.ASKED and not approved:
            assert to is not State.TAKEN
        state = to


@pytest.fixture
def elsewhere() -> Iterator[kinds.ExportKind]:
    """Another list, which only clerks take out."""
    one = replace(kinds.KINDS.of("matters"), code="tried", label="Tried", roles=frozenset({"clerk"}))
    kinds.KINDS.register(one)
    yield one
    kinds.KINDS.forget("tried")


def test_a_list_is_taken_out_only_by_those_of_its_kind(cast: Cast, elsewhere: kinds.ExportKind) -> None:
    with pytest.raises(Refused):
        request(cast, 5, "leader", kind=elsewhere.code, area=cast.city.pk)
    assert request(cast, 5, kind=elsewhere.code).kind == "tried"
    with pytest.raises(NotFound):
        request(cast, 5, kind="nothing")


def test_exports_of_a_place_are_those_below_it_too_and_what_waits_is_a_tab(cast: Cast) -> None:
    row = request(cast, 5_000, area=cast.own.pk)
    with acting_as(leader := cast.actor("leader")):
        for area, found in ((cast.own, True), (cast.town, True), (cast.city, True), (cast.other_town, False)):
            assert found_for(leader, "", area.pk).filter(pk=row.pk).exists() is found
    shown = cast.client("leader").get("/matters/exports/?queue=asked")
    assert [one.row.pk if hasattr(one, "row") else one["row"].pk for one in shown.context["page"].rows] == [row.pk]
    assert re.findall(r'<span class="count">(\d+)</span>', shown.content.decode()) == ["1"]


def test_whoever_may_take_some_list_out_opens_the_pages_of_exports() -> None:
    left_out = {kind.code: sorted(kind.roles - rules.EXPORTERS) for kind in kinds.KINDS}
    assert not any(left_out.values()), f"they need the pages too: exports.rules.EXPORTERS: {left_out}"


def test_what_no_room_brings_any_more_stays_on_the_list_and_is_not_taken(
    cast: Cast, elsewhere: kinds.ExportKind
) -> None:
    row = request(cast, 3_000, kind=elsewhere.code)
    decide(cast, row, "leader")
    assert f"{row.pk}/file/" in cast.client("clerk").get("/matters/exports/").content.decode()
    kinds.KINDS.forget("tried")
    page = cast.client("clerk").get("/matters/exports/")
    assert page.status_code == 200
    assert "tried" in page.content.decode()
    assert f"{row.pk}/file/" not in page.content.decode()
    assert cast.client("clerk").post(f"/matters/exports/{row.pk}/file/").status_code == 404


def test_a_long_list_waits_on_the_page_of_who_may_approve_it_and_is_decided_there(cast: Cast) -> None:
    with acting_as(by := cast.actor("analyst")):
        row = services.ask_export(
            id=new_id(), kind="matters", query="", purpose=Purpose.REPORT, rows=5000, area=cast.city.pk, by=by
        )
    client, address = cast.client("leader"), reverse("exports:decide", args=[row.pk])
    assert address in client.get("/leader/").content.decode()
    # who asked decides nothing, nor who is in charge of another place
    assert address not in cast.client("analyst").get("/leader/").content.decode()
    assert address not in cast.client("clerk").get("/").content.decode()
    assert client.post(address, {"approve": "yes", "next": "/leader/"})["Location"] == "/leader/"
    with cast.everything():
        assert ExportRequest.objects.get(pk=row.pk).state == State.APPROVED.value
    assert address not in client.get("/leader/").content.decode()
