"""An id is not enough: the same form with other words is refused with both texts, whichever form or call it is."""

from __future__ import annotations

import html
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

import minqing
from minqing.core.errors import SentBefore
from minqing.core.ids import new_id
from minqing.households import services as households
from minqing.households.models import Household, Resident, Tag, TagGrant
from minqing.journal.idempotency import digest_of
from minqing.journal.models import Event, Send
from minqing.listing.models import SavedFilter
from minqing.matters.forms import moves
from minqing.matters.models import Matter, Phrase, Step
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.reporting.forms import WordForm
from minqing.routing.models import Route, RouteCase
from minqing.routing.services import draft_routes
from minqing.visits.models import DiaryEntry, HouseholdAssignment
from minqing.web.forms import OnceForm, SeenMixin
from tests.api.conftest import Caller
from tests.architecture.of_rooms import brought
from tests.architecture.reasons import FINDS_CHANGES
from tests.architecture.test_seen import forms_below
from tests.cast import Cast
from tests.doorstep.conftest import make_door
from tests.matters.lives import Life

pytestmark = [pytest.mark.django_db, pytest.mark.fault(67)]

# services that take the id of a send and are not under ``sent_once``, and what they do about it instead
OTHERWISE = brought("OTHERWISE")


def services_with_an_id() -> Iterator[tuple[str, Any]]:
    for module in pkgutil.walk_packages(minqing.__path__, "minqing."):
        if ".services" not in module.name or module.name.startswith("minqing.demo"):
            continue
        found = importlib.import_module(module.name)
        for name, one in inspect.getmembers(found, inspect.isfunction):
            if one.__module__ != module.name:
                continue
            id = inspect.signature(one).parameters.get("id")
            if id is not None and id.kind is id.KEYWORD_ONLY and id.annotation in {"UUID", UUID}:
                yield f"{module.name}.{name}", one


def test_every_service_that_takes_the_id_of_a_send_looks_at_what_was_sent() -> None:
    found = dict(services_with_an_id())
    bare = {name for name, one in found.items() if not getattr(one, "sent_once", False)}
    assert bare - set(OTHERWISE) == set(), "put sent_once on it, or say above what it does instead"
    assert len(found) - len(bare) >= 35


@dataclass
class Sent:
    """One form at its own address, sent by ``who``; ``other`` is what was edited before it was sent again."""

    what: str
    who: str
    address: str
    first: dict[str, Any]
    other: dict[str, Any]
    # the words of the first time, and of the second
    kept: str
    typed: str
    count: Callable[[], int]


# where blank words are all right
WRONG: dict[str, dict[str, Any]] = {"word": {"solved": ""}, "tag": {"tag": "no-such"}}


