"""The staff's pages: a request on paper from the search to the letter, and what each role is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.points.enums import AccountKind, Code
from minqing.points.services import house_account, open_account, post_transfer
from minqing.rights import services
from minqing.rights.enums import Move, Proof, ProofPlace, RequestKind, State
from minqing.rights.forms.moves import CARRIES_OUT, MOVES
from minqing.rights.models import Request
from minqing.rights.printing import letter_data
from minqing.rights.queries import way_of
from tests.cast import Cast
from tests.rights.cases import Asking

pytestmark = pytest.mark.django_db


def post(cast: Cast, who: str, name: str, row: Request, **data: Any) -> Any:
    client = cast.client(who)
    return client.post(reverse(f"rights:{name}", args=[row.pk]), data)


def seen(page: Any, name: str) -> str:
    """What the form on the page carries: the version that it was made from."""
    return next(str(one.form.token) for one in page.context["offers"] if one.verb == name)


def detail(cast: Cast, who: str, row: Request) -> Any:
    return cast.client(who).get(reverse("rights:detail", args=[row.pk]))


def step(cast: Cast, who: str, name: str, row: Request, **data: Any) -> Any:
    return post(cast, who, name, row, seen=seen(detail(cast, who, row), name), **data)


def test_a_request_on_paper_goes_its_whole_way_through_the_pages(cast: Cast) -> None:
    asking = Asking(cast)
    cadre = cast.client("cadre")
    found = cadre.get(reverse("rights:new"), {"text": "何桂香"})
    assert asking.home.number in found.content.decode()
    address = f"{reverse('rights:new')}?household={asking.home.pk}"
    form = cadre.get(address).context["form"]
    data = {"request_id": str(form["request_id"].value()), "resident": str(asking.one.pk), "kind": "copy",
            "words": "想看看", "prove_at": "office"}  # fmt: skip
    assert cadre.post(address, data).status_code == 302
    with cast.everything():
        row = Request.objects.get()
    given = {"proof": "card", "resident": str(asking.one.pk)}
    assert step(cast, "cadre", "check", row, **given).status_code == 302
    assert step(cast, "clerk", "decide", row, decision="grant", reasons="依法办理。").status_code == 302
    assert step(cast, "clerk", "carry_out", row).status_code == 302
    clerk = cast.client("clerk")
    for kind in ("pdf", "docx", "json"):
        taken = clerk.get(reverse("rights:copy", args=[row.pk, kind]))
        assert (taken.status_code, taken.headers["Cache-Control"]) == (200, "private, no-store")
    assert json.loads(taken.content)["person"][0]["phone"] == "13857500001"
    for kind in ("pdf", "docx"):
        assert cadre.get(reverse("rights:letter", args=[row.pk, kind])).status_code == 200
    assert step(cast, "cadre", "answer", row).status_code == 302
    # what comes in later is not handed out on the strength of this one
    assert clerk.get(reverse("rights:copy", args=[row.pk, "json"])).status_code == 404
    with cast.everything():
        assert Request.objects.get().state == State.ANSWERED
        looks = set(Event.objects.filter(subject=f"rights:{row.pk}").values_list("type", flat=True))
    assert {"rights.request.looked_at", "rights.copy.taken", "rights.letter.printed"} <= looks


def test_a_leader_decides_without_knowing_who_it_is(cast: Cast) -> None:
    row = Asking(cast).checked(RequestKind.DELETE)
    shown = detail(cast, "leader", row).content.decode()
    assert "何桂香" not in shown
    assert "13857500001" not in shown
    assert "何桂香" not in cast.client("leader").get(reverse("rights:list")).content.decode()
    assert "何桂香" in detail(cast, "clerk", row).content.decode()


def test_points_that_are_given_up_are_said_to_who_asks_to_who_decides_and_in_the_letter(cast: Cast) -> None:
    asking = Asking(cast)
    with cast.everything() as by:
        account = open_account(kind=AccountKind.RESIDENT, area=cast.own.pk, resident=asking.one.pk, by=by).pk
        given = {"debit": house_account(kind=AccountKind.ISSUANCE, by=by).pk, "credit": account, "amount": 300}
        post_transfer(caller="tests", key="lost", code=Code.AWARD, by=by, **given).checked()
    address = reverse("rights:ask", args=[cast.code(asking.home)])
    said = {"whom": "myself", "name": "何桂香", "phone": "13857500001", "words": "搬走了", "prove_at": "home"}
    sent = {"request_id": str(new_id()), "step": "3"}
    shown = {kind: Client().post(address, said | sent | {"kind": kind}).content.decode() for kind in ("delete", "copy")}
    assert ["剩下的香榧币" in shown[kind] for kind in ("delete", "copy")] == [True, False]
    row = asking.checked(RequestKind.DELETE)
    assert "300 枚香榧币会作废" in detail(cast, "clerk", row).content.decode()
    asking.do("clerk", services.decide_request, row, grant=True, reasons="依法办理。")
    row = asking.do("clerk", services.carry_out_request, row)
    assert "剩下的已作废" in letter_data(row)["done"]


def test_a_leader_reads_which_fields_and_how_much_is_open_and_no_words(cast: Cast) -> None:
    asking = Asking(cast)
    matter = cast.matter(household=asking.home)
    for kind in (RequestKind.CORRECT, RequestKind.DELETE):
        row = asking.checked(kind, words="CANARY-话", values={"phone": "13811112222"})
        texts = ("CANARY-话", "13811112222", matter.number)
        shown = {who: detail(cast, who, row).content.decode() for who in ("leader", "clerk")}
        assert [text for text in texts if text in shown["leader"]] == []
        assert "CANARY-话" in shown["clerk"]
        row = asking.do("clerk", services.decide_request, row, grant=False, reasons="CANARY-理由")
        assert "CANARY-理由" not in detail(cast, "leader", row).content.decode()


def test_a_village_sees_whom_it_is_to_visit_until_it_has_and_never_their_words(cast: Cast) -> None:
    asking = Asking(cast)
    row = asking.ask(who="clerk", prove_at=ProofPlace.HOME, words="CANARY-村干部打我")
    shown = detail(cast, "cadre", row)
    assert shown.status_code == 200
    assert "CANARY" not in shown.content.decode()
    assert "take_back" not in [one.verb for one in shown.context["offers"]]
    left = step(cast, "cadre", "check", row, proof="card", resident=str(asking.one.pk))
    assert left.headers["Location"] == reverse("rights:list")
    assert detail(cast, "cadre", row).status_code == 404


def test_what_was_taken_and_comes_again_is_led_on_as_before(cast: Cast) -> None:
    asking = Asking(cast)
    row, client = asking.ask(who="clerk", prove_at=ProofPlace.HOME), cast.client("cadre")
    (form,) = [one.form for one in detail(cast, "cadre", row).context["offers"] if one.verb == "check"]
    sent = {"seen": form.token, "request_id": str(form["request_id"].value()), "proof": "card",
            "resident": str(asking.one.pk)}  # fmt: skip
    answers = [client.post(reverse("rights:check", args=[row.pk]), sent) for _time in range(2)]
    assert [one.headers["Location"] for one in answers] == [reverse("rights:list")] * 2


def test_the_village_hands_over_the_letter_at_home_closed(cast: Cast) -> None:
    asking = Asking(cast)
    row = asking.ask(RequestKind.EXPLAIN, who="clerk", prove_at=ProofPlace.HOME, words="CANARY-村干部打我")
    asking.do("clerk", services.check_identity, row, proof=Proof.IDENTITY_CARD, resident_id=asking.one.pk)
    asking.do("clerk", services.decide_request, row, grant=False, reasons="CANARY-理由")
    assert (
        row.number in cast.client("village_secretary").get(reverse("rights:list"), {"queue": "turn"}).content.decode()
    )
    assert row.number in cast.client("cadre").get("/").content.decode()
    shown = detail(cast, "cadre", row)
    assert "CANARY" not in shown.content.decode()
    assert reverse("rights:letter", args=[row.pk, "pdf"]) not in shown.content.decode()
    assert cast.client("cadre").get(reverse("rights:letter", args=[row.pk, "pdf"])).status_code == 403
    assert step(cast, "cadre", "answer", row).headers["Location"] == reverse("rights:list")
    with cast.everything():
        assert Request.objects.get().state == State.ANSWERED


def test_what_cannot_be_erased_yet_is_said_on_the_page(cast: Cast) -> None:
    asking = Asking(cast)
    row = asking.granted(RequestKind.DELETE)
    matter = cast.matter(household=asking.home)
    shown = detail(cast, "clerk", row)
    assert matter.number in shown.content.decode()
    refused = step(cast, "clerk", "carry_out", row)
    assert refused.status_code == 422
    assert matter.number in refused.content.decode()


def test_who_checked_is_told_beside_the_button_why_somebody_else_decides(cast: Cast) -> None:
    row = Asking(cast).checked(RequestKind.DELETE, who="clerk")
    shown = detail(cast, "clerk", row)
    assert "decide" not in [one.verb for one in shown.context["offers"]]
    assert "decide" in [one.verb for one in shown.context["not_now"]]


def test_a_village_sees_what_it_took_in_and_whom_it_is_to_visit(cast: Cast) -> None:
    asking = Asking(cast)
    mine, clerks = asking.ask(), asking.ask(who="clerk")
    page = cast.client("cadre").get(reverse("rights:list")).content.decode()
    assert mine.number in page
    assert clerks.number not in page
    assert detail(cast, "cadre", clerks).status_code == 404


def test_a_stale_page_decides_nothing(cast: Cast) -> None:
    asking = Asking(cast)
    row = asking.checked()
    token = seen(detail(cast, "clerk", row), "decide")
    asking.do("leader", services.decide_request, row, grant=False, reasons="不是本人。")
    late = post(cast, "clerk", "decide", row, decision="grant", reasons="依法办理。", seen=token)
    assert late.status_code in {403, 409}
    with cast.everything():
        assert Request.objects.get(pk=row.pk).granted is False


def test_what_was_decided_is_told_as_it_was_decided(cast: Cast) -> None:
    client = cast.client("clerk")
    for decision, done in (("grant", Move.GRANT.done), ("refuse", Move.REFUSE.done)):
        row = Asking(cast).checked()
        sent = {"decision": decision, "reasons": "依法办理。", "seen": seen(detail(cast, "clerk", row), "decide")}
        answer = client.post(reverse("rights:decide", args=[row.pk]), sent, follow=True)
        assert str(done) in next(str(one) for one in answer.context["messages"])


def test_letter_and_copy_are_there_when_there_is_something_to_hand_over(cast: Cast) -> None:
    row = Asking(cast).checked()
    clerk = cast.client("clerk")
    assert clerk.get(reverse("rights:letter", args=[row.pk, "pdf"])).status_code == 404
    assert clerk.get(reverse("rights:copy", args=[row.pk, "json"])).status_code == 404


def test_the_list_leaves_as_a_table_without_anybody_s_name(cast: Cast) -> None:
    Asking(cast).ask()
    clerk = cast.client("clerk")
    page = clerk.get(reverse("rights:export"))
    data = {"request_id": str(page.context["form"]["request_id"].value()), "purpose": "check", "query": ""}
    taken = clerk.post(reverse("rights:export"), data)
    assert taken.headers["Content-Type"].endswith("sheet")
    from io import BytesIO

    from openpyxl import load_workbook

    cells = [str(cell.value) for line in load_workbook(BytesIO(taken.content)).active.iter_rows() for cell in line]  # type: ignore[union-attr]
    assert any("RQ-" in cell for cell in cells)
    assert not any("何桂香" in cell for cell in cells)


def test_a_request_of_somebody_who_is_not_known_stands_at_its_answer() -> None:
    row = Request(kind=RequestKind.COPY, state=State.REFUSED, granted=False, decided_at=clock.now())
    assert [one["state"] for one in way_of(row)] == ["done", "done", "done", "now"]


@pytest.mark.parametrize("kind", RequestKind)
def test_before_a_press_is_said_what_it_does(kind: RequestKind) -> None:
    asked = {one.move: str(one.sure(Request(kind=kind))) for one in MOVES.rows if one.sure(Request(kind=kind))}
    assert set(asked) == {Move.CARRY_OUT, Move.ANSWER, Move.TAKE_BACK}
    assert len(set(asked.values())) == 3
    # each kind is carried out in its own way
    carried = {str(CARRIES_OUT[one]) for one in RequestKind}
    assert len(carried) == len(RequestKind)
