"""Pages of a list, and the partial that HTMX swaps."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory

from minqing.web.nav import NavItem, mark_active
from minqing.web.paging import LAST_PAGE, page_of, total_of
from tests.web.htmx_proof import assert_partial_equals_full


def asked(query: str) -> object:
    return RequestFactory().get(f"/rows/?{query}")


def test_pages_follow_each_other_without_a_count() -> None:
    rows = list(range(7))
    first, second, third = (page_of(rows, asked(f"page={number}"), size=3) for number in (1, 2, 3))  # type: ignore[arg-type]
    assert [list(first), list(second), list(third)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert [page.has_next for page in (first, second, third)] == [True, True, False]
    assert [page.has_previous for page in (first, second, third)] == [False, True, True]
    assert (second.first, second.last, len(third)) == (4, 6, 1)


@pytest.mark.parametrize("number", ["", "0", "-3", "x", "１", "9" * 5000, "1;DROP"])
def test_a_nonsense_number_does_not_break_the_page(number: str) -> None:
    page = page_of(range(10), asked(f"page={number}"), size=3)  # type: ignore[arg-type]
    assert 1 <= page.number <= LAST_PAGE


def test_links_keep_what_was_searched_for() -> None:
    page = page_of(range(10), asked("q=%E8%B7%AF%E7%81%AF&area=1&area=2&page=2"), size=3)  # type: ignore[arg-type]
    assert page.next_url == "?q=%E8%B7%AF%E7%81%AF&area=1&area=2&page=3"
    assert page.previous_url == "?q=%E8%B7%AF%E7%81%AF&area=1&area=2"


def test_the_first_page_without_parameters_is_the_bare_address() -> None:
    assert page_of(range(10), asked("page=2"), size=3).previous_url == "/rows/"  # type: ignore[arg-type]


def test_the_last_page_says_that_there_is_more() -> None:
    page = page_of(range(LAST_PAGE * 3 + 1), asked("page=99999"), size=3)  # type: ignore[arg-type]
    assert page.number == LAST_PAGE
    assert page.capped
    assert not page.has_next


@pytest.mark.usefixtures("gallery")
@pytest.mark.parametrize("query", ["", "?page=2", "?page=3"])
def test_the_swapped_list_is_the_one_of_the_full_page(client: Client, query: str) -> None:
    assert_partial_equals_full(client, f"/rows/{query}", "rows")


def test_the_longest_address_is_active() -> None:
    items = [NavItem(label=url, url=url, icon="house") for url in ("/", "/matters/", "/matters/overdue/")]
    assert [item.active for item in mark_active(items, "/matters/overdue/3/")] == [False, False, True]
    assert [item.active for item in mark_active(items, "/")] == [True, False, False]
    assert not any(item.active for item in mark_active(items, "/elsewhere/"))


class Counted(list[int]):
    """As a queryset counts what a slice of it leaves."""

    def order_by(self) -> Counted:
        return self

    def values(self, _field: str) -> Counted:
        return self

    def __getitem__(self, cut: Any) -> Any:
        return Counted(super().__getitem__(cut))

    def count(self, *_value: Any) -> int:
        return len(self)


@pytest.mark.parametrize(("rows", "said"), [(0, "0"), (3, "3"), (10, "10"), (11, "10+"), (99, "10+")])
def test_rows_are_counted_exactly_up_to_a_limit(rows: int, said: str) -> None:
    found = Counted(range(rows))
    assert str(total_of(found, page_of(found, asked(""), size=3), most=10)) == said  # type: ignore[arg-type]