def forms_of(cast: Cast) -> list[Sent]:
    home, life = cast.household(), Life(cast)
    with cast.everything():
        tag = Tag.objects.filter(retired=False, sensitive=False).order_by("code").first()
    assert tag is not None
    door = make_door(cast)
    matter, at_work, answered = cast.matter(), life.accepted(), life.finished()
    area = {"area": str(cast.own.pk)}
    person = {"name": "王新人", "relation": "other", "sex": "", "phone": "13800138000"}
    new = {"channel": "counter", "text": "路灯不亮，请修。", "reporter_name": ""} | area
    diary = {"matter_id": str(new_id()), "met": "at_home", "met_people": "张奶奶", "text": "屋顶漏雨。"}
    act = reverse("matters:move", args=[at_work.pk, "act"])
    note = reverse("matters:move", args=[matter.pk, "note"])
    part = {"units": str(cast.office.pk), "task": "核实地界"}

    with acting_as(clerk := cast.actor("clerk")):
        draft = draft_routes(id=new_id(), area=cast.town, by=clerk)
    unit = f"u:{cast.office.pk}:{cast.office.code}"
    rule = {"name": "路灯归办公室", "words": "路灯", "unit": unit, "stop": "on"}
    case = {"title": "路灯不亮了", "place": str(cast.own.pk), "channel": "counter", "unit": str(cast.office.pk)}

    def rows(model: Any, **wanted: Any) -> Callable[[], int]:
        return lambda: model._default_manager.filter(**wanted).count()

    def lists() -> int:
        with acting_as(cast.actor("clerk")):
            return SavedFilter.objects.count()

    return [
        Sent("household", "cadre", "/households/new/", {"number": "N-501", "address": "溪边1号"} | area,
             {"number": "N-502"}, "N-501", "N-502", rows(Household, number__startswith="N-50")),
        Sent("person", "cadre", f"/households/{home.pk}/people/new/", person, {"name": "李旁人", "phone": ""},
             "王新人", "李旁人", rows(Resident, household=home)),
        Sent("tag", "cadre", f"/households/{home.pk}/tags/", {"tag": tag.code, "reason": "独居老人", "source": "visit"},
             {"reason": "行动不便"}, "独居老人", "行动不便", rows(TagGrant, household=home)),
        Sent("matter", "clerk", reverse("matters:new"), new, {"text": "井盖丢失，很危险。"}, "路灯不亮", "井盖丢失",
             rows(Matter, text__in=["路灯不亮，请修。", "井盖丢失，很危险。"])),
        Sent("note", "clerk", note, {"text": "已电话联系"}, {"text": "明天现场看"}, "已电话联系", "明天现场看",
             rows(Step, matter=matter, move="note")),
        Sent("act", "handler", act, {"text": "已派人"}, {"text": "已到场"}, "已派人", "已到场",
             rows(Step, matter=at_work, move="act")),
        Sent("part", "handler", reverse("matters:move", args=[at_work.pk, "join"]), part, {"task": "另一件"},
             "核实地界", "另一件", rows(Step, matter=at_work, move="join")),
        Sent("diary", "cadre", f"/visits/new/{home.pk}/", diary, {"text": "一切都好。"}, "屋顶漏雨", "一切都好",
             rows(DiaryEntry, visit__household=home)),
        Sent("diary with a matter", "cadre", f"/visits/new/{cast.household().pk}/",
             diary | {"matter_id": str(new_id()), "needs_doing": "on", "matter_title": "修屋顶"},
             {"matter_title": "通自来水"}, "修屋顶", "通自来水",
             rows(Matter, title__in=["修屋顶", "通自来水"])),
        Sent("phrase", "handler", "/matters/phrases/", {"whose": f"u{cast.bureau.pk}", "title": "问候", "text": "您好"},
             {"text": "已收到"}, "您好", "已收到", rows(Phrase)),
        Sent("list", "clerk", reverse("listing:keep"), {"list": "matters", "name": "我的", "query": "state=open"},
             {"name": "别的"}, "", "别的", lists),
        Sent("report at the door", "", f"{door.url}/report", door.typed(), {"text": "水管也破了，在漏水。"}, "路灯坏了",
             "水管也破了", rows(Matter, text__in=["村口的路灯坏了三天，晚上看不见。", "水管也破了，在漏水。"])),
        Sent("rule", "clerk", f"/matters/routes/{draft.pk}/rules/new/", rule, {"name": "桥梁归办公室", "words": "桥"},
             "路灯归办公室", "桥梁归办公室", rows(Route, set=draft)),
        Sent("case", "clerk", f"/matters/routes/{draft.pk}/cases/new/", case, {"title": "桥面坏了"}, "路灯不亮了",
             "桥面坏了", rows(RouteCase, set=draft)),
        Sent("care", "village_secretary", f"/visits/care/?area={cast.own.pk}",
             {"account": str(cast.account("cadre").pk), "every_days": "90", "pick": [str(home.pk)]},
             {"every_days": "30"}, "", "30", rows(HouseholdAssignment, household=home)),
        Sent("word", "cadre", reverse("matters:move", args=[answered.pk, "confirm"]), {"solved": "yes", "text": "很好"},
             {"text": "一般"}, "很好", "一般", rows(Step, matter=answered, move="confirm")),
    ]  # fmt: skip


# forms with an id that are not sent above: the service that takes it, which looks at what was sent
BY_SERVICE = brought("BY_SERVICE")


