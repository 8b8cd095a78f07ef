"""Whatever the journal holds has a sentence, said by the room whose event it is."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from django.utils import translation

from minqing.audit.kinds import DEEDS
from minqing.config.rooms import rooms
from tests.architecture.tree import python_files, text

TYPE = re.compile(r'"((?:[a-z0-9_]+\.){2}[a-z_]+)"')
# three words with dots that are no events, names of files among them
OTHER = re.compile(r"^(minqing|django|template_partials|procrastinate|cn)\.|^partners\.inbound\.content$|\.(gz|conf)$")
MADE = re.compile(r'f"([a-z_]+\.[a-z_]+\.)\{')
KNOWN = {"what", "number", "unit", "person", "household", "page", "day", "list", "rows", "purpose", "channel"}


def in_code() -> set[str]:
    """Types that are written down in the code."""
    slots = {slot for room in rooms() for slot in room.slots}
    jobs = re.compile(r'(?:name|periodic_id|queueing_lock)="([a-z_.]+)"')
    sources = [text(path) for path in python_files() if path.name != "deeds.py" and "migrations" not in path.parts]
    found = {one for source in sources for one in TYPE.findall(source)}
    others = {one for source in sources for one in jobs.findall(source)}
    return {one for one in found - slots - others if not OTHER.search(one)}


def test_every_event_of_the_code_is_told_by_a_room() -> None:
    told = {one.type for one in DEEDS}
    # the mark of a plate and of a ticket are keyed by a word of that form
    missing = {one for one in in_code() - told if not one.endswith((".check", ".ticket"))}
    assert missing == set(), "add it to the room's deeds.py"


def test_of_types_that_are_put_together_some_are_told() -> None:
    told = {one.type for one in DEEDS}
    sources = "".join(text(path) for path in python_files())
    missing = {one for one in MADE.findall(sources) if not any(known.startswith(one) for known in told)}
    # what is counted against guessing, and the key of an address
    assert missing == {"rights.door.", "notify.token."}


def test_no_event_is_told_twice() -> None:
    types = [one.type for room in rooms() for one in room.deeds]
    assert len(types) == len(set(types))


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_a_sentence_names_only_what_the_record_knows(language: str) -> None:
    with translation.override(language):
        named = {name for one in DEEDS for _text, name, *_rest in Formatter().parse(str(one.told)) if name}
    assert named <= KNOWN
