"""Valid forms with somebody else's ids in them: of other households, areas, units, people, pictures and forms."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from minqing.core import clock
from minqing.core.ids import digest, new_id, random_token
from minqing.files.models import Attachment
from minqing.files.services import store_picture
from minqing.households.models import Household, HouseholdCode, Resident, Tag, TagGrant
from minqing.matters.models import Evidence, Matter, Step
from minqing.matters.tickets import follow_code_of, ticket_of
from minqing.org.models import Unit
from minqing.visits.models import DiaryEntry, HouseholdAssignment, Visit
from tests.architecture.matrix import planted
from tests.cast import Cast
from tests.files.pictures import jpeg

pytestmark = pytest.mark.fault(19)


def send(cast: Cast, role: str, url: str, **values: Any) -> Any:
    client = cast.client(role)
    client.raise_request_exception = False
    return client.post(url, {"request_id": str(new_id())} | values)


@pytest.fixture
def homes(cast: Cast) -> dict[str, Any]:
    """A household with a resident in the own and in the far village."""
    return {where: planted(cast, area) for where, area in (("own", cast.own), ("far", cast.far))}


def someone(cast: Cast, home: Any) -> Resident:
    with cast.everything():
        return Resident.objects.get(household=home)


def picture(cast: Cast, role: str, colour: int = 0) -> UUID:
    with cast.everything():
        kept = store_picture(id=new_id(), upload=io.BytesIO(jpeg((40 + colour, 30))), name="a.jpg", by=cast.actor(role))
    return kept.pk


def diary(**values: Any) -> dict[str, Any]:
    return {"matter_id": str(new_id()), "met": "at_home", "met_people": "张奶奶", "text": "屋顶漏雨。"} | values


def count(cast: Cast, *models: Any) -> list[int]:
    with cast.everything():
        return [model._default_manager.count() for model in models]


def test_a_diary_takes_no_people_pictures_or_ids_of_others(cast: Cast, homes: dict[str, Any]) -> None:
    url = f"/visits/new/{homes['own'].pk}/"
    neighbour = cast.resident(cast.household())
    with cast.everything():
        theirs = Visit.objects.create(household=homes["far"], area=cast.far, account=cast.account("far_cadre"),
                                      visited_at=clock.now(), recorded_at=clock.now())  # fmt: skip
    before = count(cast, Visit, DiaryEntry)
    for values, status in (
        ({"met_residents": [str(someone(cast, homes["far"]).pk)]}, 422),
        ({"met_residents": [str(neighbour.pk)]}, 422),
        ({"kept": [str(picture(cast, "far_cadre"))]}, 422),
        ({"request_id": str(theirs.pk)}, 409),
        ({"category": "nothing", "needs_doing": "on", "matter_title": "x"}, 422),
    ):
        answer = send(cast, "cadre", url, **diary(**values))
        assert answer.status_code == status, values
        assert "CANARY-NAME-FAR" not in answer.content.decode()
    assert count(cast, Visit, DiaryEntry) == before


def test_pictures_are_shown_by_the_matter_and_visit_they_belong_to_alone(cast: Cast, homes: dict[str, Any]) -> None:
    theirs = picture(cast, "far_cadre")
    far, own = cast.matter(cast.far), cast.matter(cast.own, lead_unit=cast.bureau)
    with cast.everything():
        Evidence.objects.create(matter=far, attachment_id=theirs)
        for one in (far, own):
            Matter.objects.filter(pk=one.pk).update(ticket=digest(ticket_of(one.pk)))
    for role in ("cadre", "clerk", "handler", "leader"):
        assert cast.client(role).get(f"/matters/{own.pk}/pictures/{theirs}/").status_code == 404
        assert cast.client(role).get(f"/visits/pictures/{theirs}/full/").status_code in {403, 404}
    resident = Client()
    for path in (f"photos/{theirs}", f"pictures/{theirs}", f"pictures/{theirs}/small"):
        assert resident.get(f"/m/{ticket_of(own.pk)}/{path}").status_code == 404
        assert resident.get(f"/m/{ticket_of(far.pk)}/{path}").status_code == 200


def test_a_household_file_takes_no_areas_people_or_ids_of_others(cast: Cast, homes: dict[str, Any]) -> None:
    own, far = homes["own"], homes["far"]
    mine, theirs = someone(cast, own), someone(cast, far)
    with cast.everything():
        tag = Tag.objects.filter(retired=False, sensitive=False).order_by("code").first()
        Household.objects.filter(pk=far.pk).update(number="N-77")
        cast.code(far, random_token())
        code = HouseholdCode.objects.get(household=far)
        grant = TagGrant.objects.create(household=far, area=cast.far, tag=tag, reason="x", source="visit",
                                        granted_by="x", granted_at=clock.now(), expires_on=clock.today())  # fmt: skip
    assert tag is not None
    person = {"name": "新人", "relation": "other", "sex": ""}
    given = {"tag": tag.code, "reason": "独居", "source": "visit"}
    home = f"/households/{own.pk}"
    before = state(cast)
    for role, url, values, statuses in (
        ("cadre", "/households/move/", {"numbers": own.number, "area": str(cast.far.pk)}, {422}),
        ("cadre", "/households/move/", {"numbers": "N-77", "area": str(cast.own.pk)}, {422}),
        ("cadre", "/households/new/", {"number": "N-1", "area": str(cast.far.pk)}, {422}),
        ("cadre", "/households/new/", {"number": "N-1", "area": str(cast.own.pk), "request_id": str(far.pk)}, {422}),
        ("cadre", "/households/new/", {"number": "n-77", "area": str(cast.own.pk)}, {422}),
        ("cadre", f"{home}/people/new/", person | {"request_id": str(theirs.pk)}, {404}),
        ("cadre", f"/households/people/{mine.pk}/move/", {"number": "N-77", "relation": "other"}, {422}),
        ("cadre", f"{home}/tags/", given | {"resident": str(theirs.pk)}, {422}),
        ("cadre", f"{home}/tags/", given | {"request_id": str(grant.pk)}, {409, 422}),
        ("cadre", f"{home}/code/", {}, {403}),
        ("village_secretary", f"{home}/code/", {"request_id": str(code.pk)}, {409}),
        ("village_secretary", "/households/plates/", {"area": str(cast.far.pk)}, {422}),
    ):
        answer = send(cast, role, url, **values)
        assert answer.status_code in statuses, (url, values, answer.status_code)
        assert "FAR" not in answer.content.decode()
    assert state(cast) == before
    # the same forms with ids of one's own pass
    assert send(cast, "cadre", f"{home}/people/new/", **person).status_code == 302
    assert send(cast, "cadre", f"{home}/tags/", **given, resident=str(mine.pk)).status_code == 302
    assert send(cast, "village_secretary", f"{home}/code/").status_code == 302


def state(cast: Cast) -> list[list[str]]:
    models = (Household, Resident, TagGrant, HouseholdCode, HouseholdAssignment)
    with cast.everything():
        return [sorted(map(str, model._default_manager.values_list())) for model in models]


def test_care_is_given_to_cadres_of_the_place_for_households_of_the_place(cast: Cast, homes: dict[str, Any]) -> None:
    own, far = str(homes["own"].pk), str(homes["far"].pk)
    right = {"account": str(cast.account("cadre").id), "every_days": "90", "pick": [own]}
    for values in ({"pick": [far]}, {"account": str(cast.account("far_cadre").id)},
                   {"account": str(cast.account("handler").id)}):  # fmt: skip
        assert send(cast, "village_secretary", f"/visits/care/?area={cast.far.pk}", **right | values).status_code == 422
        assert send(cast, "village_secretary", "/visits/care/", **right | values).status_code == 422
    assert count(cast, HouseholdAssignment) == [0]


def test_a_matter_takes_no_units_categories_areas_or_ids_of_others(cast: Cast) -> None:
    own, far = cast.matter(), cast.matter(cast.far, text="CANARY-FAR")
    with cast.everything():
        step = Step.objects.create(matter=far, move="receive", state="received", at=clock.now(), by="x")
    elsewhere = Unit.objects.get(code="U4")
    right = {"unit": str(cast.bureau.pk), "due_days": "5", "mechanism": "immediate"}
    new = {"text": "路灯", "channel": "counter", "area": str(cast.own.pk)}
    for role, url, values, statuses in (
        ("clerk", f"/matters/triage/{own.pk}/", right | {"unit": str(elsewhere.pk)}, {422}),
        ("clerk", f"/matters/triage/{own.pk}/", right | {"category": "nothing"}, {422}),
        ("clerk", f"/matters/{own.pk}/moves/assign/", right | {"unit": str(elsewhere.pk)}, {422}),
        ("clerk", f"/matters/{own.pk}/moves/assign/", right | {"request_id": str(step.pk)}, {409}),
        ("clerk", f"/matters/{far.pk}/moves/assign/", right, {404}),
        ("clerk", f"/matters/triage/{far.pk}/", right, {404}),
        ("handler", f"/matters/{own.pk}/moves/accept/", {}, {404}),
        ("cadre", f"/matters/{own.pk}/moves/assign/", right, {403}),
        ("cadre", "/matters/new/", new | {"area": str(cast.far.pk)}, {422}),
        ("cadre", "/matters/new/", new | {"request_id": str(far.pk)}, {409}),
    ):
        answer = send(cast, role, url, **values)
        assert answer.status_code in statuses, (role, url, values, answer.status_code)
        assert "CANARY-FAR" not in answer.content.decode()
    with cast.everything():
        assert sorted(Matter.objects.values_list("state", flat=True)) == ["received", "received"]
        assert Step.objects.count() == 1


def test_one_link_answers_for_its_own_matter_alone(cast: Cast) -> None:
    first, second = (cast.matter(state="finished", finished_at=clock.now(), lead_unit=cast.bureau) for _n in range(2))
    with cast.everything():
        for one in (first, second):
            Matter.objects.filter(pk=one.pk).update(ticket=digest(ticket_of(one.pk)))
    id = str(new_id())
    resident = Client(raise_request_exception=False)
    word = {"solved": "yes", "satisfaction": "5", "request_id": id, "matter": str(second.pk)}
    assert resident.post(f"/m/{ticket_of(first.pk)}", word).status_code == 302
    # the form of one matter sent to the other: refused, and not an error
    assert resident.post(f"/m/{ticket_of(second.pk)}", word).status_code == 409
    with cast.everything():
        assert Matter.objects.get(pk=second.pk).state == "finished"
    # the follow code of one number opens no other
    crossed = {"number": second.number, "code": follow_code_of(first.pk)}
    assert resident.post("/follow", crossed).status_code == 422


def test_a_notice_is_read_by_whom_it_is_for_alone(cast: Cast) -> None:
    from minqing.notify.kinds import TEST
    from minqing.notify.services import send_notice

    given: dict[str, Any] = {"kind": TEST, "subject": "notify:test", "params": {}, "link": "/households/"}
    theirs = send_notice(id=new_id(), to=cast.account("clerk").id, by=cast.actor("clerk"), **given)
    assert send(cast, "cadre", f"/notices/{theirs.id}/open/").status_code == 404
    assert send(cast, "cadre", "/notices/read/", account=str(cast.account("clerk").id)).status_code == 302
    assert "count" in cast.client("clerk").get("/notices/bell/").content.decode(), "still not read"
    assert send(cast, "clerk", f"/notices/{theirs.id}/open/").status_code == 302


def test_nobody_acts_in_a_post_of_somebody_else(cast: Cast) -> None:
    from minqing.org.models import Post

    leader = str(Post.objects.get(account=cast.account("leader")).pk)
    client = cast.client("cadre")
    assert client.post("/me/post", {"post": leader}).status_code in {404, 409}
    assert client.post("/me", {"post": leader, "language": "zh-hans", "request_id": str(new_id())}).status_code == 422
    session = client.session
    session["post"] = leader
    session.save()
    assert client.get("/leader/").status_code == 403, "even with the session's own key"
    assert Attachment.objects.count() == 0
