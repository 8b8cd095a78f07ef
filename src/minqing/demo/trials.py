"""What people and programs of the made-up county do while it is broken, and the book of what they were told is done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Final
from uuid import uuid4

import psycopg

from minqing.core.browser import Browser, Lost, form_of, patiently
from minqing.core.plays import Play

# how long somebody tries the same again
PATIENCE = 120.0
TOO_MANY = 429
# as many doors as a trial may need: each is let report ten times at once
MOST_DOORS = 2000
CLERK = "clerk"
# of what was acknowledged what is there, and how often
ONCE: Final = {
    "reports": "SELECT id::text, 1 FROM matters_matter WHERE id = ANY(%s::uuid[])",
    "received": "SELECT substr(subject, 8), count(*) FROM journal_event WHERE type = 'matters.matter.received' "
    "AND subject = ANY(SELECT 'matter:' || one FROM unnest(%s::text[]) AS one) GROUP BY 1",
    "moves": "SELECT substr(subject, 8), count(*) FROM journal_event WHERE type = 'matters.matter.assigned' "
    "AND subject = ANY(SELECT 'matter:' || one FROM unnest(%s::text[]) AS one) GROUP BY 1",
    "households": "SELECT number, count(*) FROM households_household WHERE number = ANY(%s) GROUP BY 1",
    "deliveries": "SELECT substr(e.subject, 8), count(*) FROM partners_delivery d "
    "JOIN journal_event e ON e.id = d.event WHERE d.state = 'delivered' AND e.type = 'matters.matter.received' "
    "AND e.subject = ANY(SELECT 'matter:' || one FROM unnest(%s::text[]) AS one) GROUP BY 1",
}
NOTICES: Final = "SELECT count(*), count(DISTINCT (account, kind, subject, made_at)) FROM notify_notice"


@dataclass(frozen=True)
class Setting:
    """What the made-up county has: paths of doors, the clerk's name and pass phrase, a township and a village."""

    doors: tuple[str, ...]
    clerk: str
    word: str
    town: str
    village: str


@dataclass
class Book:
    """Only what was acknowledged. ``received``: the ids of events that the partner got, each as often as it came."""

    reports: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    households: list[str] = field(default_factory=list)
    received: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    last: float = 0.0


class Loads:
    """Threads that go on until :meth:`stop`; each sends the same again until it is told what became of it."""

    setting: Setting
    port: int

    def __init__(self) -> None:
        self.book = Book()
        self.partner = Partner(self.book)
        self.ending = threading.Event()
        self.threads = [
            threading.Thread(target=self.going_on, args=(work, pause), daemon=True)
            for work, pause in (
                (Stubborn(self.report_once), 1.0),
                (Stubborn(self.move_once), 1.0),
                (Stubborn(self.import_once), 5.0),
            )
        ]

    def start(self, given: Mapping[str, Any], port: int) -> None:
        self.setting, self.port = Setting(**dict(given) | {"doors": tuple(given["doors"])}), port
        for one in self.threads:
            one.start()

    def stop(self) -> None:
        self.ending.set()
        for one in self.threads:
            one.join(PATIENCE)

    @property
    def last(self) -> float:
        return self.book.last

    @property
    def address(self) -> str:
        return self.partner.url

    def begun(self) -> bool:
        return bool(self.book.reports)

    def close(self) -> None:
        self.partner.close()

    def waiting(self, connection: psycopg.Connection) -> list[str]:
        row = connection.execute(
            "SELECT count(*) FROM partners_delivery WHERE state IN ('queued', 'retrying')"
        ).fetchone()
        left = [f"{row[0]} deliveries"] if row and row[0] else []
        row = connection.execute(
            "SELECT count(*) FROM intake_importrun WHERE id = ANY(%s::uuid[]) AND state <> 'done'", [self.book.imports]
        ).fetchone()
        return left + ([f"{row[0]} tables"] if row and row[0] else [])

    def compared(self, connection: psycopg.Connection) -> tuple[dict[str, int], list[str]]:
        """Everything that was acknowledged is there, and once."""
        book, figures, wrong = self.book, dict[str, int](), list[str]()
        asked = {
            "reports": book.reports,
            "received": book.reports,
            "moves": book.moves,
            "households": book.households,
            "deliveries": book.reports,
        }
        for name, sentence in ONCE.items():
            there: dict[str, int] = dict(connection.execute(sentence, [asked[name]]).fetchall())
            missing = [one for one in asked[name] if one not in there]
            double = [one for one, times in there.items() if times != 1]
            figures[name] = len(there)
            wrong += [f"{name}: {len(missing)} missing, such as {missing[0]}"] if missing else []
            wrong += [f"{name}: {len(double)} more than once, such as {double[0]}"] if double else []
        row = connection.execute(NOTICES).fetchone()
        if row is not None:
            figures["notices"] = row[0]
            wrong += ["notices: some more than once"] if row[0] != row[1] else []
        figures |= {"tables": len(book.imports), "calls to the partner": len(book.received)}
        return figures, wrong + [f"refused: {one}" for one in sorted(set(book.refused))]

    def going_on(self, work: Iterator[None], pause: float) -> None:
        while not self.ending.is_set():
            try:
                next(work)
            except Lost:
                # between two things of which none was sent yet
                time.sleep(0.2)
            except Exception as error:
                # a load that ended unseen would make everything look well
                self.book.refused.append(f"{type(error).__name__}: {error}"[:200])
            self.ending.wait(pause)

    def report_once(self, turn: int, kept: dict[str, Browser]) -> None:
        """A resident at one of many doors, each from another address."""
        browser = kept.setdefault("browser", Browser(self.port))
        door = self.setting.doors[turn % len(self.setting.doors)]
        browser.source = f"127.{1 + turn // 40_000 % 200}.{turn // 200 % 200}.{1 + turn % 200}"
        if not hasattr(browser, "form"):
            browser.form = form_of(browser.get(f"{door}/report").page, "/report")  # type: ignore[attr-defined]
            # nobody fills in a form sooner
            time.sleep(3.5)
        id = str(uuid4())
        sent = browser.form | {"request_id": id, "text": f"试运行报修第{turn}件：路灯不亮。"}  # type: ignore[attr-defined]
        answer = patiently(lambda: browser.post(f"{door}/report", sent), until=time.monotonic() + PATIENCE)
        if answer is not None and answer.status == 302:
            self.book.reports.append(id)
            self.book.last = time.monotonic()
        elif answer is None or answer.status != TOO_MANY:
            # a door takes so many an hour; a long trial comes back to it
            self.book.refused.append(f"report {answer.status if answer else 'lost'}")

    def signed_in(self, kept: dict[str, Browser]) -> Browser:
        if "browser" not in kept:
            browser = Browser(self.port)
            browser.sign_in(self.setting.clerk, self.setting.word)
            kept["browser"] = browser
        return kept["browser"]

    def move_once(self, turn: int, kept: dict[str, Browser]) -> None:
        """The clerk assigns the last report that waits."""
        browser = self.signed_in(kept)
        waiting = [one for one in self.book.reports if one not in self.book.moves]
        if not waiting:
            return
        id, path = waiting[-1], f"/matters/{waiting[-1]}/moves/assign/"
        form = form_of(browser.get(path).page, path)
        if not form:
            kept.clear()
            return
        form["due_days"] = form.get("due_days") or "5"
        answer = patiently(lambda: browser.post(path, form), until=time.monotonic() + PATIENCE)
        if answer is not None and answer.status == 302:
            self.book.moves.append(id)
        else:
            self.book.refused.append(f"move {answer.status if answer else 'lost'}")

    def import_once(self, turn: int, kept: dict[str, Browser]) -> None:
        """The clerk brings a small table of households, looks at the dry run, and has it loaded."""
        browser = self.signed_in(kept)
        numbers = [f"TRIAL-{uuid4().hex[:10].upper()}" for _n in range(3)]
        lines = ["乡镇,村社,户号,户主,姓名,性别,身份证号,与户主关系,联系电话,门牌地址,标签,备注"]
        lines += [
            f"{self.setting.town},{self.setting.village},{number},,张试{'一二三'[n]},,,户主,,试验路{n}号,,"
            for n, number in enumerate(numbers)
        ]
        form = form_of(browser.get("/imports/new/").page, "/imports/new/")
        if not form:
            kept.clear()
            return
        form, table = form | {"kind": "households"}, "\n".join(lines).encode()
        until = time.monotonic() + PATIENCE
        answer = patiently(lambda: browser.post("/imports/new/", form, {"file": table}), until=until)
        if answer is None or answer.status != 302:
            self.book.refused.append(f"table {answer.status if answer else 'lost'}")
            return
        page = answer.location
        while time.monotonic() < until and not self.ending.is_set():
            shown = patiently(lambda: browser.get(page), until=until)
            if shown is not None and (load := form_of(shown.page, "/load/")):
                done = patiently(lambda: browser.post(f"{page}load/", load | {"mode": "all"}), until=until)
                if done is not None and done.status == 302:
                    self.book.imports.append(page.strip("/").rpartition("/")[2])
                    self.book.households += numbers
                return
            time.sleep(1)


