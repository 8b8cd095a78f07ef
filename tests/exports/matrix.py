"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.exports import rules as exporting
from minqing.exports.enums import Move, Purpose
from minqing.exports.enums import State as ExportState
from minqing.exports.models import ExportRequest
from minqing.matters.enums import State
from minqing.org.enums import DESK, OVERSIGHT, Role
from tests.architecture.acts import Act
from tests.architecture.matrix import NOBODY, Line, unknown
from tests.architecture.notices import Told
from tests.architecture.offers import Scene
from tests.architecture.reasons import LIFE_DECIDES, OF_STAFF, ONE_ROW
from tests.cast import Cast, at


def exports(cast: Cast, actor: Actor) -> Any:
    return actor.has(*exporting.EXPORTERS)


def decides(cast: Cast, actor: Actor) -> Any:
    return exporting.may_decide(actor, account=None, area_id=cast.town.id, state=ExportState.ASKED)


def takes(cast: Cast, actor: Actor) -> Any:
    """Only who may ask has anything to take."""
    now = clock.now()
    state = ExportState.APPROVED
    own = exporting.may_take(actor, account=actor.id, post=actor.post, state=state, decided_at=now, now=now)
    return exports(cast, actor) and own


LINES = {
    "exports:list": Line(DESK | OVERSIGHT),
    "exports:decide": Line({Role.CLERK, Role.LEADER}, at=unknown(), reach=NOBODY, post=True),
    "exports:take": Line(DESK | OVERSIGHT, at=unknown(), reach=NOBODY, post=True),
}
LOCKED = {
    "exports.subjects.cover": ONE_ROW,
    "exports.services.decide_export": ONE_ROW,
    "exports.services.take_export": ONE_ROW,
}
BY_SERVICE = {
    "exports.forms.ExportForm": "exports.services.ask_export",
}
ADDS = {
    "ExportForm",
}
UNSEEN = {
    "exports:decide": LIFE_DECIDES,
    "exports:take": LIFE_DECIDES,
}
ACTS = {
    "ask_export": Act("matters:export", exports),
    "decide_export": Act("exports:decide", decides),
    "take_export": Act("exports:take", takes),
}
# what a move of its life is called among the writes
OF_LIVES = {
    Move.ASK: "ask_export",
    Move.APPROVE: "decide_export",
    Move.REFUSE: "decide_export",
    Move.TAKE: "take_export",
}


def to_export(cast: Cast) -> Scene:
    cast.matter(state=State.ASSIGNED, lead_unit=cast.bureau, assigned_at=clock.now())
    acts: dict[tuple[str, ...], Any] = {("matters:export", "matters"): lambda actor: exports(cast, actor)}
    return Scene(pages=[reverse("matters:export")], acts=acts)


def export_in(state: ExportState, *, late: bool = False) -> Callable[[Cast], Scene]:
    def made(cast: Cast) -> Scene:
        now = clock.now()
        at = now - exporting.DAY if late else now
        cast.matter(state=State.ASSIGNED, lead_unit=cast.bureau, assigned_at=now)
        with cast.everything():
            decided = {} if state is ExportState.ASKED else {"decided_at": at, "decided_by": cast.account("leader")}
            row = ExportRequest.objects.create(
                kind="matters",
                account=cast.account("clerk"), post=cast.actor("clerk").post, area=cast.town, query="", rows=1,
                state=state.value, purpose=Purpose.MEETING.value, asked_at=at, **decided,
            )  # fmt: skip

        def decides(actor: Actor) -> Any:
            return exporting.may_decide(actor, account=row.account_id, area_id=row.area_id, state=state)

        def takes(actor: Actor) -> Any:
            return exporting.may_take(
                actor, account=row.account_id, post=row.post, state=state, decided_at=decided.get("decided_at"),
                now=clock.now(),
            )  # fmt: skip

        key = str(row.pk)
        return Scene(
            pages=[reverse("exports:list")],
            acts={
                ("exports:decide", key, "yes"): decides,
                ("exports:decide", key, "no"): decides,
                ("exports:take", key): takes,
            },
        )

    return made


OFFERS = {
    "list to export": to_export,
    **{f"export {state}": export_in(state) for state in ExportState},
    "export approved long ago": export_in(ExportState.APPROVED, late=True),
}


def export(cast: Cast, who: Any) -> Any:
    cast.matter(received_at=at("2026-11-01 09:00"))
    return who.post("/matters/export/", {"request_id": str(new_id()), "purpose": "meeting", "query": ""})


DOWNLOADS = {
    "list": ("exports/views.py", export, (
        "民情事项-2026-11-29.xlsx", "民情事項-2026-11-29.xlsx", "Matters-2026-11-29.xlsx")),
}  # fmt: skip


def asked_and_decided(cast: Cast) -> None:
    for who in ("handler", "leader", "clerk"):
        with cast.everything():
            for state in (ExportState.ASKED, ExportState.APPROVED):
                decided = {} if state is ExportState.ASKED else {
                    "decided_at": clock.now(), "decided_by": cast.account("unit_head"),
                }  # fmt: skip
                ExportRequest.objects.create(
                    kind="matters",
                    account=cast.account(who), area=cast.town, query="state=received", state=state.value, rows=1,
                    purpose=Purpose.MEETING.value, asked_at=clock.now(), **decided,
                )  # fmt: skip


PLANTED = {asked_and_decided}


def asked_for(cast: Cast) -> str:
    with cast.everything():
        row = ExportRequest.objects.create(
            kind="matters", account=cast.account("handler"), post=cast.actor("handler").post, area=cast.town, query="",
            rows=1, state=ExportState.ASKED.value, purpose=Purpose.MEETING.value, asked_at=clock.now(),
        )  # fmt: skip
    return f"export:{row.pk}"


def of_town(cast: Cast) -> dict[str, Any]:
    return {"rows": 1, "area": cast.town.id}


# as they were called before exports were a room of their own, too
WERE = ("exports", "matters")
NOTICES = {
    "exports.asked": tuple(Told(f"{room}.export.asked", asked_for, of_town) for room in WERE),
    "exports.decided": tuple(
        Told(f"{room}.export.{word}", asked_for, of_town) for room in WERE for word in ("approved", "refused")
    ),
}
TOLD_BY = {"exports.subjects.cover": "exports.person.erased"}
UNERASED = {"exports.ExportRequest": {"account": OF_STAFF, "decided_by": OF_STAFF}}
FINDINGS = {"exports"}
STAFFED = {
    "exports.ExportRequest.account": "who asked: an approval is theirs alone, and lapses in a day",
}
