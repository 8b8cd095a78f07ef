"""Visits as a leader sees them: how many, and in how many households somebody was met."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.households.queries.files import open_households
from minqing.org.queries import areas_inside
from minqing.visits.queries.days import households_met
from minqing.visits.queries.visibility import filtered
from minqing.web.overview import Overview, Scope
from minqing.web.pieces import Stat, of, share


def overview(scope: Scope) -> Overview:
    """Visits today and this week, and coverage: in how many of all households somebody was met. Three queries."""
    today = clock.local_date(scope.now)
    monday = today - timedelta(days=today.weekday())
    seen = filtered(scope.actor, area_id=scope.area_id).select_related(None).order_by()
    tomorrow = clock.midnight(today + timedelta(days=1))
    n = seen.filter(visited_at__gte=clock.midnight(monday), visited_at__lt=tomorrow).aggregate(
        today=Count("visited_at", filter=Q(visited_at__gte=clock.midnight(today))), week=Count("visited_at")
    )
    met = households_met(scope.actor, scope.since, scope.until, area_id=scope.area_id)
    households = open_households(areas_inside(scope.actor, scope.area_id))
    return Overview(
        [
            Stat(_("Visits today"), n["today"], url=scope.link("visits:list", since=today, until=today)),
            Stat(_("Visits this week"), n["week"], url=scope.link("visits:list", since=monday, until=today)),
            Stat(
                _("Households visited"),
                share(met, households),
                url=scope.link("visits:list", met="somebody", once="on", **scope.span()),
                change=of(met, households),
            ),
        ],
        title=_("Visits"),
    )
