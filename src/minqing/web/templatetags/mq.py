"""Template tags of the design system: ``{% load mq %}``."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.forms.utils import flatatt
from django.forms.widgets import ChoiceWidget
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape, format_html, format_html_join, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, gettext_noop
from django.utils.translation import gettext as _

from minqing.core.clock import SHANGHAI, today
from minqing.web.fragment_cache import render_cached
from minqing.web.nav import NavItem, grouped
from minqing.web.pieces import Due
from minqing.web.slots import parts, parts_for
from minqing.web.texts import texts
from minqing.web.undo import undo_of

register = template.Library()

_LIGHTS = {
    # colour: (icon, the word when the caller gives none)
    "green": ("check-circle-fill", gettext_lazy("On time")),
    "yellow": ("exclamation-triangle-fill", gettext_lazy("Due soon")),
    "red": ("exclamation-octagon-fill", gettext_lazy("Overdue")),
    "grey": ("dash-circle", gettext_lazy("No deadline")),
    "blue": ("info-circle-fill", gettext_lazy("In progress")),
}
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
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href)


def _sprite() -> str:
    """Address of the icons, kept with the storage: a page has seventy of them and each would hash it anew."""
    known: str | None = getattr(staticfiles_storage, "_icons", None)
    if known is None:
        known = static("dist/icons.svg")
        staticfiles_storage._icons = known  # type: ignore[attr-defined]
    return known


@register.simple_tag
def field(bound: Any, *, notes: bool = True, optional: bool = True) -> SafeString:
    """``{% field form.name %}``: label, widget, help and error of a field of a form with BootstrapFormMixin.

    Without ``notes`` label and widget alone: it says elsewhere what is wrong. Without
    ``optional`` it does not say that it may be left empty: all fields of a search may.
    """
    kind = bound.kind
    if kind == "hidden":
        return SafeString(bound)
    label: str = conditional_escape(bound.label)
    whose = conditional_escape(bound.id_for_label)
    beside = field_notes(bound) if notes else ""
    # each piece is escaped; format_html would look at each once more
    if kind == "check":
        made = f'{bound} <label class="form-check-label" for="{whose}">{label}</label> {beside}'
        return SafeString(f'<div class="field form-check">{made}</div>')
    label += _optional(bound) if notes and optional else ""
    if kind == "choices":
        described = bound.aria_describedby
        told = f' aria-describedby="{conditional_escape(described)}"' if described else ""
        made = f'<legend class="form-label">{label}</legend><div class="choice-list">{_choices(bound)}</div> {beside}'
        ident = conditional_escape(bound.auto_id)
        return SafeString(f'<fieldset class="field choices" id="{ident}"{told}>{made}</fieldset>')
    return SafeString(
        f'<div class="field"><label class="form-label" for="{whose}">{label}</label> {bound} {beside}</div>'
    )


def _choices(bound: Any) -> str:
    """The options of a field of radio buttons or ticks, none of them in a group, as Django itself would make them."""
    widget, ident = bound.field.widget, bound.auto_id
    common = flatatt({**widget.attrs, **bound.build_widget_attrs({})})
    chosen, kind, name = set(widget.format_value(bound.value())), widget.input_type, conditional_escape(bound.html_name)
    return "".join(
        f'<div class="form-check"><input type="{kind}" name="{name}" value="{conditional_escape(value)}"{common}'
        f' id="{ident}_{number}"{" checked" if str(value) in chosen else ""}> '
        f'<label class="form-check-label" for="{ident}_{number}">{conditional_escape(label)}</label></div>'
        for number, (value, label) in enumerate(widget.choices)
    )


def _optional(bound: Any) -> str:
    """Most fields are required, so the others are marked; one that is needed in some cases says in which.

    A choice among which there is an empty one says so by itself; a form of which hardly anything is needed
    (``unmarked``) is no easier to read with the mark at each field.
    """
    widget, condition = bound.field.widget, getattr(bound.field, "condition", "")
    chosen = isinstance(widget, ChoiceWidget) and "" in dict(widget.choices)
    if bound.field.required or ((chosen or bound.form.unmarked) and not condition):
        return ""
    mark = _("(%(condition)s)") % {"condition": condition} if condition else _("(optional)")
    return f' <span class="optional">{conditional_escape(mark)}</span>'


@register.simple_tag
def field_notes(bound: Any) -> SafeString:
    """Help and errors of a field, tied to it by Django's own ``aria-describedby``."""
    made = SafeString()
    if bound.help_text:
        made = format_html('<div class="form-text" id="{}_helptext">{}</div>', bound.auto_id, bound.help_text)
    if errors := bound.errors:
        sentences = format_html_join(" ", "{}", ((error,) for error in errors))
        sign = icon("exclamation-circle-fill")
        made += format_html(
            '<div class="field-error" id="{}_error">{} <span>{}</span></div>', bound.auto_id, sign, sentences
        )
    return made