class Stubborn(Iterator[None]):
    """One load after another; what it keeps between them (a browser) lasts."""

    def __init__(self, once: Callable[[int, dict[str, Browser]], None]) -> None:
        self.once, self.turns, self.kept = once, count(), dict[str, Browser]()

    def __next__(self) -> None:
        self.once(next(self.turns), self.kept)


class Partner:
    """Another system on this machine that takes what it is sent."""

    def __init__(self, book: Book) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                book.received.append(self.headers.get("webhook-id", ""))
                self.send_response(204)
                self.end_headers()

            def do_OPTIONS(self) -> None:
                self.send_response(200)
                self.send_header("WebHook-Allowed-Origin", "*")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: the trial's own figures are what counts."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def prepared(url: str) -> dict[str, object]:
    """Another system at ``url`` is sent what rooms send to others; what the loads must know."""
    from django.db import transaction

    from minqing.core.actor import Actor
    from minqing.demo.parts import parts
    from minqing.demo.services.actors import person
    from minqing.demo.staff import PASS_PHRASE
    from minqing.households.queries.visibility import visible_codes
    from minqing.org.enums import Level
    from minqing.org.queries import areas_within
    from minqing.privacy.access import transaction_as

    by, clerk = Actor.system("minqing trial"), person(CLERK)
    assert clerk is not None  # noqa: S101  # the demo has one
    with transaction.atomic():
        for part in parts():
            part.connect(url, by=by)
    with transaction_as(clerk):
        codes = list(visible_codes(clerk).filter(revoked_at=None).select_related("household")[:MOST_DOORS])
        doors = [f"/h/{one.token}" for one in codes]
        place = areas_within(clerk).select_related("parent__parent").get(pk=codes[0].household.area_id)
        village = place if place.level == Level.VILLAGE else place.parent
        assert village is not None  # noqa: S101
        assert village.parent is not None  # noqa: S101
    return {
        "doors": doors,
        "clerk": CLERK,
        "word": PASS_PHRASE,
        "town": village.parent.name,
        "village": village.name,
    }


PLAY: Final = Play(
    begin=Loads,
    prepared=prepared,
    frequent=frozenset({"journal.deliver", "journal.seal", "notify.deliver", "partners.send", "partners.take_over"}),
)
