"""Rows as the release left them in which matters held exports, print sheets, publications, local names and routing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connections

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.matters.enums import Channel

LEAVES = [
    ("core", "0002_release"), ("intake", "0001_initial"), ("journal", "0004_sealer"), ("matters", "0029_last_word"),
    ("notify", "0003_replaced"), ("partners", "0007_unusable"), ("procrastinate", "0041_post_retry_failed_job"),
    ("visits", "0006_one_area_index"),
]  # fmt: skip
# tables that have gone to other rooms since, by their names then
MOVED = {
    "matters_exportrequest": "exports_exportrequest",
    "matters_sheettemplate": "documents_template",
    "matters_publication": "publications_publication",
    "matters_quarterfigures": "publications_quarterfigures",
    "matters_localname": "localnames_localname",
    "matters_savedfilter": "listing_savedfilter",
    "matters_routeset": "routing_routeset",
    "matters_route": "routing_route",
    "matters_routecase": "routing_routecase",
    "matters_routereplay": "routing_routereplay",
    "matters_routing": "routing_routing",
}
JOB = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args) "
    """VALUES ('default', 'matters.figures', 'matters.figures', 'matters.figures:2026Q2', '{"quarter": "2026Q2"}')"""
)
# as an envelope was kept: its body in base64
RAW = '{"media": "application/json", "charset": "", "attributes": {}, "body": "e30="}'


class LastRelease:
    """Writes as the owner, whom the caller has shown all areas."""

    def __init__(self, apps: Any, now: datetime) -> None:
        self.apps, self.now = apps, now

    def rows(self, room: str, model: str) -> Any:
        return self.apps.get_model(room, model).objects.using("owner")

    def made(self, room: str, model: str, **values: Any) -> Any:
        return self.rows(room, model).create(**{"id": new_id()} | values)

    def lay_out(self) -> None:
        self.waiting()
        self.published()
        self.routed()
        self.half_loaded()
        self.told()
        self.parked()
        self.exchanged()
        self.brought()
        self.visited()
        with connections["owner"].cursor() as cursor:
            cursor.execute(JOB)

    def waiting(self) -> None:
        """A message as the board's import stored it, without a clock; and one that was declined and contested."""
        for title, channel, rung, moves in (
            ("message", Channel.MESSAGE, "officer", [("receive", "received")]),
            ("contested", Channel.COUNTER, "head",
             [("receive", "received"), ("decline", "declined"), ("appeal", "received"), ("note", "received")]),
        ):  # fmt: skip
            matter = self.made(
                "matters", "Matter", number=f"MQ-{title}", title=title, text=title, area_id=3, channel=channel.value,
                state="received", rung=rung, received_at=self.now - timedelta(days=90),
            )  # fmt: skip
            for after, (move, state) in enumerate(moves):
                at = matter.received_at + timedelta(days=after)
                self.made("matters", "Step", matter=matter, move=move, state=state, at=at, by="system:x")
        since = self.now - timedelta(days=88)
        self.made(
            "matters", "Clock", matter=matter, kind="assign", started_at=since, target="1d", norm="immediate",
            due_at=since + timedelta(days=1),
        )  # fmt: skip

    def published(self) -> None:
        account = {name: self.rows("org", "Account").get(username=name) for name in ("clerk", "leader")}
        # one that everybody reads, and one that is prepared
        for title, state, values in (
            ("answered", "published", {"reviewed_by": account["leader"], "published_at": self.now}),
            ("paused", "draft", {}),
        ):
            self.made(
                "matters", "Publication", matter=self.rows("matters", "Matter").get(title=title), state=state,
                title=title, question="路灯不亮", answer="修好了", area_id=3, category_id="road", changed_at=self.now,
                prepared_by=account["clerk"], **values,
            )  # fmt: skip
        self.made("matters", "QuarterFigures", year=2026, quarter=1, threshold=5, table={}, made_at=self.now)
        self.made(
            "matters", "LocalName", kind="state", code="received", language="zh-hans", word="已收件",
            changed_at=self.now, changed_by="system:x",
        )  # fmt: skip
        self.made(
            "matters", "SavedFilter", account=account["clerk"], name="本镇超期", query="light=red", saved_at=self.now
        )
        self.made(
            "matters", "SheetTemplate", content=b"a county's own", digest="0", uploaded_at=self.now, by="system:x"
        )

    def routed(self) -> None:
        """Rules in force with a case that quotes somebody, their trial, and a matter that came to its unit by them."""
        routes = self.made(
            "matters", "RouteSet", area_id=2, number=1, state="live", made_by="system:x", made_at=self.now,
            live_at=self.now,
        )  # fmt: skip
        rule = self.made("matters", "Route", set=routes, order=1, name="都归办公室", unit_id=1, mark="m" * 32)
        self.made(
            "matters", "RouteCase", set=routes, area_id=2, place_id=3, title="路灯不亮", text="张三家", at=self.now,
            unit_id=1,
        )  # fmt: skip
        self.made("matters", "RouteReplay", set=routes, area_id=2, digest="0", at=self.now, by="system:x")
        matter = self.rows("matters", "Matter").get(title="running")
        step = self.made(
            "matters", "Step", matter=matter, move="assign", state="assigned", at=matter.assigned_at, by="system:x",
            unit_id=1,
        )  # fmt: skip
        self.made(
            "matters", "Routing", matter=matter, step=step, area_id=3, route=rule, set=routes, source="rule",
            suggested_id=1, chosen_id=1, at=step.at,
        )  # fmt: skip
        self.event("matters.routes.went_live", f"routes:{routes.pk}", {"area": 2, "number": 1, "state": "live"})

    def half_loaded(self) -> None:
        """Tables of matters that were cut off: one with rows loaded, one before its first."""
        for name, done in (("half.xlsx", 500), ("waiting.xlsx", 0)):
            self.made(
                "intake", "ImportRun", kind="matters", state="loading", mode="valid", name=name, stored="x",
                sha256="0", total_rows=900, done_rows=done, by_name="x", made_at=self.now,
            )  # fmt: skip

    def told(self) -> None:
        """Events that nobody has been told of yet, one that was laid aside, and a county's visits."""
        asked = self.rows("matters", "ExportRequest").get()
        data = {"rows": asked.rows, "area": asked.area_id, "purpose": "meeting"}
        for type in ("matters.export.asked", "matters.export.refused"):
            event = self.event(type, f"export:{asked.pk}", data)
        self.rows("journal", "Parked").create(subscriber="exports-tell", event=event, error="x", parked_at=self.now)
        self.event("visits.visit.recorded", f"visit:{new_id()}", {})

    def visited(self) -> None:
        """Diaries with what was ticked of hazards: with words of its own and without."""
        home = self.made("households", "Household", number="H-old", area_id=3, changed_at=self.now)
        account = self.rows("org", "Account").first()
        for text, ticked in (("厨房看过了。", {"gas": "软管裂了", "electric": ""}), ("", {"fire": ""}), ("没事。", {})):
            visit = self.made(
                "visits", "Visit", household=home, area_id=3, account=account, visited_at=self.now, recorded_at=self.now
            )  # fmt: skip
            self.made("visits", "DiaryEntry", visit=visit, area_id=3, text=text)
            for kind, note in ticked.items():
                self.made("visits", "HazardCheck", visit=visit, area_id=3, kind=kind, note=note)

    def parked(self) -> None:
        """A message that no carrier could deliver; the outbox is the job's alone."""
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT set_config('minqing.system', 'notify', false)")
        self.made(
            "notify", "Outgoing", key="x", notice=new_id(), channel="sms", kind="matters.assigned", language="zh-hans",
            state="parked", tries=12, next_at=self.now, error="wrong_number", made_at=self.now,
        )  # fmt: skip

    def exchanged(self) -> None:
        """What a partner could not be told, and what of it could not be taken over."""
        partner = self.made(
            "partners", "Partner", code="board", name="留言板", area_id=2, made_at=self.now, secret="x" * 32
        )
        endpoint = self.made(
            "partners", "Endpoint", partner=partner, url="https://board.example/events", types=["matters.*"],
            secret="x" * 32, made_at=self.now,
        )  # fmt: skip
        self.made(
            "partners", "Delivery", endpoint=endpoint, event=new_id(), type="matters.matter.received", sequence=1,
            body={}, state="dead", tries=12, next_at=self.now, queued_at=self.now, settled_at=self.now, error="timeout",
        )  # fmt: skip
        self.made(
            "partners", "Inbound", partner=partner, area_id=2, source="https://board.example", event="1", raw=RAW,
            state="dead", code="unreadable", tries=9, next_at=self.now, received_at=self.now, settled_at=self.now,
        )  # fmt: skip

    def brought(self) -> None:
        """Tables of households that wait for their clerk: one that was checked, one whose load broke off."""
        clerk = self.rows("org", "Account").get(username="clerk")
        for name, state in (("checked.xlsx", "checked"), ("broken off.xlsx", "failed")):
            self.made(
                "intake", "ImportRun", kind="households", state=state, mode="valid", name=name, stored="x", sha256="0",
                total_rows=9, by=clerk.pk, post=self.rows("org", "Post").get(account=clerk).pk, by_name="x",
                made_at=self.now,
            )  # fmt: skip

    def event(self, type: str, subject: str, data: dict[str, Any]) -> Any:
        return self.made(
            "journal", "Event", type=type, source="/minqing", subject=subject, at=clock.now(), actor="system:x",
            data=data,
        )  # fmt: skip
