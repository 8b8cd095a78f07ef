"""Days in order, and the spans that they are counted in."""

from __future__ import annotations

from datetime import date

from minqing.core.days import DAY, PIECE, pieces, span


def test_a_span_has_both_its_ends_and_a_span_that_ends_before_it_begins_has_no_day() -> None:
    assert span(date(2026, 2, 27), date(2026, 3, 1)) == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]
    assert span(date(2026, 3, 1), date(2026, 2, 28)) == []


def test_days_are_put_together_up_to_a_gap_and_to_the_length_of_a_piece() -> None:
    days = span(date(2026, 1, 1), date(2026, 1, 3)) + span(date(2026, 2, 1), date(2026, 2, 1) + PIECE * DAY)
    long = date(2026, 2, 1)
    assert pieces(days) == [
        (date(2026, 1, 1), date(2026, 1, 3)),
        (long, long + (PIECE - 1) * DAY),
        (long + PIECE * DAY, long + PIECE * DAY),
    ]
    assert pieces([]) == []
