"""Photos stay with a form in which something else is wrong, for whoever sent them and for nobody else."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.files.forms import SALT
from minqing.files.models import Attachment
from minqing.files.queries import unused_pictures
from minqing.matters.models import Evidence, Matter
from minqing.matters.services import drop_unused_pictures
from minqing.org.queries import system_actor
from tests.cast import Cast
from tests.doorstep.conftest import make_door
from tests.matters.lives import Life

pytestmark = pytest.mark.django_db


def photo(colour: str = "red") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "JPEG")
    return SimpleUploadedFile("灯<b>.jpg", file.getvalue(), "image/jpeg")


def kept(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]+)" checked', page)


def pictures(cast: Cast, matter: Matter | None = None) -> int:
    with cast.everything():
        return Evidence.objects.filter(**({"matter": matter} if matter else {})).count()


def test_a_resident_s_photos_stay_while_the_number_is_mended(cast: Cast) -> None:
    door = make_door(cast)
    typed = door.typed(phone="12")
    answer = door.client.post(f"{door.url}/report", typed | {"photos": [photo(), photo("blue")]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("data:image/jpeg;base64,") == 2
    assert "灯<b>" not in page
    assert pictures(cast) == 0
    first, second = kept(page, "kept-photos")
    # a second mistake keeps them again; one is left out, one comes new
    still = door.client.post(f"{door.url}/report", typed | {"kept-photos": [first, second]})
    assert len(kept(still.content.decode(), "kept-photos")) == 2
    good = typed | {"phone": "13800138000", "kept-photos": [second]}
    assert door.client.post(f"{door.url}/report", good | {"photos": [photo("green")]}).status_code == 302
    assert pictures(cast) == 2
    # the same again is the same
    assert door.client.post(f"{door.url}/report", good | {"photos": [photo("green")]}).status_code == 302
    assert pictures(cast) == 2


def test_a_name_that_was_not_signed_keeps_nothing(cast: Cast) -> None:
    door = make_door(cast)
    page = door.client.post(f"{door.url}/report", door.typed(phone="12", photos=[photo()])).content.decode()
    (right,) = kept(page, "kept-photos")
    stored = Attachment.objects.get()
    forged = signing.TimestampSigner(salt="another").sign(str(stored.pk))
    nowhere = signing.TimestampSigner(salt=SALT).sign(str(new_id()))
    for value in (str(stored.pk), forged, nowhere, right + "x", "\0"):
        assert door.send(**{"kept-photos": [value]}).status_code == 302
    assert pictures(cast) == 0


def test_more_than_a_form_takes_are_told_with_those_that_were_kept(cast: Cast) -> None:
    door = make_door(cast)
    colours = ["red", "green", "blue", "white", "black", "pink", "gold"]
    page = door.client.post(
        f"{door.url}/report", door.typed(phone="12", photos=[photo(one) for one in colours[:4]])
    ).content.decode()
    typed = {"kept-photos": kept(page, "kept-photos"), "photos": [photo(one) for one in colours[4:]]}
    answer = door.send(**typed)
    assert answer.status_code == 422
    assert "photos" in answer.context["form"].errors


def test_what_robots_send_is_not_stored(cast: Cast) -> None:
    door = make_door(cast)
    assert door.send(website="x", photos=[photo()]).status_code == 422
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("what", ["take in", "finish"])
def test_the_photos_of_those_who_work_on_it_stay_too(cast: Cast, what: str) -> None:
    matter = Life(cast).accepted()
    who, address, name, typed, wrong = {
        "take in": ("clerk", reverse("matters:new"), "photos",
                    {"channel": "counter", "text": "积水", "area": str(cast.own.pk)}, {"text": ""}),
        "finish": ("handler", reverse("matters:move", args=[matter.pk, "finish"]), "evidence",
                   {"reply": "修好了", "outcome": "solved"}, {"reply": ""}),
    }[what]  # fmt: skip
    client, first = cast.client(who), typed | {"request_id": str(new_id())}
    answer = client.post(address, first | wrong | {name: [photo()]})
    assert answer.status_code == 422
    tokens = kept(answer.content.decode(), f"kept-{name}")
    assert len(tokens) == 1
    assert client.post(address, first | {f"kept-{name}": tokens}).status_code == 302
    assert pictures(cast) == 1


def test_what_no_record_came_to_hold_is_deleted_after_a_week(cast: Cast) -> None:
    door = make_door(cast)
    door.send(phone="12", photos=[photo()])
    door.reported(photos=[photo("blue")])
    with cast.everything():
        assert Attachment.objects.count() == 2
        assert unused_pictures(before=clock.now() + timedelta(seconds=1)).count() == 1
    by: Any = system_actor("matters.drop_pictures")
    assert drop_unused_pictures(by=by) == 0
    assert drop_unused_pictures(by=by, now=clock.now() + timedelta(days=8)) == 1
    with cast.everything():
        assert Attachment.objects.count() == Evidence.objects.count() == 1