def forms_with_an_id() -> set[type]:
    """Those that are sent themselves: not what others are made of."""
    list(services_with_an_id())
    for module in pkgutil.walk_packages(minqing.__path__, "minqing."):
        if "form" in module.name:
            importlib.import_module(module.name)
    found = {one for one in forms_below(OnceForm) if one.__module__.startswith("minqing.")}
    return {one for one in found if not any(other is not one and one in other.__mro__ for other in found)} | {WordForm}


def sends_or_names_every_form(sent: set[type]) -> None:
    """Each form with an id was ``sent``, or the service that takes its id looks at what was sent."""
    services = dict(services_with_an_id())
    for form, name in BY_SERVICE.items():
        if name == FINDS_CHANGES:
            module, _dot, kind = form.rpartition(".")
            assert issubclass(getattr(importlib.import_module(f"minqing.{module}"), kind), SeenMixin), form
            continue
        assert getattr(services[f"minqing.{name}"], "sent_once", False) or f"minqing.{name}" in OTHERWISE, name
    # the moves of a matter are all sent in the same way, by one form's save
    missing = {
        f"{one.__module__}.{one.__name__}".removeprefix("minqing.")
        for one in forms_with_an_id() - sent
        if not issubclass(one, moves.MoveForm)
    }
    assert missing == set(BY_SERVICE), "send it above, or name its service"


@pytest.fixture
def sent_forms(monkeypatch: pytest.MonkeyPatch) -> set[type]:
    """The forms that are read in this test."""
    sent: set[type] = set()
    plain = OnceForm.full_clean

    def noted(form: Any) -> None:
        sent.add(type(form))
        plain(form)

    monkeypatch.setattr(OnceForm, "full_clean", noted)
    return sent


