"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.deadlines.enums import Rung
from minqing.matters import services as matters
from minqing.matters.enums import Channel, State
from minqing.matters.models import Part
from minqing.org.enums import DESK, FIELD, OVERSIGHT, Role
from minqing.privacy.access import acting_as
from tests.architecture.matrix import (
    ALL,
    ASSIGNED,
    CONCERNED,
    HERE,
    MOVERS,
    NO_ID,
    NOBODY,
    Line,
    beside,
    fixed,
    matter,
    number,
    unknown,
)
from tests.architecture.notices import Told
from tests.architecture.reasons import (
    ADDS_ROWS,
    COUNTED,
    FINDS_CHANGES,
    OF_STAFF,
    ONE_ROW,
    ORDERED,
    PART_OF_ANOTHER,
    READS_ONLY,
    RUNS_ALONE,
    UNDER_MATTER,
    WHOSE,
)
from tests.cast import Cast
from tests.matters.lives import Life

OPERATOR = {Role.OPERATOR}
REACH = {"operator": ALL}
ONE_TURN = "all writes of categories take turns by one name"
UPKEEP = tuple(
    f"matters.services.category_upkeep.{name}"
    for name in (
        "add_category",
        "change_category",
        "drop_question",
        "put_category_aside",
        "save_categories",
        "set_question",
        "take_category_up",
    )
)


