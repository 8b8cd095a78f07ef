"""What strangers try at the door: photographed codes, guessing, false plates, floods, harmful texts and pictures."""

from __future__ import annotations

import statistics
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.ids import READABLE, new_id, random_token
from minqing.core.limits import Limit
from minqing.doorstep import queries, rules, services
from minqing.doorstep.access import by_address
from minqing.doorstep.models import Bucket
from minqing.doorstep.queries import is_empty
from minqing.files.models import Attachment
from minqing.households.codes import TOKEN_BITS, short_check
from minqing.households.models import HouseholdCode
from minqing.matters import tickets
from minqing.matters.models import Matter
from minqing.privacy.tickets import CODE_LENGTH
from minqing.reporting import rules as limits
from tests.cast import Cast, at
from tests.doorstep.conftest import CANARIES, Door
from tests.files.pictures import jpeg, png_bomb

pytestmark = pytest.mark.django_db
NOON = at("2026-06-01 12:00")
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:35 }}{% debug %}",
    "javascript:alert(1)",
    "<svg/onload=alert(1)>",
)


@pytest.mark.fault(15)
def test_a_photographed_code_shows_nothing_of_the_household(door: Door) -> None:
    """Every page that can be reached from the code, by links and by sending its forms with mistakes."""
    seen: dict[str, str] = {}
    waiting = [door.url]
    while waiting:
        path = waiting.pop()
        if path in seen or not path.startswith(("/h/", "/m/", "/follow")):
            continue
        seen[path] = door.client.get(path).content.decode()
        waiting += [part.split('"')[0].split("#")[0] for part in seen[path].split('href="')[1:]]
    seen["sent"] = door.client.post(f"{door.url}/report", {}).content.decode()
    seen["found"] = door.client.post("/follow", {"number": "MQ-2026-000001-1", "code": "AAAAAAAA"}).content.decode()
    assert {door.url, f"{door.url}/report", f"{door.url}/cadre", "/follow", "/h/check"} <= set(seen)
    for path, html in seen.items():
        for canary in (*CANARIES, "H-CANARY-9", "29.5", "120.8", str(door.household_id)):
            assert canary not in html, (path, canary)


@pytest.mark.fault(15)
def test_two_who_hold_the_same_code_do_not_see_each_others_reports(door: Door) -> None:
    ticket, matter = door.reported(text="CANARY-FIRST", name="CANARY-WHO", phone="13912340000")
    other = Client()
    for path in (door.url, f"{door.url}/report", f"{door.url}/cadre"):
        html = other.get(path).content.decode()
        assert "CANARY" not in html
        assert ticket not in html
        assert matter.number not in html
    # not even the reporter's own page repeats name and phone: a photo of it gives neither away
    html = door.client.get(f"/m/{ticket}").content.decode() + door.client.get(f"/m/{ticket}/thanks").content.decode()
    assert "CANARY-WHO" not in html
    assert "13912340000" not in html


def revoked(door: Door) -> str:
    other = door.cast.household()
    token = door.cast.code(other, random_token())
    with door.cast.everything():
        HouseholdCode.objects.filter(household=other).update(revoked_at=clock.now())
    return token


@pytest.mark.fault(16)
def test_codes_and_links_have_128_random_bits() -> None:
    assert TOKEN_BITS == 128
    assert len(random_token(TOKEN_BITS)) == len(tickets.ticket_of(new_id())) == 22
    assert len({random_token() for _n in range(1000)}) == 1000


@pytest.mark.fault(16)
@pytest.mark.parametrize("page", ["", "/report", "/cadre"])
def test_unknown_revoked_and_malformed_codes_take_the_same_way_to_the_same_page(door: Door, page: str) -> None:
    tokens = {
        "unknown": random_token(),
        "revoked": revoked(door),
        "short": "x",
        "long": "y" * 500,
        "quotes": "';--",
        "chinese": "民情码",
    }
    answers, ways = {}, {}
    for name, token in tokens.items():
        counts = []
        for _n in range(3):
            with CaptureQueriesContext(connection) as queries:
                answer = Client().get(f"/h/{token}{page}")
            counts.append(len(queries))
            shapes = [
                one["sql"].split("WHERE")[0].split("VALUES")[0][:60] for one in queries if "POINT" not in one["sql"]
            ]
        assert answer.status_code == 404
        text = answer.content.decode()
        answers[name] = text.split("<main")[1].split("</main>")[0]
        ways[name] = (statistics.pstdev(counts), counts[0], len(shapes), [shape.split("(")[0] for shape in shapes])
    assert len({str(value) for value in answers.values()}) == 1
    assert len({str(value) for value in ways.values()}) == 1, ways
    assert 'href="/follow"' in answers["unknown"]


