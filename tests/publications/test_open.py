"""The public pages: what was published and nothing of the original; the same for everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minqing.config.reference import load_reference
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.doorstep.services import allow
from minqing.org.enums import Role
from minqing.privacy.access import acting_as
from minqing.privacy.periods import Quarter
from minqing.publications import tasks
from minqing.publications.models import Publication
from minqing.publications.rules import SEARCH_BY_ADDRESS
from minqing.publications.services import index_publications
from tests.cast import Cast, at, category, person
from tests.publications.test_publication import TEXTS, act, prepare, shown, solved, spread

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(cast: Cast) -> Cast:
    person(cast, "second_clerk", Role.CLERK, cast.office, cast.town, "何敏")
    return cast


def pages(*, code: str = "2026Q2") -> dict[str, str]:
    """Every public page, as a visitor gets it."""
    urls = ["/open/", "/open/?text=CANARY", f"/open/figures/{code}", "/open/?page=2"]
    with transaction.atomic():
        urls += [
            reverse("publications:open_matter", args=[one]) for one in Publication.objects.values_list("pk", flat=True)
        ]
    return {url: Client().get(url).content.decode() for url in urls}


def test_no_word_of_an_unpublished_matter_is_on_any_public_page(pair: Cast) -> None:
    """Drafts, reviewed and withdrawn ones, their originals, the people in them: canaries, and none is found."""
    published = shown(pair, solved(pair))
    draft = prepare(pair, solved(pair, number="MQ-DRAFT"), title="CANARY-DRAFT", question="CANARY-DRAFT-Q")
    reviewed = prepare(pair, solved(pair, number="MQ-REVIEWED"), title="CANARY-REVIEWED")
    act(pair, "second_clerk", "review_publication", publication=reviewed, version=1)
    gone = shown(pair, solved(pair, number="MQ-GONE"))
    prepare_again = act(pair, "clerk", "withdraw_publication", publication=gone)
    spread(pair, "2026-05-05 10:00")
    act(pair, "leader", "publish_figures", quarter=Quarter(2026, 2), at=at("2026-07-02 09:00"))
    found = pages()
    assert TEXTS["title"] in found["/open/"]
    secrets = (
        "何桂香",
        "何大妈",
        "13800138000",
        "吴志强",
        "孙丽华",
        "何敏",
        "溪边路",
        "MQ-",
        "棠溪村",
        "路灯不亮。村口",
    )
    for url, page in found.items():
        text = page.replace('value="CANARY"', "")
        assert "CANARY" not in text, url
        assert not [word for word in secrets if word in text], url
        assert str(published.matter_id) not in text, url
    for one in (draft, reviewed, prepare_again):
        address = reverse("publications:open_matter", args=[one.pk])
        for client in (Client(), pair.client("clerk"), pair.client("far_clerk")):
            assert client.get(address).status_code == 404
    assert Client().get(reverse("publications:open_matter", args=[published.matter_id])).status_code == 404


def test_the_page_is_the_same_for_all_and_is_asked_for_each_time(pair: Cast) -> None:
    one = shown(pair, solved(pair))
    for url in ("/open/", reverse("publications:open_matter", args=[one.pk])):
        answer = Client().get(url)
        assert answer["Cache-Control"] == "public, no-cache"
        assert not answer.cookies
        html = answer.content.decode()
        assert "<script" not in html
        assert "csrf" not in html
        assert "nonce" not in answer["Content-Security-Policy"]
        assert pair.client("clerk").get(url).content == answer.content


def test_a_kept_page_is_good_until_anything_on_it_changes(pair: Cast) -> None:
    """What is withdrawn is gone at the next look, also from a browser or a cache that kept the page."""
    one = shown(pair, solved(pair))
    spread(pair, "2026-05-05 10:00")
    urls = ["/open/", "/open/?text=路灯", reverse("publications:open_matter", args=[one.pk])]
    kept = {url: Client().get(url)["ETag"] for url in urls}
    assert len(set(kept.values())) == len(urls)

    def again(url: str, **headers: str) -> int:
        return int(Client().get(url, headers={"If-None-Match": kept[url], **headers}).status_code)

    assert {again(url) for url in urls} == {304}
    assert {again(url, accept_language="en") for url in urls} == {200}, "another language is another page"
    act(pair, "leader", "publish_figures", quarter=Quarter(2026, 2), at=at("2026-07-02 09:00"))
    assert {again(url) for url in urls} == {200}
    kept = {url: Client().get(url)["ETag"] for url in urls}
    category("road").__class__.objects.filter(code="road").update(name="道路")
    assert {again(url) for url in urls} == {200}, "a name beside it"
    kept = {url: Client().get(url)["ETag"] for url in urls}
    act(pair, "clerk", "withdraw_publication", publication=one)
    assert [again(url) for url in urls] == [200, 200, 404]


def test_whether_a_kept_page_is_good_is_one_statement_beside_the_gate(pair: Cast) -> None:
    shown(pair, solved(pair))
    client = Client()
    headers = {"If-None-Match": client.get("/open/")["ETag"]}
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/open/", headers=headers).status_code == 304
    assert len([one for one in seen if "publication" in one["sql"]]) == 1, [one["sql"][:90] for one in seen]
    # with the gate's two and a savepoint's two
    assert len(seen) == 5, [one["sql"][:90] for one in seen]


def test_a_search_narrows_by_word_kind_and_township(pair: Cast) -> None:
    shown(pair, solved(pair))
    other = solved(pair, category=category("road"), number="MQ-ROAD")
    one = prepare(pair, other, title="桥修好了", question="桥面有坑。", answer="补平了。")
    act(pair, "second_clerk", "review_publication", publication=one, version=1)
    act(pair, "clerk", "publish", publication=one, version=1)
    for query, lamp, bridge in [
        ("", True, True),
        ("text=路灯", True, False),
        ("text=桥面 补平", False, True),
        ("text=qiaoxiu", False, True),  # as the headline is read
        ("text=ludeng", True, False),
        ("text=MQ-ROAD", False, False),  # a number is nothing to find a text by
        ("text=" + "桥" * 61, True, True),  # longer than anybody types: not asked
        ("text=%25", False, False),
        ("category=transport", False, True),
        (f"place={pair.town.id}", True, True),
        (f"place={pair.other_town.id}", False, False),
        ("category=nothing&place=x", True, True),
    ]:
        html = Client().get(f"/open/?{query}").content.decode()
        assert (TEXTS["title"] in html, "桥修好了" in html) == (lamp, bridge), query


def test_what_is_not_published_is_found_by_no_search(pair: Cast) -> None:
    prepare(pair, solved(pair), title="CANARY-DRAFT 水管修好了")
    gone = act(pair, "clerk", "withdraw_publication", publication=shown(pair, solved(pair)))
    assert gone.state == "withdrawn"
    for text in ("水管", "CANARY-DRAFT", "路灯", "何桂香"):
        assert "row-title" not in Client().get("/open/", {"text": text}).content.decode(), text


def test_a_changed_draft_is_found_by_its_new_words(pair: Cast) -> None:
    one = shown(pair, solved(pair))
    act(pair, "clerk", "withdraw_publication", publication=one)
    one = prepare(pair, one.matter, title="水渠通了", question="水渠堵了。", answer="清了淤泥。")
    one = act(pair, "second_clerk", "review_publication", publication=one, version=one.version)
    act(pair, "clerk", "publish", publication=one, version=one.version)
    found = {text: "水渠通了" in Client().get("/open/", {"text": text}).content.decode() for text in ("淤泥", "路灯")}
    assert found == {"淤泥": True, "路灯": False}


def test_what_was_published_before_there_was_a_search_is_found_after_the_upgrade(pair: Cast) -> None:
    one = shown(pair, solved(pair))
    with pair.everything():
        Publication.objects.filter(pk=one.pk).update(search=None)
    load_reference()
    assert TEXTS["title"] in Client().get("/open/", {"text": "路灯"}).content.decode()
    assert index_publications(by=Actor.system("reference")) == 0


def test_searches_are_let_through_only_so_often_and_the_page_still_opens(pair: Cast) -> None:
    shown(pair, solved(pair))
    client = Client()
    with transaction.atomic():
        # a minute ahead, else a slow machine has a drop back before the last one is taken
        for _n in range(SEARCH_BY_ADDRESS.burst):
            assert allow(SEARCH_BY_ADDRESS, "127.0.0.1", at=clock.now() + timedelta(minutes=1))
    answer = client.get("/open/?text=路灯")
    assert answer.status_code == 429
    assert answer.headers["Cache-Control"] == "no-store"
    assert TEXTS["title"] not in answer.content.decode()
    assert TEXTS["title"] in client.get("/open/").content.decode()


def test_figures_show_a_sign_where_they_are_withheld_and_say_why(pair: Cast) -> None:
    spread(pair, "2026-05-05 10:00")
    assert Client().get("/open/figures/2026Q2").status_code == 404
    act(pair, "leader", "publish_figures", quarter=Quarter(2026, 2), at=at("2026-07-02 09:00"))
    html = Client().get("/open/figures/2026Q2").content.decode()
    assert "2026年第2季度" in html
    assert "“–”表示不公布" in html
    assert ">3<" not in html
    assert "甘霖镇" in html
    for code in ("2026Q1", "2026", "x" * 300):
        assert Client().get(f"/open/figures/{code}").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_public_list_costs_the_same_for_one_row_and_for_three(pair: Cast, number: int) -> None:
    for n in range(number):
        shown(pair, solved(pair, number=f"MQ-{n}"))
    client = Client()
    client.get("/open/")
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/open/").status_code == 200
    assert len(seen) == 9, [query["sql"][:90] for query in seen]


def test_a_leader_publishes_the_last_quarter_from_the_wall(cast: Cast) -> None:
    from minqing.core import clock

    quarter = Quarter.of(clock.today()).former
    page = cast.client("leader").get("/matters/wall/").content.decode()
    assert f'value="{quarter.code}"' in page
    assert "/matters/wall/figures/" not in cast.client("analyst").get("/matters/wall/").content.decode()
    assert cast.client("leader").post("/matters/wall/figures/", {"quarter": quarter.code}).status_code == 302
    assert Client().get(f"/open/figures/{quarter.code}").status_code == 404, "a job makes them"
    tasks.figures(quarter.code)
    assert Client().get(f"/open/figures/{quarter.code}").status_code == 200
    assert "/matters/wall/figures/" not in cast.client("leader").get("/matters/wall/").content.decode()
    refused = cast.client("leader").post("/matters/wall/figures/", {"quarter": quarter.following.code})
    assert refused.status_code == 403


def test_what_is_published_is_read_without_seeing_any_matter(pair: Cast) -> None:
    """The database shows the published row to everybody, and lets nobody write it who does not see its matter."""
    from django.db import DatabaseError

    from minqing.matters.queries.visibility import ANONYMOUS

    one = shown(pair, solved(pair))
    with acting_as(ANONYMOUS):
        assert Publication.objects.get().pk == one.pk
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Publication.objects.update(title="CANARY")


def test_the_ways_to_the_public_pages(pair: Cast) -> None:
    matter = solved(pair)
    one = shown(pair, matter)
    public = reverse("publications:open_matter", args=[one.pk])
    for path in ("/accounts/login/", f"/h/{pair.code(pair.household())}", "/follow"):
        assert 'href="/open/"' in Client().get(path).content.decode(), path
    staff = reverse("publications:text", args=[matter.pk])
    for role, leads in (("clerk", True), ("leader", True), ("cadre", False)):
        detail = pair.client(role).get(reverse("matters:detail", args=[matter.pk])).content.decode()
        assert (staff in detail) is leads, role
    page = pair.client("clerk").get(staff).content.decode()
    assert public in page
    assert reverse("matters:detail", args=[matter.pk]) in page
    kept = solved(pair, objection=True)
    detail = pair.client("clerk").get(reverse("matters:detail", args=[kept.pk])).content.decode()
    assert reverse("publications:text", args=[kept.pk]) not in detail