LINES = {
    "matters:list": Line(CONCERNED),
    "matters:work": Line(FIELD | DESK | {Role.LEADER}, ok=302),
    "matters:new": Line(FIELD),
    "matters:slips": Line(FIELD),
    "matters:slip": Line(FIELD, at=matter),
    "matters:sheet": Line(MOVERS, at=beside(matter, "pdf"), reach=ASSIGNED),
    # for a day, to the one who took it in
    "matters:taken": Line(FIELD, at=matter, reach=NOBODY),
    "matters:similar": Line(FIELD, post=True),
    "matters:alike": Line(CONCERNED, at=matter, reach=ASSIGNED),
    "matters:together": Line({Role.CLERK}, at=matter),
    "matters:detail": Line(CONCERNED, at=matter, reach=ASSIGNED),
    # who looks at figures may read a matter and see its photos, not who raised it
    "matters:reporter": Line(FIELD | DESK, at=matter, reach=ASSIGNED, post=True),
    # of a move that is not open to them they read why
    "matters:move": Line(MOVERS, at=beside(matter, "accept"), reach=ASSIGNED),
    "matters:categories": Line(OPERATOR),
    "matters:add_category": Line(OPERATOR),
    "matters:category": Line(OPERATOR, at=fixed("road"), reach=REACH),
    "matters:category_aside": Line(OPERATOR, at=fixed("road"), reach=REACH, post=True, ok=302),
    "matters:category_up": Line(OPERATOR, at=fixed("road"), reach=REACH, post=True, ok=302),
    "matters:add_question": Line(OPERATOR, at=fixed("road"), reach=REACH),
    "matters:question": Line(OPERATOR, at=fixed("environment.noise", "since"), reach=REACH),
    # once dropped it is gone
    "matters:drop_question": Line(
        OPERATOR, at=fixed("environment.noise", "since"), reach={"operator": HERE}, post=True, ok=302
    ),
    "matters:phrases": Line(DESK),
    # somebody else's canned reply, list or export does not exist; who has one is in tests/matters/test_phrases.py
    "matters:phrase": Line(DESK, at=unknown(), reach=NOBODY),
    "matters:phrase_drop": Line(DESK, at=unknown(), reach=NOBODY, post=True),
    "matters:phrases_here": Line(MOVERS, at=matter, reach=ASSIGNED),
    "matters:export": Line(DESK | OVERSIGHT),
    "matters:picture": Line(CONCERNED, at=beside(matter, NO_ID), reach=NOBODY),
    "matters:wall": Line(OVERSIGHT | {Role.UNIT_HEAD, Role.CLERK}),
}
BY_OTHER_WAYS = {
    "matters:taken": "comes after a form was sent",
    "matters:work": "where the worklist stood before, for those who kept its address",
    "matters:phrases_here": "asked for by the place where one writes",
    "matters:together": "where something is alike",
    "matters:question": "from a category that asks something",
}
TOLD_BY = {
    "matters.services.assigning.unassign_matter": "matters.matter.unassigned",
    "matters.imports.storing.insert": "matters.import.loaded",
    "matters.imports.storing.update": "matters.import.loaded",
    "matters.services.days.count_next_days": COUNTED,
    "matters.services.days.keep": COUNTED,
    "matters.services.parts.take_back": "matters.matter.assigned",
    "matters.services.reporting.take_in": "matters.matter.received",
    "matters.services.steps.add_pictures": "matters.matter.noted",
    "matters.services.supervising.end_supervision": "matters.matter.released",
    "matters.services.supervising.release_matter": "matters.matter.released",
    "matters.subjects.cover_elsewhere": "matters.person.erased",
}
LOCKED = {
    "matters.services.assigning.unassign_matter": UNDER_MATTER,
    "matters.services.supervising.end_supervision": UNDER_MATTER,
    "matters.services.supervising.release_matter": UNDER_MATTER,
    "matters.subjects.cover_elsewhere": "matters that are locked for the erasure, in their one order",
    "matters.imports.storing.known": ORDERED,
    "matters.services.asking.hear_at_door": ONE_ROW,
    "matters.subjects.locked": ORDERED,
    "matters.subjects.withhold": ORDERED,
    "matters.services.categories.load_categories": "part of an upgrade",
    "matters.services.category_upkeep.begun": ONE_TURN,
    "matters.services.merging.in_order": ORDERED,
    "matters.services.merging.merged_with": ORDERED,
    "matters.services.outside.add_reporter": UNDER_MATTER,
    "matters.services.outside.report_again": UNDER_MATTER,
    "matters.services.parts.take_back": UNDER_MATTER,
    "matters.services.phrases.save_phrase": ONE_ROW,
    "matters.services.pictures.add_report_picture": ONE_ROW,
    "matters.services.steps.begin": ORDERED,
    "matters.services.steps.held": ONE_ROW,
}
UNPAIRED = dict.fromkeys(UPKEEP, ONE_TURN) | {
    "matters.services.categories.load_categories": RUNS_ALONE,
    "matters.services.days.count_next_days": "count_stale_days",
    "matters.services.days.rebuild_days": "count_stale_days",
    "matters.services.days.wrong_days": READS_ONLY,
    "matters.services.looking.look_up_caller": READS_ONLY,
    "matters.services.looking.reveal_reporter": READS_ONLY,
    "matters.services.periodic.draw": "draw_call_backs",
    "matters.services.reporting.report_matter": ADDS_ROWS,
    "matters.services.steps.begin": PART_OF_ANOTHER,
}
INSIDE = {
    "matters.services.categories.load_categories",
    "matters.services.days.count_next_days",
    "matters.services.days.count_stale_days",
    "matters.services.days.rebuild_days",
    "matters.services.days.wrong_days",
    "matters.services.pictures.add_report_picture",
    "matters.services.pictures.drop_unused_pictures",
    "matters.services.periodic.draw",
    "matters.services.periodic.draw_call_backs",
    "matters.services.steps.begin",
}
OTHERWISE = {
    "minqing.matters.services.reporting.report_matter": "checks the digest itself: matter and send are one statement",
    "minqing.matters.services.outside.report_again": "add_note and the moves it makes",
    "minqing.matters.services.phrases.save_phrase": "corrects; what a form adds is add_phrase",
    "minqing.matters.services.steps.begin": "the moves that call it",
}
OPERATORS = set(UPKEEP)
BY_SERVICE = {
    "matters.forms.categories.NewCategoryForm": "matters.services.category_upkeep.add_category",
    "matters.forms.categories.QuestionForm": FINDS_CHANGES,
}
ADDS = {
    "NewForm",
    "SavingForm",
}
UNSEEN = {
    "matters:reporter": READS_ONLY,
}
ALONE = {
    matters.look_up_caller: lambda stage: {"phone": "13812345678"},
    matters.reveal_reporter: lambda stage: {"matter": Life(stage.cast).report()},
    matters.escalate_matter: lambda stage: {"id": new_id(), "matter": Life(stage.cast).accepted()},
    matters.report_matter: lambda stage: {
        "id": new_id(), "title": "", "text": "路灯坏了", "area_id": stage.cast.own.pk, "channel": Channel.COUNTER
    },
    matters.add_phrase: lambda stage: {"id": new_id(), "title": "一", "text": "二", "area": stage.cast.town.pk},
}  # fmt: skip


