"""What a reporter adds while it is open: words or photos, once, read by those who handle it and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters.enums import Move
from minqing.matters.models import Evidence, Step
from minqing.matters.tickets import follow_code_of
from tests.doorstep.conftest import Door
from tests.files.pictures import jpeg
from tests.reporting.test_pages import answered

pytestmark = pytest.mark.django_db


def added(**values: Any) -> dict[str, Any]:
    return {"form": "add", "request_id": str(new_id()), "text": "又灭了一盏，在桥那头。"} | values


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")


def notes(door: Door) -> list[Step]:
    with door.cast.everything():
        return list(Step.objects.filter(move=Move.NOTE.value))


def test_words_and_a_photo_are_read_by_the_reporter_and_those_who_handle_it(door: Door, media: None) -> None:
    ticket, matter = door.reported()
    assert door.client.post(f"/m/{ticket}", added(photos=[photo()])).status_code == 302
    step = notes(door)[0]
    with door.cast.everything():
        picture = Evidence.objects.get(step=step).attachment_id
    assert step.by.startswith("resident:")
    shown = door.client.get(f"/m/{ticket}").content.decode()
    assert "您补充的" in shown
    assert "又灭了一盏" in shown
    assert door.client.get(f"/m/{ticket}/pictures/{picture}/small").status_code == 200
    staff = door.cast.client("clerk").get(reverse("matters:detail", args=[matter.pk])).content.decode()
    assert "反映人补充" in staff
    assert "又灭了一盏" in staff
    event = Event.objects.get(type="matters.matter.remarked")
    assert event.data["own"] is True
    assert "又灭了一盏" not in str(event.data)


def test_a_photo_alone_is_enough_and_nothing_at_all_is_asked_for_again(door: Door, media: None) -> None:
    ticket, _matter = door.reported()
    answer = door.client.post(f"/m/{ticket}", added(text=" "))
    assert answer.status_code == 422
    assert "请写几句，或者选一张照片" in answer.content.decode()
    assert door.client.post(f"/m/{ticket}", added(text="", photos=[photo()])).status_code == 302
    assert [step.text for step in notes(door)] == [""]


def test_once_answered_it_is_neither_offered_nor_taken(door: Door) -> None:
    ticket, matter = door.reported()
    assert 'id="add"' in door.client.get(f"/m/{ticket}").content.decode()
    answered(door, matter)
    assert 'id="add"' not in door.client.get(f"/m/{ticket}").content.decode()
    assert door.client.post(f"/m/{ticket}", added()).status_code in {403, 409}
    assert notes(door) == []


def test_a_helper_with_the_slip_adds_for_the_reporter_and_it_is_written_down(door: Door) -> None:
    _ticket, matter = door.reported()
    client = door.cast.client("volunteer")
    slip = {"number": matter.number, "code": follow_code_of(matter.pk)}
    page = client.post("/slip/", slip)["Location"]
    assert client.post(page, added()).status_code == 302
    step = notes(door)[0]
    assert step.by == f"user:{door.cast.account('volunteer').pk}"
    assert "别人" in step.aside or "代" in step.aside


def test_too_many_additions_wait(door: Door) -> None:
    ticket, _matter = door.reported()
    answers = [door.client.post(f"/m/{ticket}", added(text=f"第{n}句")).status_code for n in range(22)]
    assert set(answers) == {302, 429}
    assert len(notes(door)) == answers.count(302)
