"""Pictures and things that only look like pictures."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image

GPS = 0x8825
ORIENTATION = 274
COMMENT = b"CANARY-COMMENT"


def jpeg(size: tuple[int, int] = (400, 300), *, orientation: int = 1, quality: int = 90) -> bytes:
    """The upper left quarter is red; with a place, a camera and a comment in its metadata."""
    image = Image.new("RGB", size, "blue")
    image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "CANARY-MAKE"
    exif.get_ifd(GPS).update({1: "N", 2: (29.0, 35.0, 20.0), 3: "E", 4: (120.0, 49.0, 30.0), 29: "CANARY-GPS"})
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=COMMENT, quality=quality)
    return out.getvalue()


def saved(kind: str, image: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (image or Image.new("RGB", (40, 30), "green")).save(out, kind, **options)
    return out.getvalue()


def png_bomb(width: int = 10_000, height: int = 10_000) -> bytes:
    """A PNG that claims (and has) 100 million pixels of one bit each, in a few hundred bytes a row pack."""
    rows = zlib.compressobj(9)
    body = b"".join(rows.compress(b"\0" * (width // 8 + 1)) for _ in range(height)) + rows.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def with_zip(picture: bytes) -> bytes:
    out = io.BytesIO(picture)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("run.html", "<script>CANARY-SCRIPT</script>")
    return out.getvalue()
