"""Many phones at once over HTTP, as on a Monday at eight: each hands in diaries and photos, and loses answers."""

from __future__ import annotations

import hashlib
import json
import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPConnection, HTTPException
from io import BytesIO
from statistics import median, quantiles
from typing import Any, Final
from uuid import UUID

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.demo.bench import CPU, STATEMENTS

# households in the care of each, so that a first pull has something to bring
CARE: Final = 20
PIECE: Final = 128 * 1024
AT_ONCE: Final = 20
# of a hundred answers so many are lost on the way
LOST: Final = 10
# a server that is full is asked again; so long at most
PATIENCE: Final = 600.0


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose phone it is, by their session, and the households in their care."""

    session: str
    homes: Sequence[str]


@dataclass(slots=True)
class Took:
    """Milliseconds of each request by what it was, as the phone waits for it."""

    exchange: list[float] = field(default_factory=list)
    piece: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    again: int = 0


def owners(many: int) -> list[Owner]:
    """So many cadres of the village with the most households, each with some of them in their care; signed in."""
    from django.apps import apps
    from django.db.models import Count

    from minqing.org.queries import system_actor
    from minqing.privacy.access import acting_as

    account, post, household, in_care = (
        apps.get_model(one) for one in ("org.Account", "org.Post", "households.Household", "visits.HouseholdAssignment")
    )
    today = clock.local_date(clock.now())
    with transaction.atomic(), acting_as(system_actor("bench.phones")):
        found = household.objects.filter(closed_at=None).values("area").annotate(n=Count("pk")).order_by("-n").first()
        homes = list(household.objects.filter(closed_at=None, area=found["area"]).order_by("pk"))
        unit = post.objects.filter(until=None).exclude(unit=None).first().unit_id
        made = []
        for number in range(many):
            one = account(username=f"phone-{number:03}", name=f"手机{number:03}")
            one.set_unusable_password()
            one.save()
            post.objects.create(account=one, role="cadre", area_id=found["area"], unit_id=unit, since=date(2020, 1, 1))
            care = random.Random(number).sample(homes, min(CARE, len(homes)))  # noqa: S311  # which ones is no secret
            in_care.objects.bulk_create(
                in_care(household=home, area_id=home.area_id, account=one, since=today, due_on=today) for home in care
            )
            made.append(Owner(session_of(one), [str(home.pk) for home in care]))
    return made


def session_of(account: Any) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "minqing.org.auth_backend.AccountContextBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return str(session.session_key)


class Phone:
    """One that keeps what has no receipt, and sends again what it heard nothing of."""

    def __init__(self, port: int, owner: Owner, *, seed: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self.owner, self.chance = owner, random.Random(seed)  # noqa: S311  # which answers are lost is no secret
        self.id, self.shelf, self.last = str(new_id()), 0, 0
        self.cookies = {"sessionid": owner.session}
        self.token = ""
        self.took = Took()
        self.outbox: list[dict[str, Any]] = []
        self.pictures: dict[str, bytes] = {}
        self.receipts: dict[str, str] = {}
        self.held: set[str] = set()

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "application/json") -> tuple[int, Any, Any]:
        """Status, JSON and headers; a server that is full, or that broke the line off, is asked again."""
        end = time.monotonic() + PATIENCE
        headers = {"Content-Type": kind, "X-CSRFToken": self.token, "Accept": "application/json"}
        while True:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            try:
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                text = answer.read()
                if answer.status not in {429, 502, 503}:
                    break
                wait = float(answer.headers.get("Retry-After") or 1)
            except (OSError, HTTPException):
                self.connection.close()
                wait = 1.0
            if time.monotonic() > end:
                raise TimeoutError(path)
            self.took.again += 1
            time.sleep(wait * self.chance.uniform(0.5, 1.5))
        for cookie in answer.msg.get_all("Set-Cookie", []):
            name, _is, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, json.loads(text) if text[:1] in {b"{", b"["} else None, answer.headers

    def begin(self) -> None:
        _status, here, _headers = self.ask("GET", "/here")
        self.token = here["token"]
        status, told, _headers = self.ask(
            "POST", "/sync/register", json.dumps({"id": self.id, "name": "小米"}).encode()
        )
        if status != 200:
            raise RuntimeError(f"register answered {status}: {told}")
        self.exchange()

    def write(self, number: int, picture: bytes = b"") -> None:
        home = self.owner.homes[number % len(self.owner.homes)]
        photos: list[dict[str, Any]] = (
            [{"sha256": hashlib.sha256(picture).hexdigest(), "size": len(picture)}] if picture else []
        )
        content = {"visit": str(new_id()), "household": home, "met": "at_home", "met_people": "户主",
                   "text": f"老人说屋顶漏雨，第{number}次来。", "photos": photos}  # fmt: skip
        body = json.dumps(content, ensure_ascii=False)
        self.last += 1
        before = [one["id"] for one in self.outbox if one["about"] == f"household:{home}"]
        made: dict[str, Any] = {"id": str(new_id()), "number": self.last, "kind": "visits.visit", "schema_number": 4,
                "about": f"household:{home}", "after": before[-1] if before else None, "base": {},
                "written_at": clock.now().isoformat(), "digest": hashlib.sha256(body.encode()).hexdigest(),
                "body": body}  # fmt: skip
        self.outbox.append(made)
        if picture:
            self.pictures[photos[0]["sha256"]] = picture

    def waiting(self) -> list[dict[str, Any]]:
        return [one for one in self.outbox if one["id"] not in self.receipts]

    def exchange(self, *, lose: bool = False) -> list[dict[str, Any]]:
        """Hand in all that waits, and pull; returns the photos that are still asked for."""
        while True:
            batch, waiting = self.waiting()[:AT_ONCE], self.waiting()
            oldest = waiting[0]["written_at"] if waiting else None
            message = {"device": self.id, "clock": clock.now().isoformat(), "shelf": self.shelf, "lost": [],
                       "outbox": {"last": self.last, "waiting": len(waiting), "oldest": oldest},
                       "operations": batch}  # fmt: skip
            begun = time.perf_counter()
            status, told, headers = self.ask("POST", "/sync/exchange", json.dumps(message).encode())
            if status != 200:
                raise RuntimeError(f"exchange answered {status}: {told}")
            self.took.exchange.append((time.perf_counter() - begun) * 1000)
            self.took.cpu.append(float(headers[CPU]))
            self.took.statements.append(int(headers[STATEMENTS]))
            if lose and self.chance.randrange(100) < LOST:
                # the answer never came: the same again
                continue
            for one in told["receipts"]:
                self.receipts[one["id"]] = one["outcome"]
            pull = told["pull"]
            self.held = (set() if pull["anew"] else self.held) | set(pull["parcels"])
            self.shelf = pull["shelf"]
            if not pull["more"] and not self.waiting():
                return list(told["photos"])

    def send_photos(self, owed: Sequence[dict[str, Any]]) -> None:
        for one in owed:
            picture, offset = self.pictures[one["sha256"]], one["offset"]
            while offset < one["size"]:
                begun = time.perf_counter()
                path = f"/sync/photos/{one['operation']}/{one['sha256']}?offset={offset}"
                piece = picture[offset : offset + PIECE]
                status, told, _headers = self.ask("POST", path, piece, "application/octet-stream")
                self.took.piece.append((time.perf_counter() - begun) * 1000)
                if status not in {200, 409}:
                    raise RuntimeError(f"a piece was answered {status}: {told}")
                if self.chance.randrange(100) >= LOST:
                    offset = one["size"] if told["state"] == "received" else told["offset"]

    def morning(self, entries: int, pictures: Sequence[bytes]) -> None:
        self.begin()
        for number in range(entries):
            self.write(number, pictures[number] if number < len(pictures) else b"")
        owed = self.exchange(lose=True)
        self.send_photos(owed)
        left = self.exchange()
        if left or self.waiting():
            raise RuntimeError(f"{len(left)} photos and {len(self.waiting())} entries were left")


def picture_of(number: int, base: bytes) -> bytes:
    """Another one for each phone: bytes behind the end of a JPEG are nothing to see."""
    return base + number.to_bytes(8, "big")


def noise() -> bytes:
    """About as large as a phone makes a photo: two pieces."""
    from PIL import Image

    out = BytesIO()
    Image.effect_noise((900, 700), 60).save(out, "JPEG", quality=60)
    return out.getvalue()


def at_once(port: int, people: Sequence[Owner], *, entries: int, photos: int) -> dict[str, Any]:
    """All of them at one moment, each on a connection of its own."""
    base = noise()
    phones = [Phone(port, one, seed=number) for number, one in enumerate(people)]
    ready = threading.Barrier(len(phones) + 1)

    def run(number: int) -> None:
        pictures = [picture_of(number * photos + one, base) for one in range(photos)]
        ready.wait()
        phones[number].morning(entries, pictures)

    with ThreadPoolExecutor(len(phones)) as pool:
        done = [pool.submit(run, number) for number in range(len(phones))]
        begun = time.monotonic()
        ready.wait()
        for one in done:
            one.result()
    seconds = time.monotonic() - begun
    sent = sum(len(one.outbox) for one in phones)
    outcomes = [outcome for one in phones for outcome in one.receipts.values()]
    return {
        "phones": len(phones),
        "entries": sent,
        "photos": len(phones) * photos,
        "photo_bytes": len(base) + 8,
        "seconds": round(seconds, 1),
        "entries_per_second": round(sent / seconds, 1),
        "receipts": len(outcomes),
        "refused": outcomes.count("refused"),
        "asked_again": sum(one.took.again for one in phones),
        "exchange_ms": spread([ms for one in phones for ms in one.took.exchange]),
        "piece_ms": spread([ms for one in phones for ms in one.took.piece]),
    }


def spread(ms: Sequence[float]) -> dict[str, float]:
    return {"p50": round(median(ms), 1), "p95": round(quantiles(ms, n=20)[-1], 1)} if len(ms) > 1 else {}


def arrived() -> dict[str, int]:
    """What the server has in the end of these phones."""
    from django.apps import apps

    from minqing.org.queries import system_actor
    from minqing.privacy.access import acting_as

    account, visit, entry, photo, kept = (
        apps.get_model(one) for one in ("org.Account", "visits.Visit", "sync.Entry", "sync.Photo", "visits.VisitPhoto")
    )
    with transaction.atomic(), acting_as(system_actor("bench.phones")):
        people: list[UUID] = list(account.objects.filter(username__startswith="phone-").values_list("pk", flat=True))
        visits = visit.objects.filter(account__in=people)
        return {
            "visits": visits.count(),
            "entries": entry.objects.filter(device__account__in=people).count(),
            "photos": photo.objects.filter(device__account__in=people, arrival="received").count(),
            "pictures": kept.objects.filter(visit__in=visits).count(),
        }


def one_device(port: int, owner: Owner, *, entries: int) -> dict[str, Any]:
    """So many diaries of one phone, twenty a message; and what one costs beside a message that holds none."""
    phone = Phone(port, owner, seed=0)
    phone.begin()
    # what a message costs by itself, once all is warm
    for _time in range(5):
        phone.exchange()
    empty_cpu, empty = median(phone.took.cpu[-3:]), median(phone.took.statements[-3:])
    for number in range(entries):
        phone.write(number)
    begun = time.monotonic()
    known = len(phone.took.cpu)
    phone.exchange()
    seconds = time.monotonic() - begun
    cpu, statements = phone.took.cpu[known:], phone.took.statements[known:]
    full = [(ms, n) for ms, n in zip(cpu, statements, strict=True)][: entries // AT_ONCE]
    return {
        "entries": entries,
        "seconds": round(seconds, 2),
        "statements_of_one": round(median(n - empty for _ms, n in full) / AT_ONCE, 1),
        "cpu_ms_of_one": round(median(ms - empty_cpu for ms, _n in full) / AT_ONCE, 2),
        "statements_of_a_message": round(empty),
    }
