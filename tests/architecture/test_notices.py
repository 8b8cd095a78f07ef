"""Whoever is told of something can open it: every kind of notice, every role that is told of it, through its link.

A leader was once told of an objection whose page was for other posts. What is told of which event stands beside the
table of addresses of each room (``notices.py``); a new kind, or an event that tells, fails until it stands there.
"""

from __future__ import annotations

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.notify.models import Notice
from minqing.notify.queries import job
from minqing.privacy.access import acting_as
from tests.architecture.notices import Told, heard, kinds, tellers
from tests.architecture.of_rooms import brought
from tests.architecture.rows import each
from tests.cast import Cast, signed_in

NOTICES: dict[str, tuple[Told, ...]] = brought("NOTICES")
# of what goes to people without an account the private link is opened in the room's own tests
INSIDE = sorted(code for code in NOTICES if not kinds()[code].outside)
LINES = [(code, told) for code in INSIDE for told in NOTICES[code]]


def test_every_kind_and_every_event_that_tells_is_listed() -> None:
    assert set(NOTICES) == set(kinds())
    assert {told.type for lines in NOTICES.values() for told in lines} == heard()


@each(LINES, shares=4)
def test_who_is_told_may_open_what_it_is_about(cast: Cast, line: tuple[str, Told]) -> None:
    code, told = line
    event = Event(id=new_id(), type=told.type, subject=told.about(cast), at=clock.now(), actor="system:test",
                  data=told.data_for(cast))  # fmt: skip
    for one in tellers():
        if told.type in one.types:
            one.heard(event)
    with acting_as(job()):
        notices = list(Notice.objects.filter(kind=code))
    assert notices, "nobody is told"
    people = {account.pk: (role, account) for role, account in cast.people.items()}
    answers = {people[one.account][0]: opened(people[one.account][1], one.link) for one in notices}
    assert set(answers.values()) == {200}, answers
    # who is told may switch it off, on the page of choices that offers it to these posts alone
    roles = kinds()[code].roles
    assert roles is None or all(cast.actor(role).has(*roles) for role in answers), answers


def opened(account: object, link: str) -> int:
    from django.test import Client

    return int(signed_in(Client(), account).get(link).status_code)  # type: ignore[arg-type]