@pytest.mark.fault(16)
def test_guessing_finds_nothing_and_is_stopped(door: Door) -> None:
    guesser = Client(REMOTE_ADDR="203.0.113.7")
    answers = [guesser.get(f"/h/{random_token()}").status_code for _n in range(100)]
    assert answers[: rules.GUESS_BY_ADDRESS.burst] == [404] * rules.GUESS_BY_ADDRESS.burst
    assert set(answers[-30:]) == {429}
    assert guesser.get("/m/nothing").status_code == 429, "links and codes share the bucket"
    assert guesser.get(door.url).status_code == 200, "whoever stands beside them has a right code"
    assert Client(REMOTE_ADDR="203.0.113.8").get(door.url).status_code == 200


@pytest.mark.fault(16)
def test_links_are_not_found_by_guessing_either(door: Door) -> None:
    ticket, _matter = door.reported()
    for wrong in (ticket[:-2], ticket + "A", ticket.swapcase(), "x"):
        for page in ("", "/thanks", f"/pictures/{new_id()}", f"/photos/{new_id()}"):
            answer = Client(REMOTE_ADDR=f"203.0.113.{len(page)}").get(f"/m/{wrong}{page}")
            assert answer.status_code == 404


def emptied(limit: Limit, who: str) -> None:
    """What many addresses together have tried."""
    full_at = limit.furthest(clock.now()) + limit.every
    Bucket.objects.update_or_create(key=queries.key_of(limit, who), defaults={"full_at": full_at})


@pytest.mark.fault(16)
@pytest.mark.fault(72)
def test_follow_codes_cannot_be_tried_out_and_the_reporter_is_not_shut_out_by_who_tries(door: Door) -> None:
    ticket, matter = door.reported()
    guesser, sent = Client(REMOTE_ADDR="203.0.113.7"), {"code": "AAAAAAAA"}
    # however the number is written, it has one bucket; a link in place of the number is the number
    spellings = [
        matter.number, matter.number.lower(), matter.number.replace("-", ""), matter.number.replace("-", " "),
        "\u200b".join(matter.number), "".join(chr(ord(one) + 0xFEE0) for one in matter.number),
        f"https://example.com/m/{ticket}", f" https：//example.com/m/{ticket}/?a=b",
    ]  # fmt: skip
    answers = [guesser.post("/follow", sent | {"number": spellings[n % 8]}).status_code for n in range(16)]
    burst = limits.FIND_BY_BOTH.burst
    assert answers == [422] * burst + [429] * (16 - burst)
    right = {"number": matter.number, "code": tickets.follow_code_of(matter.pk)}
    assert guesser.post("/follow", right).status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.8").post("/follow", right).status_code == 302
    emptied(limits.FIND_BY_NUMBER, matter.number)
    assert Client(REMOTE_ADDR="203.0.113.8").post("/follow", right).status_code == 302, "who has tried nothing yet"
    assert Client().get(f"/m/{ticket}").status_code == 200, "the private link still opens it"
    found = door.cast.client("volunteer").post("/slip/", right)
    assert found.status_code == 302, "and so does a slip in a helper's hand"


