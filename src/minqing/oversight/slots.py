"""What this room adds to a leader's page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minqing.core import clock
from minqing.core.text import one_line
from minqing.deadlines import Target, term
from minqing.matters.enums import UNSAID, Move, Outcome
from minqing.matters.forms.moves import FORMS
from minqing.matters.queries import title_told, with_dues
from minqing.matters.queries.asks import carried_to_decide, contested_to_decide, extensions_to_decide
from minqing.matters.queries.finding import UNKNOWN
from minqing.matters.queries.stages import Stage, stages
from minqing.matters.rules import may, movers
from minqing.org.access import PageRequest
from minqing.org.queries import areas_seen, boundaries_of
from minqing.oversight.queries.groups import AreaFigures, Groups, UnitFigures
from minqing.oversight.queries.kinds import REPEATED, kinds, repeated
from minqing.oversight.queries.periods import FINISHED, Periods, matters_of
from minqing.oversight.queries.standing import Standing, standing
from minqing.oversight.rules import Flow, Late, Lead, lead
from minqing.privacy.suppression import THRESHOLD, percent
from minqing.web.area_map import AreaMap, MapArea, area_map
from minqing.web.overview import Overview, Panel, Scope
from minqing.web.pieces import START, Ask, Stat, against, of, points, share
from minqing.web.slots import drawn
from minqing.web.sparklines import LineChart, line_chart, spark

# units shown; the wall has them all
UNITS = 8
# of each kind of what waits for a decision; the worklist has them all
ASKED = 5
LONGEST = 120
# moves, what their button says, and whether there is nothing to type
Acts = list[tuple[Move, str, bool]]


def on_leader(request: PageRequest, scope: Scope) -> list[Overview]:
    """Figures of matters, where they stand, in which places and units, and in a sentence what that means."""
    periods, groups = Periods(scope), Groups(scope)
    units = groups.units()
    shown = [unit_shown(scope, one) for one in units[:UNITS]]
    rest = groups.besides(units[:UNITS])
    there = stages(matters_of(scope), scope.now)
    panels: dict[str, tuple[str, dict[str, object]]] = {
        "oversight/parts/places.html": ("right", {"map": map_of(scope, groups.places()), "unit": _("matters")}),
        "oversight/parts/stages.html": ("right", {"stages": [stage_shown(scope, one) for one in there]}),
        "oversight/parts/weeks.html": ("right", {"chart": weeks_drawn(periods)}),
        "oversight/parts/outcomes.html": ("right", outcomes(periods)),
        "oversight/parts/units.html": (
            "below",
            {"units": shown, "rest": rest, "share": percent(rest.in_time, rest.timed), "all": len(units)},
        ),
    }
    return [
        Overview(
            stats=[*flows(periods), *stands(scope, standing(scope)), *answers(periods)],
            panels=[Panel(drawn(request, name, context), place) for name, (place, context) in panels.items()],
            lead=worded(lead_of(periods, groups)),
        )
    ]


def on_analyst(request: PageRequest, scope: Scope) -> list[Overview]:
    """What an analyst looks at besides: each kind beside the period before, and what comes again in one place."""
    export = scope.link("oversight:export", **scope.span())
    rows = [kind_shown(scope, one) for one in kinds(scope)]
    again = [one | {"url": again_url(scope, one)} for one in repeated(scope)]
    by_kind = drawn(request, "oversight/parts/kinds.html", {"kinds": rows, "export": export})
    repeating = drawn(request, "oversight/parts/repeated.html", {"rows": again, "least": REPEATED})
    return [Overview(panels=[Panel(by_kind, "below"), Panel(repeating, "below")])]


def on_village(request: PageRequest, now: datetime) -> str:
    """What is open in a village, by grid on its map."""
    today = clock.local_date(now)
    scope = Scope(actor=request.actor, since=today, until=today, now=now, areas=areas_seen(request.actor))
    places = Groups(scope).places()
    context = {"map": map_of(scope, places), "unit": _("matters")}
    return drawn(request, "oversight/parts/places.html", context) if any(one.open for one in places) else ""


def again_url(scope: Scope, one: dict[str, object]) -> str:
    return scope.link("matters:list", category=one["category_id"], area=one["area_id"], alone="on", **scope.span())


def kind_shown(scope: Scope, row: dict[str, Any]) -> dict[str, Any]:
    """A line of the table; what is of no kind has no list of its own. Of fewer than ten no share is reckoned."""
    kind = row["kind"]
    number = {name.removeprefix("n_"): one for name, one in row.items() if name.startswith("n_")}
    finished: dict[str, Any] = finished_in(scope)
    filters: dict[str, dict[str, Any]] = {
        "received": {**scope.span()},
        "finished": finished,
        "open": {"state": "open"},
        "overdue": {"light": "red"},
        "reopened": {"figure": "reopened", **scope.span()},
    } | {name: {"figure": name} | finished for name in ("in_time", "solved", "satisfied")}
    urls = {name: scope.link("matters:list", category=kind, **one) if kind else "" for name, one in filters.items()}
    shares = {
        name: share_of(number[name], number[whole])
        for name, whole in (("in_time", "timed"), ("solved", "asked_solved"), ("satisfied", "rated"))
    }
    return {"name": row["name"], "n": number, "urls": urls, "shares": shares,
            "change": against(number["received"], number["before"])}  # fmt: skip


def share_of(part: int, whole: int) -> str:
    if not whole:
        return "–"
    return of(part, whole) if whole < THRESHOLD else f"{share(part, whole)} ({part} / {whole})"


def flows(periods: Periods) -> list[Stat]:
    """What came in and what was finished in the period."""
    scope = periods.scope
    received, finished = ((periods.number(one), periods.number(one, before=True)) for one in ("received", "finished"))
    return [
        Stat(
            _("Received"),
            received[0],
            _("matters"),
            scope.link("matters:list", **scope.span()),
            against(*received),
            spark(periods.way("received"), periods.way("received", before=True)),
        ),
        Stat(
            _("Finished"),
            finished[0],
            _("matters"),
            scope.link("matters:list", **finished_in(scope)),
            against(*finished, more="good"),
            spark(periods.way("finished"), periods.way("finished", before=True)),
        ),
    ]


def stands(scope: Scope, n: Standing) -> list[Stat]:
    """What is open and late now, beside the day on which the period began."""
    return [
        Stat(
            _("Open now"),
            n.open,
            _("matters"),
            scope.link("matters:list", state="open"),
            against(n.open, n.open_before, than=START, more="bad"),
        ),
        Stat(
            _("Of these overdue"),
            n.overdue,
            _("matters"),
            scope.link("matters:list", light="red"),
            against(n.overdue, n.overdue_before, than=START, more="bad"),
            bad=bool(n.overdue),
        ),
    ]


def answers(periods: Periods) -> list[Stat]:
    """How much of what was finished was in time, and what its reporters say; whoever says nothing counts apart."""
    scope = periods.scope
    now, then = ({name: periods.number(name, before=before) for name in FINISHED} for before in (False, True))
    shares = percent(now["in_time"], now["timed"]), percent(then["in_time"], then["timed"])
    of_all = of(now["in_time"], now["timed"])
    compared = points(shares[0], shares[1]) if shares[0] is not None else ""
    silent = now["finished"] - now["asked"]
    told = ngettext("%(n)d more said nothing, counted apart", "%(n)d more said nothing, counted apart", silent)
    was = _("before: %(part)d of %(whole)d") % {"part": then["solved"], "whole": then["asked"]}
    return [
        Stat(
            _("Answered in time"),
            share(now["in_time"], now["timed"]),
            "",
            scope.link("matters:list", figure="in_time", **finished_in(scope)),
            format_html("{} · {}", of_all, compared) if compared else of_all,
        ),
        Stat(
            _("Solved, say the reporters"),
            now["solved"],
            _("of %(n)d who said") % {"n": now["asked"]},
            scope.link("matters:list", word="solved", **finished_in(scope)),
            format_html("{} · {}", told % {"n": silent}, was),
        ),
    ]


def outcomes(periods: Periods) -> dict[str, object]:
    """How what was finished went, in the units' own words: of all units together, and what nobody said too."""
    scope, all_of_them = periods.scope, periods.number("finished")
    named = [*((one.value, one.label) for one in Outcome), (UNKNOWN, UNSAID)]
    found = [(label, periods.number(f"as_{name}"), name) for name, label in named]
    rows = [(label, n, scope.link("matters:list", outcome=name, **finished_in(scope))) for label, n, name in found]
    return {"all": all_of_them, "rows": [row for row in rows if row[1]]}


