"""One client of django-hordak: a process of its own, whose Django has hordak in it and nothing of this system.

``python -m minqing.points.benches.hordak_client HOST PORT USER DATABASE lay-out|run [SECONDS]``
"""

from __future__ import annotations

import random
import sys
import time
from typing import Any, Final

APPS: Final = ("django.contrib.contenttypes", "django.contrib.auth", "mptt", "djmoney", "hordak")
PEOPLE, SHOPS = 1_000, 100


def set_up(host: str, port: str, user: str, name: str) -> None:
    import django
    from django.conf import settings

    engine = "django.db.backends.postgresql"
    place = {"HOST": host, "PORT": port, "USER": user, "NAME": name}
    settings.configure(
        DATABASES={"default": {"ENGINE": engine, **place}},
        INSTALLED_APPS=APPS,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DEFAULT_CURRENCY="EUR",
        CURRENCIES=["EUR"],
        HORDAK_INTERNAL_CURRENCY="EUR",
        USE_TZ=True,
    )
    django.setup()


def lay_out() -> None:
    from django.core.management import call_command
    from hordak.models import Account, AccountType

    call_command("migrate", verbosity=0)
    for number in range(PEOPLE):
        Account.objects.create(name=f"person {number}", type=AccountType.liability, currencies=["EUR"])
    for number in range(SHOPS):
        Account.objects.create(name=f"shop {number}", type=AccountType.liability, currencies=["EUR"])


def transfer(seconds: float) -> int:
    """So many were made by one client."""
    from hordak.models import Account
    from moneyed import Money

    people = [*Account.objects.filter(name__startswith="person")]
    shops = [*Account.objects.filter(name__startswith="shop")]
    one: Any = Money(1, "EUR")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    dice = random.Random()  # noqa: S311
    end, done = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        dice.choice(people).transfer_to(dice.choice(shops), one)
        done += 1
    return done


if __name__ == "__main__":
    set_up(*sys.argv[1:5])
    if sys.argv[5] == "lay-out":
        lay_out()
    else:
        sys.stdout.write(f"{transfer(float(sys.argv[6]))}\n")
        sys.stdout.flush()