@pytest.mark.fault(16)
@pytest.mark.fault(72)
def test_sixty_addresses_that_try_shut_a_number_for_nobody_else(door: Door) -> None:
    ticket, matter = door.reported()
    right = {"number": matter.number, "code": tickets.follow_code_of(matter.pk)}
    wrong = right | {"code": "AAAAAAAA"}
    emptied(limits.FIND_BY_NUMBER, matter.number)
    first = limits.FIND_FIRST.burst

    def tried(network: str, hosts: int) -> list[int]:
        """From that many addresses in turn."""
        clients = [Client(REMOTE_ADDR=network.format(n)) for n in range(hosts)]
        return [clients[n % hosts].post("/follow", wrong).status_code for n in range(first + 2)]

    assert tried("203.0.113.{}", 1) == [422] * first + [429] * 2
    # a network of IPv6 is one, as many subscribers as it may claim to have
    assert tried("2001:db8:1:{}::1", 9) == [422] * first + [429] * 2
    for address in ("203.0.113.0", "2001:db8:1:77::1"):
        assert Client(REMOTE_ADDR=address).post("/follow", right).status_code == 429, (
            "what is closed stays closed there"
        )
    for address in ("203.0.113.200", "2001:db8:2:1::1"):
        assert Client(REMOTE_ADDR=address).post("/follow", right).status_code == 302
    assert Client(REMOTE_ADDR="203.0.113.0").get(f"/m/{ticket}").status_code == 200, "the private link opens it anyhow"


GUESSES = pytest.mark.parametrize(
    ("rules", "kind"), [(limits, "FIND"), (limits, "SLIP"), (rules, "CHECK")], ids=["find", "slip", "check"]
)


@GUESSES
def test_of_a_years_guesses_from_a_thousand_networks_hardly_one_in_a_hundred_thousand_hits(
    rules: Any, kind: str
) -> None:
    number, first = getattr(rules, f"{kind}_BY_NUMBER"), getattr(rules, f"{kind}_FIRST")
    year, codes = timedelta(days=365), len(READABLE) ** CODE_LENGTH
    shared, own = number.burst + year / number.every, first.burst + year / first.every
    assert (shared + 1_000 * own) / codes < 1e-5
    assert (shared + 100_000 * own) / codes < 2e-4


@GUESSES
def test_of_guesses_on_one_number_hardly_one_in_a_million_hits_in_a_year(rules: Any, kind: str) -> None:
    number, both = getattr(rules, f"{kind}_BY_NUMBER"), getattr(rules, f"{kind}_BY_BOTH")
    year = number.burst + timedelta(days=365) / number.every
    assert year / len(READABLE) ** CODE_LENGTH < 2e-6
    # one address, or one helper, shuts nothing for the others
    assert both.burst * 30 < number.burst
    assert number.every * 10 < both.every