@register.filter
def light(colour: str, text: object = "") -> SafeString:
    """``{{ "red"|light }}`` or ``{{ colour|light:"3 days late" }}``: always icon and word too."""
    key = str(colour) if str(colour) in _LIGHTS else "grey"
    name, own_word = _LIGHTS[key]
    return format_html('<span class="light light-{}">{} {}</span>', key, icon(name), text or own_word)


# how a deadline looks: never by its colour alone
_DUE_ICONS = {
    "late": "exclamation-circle",
    "today": "clock",
    "soon": "clock",
    "paused": "pause-circle",
    "done": "check-lg",
    "was-late": "check-lg",
}


@register.simple_tag
def due(one: Due | None, *, none: str = "") -> SafeString | str:
    """``{% due matter.due %}``: a deadline in words, its date behind them; paper shows both. ``none``: for none."""
    if one is None:
        return none
    day = _due_day(one)
    title = f' title="{day}"' if day else ""
    drawn = f"{icon(_DUE_ICONS[one.kind])}" if one.kind in _DUE_ICONS else ""
    # words of our own and a date
    return SafeString(f'<span class="due due-{one.kind}"{title}>{drawn}{escape(one.text)}</span>')


def _due_day(one: Due) -> str:
    if one.at is None:
        return ""
    at = one.at.astimezone(SHANGHAI) if isinstance(one.at, dt.datetime) else None
    day = _day_word(at.date() if at else one.at, today().year, get_language())
    told = f"{day} {at:%H:%M}" if at else day
    return escape(_("%(day)s (provisional)") % {"day": told}) if one.provisional else told


@register.simple_tag
def state(told: tuple[str, object]) -> SafeString:
    """``{% state matter.face %}``: where a thing stands, with a clock that fills on its way.

    ``told`` is the face (new, sent, work, answered, done; held, back, again; ended) and the word beside it.
    """
    face, word = told
    return format_html('<span class="state state-{}">{}</span>', face, word)


@register.filter
def nr(number: object) -> SafeString:
    """``{{ matter.number|nr }}``: a number of a matter, a household, a request: it breaks into no two lines."""
    return format_html('<span class="nr">{}</span>', number)


# stands in a cell of which there is nothing to say; a phone leaves it out
NOTHING = "–"
_NONE = SafeString(" data-none")


@register.filter
def cells(values: Iterable[object], headings: Iterable[object]) -> SafeString:
    """``{{ row|cells:headings }}``: the cells of a table's row, each with its heading for the cards on a phone."""
    return format_html_join(
        "",
        '<td data-label="{}"{}>{}</td>',
        ((heading, _NONE if value == NOTHING else "", value) for value, heading in zip(values, headings, strict=True)),
    )


_NEAR = {0: gettext_noop("today"), -1: gettext_noop("yesterday"), 1: gettext_noop("tomorrow")}