def slip(cast: Cast, who: Any) -> Any:
    return who.get(reverse("matters:slip", args=[cast.matter(number="MQ-slip").pk]))


def slips(cast: Cast, who: Any) -> Any:
    cast.matter()
    return who.get(reverse("matters:slips"))


def sheet(kind: str) -> Callable[[Cast, Any], Any]:
    return lambda cast, who: who.get(reverse("matters:sheet", args=[cast.matter(number=f"MQ-{kind}").pk, kind]))


DOWNLOADS = {
    "slip": ("matters/views/printing.py", slip, ("便民单-MQ-slip.pdf", "便民單-MQ-slip.pdf", "Slip-MQ-slip.pdf")),
    "slips": ("matters/views/printing.py", slips, (
        "便民单-2026-11-29.pdf", "便民單-2026-11-29.pdf", "Slip-2026-11-29.pdf")),
    "sheet": ("matters/views/printing.py", sheet("pdf"), (
        "办理单-MQ-pdf.pdf", "辦理單-MQ-pdf.pdf", "Handling sheet-MQ-pdf.pdf")),
    "sheet in Word": ("matters/views/printing.py", sheet("docx"), (
        "办理单-MQ-docx.docx", "辦理單-MQ-docx.docx", "Handling sheet-MQ-docx.docx")),
}  # fmt: skip


def a_canned_reply(cast: Cast) -> None:
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        matters.save_phrase(
            id=new_id(), title="已派单", text="{number}已派给{unit}，{due}前答复。", unit=cast.office.pk, by=clerk
        )


PLANTED = {a_canned_reply}


def as_it_is(**values: Any) -> Callable[[Cast], str]:
    """A matter of the own village that stands so; what can be called is asked for with the cast."""

    def laid(cast: Cast) -> str:
        given = {name: value(cast) if callable(value) else value for name, value in values.items()}
        return f"matter:{cast.matter(number=number('MQ'), **given).pk}"

    return laid


# who has it: a bureau, or the village, which else does not read what was told in confidence
HOLDERS: tuple[tuple[Callable[[Cast], Any], bool], ...] = (
    (lambda cast: cast.bureau, False),
    (lambda cast: cast.committee, True),
)


def with_unit(word: str, **data: Any) -> tuple[Told, ...]:
    """In somebody's hands."""
    return tuple(
        Told(f"matters.{word}", as_it_is(state=State.ASSIGNED, lead_unit=unit, confidential=hidden), data)
        for unit, hidden in HOLDERS
    )


def waiting(word: str, **data: Any) -> tuple[Told, ...]:
    """Told in confidence; nobody has it yet."""
    return (Told(f"matters.{word}", as_it_is(state=State.RECEIVED, confidential=True), data),)


def for_help(cast: Cast) -> str:
    return as_it_is(state=State.RECEIVED, channel=Channel.SOS)(cast)


def joint(unit: Callable[[Cast], Any]) -> Callable[[Cast], str]:
    """The bureau's, with a part of that unit."""

    def laid(cast: Cast) -> str:
        one = cast.matter(number=number("MQ"), state=State.ASSIGNED, lead_unit=cast.bureau, supporting=[unit(cast).pk])
        with cast.everything():
            Part.objects.create(matter=one, unit=unit(cast), task="请核实", asked_at=clock.now())
        return f"matter:{one.pk}"

    return laid