def hidden(page: str) -> dict[str, list[str]]:
    """The fields of the form on the page with both texts, as a browser sends them."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return found


def side_by_side(answer: Any) -> bool:
    """Whether all that is kept of the first time stands beside the field of the form in which it was typed.

    What became of it is told as well and is no field: what was done, and the number of the matter.
    """
    kept = [one for one in answer.context["kept"] if str(one.label) not in {"已完成", "已有记录", "编号"}]
    pairs = {one.label: one for one in answer.context["pairs"]}
    return all(str(one.label) in pairs and pairs[str(one.label)].typed is not None for one in kept)


def test_each_form_sent_again_with_other_words_shows_both_and_is_sent_as_new(cast: Cast, sent_forms: set[type]) -> None:
    from django.test import Client

    for sent in forms_of(cast):
        client = cast.client(sent.who) if sent.who else Client()
        first = sent.first | {"request_id": str(new_id())}
        for _time in range(2):
            assert client.post(sent.address, first).status_code == 302, sent.what
        with cast.everything():
            stands = sent.count()
            written = Event.objects.count()
        answer = client.post(sent.address, first | sent.other)
        page = html.unescape(answer.content.decode())
        assert answer.status_code == 409, sent.what
        assert sent.kept in page, sent.what
        assert sent.typed in page, sent.what
        assert side_by_side(answer), sent.what
        with cast.everything():
            assert (sent.count(), Event.objects.count()) == (stands, written), sent.what
        fields = hidden(answer.content.decode())
        assert fields["request_id"] != [first["request_id"]], sent.what
        if sent.what in {"tag", "part", "word", "care"}:
            # as new it meets the rule that there is one of it; what matters is that it was not dropped without a word
            assert client.post(sent.address, fields).status_code in {302, 403, 409, 422}, sent.what
            continue
        assert client.post(sent.address, fields).status_code == 302, sent.what
        with cast.everything():
            assert sent.count() == stands + 1, sent.what
    sends_or_names_every_form(sent_forms)


def test_a_form_that_was_refused_is_no_first_time_for_the_one_that_is_right(cast: Cast) -> None:
    """What was corrected on the page that came back has the same id, and other words."""
    from django.test import Client

    for sent in forms_of(cast):
        client = cast.client(sent.who) if sent.who else Client()
        first = sent.first | {"request_id": str(new_id())}
        wrong = WRONG.get(sent.what) or dict.fromkeys(sent.other, "")
        assert client.post(sent.address, first | wrong).status_code == 422, sent.what
        assert client.post(sent.address, first).status_code == 302, sent.what


def test_a_call_that_was_refused_is_no_first_time_for_the_one_that_is_right(cast: Cast) -> None:
    caller, id = Caller(cast), str(new_id())
    assert caller.report(id=id, area="NOWHERE").status_code == 409
    assert caller.report(id=id).status_code == 201
    matter, move = Life(cast).accepted(), str(new_id())
    # it does not wait
    assert caller.move(matter.pk, "resume", id=move, text="一").status_code in {403, 409, 422}
    assert caller.move(matter.pk, "note", id=move, text="一").status_code == 200


def test_a_person_who_was_added_is_never_written_over(cast: Cast) -> None:
    home = cast.household()
    address, id = f"/households/{home.pk}/people/new/", str(new_id())
    first = {"request_id": id, "name": "王一", "relation": "other", "sex": "", "phone": "13800138000"}
    client = cast.client("cadre")
    assert client.post(address, first).status_code == 302
    assert client.post(address, first | {"name": "王二", "phone": ""}).status_code == 409
    with cast.everything():
        one = Resident.objects.get(household=home)
        assert (one.name, one.phone) == ("王一", "13800138000")


def test_htmx_is_answered_with_the_same_two_texts(cast: Cast) -> None:
    matter, client = cast.matter(), cast.client("clerk")
    address, id = reverse("matters:move", args=[matter.pk, "note"]), str(new_id())
    assert client.post(address, {"request_id": id, "text": "第一遍"}).status_code == 302
    answer = client.post(address, {"request_id": id, "text": "第二遍"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#alerts")
    assert "第一遍" in page
    assert "第二遍" in page
    assert "<form" in page


def test_an_id_of_somebody_else_tells_nothing_of_what_was_sent_with_it(cast: Cast) -> None:
    matter, id = cast.matter(), str(new_id())
    address = reverse("matters:move", args=[matter.pk, "note"])
    assert cast.client("clerk").post(address, {"request_id": id, "text": "内部秘密"}).status_code == 302
    answer = cast.client("village_secretary").post(address, {"request_id": id, "text": "别的"})
    assert answer.status_code == 409
    assert "内部秘密" not in answer.content.decode()


def test_the_api_answers_409_and_keeps_the_first(cast: Cast) -> None:
    caller, id = Caller(cast), str(new_id())
    assert [caller.report(id=id).status_code for _n in range(2)] == [201, 200]
    for other in ({"text": "别的事"}, {"place": "桥头"}, {"reporter": {"name": "张三"}}, {"confidential": True}):
        answer = caller.report(id=id, **other)
        assert (answer.status_code, answer.json()["code"]) == (409, "request_used"), other
        assert "路灯" not in answer.content.decode()
    matter = Life(cast).accepted()
    move = str(new_id())
    assert [caller.move(matter.pk, "note", id=move, text="一").status_code for _n in range(2)] == [200, 200]
    assert caller.move(matter.pk, "note", id=move, text="二").status_code == 409
    assert caller.move(matter.pk, "act", id=move, text="一").status_code == 409
    with cast.everything():
        assert list(Step.objects.filter(matter=matter, move="note").values_list("text", flat=True)) == ["一"]


def test_the_digest_is_of_the_content_and_tells_nothing_of_it(cast: Cast, settings: Any) -> None:
    by = cast.actor("clerk")
    home = cast.household()
    given = {"id": new_id(), "household_id": home.pk, "name": "王一", "by": by}
    with acting_as(by):
        one = households.add_resident(**given)
        # line ends, blanks at the ends and the way a browser writes an umlaut are no other content
        assert households.add_resident(**given | {"name": " 王一\r\n"}).pk == one.pk
        with pytest.raises(SentBefore):
            households.add_resident(**given | {"phone": "13800138000"})
    kept = bytes(Send.objects.get(pk=given["id"]).digest)
    content = {"text": "王一"}
    mine, theirs = (digest_of("x", content, by=one) for one in (by, system_actor("test")))
    assert len({kept, mine, theirs}) == 3
    settings.FIELD_KEYS = settings.FIELD_KEYS | {"index_key": "11" * 32}
    assert digest_of("x", content, by=by) != mine, "without the key nobody tries words until one fits"
