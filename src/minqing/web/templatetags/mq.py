"""Template tags of the design system: ``{% load mq %}``."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, gettext_noop
from django.utils.translation import gettext as _

from minqing.core.clock import today
from minqing.web.nav import NavItem
from minqing.web.texts import texts

register = template.Library()

_LIGHTS = {
    # colour: (icon, the word when the caller gives none)
    "green": ("check-circle-fill", gettext_lazy("On time")),
    "yellow": ("exclamation-triangle-fill", gettext_lazy("Due soon")),
    "red": ("exclamation-octagon-fill", gettext_lazy("Overdue")),
    "grey": ("dash-circle", gettext_lazy("No deadline")),
    "blue": ("info-circle-fill", gettext_lazy("In progress")),
}
_STYLESHEETS = {"map": "dist/map.css", "geo": "dist/map.css"}
_ALERTS = {"error": "danger", "debug": "secondary"}
_ALERT_ICONS = {
    "success": "check-circle-fill",
    "warning": "exclamation-triangle-fill",
    "error": "x-octagon-fill",
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """``{% icon "house" %}``: decoration; with a second argument it is read aloud as that word."""
    href = f"{_sprite()}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return _decoration(href)


@lru_cache(maxsize=1024)
def _decoration(href: str) -> SafeString:
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href)


def _sprite() -> str:
    """Address of the icons, kept with the storage: a page has seventy of them and each would hash it anew."""
    known: str | None = getattr(staticfiles_storage, "_icons", None)
    if known is None:
        known = static("dist/icons.svg")
        staticfiles_storage._icons = known  # type: ignore[attr-defined]
    return known


@register.filter
def options(groups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """The options of a select as Django's widget groups them, escaped, in one go."""
    parts = []
    for name, choices, _index in groups:
        made = "".join(
            f'<option value="{escape(str(one["value"]))}"{" selected" if one["selected"] else ""}>'
            f"{escape(str(one['label']))}</option>"
            for one in choices
        )
        parts.append(f'<optgroup label="{escape(name)}">{made}</optgroup>' if name else made)
    # each piece is escaped above
    return mark_safe("".join(parts))  # noqa: S308


@register.filter
def light(colour: str, text: object = "") -> SafeString:
    """``{{ "red"|light }}`` or ``{{ colour|light:"3 days late" }}``: always icon and word too."""
    key = str(colour) if str(colour) in _LIGHTS else "grey"
    name, word = _LIGHTS[key]
    return _lamp(key, icon(name), str(text or word))


@lru_cache(maxsize=1024)
def _lamp(key: str, icon: SafeString, word: str) -> SafeString:
    return format_html('<span class="light light-{}">{} {}</span>', key, icon, word)


@register.filter
def cells(values: Iterable[object], headings: Iterable[object]) -> SafeString:
    """``{{ row|cells:headings }}``: the cells of a table's row, each with its heading for the cards on a phone."""
    made = (
        f'<td data-label="{escape(str(heading))}">{value if isinstance(value, SafeString) else escape(str(value))}</td>'
        for value, heading in zip(values, headings, strict=True)
    )
    # each piece is escaped above
    return mark_safe("".join(made))  # noqa: S308


_NEAR = {0: gettext_noop("today"), -1: gettext_noop("yesterday"), 1: gettext_noop("tomorrow")}


