"""Pictures of what is told, drawn by code: a hill, a road, and what is wrong with it. No database."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from random import Random
from typing import Final

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 960, 720
GROUND = 430
Draw = ImageDraw.ImageDraw
GREENS: Final = ("#7f9c6b", "#6d8d63", "#8aa577")


def scene(draw: Draw, random: Random, *, dark: bool) -> None:
    """Sky, two hills and a road that comes nearer."""
    top, low = ((28, 34, 52), (66, 74, 96)) if dark else ((176, 200, 214), (232, 234, 222))
    for y in range(GROUND):
        mixed = tuple(int(a + (b - a) * y / GROUND) for a, b in zip(top, low, strict=True))
        draw.line((0, y, WIDTH, y), fill=mixed)
    for height in (250, 150):
        edge = [(x, GROUND - height * random.uniform(0.6, 1)) for x in range(0, WIDTH + 120, 120)]
        draw.polygon([(0, GROUND), *edge, (WIDTH, GROUND)], fill="#32443f" if dark else random.choice(GREENS))
    draw.rectangle((0, GROUND, WIDTH, HEIGHT), fill="#3c4a3a" if dark else "#a9a07c")
    draw.polygon([(430, GROUND), (530, GROUND), (860, HEIGHT), (120, HEIGHT)], fill="#4a4c50" if dark else "#b9b6ae")


def lamp(draw: Draw, random: Random) -> None:
    for at, x in enumerate((250, 360, 430)):
        tall = 330 - at * 90
        draw.line((x, GROUND + 120 - at * 50, x, GROUND - tall + 60), fill="#20242b", width=12 - at * 3)
        draw.ellipse((x - 16, GROUND - tall + 40, x + 40, GROUND - tall + 64), fill="#2b3038")


def gap(draw: Draw, random: Random) -> None:
    edge = [(700 + random.uniform(-30, 30), y) for y in range(540, HEIGHT + 30, 30)]
    draw.polygon([*edge, (WIDTH, HEIGHT), (WIDTH, 540)], fill="#6f5a41")
    for _stone in range(24):
        x, y, size = random.uniform(680, 900), random.uniform(560, 710), random.uniform(6, 22)
        draw.ellipse((x, y, x + size, y + size * 0.7), fill=random.choice(("#8c8373", "#7a7162", "#9a917f")))


def stones(draw: Draw, random: Random) -> None:
    for _stone in range(14):
        x, y, size = random.uniform(420, 720), random.uniform(480, 660), random.uniform(25, 90)
        corners = [(x + size * dx, y + size * dy) for dx, dy in ((0, 0.4), (0.4, 0), (0.9, 0.2), (1, 0.7), (0.3, 0.9))]
        draw.polygon(corners, fill=random.choice(("#8c8373", "#77705f", "#a39a86")))


def puddle(draw: Draw, random: Random) -> None:
    for _pool in range(4):
        x, y, wide = random.uniform(250, 560), random.uniform(520, 640), random.uniform(90, 240)
        draw.ellipse((x, y, x + wide, y + wide * 0.28), fill="#8496a0")
        draw.ellipse((x + 8, y + 6, x + wide - 16, y + wide * 0.24), fill="#9fb0b8")


def waste(draw: Draw, random: Random) -> None:
    draw.rectangle((240, 420, 430, 640), fill="#3f6f5d")
    draw.rectangle((225, 400, 445, 430), fill="#355f50")
    for _bag in range(16):
        x, y, size = random.uniform(180, 480), random.uniform(360, 670), random.uniform(35, 80)
        draw.ellipse((x, y, x + size, y + size * 0.8), fill=random.choice(("#d8d4c6", "#5b5f66", "#b58a5a", "#e8e6df")))


def roof(draw: Draw, random: Random) -> None:
    draw.polygon([(180, 330), (480, 170), (780, 330)], fill="#5c5a58")
    draw.rectangle((220, 330, 740, 640), fill="#e5dfd0")
    for x in range(200, 770, 26):
        draw.line((x, 330, 480 + (x - 480) * 0.1, 180), fill="#4b4947", width=3)
    for _stain in range(5):
        at, long = random.uniform(250, 700), random.uniform(60, 200)
        draw.polygon([(at, 332), (at + 26, 332), (at + 18, 332 + long), (at + 6, 332 + long)], fill="#a79b82")


# by a word of the title
SUBJECTS: Final[dict[str, Callable[[Draw, Random], None]]] = {
    "路灯": lamp,
    "塌": gap,
    "边坡": gap,
    "落石": stones,
    "坑洼": puddle,
    "水沟": puddle,
    "溪水": puddle,
    "堵了": puddle,
    "垃圾": waste,
    "漏雨": roof,
}


def photo_of(title: str, random: Random) -> BytesIO | None:
    """A JPEG of what ``title`` tells; None where there is nothing to be seen."""
    subject = next((drawn for word, drawn in SUBJECTS.items() if word in title), None)
    if subject is None:
        return None
    image = Image.new("RGB", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(image)
    scene(draw, random, dark=subject is lamp)
    subject(draw, random)
    out = BytesIO()
    image.save(out, "JPEG", quality=82)
    out.seek(0)
    return out
