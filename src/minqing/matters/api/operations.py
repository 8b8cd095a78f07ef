"""Matters for other systems: list, one, a new one, every move that they may make, categories, figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from ninja import Header, Query, Router, Status

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, NotFound, Refused
from minqing.journal.moves import as_seen
from minqing.matters import queries, services
from minqing.matters.enums import Channel
from minqing.matters.models import Matter
from minqing.matters.queries import call_backs
from minqing.matters.queries.call_backs import CHANGES, NEWEST
from minqing.matters.queries.dossier import NOTHING
from minqing.matters.queries.figures import Row
from minqing.matters.queries.objects import TABLES
from minqing.matters.schemas import answers, moves, serializers
from minqing.matters.schemas.bodies import Asked, FiguresAsked, MatterBody, ReporterBody
from minqing.matters.schemas.exposure import COLUMNS
from minqing.matters.services.moves import SERVICES
from minqing.org.api_auth import Token, acting
from minqing.org.queries import area_id_of, areas_coded, unit_codes, unit_id_of, work_calendar
from minqing.privacy import nested
from minqing.privacy.periods import Quarter

router = Router(tags=["matters"])
READ: Final = "matters:read"
COUNT: Final = "figures:read"
# the id of no area and no unit
NOWHERE: Final = -1
COUNTED: Final = ("received", "open", "red")
# whether a matter is open or red follows from these
KEY_TELLS: Final = frozenset({"state", "light"})


def matter_called(actor: Actor, name: str) -> Any:
    """What the caller may not see is not there."""
    found = call_backs.called(actor, name)
    if found is None:
        raise NotFound()
    return found


def area_called(code: str) -> int:
    found = area_id_of(code)
    if found is None:
        raise Conflict("unknown_area", _("There is no area of this code."))
    return found


def unit_called(code: str) -> int:
    found = unit_id_of(code)
    if found is None:
        raise Conflict("unknown_unit", _("There is no unit of this code."))
    return found


@contextmanager
def as_things_stand() -> Iterator[None]:
    """What the document allows and a service refuses is no fault of form (422): it does not fit as things are (409)."""
    try:
        yield
    except Invalid as error:
        raise Conflict(error.code, error.sentence, **error.data) from error


def all_codes() -> serializers.Codes:
    return serializers.Codes(areas_coded(), unit_codes())


@router.get("/matters", auth=Token(READ), response=answers.Matters, summary="List matters")
@acting
def list_matters(request: Any, asked: Query[Asked]) -> Any:
    """What the token sees, by pages. Words are null in matters that you neither reported nor handle.

    Scope: `matters:read`.
    """
    if unknown := set(request.GET) - set(Asked.model_fields):
        raise Invalid("unknown_filter", _("There is no such filter."), names=sorted(unknown))
    order = CHANGES if asked.changed_since else NEWEST
    found = order.of(narrowed(request.auth, asked))
    if asked.after:
        found = order.behind(found, asked.after)
    # one row more tells whether there is a next page
    rows = list(found.values(*COLUMNS)[: asked.limit + 1])
    page, codes = rows[: asked.limit], all_codes()
    # there is nothing to make a move with but for whoever handles the matter
    handled = [row["id"] for row in page if serializers.handles(request.auth, serializers.situation_of(row))]
    dossiers = queries.dossiers_of(handled, TABLES)
    return {
        "matters": [serializers.row_told(row, request.auth, codes, dossiers.get(row["id"], NOTHING)) for row in page],
        "next": order.token(page[-1]) if len(rows) > len(page) else None,
    }


def narrowed(actor: Actor, asked: Asked) -> Any:
    found: Any = call_backs.for_caller(actor)
    if asked.text and not call_backs.is_number(asked.text):
        found = call_backs.concerning(found, actor)
    if asked.changed_since:
        found = found.filter(changed_at__gte=asked.changed_since)
    return queries.filtered(
        found,
        queries.Filters(
            text=asked.text,
            state=asked.state,
            light=asked.light,
            category=asked.category,
            # an area or unit that is not there has no matters
            area=area_id_of(asked.area) or NOWHERE if asked.area else None,
            unit=unit_id_of(asked.unit) or NOWHERE if asked.unit else None,
            channel=asked.channel,
            since=asked.since,
            until=asked.until,
        ),
    )


@router.get("/matters/{name}", auth=Token(READ), response=answers.MatterDetail, summary="One matter")
@acting
def get_matter(request: Any, response: HttpResponse, name: str) -> Any:
    """By its id or number, with steps, parts, deadlines and their reasons, and what you may do with it.

    Scope: `matters:read`.
    """
    matter = matter_called(request.auth, name)
    dossier = queries.dossier_of(matter.pk)
    calendar, now = work_calendar(), clock.now()
    told = serializers.matter_told(matter, dossier, request.auth, codes=all_codes(), calendar=calendar, now=now)
    return marked(response, told)


@router.post(
    "/matters", auth=Token(moves.REPORT), response={200: answers.Moved, 201: answers.Moved}, summary="Report a matter"
)
@acting
def report(request: Any, given: MatterBody) -> Any:
    """Answers 201, and 200 where the id or the partner's number was taken in before.

    Scope: `matters:report`.
    """
    number = request.caller.outside_number(given.partnernumber) if given.partnernumber else None
    fields, at = services.Fields(), clock.now()
    speaking = serializers.speaking(request.auth, own=True)
    with as_things_stand():
        # under the same id it is looked at whether it says the same
        if number and (before := call_backs.numbered(request.auth, number)) and before.pk != given.id:
            matter = said_again(given, before, fields, by=speaking, at=at)
        else:
            matter = taken_in(given, fields, number=number, by=request.auth, at=at)
        matter = fields.keep(matter, id=given.id, by=speaking, at=at)
    # what an earlier send made was received at another moment
    status = 201 if matter.received_at == at else 200
    return Status(status, serializers.moved_told(matter, request.auth, own=True, unusable=fields.unusable))


def said_again(given: MatterBody, matter: Matter, fields: services.Fields, *, by: Actor, at: datetime) -> Any:
    """The number is known: what else is sent under it is kept with its matter."""
    reporter = given.reporter or ReporterBody()
    pictures = fields.pictures(given.pictures, by=by)
    said = {name: getattr(given, name) for name in ("text", "title", "place", "category", "area")}
    return services.report_again(
        id=given.id,
        matter=matter,
        said=said | points_said(given, matter),
        reporter=reporter.model_dump(),
        picture_ids=pictures,
        by=by,
        at=at,
    )


def points_said(given: MatterBody, matter: Matter) -> dict[str, str]:
    """What is no text, as one, where it differs from what is known."""
    found = {
        f"answers.{code}": str(answer) for code, answer in given.answers.items() if matter.answers.get(code) != answer
    }
    point = given.point
    if point and (point.latitude, point.longitude, point.datum) != (matter.latitude, matter.longitude, matter.datum):
        found["point"] = f"{point.latitude}, {point.longitude} ({point.datum})"
    return found


def taken_in(given: MatterBody, fields: services.Fields, *, number: str | None, by: Actor, at: datetime) -> Any:
    reporter = given.reporter or ReporterBody()
    category = fields.category(given.category)
    phone, contact = fields.phone(reporter.phone, reporter.contact)
    try:
        return services.report_matter(
            id=given.id,
            title=given.title,
            text=given.text,
            area_id=area_called(given.area),
            channel=Channel.PARTNER,
            category_code=category,
            reporter_name=reporter.name,
            reporter_phone=phone,
            contact=contact,
            place=given.place,
            point=given.point.point() if given.point else None,
            answers=fields.answers(category, given.answers),
            picture_ids=fields.pictures(given.pictures, by=by),
            outside_number=number,
            confidential=given.confidential,
            objection=given.objection,
            by=by,
            at=at,
        )
    except Conflict as error:
        # the same number sent at the same moment under another id: the other one was first
        before = call_backs.numbered(by, number) if number and error.code == "not_stored" else None
        if before is None:
            raise
        return said_again(given, before, fields, by=serializers.speaking(by, own=True), at=at)


def versions_in(if_match: str) -> list[str]:
    """The versions that the header names; ``*`` is any."""
    return [one.strip().removeprefix("W/").strip('"') for one in if_match.split(",") if one.strip() not in {"", "*"}]


def make_move(spec: moves.Spec, request: Any, name: str, given: Any, if_match: str) -> Any:
    matter = matter_called(request.auth, name)
    values: dict[str, Any] = {field: getattr(given, field) for field in spec.fields}
    by, fields = serializers.speaking(request.auth, own=matter.own), services.Fields()
    with as_things_stand(), as_seen(matter.pk, given.seen, *versions_in(if_match)):
        values |= {field: unit_called(values[field]) for field in moves.units_named(values)}
        if "pictures" in values:
            values["picture_ids"] = fields.pictures(values.pop("pictures"), by=request.auth)
        moved = SERVICES[spec.move](id=given.id, matter=matter, by=by, **values)
    return serializers.moved_told(moved, request.auth, own=matter.own, unusable=fields.unusable)


def marked(response: HttpResponse, told: dict[str, Any]) -> dict[str, Any]:
    """With the matter's version in the header, to be given back in ``If-Match``."""
    response["ETag"] = f'"{told["version"]}"'
    return told