def finished_in(scope: Scope) -> dict[str, object]:
    return {"finished_since": scope.since, "finished_until": scope.until}


def stage_shown(scope: Scope, one: Stage) -> dict[str, object]:
    return {"one": one, "url": scope.link("matters:list", **one.filter)}


def map_of(scope: Scope, places: Sequence[AreaFigures]) -> AreaMap:
    borders = boundaries_of(one.area.id for one in places if one.area)
    areas = [
        MapArea(
            one.area.name,
            one.open,
            one.overdue,
            scope.link("matters:list", area=one.area.id, state="open"),
            scope.link("matters:list", area=one.area.id, light="red"),
            borders.get(one.area.id),
        )
        if one.area
        # no filter of the list means "this area and nothing below it"
        else MapArea(_("No place given"), one.open, one.overdue)
        for one in places
    ]
    return area_map(areas, late=_("overdue"))


def weeks_drawn(periods: Periods) -> LineChart:
    weeks = periods.weeks()
    names = [f"{week.monday.month}/{week.monday.day}" for week in weeks]
    received, finished = [week.received for week in weeks], [week.finished for week in weeks]
    return line_chart(names, [(_("Received"), received), (_("Finished"), finished)])


def unit_shown(scope: Scope, one: UnitFigures) -> dict[str, object]:
    return {
        "one": one,
        "url": scope.link("matters:list", unit=one.id, figure="open_now"),
        "late_url": scope.link("matters:list", unit=one.id, light="red"),
        "share": percent(one.in_time, one.timed),
    }


