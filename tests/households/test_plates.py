"""Door plates: what is printed, what a scanner reads from it, who may print."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from minqing.core.ids import new_id, random_token
from minqing.households import services
from minqing.households.codes import check_fits, short_check, url_of
from minqing.households.printing import plates_pdf, qr_code
from minqing.households.queries import Plate, genuine_plate, plate_counts, plates_of
from minqing.journal.models import Event
from minqing.org.enums import Role
from minqing.privacy.access import acting_as
from minqing.web.typesetting import NothingFromOutside
from tests.cast import Cast, person

PLATES = reverse("households:plates")
SHEET = reverse("households:plates_pdf")


def text_of(pdf: bytes, folder: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler) is not installed")
    path = folder / "plates.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True).stdout


@pytest.fixture
def village(cast: Cast) -> Cast:
    for number in range(1, 11):
        cast.household(number=f"H{number:04}")
    cast.household(cast.other, number="CANARY-OTHER")
    return cast


def test_missing_codes_are_issued_by_post_and_printed_by_get(village: Cast, tmp_path: Path, settings: Any) -> None:
    settings.ORIGIN = "https://mq.shengzhou.example"
    client = village.client("village_secretary")
    assert client.get(SHEET, {"area": village.own.id}).status_code == 404
    form = {"request_id": str(new_id()), "area": village.own.id}
    for _ in range(2):
        assert client.post(PLATES, form).status_code == 302
    answer = client.get(SHEET, {"area": village.own.id})
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    text = text_of(answer.content, tmp_path)
    with acting_as(village.actor("village_secretary")) as secretary:
        plates = plates_of(secretary, [village.own.id])
    assert len(plates) == 10
    for plate in plates:
        assert plate.number in text
        assert plate.check in text
    assert "mq.shengzhou.example" in text
    assert "嵊州市" in text
    assert "棠溪村" in text
    assert "CANARY" not in text
    assert text.count("\f") == 2
    printed = Event.objects.get(type="households.plates.printed")
    assert printed.data == {"start": 0, "plates": 10}
    assert Event.objects.filter(type="households.code.issued").count() == 10


@pytest.mark.fault(19)
def test_nobody_prints_the_plates_of_another_village_and_a_cadre_prints_none(village: Cast) -> None:
    village.code(village.household(village.other))
    for who, area, status in [
        ("village_secretary", village.other, 404),
        ("clerk", village.other, 200),
        ("far_clerk", village.other, 404),
        ("cadre", village.own, 403),
        ("leader", village.own, 403),
    ]:
        assert village.client(who).get(SHEET, {"area": area.id}).status_code == status, who


@pytest.mark.parametrize("area", ["", "x", "-1", "9" * 30, "１"])
def test_a_mad_address_is_not_found(village: Cast, area: str) -> None:
    assert village.client("clerk").get(SHEET, {"area": area}).status_code == 404


@pytest.mark.parametrize("households", [1, 3, 30])
def test_counting_and_reading_plates_takes_one_query_each(
    cast: Cast, households: int, django_assert_num_queries: Any
) -> None:
    for number in range(households):
        cast.code(cast.household(), token=f"token-{number}")
    cast.household()
    with acting_as(cast.actor("clerk")) as clerk:
        with django_assert_num_queries(1):
            (count,) = plate_counts(clerk)
        assert (count.households, count.with_code, count.missing) == (households + 1, households, 1)
        with django_assert_num_queries(1):
            assert len(plates_of(clerk, [cast.own.id])) == households


@pytest.mark.fault(124)
def test_of_a_whole_county_a_township_is_chosen_before_anything_is_counted(
    village: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    village.household(village.far, number="FAR-1")
    person(village, "centre", Role.CLERK, village.bureau, village.city, "市级受理员")
    client = village.client("centre")
    every = client.get(PLATES).content.decode()
    assert village.own.name in every
    assert village.far.name in every
    monkeypatch.setattr("minqing.org.queries.MOST_AREAS", 3)
    first = client.get(PLATES).content.decode()
    assert village.own.name not in first
    assert village.other_town.name in first
    chosen = client.get(PLATES, {"area": village.town.id}).content.decode()
    assert village.own.name in chosen
    assert village.far.name not in chosen
    # issued from there, the same township stays chosen
    form = {"request_id": str(new_id()), "area": village.own.id}
    address = f"{PLATES}?area={village.town.id}"
    assert client.post(address, form)["Location"] == address
    # what is no township is not counted either
    assert village.own.name not in client.get(PLATES, {"area": village.own.id}).content.decode()


def test_the_code_is_large_enough_to_be_read_from_an_arms_length() -> None:
    """With the longest address that a county is likely to have: modules of about a millimetre on 44 mm."""
    svg = str(qr_code(f"https://minqing.shengzhou.gov.example/h/{random_token()}"))
    modules = int(svg.partition('viewBox="0 0 ')[2].partition(" ")[0])
    assert 44 / modules > 0.85


def test_a_plate_loads_nothing_from_anywhere() -> None:
    from weasyprint.urls import URLFetchingError

    for address in ("file:///etc/passwd", "http://127.0.0.1/", "data:text/plain,x"):
        with pytest.raises(URLFetchingError):
            NothingFromOutside().fetch(address)


@pytest.mark.fault(36)
def test_what_is_on_a_plate_is_text() -> None:
    plate = Plate(number="<img src=x>", village="<script>", url=url_of("x"), check="AAAA-AAAA")
    assert plates_pdf([plate], county="&<b>").startswith(b"%PDF")


def wide(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) for one in text.lower())


@pytest.mark.fault(17)
@pytest.mark.fault(116)
def test_the_short_code_belongs_to_one_plate_and_is_read_as_people_type_it() -> None:
    tokens = [random_token() for _ in range(200)]
    checks = {short_check(token) for token in tokens}
    assert len(checks) == 200
    token = tokens[0]
    check = short_check(token)
    for typed in (
        check,
        check.lower(),
        check.replace("-", ""),
        check.replace("-", " "),
        f" {check}　",
        check.replace("-", "—"),
        wide(check),
    ):
        assert check_fits(token, typed)
    for typed in ("", "AAAA-AAAA", check[:-1], short_check(tokens[1]), "码" * 300, "\0"):
        assert not check_fits(token, typed)


@pytest.mark.fault(17)
def test_a_plate_is_genuine_with_its_number_and_code_until_the_code_is_made_anew(cast: Cast) -> None:
    home = cast.household(number="H1")
    cast.household(number="H2")
    with cast.everything() as system:
        first = services.issue_code(household_id=home.pk, by=system)
        check = short_check(first.token)
        assert genuine_plate(system, number="H1", check=check)
        assert not genuine_plate(system, number="H2", check=check)
        assert not genuine_plate(system, number="H404", check=check)
        assert not genuine_plate(system, number="H404", check=short_check(""))
        services.reissue_code(id=new_id(), household_id=home.pk, by=system)
        assert not genuine_plate(system, number="H1", check=check)


def test_a_grid_is_named_with_its_village(cast: Cast) -> None:
    from minqing.org.enums import Level
    from tests.cast import area

    grid = area("G1", "第二网格", Level.GRID, cast.own)
    cast.code(cast.household(grid))
    with cast.everything() as system:
        assert [plate.village for plate in plates_of(system, [grid.id])] == ["棠溪村 第二网格"]
        assert [count.name for count in plate_counts(system)] == ["棠溪村 第二网格"]
