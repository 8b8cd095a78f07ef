"""Sheets of many pictures, to look over the pages that ``make pictures`` has kept.

    contact_sheets.py FOLDER

FOLDER has a folder for each role with ``<page>.<look>.png``; beside it come ``sheets/<role>.<look>.<n>.png``.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

from PIL import Image, ImageDraw

# how many beside each other, how wide, and how much of the height of a page is shown
ACROSS = {"desk": 3, "dark": 3, "phone": 6, "large": 6}
WIDE = {"desk": 640, "dark": 640, "phone": 300, "large": 300}
TALL = {"desk": 480, "dark": 480, "phone": 700, "large": 700}
ROWS, NAME = 3, 18


def sheets(folder: Path) -> int:
    found: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in sorted(folder.glob("*/*.png")):
        if path.parent.name != "sheets":
            found[path.parent.name, path.stem.rpartition(".")[2]].append(path)
    (folder / "sheets").mkdir(exist_ok=True)
    for (role, look), paths in found.items():
        each = ACROSS[look] * ROWS
        for number, start in enumerate(range(0, len(paths), each)):
            sheet(paths[start : start + each], look).save(folder / "sheets" / f"{role}.{look}.{number}.png")
    return len(found)


def sheet(paths: list[Path], look: str) -> Image.Image:
    wide, tall = WIDE[look], TALL[look]
    made = Image.new("RGB", (ACROSS[look] * (wide + 8), -(-len(paths) // ACROSS[look]) * (tall + NAME + 8)), "#888888")
    draw = ImageDraw.Draw(made)
    for at, path in enumerate(paths):
        x, y = at % ACROSS[look] * (wide + 8), at // ACROSS[look] * (tall + NAME + 8)
        with Image.open(path) as picture:
            scaled = picture.convert("RGB").resize((wide, picture.height * wide // picture.width))
        made.paste(scaled.crop((0, 0, wide, tall)), (x, y + NAME))
        draw.text((x + 4, y + 3), path.name[:90].encode("ascii", "replace").decode(), fill="#ffffff")
    return made


if __name__ == "__main__":
    sheets(Path(sys.argv[1]))
