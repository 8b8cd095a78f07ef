"""An activity from its draft to the points: places, the waiting list, who came, and who confirms it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from minqing.activities import services
from minqing.activities.codes import code_at
from minqing.activities.enums import SignUpState, State
from minqing.activities.models import Activity, Report, SignUp
from minqing.activities.queries.activities import QUEUES
from minqing.activities.rules import CODE_FOR
from minqing.activities.subjects import erase
from minqing.core import clock
from minqing.core.errors import DomainError, Invalid, Refused
from minqing.core.ids import new_id
from minqing.earning import services as earning
from minqing.earning.enums import Category
from minqing.earning.models import Award, Claim, FunctionVersion
from minqing.earning.queries import current_version
from minqing.journal.models import Event
from minqing.points.models import Holder
from minqing.privacy.access import acting_as
from minqing.privacy.subjects import Person
from tests.activities.cases import HOUR, MANY, WHY, Doing, said
from tests.cast import Cast
from tests.earning.test_functions import ROAD

pytestmark = pytest.mark.django_db


def refused(code: str, call: Any, *args: Any, **values: Any) -> None:
    with pytest.raises(DomainError) as told:
        call(*args, **values)
    assert told.value.code == code


def test_who_signs_up_beyond_the_capacity_waits_and_moves_up_in_turn(cast: Cast) -> None:
    case = Doing(cast, people=4, capacity=1)
    first, second, third = (case.sign(number) for number in range(3))
    assert [first.state, second.state, third.state] == [SignUpState.IN, SignUpState.WAITING, SignUpState.WAITING]
    case.withdraw(first)
    assert [case.state_of(one) for one in (second, third)] == [SignUpState.IN, SignUpState.WAITING]
    # whoever withdrew stands at the end of the line, as everybody who comes new
    again = case.sign(0)
    case.withdraw(second, 1)
    assert [case.state_of(one) for one in (third, again)] == [SignUpState.IN, SignUpState.WAITING]
    assert case.sign(0).pk == again.pk, "once each"


def test_nobody_signs_up_after_the_hour_or_from_another_place_but_who_turned_up_is_put_on_the_list(cast: Cast) -> None:
    case = Doing(cast)
    refused("sign_up_over", case.sign, at=case.row.sign_up_until)
    far = cast.resident(cast.household(cast.other), "外村人")
    with acting_as(by := cast.actor("clerk")):
        refused("other_people", services.sign_up, id=new_id(), activity=case.row, resident_id=far.pk, by=by)
    case.do("cadre", services.end_activity, at=case.during)
    late = case.sign(who="village_secretary", at=case.during)
    assert (late.state, late.signed_by_id) == (SignUpState.IN, cast.account("village_secretary").pk)
    assert case.came(late).state == SignUpState.CAME


def test_nobody_signs_up_somebody_of_another_household(cast: Cast) -> None:
    case = Doing(cast)
    with acting_as(by := case.door(1)), pytest.raises(Refused):
        services.sign_up(id=new_id(), activity=case.row, resident_id=case.people[0].pk, by=by, at=case.now)
    one = case.sign(0)
    with acting_as(by), pytest.raises(Refused):
        services.withdraw(sign_up=one, by=by, at=case.now)


def test_the_code_on_the_screen_is_taken_for_a_minute_or_two_and_says_nothing_of_when_or_where(cast: Cast) -> None:
    case = Doing(cast, capacity=1)
    one, waits = case.sign(0), case.sign(1)
    by, at = case.door(), case.during

    def typed(row: SignUp, digits: str, at: Any = at, by: Any = by) -> SignUp:
        with acting_as(by):
            return services.check_in_by_code(sign_up=row, digits=digits, by=by, at=at)

    refused("too_early", typed, one, code_at(case.row.pk, case.now), case.now)
    refused("code_not_shown", typed, one, code_at(case.row.pk, at - 2 * CODE_FOR))
    refused("code_not_shown", typed, one, code_at(new_id(), at))
    refused("still_waiting", typed, waits, code_at(case.row.pk, at), by=case.door(1))
    assert typed(one, code_at(case.row.pk, at - CODE_FOR)).state == SignUpState.CAME
    assert typed(one, code_at(case.row.pk, at)).state == SignUpState.CAME, "twice is once"
    with cast.everything():
        assert Event.objects.filter(type="activities.sign_up.came").count() == 1
    kept = {field.name for field in SignUp._meta.get_fields()}
    assert not kept & {"checked_at", "latitude", "longitude", "place"}


def test_all_who_came_are_thanked_at_once_and_pressed_again_nothing_more_is_given(cast: Cast) -> None:
    case = Doing(cast)
    points = case.row.version.points
    case.over(0, 1)
    assert case.do("village_secretary", services.confirm_attendance).state == State.THANKED
    assert [case.balance(0), case.balance(1)] == [points, points]
    refused("wrong_state", case.do, "village_secretary", services.confirm_attendance)
    with cast.everything():
        batch = Event.objects.filter(type="points.transfers.posted")
        assert batch.count() == 1, "one posted batch"
        assert Award.objects.count() == 2
    assert case.balance() == points


def test_who_has_moved_since_has_their_account_where_they_live_now(cast: Cast) -> None:
    case = Doing(cast)
    case.over(0, 1)
    with cast.everything():
        case.homes[0].area = case.people[0].area = cast.other
        case.homes[0].save()
        case.people[0].save()
    assert case.do("village_secretary", services.confirm_attendance).state == State.THANKED
    with cast.everything():
        assert [Holder.objects.get(resident=one).area for one in case.people] == [cast.other, cast.own]


def test_many_points_are_given_once_a_second_person_has_looked_at_the_list(cast: Cast) -> None:
    case = Doing(cast, people=7)
    case.over(*range(7))
    assert case.do("cadre", services.confirm_attendance).state == State.SETTLED
    assert case.balance() == 0
    refused("not_your_post", case.do, "cadre", services.confirm_attendance)
    case.do("village_secretary", services.send_back_list, reasons="第三个人没来。")
    assert (case.row.state, case.row.settled_by_id) == (State.ENDED, None)
    case.do("village_secretary", services.confirm_attendance)
    refused("own_list", case.do, "village_secretary", services.confirm_attendance)
    assert case.do("clerk", services.confirm_attendance).state == State.THANKED
    assert case.balance(6) == case.row.version.points


@pytest.mark.parametrize("hand", ["wrote", "signed", "ticked"])
def test_whoever_had_a_hand_in_the_list_is_not_the_only_one_who_gives_the_points(cast: Cast, hand: str) -> None:
    case, who = Doing(cast), "cadre" if hand == "wrote" else "village_secretary"
    case.came(case.sign(who=who if hand == "signed" else ""), who=who if hand == "ticked" else "cadre")
    case.do("cadre", services.end_activity, at=case.during)
    assert case.do(who, services.confirm_attendance).state == State.SETTLED
    assert case.balance() == 0
    refused("not_your_post" if who == "cadre" else "own_list", case.do, who, services.confirm_attendance)
    if hand == "wrote":
        assert case.do("village_secretary", services.confirm_attendance).state == State.THANKED
    else:
        with acting_as(by := cast.actor("village_secretary")):
            assert case.row not in QUEUES.within(Activity.objects.all(), "second", by)
        with acting_as(by := cast.actor("clerk")):
            assert case.row in QUEUES.within(Activity.objects.all(), "second", by)
        assert case.do("clerk", services.confirm_attendance).state == State.THANKED
    assert case.balance() == case.row.version.points


def test_what_the_township_confirms_waits_for_the_clerk(cast: Cast) -> None:
    case = Doing(cast, function=MANY)
    case.over(0)
    case.do("cadre", services.confirm_attendance)
    refused("not_your_post", case.do, "village_secretary", services.confirm_attendance)
    assert case.do("clerk", services.confirm_attendance).state == State.THANKED


def test_who_was_thanked_as_often_as_one_is_gets_nothing_and_the_list_says_so(cast: Cast) -> None:
    # the same person at two activities of one day
    first, second = Doing(cast), Doing(cast)
    second.homes, second.people = first.homes, first.people
    first.over(0), second.over(0, 1)
    first.do("village_secretary", services.confirm_attendance)
    second.do("village_secretary", services.confirm_attendance)
    points = first.row.version.points
    assert [first.balance(0), first.balance(1)] == [points, points]
    with cast.everything():
        assert [one.beyond for one in SignUp.objects.filter(activity=second.row).order_by("signed_at")] == [True, False]


def test_limits_of_a_household_hold_within_one_batch(cast: Cast) -> None:
    case = Doing(cast, people=1, function="simple_feast")
    case.homes.append(case.homes[0])
    case.people.append(cast.resident(case.homes[0], "何小明"))
    case.over(0, 1)
    case.do("cadre", services.confirm_attendance)
    case.do("clerk", services.confirm_attendance)
    assert sorted([case.balance(0), case.balance(1)]) == [0, case.row.version.points]


def test_the_points_are_those_of_the_day_of_publishing_and_a_mistake_is_taken_back_as_elsewhere(cast: Cast) -> None:
    with acting_as(by := cast.actor("operator")):
        earning.add_function(id=new_id(), code="tea_picked", category=Category.INDUSTRY, said=ROAD, by=by)
    case = Doing(cast, function="tea_picked")
    with acting_as(by):
        dearer = replace(ROAD, points=ROAD.points + 7)
        earning.change_function(id=new_id(), code="tea_picked", said=dearer, by=by)
    case.over(0)
    case.do("village_secretary", services.confirm_attendance)
    assert case.balance() == ROAD.points
    assert current_version("tea_picked").points != ROAD.points
    with cast.everything():
        claim = Claim.objects.get(cause__startswith="sign_up:")
        assert FunctionVersion.objects.get(pk=claim.version_id).number == 1
    with acting_as(by := cast.actor("clerk")):
        earning.correct_claim(claim=claim, reasons="当天没有到场。", by=by)
    assert case.balance() == 0


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("activity_words", {"title": " "}),
        ("activity_times", {"ends_at": None}),
        ("activity_until", {"sign_up_until": None}),
        ("activity_capacity", {"capacity": 0}),
        ("function", {"function": "report_true"}),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, code: str, values: dict[str, Any]) -> None:
    case = Doing(cast, publish=False)
    late = {"ends_at": case.row.starts_at, "sign_up_until": case.row.ends_at + HOUR}
    given = said(case.now, **{name: late.get(name) if value is None else value for name, value in values.items()})
    with acting_as(by := cast.actor("cadre")), pytest.raises(Invalid) as told:
        services.write_activity(id=new_id(), area_id=cast.own.pk, by=by, **given)
    assert told.value.code == code


def test_a_cancelled_one_gives_nothing_and_says_why(cast: Cast) -> None:
    case = Doing(cast)
    case.sign()
    case.do("village_secretary", services.cancel_activity, reasons=WHY)
    assert (case.row.state, case.row.reasons) == (State.CANCELLED, WHY)
    for service in (services.publish_activity, services.end_activity, services.confirm_attendance):
        refused("wrong_state", case.do, "cadre", service)
    with acting_as(by := cast.actor("far_cadre")):
        refused("not_your_area", services.end_activity, activity=case.row, by=by)


def test_somebody_erased_is_named_in_no_title_words_or_report_of_the_place(cast: Cast) -> None:
    case = Doing(cast, title="何桂香家门口清扫", words="请联系何桂香", place="何桂香家")
    case.over(0)
    with cast.everything() as by:
        Activity.objects.update(reasons="何桂香生病")
        Report.objects.create(
            activity=case.row, words="何桂香得了一等奖", written_by=cast.account("cadre"), written_at=clock.now()
        )
        person = Person(cause="rights:1", name="何桂香", resident=case.people[0].pk, household=case.homes[0].pk,
                        areas=frozenset({cast.own.pk}))  # fmt: skip
        assert erase(person=person, by=by, at=clock.now()) == 3
        row, report = Activity.objects.get(), Report.objects.get()
    told = (row.title, row.words, row.place, row.reasons, report.words)
    assert [text for text in told if "何桂香" in text or "桂香" in text] == []
    assert report.words.endswith("得了一等奖")


def test_somebody_erased_keeps_no_place_and_waits_for_none(cast: Cast) -> None:
    case = Doing(cast, people=4, capacity=1)
    signed = [case.sign(number) for number in range(4)]
    with cast.everything() as by:
        for number in (1, 0):
            # the first by an entry that ended
            one, merged = case.people[number].pk, frozenset({case.people[number].pk})
            person = Person(cause="rights:1", name="何桂香", **{"resident": one} if number else {"merged": merged})
            assert erase(person=person, by=by, at=case.now) == 1
    kept = [case.state_of(one) for one in signed]
    assert kept == [SignUpState.WITHDRAWN, SignUpState.WITHDRAWN, SignUpState.IN, SignUpState.WAITING]
    case.withdraw(signed[2], 2)
    assert case.state_of(signed[3]) == SignUpState.IN
