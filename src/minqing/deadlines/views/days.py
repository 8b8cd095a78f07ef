"""Working days as a year: what each day is, what a change would move, and the way back."""

from __future__ import annotations

from datetime import date
from tempfile import NamedTemporaryFile
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.errors import NotFound
from minqing.core.ids import new_id
from minqing.core.sheets.writing import write_workbook
from minqing.deadlines.forms import DayForm
from minqing.deadlines.queries.days import moves_of, year_of
from minqing.org.access import PageRequest
from minqing.org.queries import work_calendar
from minqing.org.queries.upkeep import day_set, days_set
from minqing.org.services import clear_work_day, set_work_day
from minqing.web.downloads import download, file_name
from minqing.web.query_params import whole_number

FIRST, AFTER = 2004, 3


def asked_year(request: PageRequest) -> int:
    this = clock.today().year
    year = whole_number(request.GET, "year") or this
    if not FIRST <= year <= this + AFTER:
        raise NotFound("year")
    return year


def days(request: PageRequest) -> HttpResponse:
    """The year; each day leads to its own page."""
    year = asked_year(request)
    this = clock.today().year
    context = {
        "shown": year_of(year),
        "years": [(one, work_calendar().is_provisional(date(one, 6, 1))) for one in range(this - 1, this + 2)],
        "today": clock.today(),
        "weekdays": [date_format(date(2024, 1, 1 + number), "D")[-1:] for number in range(7)],
    }
    return render(request, "deadlines/days.html", context)


def day(request: PageRequest, text: str) -> HttpResponse:
    """One day: what it is and why, what a change of it would move; POST changes it, and offers the way back."""
    on = day_or_404(text)
    row, calendar = day_set(on), work_calendar()
    working = calendar.is_working_day(on)
    form = DayForm(request.POST if request.method == "POST" else None, on=on, row=row, working=working)
    if request.method == "POST" and form.is_valid():
        change(request, on, form.cleaned_data)
        was = DayForm.CLEAR if row is None else DayForm.WORKED if row.working else DayForm.OFF
        return redirect(f"{request.path}?was={was}")
    context = {
        "on": on,
        "working": working,
        "name": calendar.name_of(on),
        "row": row,
        "provisional": calendar.is_provisional(on),
        "past": on < clock.today(),
        "form": form,
        "moves": moves_of(on, working=not working, now=clock.now()),
        "undo_id": new_id(),
        "was": request.GET.get("was") if request.GET.get("was") in dict(DayForm.WAYS) else "",
    }
    return render(request, "deadlines/day.html", context, status=422 if form.errors else 200)


def day_or_404(text: str) -> date:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise NotFound("day") from None
    if not FIRST <= on.year <= clock.today().year + AFTER:
        raise NotFound("day")
    return on


def change(request: PageRequest, on: date, said: dict[str, Any]) -> None:
    if said["to"] == DayForm.CLEAR:
        clear_work_day(on=on, by=request.actor)
    else:
        set_work_day(on=on, working=said["to"] == DayForm.WORKED, name=said["name"], by=request.actor)
    messages.success(request, _("Saved. Deadlines that this day moves are reckoned anew within a minute."))


def workbook(request: PageRequest) -> HttpResponse:
    """The days of a year that depart from the plain week, as the import takes them."""
    year = asked_year(request)
    yes, no = "是", "否"
    rows = [(on.isoformat(), yes if one.working else no, one.name) for on, one in days_set(year).items()]
    with NamedTemporaryFile(suffix=".xlsx") as file:
        write_workbook(file.name, ("日期", "上班", "名称"), rows, sheet=_("Working days"))
        content = file.read()
    return download(content, file_name(_("Working days"), str(year), suffix="xlsx"))