def its_part(cast: Cast) -> dict[str, Any]:
    with cast.everything():
        return {"part": str(Part.objects.latest("asked_at").pk)}


def to_handler(cast: Cast) -> dict[str, Any]:
    return {"handler": str(cast.account("handler").pk)}


RUNGS = (Rung.HEAD, Rung.TOWNSHIP, Rung.CITY)
NOTICES = {
    "matters.received": tuple(
        told
        for word in ("matter.received", "matter.appealed", "matter.split", "matter.reopened")
        for told in waiting(word)
    ),
    "matters.sos": (Told("matters.matter.received", for_help),),
    "matters.assigned": tuple(
        told for word in ("matter.assigned", "matter.decided", "matter.transferred") for told in with_unit(word)
    ),
    "matters.named": tuple(
        Told("matters.matter.named", as_it_is(state=State.ASSIGNED, lead_unit=unit, confidential=True), to_handler)
        for unit, _hidden in HOLDERS[:1]
    ),
    "matters.part_asked": tuple(
        Told(f"matters.part.{word}", joint(unit), its_part)
        for word in ("asked", "decided")
        for unit in (lambda cast: cast.office, lambda cast: cast.committee)
    ),
    "matters.part_answered": tuple(
        Told(f"matters.part.{word}", joint(lambda cast: cast.office), its_part) for word in ("replied", "refused")
    ),
    "matters.sent_back": waiting("matter.sent_back"),
    "matters.extension_asked": with_unit("extension.asked"),
    "matters.extension_decided": (*with_unit("extension.granted"), *with_unit("extension.refused")),
    "matters.supervised": with_unit("matter.supervised"),
    "matters.reported_on": with_unit("matter.reported_on"),
    "matters.overdue": tuple(
        told for rung in RUNGS for told in with_unit("matter.escalated", state="assigned", rung=rung.value)
    ),
    "matters.unassigned": tuple(
        told for rung in RUNGS for told in waiting("matter.escalated", state="received", rung=rung.value)
    ),
    "matters.reopened": with_unit("matter.reopened"),
    "matters.remarked": (*with_unit("matter.remarked", own=True), *waiting("matter.remarked", own=True)),
    "matters.news": tuple(told for word in ("finished", "declined", "suspended") for told in waiting(f"matter.{word}")),
}
CHECKED = {("matters_matter", "state"): "'received'"}
STILL = {"matters.Step": "tells for good in which state its move left the matter"}
SETS = {
    "matters/services/history.py": {"self.state = to": "the past of a matter, walked through by its table"},
    "matters/queries/publishable.py": {
        "{'state': State.CONFIRMED.value, 'confidential': False}": "which matters are looked for"
    },
}
UNERASED = {
    "matters.Confirmation": {"by": OF_STAFF},
    "matters.Extension": {"asked_by": OF_STAFF, "decided_by": OF_STAFF},
    "matters.Step": {"by": OF_STAFF, "by_name": OF_STAFF},
    "matters.Supervision": {"ordered_by": OF_STAFF},
}
FINDINGS = {"search of matters"}
OWN_TEXTS = {"matters.Matter": dict.fromkeys(("datum",), WHOSE)}

# on tables made with them, or while no county had any rows
AT_ONCE = {
    f"matters.{name}"
    for name in ("0003_questions", "0004_joint_and_clocks", "0007_routes", "0009_confidential", "0010_sheets",
                 "0016_publication_search")
}  # fmt: skip
STAFFED = {
    "matters.Matter.lead_unit": "of_unit",
    "matters.Matter.handler": "its unit has it, and sees that nobody is named",
    "matters.Part.unit": "of_unit",
    "matters.Part.proposed_unit": "asked of the leading unit, which answers",
    "matters.Part.handler": "its unit has it, and sees that nobody is named",
    "matters.Clock.unit": "counted with its matter",
    "matters.Step.unit": "what was done",
    "matters.Phrase.unit": "its own canned replies, of use to nobody else",
}