def lead_of(periods: Periods, groups: Groups) -> Lead:
    """Of the whole weeks alone: what has only begun has finished nothing yet."""
    today = periods.scope.until
    whole = [(week.received, week.finished) for week in periods.weeks() if (today - week.monday).days >= 6]
    more = groups.kinds("received")
    more.subtract(groups.kinds("finished"))
    return lead(whole, more, groups.kinds("overdue"), kinds=bool(groups.rows))


def worded(said: Lead) -> str:
    """The sentence, with the names of kinds in bold; made of whole sentences, for a language's own order."""
    flow = flow_worded(said)
    return flow if said.flow is Flow.NOTHING else format_html("{} {}", flow, late_worded(said))


def flow_worded(said: Lead) -> str:
    sentences = {
        Flow.NOTHING: _("Nothing has come in, and nothing is open."),
        Flow.GROWING: _("More comes than is finished, {weeks} weeks in a row.")
        if not said.growing
        else _("More comes than is finished, {weeks} weeks in a row, most of it about {kinds}."),
        Flow.SHRINKING: _("More is finished than comes, {weeks} weeks in a row."),
        Flow.MORE_CAME: _("More has come than was finished in the last weeks."),
        Flow.MORE_DONE: _("More was finished than has come in the last weeks."),
        Flow.STEADY: _("By and large as much is finished as comes."),
    }
    return format_html(sentences[said.flow], weeks=said.weeks, kinds=names(said.growing))


def late_worded(said: Lead) -> str:
    sentences = {
        Late.NONE: _("Nothing is overdue."),
        Late.ALL_IN: _("All that is overdue is about {kinds}."),
        Late.MOST_IN: _("Most of what is overdue is about {kinds}."),
        Late.SPREAD: _("What is overdue is of many kinds."),
    }
    return format_html(sentences[said.late], kinds=names(said.late_in, "bad"))


def names(kinds: Sequence[str], tone: str = "") -> str:
    joined = _("{first} and {second}").format(first=kinds[0], second=kinds[1]) if len(kinds) > 1 else "".join(kinds)
    return format_html('<b class="{}">{}</b>', tone, joined) if tone else format_html("<b>{}</b>", joined)


def on_asks(request: PageRequest, now: datetime) -> list[Ask]:
    """What waits of matters for this person's word, with the moves that answer it; none that may not be made."""
    asks = [*more_time(request, now), *who_handles(request, now), *supervise_or_not(request, now)]
    return [one for one in asks if one.html]


def more_time(request: PageRequest, now: datetime) -> Iterator[Ask]:
    acts: Acts = [(Move.REFUSE_EXTENSION, _("Refuse…"), False), (Move.GRANT_EXTENSION, _("Agree"), True)]
    for matter in with_dues(extensions_to_decide(request.actor, now)[:ASKED], now):
        told = {"title": title_of(request, matter), "more": term(Target.parse(matter.more))}
        text = reason_of(matter.lead_unit.name, matter.reason)
        yield asked(request, matter, _("More time"), _("%(title)s: %(more)s more") % told, text, acts)


def who_handles(request: PageRequest, now: datetime) -> Iterator[Ask]:
    for matter in with_dues(contested_to_decide(request.actor, now)[:ASKED], now):
        acts: Acts = [(Move.DECIDE_PART if matter.part else Move.DECIDE, _("Say who handles it…"), False)]
        text = reason_of(matter.refusing or "", matter.reason) if matter.reason else ""
        yield asked(request, matter, _("Who handles it"), title_of(request, matter), text, acts)


def supervise_or_not(request: PageRequest, now: datetime) -> Iterator[Ask]:
    acts: Acts = [(Move.NOTE, _("Not yet…"), False), (Move.SUPERVISE, _("Supervise…"), False)]
    # a clerk to whom it was carried up may order nothing
    if not request.actor.has(*movers(Move.SUPERVISE)):
        return
    for matter in with_dues(carried_to_decide(request.actor, now)[:ASKED], now):
        text = matter.lead_unit.name if matter.holder else _("No unit has it yet.")
        yield asked(request, matter, _("Supervise or not"), title_of(request, matter), text, acts)


def asked(request: PageRequest, matter: Any, kind: str, title: str, text: str, acts: Acts) -> Ask:
    """With the buttons of ``acts``, each by the rule of the move itself."""
    by, id = request.actor, f"{acts[0][0]}-{matter.pk}"
    offered = [
        (move, label, FORMS[move](matter=matter, by=by) if alone else None)
        for move, label, alone in acts
        if may(move, by, matter.situation)
    ]
    context = {"matter": matter, "next": request.get_full_path(), "acts": offered, "id": id}
    html = drawn(request, "oversight/parts/asked.html", context) if offered else ""
    url = reverse("matters:detail", args=[matter.pk])
    return Ask(id, kind, title, url, html, text, matter.due_at, matter.due)


def reason_of(unit: str, reason: str) -> str:
    return _("%(unit)s: %(reason)s") % {"unit": unit, "reason": one_line(reason, LONGEST)}


def title_of(request: PageRequest, matter: Any) -> str:
    return title_told(request.actor, matter.title, confidential=matter.confidential)