IF_MATCH: Any = Header(
    "",
    alias="If-Match",
    max_length=400,
    description="The `ETag` of the matter as you saw it: 412 where it has changed since.",
)


def open_move(spec: moves.Spec) -> None:
    """An operation of its own for each move, so that its body stands typed in the document."""

    def move(request: HttpRequest, response: HttpResponse, name: str, given: Any, if_match: str = IF_MATCH) -> Any:
        return marked(response, make_move(spec, request, name, given, if_match))

    move.__annotations__ = {"response": HttpResponse, "name": str, "given": spec.body, "if_match": str}
    move.__name__ = move.__qualname__ = f"move_{spec.move.value}"
    router.post(
        f"/matters/{{name}}/moves/{spec.move.value}",
        auth=Token(spec.scope),
        response=answers.Moved,
        summary=spec.move.value.replace("_", " ").capitalize(),
        description=f"{moves.WHY_SCOPE[spec.scope]} Scope: `{spec.scope}`.",
        url_name=move.__name__,
    )(acting(move))


for one in moves.SPECS:
    open_move(one)


@router.get(
    "/categories",
    auth=Token(READ, moves.REPORT, moves.HANDLE, COUNT),
    response=answers.Categories,
    summary="Categories with their questions",
)
@acting
def get_categories(request: HttpRequest) -> Any:
    """The tree in use. Scope: any."""
    return {"categories": serializers.tree_of(queries.categories())}


