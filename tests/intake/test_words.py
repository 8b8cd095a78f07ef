"""Tables understand what the pages say, and offices' numbers and codes come in as they are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from minqing.core.actor import Actor
from minqing.core.characters import key_of
from minqing.core.errors import FormatError, Invalid
from minqing.core.formats import check_office_phone, check_phone
from minqing.core.ids import code_of, human_number, parse_human_number
from minqing.core.sheets import match_headings
from minqing.households.codes import short_check
from minqing.households.enums import RELATION_LABELS, SEX_LABELS
from minqing.households.imports.words import relations, sexes
from minqing.intake.kinds import kinds_for
from minqing.matters.queries import by_number_and_code
from minqing.matters.tickets import digest_of, follow_code_of, ticket_of
from minqing.org.enums import Level, Role, UnitKind
from minqing.org.imports.words import LEVELS, ROLES, UNIT_KINDS, word_of, yes_or_no
from minqing.org.models import Unit
from minqing.org.services import save_unit
from tests.administration.conftest import send
from tests.cast import Cast
from tests.intake.conftest import check, workbook

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.mark.fault(141)
def test_every_label_of_the_pages_is_understood_in_tables_in_every_language() -> None:
    for language in LANGUAGES:
        with override(language):
            for kind, names in ((Level, LEVELS), (UnitKind, UNIT_KINDS), (Role, ROLES)):
                for word in kind:
                    for written in (str(word.label), str(word.label).replace("（", "(").replace("）", ")"), word.value):
                        assert word_of(written, names) is word, (language, written)
            for relation, label in RELATION_LABELS.items():
                assert relations()[key_of(str(label))] is relation
            for sex, label in SEX_LABELS.items():
                assert sexes()[key_of(str(label))] is sex
    assert word_of("村（社）书记", ROLES) is Role.VILLAGE_SECRETARY
    assert yes_or_no("Yes") and not yes_or_no("ｎｏ")  # noqa: PT018
    with pytest.raises(Invalid):
        word_of("国王", ROLES)


@pytest.mark.fault(141)
def test_the_headings_of_a_template_in_one_language_are_understood_in_another() -> None:
    for kind in kinds_for(Actor(id=None, kind="system", name="")):
        for language in LANGUAGES:
            with override(language):
                headings = [str(column.label) for column in kind.columns]
            with override("zh-hans"):
                found = match_headings(headings, kind.columns)
            assert found.unknown == () and found.missing == (), (kind.code, language)  # noqa: PT018


@pytest.mark.fault(115)
def test_offices_have_short_numbers_and_people_do_not(cast: Cast, tmp_path: Path) -> None:
    short = {"12345": "12345", "95598": "95598", "110": "110", "１２０": "120", "0575-12345": "0575-12345",
             "0575-83012345": "0575-83012345", "400-800-1234": "4008001234", "96345": "96345"}  # fmt: skip
    for written, kept in short.items():
        assert check_office_phone(written) == kept
    for wrong in ("1234", "8301", "99999", "1", "958"):
        with pytest.raises(FormatError):
            check_office_phone(wrong)
    with pytest.raises(FormatError):
        check_phone("12345")
    operator: Actor = cast.actor("operator")
    headings = ("编码", "名称", "类别", "辖区", "电话")
    rows = [[f"H-{n}", f"热线{n}", "服务单位", "石璜镇", number] for n, number in enumerate(("12345", 95598, "110"))]
    run = check(workbook(tmp_path / "a.xlsx", rows, headings), operator, kind="units")
    assert (run.total_rows, run.problem_rows) == (3, 0), run.problems
    words = {"code": "H-9", "name": "热线", "kind": "service", "area": cast.town.pk, "phone": "83"}
    page = send(cast.client("operator"), reverse("administration:add_unit"), **words)
    assert page.status_code == 422
    assert not Unit.objects.filter(code="H-9").exists()


@pytest.mark.fault(116)
def test_every_door_takes_a_code_bare_or_as_its_whole_address(cast: Cast) -> None:
    home = cast.household(number="TX-0001")
    token = "Abc_def-0123456789xyzQ"
    cast.code(home, token)
    address = f"http://testserver/h/{token}"
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in address)
    file = reverse("households:file", args=[home.pk])
    client = cast.client("cadre")
    for typed in (
        token,
        f" {token} ",
        address,
        f"{address}/",
        f"{address}?from=wx",
        wide,
        "tx-0001",
        "ＴＸ－０００１ ",
        "TX–0001",
        "tx - 0001",
        token.replace("-", "–"),
        f"HTTPS://TESTSERVER/H/{token}",
    ):
        assert code_of(typed) in {token, "tx-0001", "TX-0001"}
        answer = client.get(reverse("households:typed"), {"code": typed})
        assert (answer.status_code, answer.headers.get("Location")) == (302, file), typed
    for typed in (
        address,
        address.replace("http://testserver/h", "HTTP://TESTSERVER/H"),
        wide,
        "ｔｘ－０００１",
        "TX—0001",
    ):
        answer = client.post(reverse("households:search"), {"text": typed, "purpose": "visit"})
        assert "TX-0001" in answer.content.decode(), typed
    for typed in ("TX-0001", " tx-0001", "ＴＸ－０００１", address):
        answer = client.post(reverse("doorstep:check"), {"number": typed, "check_code": short_check(token).lower()})
        assert answer.context["answer"] == "real", typed


@pytest.mark.fault(116)
def test_a_matter_is_found_by_its_number_or_its_link_however_written(cast: Cast) -> None:
    matter = cast.matter(number=human_number("MQ", 2026, 123), title="路灯坏了")
    code = follow_code_of(matter.pk)
    link = f"http://testserver/m/{ticket_of(matter.pk)}"
    with cast.everything():
        type(matter).objects.filter(pk=matter.pk).update(ticket=digest_of(matter.pk))
    for number in (matter.number, matter.number.lower(), matter.number.replace("-", ""), f" {matter.number}　", link):
        assert by_number_and_code(number, f" {code[:4].lower()}-{code[4:]} "), number
    assert by_number_and_code(link, "WRONG") is None
    page = cast.client("clerk").get(reverse("matters:list"), {"text": link}).content.decode()
    assert matter.number in page
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in link)
    assert by_number_and_code(wide, code)
    assert parse_human_number(f"https://x/{matter.number}") == matter.number


@pytest.mark.fault(100)
@pytest.mark.fault(101)
def test_places_units_and_categories_are_found_however_their_names_are_written(cast: Cast, tmp_path: Path) -> None:
    headings = ("姓名", "工号", "单位", "岗位", "辖区")
    rows = [["王 建国", "g-01", " 石璜镇\u3000综合服务办", "村(社)书记", "棠 溪村"]]
    run = check(workbook(tmp_path / "a.xlsx", rows, headings), cast.actor("operator"), kind="staff")
    assert {one["column"] for one in run.problems} <= {"单位"}, "the cast's units are called otherwise"
    handed = workbook(tmp_path / "b.xlsx", [["路灯坏了", "棠 溪\u3000村", "ｒｏａｄ"]], ("内容", "村社", "类别"))
    run = check(handed, cast.actor("clerk"), kind="matters")
    assert {one["column"] for one in run.problems} <= {"类别"}


@pytest.mark.fault(74)
def test_the_operator_names_nothing_with_nothing(cast: Cast) -> None:
    words = {"code": "H-8", "name": "\u200b\u3164", "kind": "service", "area": cast.town.pk, "phone": ""}
    page = send(cast.client("operator"), reverse("administration:add_unit"), **words)
    assert page.status_code == 422
    assert "name" in page.context["form"].errors
    by = Actor(id=None, kind="system", name="")
    with pytest.raises(Invalid):
        save_unit(code="H-8", name="\u2800", kind=UnitKind.SERVICE, area=cast.town, by=by)
