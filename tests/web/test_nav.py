"""The navigation as the desk shows it: own work first, then under headings, and one thing to begin in the head."""

from __future__ import annotations

from minqing.core.room import Group
from minqing.web.nav import HEADINGS, NavItem, grouped


def entry(url: str, group: str = "own", *, starts: bool = False) -> NavItem:
    return NavItem(label=url, url=url, icon="house", group=group, starts=starts)


def test_every_group_of_the_rooms_has_its_heading() -> None:
    assert list(HEADINGS) == [group.value for group in Group]


def test_entries_stand_under_their_headings_and_empty_ones_are_left_out() -> None:
    items = [entry("/tools/", "tools"), entry("/"), entry("/new/", starts=True), entry("/records/", "records")]
    assert [(str(heading), [one.url for one in some]) for heading, some in grouped(items)] == [
        ("", ["/"]),
        ("台账", ["/records/"]),
        ("工具", ["/tools/"]),
    ]


def test_an_entry_of_no_known_group_is_not_lost() -> None:
    assert [one.url for _heading, some in grouped([entry("/odd/", "odd")]) for one in some] == ["/odd/"]
