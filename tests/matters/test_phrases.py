"""Canned replies, and the operator's norms."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minqing.core import clock
from minqing.core.errors import Invalid, NotFound, Refused
from minqing.core.ids import new_id
from minqing.deadlines import Target
from minqing.deadlines import services as deadlines
from minqing.deadlines.models import Norm
from minqing.journal.models import Event
from minqing.matters import services
from minqing.matters.enums import ClockKind, Mechanism, State
from minqing.matters.forms.phrases import PhraseForm
from minqing.matters.models import Clock, Matter, Phrase
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.rules.phrases import PLACEHOLDERS, filled, unknown_in
from minqing.privacy.access import acting_as
from minqing.web.templatetags.mq import day_text
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def phrase(cast: Cast, who: str = "handler", **values: Any) -> Phrase:
    actor = cast.actor(who)
    given: dict[str, Any] = {
        "id": new_id(),
        "title": "已受理",
        "text": "{number} 由{unit}办理。",
        "unit": cast.bureau.pk,
    }
    with acting_as(actor):
        return services.save_phrase(by=actor, **given | values)


def test_placeholders_are_filled_once_and_braces_in_a_value_stay() -> None:
    assert filled("{number} {unit} {other}", {"number": "{unit}", "unit": "局"}) == "{unit} 局 {other}"
    assert unknown_in("{number} {name} {}") == ["name", ""]
    # as it is written in Chinese
    assert unknown_in("{编号}{单位}{地点}{期限}{电话}") == ["电话"]
    assert filled("{编号} 由{单位}办理", {"number": "MQ-1", "unit": "水务站"}) == "MQ-1 由水务站办理"


def test_a_unit_writes_for_itself_and_a_clerk_for_everyone_in_the_place(cast: Cast) -> None:
    phrase(cast)
    phrase(cast, "clerk", unit=None, area=cast.town.pk, title="全镇")
    for who, values in (
        ("handler", {"unit": cast.office.pk}),
        ("handler", {"unit": None, "area": cast.town.pk}),
        ("cadre", {"unit": cast.committee.pk}),
        ("clerk", {"unit": None, "area": cast.far.pk}),
    ):
        with pytest.raises(Refused):
            phrase(cast, who, **values)
    for wrong in ({"text": " "}, {"title": ""}, {"text": "{name}"}, {"unit": None}, {"area": cast.town.pk}):
        with pytest.raises(Invalid):
            phrase(cast, **wrong)
    assert Event.objects.filter(type="matters.phrase.saved").count() == 2


@pytest.mark.fault(73)
def test_what_is_too_long_is_refused_by_the_services_as_by_their_forms_and_never_cut(cast: Cast) -> None:
    for name in ("title", "text"):
        longest = PhraseForm.base_fields[name].max_length  # type: ignore[attr-defined]
        assert getattr(phrase(cast, **{name: "字" * longest}), name) == "字" * longest
        with pytest.raises(Invalid):
            phrase(cast, **{name: "字" * (longest + 1)})


def test_sent_twice_it_is_written_once_and_changed_in_its_place(cast: Cast) -> None:
    one = phrase(cast)
    phrase(cast, id=one.pk)
    assert phrase(cast, id=one.pk, text="新的").text == "新的"
    assert Phrase.objects.count() == 1
    assert Event.objects.filter(type="matters.phrase.saved").count() == 2
    with pytest.raises(Refused):
        phrase(cast, "clerk", id=one.pk, unit=cast.office.pk)


@pytest.mark.parametrize("number", [1, 3])
def test_on_a_matter_they_stand_filled_in(cast: Cast, number: int) -> None:
    for n in range(number):
        phrase(cast, title=f"答复{n}")
        phrase(cast, "clerk", unit=None, area=cast.town.pk, title=f"全镇{n}", text="{area}")
        phrase(cast, "far_clerk", unit=None, area=cast.other_town.pk, title="外镇")
    one = cast.matter(lead_unit=cast.bureau, state=State.ACCEPTED)
    client = cast.client("handler")
    address = reverse("matters:phrases_here", args=[one.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        page = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert len(seen) == 8, [query["sql"][:90] for query in seen]
    assert page.count("data-insert=") == 2 * number
    assert f'data-insert="{one.number} 由市交通运输局办理。"' in page
    assert 'data-insert="棠溪村"' in page
    assert "外镇" not in page
    assert address in client.get(reverse("matters:detail", args=[one.pk])).content.decode()


def test_the_page_of_phrases_writes_changes_and_deletes(cast: Cast) -> None:
    client = cast.client("handler")
    sent = {"request_id": str(new_id()), "whose": f"u{cast.bureau.pk}", "title": "问候", "text": "您好"}
    assert client.post("/matters/phrases/", sent).status_code == 302
    assert client.post("/matters/phrases/", sent | {"whose": f"a{cast.town.pk}"}).status_code == 422
    answer = client.post("/matters/phrases/", sent | {"request_id": str(new_id()), "text": "{name}"})
    assert answer.status_code == 422
    assert "{name}" in answer.content.decode()
    one = Phrase.objects.get()
    assert "您好" in client.get(f"/matters/phrases/{one.pk}/").content.decode()
    assert cast.client("clerk").post(f"/matters/phrases/{one.pk}/drop/").status_code == 404
    assert client.post(f"/matters/phrases/{one.pk}/drop/").status_code == 302
    assert not Phrase.objects.exists()


def test_what_runs_keeps_its_term_and_what_begins_gets_the_new_one(cast: Cast) -> None:
    clerk = cast.actor("clerk")

    def assign() -> str:
        one = cast.matter()
        with acting_as(clerk):
            services.assign_matter(id=new_id(), matter=one, unit=cast.bureau.pk, by=clerk)
        with cast.everything():
            return Clock.objects.get(matter=one, kind=ClockKind.FINISH.value).target

    assert assign() == "5d"
    operator = cast.client("operator")
    row = Norm.objects.get(room="matters", way="immediate", kind="finish")
    for _twice in range(2):
        answer = operator.post("/matters/norms/", {"norm": row.pk, "amount": "60", "unit": "nd"})
        assert answer.status_code == 302
    assert assign() == "60nd"
    with cast.everything():
        assert sorted(Clock.objects.filter(kind="finish").values_list("target", flat=True)) == ["5d", "60nd"]
        assert Matter.objects.count() == 2
    assert Norm.objects.get(pk=row.pk).changed
    event = Event.objects.get(type="deadlines.norm.changed")
    assert event.data == {"room": "matters", "way": "immediate", "kind": "finish", "target": "60nd", "former": "5d"}


def test_a_norm_that_cannot_be_is_refused_with_a_sentence(cast: Cast) -> None:
    row = Norm.objects.get(room="matters", way="immediate", kind="accept")
    client = cast.client("operator")
    for values in ({"amount": "0", "unit": "h"}, {"amount": "9999", "unit": "d"}, {"amount": "x", "unit": "d"},
                   {"amount": "5", "unit": "years"}):  # fmt: skip
        assert client.post("/matters/norms/", {"norm": row.pk} | values).status_code == 422, values
    assert client.post("/matters/norms/", {"norm": "x", "amount": "5", "unit": "d"}).status_code == 404
    assert Norm.objects.get(pk=row.pk).target == "4h"
    with pytest.raises(Refused):
        deadlines.set_norm(
            book=CLOCKS, way=Mechanism.JOINT, kind=ClockKind.FINISH, target=Target(days=3), by=cast.actor("clerk")
        )
    with pytest.raises(NotFound):
        deadlines.set_norm(
            book=CLOCKS, way=Mechanism.JOINT, kind=ClockKind.LEGAL, target=Target(days=3), by=cast.actor("operator")
        )


@pytest.mark.fault(89)
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_what_a_canned_reply_puts_into_a_text_is_text(cast: Cast, language: str) -> None:
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        text = "；".join(f"{{{name}}}" for name in PLACEHOLDERS)
        services.save_phrase(id=new_id(), title="全部", text=text, unit=cast.office.pk, by=clerk)
    matter = cast.matter(state="assigned", lead_unit=cast.office, due_at=clock.now())
    client = cast.client("clerk")
    client.cookies["django_language"] = language
    shown = client.get(f"/matters/{matter.pk}/phrases/", headers={"HX-Request": "true"}).content.decode()
    inserted = html.unescape(re.findall(r'data-insert="([^"]*)"', shown)[0])
    assert "<" not in inserted
    assert matter.number in inserted
    assert day_text(matter.due_at)[:1] in inserted
    assert inserted.count("；") == len(PLACEHOLDERS) - 1


@pytest.mark.fault(67)
def test_a_reply_sent_again_does_not_undo_what_was_changed_since(cast: Cast) -> None:
    by, id = cast.actor("handler"), new_id()
    given = {"id": id, "title": "问候", "text": "您好", "unit": cast.bureau.pk}
    with acting_as(by):
        services.add_phrase(**given, by=by)
        services.save_phrase(**given | {"text": "您好，已收到"}, by=by)
        assert services.add_phrase(**given, by=by).text == "您好，已收到"
