"""What is kept of a picture, and what is refused."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils.datastructures import MultiValueDict
from PIL import Image

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, NotFound, SentBefore
from minqing.core.ids import new_id
from minqing.files import images
from minqing.files.forms import PicturesField
from minqing.files.images import make_picture
from minqing.files.models import Attachment
from minqing.files.responses import picture_response
from minqing.files.services import delete_pictures, store_picture, store_pictures, sweep_orphans
from minqing.journal.models import Event
from tests.files.pictures import COMMENT, jpeg, png_bomb, saved, with_zip

CADRE = Actor(id=uuid4(), kind="user", name="王建国")
VISITOR = Actor(id=None, kind="resident", name="")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    """Not the folder of the other tests: what lies in it is counted here."""
    default = settings.STORAGES["default"]
    options = default["OPTIONS"] | {"location": tmp_path}
    settings.STORAGES = settings.STORAGES | {"default": default | {"OPTIONS": options}}


def files() -> list[Path]:
    return sorted(path for path in Path(default_storage.location).rglob("*") if path.is_file())


def store(data: bytes, *, name: str = "photo.jpg", by: Actor = CADRE, **more: object) -> Attachment:
    return store_picture(id=new_id(), upload=io.BytesIO(data), name=name, by=by, **more)


def make(data: bytes, name: str = "x.jpg") -> Image.Image:
    return Image.open(io.BytesIO(make_picture(io.BytesIO(data), name=name).full))


def code_of(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        make_picture(io.BytesIO(data), name="x.jpg")
    assert str(refused.value.sentence)
    return refused.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_of_photo_becomes_a_jpeg(kind: str) -> None:
    assert make(saved(kind)).format == "JPEG"


def test_a_large_photo_is_made_smaller_with_a_thumbnail() -> None:
    made = make_picture(io.BytesIO(jpeg((4000, 3000))), name="a.jpg")
    assert (made.width, made.height) == (2000, 1500)
    assert Image.open(io.BytesIO(made.thumbnail)).size == (320, 240)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_taken_with_the_phone_on_its_side_is_upright(orientation: int) -> None:
    raw = Image.open(io.BytesIO(jpeg((400, 300), orientation=orientation)))
    from PIL import ImageOps

    expected = ImageOps.exif_transpose(raw).convert("RGB")
    made = make(jpeg((400, 300), orientation=orientation))
    assert made.size == expected.size
    for x, y in [(0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)]:
        point = int(x * made.width), int(y * made.height)
        assert all(abs(a - b) < 40 for a, b in zip(made.getpixel(point), expected.getpixel(point), strict=True))


def test_what_is_see_through_becomes_white() -> None:
    image = make(saved("PNG", Image.new("RGBA", (40, 30), (0, 0, 0, 0))))
    assert min(image.getpixel((5, 5))) > 250


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "I;16", "CMYK"])
def test_unusual_colours_are_read(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert make(saved(kind, Image.new(mode, (40, 30)))).mode == "RGB"


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    image = make(saved("WEBP", frames[0], save_all=True, append_images=frames[1:]))
    assert getattr(image, "n_frames", 1) == 1
    assert image.getpixel((5, 5))[0] > 200


@pytest.mark.fault(40)
def test_the_place_and_everything_else_beside_the_pixels_is_gone() -> None:
    sent = jpeg()
    assert b"CANARY-GPS" in sent
    made = make_picture(io.BytesIO(sent), name="a.jpg")
    for kept in (made.full, made.thumbnail):
        image = Image.open(io.BytesIO(kept))
        assert b"CANARY" not in kept
        assert COMMENT not in kept
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.fault(40)
def test_a_bomb_of_a_hundred_megapixels_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = png_bomb()
    assert len(bomb) < 100_000

    def never(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(images, "shrunk", never)
    assert code_of(bomb) == "picture_too_many_pixels"
    # between the limit and twice the limit Pillow itself would only warn
    assert code_of(png_bomb(8_000, 7_000)) == "picture_too_many_pixels"


@pytest.mark.fault(40)
@pytest.mark.parametrize(("width", "height"), [(1, 1_000_000), (1_000_000, 1), (6_000, 5_000)])
def test_a_thin_picture_or_one_that_must_be_held_as_a_whole_is_refused_sooner(width: int, height: int) -> None:
    """Each line costs memory of its own: 47 KB of one pixel by 25 million took more than two gigabytes."""
    assert code_of(png_bomb(width, height)) == "picture_too_many_pixels"
    assert make_picture(io.BytesIO(jpeg((20_000, 40))), name="a.jpg").width == images.LONGEST, "a panorama is read"


def in_passes(times: int) -> bytes:
    """A photo that comes in passes, the last of them as often."""
    whole = saved("JPEG", Image.new("RGB", (300, 200), "green"), progressive=True)
    last = whole.rfind(b"\xff\xda")
    return whole[:last] + whole[last:-2] * times + whole[-2:]


@pytest.mark.fault(40)
def test_a_photo_of_passes_without_end_is_refused_before_it_is_decoded() -> None:
    assert images.passes(in_passes(1)) in range(4, 20)
    assert make_picture(io.BytesIO(in_passes(1)), name="a.jpg").width == 300
    assert code_of(in_passes(200)) == "picture_too_many_passes"
    # what stands behind a photo is not looked at: phones put a film there
    assert make_picture(io.BytesIO(jpeg() + b"\xff\xda\0\2" * 200), name="a.jpg").width == 400


@pytest.mark.fault(40)
def test_a_picture_that_is_also_a_zip_or_a_page_is_only_a_picture_afterwards() -> None:
    polyglot = with_zip(jpeg()) + b"<html><script>CANARY-SCRIPT</script>"
    assert zipfile.is_zipfile(io.BytesIO(with_zip(jpeg())))
    kept = make_picture(io.BytesIO(polyglot), name="a.jpg").full
    assert not zipfile.is_zipfile(io.BytesIO(kept))
    assert b"CANARY" not in kept


@pytest.mark.fault(40)
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "picture_empty"),
        (b"no picture at all", "picture_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "picture_unreadable"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 200, "picture_unreadable"),
        (b"GIF89a" + b"\0" * 100, "picture_unreadable"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "picture_unreadable"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 100, "picture_heic"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(data: bytes, code: str) -> None:
    assert code_of(data) == code


@pytest.mark.fault(40)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_cut_off_on_the_way_is_refused_or_read_but_never_breaks_anything(kind: str) -> None:
    whole = jpeg() if kind == "JPEG" else saved(kind, Image.effect_noise((120, 90), 60).convert("RGB"))
    for end in range(1, len(whole) - 20, max(len(whole) // 40, 1)):
        with contextlib.suppress(Invalid):
            make_picture(io.BytesIO(whole[:end]), name="x.jpg")


def test_a_file_of_more_than_20_megabytes_is_not_even_read_to_its_end() -> None:
    class Endless:
        asked = 0

        def read(self, size: int = -1) -> bytes:
            self.asked += size
            return b"\xff" * size

    endless = Endless()
    with pytest.raises(Invalid) as refused:
        make_picture(endless, name="x.jpg")
    assert refused.value.code == "picture_too_big"
    assert endless.asked == images.MAX_BYTES + 1


@pytest.mark.fault(41)
@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..\\..\\boot.ini", "/etc/shadow", "a\0b.jpg", "村" * 300 + ".jpg", "CON.jpg", "", "x.php"],
)
def test_a_name_never_becomes_a_path(name: str) -> None:
    kept = store(jpeg(), name=name)
    assert kept.name.endswith(".jpg")
    assert not set(kept.name) & set('/\\\0"')
    assert len(kept.name) <= 120
    root = Path(default_storage.location)
    assert [path.relative_to(root).parts for path in files()]
    for path in files():
        assert len(path.relative_to(root).parts) == 3
        assert path.name.split(".")[0].isalnum()
    header = picture_response(attachment_id=kept.id)["Content-Disposition"]
    assert header.startswith("attachment")
    assert "\n" not in header


@pytest.mark.django_db
def test_the_same_id_again_is_the_same_picture() -> None:
    id = new_id()
    first = store_picture(id=id, upload=io.BytesIO(jpeg()), name="a.jpg", by=CADRE)
    again = store_picture(id=id, upload=io.BytesIO(jpeg()), name="b.jpg", by=CADRE)
    with pytest.raises(SentBefore):
        store_picture(id=id, upload=io.BytesIO(jpeg((50, 20))), name="b.jpg", by=CADRE)
    assert first.pk == again.pk
    assert len(files()) == 2
    assert Event.objects.filter(type="files.picture.stored").count() == 1


@pytest.mark.django_db
def test_pictures_are_for_the_server_s_own_user_alone() -> None:
    store(jpeg())
    assert {one.stat().st_mode & 0o777 for one in files()} == {0o600}
    assert {one.parent.stat().st_mode & 0o777 for one in files()} == {0o700}


@pytest.mark.django_db
def test_an_id_of_somebody_else_is_refused() -> None:
    kept = store(jpeg())
    with pytest.raises(Conflict):
        store_picture(id=kept.id, upload=io.BytesIO(jpeg()), name="a.jpg", by=VISITOR)


@pytest.mark.django_db
def test_the_same_photo_from_the_same_person_is_kept_once_a_day() -> None:
    now = clock.now()
    first = store(jpeg(), at=now)
    assert store(jpeg(), at=now + timedelta(hours=1)).pk == first.pk
    assert store(jpeg(), at=now + timedelta(hours=25)).pk != first.pk
    other = Actor(id=uuid4(), kind="user", name="李秀英")
    assert store(jpeg(), by=other, at=now).pk != first.pk


@pytest.mark.django_db
def test_people_without_an_account_never_share_a_photo() -> None:
    assert store(jpeg(), by=VISITOR).pk != store(jpeg(), by=VISITOR).pk


@pytest.mark.django_db
def test_a_row_that_is_refused_leaves_no_files() -> None:
    far_too_long = Actor(id=None, kind="system", name="x" * 200)
    with pytest.raises(DatabaseError), transaction.atomic():
        store(jpeg(), by=far_too_long)
    assert files() == []


@pytest.mark.django_db
def test_what_a_rolled_back_request_left_is_swept_a_day_later() -> None:
    kept = store(jpeg())
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        store(saved("PNG"))
        raise ZeroDivisionError
    assert len(files()) == 4
    assert sweep_orphans() == 0
    assert sweep_orphans(now=clock.now() + timedelta(days=2)) == 2
    assert picture_response(attachment_id=kept.id).status_code == 200


@pytest.mark.django_db
def test_erased_pictures_leave_no_file(django_capture_on_commit_callbacks: object) -> None:
    kept = store(jpeg())
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert delete_pictures(ids=[kept.id], by=CADRE) == 1
    assert files() == []
    with pytest.raises(NotFound):
        picture_response(attachment_id=kept.id)


@pytest.mark.django_db
def test_a_picture_is_handed_out_as_an_attachment_for_nobodys_cache_but_the_readers() -> None:
    kept = store(jpeg(), name="村口 路灯.png")
    response = picture_response(attachment_id=kept.id, thumbnail=True)
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"].startswith("private")
    assert Image.open(io.BytesIO(response.content)).size == (320, 240)


@pytest.mark.django_db
def test_a_row_whose_file_is_lost_is_not_found() -> None:
    kept = store(jpeg())
    for path in files():
        path.unlink()
    with pytest.raises(NotFound):
        picture_response(attachment_id=kept.id)


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


@pytest.mark.django_db
def test_a_form_with_two_photos_sent_twice_keeps_two() -> None:
    request_id = new_id()
    for _ in range(2):
        pictures = PicturesField().clean([upload("a.jpg", jpeg()), upload("b.png", saved("PNG"))])
        ids = store_pictures(request_id=request_id, pictures=pictures, by=VISITOR)
    assert len(set(ids)) == 2
    assert Attachment.objects.count() == 2


def test_each_photo_that_cannot_be_read_is_named() -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        PicturesField().clean([upload("bad.jpg", b"x"), upload("good.jpg", jpeg()), upload("big.png", png_bomb())])
    assert [error.code for error in refused.value.error_list] == ["picture_unreadable", "picture_too_many_pixels"]
    assert str(refused.value.messages[0]).startswith("bad.jpg: ")


def test_a_seventh_photo_is_refused() -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        PicturesField().clean([upload(f"{n}.jpg", jpeg()) for n in range(7)])
    assert refused.value.code == "too_many"


def test_the_field_works_inside_a_form_and_its_part() -> None:
    from django.template.loader import render_to_string

    from minqing.web.forms import OnceForm

    class Report(OnceForm):
        photos = PicturesField()

    form = Report({}, MultiValueDict({"photos": [upload("bad.jpg", b"x")]}))
    assert not form.is_valid()
    html = render_to_string("files/parts/pictures.html", {"field": form["photos"]})
    assert 'name="photos"' in html
    assert 'data-max="6"' in html
    assert "bad.jpg: " in html
    several = MultiValueDict({"photos": [upload("a.jpg", jpeg()), upload("b.jpg", saved("JPEG"))]})
    filled = Report({"request_id": str(new_id())}, several)
    assert filled.is_valid()
    assert len(filled.cleaned_data["photos"]) == 2


def test_pictures_are_kept_in_a_folder_that_no_address_leads_to() -> None:
    assert settings.STORAGES["default"]["OPTIONS"]["base_url"] is None
