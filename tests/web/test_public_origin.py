"""What is printed or sent for ever bears an address that leads somewhere, or is not printed at all."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.core.errors import Refused
from minqing.households.printing import plates_pdf
from minqing.journal.models import Event
from minqing.web.public_origin import has_public_origin, public_origin
from tests.cast import Cast

pytestmark = pytest.mark.fault(130)

NOWHERE = (
    "http://127.0.0.1:8000",
    "http://localhost",
    "http://mq.localhost:8000",
    "http://[::1]:8000",
    "http://0.0.0.0",
    "",
)
SOMEWHERE = ("https://minqing.county.gov.cn", "http://10.32.1.7:8000", "http://[fd00::1]", "http://minqing")


def test_an_address_of_this_machine_alone_does_not_last(settings: Any) -> None:
    for origin, lasting in [*((one, False) for one in NOWHERE), *((one, True) for one in SOMEWHERE)]:
        settings.ORIGIN = origin
        assert has_public_origin() is lasting, origin


def test_without_an_address_neither_plates_nor_slips_are_printed_and_the_setting_is_named(
    cast: Cast, settings: Any
) -> None:
    home = cast.household()
    cast.code(home)
    matter = cast.matter(household=home)
    pages = {
        f"/households/plates/sheet.pdf?area={cast.own.id}": "village_secretary",
        f"/matters/{matter.pk}/slip.pdf": "cadre",
        "/matters/slips.pdf": "cadre",
    }
    settings.ORIGIN = "http://127.0.0.1:8000"
    for address, role in pages.items():
        answer = cast.client(role).get(address)
        assert answer.status_code == 403, address
        assert "MINQING_ORIGIN" in answer.content.decode(), address
    assert not Event.objects.filter(type__contains="printed").exists(), "nothing was printed"
    with pytest.raises(Refused) as refused:
        public_origin()
    assert refused.value.code == "no_address"
    settings.ORIGIN = "https://minqing.county.example"
    for address, role in pages.items():
        assert cast.client(role).get(address)["Content-Type"] == "application/pdf", address


def test_the_page_of_plates_says_so_before_codes_are_issued_in_vain(cast: Cast, settings: Any) -> None:
    cast.code(cast.household())
    sheet = "/households/plates/sheet.pdf"
    settings.ORIGIN = "http://127.0.0.1:8000"
    page = cast.client("village_secretary").get("/households/plates/").content.decode()
    assert ("MINQING_ORIGIN" in page, sheet in page) == (True, False)
    settings.ORIGIN = "https://minqing.county.example"
    page = cast.client("village_secretary").get("/households/plates/").content.decode()
    assert ("MINQING_ORIGIN" in page, sheet in page) == (False, True)


def test_a_demo_prints_samples_that_say_so(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from minqing.households import printing

    seen: list[str] = []
    monkeypatch.setattr(printing, "pdf_of", lambda html, style: seen.append(html) or b"")
    settings.ORIGIN = "http://127.0.0.1:8000"
    settings.DEMO = True
    plates_pdf([plate()], county="嵊州市")
    settings.DEMO, settings.ORIGIN = False, "https://minqing.county.example"
    plates_pdf([plate()], county="嵊州市")
    assert ['class="sample"' in one for one in seen] == [True, False]


def plate() -> Any:
    from minqing.households.codes import url_of
    from minqing.households.queries import Plate

    return Plate(number="H1", village="棠溪村", url=url_of("x"), check="AAAA-AAAA")