@pytest.mark.fault(17)
def test_a_real_plate_is_told_from_a_false_one(door: Door, settings: Any) -> None:
    with door.cast.everything():
        code = HouseholdCode.objects.get(household_id=door.household_id)
        right = short_check(code.token)

    def says(number: str, typed: str) -> str:
        return door.client.post("/h/check", {"number": number, "check_code": typed}).content.decode()

    assert "是真的" in says("H-CANARY-9", right)
    wide = str.maketrans({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    for number in (" H-CANARY-9 ", "h–canary—9", "H - CANARY - 9", "H-CANARY-9".translate(wide),
                   f"https://example.com{door.url}/", f"HTTPS://EXAMPLE.COM/H/{door.token}",
                   f"https://example.com{door.url}".translate(wide)):  # fmt: skip
        for check in (right, right.lower().replace("-", " "), right.replace("-", "–"), right.translate(wide)):
            assert "是真的" in says(number, check), (number, check)
    false = says("H-CANARY-9", "AAAA-AAAA")
    assert "不是现在在用的" in false
    assert "不是现在在用的" in says("H-NOBODY", right)
    with door.cast.everything():
        HouseholdCode.objects.update(revoked_at=clock.now())
    assert "不是现在在用的" in says("H-CANARY-9", right)
    assert settings.ORIGIN.split("//")[1] in false, "the page says what a real address looks like"


@pytest.mark.fault(17)
@pytest.mark.fault(116)
def test_check_codes_cannot_be_tried_out_in_whatever_spelling(door: Door) -> None:
    with door.cast.everything():
        plate = short_check(HouseholdCode.objects.get(household_id=door.household_id).token)
    guesser, sent = Client(REMOTE_ADDR="203.0.113.7"), {"check_code": "AAAA-AAAA"}
    spellings = [
        "H-CANARY-9", "h-canary-9", " H-CANARY-9\u3000", "Ｈ-ＣＡＮＡＲＹ-９", "H-CAN\u200bARY-9",
        f"https://example.com{door.url}", f"https://example.com{door.url}/?x=1", f"example.com{door.url}#a",
        "H–CANARY—9", "H - CANARY - 9", f"HTTPS://EXAMPLE.COM/H/{door.token}",
    ]  # fmt: skip
    answers = [
        guesser.post("/h/check", sent | {"number": spellings[n % len(spellings)]}).status_code for n in range(16)
    ]
    burst = rules.CHECK_BY_BOTH.burst
    assert answers == [200] * burst + [429] * (16 - burst)
    right = {"number": "H-CANARY-9", "check_code": plate}
    assert "是真的" in Client(REMOTE_ADDR="203.0.113.8").post("/h/check", right).content.decode()
    emptied(rules.CHECK_BY_NUMBER, "H-CANARY-9")
    assert "是真的" in Client(REMOTE_ADDR="203.0.113.8").post("/h/check", right).content.decode()
    answers = [
        Client(REMOTE_ADDR="203.0.113.9").post("/h/check", sent | {"number": "H-CANARY-9"}).status_code
        for _n in range(5)
    ]
    first = rules.CHECK_FIRST.burst
    assert answers == [200] * first + [429] * (5 - first), "and of who guesses the first alone"


@pytest.mark.fault(18)
def test_a_door_has_one_bucket_of_reports_in_whatever_spelling(door: Door) -> None:
    while services.allow(limits.REPORT_BY_CODE, door.token):
        pass
    wide = "".join(chr(ord(one) + 0xFEE0) for one in door.token)
    for spelling in (door.token, f"%20{door.token}", wide):
        assert Client().post(f"/h/{spelling}/report", door.typed()).status_code == 429


@pytest.mark.fault(18)
def test_of_a_flood_of_reports_the_first_few_go_through(door: Door) -> None:
    before = door.matters()
    answers = [door.send(text=f"SPAM {n}") for n in range(60)]
    through = door.matters() - before
    assert through == sum(answer.status_code == 302 for answer in answers)
    # the minute itself gives none back: it takes five for one drop
    assert limits.REPORT_BY_CODE.burst <= through <= limits.REPORT_BY_CODE.burst + 2
    assert {answer.status_code for answer in answers} == {302, 429}
    last = answers[-1].content.decode()
    assert "SPAM 59" in last, "what was typed is still there"
    assert 'href="tel:0575-83000001"' in last, "and whom to call"
    moments = [NOON + timedelta(seconds=n * 0.06) for n in range(1000)]
    assert sum(services.allow(limits.REPORT_BY_CODE, "other", at=at) for at in moments) == limits.REPORT_BY_CODE.burst


@pytest.mark.fault(18)
def test_who_is_stopped_has_no_photo_looked_at(door: Door, media: None) -> None:
    while services.allow(limits.REPORT_BY_CODE, door.token):
        pass
    answer = door.send(photos=[photo(png_bomb())])
    assert answer.status_code == 429
    assert "form-errors" not in answer.content.decode(), "nobody decoded it"


@pytest.mark.fault(18)
def test_many_codes_from_one_address_are_stopped_and_other_addresses_are_not(door: Door) -> None:
    tries = [(limits.REPORT_BY_CODE, ""), (limits.REPORT_BY_ADDRESS, "203.0.113.7"), (limits.REPORT_OVERALL, "")]
    through = 0
    for n in range(200):
        tries[0] = (limits.REPORT_BY_CODE, f"code {n}")
        through += services.allow_all(tries, at=NOON)
    assert through == limits.REPORT_BY_ADDRESS.burst
    left = [services.allow(limits.REPORT_OVERALL, "", at=NOON) for _n in range(limits.REPORT_OVERALL.burst)]
    assert sum(left) == limits.REPORT_OVERALL.burst - through, "who is stopped takes nothing from what all share"


@pytest.mark.fault(18)
def test_a_bucket_fills_again_one_drop_at_a_time() -> None:
    limit = limits.REPORT_BY_CODE
    assert [services.allow(limit, "a", at=NOON) for _n in range(limit.burst + 1)] == [True] * limit.burst + [False]
    assert is_empty(limit, "a", at=NOON)
    assert not is_empty(limit, "b", at=NOON)
    later = NOON + limit.every
    assert not is_empty(limit, "a", at=later)
    assert [services.allow(limit, "a", at=later) for _n in range(2)] == [True, False]
    assert [services.allow(limit, "a", at=NOON - timedelta(days=1))] == [False], "a clock set back gives nothing"


def test_a_bucket_that_is_full_again_is_forgotten_and_names_nobody() -> None:
    services.allow(limits.REPORT_BY_ADDRESS, "203.0.113.7", at=NOON)
    assert "203.0" not in str(list(Bucket.objects.values()))
    assert services.sweep_buckets(at=NOON) == 0
    assert services.sweep_buckets(at=NOON + timedelta(hours=1)) == 1


def test_the_buckets_cost_no_write_ahead_log() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'doorstep_bucket'")
        assert cursor.fetchone() == ("u",)


@pytest.mark.parametrize(
    ("address", "bucket"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
    ],
)
def test_one_subscriber_has_one_bucket(rf: Any, address: str, bucket: str) -> None:
    assert by_address(rf.get("/", REMOTE_ADDR=address), {}) == bucket


@pytest.mark.fault(36)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_harmful_texts_are_shown_as_texts(door: Door, payload: str) -> None:
    ticket, _matter = door.reported(text=payload, place=payload, name=payload[:30])
    pages = [
        door.client.get(f"/m/{ticket}"),
        door.client.get(f"/m/{ticket}/thanks"),
        door.send(text=payload, place=payload, phone=payload[:30]),
        door.client.post("/follow", {"number": payload, "code": payload}),
        door.client.post("/h/check", {"number": payload, "check_code": payload}),
    ]
    for page in pages:
        html = page.content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "<svg/onload" not in html
        assert 'href="javascript' not in html
        assert ">42<" not in html
        assert "script-src 'self' 'nonce-" in page["Content-Security-Policy"]


def photo(data: bytes, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


@pytest.mark.fault(40)
@pytest.mark.parametrize("data", [b"no photo at all", b"<html>CANARY</html>", b""], ids=["text", "html", "empty"])
def test_what_is_no_photo_is_refused_and_the_text_is_kept(door: Door, media: None, data: bytes) -> None:
    before = door.matters()
    answer = door.send(text="KEPT-TEXT", photos=[photo(data, "坏照片.jpg")])
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "KEPT-TEXT" in html
    assert "坏照片" in html or not data
    assert (door.matters(), Attachment.objects.count()) == (before, 0)


@pytest.mark.fault(40)
def test_a_bomb_is_refused_before_it_is_decoded(door: Door, media: None) -> None:
    answer = door.send(text="KEPT-TEXT", photos=[photo(png_bomb(), "bomb.png")])
    assert answer.status_code == 422
    assert "KEPT-TEXT" in answer.content.decode()
    assert not Attachment.objects.exists()


@pytest.mark.fault(40)
def test_the_place_hidden_in_a_photo_is_gone(door: Door, media: None) -> None:
    ticket, _matter = door.reported(photos=[photo(jpeg())])
    id = Attachment.objects.get().pk
    for part in ("", "/small"):
        data = door.client.get(f"/m/{ticket}/pictures/{id}{part}").content
        assert data[:3] == b"\xff\xd8\xff"
        assert b"CANARY" not in data
        assert b"Exif" not in data


def test_too_many_photos_are_refused_with_a_sentence(door: Door, media: None) -> None:
    answer = door.send(photos=[photo(jpeg((10 + n, 10))) for n in range(7)])
    assert answer.status_code == 422
    assert not Attachment.objects.exists()


@pytest.mark.fault(35)
@pytest.mark.parametrize("path", ["report", "follow", "check", "matter"])
def test_a_form_from_elsewhere_is_refused(door: Door, path: str) -> None:
    ticket, _matter = door.reported()
    before = door.matters()
    url = {"report": f"{door.url}/report", "follow": "/follow", "check": "/h/check", "matter": f"/m/{ticket}"}[path]
    answer = Client(enforce_csrf_checks=True).post(url, door.typed())
    assert answer.status_code == 403
    assert door.matters() == before


@pytest.mark.fault(65)
def test_no_code_link_or_text_gets_into_the_log(door: Door, caplog: Any) -> None:
    from minqing.config.logs import Scrub

    ticket, _matter = door.reported(text="CANARY-TEXT", phone="13912345678")
    client = Client()
    for path in (f"/m/{ticket}/pictures/{new_id()}", f"/m/{ticket}x", f"/h/{door.token}x", f"/h/{door.token}/nothing",
                 f"/H/{door.token}x/", f"/M/{ticket}x"):  # fmt: skip
        client.get(path)
    client.post(f"/m/{ticket}", {"form": "word"})
    for record in caplog.records:
        Scrub().filter(record)
        line = record.getMessage() + (record.exc_text or "")
        for secret in (ticket, door.token, "CANARY", "13912345678"):
            assert secret not in line


def test_other_methods_are_refused(door: Door) -> None:
    for method in ("put", "delete", "patch"):
        assert getattr(door.client, method)(door.url).status_code == 405


def test_a_cadre_who_is_signed_in_reports_as_the_household(door: Door, cast: Cast) -> None:
    """A cadre who scans the door with the phone's own camera sees what the resident would see, and no more."""
    client = cast.client("far_cadre")
    assert client.get(door.url).status_code == 200
    assert client.post(f"{door.url}/report", door.typed()).status_code == 302
    with cast.everything():
        assert Matter.objects.latest("received_at").household_id == door.household_id


@pytest.mark.fault(74)
def test_a_report_of_which_nothing_can_be_seen_is_none_and_marks_of_direction_are_dropped(door: Door) -> None:
    for nothing in ("\u200b", "\u3164\u2800 \u202e", "\ufeff\n\u3000", "\u00ad\U000e0041"):
        answer = door.send(text=nothing)
        assert answer.status_code == 422, repr(nothing)
        assert "is-invalid" in answer.content.decode()
    _ticket, matter = door.reported(text="\u202e路灯\u202c坏了\u200b三天", reporter_name="\u2066张\u2069三")
    assert matter.text == "路灯坏了三天"


@pytest.mark.fault(72)
def test_guesses_of_one_shut_nothing_for_the_others_behind_the_same_address(door: Door) -> None:
    """Nor do right answers take from the buckets of the wrong ones."""
    ticket, matter = door.reported()
    with door.cast.everything():
        plate = short_check(HouseholdCode.objects.get(household_id=door.household_id).token)
    client = Client(REMOTE_ADDR="203.0.113.9")
    for n in range(rules.GUESS_BY_ADDRESS.burst + 5):
        client.get(f"/h/{random_token()}")
        client.post("/follow", {"number": f"MQ-2026-{n:06}-0", "code": "AAAAAAAA"})
        client.post("/h/check", {"number": f"H-{n}", "check_code": "AAAA-AAAA"})
    assert client.get(f"/m/{random_token()}").status_code == 429
    wrong = {"number": "MQ-2026-999999-0", "code": "AAAAAAAA"}, {"number": "H-999", "check_code": "AAAA-AAAA"}
    assert [client.post(*sent).status_code for sent in zip(("/follow", "/h/check"), wrong, strict=True)] == [429, 429]
    for path in (door.url, "/open/", "/follow", "/h/check", f"/m/{ticket}", f"/m/{ticket}/thanks"):
        assert client.get(path).status_code == 200, path
    right = {"number": matter.number, "code": tickets.follow_code_of(matter.pk)}
    before = sorted(Bucket.objects.values_list("key", "full_at"))
    for _n in range(3):
        assert client.post("/follow", right).status_code == 302
        answer = client.post("/h/check", {"number": "H-CANARY-9", "check_code": plate})
        assert (answer.status_code, "是真的" in answer.content.decode()) == (200, True)
    assert sorted(Bucket.objects.values_list("key", "full_at")) == before, "what is right takes no drop"