@register.filter
def when(moment: dt.datetime | None) -> SafeString | str:
    """Today and yesterday by word, else the date; the full local time in the title."""
    if moment is None:
        return ""
    local, now = moment.astimezone(SHANGHAI), today()
    day, stamp = local.date(), local.isoformat(timespec="seconds")
    days = day.toordinal() - now.toordinal()
    word = escape(_(_NEAR[days])) if days in _NEAR else _day_word(day, now.year, get_language())
    # figures, and words escaped already
    return SafeString(f'<time datetime="{stamp}" title="{stamp[:10]} {stamp[11:16]}">{word} {stamp[11:16]}</time>')


@register.filter
def day_text(day: dt.date | dt.datetime | None) -> str:
    """The same words as :func:`localday` as plain text: for a letter, a reply, an attribute, a page's title."""
    if day is None:
        return ""
    if isinstance(day, dt.datetime):
        day = day.astimezone(SHANGHAI).date()
    return f"{_day_plain(day, today().year, get_language())} {date_format(day, 'l')}"


@register.filter
def localday(day: dt.date | dt.datetime | None) -> SafeString | str:
    """A day with its weekday, in the business zone: 10月3日 星期六."""
    if day is None:
        return ""
    if isinstance(day, dt.datetime):
        day = day.astimezone(SHANGHAI).date()
    return _whole_day(day, today().year, get_language())


def day_alone(day: dt.date) -> str:
    """The same words as :func:`shortday` as plain text."""
    return _day_plain(day, today().year, get_language())


@register.filter
def shortday(day: dt.date | dt.datetime | None) -> SafeString | str:
    """A day alone, where there is room for no more: 10月3日."""
    if day is None:
        return ""
    if isinstance(day, dt.datetime):
        day = day.astimezone(SHANGHAI).date()
    # escaped already
    return SafeString(f'<time datetime="{day.isoformat()}">{_day_word(day, today().year, get_language())}</time>')


# a page names the same few days over and over, and a format is looked up anew for each of them
@lru_cache(maxsize=4096)
def _day_word(day: dt.date, year: int, language: str) -> str:
    return escape(_day_plain(day, year, language))


def _day_plain(day: dt.date, year: int, language: str) -> str:
    if day.year != year:
        return date_format(day, "DATE_FORMAT")
    # Django's own for Chinese would write 09月5日 beside 10月5日
    return date_format(day, "n月j日" if language.startswith("zh") else "MONTH_DAY_FORMAT")


@lru_cache(maxsize=4096)
def _whole_day(day: dt.date, year: int, language: str) -> SafeString:
    word = SafeString(_day_word(day, year, language))
    return format_html('<time datetime="{}">{} {}</time>', day.isoformat(), word, date_format(day, "l"))


@register.simple_tag
def figure(
    value: object, label: str, url: str = "", *, note: str = "", icon: str = "", light: str = "", late: str = ""
) -> SafeString:
    """``{% figure 12 _("Overdue") url light="red" %}``: a number that leads to its rows; ``late`` is in red."""
    context = {"value": value, "label": label, "url": url, "note": note, "icon": icon, "light": light, "late": late}
    return SafeString(render_to_string("web/parts/figure.html", context).strip())


@register.simple_tag(takes_context=True)
def slot(context: Any, name: str) -> SafeString:
    """``{% slot "doorstep.foot" %}``: what rooms add there, on whatever page it is."""
    return mark_safe("".join(parts(name, context["request"], None)))  # noqa: S308  # templates have made it


@register.simple_tag(takes_context=True)
def module(context: template.Context, name: str) -> SafeString:
    """``{% module "geo" %}`` in ``{% block modules %}``: loads one of frontend/*.js."""
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return format_html('<script type="module" nonce="{}" src="{}"></script>', nonce, static(f"dist/{name}.js"))


@register.simple_tag
def browser_texts() -> SafeString:
    """The sentences of the browser's modules as JSON in the page."""
    return json_script(texts(), "browser-texts")


@register.simple_tag
def htmx_config() -> SafeString:
    """For the attribute of a meta element."""
    return _HTMX


