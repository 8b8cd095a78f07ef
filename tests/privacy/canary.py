"""A made-up person placed in every room by the real services, and a look into everything that the database holds."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from django.apps import apps
from django.conf import settings
from stdnum.cn import ric

from minqing.config import embedded
from minqing.core import clock
from minqing.core.ids import new_id
from minqing.exports.enums import Purpose
from minqing.exports.services import ask_export
from minqing.files.services import store_picture
from minqing.hazards.services import Seen
from minqing.households.enums import Relation, TagSource
from minqing.households.models import Household, Resident
from minqing.households.services import add_household, add_resident, grant_tag, issue_code
from minqing.listing import services as listing
from minqing.matters import services as matters
from minqing.matters.enums import Channel
from minqing.matters.models import Evidence, Matter
from minqing.notify.enums import Channel as By
from minqing.notify.enums import State as Sending
from minqing.notify.models import Outgoing
from minqing.notify.queries import job
from minqing.partners.enums import InboundState
from minqing.partners.formats.events import Envelope
from minqing.partners.models import Inbound
from minqing.privacy import withholding
from minqing.privacy.access import acting_as
from minqing.privacy.fields import BlindIndexField, EncryptedTextField
from minqing.privacy.seal import decrypt
from minqing.privacy.subjects import Person
from minqing.publications.services import prepare_publication
from minqing.routing import services as routing
from minqing.visits.enums import Met
from minqing.visits.services import join_file, record_visit
from tests.architecture.of_rooms import brought
from tests.cast import Cast, category
from tests.embedded import SOCKET
from tests.files.pictures import jpeg
from tests.intake.conftest import check, workbook
from tests.intake.conftest import person as table_row
from tests.partners.conftest import partner_of

NAME: Final = "穆柳鹮芷"
PHONE: Final = "13957511223"
FRONT: Final = "33068319620308047"
IDENTITY: Final = FRONT + ric.calc_check_digit(FRONT + "0")
ADDRESS: Final = "鹮湾弄七十七号"
WORDS: Final = "金丝楠屋檐漏水"
STRINGS: Final = (NAME, PHONE, IDENTITY, ADDRESS, WORDS)
NEXT_DOOR: Final = f"邻居{NAME}常来，她的电话{PHONE}，身份证{IDENTITY}。"
ABOUT: Final = f"{NAME}（{PHONE}）说{WORDS}，住{ADDRESS}"


COLUMNS: Final = """
    SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'
    AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public') ORDER BY 1, 2
