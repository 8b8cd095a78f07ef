"""A full disk, the files' or the database's: whoever sends something is told so, and nothing is taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.files.models import Attachment
from minqing.intake.models import ImportRun
from minqing.matters.models import Matter
from tests.cast import Cast
from tests.files.pictures import jpeg

pytestmark = [pytest.mark.django_db, pytest.mark.fault(54)]
HERE = __name__


def write_to_a_full_disk() -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        full.write(b"x")


class NoRoomForUploads(FileUploadHandler):
    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        write_to_a_full_disk()
        return None

    def file_complete(self, file_size: int) -> None:
        return None


class NoRoomForFiles(FileSystemStorage):
    def _save(self, name: str, content: Any) -> str:
        write_to_a_full_disk()
        return name


@contextmanager
def full_database() -> Iterator[None]:
    """It can be read, and takes nothing more."""

    def execute(run: Any, sql: str, *rest: Any) -> Any:
        if str(sql).startswith(("INSERT", "UPDATE")):
            raise OperationalError from psycopg.errors.DiskFull("could not extend file")
        return run(sql, *rest)

    with connection.execute_wrapper(execute):
        yield


def told(answer: Any) -> None:
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "300", "no-store")
    assert "存储空间已满，内容没有保存。请告诉管理员，稍后再发送一次。" in page


def table() -> dict[str, object]:
    file = SimpleUploadedFile("a.csv", "户主,门牌地址\n".encode() * 10)
    return {"request_id": str(new_id()), "kind": "households", "file": file}


def test_a_table_for_which_there_is_no_room_is_not_taken(cast: Cast, settings: Any) -> None:
    settings.FILE_UPLOAD_HANDLERS = [f"{HERE}.NoRoomForUploads"]
    clerk = cast.client("clerk")
    clerk.raise_request_exception = False
    told(clerk.post(reverse("intake:new"), table()))
    assert not ImportRun.objects.exists()


def test_a_report_with_a_picture_for_which_there_is_no_room_is_not_taken(cast: Cast, settings: Any) -> None:
    from tests.doorstep.conftest import make_door

    door = make_door(cast)
    before = Matter.objects.count()
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{HERE}.NoRoomForFiles"}}
    door.client.raise_request_exception = False
    told(door.send(photos=[SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")]))
    assert (Matter.objects.count(), Attachment.objects.count()) == (before, 0)


def test_a_full_database_is_told_to_whoever_sends_something(cast: Cast) -> None:
    clerk = cast.client("clerk")
    clerk.raise_request_exception = False
    with full_database():
        told(clerk.post(reverse("intake:new"), table()))
        part = clerk.post(reverse("intake:new"), table(), headers={"HX-Request": "true"})
    assert (part.status_code, part["X-Minqing-Alert"]) == (503, "1")
    assert "<html" not in part.content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", "/api/v1/matters"), ("post", "/partners/events"), ("get", "/open311/v2/requests.json")],
)
def test_a_program_is_told_in_its_own_form(method: str, path: str, client: Client, db: None) -> None:
    def full(*args: Any) -> None:
        raise OperationalError from psycopg.errors.DiskFull("could not extend file")

    client.raise_request_exception = False
    headers = {"Authorization": "Bearer mq_abc_def"}
    with connection.execute_wrapper(full):
        given = {"data": "{}", "content_type": "application/json"} if method == "post" else {}
        answer = getattr(client, method)(path, headers=headers, **given)
    assert (answer.status_code, answer["Retry-After"]) == (503, "300")
    if not path.startswith("/open311"):
        assert answer.json()["code"] == "no_room"
