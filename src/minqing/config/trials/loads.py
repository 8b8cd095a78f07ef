"""What people and programs do meanwhile, and the book of what they were told is done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from uuid import uuid4

from minqing.config.trials.browsing import Browser, Lost, form_of, patiently

# how long somebody tries the same again
PATIENCE = 120.0
TOO_MANY = 429


@dataclass(frozen=True)
class Setting:
    """What the made-up county has: paths of doors, the clerk's name and pass phrase, a township and a village.

    ``kinds``: each job that needs nothing to be told, by name, with its locks and whether it comes by the clock.
    """

    doors: tuple[str, ...]
    clerk: str
    word: str
    town: str
    village: str
    kinds: dict[str, dict[str, str | None]]


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

    def __init__(self, setting: Setting, port: int) -> None:
        self.setting, self.port = setting, port
        self.book = Book()
        self.ending = threading.Event()
        self.threads = [
            threading.Thread(target=self.going_on, args=(work, pause), daemon=True)
            for work, pause in ((self.reporting(), 1.0), (self.moving(), 1.0), (self.importing(), 5.0))
        ]

    def start(self) -> None:
        for one in self.threads:
            one.start()

    def stop(self) -> None:
        self.ending.set()
        for one in self.threads:
            one.join(PATIENCE)

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

    def reporting(self) -> Iterator[None]:
        return Stubborn(self.report_once)

    def moving(self) -> Iterator[None]:
        return Stubborn(self.move_once)

    def importing(self) -> Iterator[None]:
        return Stubborn(self.import_once)

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
