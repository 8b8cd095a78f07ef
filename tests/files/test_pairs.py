"""One picture from two windows, in both orders."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction

from minqing.core.ids import new_id
from minqing.files import services
from minqing.files.models import Attachment
from tests.files.pictures import jpeg
from tests.pairs import Pair, Scenes, Stage, job, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def stored(id: Any) -> dict[str, Any]:
    return {"id": id, "upload": io.BytesIO(jpeg((40, 30))), "name": "a.jpg", "by_content": False}


@SCENES.of(services.store_picture)
def the_same_picture_stored_twice(stage: Stage) -> Pair:
    id = new_id()
    calls: list[Callable[[], Any]] = [stage.call("cadre", services.store_picture, **stored(id)) for _n in range(2)]

    def look(*ends: Any) -> None:
        assert ends[0].pk == ends[1].pk == Attachment.objects.get(pk=id).pk

    return Pair(*calls, look)


@SCENES.of(services.delete_pictures)
def the_same_picture_deleted_twice(stage: Stage) -> Pair:
    row = stage.done("cadre", services.store_picture, **stored(new_id()))
    with transaction.atomic():
        assert Attachment.objects.filter(pk=row.pk).exists()
    call = stage.call("system", services.delete_pictures, ids=[row.pk])

    def look(*ends: Any) -> None:
        assert sorted(ends) == [0, 1]
        assert not Attachment.objects.filter(pk=row.pk).exists()

    return Pair(call, call, look)


@SCENES.of(services.store_picture, jobs=["minqing.files.tasks.sweep"])
def swept_while_a_picture_comes(stage: Stage) -> Pair:
    id = new_id()

    def look(_swept: Any, kept: Any) -> None:
        row = Attachment.objects.get(pk=id)
        assert all(default_storage.exists(name) for name in (row.stored, row.thumbnail))
        assert kept.pk == id

    return Pair(job("minqing.files.tasks.sweep"), stage.call("cadre", services.store_picture, **stored(id)), look)


@SCENES.of(services.delete_pictures, jobs=["minqing.files.tasks.sweep"])
def swept_while_a_picture_goes(stage: Stage) -> Pair:
    row = stage.done("cadre", services.store_picture, **stored(new_id()))

    def look(*_ends: Any) -> None:
        assert not default_storage.exists(row.stored)

    call = stage.call("system", services.delete_pictures, ids=[row.pk])
    return Pair(job("minqing.files.tasks.sweep"), call, look)


class Emptied(FileSystemStorage):
    """Somebody deletes what was just listed."""

    def listdir(self, path: str) -> Any:
        folders, files = super().listdir(path)
        for name in files:
            self.delete(f"{path}/{name}")
        return folders, files


def test_a_file_that_goes_while_the_sweep_looks_at_it_is_no_trouble(
    stage: Stage, settings: Any, tmp_path: Path
) -> None:
    row = stage.done("cadre", services.store_picture, **stored(new_id()))
    with transaction.atomic():
        Attachment.objects.filter(pk=row.pk).delete()
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{Emptied.__module__}.{Emptied.__name__}"}}
    assert services.sweep_orphans(older_than=timedelta()) == 0


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
