"""Hazards through the pages, and how many queries the list takes."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.hazards.enums import State
from minqing.hazards.models import ChecklistVersion, Hazard
from minqing.hazards.queries.checklists import current_checklist
from tests.cast import Cast
from tests.files.pictures import jpeg
from tests.hazards.cases import HOW, Finding

pytestmark = pytest.mark.django_db


def test_the_list_takes_as_many_queries_with_three_rows_as_with_one(cast: Cast, django_assert_num_queries: Any) -> None:
    case, client, page = Finding(cast), cast.client("clerk"), reverse("hazards:list")
    for _time in range(2):
        case.find()
        client.get(page)
        with django_assert_num_queries(9):
            client.get(page)
        case.find(), case.find()


def test_a_leader_reads_what_it_is_and_neither_where_nor_in_whose_words(cast: Cast) -> None:
    case = Finding(cast)
    row = case.find(words="何桂香家灶间", place="何桂香家", items=[])
    address = reverse("hazards:detail", args=[row.pk])
    for who, reads in (("clerk", True), ("leader", False)):
        for page in (address, reverse("hazards:list")):
            assert ("何桂香" in cast.client(who).get(page).content.decode()) is reads, (who, page)


def test_found_and_put_right_in_forms_that_say_what_is_missing(cast: Cast) -> None:
    case, client = Finding(cast), cast.client("cadre")
    lists = client.get(reverse("hazards:new"), {"household": case.home.pk}).content.decode()
    assert f"?list={current_checklist('gas').pk}&amp;household={case.home.pk}" in lists
    page = f"{reverse('hazards:new')}?list={current_checklist('gas').pk}&household={case.home.pk}"
    empty = client.post(page, {"request_id": str(new_id())})
    assert (empty.status_code, "请勾选看到的" in empty.content.decode()) == (422, True)
    to = client.post(page, {"request_id": str(new_id()), "items": ["hose", "alarm"], "place": "厨房"})["Location"]
    with cast.everything():
        row = Hazard.objects.get()
    assert (row.items, row.area_id, to) == (
        ["hose", "alarm"],
        case.home.area_id,
        reverse("hazards:detail", args=[row.pk]),
    )
    page = reverse("hazards:put_right", args=[row.pk])
    form = {"request_id": str(new_id()), "words": HOW}
    assert "请附上整改后的照片" in client.post(page, form).content.decode()
    photo = SimpleUploadedFile("后.jpg", jpeg(), "image/jpeg")
    assert client.post(page, form | {"request_id": str(new_id()), "photos": photo}).status_code == 302
    with cast.everything():
        row = Hazard.objects.get()
        assert row.state == State.PUT_RIGHT
        (id,) = row.photos.filter(after=True).values_list("attachment_id", flat=True)
    # nobody of another village looks at the photo
    photo_page = reverse("hazards:photo", args=[row.pk, id])
    assert [cast.client(who).get(photo_page).status_code for who in ("clerk", "far_clerk")] == [200, 404]


def test_the_operator_changes_a_checklist_line_by_line(cast: Cast) -> None:
    client, page = cast.client("operator"), reverse("hazards:checklist", args=["gas"])
    assert "较大｜软管老化" in client.get(page).content.decode()
    sent = {"request_id": str(new_id()), "name": "燃气", "items": "重大｜钢瓶在卧室\n软管老化、开裂、穿墙或超过两米\n"}
    assert client.post(page, sent).status_code == 302
    with cast.everything():
        row = ChecklistVersion.objects.get(code="gas", current=True)
    # what stays keeps its code
    assert [(one["code"], one["severity"]) for one in row.items] == [("i1", "major"), ("hose", "ordinary")]
