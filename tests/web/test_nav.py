"""The navigation as the desk shows it: own work first, then under headings, and one thing to begin in the head."""

from __future__ import annotations

from minqing.core.room import Group
from minqing.web.nav import HEADINGS, NavItem, grouped, mark_active


def entry(url: str, group: str = "own", *, starts: bool = False) -> NavItem:
    return NavItem(label=url, url=url, icon="house", group=group, starts=starts)


def test_every_group_of_the_rooms_has_its_heading() -> None:
    assert list(HEADINGS) == [group.value for group in Group]


def test_entries_stand_under_their_headings_and_empty_ones_are_left_out() -> None:
    items = [entry("/tools/", "tools"), entry("/"), entry("/new/", starts=True), entry("/records/", "records")]
    assert [(str(group.heading), [one.url for one in group.items]) for group in grouped(items)] == [
        ("", ["/"]),
        ("台账", ["/records/"]),
        ("工具", ["/tools/"]),
    ]


def test_an_entry_of_no_known_group_is_not_lost() -> None:
    assert [one.url for group in grouped([entry("/odd/", "odd")]) for one in group.items] == ["/odd/"]


def test_more_than_a_screen_holds_folds_but_for_the_own_the_records_and_where_one_is() -> None:
    few = [
        entry("/"),
        *(entry(f"/r/{n}/", "records") for n in range(5)),
        *(entry(f"/p/{n}/", "points") for n in range(6)),
    ]
    assert {group.folds for group in grouped(few)} == {False}
    many = mark_active([*few, *(entry(f"/t/{n}/", "tools") for n in range(5))], "/t/3/rest")
    assert [(group.folds, group.open) for group in grouped(many)] == [(False, False)] * 2 + [
        (True, False),
        (True, True),
    ]
