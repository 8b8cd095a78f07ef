"""The looks in which a page is opened, and what is wrong with it in one of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Look:
    """A screen and the choices of who sits before it. ``root`` is the browser's own size of text in per cent."""

    name: str
    width: int
    height: int
    dark: bool = False
    large: bool = False
    root: int = 100


DESK = Look("desk", 1440, 900)
DARK = Look("dark", 1440, 900, dark=True)
PHONE = Look("phone", 390, 844)
LARGE = Look("large", 390, 844, large=True)
# WCAG 1.4.4: text twice as large as it comes
TWICE = Look("twice", 390, 844, root=200)
PICTURED = (DESK, DARK, PHONE, LARGE)
LOOKS = (*PICTURED, TWICE)

PUT_ON = """([dark, large, root]) => {
  const html = document.documentElement
  html.dataset.bsTheme = dark ? 'dark' : 'light'
  if (large) html.dataset.text = 'large'; else delete html.dataset.text
  html.style.fontSize = ''
  if (root != 100) html.style.fontSize = parseFloat(getComputedStyle(html).fontSize) * root / 100 + 'px'
  window.scrollTo(0, 0)
}"""
WRONG = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def put_on(page: Any, look: Look) -> None:
    page.set_viewport_size({"width": look.width, "height": look.height})
    page.evaluate(PUT_ON, [look.dark, look.large, look.root])


def wrong(page: Any, look: Look) -> list[str]:
    """What cannot be read of the page that stands open in ``look``."""
    return [f"{look.name}: {one}" for one in page.evaluate(WRONG, [look.width < 600, look.root > 100])]
