"""A county that came out of a backup is looked into before anybody trusts it: by a process of its own, on its data.

Run as ``python -m minqing.config.restored LOOK…`` with the settings of that county; it prints what it saw, each with
the seconds that it took. It writes nothing but the session of whoever it signs in, and that nobody has a password to
choose, on data that are thrown away.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Final
from uuid import UUID

from minqing.config.looking import JOURNAL, OPENED, SIGN_IN, Looks, Seen
from minqing.config.processes import Unfit
from minqing.config.words import _

# this machine's own name, which every county answers to
HOST: Final = "127.0.0.1"


def journal() -> tuple[bool, str]:
    """``minqing journal verify``: the first thing that is not as it was written, or how much was looked at."""
    from minqing.journal.verifying import Verdict, verify

    verdict = Verdict()
    wrong = next((str(one.sentence) for one in verify(verdict)), "")
    seen = _("{events} events in {seals} seals").format(events=verdict.events, seals=verdict.seals)
    return not wrong, wrong or seen


def sign_in_page() -> tuple[bool, str]:
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    answer = Client(headers={"host": HOST}).get(reverse(settings.LOGIN_URL), secure=True)
    well = answer.status_code == 200 and b"<form" in answer.content
    return well, _("served") if well else _("answered {status}").format(status=answer.status_code)


def pages_of_a_person() -> tuple[bool, str]:
    """What each room wants opened, as somebody who may: numbers are decrypted, walls let through what they must."""
    from minqing.config.rooms import rooms

    found = [shown for room in rooms() for one in room.proofs if (shown := one()) is not None]
    wrong = [status for account, address in found if (status := opened(account, address)) != 200]
    if wrong:
        return False, _("answered {status}").format(status=wrong[0])
    return True, _("{count} opened").format(count=len(found)) if found else _("nobody and nothing there yet")


def opened(account: UUID, address: str) -> int:
    from django.contrib.auth import get_user_model
    from django.test import Client

    person = get_user_model().objects.get(pk=account)
    if person.must_change_password:
        # who was given a start password and never signed in is led to another page first
        get_user_model().objects.filter(pk=account).update(must_change_password=False)
    client = Client(headers={"host": HOST})
    client.force_login(person)
    return client.get(address, secure=True).status_code


LOOKS: Final[dict[str, Callable[[], tuple[bool, str]]]] = {
    JOURNAL: journal, SIGN_IN: sign_in_page, OPENED: pages_of_a_person,
}  # fmt: skip


def main(names: Looks) -> None:
    from minqing.config.cli.base import ready
    from minqing.config.cli.database import bring_up_to_date
    from minqing.config.upgrade_checks import migrations_to_run

    ready()
    found = []
    # of former software: pages are of this one, and so are its tables, once it is looked into
    if migrations_to_run():
        bring_up_to_date(ours=True)
    for name in names:
        begun = time.monotonic()
        try:
            well, seen = LOOKS[name]()
        except Exception as error:  # whatever it is, it is what was to be found out
            well, seen = False, f"{type(error).__name__}: {error}".splitlines()[0][:200]
        found.append(asdict(Seen(name, well, seen, round(time.monotonic() - begun, 1))))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Unfit as unfit:
        # one line for whoever looks, who tells it
        sys.exit(str(unfit))
