"""The figures of matters above a leader's page."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.days import DAY
from minqing.matters.queries.overview.counts import Counts
from minqing.web.pieces import Figure, of, share


def now_figures(counts: Counts) -> list[Figure]:
    """What came in and was finished today, is open and is late: asked of the rows."""
    to, today = counts.scope.link, clock.local_date(counts.scope.now)
    start = clock.midnight(today)
    one_day = (start, start + DAY - timedelta(microseconds=1))
    received = counts.matters.filter(received_at__range=one_day).count()
    finished = counts.matters.filter(finished_at__range=one_day).count()
    n = counts.matters.filter(counts.open).aggregate(open=Count("id"), overdue=Count("id", filter=counts.overdue))
    light = "red" if n["overdue"] else "green"
    return [
        Figure(_("Received today"), received, to("matters:list", since=today, until=today)),
        Figure(_("Finished today"), finished, to("matters:list", finished_since=today, finished_until=today)),
        Figure(_("Open now"), n["open"], to("matters:list", state="open")),
        Figure(_("Overdue now"), n["overdue"], to("matters:list", light="red"), light=light),
    ]


def period_figures(counts: Counts) -> list[Figure]:
    """What came in and was answered in the period."""
    scope, n = counts.scope, counts.totals
    kept = counts.days.totals()["finished"] if counts.days else 0
    finished = counts.unfinished.count() + kept
    period = {"finished_since": scope.since, "finished_until": scope.until}
    answered = Figure(
        _("Answered"),
        share(n["answered"], n["undropped"]),
        scope.link("matters:list", figure="answered", **scope.span()),
        note=of(n["answered"], n["undropped"]),
    )
    return [
        Figure(_("Received"), n["received"], scope.link("matters:list", **scope.span())),
        Figure(_("Finished"), finished, scope.link("matters:list", **period)),
        answered,
    ]


def word_figures(counts: Counts) -> list[Figure]:
    """What the reporters of the period's matters said last. A share without answers is no share."""
    scope, n = counts.scope, counts.totals
    silent = Figure(
        _("No word"),
        share(n["silent"], n["answered"]),
        scope.link("matters:list", figure="silent", **scope.span()),
        note=_("%(part)d of %(whole)d answered") % {"part": n["silent"], "whole": n["answered"]},
    )
    said = [
        Figure(
            label,
            share(n[f"said_{part}"], n[f"said_{whole}"]),
            scope.link("matters:list", word=part, **scope.span()),
            note=_("%(part)d of %(whole)d answers") % {"part": n[f"said_{part}"], "whole": n[f"said_{whole}"]},
        )
        for label, part, whole in (
            (_("Solved, says the reporter"), "solved", "asked_solved"),
            (_("Satisfied"), "satisfied", "rated"),
        )
    ]
    return [*said, silent]