@register.filter
def when(moment: dt.datetime | None) -> SafeString | str:
    """Today and yesterday by word, else the date; the full local time in the title."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    now = today()
    days = (local.date() - now).days
    word = escape(_(_NEAR[days])) if days in _NEAR else _day_word(local.date(), now.year, get_language())
    stamp = local.isoformat(" ", timespec="minutes")
    # figures, and words escaped already
    return mark_safe(  # noqa: S308
        f'<time datetime="{local.isoformat(timespec="seconds")}" title="{stamp[:16]}">{word} {stamp[11:16]}</time>'
    )


@register.filter
def localday(day: dt.date | dt.datetime | None) -> SafeString | str:
    """A day with its weekday, in the business zone: 10月3日 星期六."""
    if day is None:
        return ""
    if isinstance(day, dt.datetime):
        day = timezone.localtime(day).date()
    return _whole_day(day, today().year, get_language())


# a page names the same few days over and over, and a format is looked up anew for each of them
@lru_cache(maxsize=4096)
def _day_word(day: dt.date, year: int, language: str) -> str:
    return escape(date_format(day, "MONTH_DAY_FORMAT" if day.year == year else "DATE_FORMAT"))


@lru_cache(maxsize=4096)
def _whole_day(day: dt.date, year: int, language: str) -> SafeString:
    word = SafeString(_day_word(day, year, language))
    return format_html('<time datetime="{}">{} {}</time>', day.isoformat(), word, date_format(day, "l"))


@register.simple_tag
def figure(value: object, label: str, url: str = "", *, note: str = "", icon: str = "", light: str = "") -> SafeString:
    """``{% figure 12 _("Overdue") url light="red" %}``: a number that leads to its rows."""
    context = {"value": value, "label": label, "url": url, "note": note, "icon": icon, "light": light}
    return SafeString(render_to_string("web/parts/figure.html", context).strip())


@register.simple_tag(takes_context=True)
def module(context: template.Context, name: str) -> SafeString:
    """``{% module "map" %}`` in ``{% block modules %}``: loads one of frontend/*.js with its style sheet."""
    sheets = format_html_join(
        "",
        '<link rel="stylesheet" href="{}">',
        [(static(_STYLESHEETS[name]),)] if name in _STYLESHEETS else [],
    )
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return sheets + format_html('<script type="module" nonce="{}" src="{}"></script>', nonce, static(f"dist/{name}.js"))


@register.simple_tag
def browser_texts() -> SafeString:
    """The sentences of the browser's modules as JSON in the page."""
    return _browser_texts(get_language())


@lru_cache(maxsize=8)
def _browser_texts(language: str) -> SafeString:
    return json_script(texts(), "browser-texts")


@register.simple_tag
def htmx_config() -> dict[str, Any]:
    """HTMX without eval, without inline styles, without copies of pages; 422 shows form errors."""
    return {
        "includeIndicatorStyles": False,
        "allowEval": False,
        "allowScriptTags": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
        "timeout": 20000,
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "422", "swap": True},
            {"code": "[45]..", "swap": False, "error": True},
        ],
    }


@register.filter
def alert_kind(level: str) -> str:
    """Django's message level as Bootstrap's name."""
    return _ALERTS.get(level, level or "info")


@register.filter
def alert_icon(level: str) -> str:
    return _ALERT_ICONS.get(level, "info-circle-fill")


@register.simple_tag
def nav_link(item: NavItem) -> SafeString:
    """One entry of the navigation; a page shows each of them twice."""
    current = ' aria-current="page"' if item.active else ""
    count = f'<span class="count">{"99+" if item.count > 99 else item.count}</span>' if item.count else ""
    # each piece is escaped here, or made of figures
    return mark_safe(  # noqa: S308
        f'<a class="nav-item-link" href="{escape(item.url)}"{current}>{icon(item.icon)}'
        f"<span>{escape(str(item.label))}</span>{count}</a>"
    )


@register.filter
def after(items: Any, count: int) -> list[Any]:
    """``{{ nav|after:4 }}``: the rest of a list."""
    return list(items or [])[count:]


@register.filter
def language_name(name: str, code: str) -> str:
    """Each language in its own words, whatever the page's language is."""
    return {"zh-hans": "简体中文", "zh-hant": "繁體中文", "en": "English"}.get(code, name)


@register.simple_tag
def json_attribute(value: Any) -> str:
    """JSON for an attribute in double quotes; the template escapes it."""
    return json.dumps(value, separators=(",", ":"))


@register.filter
def labelled(row: Sequence[Any], headings: Sequence[Any]) -> list[tuple[Any, Any]]:
    return list(zip(headings, row, strict=True))


@register.filter
def chart_rows(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The chart's figures as rows of a table: its alternative for those who cannot see it."""
    links = data.get("links") or [""] * len(data["categories"])
    columns = [series["values"] for series in data["series"]]
    cells = zip(*columns, strict=True) if columns else [()] * len(links)
    return [
        {"label": label, "link": link, "values": values}
        for label, link, values in zip(data["categories"], links, cells, strict=True)
    ]
