"""What the house's walks must know of a room stands in ``tests/<room>/matrix.py``, and is found by itself.

A closed set of names, each a mapping or a set, explained where the walk itself begins:

``LINES`` ``EXEMPT``       matrix.py          who gets what at each address; addresses that are not ours
``BY_OTHER_WAYS``          test_crawl.py      pages to which no link leads
``PLANTED``                test_crawl.py      what is laid out in the village ``own``, to be opened there
``EXEMPT_SPACES``          matrix.py          addresses under a name in common that are not ours
``MACHINES``               matrix.py          addresses that other systems call, with arguments
``ACTS`` ``WITHOUT_PAGE``  acts.py            each write with its rule and its page; writes that have none
``ASKING`` ``MOVING``      acts.py            forms that ask and write nothing; those of the moves of matters
``OF_LIVES``               test_acts.py       move of a life → its write
``OFFERS``                 test_offers.py     scenes in which everything that is offered is tried
``FOOTPRINT`` ``TRIES``    offers.py          what tells that something was done, beside events; forms that keep nothing
``TOLD_BY``                test_journalled.py writes of many rows, and the event that tells them
``LOCKED``                 test_locks.py      what locks or writes rows, and what keeps it in order
``UNPAIRED``               test_pairs.py      services that need no scene of two
``ALONE`` ``INSIDE``       test_powerless.py  what a service needs to be tried without a scene; those behind no page
``OWN`` ``ANOTHERS``       test_powerless.py  services that everybody calls for themselves; those for one's own things
``BY_TOKEN`` ``OPERATORS`` test_powerless.py  services behind a token; those of the operator, tried by the room itself
``OTHERWISE`` ``BY_SERVICE`` test_sent_once.py  services and forms with an id that are looked at in another way
``ADDS`` ``UNSEEN``        test_seen.py       forms that change nothing; buttons that carry no version
``NOTICES``                notices.py         kind of notice → the events that tell it, and what they are about
``DOWNLOADS``              test_downloads.py  a file: its module, how it is made, its names
``WALLESS``                tests/privacy/catalog.py  tables that hold something of people and have no wall
``CANARY``                 tests/privacy/canary.py  what places the made-up person in the room's own tables
``OWN_TEXTS``              tests/privacy/test_subjects.py  texts that name nobody but whose row it is
``UNERASED``               tests/privacy/test_subjects.py  table → personal fields that no request erases, and why
``CHECKED``                tests/privacy/test_catalog.py   column → a value that its check takes
``NO_MARKS``               test_no_ranking.py fields that are called like a mark and are none
``STILL`` ``SETS``         test_states.py     tables with a state that do not move; lines that look as if they set one
``CALLS_OUT``              test_outside.py    files that open a connection past the guard, and to where
``OF_OTHERS``              test_how_to.py    tests of it that look at what any other room adds
``AT_ONCE``                tests/core/test_indexes.py  migrations that add an index to a table before it had many rows
``STAFFED``                tests/org/test_holdings.py  key to a unit or a person → its hook, or why none
``FINDINGS``               tests/config/test_doctor.py  what the doctor looks at of it, by name

A room's ``matrix`` takes what it needs from ``matrix``, ``acts`` and ``offers`` of the house and from no test. Who
takes something of it reads the house's ``matrix`` first, which asks for it at its end.
"""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType
from typing import Any

from tests.architecture.tree import ROOT

NAMES = frozenset({
    "LINES", "EXEMPT", "BY_OTHER_WAYS", "ACTS", "WITHOUT_PAGE", "ASKING", "OFFERS", "TOLD_BY", "LOCKED", "UNPAIRED",
    "EXEMPT_SPACES", "PLANTED", "MACHINES", "MOVING", "OF_LIVES", "FOOTPRINT", "TRIES", "OWN", "ANOTHERS", "BY_TOKEN",
    "OPERATORS", "ALONE", "INSIDE", "OTHERWISE", "BY_SERVICE", "ADDS", "UNSEEN", "DOWNLOADS", "WALLESS",
    "NOTICES",
    "CANARY", "OWN_TEXTS", "UNERASED", "CHECKED", "NO_MARKS", "OF_OTHERS", "AT_ONCE", "STILL", "SETS", "CALLS_OUT",
    "FINDINGS", "STAFFED",
})  # fmt: skip


@cache
def modules() -> dict[str, ModuleType]:
    """Room → its ``matrix``. What these are made of is read first: it asks for them at its end."""
    for name in ("matrix", "acts"):
        importlib.import_module(f"tests.architecture.{name}")
    folders = sorted(path.parent.name for path in ROOT.glob("tests/*/matrix.py"))
    return {room: importlib.import_module(f"tests.{room}.matrix") for room in folders if room != "architecture"}


def brought(name: str) -> dict[Any, Any]:
    """What all rooms say under ``name``; of a set its members, with the room."""
    found: dict[Any, Any] = {}
    for room, module in modules().items():
        told = getattr(module, name, {})
        mapping = told if isinstance(told, dict) else dict.fromkeys(told, room)
        twice = found.keys() & mapping.keys()
        assert not twice, f"tests/{room}/matrix.py says {name} of {sorted(map(str, twice))} again"
        found |= mapping
    return found


def with_acts() -> list[str]:
    """The rooms whose writes and forms are compared with their rules, besides those that ``acts.py`` lists."""
    return [room for room, module in modules().items() if hasattr(module, "ACTS")]
