"""Slips for reporters, and the handling sheet in Word and PDF from the same fields."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from typing import Any

import pytest

from minqing.core import clock
from minqing.core.errors import Refused
from minqing.documents.models import Template
from minqing.documents.services import store_template
from minqing.documents.services.checking import check_template
from minqing.journal.models import Event
from minqing.matters.enums import PartState, State
from minqing.matters.models import Confirmation, Matter, Part, Reporter, Step
from minqing.matters.printing.sheets import HANDLING, sheet_data
from minqing.matters.printing.slips import slips_of
from minqing.matters.tickets import follow_code_of, spaced, ticket_of
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast, at, category
from tests.documents.word_files import template, text_of

pytestmark = pytest.mark.django_db
HOSTILE = "{{ 7*7 }} {% for x in y %} <w:p><w:r/></w:p> &lt;b> \x07\x0c\x13 DDEAUTO c:\\\\cmd\u202egpj ]]>"


def told_by(pdf: bytes) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler) is not installed")
    return subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def sheet(cast: Cast, role: str, matter: Matter, kind: str = "docx", **asked: str) -> Any:
    return cast.client(role).get(f"/matters/{matter.pk}/sheet.{kind}", asked)


def lived(cast: Cast, **values: Any) -> Matter:
    given = {"state": State.FINISHED, "lead_unit": cast.bureau, "finished_at": at("2026-10-01 09:00")}
    matter = cast.matter(category=category("building.municipal"), answers={"what": "lamp"}, **given | values)
    with cast.everything():
        for move, text, public in (("finish", "已换新灯。", True), ("note", "CANARY-INTERNAL", False)):
            Step.objects.create(
                matter=matter, move=move, state=State.FINISHED, at=at("2026-10-01 09:00"), by="system:test",
                unit=cast.bureau, text=text, public=public,
            )  # fmt: skip
        Reporter.objects.create(matter=matter, name="CANARY-NAME", phone="13800138000", contact="白天打")
    return matter


def test_a_slip_has_number_code_link_words_and_whom_to_ask(cast: Cast) -> None:
    matter = cast.matter(text="村口路灯坏了三天。" * 20)
    with cast.everything():
        cast.committee.phone = "0575-83000001"
        cast.committee.save()
        (slip,) = slips_of([Matter.objects.select_related("area").get()], address="https://x/m/")
    assert slip.code == spaced(follow_code_of(matter.pk))
    assert slip.said.startswith("村口路灯坏了三天。")
    assert len(slip.said) <= 66
    assert ("棠溪村村委会", "0575-83000001") in slip.offices
    assert ticket_of(matter.pk) not in slip.qr  # it is drawn, not written


def test_a_slip_of_a_confidential_matter_says_nothing_of_it(cast: Cast) -> None:
    cast.matter(confidential=True, title="家事", text="家事")
    with cast.everything():
        assert slips_of([Matter.objects.select_related("area").get()], address="")[0].said == ""


@pytest.mark.parametrize("role", ["cadre", "clerk", "village_secretary"])
def test_slips_are_printed_by_those_who_look_after_the_place_and_journalled(cast: Cast, role: str) -> None:
    matter = cast.matter()
    answer = cast.client(role).get(f"/matters/{matter.pk}/slip.pdf")
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]
    assert Event.objects.get(type="matters.slip.printed").subject == f"matter:{matter.pk}"


def test_no_unit_gets_the_code_of_what_it_handles(cast: Cast) -> None:
    matter = cast.matter(state=State.ASSIGNED, lead_unit=cast.bureau)
    assert cast.client("handler").get(f"/matters/{matter.pk}/slip.pdf").status_code == 403


def test_several_slips_are_those_of_the_list(cast: Cast) -> None:
    for area in (cast.own, cast.own, cast.far):
        cast.matter(area)
    assert cast.client("cadre").get("/matters/slips.pdf", {"state": "received"}).status_code == 200
    assert Event.objects.filter(type="matters.slip.printed").count() == 2
    assert cast.client("cadre").get("/matters/slips.pdf", {"state": "withdrawn"}).status_code == 404


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_sheet_is_printed_by_those_who_work_on_it_and_journalled(cast: Cast, kind: str) -> None:
    matter = lived(cast)
    answer = sheet(cast, "handler", matter, kind)
    assert answer.content[:2] in {b"PK", b"%P"}
    assert f"{matter.number}.{kind}" in answer["Content-Disposition"]
    event = Event.objects.get(type="matters.sheet.printed")
    assert event.data == {"number": matter.number, "kind": kind, "reporter": False}
    assert sheet(cast, "leader", matter, kind).status_code == 200
    assert sheet(cast, "analyst", matter, kind).status_code == 403
    assert sheet(cast, "far_clerk", matter, kind).status_code == 404
    assert sheet(cast, "handler", matter, "exe").status_code == 404


def test_the_sheet_says_what_was_said_asked_and_done_and_no_remark_between_offices(cast: Cast) -> None:
    matter = lived(cast)
    shown = text_of(sheet(cast, "handler", matter).content)
    for word in (matter.number, "路灯不亮", "村口路灯坏了三天。", "已换新灯。", "路灯", "市交通运输局", "棠溪村"):
        assert word in shown
    assert "CANARY" not in shown
    assert "{" not in shown


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_word_and_pdf_say_the_same_of_units_that_joined_in_and_of_the_reporters_word(cast: Cast, kind: str) -> None:
    matter = lived(cast, outside_number="A-77")
    with cast.everything():
        Part.objects.create(
            matter=matter, unit=cast.office, state=PartState.REPLIED.value, task="CANARY", reply="已勘察𠮷。",
            asked_at=clock.now(), replied_at=clock.now(),
        )  # fmt: skip
        Confirmation.objects.create(matter=matter, solved=True, satisfaction=4, at=clock.now(), by="resident:anonymous")
    data = sheet(cast, "handler", matter, kind).content
    shown = text_of(data) if kind == "docx" else told_by(data)
    for word in (cast.office.name, "已勘察𠮷。", "A-77", "4/5"):
        assert word in shown.replace("\n", ""), word
    assert "CANARY" not in shown


def test_name_and_telephone_stand_on_it_only_for_those_who_may_see_them(cast: Cast) -> None:
    matter = lived(cast)
    assert "13800138000" in text_of(sheet(cast, "handler", matter, named="yes").content)
    assert Event.objects.get(type="matters.sheet.printed").data["reporter"] is True
    hidden = lived(cast, confidential=True, lead_unit=cast.office)
    assert sheet(cast, "cadre", hidden, named="yes").status_code == 404
    assert "13800138000" in text_of(sheet(cast, "clerk", hidden, named="yes").content)


def test_every_field_of_the_guide_is_there_and_the_example_has_the_same(cast: Cast) -> None:
    matter = lived(cast)
    with acting_as(system_actor("test")):
        given = sheet_data(Matter.objects.select_related("area", "category", "lead_unit").get(), named=True)
    assert set(given) == {*HANDLING.fields, *HANDLING.lists} == set(HANDLING.sample())
    assert given["number"] == matter.number
    for name, inner in HANDLING.lists.items():
        assert all(set(row) == set(inner) for row in given[name])


@pytest.mark.fault(36)
def test_what_people_write_is_inert_in_word(cast: Cast) -> None:
    matter = lived(cast, title=HOSTILE[:150], text=f"{HOSTILE}\n第二行")
    content = sheet(cast, "handler", matter).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("word/document.xml").decode()
    shown = text_of(content)
    assert "{{ 7*7 }}" in shown
    assert "<w:p><w:r/></w:p>" in shown
    assert "第二行" in shown
    assert not re.search("[\x07\x0c\x13\u202e]", xml)
    assert "instrText" not in xml
    assert "fldSimple" not in xml
    assert sheet(cast, "handler", matter, "pdf").status_code == 200


def test_the_sheet_of_the_software_passes_the_check_in_every_language() -> None:
    for language in ("zh-hans", "en"):
        check_template(HANDLING.standard(language), HANDLING.sample())


def test_a_countys_own_template_is_used_and_can_be_taken_back(cast: Cast) -> None:
    matter = lived(cast)
    by = system_actor("test")
    own = template("本县办理单 {{ number }}", "{% for step in steps %}{{ loop.index }} {{ step.text }}{% endfor %}")
    store_template(sheet=HANDLING, content=own, by=by)
    store_template(sheet=HANDLING, content=own, by=by)
    assert Template.objects.count() == 1
    assert f"本县办理单 {matter.number}" in text_of(sheet(cast, "handler", matter).content)
    store_template(sheet=HANDLING, content=b"", by=by)
    assert "本县办理单" not in text_of(sheet(cast, "handler", matter).content)
    assert Event.objects.filter(type="documents.template.replaced").count() == 2


def test_only_the_operator_changes_the_sheet(cast: Cast) -> None:
    with pytest.raises(Refused):
        store_template(sheet=HANDLING, content=template("{{ number }}"), by=cast.actor("clerk"))
