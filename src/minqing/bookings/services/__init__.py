"""Writing of providers, their times, bookings, and who waits for one."""

from minqing.bookings.services.booking import book, load_terms
from minqing.bookings.services.following import follow_bookings, follow_home
from minqing.bookings.services.moves import (
    accept_booking,
    arrive_booking,
    call_off_booking,
    cancel_booking,
    confirm_booking,
    contradict_booking,
    decline_booking,
    doubt_booking,
    fail_booking,
    finish_booking,
    give_back_points,
    miss_booking,
    rate_booking,
    say_missed,
    say_not_come,
)
from minqing.bookings.services.providers import (
    add_hours,
    add_service,
    change_hands,
    close_provider,
    end_hours,
    end_service,
    open_provider,
    serve_instead,
)
from minqing.bookings.services.upkeep import pass_time
from minqing.bookings.services.waiting import join_waiting, leave_waiting

__all__ = [
    "accept_booking",
    "add_hours",
    "add_service",
    "arrive_booking",
    "book",
    "call_off_booking",
    "cancel_booking",
    "change_hands",
    "close_provider",
    "confirm_booking",
    "contradict_booking",
    "decline_booking",
    "doubt_booking",
    "end_hours",
    "end_service",
    "fail_booking",
    "finish_booking",
    "follow_bookings",
    "follow_home",
    "give_back_points",
    "join_waiting",
    "leave_waiting",
    "load_terms",
    "miss_booking",
    "open_provider",
    "pass_time",
    "rate_booking",
    "say_missed",
    "say_not_come",
    "serve_instead",
]
