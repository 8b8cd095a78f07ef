"""The sheet that a village posts: what stands on it, how people are called, who decides that, and what they wish."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from minqing.core import clock
from minqing.core.errors import Invalid, NotFound, Refused
from minqing.core.surnames import COMPOUND
from minqing.documents.services.checking import check_template
from minqing.journal.models import Event
from minqing.points.enums import AccountKind, Naming, Wish
from minqing.points.models import Holder
from minqing.points.printing import LISTS, VILLAGE_SHEET
from minqing.points.rules import called, may_be_named
from minqing.points.services import choose_naming, follow_holders, open_account, say_wish
from minqing.privacy.access import acting_as
from tests.activities.cases import Doing
from tests.cast import Cast
from tests.earning.cases import Earning

pytestmark = pytest.mark.django_db
PAGE = "/points/sheet/"


def lists(client: Any, **asked: Any) -> dict[str, list[list[str]]]:
    context = client.get(PAGE, asked).context
    return {name: [[word for word, _number in row] for row in rows]
            for name, (_title, _heads, rows) in zip(LISTS, context["lists"], strict=True)}  # fmt: skip


def account_of(cast: Cast, earning: Earning) -> int:
    with cast.everything() as by:
        return open_account(kind=AccountKind.RESIDENT, area=cast.own.pk, resident=earning.one.pk, by=by).pk


@pytest.mark.parametrize(
    ("naming", "wish", "told"),
    [
        (Naming.NUMBER, Wish.NAME, "TX-1"),
        (Naming.SURNAME, Wish.NAME, "何某"),
        (Naming.NAME, Wish.NAME, "何桂香"),
        (Naming.NAME, Wish.USUAL, "何某"),
        (Naming.NAME, Wish.OUT, None),
    ],
)
def test_somebody_is_called_as_the_village_decides_and_in_full_only_who_agreed(
    naming: Naming, wish: Wish, told: str | None
) -> None:
    assert called(naming, wish, name="何桂香", number="TX-1") == told
    assert called(naming, wish, name="", number="TX-1") == (None if wish is Wish.OUT else "TX-1")


def test_of_a_surname_of_two_characters_both_are_told() -> None:
    assert "欧阳" in COMPOUND
    assert called(Naming.SURNAME, Wish.USUAL, name="欧阳海", number="1") == "欧阳某"


def test_the_sheet_says_what_was_given_by_what_for_and_who_was_thanked_in_the_order_of_days(cast: Cast) -> None:
    # at once: on the evening of a month's last day the usual five hours ahead lie in the next
    soon = clock.now() + timedelta(seconds=2)
    times = {"sign_up_until": soon, "starts_at": soon, "ends_at": soon + timedelta(hours=2)}
    earning, doing = Earning(cast), Doing(cast, **times)
    earning.awarded()
    earning.awarded(code="night_watch", happened_on=clock.today())
    doing.over(0)
    client = cast.client("cadre")
    found = lists(client)
    assert [(row[1], row[2]) for row in found["issued"]] == [("参加夜间巡逻", "1"), ("照料邻家老人", "1")]
    (thanked,) = found["thanked"]
    assert thanked[1:3] == ["何某", "照料邻家老人"], "what is about safety stands in the sums alone"
    (activity,) = found["activities"]
    assert activity[1:] == ["清理溪边垃圾", "桥头", "1"]
    assert "何桂香" not in client.get(PAGE).content.decode()
    assert lists(client, month="2026-01")["thanked"] == [] or clock.today().year > 2026
    assert cast.client("far_clerk").get(PAGE).context["village"] != cast.own


def test_a_village_decides_and_people_say_what_they_wish(cast: Cast) -> None:
    earning = Earning(cast)
    earning.awarded()
    secretary, account = cast.client("village_secretary"), account_of(cast, earning)
    form = secretary.get(PAGE).context["form"]
    sent = {"naming": "name", "seen": form.token}
    assert secretary.post(reverse("points:naming", args=[cast.own.pk]), sent).status_code == 302
    assert lists(secretary)["thanked"][0][1] == "何某", "nobody has agreed yet"
    page = reverse("points:account", args=[account])
    cadre = cast.client("cadre")
    seen = cadre.get(page).context["form"].token
    cadre.post(reverse("points:wish", args=[account]), {"wish": "name", "seen": seen})
    assert lists(secretary)["thanked"][0][1] == "何桂香"
    token = cast.code(earning.home, "sheet-door")
    phone = Client()
    cast_phone(cast, earning)
    phone.post(reverse("doorstep:who", args=[token]), {"proof": "0001", "next": "/"})
    own = phone.get(reverse("points:own", args=[token]))
    seen = own.context["purses"][0]["form"].token
    phone.post(reverse("points:own_wish", args=[token, account]), {"wish": "out", "seen": seen})
    assert lists(secretary)["thanked"] == []
    with cast.everything():
        told = Event.objects.filter(type="points.wish.said").order_by("seq").values_list("data__wish", flat=True)
        assert list(told) == ["name", "out"]


def test_of_a_child_no_name_stands_on_a_wall(cast: Cast) -> None:
    earning = Earning(cast)
    earning.awarded()
    secretary, account = cast.client("village_secretary"), account_of(cast, earning)
    with acting_as(by := cast.actor("village_secretary")):
        choose_naming(village=cast.own.pk, naming=Naming.NAME, by=by)
        say_wish(account=account, wish=Wish.NAME, by=by)
    assert lists(secretary)["thanked"][0][1] == "何桂香"
    today = clock.today()
    with cast.everything():
        earning.one.born_on = today.replace(year=today.year - 13, day=1)
        earning.one.save()
    assert lists(secretary)["thanked"][0][1] == earning.home.number
    with acting_as(by := cast.actor("village_secretary")), pytest.raises(Invalid):
        say_wish(account=account, wish=Wish.NAME, by=by)
    choices = cast.client("cadre").get(reverse("points:account", args=[account])).context["form"].fields["wish"].choices
    assert "name" not in dict(choices)


@pytest.mark.parametrize(
    ("born", "right"), [(None, True), ("2012-11-30", True), ("2012-12-01", False), ("2020-02-29", False)]
)
def test_from_the_day_on_which_somebody_is_fourteen(born: str | None, *, right: bool) -> None:
    assert may_be_named(born and date.fromisoformat(born), date(2026, 11, 30)) is right


def cast_phone(cast: Cast, earning: Earning) -> None:
    with cast.everything():
        earning.one.phone = "13857500001"
        earning.one.save()


def test_who_has_moved_away_stays_left_out_and_of_a_household_out_of_sight_there_are_sums_alone(cast: Cast) -> None:
    earning = Earning(cast)
    earning.awarded()
    cadre, clerk = cast.client("cadre"), cast.client("clerk")
    assert [row[1] for row in lists(clerk)["thanked"]] == ["何某"]
    moved(cast, earning, cast.other)
    found = lists(cadre)
    assert (found["thanked"], len(found["issued"])) == ([], 1), "not theirs to see"
    assert [row[1] for row in lists(clerk, village=cast.own.pk)["thanked"]] == ["何某"]
    account = account_of(cast, earning)
    with cast.everything():
        Holder.objects.filter(pk=account).update(wish=Wish.OUT)
    found = lists(clerk, village=cast.own.pk)
    assert (found["thanked"], len(found["issued"])) == ([], 1)


def moved(cast: Cast, earning: Earning, area: Any) -> None:
    with cast.everything() as by:
        earning.home.area = earning.one.area = area
        earning.home.save()
        earning.one.save()
        follow_holders(household=earning.home.pk, area=area.pk, by=by)


def test_nobody_else_decides_and_nobody_speaks_for_others(cast: Cast) -> None:
    account = account_of(cast, Earning(cast))
    for who, village in (("cadre", cast.own), ("village_secretary", cast.other), ("far_clerk", cast.own)):
        with acting_as(by := cast.actor(who)), pytest.raises(Refused):
            choose_naming(village=village.pk, naming=Naming.NAME, by=by)
    neighbour = cast.code(cast.household(), "next-door")
    there = reverse("points:own_wish", args=[neighbour, account])
    assert Client().post(there, {"wish": "out"}).status_code == 302
    with cast.everything():
        assert Holder.objects.get(pk=account).wish == Wish.USUAL
    by = cast.actor("far_clerk")
    with acting_as(by), pytest.raises(NotFound):
        say_wish(account=account, wish=Wish.OUT, by=by)


def test_it_is_printed_as_pdf_and_word_and_told(cast: Cast) -> None:
    Earning(cast).awarded()
    client, month = cast.client("cadre"), f"{clock.today():%Y-%m}"
    there = reverse("points:sheet_file", args=[cast.own.pk, month, "pdf"])
    assert client.get(there).content.startswith(b"%PDF")
    word = client.get(there.replace(".pdf", ".docx")).content
    cells = [cell.text for table in Document(io.BytesIO(word)).tables for row in table.rows for cell in row.cells]
    assert "何某" in cells
    assert "何桂香" not in cells
    with cast.everything():
        assert Event.objects.filter(type="points.sheet.printed", subject=f"area:{cast.own.pk}").count() == 2
    assert client.get(there.replace(month, "1999-01")).status_code == 404
    assert client.get(there.replace(".pdf", ".xls")).status_code == 404


def test_the_word_template_that_comes_with_the_software_passes_the_check() -> None:
    for language in ("zh-hans", "en"):
        check_template(VILLAGE_SHEET.standard(language), VILLAGE_SHEET.sample())


def test_the_sheet_takes_as_many_queries_whatever_stands_on_it(cast: Cast, django_assert_num_queries: Any) -> None:
    client = cast.client("village_secretary")
    for _one in range(2):
        Earning(cast).awarded()
        client.get(PAGE)
        with django_assert_num_queries(22):
            client.get(PAGE)