"""


@dataclass
class Placed:
    """Where the canary went."""

    home: Household
    resident: Resident
    matter: Matter
    others: Matter
    picture: str

    def person(self, cast: Cast, *, cause: str = "test:1") -> Person:
        from minqing.households.subjects import person_of

        with cast.everything() as by:
            return person_of(by, self.resident.pk, cause=cause)


def place(cast: Cast, folder: Path, *, alone: bool = True) -> Placed:
    """The canary in every room; ``alone`` in the household, or with somebody."""
    secretary, cadre, clerk = cast.actor("village_secretary"), cast.actor("cadre"), cast.actor("clerk")
    with acting_as(secretary):
        home = add_household(id=new_id(), number=f"H{new_id().hex[-8:]}", area_id=cast.own.id, address=ADDRESS,
                             note=ABOUT, by=secretary)  # fmt: skip
        one = add_resident(id=new_id(), household_id=home.pk, name=NAME, phone=PHONE, identity_number=IDENTITY,
                           relation=Relation.HEAD, by=secretary)  # fmt: skip
        met = [one.pk]
        if not alone:
            met.append(add_resident(id=new_id(), household_id=home.pk, name="何桂香", by=secretary).pk)
        code = issue_code(household_id=home.pk, by=secretary)
    with acting_as(clerk):
        for resident in (one.pk, None):
            grant_tag(id=new_id(), household_id=home.pk, tag_code="lives-alone-old", reason=ABOUT[:60],
                      source=TagSource.VISIT, resident_id=resident, by=clerk)  # fmt: skip
    with acting_as(cadre):
        photo = store_picture(id=new_id(), upload=io.BytesIO(jpeg()), name=f"{NAME}.jpg", by=cadre)
        record_visit(id=new_id(), household=home, visited_at=clock.now(), met=Met.AT_HOME, text=ABOUT, met_people=NAME,
                     met_resident_ids=met, hazards=[Seen(id=new_id(), words=ABOUT)],
                     picture_ids=[photo.pk], by=cadre)  # fmt: skip
        join_file(household_id=home.pk, changes={"address": f"{ADDRESS}后", f"lives_here:{one.pk}": "no"}, base={},
                  written_at=clock.now(), by=cadre)  # fmt: skip
        neighbours = cast.household()
        record_visit(id=new_id(), household=neighbours, visited_at=clock.now(), met=Met.AT_HOME, text=NEXT_DOOR,
                     met_people="户主", by=cadre)  # fmt: skip
    assert code.token
    matter, others = matters_of(cast, home)
    rest(cast, matter, folder)
    above(cast)
    placed = Placed(home, one, matter, others, photo.stored)
    for lay in brought("CANARY"):
        lay(cast, placed)
    return placed


def matters_of(cast: Cast, home: Household) -> tuple[Matter, Matter]:
    """One that the canary raised, brought to its end with everybody's words, and a neighbour's that names it."""
    now = clock.now()
    clerk, handler, leader = cast.actor("clerk"), cast.actor("handler"), cast.actor("leader")
    with acting_as(clerk):
        photo = store_picture(id=new_id(), upload=io.BytesIO(jpeg((200, 300))), name=f"{NAME}2.jpg", by=clerk)
        given: dict[str, Any] = {"area_id": cast.own.id, "channel": Channel.COUNTER, "by": clerk}
        one = matters.report_matter(
            id=new_id(), title=f"{NAME}家漏水", text=ABOUT, household_id=home.pk, reporter_name=NAME,
            reporter_phone=PHONE, contact=f"找{NAME}", place=ADDRESS, picture_ids=[photo.pk],
            category_code=category("building.municipal").code, **given,
        )  # fmt: skip
        others = matters.report_matter(id=new_id(), title=f"{NAME}的狗叫", text=NEXT_DOOR,
                                       reporter_name="何桂香", reporter_phone="13800001111", **given)  # fmt: skip
        matters.assign_matter(id=new_id(), matter=one, unit=cast.bureau.pk, due_days=5, note=ABOUT, by=clerk)
    with acting_as(leader):
        matters.supervise_matter(id=new_id(), matter=one, order=ABOUT, by=leader)
    with acting_as(handler):
        matters.accept_matter(id=new_id(), matter=one, by=handler)
        matters.ask_part(id=new_id(), matter=one, unit=cast.committee.pk, task=ABOUT, by=handler)
        matters.ask_extension(id=new_id(), matter=one, days=2, reason=ABOUT, by=handler)
        matters.note_progress(id=new_id(), matter=one, text=ABOUT, by=handler)
        matters.finish_matter(id=new_id(), matter=one, reply=f"{NAME}：{WORDS}已修。", override=ABOUT, by=handler)
    with acting_as(clerk):
        matters.confirm_matter(id=new_id(), matter=one, answered=True, solved=True, satisfaction=5, text=ABOUT,
                               by=clerk, at=now + timedelta(seconds=1))  # fmt: skip
    return one, others


def rest(cast: Cast, matter: Matter, folder: Path) -> None:
    """Drafts for the public, lists, cases, tables, what other systems sent and what waits to be sent."""
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        fresh = Matter.objects.select_related("area", "category").get(pk=matter.pk)
        prepare_publication(
            id=new_id(), matter=fresh, title=f"{NAME}家好了"[:60], question=ABOUT, answer=WORDS, by=clerk
        )
        query = urlencode({"text": NAME, "state": "closed"})
        ask_export(
            id=new_id(), kind="matters", query=query, purpose=Purpose.MEETING, rows=3, area=cast.town.id, by=clerk
        )
        listing.save_filter(id=new_id(), kept="matters", name=f"{NAME}的", query=query, by=clerk)
        routes = routing.draft_routes(id=new_id(), area=cast.town, by=clerk)
        routing.add_case(id=new_id(), routes=routes, title=f"{NAME}漏水", text=ABOUT, place=cast.own.pk,
                         unit=cast.office.pk, by=clerk)  # fmt: skip
        row = table_row(1, name=NAME, 联系电话=PHONE, 门牌地址=ADDRESS, 身份证号="1", 备注=ABOUT)
        check(workbook(folder / f"{NAME}.xlsx", [row]), clerk)
    now = clock.now()
    with cast.everything():
        partner = partner_of(cast)
        about = {"partner": partner, "area": cast.town, "source": "//hotline", "next_at": now, "received_at": now}
        raw = Envelope(json.dumps({"text": ABOUT}).encode(), charset="utf-8").dump()
        Inbound.objects.create(
            event="1", raw=raw, content=b"1" * 16, state=InboundState.APPLIED, matter=matter, **about
        )
        Inbound.objects.create(event="2", raw=raw, state=InboundState.DEAD, **about)
        objecting = Person(cause="test:0", name=NAME, phones=frozenset({PHONE}))
        withholding.withhold(person=objecting, by=clerk, at=now)
    with acting_as(job()):
        Outgoing.objects.create(key="1", notice=new_id(), channel=By.SMS, kind="matters.news", address=PHONE,
                                link="/m/secret", language="zh-hans", state=Sending.PARKED,
                                next_at=now, made_at=now)  # fmt: skip


def above(cast: Cast) -> None:
    """What the county's own offices hold: it lies above all townships."""
    leader = cast.actor("leader")
    with acting_as(leader):
        query = urlencode({"text": NAME})
        ask_export(
            id=new_id(), kind="matters", query=query, purpose=Purpose.REPORT, rows=3, area=cast.city.id, by=leader
        )
        kept = store_picture(id=new_id(), upload=io.BytesIO(jpeg((220, 300))), name=f"{NAME}3.jpg", by=leader)
    with cast.everything() as by:
        routes = routing.draft_routes(id=new_id(), area=cast.city, by=by)
        routing.add_case(id=new_id(), routes=routes, title=f"{NAME}漏水", text=ABOUT, place=cast.own.pk,
                         unit=cast.bureau.pk, by=by)  # fmt: skip
        raw = Envelope(json.dumps({"text": ABOUT}).encode(), charset="utf-8").dump()
        Inbound.objects.create(
            event="1", raw=raw, state=InboundState.DEAD, partner=partner_of(cast, "county", area=cast.city),
            area=cast.city, source="//county", next_at=clock.now(), received_at=clock.now(),
        )  # fmt: skip
        one = cast.matter(cast.city, title=f"{NAME}家的路", text=NEXT_DOOR)
        Evidence.objects.create(matter=one, attachment=kept)


