"""Who somebody is, shown once for all pages that ask: the plate, and what only one of the household knows."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.doorstep.access.known import known
from minqing.doorstep.codes import COOKIE
from minqing.doorstep.rules import LENT, PROVE_BY_HOME, REMEMBERED
from minqing.households.codes import short_check
from minqing.households.models import Resident
from minqing.households.services import reissue_code
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PHONE, IDENTITY = "13857500001", "33068319620308002X"


class Home:
    def __init__(self, cast: Cast, token: str = "known-door") -> None:  # noqa: S107  # made up
        first = token == "known-door"
        self.cast, self.home = cast, cast.household(number="V1-0007" if first else "V1-0008")
        self.one = cast.resident(self.home, "何桂香", phone=PHONE, **({"identity_number": IDENTITY} if first else {}))
        self.token = cast.code(self.home, token)
        self.door, self.plate = f"/h/{self.token}/who", "/h/who"

    def typed(self, **said: str) -> dict[str, str]:
        return {"number": self.home.number, "check_code": short_check(self.token), "proof": "0001"} | said


def whom(client: Client) -> Any:
    request = RequestFactory().get("/")
    request.COOKIES = {name: one.value for name, one in client.cookies.items()}
    return known(request)


@pytest.mark.parametrize("proof", ["0001", " ０００１ ", PHONE, "138 5750 0001", IDENTITY, "08002x", IDENTITY[-6:]])
def test_the_end_of_a_telephone_or_of_an_identity_number_says_who_it_is(cast: Cast, proof: str) -> None:
    home, client = Home(cast), Client()
    assert client.post(home.door, {"proof": proof}).headers["Location"] == home.door
    assert (whom(client).name, whom(client).household) == ("何桂香", home.home.pk)
    assert "何桂香" in client.get(home.door).content.decode()


@pytest.mark.parametrize("proof", ["", "0002", "002X", "2X", "13857500002", "x" * 29, "080022", "%", "____"])
def test_what_fits_nobody_is_said_in_words_and_opens_nothing(cast: Cast, proof: str) -> None:
    client, home = Client(), Home(cast)
    answer = client.post(home.door, {"proof": proof})
    assert (answer.status_code, answer.cookies.get(COOKIE)) == (422, None)
    assert answer.context["form"].errors["proof"]
    assert "何桂香" not in answer.content.decode()


def test_the_plate_is_asked_for_where_no_door_has_said_which(cast: Cast) -> None:
    home = Home(cast)
    for said in (home.typed(), {"number": f"http://testserver/h/{home.token}", "proof": "0001"}):
        client = Client()
        assert client.post(home.plate, said).status_code == 302
        assert whom(client).resident == home.one.pk
    for wrong in ({"number": "H0"}, {"check_code": "AAAA-AAAA"}, {"check_code": ""}, {"number": "http://x/h/none"}):
        assert Client().post(home.plate, home.typed(**wrong)).status_code == 422


def test_whoever_shares_a_telephone_is_asked_for_the_identity_card(cast: Cast) -> None:
    home = Home(cast)
    cast.resident(home.home, "何大明", phone=PHONE, identity_number="330683198801010011")
    answer = Client().post(home.door, {"proof": "0001"})
    assert answer.status_code == 422
    assert "身份证" in answer.content.decode()
    assert Client().post(home.door, {"proof": IDENTITY[-6:]}).status_code == 302


def test_numbers_are_not_tried_out_whichever_way_the_household_is_named(cast: Cast) -> None:
    home, client = Home(cast), Client()
    for turn in range(PROVE_BY_HOME.burst):
        where = (home.door, {"proof": "0002"}) if turn % 2 else (home.plate, home.typed(proof="0002"))
        assert client.post(*where).status_code == 422
    for where in ((home.door, {"proof": "0001"}), (home.plate, home.typed())):
        assert client.post(*where).status_code == 429
    other = Home(cast, "another-door")
    assert client.post(other.door, {"proof": "0001"}).status_code == 302, "the neighbours are not kept waiting"


@pytest.mark.parametrize(("own", "lasting"), [({}, LENT), ({"remember": "on"}, REMEMBERED)])
def test_a_lent_phone_forgets_soon_and_the_own_one_late(
    cast: Cast, own: dict[str, str], lasting: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, client = Home(cast), Client()
    client.post(home.door, {"proof": "0001"} | own)
    assert client.cookies[COOKIE]["max-age"] == lasting.total_seconds()
    now = clock.now()
    for after, there in ((lasting - timedelta(minutes=1), True), (lasting + timedelta(minutes=1), False)):
        monkeypatch.setattr(clock, "now", lambda moment=now + after: moment)
        assert (whom(client) is not None) is there, "whatever the phone's clock says"


def test_a_phone_is_known_until_the_plate_is_renewed_or_its_owner_lives_elsewhere(cast: Cast) -> None:
    home, other, client, second = Home(cast), Home(cast, "another-door"), Client(), Client()
    client.post(home.door, {"proof": "0001"})
    second.post(other.door, {"proof": "0001"})
    with cast.everything() as by:
        reissue_code(id=new_id(), household_id=home.home.pk, by=by)
        Resident.objects.filter(pk=other.one.pk).update(left_at=clock.now())
    assert (whom(client), whom(second)) == (None, None)
    assert Client().get(home.door).status_code == 404
    client.cookies[COOKIE] = "made-up"
    assert whom(client) is None


def test_one_phone_knows_one_person_and_forgets_when_told(cast: Cast) -> None:
    home, other, client = Home(cast), Home(cast, "another-door"), Client()
    client.post(home.door, {"proof": "0001"})
    client.post(other.door, {"proof": "0001"})
    assert whom(client).household == other.home.pk
    client.post(other.door, {"forget": "1"})
    client.cookies = {name: one for name, one in client.cookies.items() if one.value}  # type: ignore[assignment]
    assert whom(client) is None


@pytest.mark.parametrize(
    ("asked", "led"), [("/h/check", "/h/check"), ("https://elsewhere.example/", ""), ("//elsewhere", ""), ("x", "")]
)
def test_who_has_shown_it_goes_on_where_they_were_and_never_elsewhere(cast: Cast, asked: str, led: str) -> None:
    home = Home(cast)
    assert f'name="next" value="{led or home.door}"' in Client().get(home.door, {"next": asked}).content.decode()
    answer = Client().post(home.door, {"proof": "0001", "next": asked})
    assert answer.headers["Location"] == (led or home.door)


@pytest.mark.parametrize("secure", [True, False])
def test_what_a_phone_keeps_is_out_of_reach_of_scripts_and_goes_over_https_where_there_is(
    cast: Cast, secure: bool
) -> None:
    kept = Client().post(Home(cast).door, {"proof": "0001"}, secure=secure).cookies[COOKIE]
    assert (bool(kept["secure"]), kept["httponly"], kept["samesite"]) == (secure, True, "Lax")


@pytest.mark.parametrize("page", ["/h/known-door/who", "/h/who", "/h/known-door/points"])
def test_the_form_is_taken_from_a_browser_which_sends_the_token_of_the_page(cast: Cast, page: str) -> None:
    home, client = Home(cast), Client(enforce_csrf_checks=True)
    (form,) = re.findall(r'<form class="card".*?</form>', client.get(page).content.decode(), re.DOTALL)
    said = dict(re.findall(r'name="(csrfmiddlewaretoken|next)" value="([^"]+)"', form))
    there = re.findall(r'action="([^"]+)"', form)[0]
    assert client.post(there, home.typed() | said).headers["Location"] == said["next"]
    assert whom(client).name == "何桂香"
