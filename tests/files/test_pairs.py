"""One picture from two windows, in both orders."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from minqing.core.ids import new_id
from minqing.files import services
from minqing.files.models import Attachment
from tests.files.pictures import jpeg
from tests.pairs import Pair, Scenes, Stage, play, stage

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


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
