"""Services booked for points: the resident's pages behind the code at the door, the staff's below /bookings/."""

from __future__ import annotations

from django.urls import path

from minqing.bookings.views import door, providers, staff

app_name = "bookings"
urlpatterns = [
    path("bookings/", staff.bookings, name="list"),
    path("bookings/new", staff.new, name="new"),
    path("bookings/waits/<uuid:wait_id>/leave", staff.leave, name="leave"),
    path("bookings/providers/", providers.providers, name="providers"),
    path("bookings/providers/new", providers.open_one, name="open_provider"),
    path("bookings/providers/<int:provider_id>/", providers.provider, name="provider"),
    path("bookings/providers/<int:provider_id>/services", providers.add_service, name="add_service"),
    path(
        "bookings/providers/<int:provider_id>/services/<uuid:service_id>/end", providers.end_service, name="end_service"
    ),
    path("bookings/providers/<int:provider_id>/hours", providers.add_hours, name="add_hours"),
    path("bookings/providers/<int:provider_id>/hours/<uuid:hours_id>/end", providers.end_hours, name="end_hours"),
    path("bookings/providers/<int:provider_id>/hands", providers.hands, name="hands"),
    path("bookings/providers/<int:provider_id>/close", providers.close, name="close"),
    path("bookings/providers/<int:provider_id>/day", providers.day, name="day"),
    path("bookings/providers/<int:provider_id>/earned", providers.earned, name="earned"),
    path("bookings/<uuid:booking_id>/", staff.detail, name="detail"),
    path("bookings/<uuid:booking_id>/rate", staff.rate, name="rate"),
    path("bookings/<uuid:booking_id>/<slug:verb>", staff.move, name="move"),
    path("h/<str:token>/bookings", door.own, name="own"),
    path("h/<str:token>/bookings/of/<uuid:booking_id>", door.booking, name="own_booking"),
    path("h/<str:token>/bookings/of/<uuid:booking_id>/<slug:verb>", door.move, name="own_move"),
    path("h/<str:token>/bookings/waits/<uuid:wait_id>", door.leave, name="own_leave"),
    path("h/<str:token>/bookings/<uuid:service_id>", door.times, name="times"),
]
