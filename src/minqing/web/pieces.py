"""Small things that a room hands over for another room's page: a number, something that waits, a way to go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from minqing.web.sparklines import Spark

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


# how something works that the operator looks after; the template has a word and a shape for each
WELL: Final = "well"
LOOK: Final = "look"
STOPPED: Final = "stopped"
OFF: Final = "off"


@dataclass(frozen=True)
class Figure:
    """A number with the link to its rows. ``value`` is a count or a share as text; ``note`` says of how many."""

    label: str
    value: int | str
    url: str
    note: str = ""
    light: str = ""


@dataclass(frozen=True)
class Stat:
    """A figure of a strip: the ``value`` with its ``unit``, its way as a spark, and as ``change`` what it was before.

    ``bad``: the number itself is bad news.
    """

    name: str
    value: int | str
    unit: str = ""
    url: str = ""
    change: str = ""
    spark: Spark | None = None
    bad: bool = False


@dataclass(frozen=True)
class Segment:
    """One of few things to choose from, side by side."""

    label: StrOrPromise
    url: str
    current: bool = False


@dataclass(frozen=True)
class Due:
    """A deadline in words as ``{% due %}`` draws it: ``kind`` is its look (late, today, soon, ok, none, paused, done,
    was-late), ``at`` the moment or day itself, which the reader finds behind the words and in print.
    """

    kind: str
    text: str
    at: datetime | date | None = None
    provisional: bool = False


@dataclass(frozen=True)
class Ask:
    """Something that waits for a decision of who reads the page, and is decided in place.

    ``kind`` says in two or three words what is asked, ``text`` what must be known to answer; ``html`` are the
    buttons and their forms, made by the room that asks. What is ``due`` first stands first.
    """

    id: str
    kind: StrOrPromise
    title: str
    url: str
    html: str
    text: str = ""
    due_at: datetime | None = None
    due: Due | None = None


@dataclass(frozen=True)
class Row:
    """Something that waits for who reads the page, with its deadline in words; first what is due first.

    ``sign`` says what waits with it, ``act`` is the word of the button that leads there, or to ``act_url``.
    """

    title: str
    url: str
    due_at: datetime | None = None
    due: Due | None = None
    notes: tuple[str, ...] = ()
    sign: str = ""
    act: str = ""
    act_url: str = ""


@dataclass(frozen=True)
class Button:
    """A way to go, in large letters; ``main`` is what most people come for."""

    label: StrOrPromise
    url: str
    icon: str
    main: bool = False


@dataclass(frozen=True)
class Channel:
    """A way by which this system reaches others: how it works (``state``), what was seen, and where it is seen to.

    ``act`` names what there is to do on that page, where there is something.
    """

    name: str
    state: str
    seen: str
    url: str
    at: datetime | None = None
    act: str = ""


def link(page: str, **query: object) -> str:
    """The list behind a figure, with the filter that the figure was counted with."""
    asked = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{reverse(page)}?{urlencode(asked)}" if asked else reverse(page)


def share(part: int, whole: int) -> str:
    """In whole per cent; never 100 while something is missing, never 0 while there is something."""
    if not whole:
        return "–"
    percent = part * 100 / whole
    rounded = round(percent)
    if part < whole and rounded == 100:
        rounded = 99
    return f"{max(rounded, 1) if part else 0} %"


def of(part: int, whole: int) -> str:
    return _("%(part)d of %(whole)d") % {"part": part, "whole": whole}


LAST = (gettext_lazy("{difference} than last period ({before})"), gettext_lazy("as in the last period ({before})"))
WEEK_AGO = (gettext_lazy("{difference} than a week ago"), gettext_lazy("as a week ago"))
START = (gettext_lazy("{difference} than at the start ({before})"), gettext_lazy("as at the start ({before})"))


def against(now: int, before: int, *, than: tuple[StrOrPromise, StrOrPromise] = LAST, more: str = "") -> str:
    """How a number stands to what it was, in a sentence; ``more`` says whether more of it is "good" or "bad" news."""
    if now == before:
        return format_html(str(than[1]), before=before)
    difference = abs(now - before)
    words = (
        ngettext("%(n)d more", "%(n)d more", difference)
        if now > before
        else ngettext("%(n)d fewer", "%(n)d fewer", difference)
    )
    return format_html(str(than[0]), difference=toned(words % {"n": difference}, now > before, more), before=before)


def points(now: int, before: int | None) -> str:
    """How a share in per cent stands to what it was; nothing where there was none."""
    if before is None:
        return ""
    difference = now - before
    if not difference:
        return _("as in the last period")
    words = (
        ngettext("%(n)d point higher", "%(n)d points higher", difference)
        if difference > 0
        else ngettext("%(n)d point lower", "%(n)d points lower", -difference)
    )
    return toned(words % {"n": abs(difference)}, difference > 0, "good")


def toned(words: str, grown: bool, more: str) -> str:
    """In bold, and in the colour of good or bad news."""
    if not more:
        return format_html("<b>{}</b>", words)
    return format_html('<b class="{}">{}</b>', "good" if grown == (more == "good") else "bad", words)
