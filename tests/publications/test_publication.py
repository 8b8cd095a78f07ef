"""What reaches the public: rewritten, reviewed by another person, and never the original."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import DomainError, Invalid, NotFound, Refused
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters.enums import State
from minqing.matters.models import Category, Confirmation, Matter, Reporter, Step
from minqing.org.models import Area
from minqing.privacy import withholding
from minqing.privacy.access import acting_as
from minqing.privacy.periods import Quarter
from minqing.privacy.subjects import Person
from minqing.publications import rules, services, tasks
from minqing.publications.enums import Act, Stage
from minqing.publications.lifecycle import PUBLICATION
from minqing.publications.models import Publication, QuarterFigures
from minqing.publications.queries.drafts import objections, publishable, to_prepare
from minqing.publications.queries.opened import Wanted, published, table_of
from minqing.publications.queries.quarters import figures_of
from tests.architecture.test_sent_once import side_by_side
from tests.cast import Cast, at, category, person

pytestmark = pytest.mark.django_db
TEXTS = {"title": "村口路灯修好了", "question": "一处路灯不亮。", "answer": "换了新灯。"}


@pytest.fixture
def pair(cast: Cast) -> Cast:
    """A second clerk in the same office: nobody reviews their own text."""
    from minqing.org.enums import Role

    person(cast, "second_clerk", Role.CLERK, cast.office, cast.town, "何敏")
    return cast


def solved(cast: Cast, area: Area | None = None, **values: Any) -> Matter:
    """A matter that its reporter called solved, with everything in it that must not get out."""
    now = clock.now()
    made = cast.matter(
        area,
        **{
            "title": "CANARY-TITLE 何大妈家门口", "text": "CANARY-TEXT 我叫何桂香，电话13800138000，住溪边路3号",
            "place": "CANARY-PLACE", "state": State.CONFIRMED, "lead_unit": cast.office, "finished_at": now,
            "closed_at": now, "category": category("building.municipal"),
        } | values,
    )  # fmt: skip
    with cast.everything():
        Reporter.objects.create(matter=made, name="何桂香", phone="13800138000")
        Step.objects.create(matter=made, move="finish", state="finished", at=now, by="system:test", by_name="吴志强",
                            unit=cast.office, text="CANARY-REPLY 已联系何桂香，吴志强换了灯。")  # fmt: skip
        Confirmation.objects.create(matter=made, solved=True, at=now, by="resident:anonymous", text="CANARY-WORD")
    return made


def act(cast: Cast, role: str, verb: str, **values: Any) -> Publication:
    actor = cast.actor(role)
    with transaction.atomic(), acting_as(actor):
        return getattr(services, verb)(by=actor, **values)


def prepare(cast: Cast, matter: Matter, role: str = "clerk", **values: Any) -> Publication:
    return act(cast, role, "prepare_publication", **{"id": new_id(), "matter": matter} | TEXTS | values)


def shown(cast: Cast, matter: Matter) -> Publication:
    one = prepare(cast, matter)
    one = act(cast, "second_clerk", "review_publication", publication=one, version=one.version)
    return act(cast, "clerk", "publish", publication=one, version=one.version)


def code(call: Any) -> str:
    with pytest.raises(DomainError) as refused:
        call()
    assert str(refused.value.sentence)
    return refused.value.code


def test_four_eyes_then_everybody_may_read_it(pair: Cast) -> None:
    matter = solved(pair)
    one = prepare(pair, matter)
    assert (one.state, one.area_id, one.category_id) == (Stage.DRAFT, pair.town.id, "building.municipal")
    assert code(lambda: act(pair, "clerk", "publish", publication=one, version=1)) == "wrong_stage"
    assert code(lambda: act(pair, "clerk", "review_publication", publication=one, version=1)) == "same_person"
    assert list(published(Wanted())) == []
    one = act(pair, "second_clerk", "review_publication", publication=one, version=1)
    assert list(published(Wanted())) == []
    one = act(pair, "clerk", "publish", publication=one, version=1)
    # nobody is signed in here, and the row is seen; the matter is not
    assert [row.title for row in published(Wanted())] == [TEXTS["title"]]
    assert not Matter.objects.exists()
    one = act(pair, "leader", "withdraw_publication", publication=one)
    assert (one.state, one.published_at, list(published(Wanted()))) == (Stage.WITHDRAWN, None, [])
    types = list(Event.objects.filter(subject=f"matter:{matter.pk}").order_by("seq").values_list("type", flat=True))
    assert types == [f"publications.publication.{done}" for done in ("prepared", "reviewed", "published", "withdrawn")]
    told = str(list(Event.objects.values_list("data", flat=True)))
    assert not any(text in told for text in TEXTS.values())


def test_sent_twice_it_is_done_once(pair: Cast) -> None:
    matter = solved(pair)
    first, again = prepare(pair, matter), prepare(pair, matter)
    assert (first.pk, again.version) == (again.pk, 1)
    for _twice in range(2):
        act(pair, "second_clerk", "review_publication", publication=first, version=1)
    for _twice in range(2):
        act(pair, "clerk", "publish", publication=first, version=1)
    for _twice in range(2):
        act(pair, "clerk", "withdraw_publication", publication=first)
    assert Event.objects.filter(type__startswith="publications.publication").count() == 4


@pytest.mark.fault(67)
def test_a_draft_that_is_sent_again_with_other_words_is_shown_beside_them(pair: Cast) -> None:
    matter, client = solved(pair), pair.client("clerk")
    address, sent = reverse("publications:text", args=[matter.pk]), TEXTS | {"request_id": str(new_id())}
    assert client.post(address, sent).status_code == 302
    answer = client.post(address, sent | {"title": "另一个标题"})
    assert answer.status_code == 409
    assert side_by_side(answer)
    assert [(one.kept, one.typed) for one in answer.context["pairs"] if one.differs] == [(TEXTS["title"], "另一个标题")]


def test_a_draft_that_is_sent_again_does_not_undo_its_review(pair: Cast) -> None:
    matter, id = solved(pair), new_id()
    one = prepare(pair, matter, id=id)
    act(pair, "second_clerk", "review_publication", publication=one, version=1)
    again = prepare(pair, matter, id=id)
    assert (again.pk, again.state, again.version) == (one.pk, Stage.REVIEWED, 1)


def test_a_text_that_changed_is_reviewed_anew_and_an_old_page_reviews_nothing(pair: Cast) -> None:
    matter = solved(pair)
    one = prepare(pair, matter)
    act(pair, "second_clerk", "review_publication", publication=one, version=1)
    changed = prepare(pair, matter, answer="换了两盏新灯。")
    assert (changed.state, changed.version, changed.reviewed_by) == (Stage.DRAFT, 2, None)
    old = code(lambda: act(pair, "second_clerk", "review_publication", publication=one, version=1))
    assert old == "changed"
    # who changes it last has written it
    prepare(pair, matter, role="second_clerk", answer="换了灯。")
    assert code(lambda: act(pair, "second_clerk", "review_publication", publication=one, version=3)) == "same_person"
    assert act(pair, "clerk", "review_publication", publication=one, version=3).state == Stage.REVIEWED


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"state": State.FINISHED, "closed_at": None}, "not_solved"),
        ({"category": None}, "not_sorted"),
        ({"category": "health.dispute"}, "sensitive"),
        ({"category": "rural.neighbours"}, "sensitive"),
    ],
)
def test_what_is_not_solved_or_sensitive_is_not_published(pair: Cast, values: dict[str, Any], reason: str) -> None:
    if isinstance(values.get("category"), str):
        values = {"category": Category.objects.get(code=values["category"])}
    matter = solved(pair, **values)
    assert code(lambda: prepare(pair, matter)) == reason
    page = pair.client("clerk").get(reverse("publications:text", args=[matter.pk]))
    assert page.status_code == 200
    assert 'name="answer"' not in page.content.decode()


def test_what_was_opened_again_after_the_draft_is_not_published(pair: Cast) -> None:
    matter = solved(pair)
    one = prepare(pair, matter)
    act(pair, "second_clerk", "review_publication", publication=one, version=1)
    with pair.everything():
        Confirmation.objects.create(matter=matter, solved=False, at=clock.now() + timedelta(1), by="resident:anonymous")
    assert code(lambda: act(pair, "clerk", "publish", publication=one, version=1)) == "not_solved"


def test_an_objection_stops_it_in_the_rule_and_in_the_database(pair: Cast) -> None:
    matter = solved(pair)
    one = prepare(pair, matter, objection=True)
    assert code(lambda: act(pair, "second_clerk", "review_publication", publication=one, version=1)) == "objection"
    reviewer = pair.account("second_clerk")
    for values in (
        {"state": "reviewed", "reviewed_by": reviewer},
        {"state": "reviewed", "reviewed_by": None, "objection": False},
        {"state": "reviewed", "reviewed_by": pair.account("clerk"), "objection": False},
        {"state": "published", "reviewed_by": reviewer, "objection": False},
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), pair.everything():
            Publication.objects.filter(pk=one.pk).update(**values)


@pytest.mark.parametrize(
    "text",
    ["联系何桂香", "何 桂 香家", "电话138 0013 8000", "微信号heguixiang8", "身份证330683198001011234", "问吴志强"],
)
def test_what_is_known_of_a_person_is_found_before_it_is_published(pair: Cast, text: str) -> None:
    one = prepare(pair, solved(pair), answer=f"{text}，换了灯。")
    assert code(lambda: act(pair, "second_clerk", "review_publication", publication=one, version=1)) == "still_personal"


def test_names_of_the_household_are_known_too(pair: Cast) -> None:
    home = pair.household()
    pair.resident(home, "何小龙", phone="13912345678")
    matter = solved(pair, household=home)
    one = prepare(pair, matter, question="何小龙说灯不亮。")
    assert code(lambda: act(pair, "second_clerk", "review_publication", publication=one, version=1)) == "still_personal"


def test_the_draft_begins_with_the_original_covered(pair: Cast) -> None:
    matter = solved(pair)
    page = pair.client("clerk").get(reverse("publications:text", args=[matter.pk])).content.decode()
    form = page[page.index('name="title"') :]
    assert "某某" in form
    assert "【电话】" in form
    assert not any(word in form for word in ("何桂香", "13800138000", "吴志强", "3号"))


def test_only_editors_of_the_place_may(pair: Cast) -> None:
    matter = solved(pair)
    for role in ("far_clerk", "handler", "cadre", "village_secretary", "analyst"):
        with pytest.raises((Refused, NotFound)):
            prepare(pair, matter, role=role)
    with pytest.raises(Refused), transaction.atomic(), pair.everything() as system:
        services.prepare_publication(id=new_id(), matter=matter, by=system, **TEXTS)
    assert prepare(pair, matter, role="leader").prepared_by_id == pair.account("leader").id


def test_each_act_at_each_stage_by_each_actor_is_decided_by_the_tables() -> None:
    writer, other = new_id(), new_id()

    def actor(id: Any, role: str, areas: set[int]) -> Actor:
        return Actor(id=id, kind="user", name="", roles=frozenset({role}), areas=frozenset(areas))

    people = [actor(id, role, areas) for id in (writer, other) for role in ("clerk", "leader", "handler")
              for areas in ({1}, {2})]  # fmt: skip
    for stage, what, who, objection in itertools.product([None, *Stage], Act, people, (False, True)):
        decision = rules.may(what, who, stage=stage, area_id=1, prepared_by=writer, objection=objection)
        wanted = (
            PUBLICATION.target(stage, what) is not None
            and 1 in who.areas
            and who.has("clerk", "leader")
            and not (objection and what in {Act.REVIEW, Act.PUBLISH})
            and not (what is Act.REVIEW and who.id == writer)
        )
        assert bool(decision) is wanted
        assert decision or decision.reason


def test_the_pages_carry_it_from_draft_to_the_public(pair: Cast) -> None:
    matter = solved(pair)
    first, second = pair.client("clerk"), pair.client("second_clerk")
    page, press = (reverse(f"publications:{name}", args=[matter.pk]) for name in ("text", "act"))
    assert matter.title in first.get("/matters/publications/").content.decode()
    assert first.post(page, {"request_id": str(new_id())} | TEXTS | {"answer": ""}).status_code == 422
    assert first.post(page, {"request_id": str(new_id())} | TEXTS).status_code == 302
    assert first.post(press, {"act": "review", "version": 1}).status_code == 403
    assert second.post(press, {"act": "review", "version": 9}).status_code == 409
    assert second.post(press, {"act": "review", "version": 1}).status_code == 302
    assert second.post(press, {"act": "nothing", "version": 1}).status_code == 422
    # what is reviewed waits for no other person any more, and says so to who wrote it
    waiting = first.get("/matters/publications/").content.decode()
    assert "只等公布" in waiting
    assert "须由另一人审核" not in waiting
    assert first.post(press, {"act": "publish", "version": 1}).status_code == 302
    assert TEXTS["title"] in first.get("/matters/publications/").content.decode()
    assert pair.client("far_clerk").get(page).status_code == 404
    assert TEXTS["title"] not in pair.client("far_clerk").get("/matters/publications/").content.decode()


def spread(cast: Cast, day: str) -> None:
    """Matters of one quarter: 12 in one township, 3 in the other, two kinds."""
    for area, number, kind in ((cast.own, 12, "road"), (cast.other, 14, "building.municipal"), (cast.far, 3, "road")):
        for _n in range(number):
            cast.matter(area, category=category(kind), received_at=at(day))


def test_figures_of_a_quarter_are_counted_with_small_ones_withheld(cast: Cast) -> None:
    spread(cast, "2026-05-05 10:00")
    spread(cast, "2026-07-01 00:00")
    with cast.everything():
        table = figures_of(Quarter(2026, 2))
    cells = {tuple(cell[:3]): cell[3] for cell in table["cells"]}
    assert cells["", "", ""] == 29
    assert cells[str(cast.far.parent_id), "", ""] is None
    assert cells[str(cast.town.id), "", ""] is None, "29 less 26 would tell the 3"
    assert not [count for count in cells.values() if count and count < 10]
    assert str(cast.own.id) not in {key[0] for key in cells}, "no village stands there"
    # a kind of which all is withheld has no row of dashes, it is named in one sentence
    table["cells"] = [[*cell[:3], None if cell[1] == "transport" else cell[3]] for cell in table["cells"]]
    shown = table_of(QuarterFigures(year=2026, quarter=2, threshold=10, table=table, made_at=at("2026-07-02 09:00")))
    assert (shown.columns, shown.unsaid) == (["城乡建设"], ["交通运输"])
    assert 0 not in [one.received for one in shown.places]


def test_a_quarter_is_published_by_a_leader_of_the_whole_when_it_is_over_and_stays(cast: Cast) -> None:
    spread(cast, "2026-05-05 10:00")
    quarter = Quarter(2026, 2)
    assert code(lambda: act(cast, "clerk", "publish_figures", quarter=quarter)) == "not_leader"
    last = at("2026-06-30 23:59")
    assert code(lambda: act(cast, "leader", "publish_figures", quarter=quarter, at=last)) == "not_over"
    first = act(cast, "leader", "publish_figures", quarter=quarter, at=at("2026-07-01 00:00"))
    spread(cast, "2026-06-06 10:00")
    again = act(cast, "leader", "publish_figures", quarter=quarter, at=at("2026-08-01 00:00"))
    assert (again.pk, again.table) == (first.pk, first.table)
    assert Event.objects.filter(type="publications.figures.published").count() == 1
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        QuarterFigures.objects.update(threshold=1)


def test_neither_what_was_told_in_confidence_nor_what_its_reporter_objects_to_is_published(pair: Cast) -> None:
    plain, secret = solved(pair), solved(pair, confidential=True)
    kept = solved(pair, objection=True)
    assert code(lambda: prepare(pair, secret)) == "confidential"
    assert code(lambda: prepare(pair, kept)) == "objection"
    with acting_as(pair.actor("clerk")) as clerk:
        assert [one.pk for one in to_prepare(clerk)] == [plain.pk]
        assert objections(clerk) == 1
    client = pair.client("clerk")
    listed = client.get(reverse("publications:list")).content.decode()
    assert str(plain.pk) in listed
    assert str(secret.pk) not in listed
    assert str(kept.pk) not in listed
    for one in (secret, kept):
        page = client.get(reverse("publications:text", args=[one.pk]))
        assert 'name="answer"' not in page.content.decode()
        assert (
            client.post(reverse("publications:text", args=[one.pk]), TEXTS | {"request_id": new_id()}).status_code
            == 422
        )


def test_a_draft_of_what_became_confidential_goes_no_further(pair: Cast) -> None:
    matter = solved(pair)
    one = prepare(pair, matter)
    with pair.everything():
        Matter.objects.filter(pk=matter.pk).update(confidential=True)
    refused = code(lambda: act(pair, "second_clerk", "review_publication", publication=one, version=1))
    assert refused == "confidential"


def test_the_list_of_what_may_be_published_and_the_rule_agree(pair: Cast) -> None:
    matters = [
        solved(pair, **values)
        for values in (
            {}, {"confidential": True}, {"objection": True}, {"confidential": True, "objection": True},
            {"category": None}, {"category": Category.objects.get(code="health.dispute")},
            {"state": State.FINISHED, "closed_at": None},
        )
    ]  # fmt: skip
    with acting_as(pair.actor("clerk")) as clerk:
        listed = set(to_prepare(clerk).values_list("pk", flat=True))
        assert listed == {one.pk for one in matters if publishable(one)}
        assert len(listed) == 1


@pytest.fixture
def quarter(cast: Cast) -> Quarter:
    """The last one that is over, with matters in it."""
    found = Quarter.of(clock.today()).former
    spread(cast, f"{found.first} 10:00")
    return found


def wall_of(cast: Cast, *, part: bool = False) -> str:
    if part:
        return (
            cast.client("leader").get("/matters/wall/figures/state/", headers={"HX-Request": "true"}).content.decode()
        )
    return cast.client("leader").get("/matters/wall/").content.decode()


def test_figures_are_made_by_a_job_while_the_page_says_so(cast: Cast, quarter: Quarter) -> None:
    client, asked = cast.client("leader"), {"quarter": quarter.code}
    # what cannot be taken back is named before it is done
    assert (
        f'data-confirm="公布{quarter.year}年第{quarter.number}季度的数据，让所有人都能看到吗？公布后不能再改。"'
        in wall_of(cast)
    )
    assert client.get("/matters/wall/figures/state/").status_code == 302, "a fragment is no page"
    for _twice in range(2):
        assert client.post("/matters/wall/figures/", asked).status_code == 302
    jobs = ProcrastinateJob.objects.filter(task_name="publications.figures")
    assert [job.args for job in jobs] == [asked]
    assert Event.objects.filter(type="publications.figures.asked").count() == 1
    assert not QuarterFigures.objects.exists(), "not in the request"
    for part in (False, True):
        assert 'hx-trigger="every 3s"' in wall_of(cast, part=part)
    tasks.figures(quarter.code)
    assert QuarterFigures.objects.get().year == quarter.year
    for part in (False, True):
        shown_now = wall_of(cast, part=part)
        assert f"/open/figures/{quarter.code}" in shown_now
        assert "every 3s" not in shown_now
    assert client.post("/matters/wall/figures/", asked).status_code == 302
    assert jobs.count() == 1, "they are there"


def test_a_job_that_broke_off_is_said_and_can_be_asked_for_again(cast: Cast, quarter: Quarter) -> None:
    client = cast.client("leader")
    client.post("/matters/wall/figures/", {"quarter": quarter.code})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = 'publications.figures'")
    page = wall_of(cast)
    assert "alert-danger" in page
    assert 'name="quarter"' in page
    client.post("/matters/wall/figures/", {"quarter": quarter.code})
    assert "every 3s" in wall_of(cast)


def test_who_may_not_publish_figures_hears_it_at_once(cast: Cast, quarter: Quarter) -> None:
    assert cast.client("clerk").post("/matters/wall/figures/", {"quarter": quarter.code}).status_code == 403
    running = Quarter.of(clock.today())
    assert cast.client("leader").post("/matters/wall/figures/", {"quarter": running.code}).status_code == 403
    assert not ProcrastinateJob.objects.filter(task_name="publications.figures").exists()
    assert "figures-state" not in cast.client("analyst").get("/matters/wall/").content.decode()


def test_of_the_place_only_the_township_is_told(pair: Cast) -> None:
    one = solved(pair, title="棠溪村路灯不亮", text="棠溪村口的路灯坏了。")
    page = pair.client("clerk").get(f"/matters/{one.pk}/publication/")
    assert {name: page.context["form"].initial[name] for name in ("title", "question")} == {
        "title": "某村路灯不亮", "question": "某村口的路灯坏了。",
    }  # fmt: skip
    draft = prepare(pair, one, title="棠溪村路灯修好了")
    with pytest.raises(Invalid) as refused:
        act(pair, "second_clerk", "review_publication", publication=draft, version=draft.version)
    assert refused.value.code == "still_personal"


def test_what_is_reported_later_at_a_number_whose_owner_objected_is_not_published_either(pair: Cast) -> None:
    later, begun = solved(pair), solved(pair)
    draft = prepare(pair, begun)
    with pair.everything() as by:
        for matter in (later, begun):
            Reporter.objects.update_or_create(matter=matter, defaults={"name": "何桂香", "phone": "13857500001"})
        person = Person(cause="test:1", name="何桂香", phones=frozenset({"13857500001"}))
        withholding.withhold(person=person, by=by, at=clock.now())
    assert code(lambda: prepare(pair, later)) == "objection"
    assert code(lambda: act(pair, "second_clerk", "review_publication", publication=draft, version=1)) == "objection"
