"""What was sent back, passed on or decided: who is suggested then, and what is recorded of how it came there."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.db.models import Value
from django.urls import reverse

from minqing.core.cache_version import invalidate
from minqing.matters import queries
from minqing.matters.enums import Move
from minqing.matters.exports import cells
from minqing.matters.models import Matter, Step
from minqing.matters.printing.sheets import sheet_data
from minqing.matters.printing.sheets.data import facts_of
from minqing.matters.queries.refusals import sent_back
from minqing.org.models import Unit
from minqing.routing.enums import Source
from minqing.routing.models import Routing
from minqing.routing.queries.advice import Advice, advise
from tests.cast import Cast, category
from tests.matters.lives import Life

pytestmark = pytest.mark.django_db


def advice_on(cast: Cast, matter: Matter) -> Advice:
    with cast.everything():
        return advise([queries.matters_of(cast.actor("clerk"), [matter.pk])[0]])[matter.pk]


def page(cast: Cast, who: str, url: str) -> str:
    return str(cast.client(who).get(url).content.decode())


def suggested_to_bureau(life: Life) -> Matter:
    """A matter whose category's usual unit is the bureau."""
    category("own-road", unit_code=life.cast.bureau.code)
    matter = life.report()
    with life.cast.everything():
        Matter.objects.filter(pk=matter.pk).update(category="own-road")
    found = advice_on(life.cast, matter)
    assert found.unit is not None
    assert found.unit.id == life.cast.bureau.pk
    return matter


def sheet(life: Life, matter: Matter) -> Any:
    with life.cast.everything():
        return sheet_data(life.now(matter), named=False)


@pytest.mark.fault(91)
def test_who_sent_a_matter_back_is_not_suggested_for_it_again(cast: Cast) -> None:
    life = Life(cast)
    matter = suggested_to_bureau(life)
    matter = life.do("clerk", "assign_matter", matter, unit=cast.bureau.pk)
    matter = life.do("handler", "send_back_matter", matter, reason="村道不归市局管", proposed=cast.committee.pk)
    found = advice_on(cast, matter)
    assert found.unit is not None
    assert found.unit.id == cast.committee.pk, "the one that was named"
    queue = page(cast, "clerk", reverse("routing:triage"))
    assert f"{cast.bureau.name}退回" in queue
    assert f"→ {cast.committee.name}" in queue
    opened = page(cast, "clerk", f"{reverse('routing:triage')}?open={matter.pk}")
    assert "村道不归市局管" in opened
    assert f'<option value="{cast.committee.pk}" selected' in opened
    # the one that was named says no as well: neither is suggested, and no unit that is left is made up
    matter = life.do("clerk", "assign_matter", matter, unit=cast.committee.pk)
    matter = life.do("village_secretary", "send_back_matter", matter, reason="是县道", proposed=cast.bureau.pk)
    found = advice_on(cast, matter)
    assert found.unit is None or found.unit.id == cast.office.pk


@pytest.mark.fault(91)
def test_of_two_units_of_one_name_the_one_at_the_place_was_meant(cast: Cast) -> None:
    life = Life(cast)
    far = Unit.objects.create(code="A-FIRST", name=cast.committee.name, kind=cast.committee.kind, area=cast.other_town)
    invalidate()
    matter = suggested_to_bureau(life)
    matter = life.do("clerk", "assign_matter", matter, unit=cast.bureau.pk)
    matter = life.do("handler", "send_back_matter", matter, reason="不归市局管", proposed=cast.committee.pk)
    found = advice_on(cast, matter)
    assert found.unit is not None
    assert found.unit.id == cast.committee.pk != far.pk


@pytest.mark.fault(91)
def test_what_the_page_suggested_is_what_is_recorded(cast: Cast) -> None:
    life = Life(cast)
    matter = suggested_to_bureau(life)
    matter = life.do("clerk", "assign_matter", matter, unit=cast.bureau.pk)
    matter = life.do("handler", "send_back_matter", matter, reason="不归市局管", proposed=cast.committee.pk)
    life.do("clerk", "assign_matter", matter, unit=cast.committee.pk)
    with cast.everything():
        last = Routing.objects.order_by("-at", "-id")[0]
    assert (last.source, last.suggested_id, last.chosen_id) == (Source.NAMED, cast.committee.pk, cast.committee.pk)