def _htmx() -> SafeString:
    """Without eval, without inline styles, without copies of pages; 422 shows form errors."""
    given = {
        "includeIndicatorStyles": False,
        "allowEval": False,
        "allowScriptTags": False,
        "selfRequestsOnly": True,
        # the style that a script gave an element would be written into what takes its place
        "attributesToSettle": ["class"],
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
    return SafeString(escape(json.dumps(given, separators=(",", ":"))))


_HTMX = _htmx()


@register.filter
def alert_kind(level: str) -> str:
    """Django's message level as Bootstrap's name."""
    return _ALERTS.get(level, level or "info")


register.filter(undo_of)


@register.filter
def alert_icon(level: str) -> str:
    return _ALERT_ICONS.get(level, "info-circle-fill")


# ``{% render_cached "web/parts/tab_bar.html" nav=nav %}``
register.simple_tag(render_cached)


@register.simple_tag(takes_context=True)
def something_at(context: template.Context, slot: str) -> bool:
    """Whether any room adds something there for who asks: ``{% something_at "desk.find" as there %}``."""
    return bool(parts_for(slot, context["request"]))


@register.simple_tag(takes_context=True)
def frame_form(context: template.Context) -> SafeString:
    """The form behind the buttons of menu and foot, which bring their addresses: its token is made once a page."""
    request, token = context.get("request"), context.get("csrf_token")
    try:
        action = reverse("set_language")
    except NoReverseMatch:
        action = ""
    if not (action and request and token):
        return SafeString()
    return format_html(
        '<form id="frame" method="post" action="{}" hidden><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="next" value="{}"></form>',
        action,
        token,
        request.get_full_path(),
    )


@register.simple_tag(takes_context=True)
def languages(context: template.Context) -> SafeString:
    return render_cached("web/parts/languages.html", large=_large(context), dark=_dark(context))


@register.simple_tag(takes_context=True)
def user_menu(context: template.Context) -> SafeString:
    """Who is signed in, the post they act in and the others they hold (``post``, ``posts``)."""
    actor, post = getattr(context.get("request"), "actor", None), context.get("post")
    others = tuple((other.id, str(other)) for other in context.get("posts") or () if post and other.id != post.id)
    return render_cached(
        "web/parts/user_menu.html",
        who=getattr(actor, "name", "") or str(context.get("user", "")),
        post=str(post or ""),
        others=others,
        large=_large(context),
        dark=_dark(context),
    )


def _large(context: template.Context) -> bool:
    return _kept(context, "text_size") == "large"


def _dark(context: template.Context) -> bool:
    return _kept(context, "theme") == "dark"


def _kept(context: template.Context, name: str) -> str | None:
    """What this device chose of how pages look."""
    request = context.get("request")
    return None if request is None else request.COOKIES.get(name)


@register.simple_tag
def nav_link(item: NavItem) -> SafeString:
    """One entry of the navigation; a page shows each of them twice. How much waits behind it comes with the bell."""
    return format_html(
        '<a class="nav-item-link" href="{}"{}>{}<span>{}</span><span class="waits"></span></a>',
        item.url,
        SafeString(' aria-current="page"' if item.active else ""),
        icon(item.icon),
        item.label,
    )


@register.filter
def in_groups(items: Any) -> Any:
    """``{% for group in nav|in_groups %}``: the navigation as the desk shows it."""
    return grouped(items or ())


@register.filter
def starting(items: Any) -> list[Any]:
    """``{{ nav|starting }}``: what the desk's head offers to begin."""
    return [item for item in items or () if item.starts][:1]


@register.filter
def after(items: Any, count: int) -> list[Any]:
    """``{{ nav|after:4 }}``: the rest of a list."""
    return list(items or [])[count:]


@register.filter
def language_name(name: str, code: str) -> str:
    """Each language in its own words, whatever the page's language is."""
    return {"zh-hans": "简体中文", "zh-hant": "繁體中文", "en": "English"}.get(code, name)


@register.filter
def labelled(row: Sequence[object], headings: Sequence[object]) -> list[tuple[object, object]]:
    return list(zip(headings, row, strict=True))