@router.get("/figures", auth=Token(COUNT), response=answers.FiguresTold, summary="Counts of matters")
@acting
def get_figures(request: Any, asked: Query[FiguresAsked]) -> Any:
    """Of the matters that the token sees, by one key; areas and units by their codes.

    For work, not for publication. Without `matters:read` they are of one calendar quarter that is over (`since` and
    `until` are its first and last day): days that overlap could be subtracted from each other. Counts below ten are
    then null, and others with them from which they could be worked out; by state and light `open` and `red` are null,
    since the key tells them.

    Scope: `figures:read`.
    """
    may_count = READ in request.auth.scopes
    if not may_count:
        check_period(asked.since, asked.until)
    # as categories and areas are named elsewhere here, whatever language the caller reads refusals in
    with override(settings.LANGUAGE_CODE):
        rows = queries.figures_by(request.auth, asked.by, since=asked.since, until=asked.until)
    codes: Mapping[int, str] = {}
    if asked.by in {"area", "unit"}:
        codes = areas_coded() if asked.by == "area" else unit_codes()
    # whoever may list the matters can count them as well
    counts = exact(rows) if may_count else suppressed(rows, by=asked.by)
    told = [
        {"key": str(codes.get(row.key, row.key)), "label": row.label, **dict(zip(COUNTED, numbers, strict=True))}
        for row, numbers in zip(rows, counts, strict=True)
    ]
    return {"by": asked.by, "rows": told}


def check_period(since: date | None, until: date | None) -> None:
    """Raises Refused ``not_a_quarter`` unless the days are those of a quarter that is over."""
    quarter, today = Quarter.between(since, until), clock.today()
    if quarter is None or today <= quarter.last:
        former = Quarter.of(today).former
        sentence = _("This token is told the figures of a whole quarter that is over. Give its first and its last day.")
        days = {"since": former.first.isoformat(), "until": former.last.isoformat()}
        raise Refused("not_a_quarter", sentence, newest=days)


def exact(rows: Sequence[Row]) -> list[tuple[int | None, ...]]:
    return [(row.received, row.open, row.red) for row in rows]


def suppressed(rows: Sequence[Row], *, by: str) -> list[tuple[int | None, ...]]:
    """As :mod:`minqing.privacy.nested` lets them be told."""
    if by in KEY_TELLS:
        counts = nested.publishable({str(n): (row.received,) for n, row in enumerate(rows)})
        return [(*counts[str(n)], None, None) for n in range(len(rows))]
    counts = nested.publishable({str(n): (row.received, row.open, row.red) for n, row in enumerate(rows)})
    return [counts[str(n)] for n in range(len(rows))]