@pytest.mark.fault(91)
def test_nobody_is_named_unless_somebody_chooses_whom(cast: Cast) -> None:
    life = Life(cast)
    matter = life.do("clerk", "assign_matter", suggested_to_bureau(life), unit=cast.bureau.pk)
    form = page(cast, "handler", reverse("matters:move", args=[matter.pk, "send_back"]))
    chosen = form[form.index('name="proposed"') : form.index("</select>", form.index('name="proposed"'))]
    assert "selected" not in chosen or '<option value="" selected' in chosen
    assert chosen.index('<option value=""') < chosen.index(f'<option value="{cast.office.pk}"')
    # a step of former years that names nobody: all of it is the reason
    with cast.everything():
        Step.objects.create(
            matter=matter, move="send_back", state="received", at=matter.received_at, by="x", text="不归我们"
        )
        Matter.objects.filter(pk=matter.pk).update(refusals=1)
        found = sent_back([Matter.objects.get(pk=matter.pk)])[matter.pk]
    assert (found.reason, found.named) == ("不归我们", "")


@pytest.mark.fault(95)
def test_reasons_are_those_of_the_step_that_brought_it_there(cast: Cast) -> None:
    life = Life(cast)
    matter = suggested_to_bureau(life)
    matter = life.do("clerk", "assign_matter", matter, unit=cast.bureau.pk)
    usual, address = "通常承办单位", reverse("matters:detail", args=[matter.pk])
    assert usual in page(cast, "clerk", address)
    matter = life.do("handler", "transfer_matter", matter, unit=cast.office.pk, reason="CANARY 属地更合适")
    shown = page(cast, "clerk", address)
    assert usual not in shown
    assert f"从{cast.bureau.name}" in shown
    assert str(Move.TRANSFER.done) in shown
    fields = sheet(life, matter)
    steps = [(step["what"], step["who"]) for step in fields["steps"]]
    assert (str(Move.TRANSFER.done), cast.office.name) in steps, "the sheet tells it"
    assert "CANARY" not in str(fields), "and not what was said between the offices"
    assert (Move.TRANSFER.value, "") in life.read_outside(matter), "the reporter reads where it went"


@pytest.mark.fault(95)
def test_every_step_stands_in_the_history_and_on_the_sheet(cast: Cast) -> None:
    life = Life(cast)
    matter = life.report()
    for who, verb, values in (
        ("clerk", "assign_matter", {"unit": cast.bureau.pk}),
        ("handler", "send_back_matter", {"reason": "不是", "proposed": cast.office.pk}),
        ("clerk", "assign_matter", {"unit": cast.office.pk}),
        ("clerk", "send_back_matter", {"reason": "不是", "proposed": cast.bureau.pk}),
        ("leader", "decide_matter", {"unit": cast.bureau.pk, "minutes": "现场会"}),
        ("handler", "accept_matter", {}),
        ("leader", "supervise_matter", {"order": "限期"}),
        ("handler", "ask_part", {"unit": cast.office.pk, "task": "核实"}),
        ("clerk", "reply_part", {"reply": "已核实"}),
        ("handler", "report_on_matter", {"text": "进展"}),
        ("leader", "release_matter", {"reason": "好了"}),
        ("handler", "finish_matter", {"reply": "已修好"}),
    ):
        matter = life.do(who, verb, matter, **values)
    told = [step["what"] for step in sheet(life, matter)["steps"]]
    shown = page(cast, "clerk", reverse("matters:detail", args=[matter.pk]))
    for move in (
        Move.RECEIVE, Move.ASSIGN, Move.SEND_BACK, Move.DECIDE, Move.ACCEPT, Move.SUPERVISE, Move.JOIN,
        Move.REPLY_PART, Move.REPORT, Move.RELEASE, Move.FINISH,
    ):  # fmt: skip
        assert str(move.done) in told, move
        assert f"<strong>{move.done}</strong>" in shown, move
    assert "现场会" not in str(told)
    answer = cast.client("handler").get(reverse("matters:sheet", args=[matter.pk, "docx"]))
    assert zipfile.is_zipfile(io.BytesIO(answer.content))


def test_what_was_sent_back_is_with_no_unit_wherever_it_is_shown(cast: Cast) -> None:
    life = Life(cast)
    matter = life.do("handler", "send_back_matter", life.accepted(), reason="不是我们的", proposed=cast.office.id)
    client, name = cast.client("clerk"), cast.bureau.name
    detail = client.get(reverse("matters:detail", args=[matter.pk])).content.decode()
    assert "还没有交办" in detail
    assert f"此前在{name}" in detail
    assert f"<dd>{name}" not in detail
    listed = client.get(reverse("matters:list")).content.decode()
    assert matter.number in listed
    assert f">{name}</td>" not in listed
    with cast.everything():
        matter.refresh_from_db()
        assert facts_of(matter)["unit"] == ""
        rows = queries.with_handlers(Matter.objects.filter(pk=matter.pk)).annotate(light=Value("grey"))
        assert name not in next(cells(rows, cast.actor("clerk")))