def traces(strings: tuple[str, ...] = STRINGS, *, folders: tuple[Path, ...] = ()) -> set[str]:
    """Columns and files in which one of the strings still stands: in clear, encrypted, as a keyed index or by its pairs
    of characters. As superuser: what no wall shows is found as well.
    """
    found: set[str] = set()
    forms = {form for text in strings for form in (text, escaped(text), quote(text), text.encode().hex())}
    with embedded.superuser(SOCKET, str(settings.DATABASES["default"]["NAME"])) as connection:
        for table, column, kind in connection.execute(COLUMNS).fetchall():
            rows = connection.execute(f'SELECT DISTINCT "{column}"::text FROM "{table}" WHERE "{column}" IS NOT NULL')
            told = "\n".join(value for (value,) in rows.fetchall())
            looked = forms | ({NAME[:2], NAME[1:3], NAME[2:]} if kind == "tsvector" else set())
            if any(one in told for one in looked):
                found.add(f"{table}.{column}")
        for model in apps.get_models():
            for field in model._meta.local_fields:
                if isinstance(field, EncryptedTextField | BlindIndexField) and holds(connection, model, field, strings):
                    found.add(f"{model._meta.db_table}.{field.column}")
        marks = connection.execute("SELECT mark FROM privacy_withheld").fetchall()
        if {withholding.mark_of(text) for text in strings} & {bytes(mark) for (mark,) in marks}:
            found.add("privacy_withheld.mark")
    return found | {
        str(path) for folder in folders for path in folder.rglob("*") if path.is_file() and tells(path, strings)
    }


def escaped(text: str) -> str:
    """As JSON writes it in ASCII."""
    return json.dumps(text)[1:-1]


def holds(connection: Any, model: Any, field: Any, strings: tuple[str, ...]) -> bool:
    table, key = model._meta.db_table, model._meta.pk.column
    rows = connection.execute(
        f'SELECT "{key}", "{field.column}" FROM "{table}" WHERE "{field.column}" <> \'\''
    ).fetchall()
    if isinstance(field, BlindIndexField):
        marks = {field.digest(part) for text in strings for part in {text, field.part(text) if field.part else text}}
        return any(bytes(value) in marks for _pk, value in rows)
    opened = (decrypt(bytes(value), place=f"{table}:{field.column}:{pk}") for pk, value in rows)
    return any(text in told for one in opened for told in (one, unpacked(one)) for text in strings)


def unpacked(value: str) -> str:
    """The body of an event as another system sent it, if ``value`` is one."""
    try:
        return str(json.loads(Envelope.load(value).body))
    except (ValueError, TypeError, KeyError):
        return ""


def tells(path: Path, strings: tuple[str, ...]) -> bool:
    """Whether the file, its name or what is packed in it names one of them."""
    packed = [path.read_bytes()]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            packed += [archive.read(name) for name in archive.namelist()]
    return any(text in path.name or text.encode() in one for one in packed for text in strings)
