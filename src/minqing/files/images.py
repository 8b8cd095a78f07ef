"""From bytes that somebody sent to two JPEGs of our own making. Knows no database.

A file is never kept as it came: a picture that is also a zip or a page of HTML, a place hidden in its EXIF data,
a comment or a second frame do not survive being decoded, scaled and written anew.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from django.utils.translation import gettext_lazy as _
from PIL import Image

from minqing.core.errors import Invalid
from minqing.core.text import safe_filename

MAX_BYTES = 20 * 1024 * 1024
# a phone's 50 megapixel sensor just passes; decoded that is 150 MB
MAX_PIXELS = 50_400_000
# a PNG or WebP is held as a whole, four bytes a pixel and more with transparency; no phone takes photos as these
MAX_PIXELS_WHOLE = 25_200_000
# a line costs some hundred bytes, however short: 25 million lines of one pixel took two gigabytes
MAX_SIDE = 40_000
# of a JPEG that comes in passes: programs write ten, and each costs as much as the whole picture
MAX_PASSES = 40
LONGEST = 2000
THUMBNAIL = 320
QUALITY = 82
NAME_LENGTH = 120
FORMATS = ("JPEG", "PNG", "WEBP")
# with a second picture behind it a JPEG goes by another name
JPEGS = frozenset({"JPEG", "MPO"})
# the kinds of ISO 14496-12 files that phones save instead of JPEG
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
# in what is packed, FF is followed by 00 or counts the restarts
MARKER = re.compile(rb"\xff+[^\x00\x01\xd0-\xd8\xff]")
END, SCAN = 0xD9, 0xDA
# EXIF orientation → what turns the picture upright
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made anew: ``full`` and ``thumbnail`` are JPEG files, ``sha256`` is of the bytes as sent."""

    name: str
    full: bytes
    thumbnail: bytes
    width: int
    height: int
    sha256: str


def make_picture(upload: Readable | BinaryIO, *, name: str) -> Picture:
    """Read, check and re-encode ``upload``; :class:`Invalid` with a sentence when it is no usable picture."""
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Invalid("picture_too_big", _("This photo is larger than 20 MB. Choose a smaller one."))
    if not data:
        raise Invalid("picture_empty", _("This file is empty. Choose the photo again."))
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise Invalid("picture_heic", _("This kind of photo (HEIC) cannot be read. Save it as JPEG and send it again."))
    picture = decode(data)
    small = picture.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    return Picture(
        name=display_name(name),
        full=jpeg(picture),
        thumbnail=jpeg(small),
        width=picture.width,
        height=picture.height,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def decode(data: bytes) -> Image.Image:
    """The first frame, upright, at most :data:`LONGEST` pixels long, without anything but its pixels."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            check_pixels(image)
            check_passes(data, image.format)
            turn = TURNS.get(orientation(image))
            # a JPEG is decoded at a half, a quarter or an eighth: 50 megapixels need not be held
            image.draft("RGB", (LONGEST, LONGEST))
            small = shrunk(image)
            upright = small.transpose(turn) if turn is not None else small
            # a fresh image: comment, EXIF, XMP and colour profile stay behind
            clean = Image.new("RGB", upright.size, "white")
            clean.paste(upright, mask=upright.getchannel("A") if upright.mode == "RGBA" else None)
            return clean
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise too_many_pixels() from None
    except Invalid:
        raise
    except Exception:
        # decoders answer a broken file with whatever comes: OSError, SyntaxError, struct.error, IndexError …
        raise Invalid(
            "picture_unreadable", _("This is not a photo, or the file is damaged. Send a JPEG or PNG photo.")
        ) from None


def check_pixels(image: Image.Image) -> None:
    """Only the header is read by now."""
    most = MAX_PIXELS if image.format in JPEGS else MAX_PIXELS_WHOLE
    if image.width * image.height > most or max(image.size) > MAX_SIDE:
        raise too_many_pixels()


def check_passes(data: bytes, kind: str | None) -> None:
    if kind in JPEGS and passes(data) > MAX_PASSES:
        raise Invalid(
            "picture_too_many_passes", _("This photo is made in an unusual way. Open it, save it anew and send that.")
        )


def passes(data: bytes) -> int:
    """Scans of a JPEG (ITU-T T.81, B.1.1), up to its end or to where they are too many."""
    count, place = 0, 2
    while count <= MAX_PASSES and (found := MARKER.search(data, place)):
        kind = data[found.end() - 1]
        if kind == END:
            break
        count += kind == SCAN
        # what is told ahead of a scan has a length, and may hold a small picture of its own
        length = int.from_bytes(data[found.end() : found.end() + 2], "big")
        place = found.end() + length
    return count


def orientation(image: Image.Image) -> int:
    """How the phone was held (EXIF 274): 1 upright. Broken EXIF data is no reason to refuse a photo."""
    try:
        return int(image.getexif().get(274, 1))
    except Exception:
        return 1


def shrunk(image: Image.Image) -> Image.Image:
    see_through = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    mode = "RGBA" if see_through else "RGB"
    small = image if image.mode == mode else image.convert(mode)
    small.thumbnail((LONGEST, LONGEST), reducing_gap=2.0)
    return small


def jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def display_name(name: str) -> str:
    """What is shown and offered at download: never a path, always ``.jpg``, which it now is."""
    safe = safe_filename(name)
    stem = safe.rpartition(".")[0] or safe
    return f"{stem[: NAME_LENGTH - 4]}.jpg"


def too_many_pixels() -> Invalid:
    return Invalid("picture_too_many_pixels", _("This picture has far too many pixels. Choose a smaller one."))
