"""What the API says may be done with a matter can be done with it; everything else is refused, and as a problem.

The moves are those of the table (``schemas/moves.py``), the matters those of ``tests/matters/test_doors.py``.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from minqing.core.ids import new_id
from minqing.matters.enums import Move, Party, State
from minqing.matters.lifecycle import MOVES
from minqing.matters.models import Matter, Step
from minqing.matters.schemas.moves import HANDLE, REPORT, SPECS, Spec
from tests.api.conftest import Caller
from tests.architecture.rows import each
from tests.cast import Cast
from tests.matters.lives import Life
from tests.matters.test_doors import LIVES, later, lived

pytestmark = [pytest.mark.django_db, pytest.mark.fault(88), pytest.mark.fault(93)]

READ = "matters:read"
# who calls: for which unit, and whether it is the one that sent the matters in
CALLERS = {"lead": "bureau", "support": "committee", "reporter": None, "onlooker": None}
PARTIES = {
    "lead": {Party.UNIT, Party.PARTNER}, "support": {Party.SUPPORT, Party.PARTNER},
    "reporter": {Party.REPORTER, Party.PARTNER}, "onlooker": {Party.PARTNER},
}  # fmt: skip
REFUSED = {403, 404, 409}
# whoever names a part nevertheless is told of that one
ALIKE = {"no_part": {"part", "part_state"}}


class Sent(Life):
    """Matters that another system has sent in."""

    def __init__(self, cast: Cast, sender: Caller) -> None:
        super().__init__(cast)
        self.sender = sender

    def report(self, **values: Any) -> Matter:
        key = self.sender.report().json()["id"]
        with self.cast.everything():
            return Matter.objects.get(pk=key)

    def do(self, who: str, verb: str, matter: Matter, **values: Any) -> Matter:
        if who != "resident":
            return super().do(who, verb, matter, **values)
        answer = self.sender.move(matter.pk, verb.removesuffix("_matter"), **values)
        assert answer.status_code == 200, answer.content
        return self.now(matter)


def body(spec: Spec, told: dict[str, Any]) -> dict[str, Any]:
    """As somebody would fill it in who has read the matter."""
    open_parts = [one["id"] for one in told["parts"] if one["state"] == "asked"] or [str(new_id())]
    fitting: dict[str, Any] = {
        "unit": "U4", "proposed": "U4", "days": 2, "until": later().isoformat(), "answered": True, "solved": True,
        "part": open_parts[0] if spec.move is Move.DROP_PART else None, "pictures": [], "satisfaction": None,
        "due_days": None, "public": True, "outcome": "solved",
    }  # fmt: skip
    values = {name: fitting.get(name, "说明") for name in spec.fields}
    return values | ({"reason": "third_party"} if spec.move is Move.SUSPEND else {})


def tried(cast: Cast, caller: Caller, told: dict[str, Any], spec: Spec) -> tuple[int, int, dict[str, Any]]:
    """Status, how many steps it made, and the answer; then it is as if it had not been."""
    with transaction.atomic():
        with cast.everything():
            before = Step.objects.count()
        answer = caller.move(told["id"], spec.move.value, **body(spec, told))
        with cast.everything():
            made = Step.objects.count() - before
        transaction.set_rollback(True)
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json", answer.content
    return answer.status_code, made, answer.json()


def all_sent(cast: Cast) -> tuple[Cast, Caller, dict[str, Matter]]:
    """A matter of each line, sent in by another system."""
    sender = Caller(cast, "brain", name="城市大脑", unit=None)
    life = Sent(cast, sender)
    return cast, sender, {name: lived(life, name, "bureau") for name in LIVES}


@each(list(CALLERS), shares=2, laid=all_sent)
def test_what_is_offered_is_taken_and_nothing_else(sent: tuple[Cast, Caller, dict[str, Matter]], who: str) -> None:
    cast, sender, matters = sent
    unit = CALLERS[who]
    caller = sender if who == "reporter" else Caller(cast, who, unit=getattr(cast, unit) if unit else None)
    wrong: list[str] = []
    done: set[Move] = set()
    refused: set[tuple[Move, str]] = set()
    seen: set[str] = set()
    listed = {one["id"]: one["can"] for one in caller.get("/matters", limit=200).json()["matters"]}
    for name, matter in matters.items():
        told = caller.get(f"/matters/{matter.pk}").json()
        seen.add(told["state"])
        assert listed[told["id"]] == [move for move, one in told["can"].items() if one["allowed"]], name
        assert set(told["can"]) == {spec.move.value for spec in SPECS}
        for spec in SPECS:
            offered = told["can"][spec.move.value]
            # what is refused for the same reason is tried once
            if (why := (spec.move, offered["code"])) in refused:
                continue
            status, made, answer = tried(cast, caller, told, spec)
            if offered["allowed"]:
                done.add(spec.move)
                if status != 200 or made < 1:
                    wrong.append(f"{name}: {spec.move} is offered and answers {status} {answer.get('code')}")
                continue
            refused.add(why)
            if (
                status not in REFUSED
                or made
                or answer["code"] not in {offered["code"], *ALIKE.get(offered["code"], ())}
            ):
                wrong.append(
                    f"{name}: {spec.move} is not ({offered['code']}) and answers {status} {answer.get('code')}"
                )
    assert not wrong, "\n".join(wrong)
    assert seen == set(State)
    may = {spec.move for spec in SPECS if MOVES[spec.move].parties & PARTIES[who]}
    assert done == may, f"no life above brings {who} to {sorted(may - done)}; beyond the table: {sorted(done - may)}"


@pytest.mark.parametrize("scopes", [[READ], [READ, "matters:handle"], [READ, "matters:report"]])
def test_a_token_opens_the_moves_of_its_scopes_alone(cast: Cast, scopes: list[str]) -> None:
    """Whatever it might do with the matter otherwise."""
    sender = Caller(cast, "brain", name="城市大脑", unit=None)
    caller = Caller(cast, "narrow", unit=cast.bureau, scopes=scopes)
    told = caller.get(f"/matters/{lived(Sent(cast, sender), 'in hand', 'bureau').pk}").json()
    for spec in SPECS:
        status, made, answer = tried(cast, caller, told, spec)
        may = spec.scope in {str(one) for one in scopes}
        assert (answer.get("code") == "scope_missing") == (not may), (spec.move, status, answer)
        assert may or (status, made) == (403, 0), (spec.move, status)
    assert {spec.scope for spec in SPECS} == {HANDLE, REPORT}
